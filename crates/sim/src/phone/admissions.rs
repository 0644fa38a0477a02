//! What a device shows to those who do not know it: who let it in.

use copact_core::act::Act;
use copact_core::codec;
use copact_core::envelope::Verified;
use copact_core::keys::DeviceKey;
use copact_core::ledger::{Ledger, Placed};
use copact_sync::limits;

use super::Phone;

impl Phone {
    /// The acts that lead from a first member to this device, the newest last.
    #[must_use]
    pub fn shown_admissions(&self) -> Vec<Vec<u8>> {
        let Some(ledger) = &self.memory.ledger else { return self.admissions.clone() };
        let chain = admissions(ledger, self.key);
        if chain.is_empty() { self.admissions.clone() } else { chain }
    }
}

/// The acts that lead from a first member to a device, the newest last.
#[must_use]
pub fn admissions(ledger: &Ledger, mut device: DeviceKey) -> Vec<Vec<u8>> {
    let mut chain = Vec::new();
    while chain.len() < limits::ADMISSIONS
        && let Some(act) = brought_in(ledger, &device)
    {
        device = act.header().chain.device;
        chain.push(codec::encode(&act.wire()));
    }
    chain.reverse();
    chain
}

/// The first act, in canonical order, that let a device in.
fn brought_in<'a>(ledger: &'a Ledger, device: &DeviceKey) -> Option<&'a Verified> {
    let brings = |at: &&Placed| match at.act() {
        Some(Act::Admit { device: new, .. } | Act::AddDevice { device: new }) => {
            at.void().is_none() && new.device == *device
        }
        _ => false,
    };
    let places = ledger.envelopes().filter(|(_, at)| brings(at)).map(|(place, _)| place);
    let first = places.min_by_key(|place| ledger.canonical(*place))?;
    ledger.at(first).map(Placed::envelope)
}
