//! Whose device is whose, and whether it was brought in (rules 2 and 6).

use std::collections::BTreeSet;

use super::{PersonIx, Place, Standing};
use crate::keys::{BoxKey, DeviceKey};

impl Standing<'_> {
    /// The person whose device this is (rule 2). An admission is stronger than being added by
    /// somebody else: who adds another's device cannot take it from them.
    #[must_use]
    pub fn of_device(&self, device: &DeviceKey) -> Option<PersonIx> {
        if let Some(ix) = self.ledger.people.introduced_with(device)
            && !self.introductions(ix).is_empty()
        {
            return Some(ix);
        }
        let recovered = self.ledger.effects.recovered.get(device).into_iter().flatten();
        let mut recovered = recovered.filter(|(id, _)| self.in_effect(*id));
        if let Some((_, person)) = recovered.next() {
            return Some(*person);
        }
        let mut added = self.ledger.people.added(device).iter();
        added.find(|(place, _)| self.contains(*place)).map(|(_, person)| *person)
    }

    /// Whether a device was brought in, so that what it writes can count (rule 6): a search back
    /// to the founding.
    #[must_use]
    pub fn is_device_brought_in(&self, device: &DeviceKey) -> bool {
        if let Some(known) = self.brought_in.borrow().get(device) {
            return *known;
        }
        let (mut seen, mut next) = (BTreeSet::from([*device]), vec![*device]);
        let mut found = false;
        while let Some(one) = next.pop() {
            let Some(owner) = self.of_device(&one) else { continue };
            let Some(acts) = self.bringing(&one, owner) else {
                found = true;
                break;
            };
            next.extend(acts.into_iter().filter(|sponsor| seen.insert(*sponsor)));
        }
        self.brought_in.borrow_mut().insert(*device, found);
        found
    }

    /// The devices that wrote the acts, not cut, that bring a device to its owner; `None` if it
    /// needs none: a founder's, or one that a recovery names.
    fn bringing(&self, device: &DeviceKey, owner: PersonIx) -> Option<Vec<DeviceKey>> {
        let recovered = self.ledger.effects.recovered.get(device).into_iter().flatten();
        let mut recovered = recovered.filter(|(_, whose)| *whose == owner);
        if recovered.any(|(id, _)| self.in_effect(*id)) {
            return None;
        }
        let mut acts: Vec<Place> = Vec::new();
        if self.ledger.people.introduced_with(device) == Some(owner) {
            acts.extend(self.introductions(owner).iter().map(|one| one.act));
        }
        if acts.contains(&self.ledger.founding()) {
            return None;
        }
        let added = self.ledger.people.added(device).iter();
        let added = added.filter(|(act, whose)| *whose == owner && self.contains(*act));
        acts.extend(added.map(|(act, _)| *act));
        Some(acts.into_iter().filter_map(|act| self.uncut_author(act)).collect())
    }

    /// The device that wrote an act, if the act is not cut.
    pub(super) fn uncut_author(&self, act: Place) -> Option<DeviceKey> {
        let device = self.device(act)?;
        let cut = self.of_device(&device).and_then(|owner| self.cut(act, &device, owner));
        cut.is_none().then_some(device)
    }

    /// A person's devices with what brought each in first: all that write for them, lost ones not.
    #[must_use]
    pub fn devices(&self, person: PersonIx) -> Vec<(DeviceKey, BoxKey, Place)> {
        let who = self.ledger.person(person);
        let by_acts = who.map(|one| one.devices.as_slice()).unwrap_or_default().iter();
        let by_acts = by_acts.map(|(act, device, box_key)| (*device, *box_key, *act));
        let recoveries = self.ledger.effects.recoveries.get(&person).into_iter().flatten();
        let recovered = recoveries.filter(|one| self.in_effect(one.proposal)).filter_map(|one| {
            let (device, box_key) = one.device?;
            let enacts = self.ledger.enacts(one.proposal).iter().map(|one| one.enact);
            let first = enacts.filter(|enact| self.contains(*enact));
            Some((device, box_key, first.min_by_key(|enact| self.ledger.canonical(*enact))?))
        });
        let all: Vec<_> = by_acts.chain(recovered).collect();
        let mut seen = BTreeSet::new();
        all.into_iter()
            .filter(|(device, ..)| {
                self.of_device(device) == Some(person)
                    && self.is_device_brought_in(device)
                    && !self.is_ended(device, person)
            })
            .filter(|(device, ..)| seen.insert(*device))
            .collect()
    }
}
