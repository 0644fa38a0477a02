//! Voice: whose word counts in common decisions (rule 9).

use std::collections::BTreeSet;

use super::{Closed, PersonIx, Place, Standing};
use crate::ids::ProposalId;
use crate::keys::DeviceKey;

impl Standing<'_> {
    /// Whether a decision to give the person voice is in effect, whether it has started or not.
    #[must_use]
    pub fn is_given_voice(&self, person: PersonIx) -> bool {
        !self.given_voice(person).is_empty()
    }

    /// The proposals that give a person voice, of those in effect.
    #[must_use]
    pub fn given_voice(&self, person: PersonIx) -> Vec<ProposalId> {
        let all = self.ledger.effects.voices.get(&person).into_iter().flatten();
        all.copied().filter(|id| self.in_effect(*id)).collect()
    }

    /// Whether a person's word counts in common decisions. Of merged members, whether one of them
    /// has it who is neither removed nor gone.
    #[must_use]
    pub fn has_voice(&self, person: PersonIx) -> bool {
        match self.voices.get() {
            Some(voices) => voices.contains(&self.goes_by(person)),
            None => self.parts(person).into_iter().any(|part| self.has_part_voice(part)),
        }
    }

    /// How many have voice.
    #[must_use]
    pub fn voices(&self) -> usize {
        self.with_voice().len()
    }

    /// Who has voice, merged members as the one they go by.
    pub(in crate::ledger) fn with_voice(&self) -> &BTreeSet<PersonIx> {
        self.voices.get_or_init(|| {
            let all = self.ledger.can_have_voice();
            all.into_iter()
                .filter(|ix| self.has_part_voice(*ix))
                .map(|ix| self.goes_by(ix))
                .collect()
        })
    }

    /// The same of one of those who were merged, for itself.
    #[must_use]
    pub fn has_part_voice(&self, part: PersonIx) -> bool {
        (self.is_first_member(part) || self.has_started(part)) && self.is_part_member(part)
    }

    /// Whether a person founded the group, alone or with others.
    #[must_use]
    pub fn is_first_member(&self, person: PersonIx) -> bool {
        let founding = self.ledger.founding();
        let who = self.ledger.person(person);
        self.contains(founding)
            && who.is_some_and(|who| who.introductions.iter().any(|one| one.act == founding))
    }

    /// Whether the voice that the group gave has started: more than half of those who had voice
    /// then have seen it.
    fn has_started(&self, person: PersonIx) -> bool {
        let given = self.given_voice(person).into_iter();
        let mut enacts = given.flat_map(|id| self.ledger.enacts(id));
        enacts.any(|one| self.contains(one.enact) && self.is_seen(one.enact, &one.voices))
    }

    /// Whether more than half of some voices wrote an Enact or have one of their envelopes that
    /// stand after it.
    fn is_seen(&self, enact: Place, voices: &[Vec<PersonIx>]) -> bool {
        if self.ledger.consent.started_before(self.ledger, enact, self.closed) {
            return true;
        }
        let need = voices.len() / 2 + 1;
        let mut seen = voices.iter().filter(|parts| self.has_seen(enact, parts));
        let started = seen.by_ref().take(need).count() == need;
        if started && self.closed == Closed::All {
            self.ledger.consent.remember_now(enact);
        } else if started {
            self.started.borrow_mut().insert(enact);
        }
        started
    }

    /// The Enacts of voice decisions that were found to have started here, the long way.
    pub(in crate::ledger) fn into_started(self) -> BTreeSet<Place> {
        self.started.into_inner()
    }

    pub(in crate::ledger) fn has_seen(&self, enact: Place, parts: &[PersonIx]) -> bool {
        parts.iter().any(|part| {
            let who = self.ledger.person(*part);
            let devices = who.map(|one| one.devices.as_slice()).unwrap_or_default().iter();
            let recoveries = self.ledger.effects.recoveries.get(part).into_iter().flatten();
            let devices = devices.map(|(_, device, _)| *device);
            let devices = devices.chain(recoveries.filter_map(|one| Some(one.device?.0)));
            let devices: BTreeSet<DeviceKey> = devices.collect();
            devices.into_iter().any(|device| {
                self.of_device(&device) == Some(*part) && self.has_device_seen(enact, &device)
            })
        })
    }

    /// Along one strand, what stands in the set is a beginning of it (but for what was restored),
    /// and so is what has not seen the Enact: the first that has seen it tells.
    fn has_device_seen(&self, enact: Place, device: &DeviceKey) -> bool {
        let after = |place: &Place| self.ledger.at_or_before(enact, *place);
        let counts = |place: Place| self.contains(place) && self.stands(place).is_ok();
        let strands = self.ledger.people.strands.get(device).into_iter().flatten();
        let mut firsts = strands.filter_map(|strand| {
            let all = self.ledger.strand(*strand);
            all.get(all.partition_point(|place| !after(place))).copied()
        });
        let restored = self.ledger.effects.restores.keys();
        let mut restored = restored
            .filter_map(|id| self.ledger.place_of(*id))
            .filter(|place| self.device(*place) == Some(*device) && after(place));
        firsts.any(counts) || restored.any(counts)
    }
}
