//! Who was brought in, by which act, with which devices.
//!
//! These indexes only grow. Which of the acts work in a given closed set, and whether they count
//! there, is [`super::Standing`]'s to say.

use std::collections::{BTreeMap, BTreeSet};

use super::{Closed, Ledger, Place};
use crate::act::{Act, NewDevice, Role};
use crate::day::Day;
use crate::ids::MemberId;
use crate::keys::{BoxKey, DeviceKey, Purpose};

/// A person in this ledger: an index that is a device's own affair, like [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonIx(usize);

/// One person: all admissions of one device, or one Assist. The lists are in canonical order, so
/// that what comes first in them does not depend on what arrived first.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The acts that brought them in.
    pub introductions: Vec<Introduction>,
    /// Set for a person without a device.
    pub assisted: Option<Assisted>,
    /// Devices, with the act that brought each in and its box key; not those of a recovery.
    pub devices: Vec<(Place, DeviceKey, BoxKey)>,
    /// Their Leave acts.
    pub leaves: Vec<Place>,
    /// Their Role acts, also those that a helper made.
    pub roles: Vec<(Place, Role)>,
}

/// An act that brought somebody in.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The act.
    pub act: Place,
    /// The member id that it gave.
    pub member: MemberId,
    /// The role that it said.
    pub role: Role,
    /// Whether its author had voice in its past; if not, it works where the group gave the member
    /// voice.
    pub works: bool,
}

/// A person without a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assisted {
    /// Who signed for them at first.
    pub helper: PersonIx,
    /// For people taken over from an attendance list: its first day.
    pub imported: Option<Day>,
}

/// Everybody whom any act speaks of bringing in.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) all: Vec<Person>,
    members: BTreeMap<MemberId, PersonIx>,
    /// Devices that founded or were admitted: each is one person.
    primary: BTreeMap<DeviceKey, PersonIx>,
    /// Devices that a member added, in canonical order of the acts.
    added: BTreeMap<DeviceKey, Vec<(Place, PersonIx)>>,
    /// By sponsor, as judged in each act's past: whom they brought in, by which acts.
    brought: BTreeMap<PersonIx, BTreeMap<PersonIx, Vec<Place>>>,
    /// The strands of each device.
    pub(super) strands: BTreeMap<DeviceKey, BTreeSet<u32>>,
}

impl People {
    /// The person who founded or was admitted with a device.
    pub(super) fn introduced_with(&self, device: &DeviceKey) -> Option<PersonIx> {
        self.primary.get(device).copied()
    }

    /// By which acts, in canonical order, the device was added, and to whom.
    pub(super) fn added(&self, device: &DeviceKey) -> &[(Place, PersonIx)] {
        self.added.get(device).map(Vec::as_slice).unwrap_or_default()
    }

    fn one(&mut self, ix: PersonIx) -> Option<&mut Person> {
        self.all.get_mut(ix.0)
    }
}

impl Ledger {
    /// Everybody whom any act speaks of bringing in; who of them is, [`super::Standing`] says.
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

    /// The act that gave that member id.
    pub(super) fn introduction(&self, member: MemberId) -> Option<&Introduction> {
        let person = self.person(self.person_with_id(member)?)?;
        person.introductions.iter().find(|one| one.member == member)
    }

    /// The person who wrote the envelope at `place`, if they stood in its past.
    pub(super) fn author_in_past(&self, place: Place) -> Option<PersonIx> {
        self.standing(Closed::Past(place)).stands(place).ok()
    }

    /// How many people without voice there the sponsor of the act at `place` had brought in.
    pub(super) fn brought_before(&self, place: Place, sponsor: PersonIx) -> usize {
        let Some(brought) = self.people.brought.get(&sponsor) else { return 0 };
        if brought.len() < crate::limits::SPONSORED {
            return brought.len();
        }
        let standing = self.standing(Closed::Past(place));
        let before = |(who, acts): &(&PersonIx, &Vec<Place>)| {
            acts.iter().any(|act| self.in_past(*act, place)) && !standing.has_voice(**who)
        };
        brought.iter().filter(before).count()
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
                    self.bring_in(place, member, &first.role, &first.device);
                }
            }
            Act::Admit { device, role } => {
                self.bring_in(place, MemberId::brought_in_by(id), role, device);
            }
            Act::Assist { helper, role, imported, .. } => {
                let Some(helper) = self.person_with_id(*helper) else { return };
                let assisted = Some(Assisted { helper, imported: *imported });
                let ix = self.add_person(Person { assisted, ..Person::default() });
                self.introduce(ix, place, MemberId::brought_in_by(id), role);
            }
            Act::AddDevice { device } => self.add_device(place, device),
            Act::Leave => {
                let Some(author) = self.author_in_past(place) else { return };
                let Some(person) = self.person(author) else { return };
                let slot = self.slot(&person.leaves, |one| *one, place);
                if let Some(person) = self.people.one(author) {
                    person.leaves.insert(slot, place);
                }
                self.consent.disturb(place);
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
                if let Some(person) = self.people.one(ix) {
                    person.roles.insert(slot, (place, role.clone()));
                }
            }
            _ => {}
        }
    }

    fn bring_in(&mut self, place: Place, member: MemberId, role: &Role, device: &NewDevice) {
        let ix = match self.people.primary.get(&device.device) {
            Some(ix) => *ix,
            None => self.add_person(Person::default()),
        };
        self.people.primary.insert(device.device, ix);
        self.introduce(ix, place, member, role);
        self.note_device(ix, (place, device.device, device.box_key));
        // Here a device can change hands that was added, or that a recovery names.
        if !self.people.added(&device.device).is_empty()
            || self.effects.recovered.contains_key(&device.device)
        {
            self.consent.disturb(place);
        }
    }

    fn add_device(&mut self, place: Place, device: &NewDevice) {
        let Some(author) = self.author_in_past(place) else { return };
        let added = self.people.added(&device.device);
        let slot = self.slot(added, |one| one.0, place);
        self.people.added.entry(device.device).or_default().insert(slot, (place, author));
        self.note_device(author, (place, device.device, device.box_key));
        // Where both are, the admission is stronger: the device changes hands there.
        let also = self.people.introduced_with(&device.device).and_then(|ix| self.person(ix));
        let also: Vec<Place> =
            also.iter().flat_map(|one| &one.introductions).map(|one| one.act).collect();
        also.into_iter().for_each(|act| self.consent.disturb(act));
        if self.people.added(&device.device).len() > 1 {
            self.consent.disturb(place);
        }
    }

    fn add_person(&mut self, person: Person) -> PersonIx {
        let ix = PersonIx(self.people.all.len());
        self.people.all.push(person);
        ix
    }

    fn introduce(&mut self, ix: PersonIx, place: Place, member: MemberId, role: &Role) {
        self.people.members.insert(member, ix);
        if let Some(sponsor) = self.author_in_past(place) {
            let brought = self.people.brought.entry(sponsor).or_default();
            brought.entry(ix).or_default().push(place);
        }
        let works = place == self.founding() || self.at(place).is_some_and(|at| at.voice);
        let Some(person) = self.person(ix) else { return };
        let slot = self.slot(&person.introductions, |one| one.act, place);
        let introduction = Introduction { act: place, member, role: role.clone(), works };
        if let Some(person) = self.people.one(ix) {
            person.introductions.insert(slot, introduction);
        }
    }

    fn note_device(&mut self, ix: PersonIx, device: (Place, DeviceKey, BoxKey)) {
        let Some(person) = self.person(ix) else { return };
        let slot = self.slot(&person.devices, |one| one.0, device.0);
        if let Some(person) = self.people.one(ix) {
            person.devices.insert(slot, device);
        }
    }

    /// Whether the device consented to belong to the author's member, under any id of theirs that
    /// an act in the past gave: what else arrived says nothing about this act.
    pub(super) fn consented_to_join(&self, place: Place, device: &NewDevice) -> bool {
        let author = self.author_in_past(place).and_then(|ix| self.person(ix));
        author.is_some_and(|person| {
            let mut known = person.introductions.iter().filter(|one| self.in_past(one.act, place));
            known.any(|one| {
                device.check(Purpose::Device, Some(*one.member.as_bytes()), None).is_ok()
            })
        })
    }
}
