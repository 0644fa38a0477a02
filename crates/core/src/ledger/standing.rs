//! Standing: whose envelopes count in a closed set of envelopes.
//!
//! This is the one function that gives verdicts. It is asked for the past of an Enact (consent) and
//! for the whole ledger (views). In this version of the rules a Leave is the only thing that ends
//! standing; removal and recovery will add their cuts here.

use std::collections::BTreeMap;

use super::{Assisted, Closed, Ledger, Person, PersonIx, Place};
use crate::act::Role;
use crate::ids::MemberId;
use crate::keys::DeviceKey;

/// Why an envelope is set aside: kept and shown, but not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAside {
    /// No act in the set brought its device in.
    NoMember,
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
            Self::AfterLeaving => "after_leaving",
            Self::Void => "void",
        }
    }

    /// The sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoMember => "nobody has brought its device into the group",
            Self::AfterLeaving => "its author had left the group before",
            Self::Void => "it is not in order",
        }
    }
}

/// Who stands in a closed set.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    ledger: &'a Ledger,
    closed: Closed,
    members: BTreeMap<PersonIx, MemberId>,
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
        let first = |person: &Person| {
            let mut all = person.introductions.iter();
            all.find(|(place, ..)| self.contains(closed, *place)).map(|(_, member, _)| *member)
        };
        let members = self.everybody().filter_map(|(ix, person)| Some((ix, first(person)?)));
        Standing { ledger: self, closed, members: members.collect() }
    }
}

impl<'a> Standing<'a> {
    /// Everybody brought in, the departed too, with the id they go by: that of the first act, in
    /// canonical order, that brought them in.
    pub fn members(&self) -> impl Iterator<Item = (PersonIx, MemberId, &'a Person)> + '_ {
        self.members.iter().filter_map(|(ix, id)| Some((*ix, *id, self.ledger.person(*ix)?)))
    }

    /// The set that it is asked for.
    #[must_use]
    pub const fn closed(&self) -> Closed {
        self.closed
    }

    /// The id that a person goes by.
    #[must_use]
    pub fn id(&self, person: PersonIx) -> Option<MemberId> {
        self.members.get(&person).copied()
    }

    /// The person whom any of their ids names.
    #[must_use]
    pub fn person(&self, member: MemberId) -> Option<PersonIx> {
        self.ledger.person_with_id(member).filter(|ix| self.members.contains_key(ix))
    }

    /// The person whose device this is.
    #[must_use]
    pub fn of_device(&self, device: &DeviceKey) -> Option<PersonIx> {
        self.ledger.person_of_device(device, self.closed)
    }

    /// Whether the set has the envelope at that place in it.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        self.ledger.contains(self.closed, place)
    }

    /// The author of the envelope at `place`, whether it counts or not.
    #[must_use]
    pub fn author(&self, place: Place) -> Option<PersonIx> {
        self.of_device(&self.ledger.at(place)?.envelope.header().chain.device)
    }

    /// The Leave acts of a person that count, in canonical order: those without another in their
    /// past.
    #[must_use]
    pub fn leaves(&self, person: PersonIx) -> Vec<Place> {
        let leaves = self.ledger.person(person).map(|person| person.leaves.as_slice());
        let leaves = leaves.unwrap_or_default().iter().copied();
        leaves.filter(|leave| self.contains(*leave)).collect()
    }

    /// Whether a person is a member still.
    #[must_use]
    pub fn is_member(&self, person: PersonIx) -> bool {
        self.members.contains_key(&person) && self.leaves(person).is_empty()
    }

    /// Whether a person's word counts in common decisions. Every member's does, but for people
    /// taken over from an attendance list: nobody asked them.
    #[must_use]
    pub fn has_voice(&self, person: PersonIx) -> bool {
        let imported = |assisted: Assisted| assisted.imported.is_some();
        self.is_member(person)
            && self.ledger.person(person).is_some_and(|who| !who.assisted.is_some_and(imported))
    }

    /// How many have voice.
    #[must_use]
    pub fn voices(&self) -> usize {
        self.members.keys().filter(|person| self.has_voice(**person)).count()
    }

    /// The role a person says, and those before it, each with the act that says so.
    #[must_use]
    pub fn roles(&self, person: PersonIx) -> Vec<(Place, &'a Role)> {
        let Some(who) = self.ledger.person(person) else { return Vec::new() };
        let first = who.introductions.iter().map(|(place, _, role)| (*place, role));
        let first = first.filter(|(place, _)| self.contains(*place)).take(1);
        let later = who.roles.iter().map(|(place, role)| (*place, role));
        first
            .chain(later.filter(|(place, _)| self.contains(*place) && self.counts(*place)))
            .collect()
    }

    /// Whether the envelope at `place` counts, and if not, why it is set aside.
    ///
    /// # Errors
    /// The reason it is set aside.
    pub fn verdict(&self, place: Place) -> Result<PersonIx, SetAside> {
        let at = self.ledger.at(place).ok_or(SetAside::NoMember)?;
        if at.void.is_some() {
            return Err(SetAside::Void);
        }
        let author = self.author(place).ok_or(SetAside::NoMember)?;
        let person = self.ledger.person(author).ok_or(SetAside::NoMember)?;
        let left = |leave: &Place| self.contains(*leave) && self.ledger.in_past(*leave, place);
        if person.leaves.iter().any(left) { Err(SetAside::AfterLeaving) } else { Ok(author) }
    }

    /// Whether the envelope at `place` counts.
    #[must_use]
    pub fn counts(&self, place: Place) -> bool {
        self.verdict(place).is_ok()
    }
}
