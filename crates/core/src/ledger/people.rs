//! Who was brought in, by which act, with which devices.
//!
//! An act brings somebody in if its author stood in the act's own past: that is final, so these
//! indexes only grow. Which of them are in a given closed set is [`super::Standing`]'s to say.

use std::collections::BTreeMap;

use super::{Closed, Ledger, Place};
use crate::act::{Act, Role};
use crate::day::Day;
use crate::ids::MemberId;
use crate::keys::{BoxKey, DeviceKey, Purpose};

/// A person in this ledger: an index that is a device's own affair, like [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonIx(usize);

/// One person: all admissions of one device, or one Assist. The lists are in canonical order, so
/// that what comes first in them does not depend on what arrived first.
#[derive(Clone, Debug)]
pub struct Person {
    /// The acts that brought them in, each with the member id it gave and the role it said.
    pub introductions: Vec<(Place, MemberId, Role)>,
    /// Set for a person without a device.
    pub assisted: Option<Assisted>,
    /// Devices, with the act that brought each in and its box key.
    pub devices: Vec<(Place, DeviceKey, BoxKey)>,
    /// Their Leave acts.
    pub leaves: Vec<Place>,
    /// Their Role acts, also those that a helper made.
    pub roles: Vec<(Place, Role)>,
}

/// A person without a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assisted {
    /// Who signs for them.
    pub helper: PersonIx,
    /// For people taken over from an attendance list: its first day.
    pub imported: Option<Day>,
}

/// Everybody who was ever brought in.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) all: Vec<Person>,
    members: BTreeMap<MemberId, PersonIx>,
    /// Devices that founded or were admitted: each is one person.
    primary: BTreeMap<DeviceKey, PersonIx>,
    /// Devices that a member added.
    added: BTreeMap<DeviceKey, Vec<(Place, PersonIx)>>,
    /// By sponsor, as judged in each act's past: whom they brought in, by which acts.
    brought: BTreeMap<PersonIx, BTreeMap<PersonIx, Vec<Place>>>,
}

impl Ledger {
    /// Everybody who was ever brought in.
    pub fn everybody(&self) -> impl Iterator<Item = (PersonIx, &Person)> {
        (0..).map(PersonIx).zip(&self.people.all)
    }

    /// The person with that index.
    #[must_use]
    pub fn person(&self, person: PersonIx) -> Option<&Person> {
        self.people.all.get(person.0)
    }

    /// The person with that member id, any of the ids they were given.
    #[must_use]
    pub fn person_with_id(&self, member: MemberId) -> Option<PersonIx> {
        self.people.members.get(&member).copied()
    }

    /// Whose device this is in a closed set. An admission is stronger than being added by somebody
    /// else: who adds another's device cannot take it from them.
    pub(super) fn person_of_device(&self, device: &DeviceKey, closed: Closed) -> Option<PersonIx> {
        if let Some(ix) = self.people.primary.get(device)
            && let Some(person) = self.person(*ix)
            && person.introductions.iter().any(|(place, ..)| self.contains(closed, *place))
        {
            return Some(*ix);
        }
        let added = self.people.added.get(device)?;
        let first = added.iter().find(|(place, _)| self.contains(closed, *place));
        first.map(|(_, ix)| *ix)
    }

    /// The person who wrote the envelope at `place`, judged from its past alone, if they stood
    /// there.
    pub(super) fn author_in_past(&self, place: Place) -> Option<PersonIx> {
        let device = self.at(place)?.envelope.header().chain.device;
        let author = self.person_of_device(&device, Closed::Past(place))?;
        let gone = self.person(author)?.leaves.iter().any(|leave| self.in_past(*leave, place));
        (!gone).then_some(author)
    }

    /// How many people the sponsor of the act at `place` had brought in before it.
    pub(super) fn brought_before(&self, place: Place, sponsor: PersonIx) -> usize {
        let Some(brought) = self.people.brought.get(&sponsor) else { return 0 };
        if brought.len() < crate::limits::SPONSORED {
            return brought.len();
        }
        let before = |acts: &&Vec<Place>| acts.iter().any(|act| self.in_past(*act, place));
        brought.values().filter(before).count()
    }

    /// Where an act belongs in a list in canonical order.
    fn slot<T>(&self, list: &[T], act: impl Fn(&T) -> Place, place: Place) -> usize {
        let key = self.canonical(place);
        list.partition_point(|one| self.canonical(act(one)) < key)
    }

    /// Enters what an act says about people. The act is not void.
    pub(super) fn note_introduction(&mut self, place: Place, act: &Act) {
        let Some(id) = self.at(place).map(super::Placed::id) else { return };
        match act {
            Act::Found(found) => {
                for (number, first) in (0_u8..).zip(&found.members) {
                    let member = MemberId::first(id, number);
                    let device = &first.device;
                    self.bring_in(place, member, &first.role, (device.device, device.box_key));
                }
            }
            Act::Admit { device, role } => {
                let member = MemberId::brought_in_by(id);
                self.bring_in(place, member, role, (device.device, device.box_key));
            }
            Act::Assist { helper, role, imported, .. } => {
                let Some(helper) = self.person_with_id(*helper) else { return };
                let member = MemberId::brought_in_by(id);
                let ix = self.add_person(Some(Assisted { helper, imported: *imported }));
                self.introduce(ix, place, member, role);
            }
            Act::AddDevice { device } => {
                let Some(author) = self.author_in_past(place) else { return };
                let added = self.people.added.get(&device.device);
                let added = added.map(Vec::as_slice).unwrap_or_default();
                let slot = self.slot(added, |one| one.0, place);
                self.people.added.entry(device.device).or_default().insert(slot, (place, author));
                self.note_device(author, (place, device.device, device.box_key));
            }
            Act::Leave => {
                let Some(author) = self.author_in_past(place) else { return };
                let Some(person) = self.person(author) else { return };
                let slot = self.slot(&person.leaves, |one| *one, place);
                if let Some(person) = self.people.all.get_mut(author.0) {
                    person.leaves.insert(slot, place);
                }
            }
            Act::Role { role, on_behalf_of } => {
                let whose = match on_behalf_of {
                    Some(member) => self.person_with_id(*member),
                    None => self.author_in_past(place),
                };
                let Some((ix, person)) = whose.and_then(|ix| Some((ix, self.person(ix)?))) else {
                    return;
                };
                let slot = self.slot(&person.roles, |one| one.0, place);
                if let Some(person) = self.people.all.get_mut(ix.0) {
                    person.roles.insert(slot, (place, role.clone()));
                }
            }
            _ => {}
        }
    }

    fn bring_in(
        &mut self,
        place: Place,
        member: MemberId,
        role: &Role,
        (device, box_key): (DeviceKey, BoxKey),
    ) {
        let ix = match self.people.primary.get(&device) {
            Some(ix) => *ix,
            None => self.add_person(None),
        };
        self.people.primary.insert(device, ix);
        self.introduce(ix, place, member, role);
        self.note_device(ix, (place, device, box_key));
    }

    fn add_person(&mut self, assisted: Option<Assisted>) -> PersonIx {
        let ix = PersonIx(self.people.all.len());
        let (introductions, devices) = (Vec::new(), Vec::new());
        let (leaves, roles) = (Vec::new(), Vec::new());
        self.people.all.push(Person { introductions, assisted, devices, leaves, roles });
        ix
    }

    fn introduce(&mut self, ix: PersonIx, place: Place, member: MemberId, role: &Role) {
        self.people.members.insert(member, ix);
        if let Some(sponsor) = self.author_in_past(place) {
            let brought = self.people.brought.entry(sponsor).or_default();
            brought.entry(ix).or_default().push(place);
        }
        let Some(person) = self.person(ix) else { return };
        let slot = self.slot(&person.introductions, |one| one.0, place);
        if let Some(person) = self.people.all.get_mut(ix.0) {
            person.introductions.insert(slot, (place, member, role.clone()));
        }
    }

    fn note_device(&mut self, ix: PersonIx, device: (Place, DeviceKey, BoxKey)) {
        let Some(person) = self.person(ix) else { return };
        let slot = self.slot(&person.devices, |one| one.0, device.0);
        if let Some(person) = self.people.all.get_mut(ix.0) {
            person.devices.insert(slot, device);
        }
    }

    /// Whether the device consented to belong to the author's member, under any id of theirs that
    /// an act in the past gave: what else arrived says nothing about this act.
    pub(super) fn consented_to_join(&self, place: Place, device: &crate::act::NewDevice) -> bool {
        let author = self.author_in_past(place).and_then(|ix| self.person(ix));
        author.is_some_and(|person| {
            let mut known = person.introductions.iter().filter(|one| self.in_past(one.0, place));
            known.any(|(_, member, _)| {
                device.check(Purpose::Device, Some(*member.as_bytes()), None).is_ok()
            })
        })
    }
}
