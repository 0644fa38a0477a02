//! What removals and recoveries set aside (rule 4).

use super::{PersonIx, Place, SetAside, Standing};
use crate::keys::DeviceKey;
use crate::ledger::Placed;
use crate::ledger::effects::Ending;

impl Standing<'_> {
    /// Why an envelope of a person's device is cut, if it is (rule 4).
    pub(super) fn cut(
        &self,
        place: Place,
        device: &DeviceKey,
        person: PersonIx,
    ) -> Option<SetAside> {
        let effects = &self.ledger.effects;
        let beyond =
            |one: &Ending| !one.tips.iter().any(|tip| self.ledger.at_or_before(place, *tip));
        let removals = effects.removals.get(&person).map(Vec::as_slice).unwrap_or_default();
        let removed = removals.iter().any(|one| beyond(one) && self.in_effect(one.proposal));
        let recoveries = effects.recoveries.get(&person).map(Vec::as_slice).unwrap_or_default();
        let recovered = || {
            recoveries.iter().any(|one| {
                beyond(one) && self.in_effect(one.proposal) && self.ends(one, device, person)
            })
        };
        let why = if removed {
            SetAside::Removed
        } else if recovered() {
            SetAside::Recovered
        } else {
            return None;
        };
        (!self.is_restored(place)).then_some(why)
    }

    pub(super) fn is_restored(&self, place: Place) -> bool {
        let id = self.ledger.at(place).map(Placed::id);
        let restores = id.and_then(|id| self.ledger.effects.restores.get(&id));
        restores.into_iter().flatten().any(|one| self.in_effect(*one))
    }

    /// Whether a recovery ends a device: it was brought to the person at or before the tips.
    fn ends(&self, recovery: &Ending, device: &DeviceKey, person: PersonIx) -> bool {
        if recovery.device.is_some_and(|(named, _)| named == *device) {
            return false;
        }
        let by_tips = |act: Place| {
            self.contains(act)
                && recovery.tips.iter().any(|tip| self.ledger.at_or_before(act, *tip))
        };
        let who = self.ledger.person(person);
        let devices = who.map(|one| one.devices.as_slice()).unwrap_or_default();
        let mut acts = devices.iter().filter(|(_, one, _)| one == device).map(|(act, ..)| *act);
        let others = self.ledger.effects.recovered.get(device).into_iter().flatten();
        let mut others = others.filter(|(_, whose)| *whose == person);
        acts.any(by_tips)
            || others.any(|(id, _)| self.ledger.enacts(*id).iter().any(|one| by_tips(one.enact)))
    }

    /// Whether a recovery in effect ended a device.
    #[must_use]
    pub fn is_ended(&self, device: &DeviceKey, person: PersonIx) -> bool {
        let recoveries = self.ledger.effects.recoveries.get(&person).into_iter().flatten();
        let mut recoveries = recoveries.filter(|one| self.in_effect(one.proposal));
        recoveries.any(|one| self.ends(one, device, person))
    }
}
