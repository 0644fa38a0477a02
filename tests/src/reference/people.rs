//! Who was brought in, whose device is whose, who is whom: rules 1, 2, 6, 10 and 11.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::ids::MemberId;
use copact_core::keys::DeviceKey;
use copact_core::proposal::Matter;

use super::Who;
use super::closed::Closed;

/// An act that brings somebody in: the act, the id it gives, the person, their device.
pub type Introduction = (usize, MemberId, Who, Option<DeviceKey>);

impl Closed<'_> {
    /// Rule 1: whether an act in C that brings somebody in works in C.
    pub fn works(&self, act: usize) -> bool {
        let decided_for = |who: Who| {
            let mut matters = self.matters();
            matters.any(|matter| match matter {
                Matter::Voice(member) => self.whole.who(*member) == Some(who),
                _ => false,
            })
        };
        !self.finals[act].void
            && match self.whole.act(act) {
                Some(Act::Found(_) | Act::AddDevice { .. }) => true,
                Some(Act::Admit { .. } | Act::Assist { .. }) => {
                    let mut brings = self.whole.brings(act).into_iter();
                    self.finals[act].voice || brings.any(|(_, who, _)| decided_for(who))
                }
                _ => false,
            }
    }

    /// The working acts in C that bring people in.
    pub fn introductions(&self) -> Vec<Introduction> {
        let working = self.set.iter().filter(|act| self.works(**act));
        let one = |act: &usize| {
            let act = *act;
            self.whole.brings(act).into_iter().map(move |(id, who, device)| (act, id, who, device))
        };
        working.flat_map(one).collect()
    }

    /// Everybody whom a working act in C brings in.
    pub fn everybody(&self) -> BTreeSet<Who> {
        self.introduced.iter().copied().map(|(_, _, who, _)| who).collect()
    }

    /// Rule 2: a person's ids, that of the first working act first.
    pub fn ids(&self, who: Who) -> Vec<MemberId> {
        let mine = self.introduced.iter().copied().filter(|(_, _, whose, _)| *whose == who);
        mine.map(|(_, id, _, _)| id).collect()
    }

    /// Rule 2: whose device is whose.
    pub fn owners_of_devices(&self) -> BTreeMap<DeviceKey, Who> {
        let mut owners = BTreeMap::new();
        for (_, _, who, device) in self.introduced.iter().copied() {
            if let Some(device) = device {
                owners.insert(device, who);
            }
        }
        // Those in effect are in the order of their ids.
        for matter in self.matters() {
            if let Matter::Recover { member, device: Some(device), .. } = matter
                && let Some(who) = self.whole.who(*member)
            {
                owners.entry(device.device).or_insert(who);
            }
        }
        for (at, act) in self.acts() {
            if let (Act::AddDevice { device }, Some(who)) = (act, self.finals[at].author) {
                owners.entry(device.device).or_insert(who);
            }
        }
        owners
    }

    pub fn owner(&self, device: &DeviceKey) -> Option<Who> {
        self.owners.get(device).copied()
    }

    /// Rule 6: the devices brought in, as a search from the founding on.
    pub fn devices_brought_in(&self) -> BTreeSet<DeviceKey> {
        let mut brought = BTreeSet::new();
        for (_, _, _, device) in self.introduced.iter().copied().filter(|(act, ..)| *act == 0) {
            brought.extend(device);
        }
        for (device, who) in &self.owners {
            let mut recoveries = self.recoveries(*who).into_iter();
            if recoveries.any(|(_, _, named)| named == Some(*device)) {
                brought.insert(*device);
            }
        }
        loop {
            let before = brought.len();
            for (at, act) in self.acts() {
                if self.cut(at).is_some() || !brought.contains(&self.whole.device(at)) {
                    continue;
                }
                match act {
                    Act::Admit { device, .. } if self.works(at) => {
                        brought.insert(device.device);
                    }
                    Act::AddDevice { device }
                        if self.owner(&device.device) == self.finals[at].author =>
                    {
                        brought.insert(device.device);
                    }
                    _ => {}
                }
            }
            if brought.len() == before {
                return brought;
            }
        }
    }

    /// Rule 6, the end: whether a person is brought in.
    pub fn is_brought_in(&self, who: Who) -> bool {
        self.introduced.iter().copied().any(|(act, _, whom, _)| {
            let sound = self.cut(act).is_none() && self.brought.contains(&self.whole.device(act));
            whom == who && (act == 0 || sound)
        })
    }

    /// Rule 10: merges in effect join persons.
    pub fn merged_people(&self) -> BTreeMap<Who, Who> {
        let mut merged: BTreeMap<Who, Who> = BTreeMap::new();
        for matter in self.matters() {
            if let Matter::Merge { member, into } = matter
                && let (Some(one), Some(two)) = (self.whole.who(*member), self.whole.who(*into))
            {
                let stands_for = |who| merged.get(&who).copied().unwrap_or(who);
                let (one, two) = (stands_for(one), stands_for(two));
                let both = one.min(two);
                merged.values_mut().filter(|who| **who == one || **who == two).for_each(|who| {
                    *who = both;
                });
                merged.extend([(one, both), (two, both)]);
            }
        }
        merged
    }

    /// What stands for all the parts of somebody.
    pub fn one(&self, who: Who) -> Who {
        self.merged.get(&who).copied().unwrap_or(who)
    }

    /// Everybody who is one with somebody.
    pub fn parts(&self, who: Who) -> BTreeSet<Who> {
        let others = self.merged.keys().copied().filter(|other| self.one(*other) == self.one(who));
        others.chain([who]).collect()
    }

    /// Rule 10: of those brought in who are not merged into another, the first in canonical order
    /// of what brought them in; if there is none, of all brought in; if there is none, of all.
    pub fn goes_by(&self, who: Who) -> Who {
        let into_another = |who: Who| {
            self.matters().any(|matter| match matter {
                Matter::Merge { member, into } => {
                    self.whole.who(*member) == Some(who) && self.whole.who(*into) != Some(who)
                }
                _ => false,
            })
        };
        let parts = self.parts(who);
        // Of people founded together, the lowest id.
        let introduced = &self.introduced;
        let first = |who: &Who| {
            let act = introduced.iter().filter(|(_, _, whom, _)| whom == who);
            let act = act.map(|(act, id, _, _)| (*act, *id)).min();
            (act.is_none(), act, *who)
        };
        let here = parts.iter().copied().filter(|part| self.is_brought_in(*part));
        let here: Vec<Who> = here.collect();
        let parts = if here.is_empty() { parts.into_iter().collect() } else { here };
        let stay = parts.iter().copied().filter(|part| !into_another(*part));
        stay.min_by_key(first).or(parts.iter().copied().min_by_key(first)).unwrap_or(who)
    }

    /// Rule 11: who signs for an assisted member.
    pub fn helpers(&self, who: Who) -> BTreeSet<Who> {
        let Who::Assisted(act) = who else { return BTreeSet::new() };
        if self.has_device(who) {
            return BTreeSet::new();
        }
        let decided = self.matters().filter_map(|matter| match matter {
            Matter::Helper { member, helper } if self.whole.who(*member) == Some(who) => {
                self.whole.who(*helper)
            }
            _ => None,
        });
        let decided: BTreeSet<Who> = decided.collect();
        let named = match self.whole.act(self.whole.number[&act]) {
            Some(Act::Assist { helper, .. }) => self.whole.who(*helper),
            _ => None,
        };
        if decided.is_empty() { named.into_iter().collect() } else { decided }
    }

    /// Whether a device in C is theirs.
    pub fn has_device(&self, who: Who) -> bool {
        self.owners.values().any(|owner| *owner == who)
    }
}
