//! Standing: whose envelopes count in a closed set of envelopes.
//!
//! This is the one function that gives verdicts. It is asked for the past of an Enact (consent) and
//! for the whole ledger (views). The rules are numbered in ARCHITECTURE.md, "Standing and consent,
//! exactly".

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::people::Introduction;
use super::{Closed, Ledger, Person, PersonIx, Place};
use crate::act::Role;
use crate::ids::{EnvelopeId, MemberId, ProposalId};
use crate::keys::DeviceKey;
use crate::proposal::Share;
use crate::quarter::Quarter;

mod cuts;
mod devices;
mod roles;
mod voice;

/// Why an envelope is set aside: kept and shown, but not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAside {
    /// No act in the set brought its device in.
    NoMember,
    /// Its author was removed, and it is not at or before what the removal left.
    Removed,
    /// Its device was given up as lost, and it is not at or before what that left.
    Recovered,
    /// Its author had left in its past.
    AfterLeaving,
    /// It is void.
    Void,
}

impl SetAside {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoMember => "no_member",
            Self::Removed => "removed",
            Self::Recovered => "lost_device",
            Self::AfterLeaving => "after_leaving",
            Self::Void => "void",
        }
    }

    /// The sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoMember => "nobody whose word counts has brought its device into the group",
            Self::Removed => {
                "the group removed its author, and had not seen it when it decided that"
            }
            Self::Recovered => {
                "it was written with a lost device, after what the group knew of that device"
            }
            Self::AfterLeaving => "its author had left the group before",
            Self::Void => "it is not in order",
        }
    }
}

/// Who stands in a closed set. Made in no time; what it is asked for it works out once.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    ledger: &'a Ledger,
    closed: Closed,
    brought_in: RefCell<BTreeMap<DeviceKey, bool>>,
    merged: OnceCell<BTreeMap<PersonIx, PersonIx>>,
    voices: OnceCell<BTreeSet<PersonIx>>,
    /// Enacts of voice decisions found to have started here the long way.
    started: RefCell<BTreeSet<Place>>,
}

impl Ledger {
    /// Whose envelopes count in the whole ledger.
    #[must_use]
    pub fn now(&self) -> Standing<'_> {
        self.standing(Closed::All)
    }

    /// Whose envelopes count in a closed set.
    #[must_use]
    pub fn standing(&self, closed: Closed) -> Standing<'_> {
        Standing {
            ledger: self,
            closed,
            brought_in: RefCell::default(),
            merged: OnceCell::new(),
            voices: OnceCell::new(),
            started: RefCell::default(),
        }
    }
}

impl<'a> Standing<'a> {
    /// Everybody brought in, the departed too, with the id each goes by.
    pub fn members(&self) -> impl Iterator<Item = (PersonIx, MemberId, &'a Person)> + '_ {
        let all = self.ledger.everybody();
        all.filter(|(ix, _)| self.is_brought_in(*ix))
            .filter_map(|(ix, person)| Some((ix, self.id(ix)?, person)))
    }

    /// The set that it is asked for.
    #[must_use]
    pub const fn closed(&self) -> Closed {
        self.closed
    }

    /// Whether the set has the envelope at that place in it.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        self.ledger.contains(self.closed, place)
    }

    /// The acts in the set that introduce a person and work (rule 1), in canonical order.
    pub(super) fn introductions(&self, person: PersonIx) -> Vec<&'a Introduction> {
        let Some(who) = self.ledger.person(person) else { return Vec::new() };
        let here = who.introductions.iter().filter(|one| self.contains(one.act));
        let mut decided = None;
        here.filter(|one| one.works || *decided.get_or_insert_with(|| self.is_given_voice(person)))
            .collect()
    }

    /// The id that a person goes by: that of the first act, in canonical order, that brought them
    /// in.
    #[must_use]
    pub fn id(&self, person: PersonIx) -> Option<MemberId> {
        self.introductions(person).first().map(|one| one.member)
    }

    /// The person whom any of their ids names.
    #[must_use]
    pub fn person(&self, member: MemberId) -> Option<PersonIx> {
        let person = self.ledger.person_with_id(member)?;
        (!self.introductions(person).is_empty()).then_some(person)
    }

    /// Whether a decision is in effect in the set (rule 3).
    #[must_use]
    pub fn in_effect(&self, proposal: ProposalId) -> bool {
        self.ledger.in_effect(proposal, self.closed)
    }

    /// The share of the voices that ratifying needs.
    #[must_use]
    pub fn share(&self) -> Share {
        self.ledger.share(self.closed)
    }

    /// The author of the envelope at `place`, whether it counts or not.
    #[must_use]
    pub fn author(&self, place: Place) -> Option<PersonIx> {
        self.of_device(&self.device(place)?)
    }

    fn device(&self, place: Place) -> Option<DeviceKey> {
        Some(self.ledger.at(place)?.envelope.header().chain.device)
    }

    /// Whether an act that introduces a person counts, so that they are or were a member.
    #[must_use]
    pub fn is_brought_in(&self, person: PersonIx) -> bool {
        self.introductions(person).iter().any(|one| {
            one.act == self.ledger.founding()
                || self.uncut_author(one.act).is_some_and(|by| self.is_device_brought_in(&by))
        })
    }

    /// The Leave acts that end a person (rule 5), in canonical order.
    #[must_use]
    pub fn leaves(&self, person: PersonIx) -> Vec<Place> {
        let leaves = self.ledger.person(person).map(|person| person.leaves.as_slice());
        let leaves = leaves.unwrap_or_default().iter().copied();
        leaves.filter(|leave| self.is_leave_in_force(*leave)).collect()
    }

    fn is_leave_in_force(&self, leave: Place) -> bool {
        self.contains(leave)
            && self.uncut_author(leave).is_some_and(|by| self.is_device_brought_in(&by))
    }

    /// The proposals that remove a person, of those in effect.
    #[must_use]
    pub fn removals(&self, person: PersonIx) -> Vec<ProposalId> {
        let all = self.ledger.effects.removals.get(&person).into_iter().flatten();
        all.map(|one| one.proposal).filter(|one| self.in_effect(*one)).collect()
    }

    /// Whether a removal of the person is in effect.
    #[must_use]
    pub fn is_removed(&self, person: PersonIx) -> bool {
        !self.removals(person).is_empty()
    }

    /// Whether a person is a member still: brought in, not removed, not gone. Of merged members,
    /// whether one of them is.
    #[must_use]
    pub fn is_member(&self, person: PersonIx) -> bool {
        self.parts(person).into_iter().any(|part| self.is_part_member(part))
    }

    fn is_part_member(&self, part: PersonIx) -> bool {
        self.is_brought_in(part) && !self.is_removed(part) && self.leaves(part).is_empty()
    }

    /// Whose device wrote the envelope at `place`, if it stands (rule 7).
    ///
    /// # Errors
    /// The reason it is set aside.
    pub fn stands(&self, place: Place) -> Result<PersonIx, SetAside> {
        let device = self.device(place).ok_or(SetAside::NoMember)?;
        let owner = self.of_device(&device).ok_or(SetAside::NoMember)?;
        if let Some(why) = self.cut(place, &device, owner) {
            return Err(why);
        }
        if !self.is_device_brought_in(&device) {
            return Err(SetAside::NoMember);
        }
        let leaves = self.ledger.person(owner).map(|person| person.leaves.as_slice());
        let mut before = leaves.unwrap_or_default().iter();
        if before.any(|one| self.ledger.in_past(*one, place) && self.is_leave_in_force(*one)) {
            return Err(SetAside::AfterLeaving);
        }
        Ok(owner)
    }

    /// Whether the envelope at `place` counts, and if not, why it is set aside.
    ///
    /// # Errors
    /// The reason it is set aside.
    pub fn verdict(&self, place: Place) -> Result<PersonIx, SetAside> {
        match self.ledger.at(place) {
            Some(at) if at.void.is_some() => Err(SetAside::Void),
            Some(_) => self.stands(place),
            None => Err(SetAside::NoMember),
        }
    }

    /// Whether the envelope at `place` counts.
    #[must_use]
    pub fn counts(&self, place: Place) -> bool {
        self.verdict(place).is_ok()
    }

    /// The quarters that were closed, each with the envelopes that, with their pasts, are on time.
    #[must_use]
    pub fn closed_quarters(&self) -> BTreeMap<Quarter, Vec<Place>> {
        let mut closed = BTreeMap::new();
        for (quarter, proposals) in &self.ledger.effects.quarters {
            let in_effect = proposals.iter().filter(|id| self.in_effect(**id));
            let named = in_effect.filter_map(|id| self.ledger.proposal(*id)).flat_map(|one| {
                one.matter.envelopes().iter().filter_map(|id| self.ledger.place_of(*id))
            });
            let tips: Vec<Place> = named.collect();
            if proposals.iter().any(|id| self.in_effect(*id)) {
                closed.insert(*quarter, tips);
            }
        }
        closed
    }

    /// Whether the decisions in effect about a disputed entry say that it counts; `None` if there
    /// are none, or opposite ones.
    #[must_use]
    pub fn settled(&self, entry: EnvelopeId) -> Option<bool> {
        let all = self.ledger.effects.settlements.get(&entry).into_iter().flatten();
        let mut all = all.filter(|(id, _)| self.in_effect(*id)).map(|(_, counts)| *counts);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }
}
