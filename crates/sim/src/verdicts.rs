//! One memory of verdicts for all devices of a run: an envelope's signature is verified once.

use std::collections::BTreeMap;

use copact_core::envelope::{EnvelopeError, Signed, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::keys::SignatureBytes;
use copact_core::profile::Profile;
use copact_sync::exchange::Verifier;

/// What was verified before, and how often anybody asked.
#[derive(Debug, Default)]
pub struct Verdicts {
    envelopes: BTreeMap<EnvelopeId, Result<Verified, EnvelopeError>>,
    profiles: BTreeMap<SignatureBytes, Vec<(Profile, bool)>>,
    asked: u64,
}

impl Verdicts {
    /// How many verifications the devices would have made.
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.asked
    }

    /// Whether a profile record is in order.
    pub fn is_in_order(&mut self, profile: &Profile) -> bool {
        let known = self.profiles.entry(profile.signature).or_default();
        if let Some((_, verdict)) = known.iter().find(|(one, _)| one == profile) {
            return *verdict;
        }
        let verdict = profile.check().is_ok();
        known.push((profile.clone(), verdict));
        verdict
    }
}

impl Verifier for Verdicts {
    fn verify(&mut self, signed: Signed) -> Result<Verified, EnvelopeError> {
        self.asked += 1;
        // The id is of header and signature, and the header names the body: all of it.
        self.envelopes.entry(signed.id()).or_insert_with(|| signed.verify()).clone()
    }
}
