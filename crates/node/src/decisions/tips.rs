//! The envelopes that a removal, a recovery or the closing of a quarter names.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::ids::EnvelopeId;
use copact_core::keys::DeviceKey;
use copact_core::ledger::{PersonIx, Place};
use copact_core::limits;
use copact_core::proposal::{Matter, Named};

use crate::error::{NodeError, Result};
use crate::group::Group;

impl Group {
    /// The last envelopes of each of a member's devices that this device knows, over all their
    /// chains; of a device that wrote nothing, what brought it in.
    pub(super) fn tips_of(&mut self, person: PersonIx) -> Result<Named> {
        let mut tips: Vec<EnvelopeId> = Vec::new();
        for (device, act) in self.every_device(person) {
            let chains = self.ledger().frontier().chains().iter();
            let of_device = chains.filter(|(chain, _)| chain.device == device);
            let before = tips.len();
            tips.extend(of_device.flat_map(|(_, ends)| ends).map(|tip| tip.id));
            if tips.len() == before {
                tips.extend(self.ledger().at(act).map(|at| at.id()));
            }
        }
        self.named(tips)
    }

    /// All that this device knows.
    pub(super) fn heads(&mut self) -> Result<Named> {
        let heads = self.ledger().heads().filter_map(|place| self.ledger().at(place));
        let heads: Vec<EnvelopeId> = heads.map(|at| at.id()).collect();
        self.named(heads)
    }

    /// A proposal names so many envelopes at most. Who must name more writes a Link that builds on
    /// all of them, and names that.
    fn named(&mut self, envelopes: Vec<EnvelopeId>) -> Result<Named> {
        if let Some(named) = Named::new(envelopes.clone()) {
            return Ok(named);
        }
        let link = self.write_act(Act::Link, &envelopes)?;
        Named::new(vec![link]).ok_or_else(|| {
            NodeError::failed(
                "too_many",
                format_args!("a proposal names {} at most", limits::NAMED),
            )
        })
    }

    /// Every device that is or was a member's, lost ones too, with what brought it in.
    fn every_device(&self, person: PersonIx) -> Vec<(DeviceKey, Place)> {
        let ledger = self.ledger();
        let now = ledger.now();
        let who = ledger.person(person).map(|one| one.devices.as_slice()).unwrap_or_default();
        let mut devices: Vec<(DeviceKey, Place)> =
            who.iter().map(|(act, device, _)| (*device, *act)).collect();
        for id in ledger.proposals() {
            if let Some(Matter::Recover { member, device: Some(device), .. }) =
                ledger.proposal(id).map(|one| &one.matter)
                && ledger.person_with_id(*member) == Some(person)
                && let Some(enact) = ledger.enacted_by(id).first()
            {
                devices.push((device.device, *enact));
            }
        }
        let mut seen = BTreeSet::new();
        devices.retain(|(device, _)| now.of_device(device) == Some(person) && seen.insert(*device));
        devices
    }
}
