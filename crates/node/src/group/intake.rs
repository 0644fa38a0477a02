//! Taking in what came from elsewhere.

use copact_core::envelope::Verified;
use copact_core::ids::Incarnation;
use copact_core::ledger::RefusedEnvelope;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use serde::Serialize;

use super::Group;
use crate::error::{NodeError, Result};
use crate::home::random;

/// What was new in what came from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakenIn {
    /// New envelopes.
    pub envelopes: usize,
    /// New texts.
    pub texts: usize,
    /// New profile records.
    pub profiles: usize,
    /// Envelopes that no device takes in.
    pub refused: usize,
    /// Whether a copy of this home wrote some of them.
    pub copied_home: bool,
}

impl Group {
    /// Takes envelopes, texts and profiles in that came from elsewhere. All or nothing:
    /// [`Group::save`] makes it last.
    ///
    /// # Errors
    /// An envelope belongs elsewhere, or its ancestors are missing.
    pub(crate) fn take_in(
        &mut self,
        envelopes: Vec<Verified>,
        texts: Vec<SideText>,
        profiles: Vec<Profile>,
    ) -> Result<TakenIn> {
        let me = self.secrets.device.public();
        let before = self.ledger.len();
        let mut taken = TakenIn::default();
        for envelope in envelopes {
            let id = envelope.id();
            if self.ledger.get(id).is_some() {
                continue;
            }
            match self.ledger.insert(envelope) {
                Ok(_) => {}
                Err(error @ RefusedEnvelope::OtherGroup) => return Err(error.into()),
                // What breaks its chain is refused on every device alike; the rest is taken in.
                Err(_) => taken.refused += 1,
            }
        }
        if self.ledger.waiting() > 0 {
            return Err(missing_ancestors(self.ledger.waiting()));
        }
        let mut continued = false;
        // In the order in which they were placed: the store keeps ancestors first.
        for (_, placed) in self.ledger.since(before) {
            self.batch.add_envelope(placed.envelope().clone());
            self.written.push(placed.id());
            taken.envelopes += 1;
            let chain = placed.envelope().header().chain;
            taken.copied_home |= chain.device == me;
            continued |=
                chain.device == me && self.incarnation.is_none_or(|mine| mine == chain.incarnation);
        }
        // Somebody shows envelopes of this very chain that are not here: a copy of this home went
        // on in it. From now on this one writes in another, also after it was closed.
        if continued {
            self.begin_chain(Incarnation::from_bytes(random()?));
        }
        self.take_texts(texts, &mut taken);
        self.take_profiles(profiles, &mut taken);
        Ok(taken)
    }

    fn take_texts(&mut self, texts: Vec<SideText>, taken: &mut TakenIn) {
        if texts.is_empty() {
            return;
        }
        self.look_for_texts();
        for side in texts {
            if self.wanted.take(&side.hash()) {
                self.batch.add_text(&side);
                self.texts.insert(side.hash(), side);
                taken.texts += 1;
            }
        }
    }

    fn take_profiles(&mut self, profiles: Vec<Profile>, taken: &mut TakenIn) {
        for profile in profiles {
            let known = self.profiles.contains(&profile);
            let in_order = profile.check().is_ok();
            if !known && in_order && self.ledger.profile_lives(&self.ledger.now(), &profile) {
                self.batch.add_profile(&profile);
                self.profiles.push(profile);
                taken.profiles += 1;
            }
        }
    }
}

/// What builds on envelopes that neither the bundle nor this device has.
pub(super) fn missing_ancestors(count: usize) -> NodeError {
    let what = match count {
        1 => "1 envelope of this bundle builds".to_owned(),
        count => format!("{count} envelopes of this bundle build"),
    };
    NodeError::input("missing_ancestors", format_args!("{what} on others that are not here"))
        .hint("ask for a full bundle (without --since) and import that")
}
