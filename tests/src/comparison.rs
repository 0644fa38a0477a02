//! The ledger, which knows more with each envelope, beside the reference, which judges a whole set.

use std::collections::BTreeSet;

use copact_core::envelope::Verified;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::{Ledger, Void};

use crate::reference::{Judged, judge};

/// What the reference says about the envelopes of a ledger.
#[must_use]
pub fn judged(ledger: &Ledger) -> Judged {
    let envelopes: Vec<Verified> =
        ledger.envelopes().map(|(_, placed)| placed.envelope().clone()).collect();
    judge(&envelopes, &void_otherwise(ledger))
}

/// The envelopes that are void for what is not about standing.
fn void_otherwise(ledger: &Ledger) -> BTreeSet<EnvelopeId> {
    let void = ledger.envelopes().filter(|(_, placed)| {
        matches!(placed.void(), Some(Void::Change(_) | Void::WrongKind | Void::NotInPast))
    });
    void.map(|(_, placed)| placed.id()).collect()
}
