//! Who speaks for whom, who is one with whom, who is what.

use std::collections::{BTreeMap, BTreeSet};

use super::{PersonIx, Place, Role, Standing};

impl<'a> Standing<'a> {
    /// The person that merged members go by (rule 10); anybody else goes by themselves.
    #[must_use]
    pub fn goes_by(&self, person: PersonIx) -> PersonIx {
        self.merged().get(&person).copied().unwrap_or(person)
    }

    /// All that are one with a person, that person too.
    #[must_use]
    pub fn parts(&self, person: PersonIx) -> Vec<PersonIx> {
        let merged = self.merged();
        if !merged.contains_key(&person) {
            return vec![person];
        }
        let one = self.goes_by(person);
        merged.iter().filter(|(_, by)| **by == one).map(|(part, _)| *part).collect()
    }

    /// Merged members, each with the one they go by. Empty where nobody is merged.
    fn merged(&self) -> &BTreeMap<PersonIx, PersonIx> {
        self.merged.get_or_init(|| {
            let merges = self.ledger.effects.merges.iter();
            let pairs: Vec<(PersonIx, PersonIx)> = merges
                .filter(|(id, one, into)| one != into && self.in_effect(*id))
                .map(|(_, one, into)| (*one, *into))
                .collect();
            let mut classes: Vec<BTreeSet<PersonIx>> = Vec::new();
            for (one, into) in &pairs {
                let touched = |class: &BTreeSet<_>| class.contains(one) || class.contains(into);
                let (joined, rest): (Vec<_>, Vec<_>) = classes.into_iter().partition(touched);
                classes = rest;
                let all = joined.into_iter().flatten().chain([*one, *into]);
                classes.push(all.collect());
            }
            let mut merged = BTreeMap::new();
            for class in classes {
                let stays = |person: &PersonIx| !pairs.iter().any(|(one, _)| one == person);
                let mut choice: Vec<PersonIx> = class.iter().copied().filter(stays).collect();
                if choice.is_empty() {
                    choice = class.iter().copied().collect();
                }
                // Somebody who was not brought in would be nobody, and all of them with them.
                if class.iter().any(|person| self.is_brought_in(*person)) {
                    let here = |person: &PersonIx| self.is_brought_in(*person);
                    choice.retain(here);
                    if choice.is_empty() {
                        choice = class.iter().copied().filter(here).collect();
                    }
                }
                let first = choice.into_iter().min_by_key(|person| self.order(*person));
                if let Some(first) = first {
                    merged.extend(class.into_iter().map(|person| (person, first)));
                }
            }
            merged
        })
    }

    /// The canonical order of people: that of the first act that brought each in, then by id.
    #[must_use]
    pub fn order(&self, person: PersonIx) -> ((u32, crate::ids::EnvelopeId), Option<[u8; 32]>) {
        let introductions = self.introductions(person);
        let first = introductions.first();
        let place = first.map_or(Place(u32::MAX), |one| one.act);
        (self.ledger.canonical(place), first.map(|one| *one.member.as_bytes()))
    }

    /// Whether a person has no device, so that somebody signs for them.
    #[must_use]
    pub fn is_assisted(&self, person: PersonIx) -> bool {
        let who = self.ledger.person(person);
        who.is_some_and(|who| who.assisted.is_some()) && !self.has_device(person)
    }

    fn has_device(&self, person: PersonIx) -> bool {
        let recoveries = self.ledger.effects.recoveries.get(&person).into_iter().flatten();
        let mut devices = recoveries.filter_map(|one| Some((one.proposal, one.device?.0)));
        // One that is somebody else's already stays theirs.
        let recovered = devices
            .any(|(id, device)| self.in_effect(id) && self.of_device(&device) == Some(person));
        // Those that such a device added are theirs, too, whatever became of it.
        let who = self.ledger.person(person);
        let mut added = who.into_iter().flat_map(|who| &who.devices);
        recovered || added.any(|(_, device, _)| self.of_device(device) == Some(person))
    }

    /// Who signs for an assisted member (rule 11); nobody for anybody else.
    #[must_use]
    pub fn helpers(&self, person: PersonIx) -> BTreeSet<PersonIx> {
        if !self.is_assisted(person) {
            return BTreeSet::new();
        }
        let decided = self.ledger.effects.helpers.get(&person).into_iter().flatten();
        let decided = decided.filter(|(id, _)| self.in_effect(*id)).map(|(_, helper)| *helper);
        let helpers: BTreeSet<PersonIx> = decided.collect();
        if !helpers.is_empty() {
            return helpers;
        }
        let first = self.ledger.person(person).and_then(|who| who.assisted);
        first.map(|assisted| assisted.helper).into_iter().collect()
    }

    /// Everybody who signs or signed for a person, as the ones they go by.
    #[must_use]
    pub fn ever_helped(&self, person: PersonIx) -> BTreeSet<PersonIx> {
        let mut helpers = BTreeSet::new();
        for part in self.parts(person) {
            let first = self.ledger.person(part).and_then(|who| who.assisted);
            helpers.extend(first.map(|assisted| self.goes_by(assisted.helper)));
            let decided = self.ledger.effects.helpers.get(&part).into_iter().flatten();
            helpers.extend(decided.map(|(_, helper)| self.goes_by(*helper)));
        }
        helpers
    }

    /// Whether somebody signs for a person.
    #[must_use]
    pub fn helps(&self, helper: PersonIx, person: PersonIx) -> bool {
        let by = self.goes_by(helper);
        self.helpers(person).into_iter().any(|one| self.goes_by(one) == by)
    }

    /// The role a person says, and those before it, each with the act that says so.
    #[must_use]
    pub fn roles(&self, person: PersonIx) -> Vec<(Place, &'a Role)> {
        let introductions = self.introductions(person);
        let first = introductions.first().map(|one| (one.act, &one.role));
        let later = self.ledger.person(person).map(|who| who.roles.as_slice()).unwrap_or_default();
        let later = later.iter().map(|(place, role)| (*place, role));
        first
            .into_iter()
            .chain(later.filter(|(place, _)| self.contains(*place) && self.counts(*place)))
            .collect()
    }
}
