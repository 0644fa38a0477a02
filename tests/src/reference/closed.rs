//! A closed set C, and what follows from the decisions in it.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::ids::{EnvelopeId, ProposalId};
use copact_core::keys::DeviceKey;
use copact_core::proposal::{Matter, Proposal};

use super::people::Introduction;
use super::whole::Whole;
use super::{Final, Who};

/// A set closed under ancestors. The fields are worked out in their order, each from those before.
#[derive(Debug)]
pub struct Closed<'a> {
    pub whole: &'a Whole<'a>,
    pub finals: &'a [Final],
    pub set: BTreeSet<usize>,
    /// Rule 3.
    pub in_effect: Vec<(ProposalId, &'a Proposal)>,
    /// Rules 1 and 2: the working acts that bring people in, in canonical order.
    pub introduced: Vec<Introduction>,
    /// Rule 2.
    pub owners: BTreeMap<DeviceKey, Who>,
    /// Rule 6.
    pub brought: BTreeSet<DeviceKey>,
    /// Rule 5: the Leaves that end somebody, and whom.
    pub left: Vec<(usize, Who)>,
    /// Rule 10: what stands for all people merged with one; absent: nobody was.
    pub merged: BTreeMap<Who, Who>,
    /// Rule 9: those with voice, one for merged people.
    pub voices: BTreeSet<Who>,
}

impl<'a> Closed<'a> {
    pub fn of(whole: &'a Whole<'a>, finals: &'a [Final], set: BTreeSet<usize>) -> Self {
        let mut closed = Self {
            whole,
            finals,
            set,
            in_effect: Vec::new(),
            introduced: Vec::new(),
            owners: BTreeMap::new(),
            brought: BTreeSet::new(),
            left: Vec::new(),
            merged: BTreeMap::new(),
            voices: BTreeSet::new(),
        };
        closed.in_effect = closed.decisions_in_effect();
        closed.introduced = closed.introductions();
        closed.owners = closed.owners_of_devices();
        closed.brought = closed.devices_brought_in();
        closed.left = closed.leaves_that_end();
        closed.merged = closed.merged_people();
        closed.voices = closed.all_voices();
        closed
    }

    /// What the past decides about an envelope; this is that past.
    pub fn decide(&self, at: usize) -> Final {
        let author = self.owner(&self.whole.device(at));
        let stood = self.stands(at);
        let voice = stood && author.is_some_and(|who| self.voices.contains(&self.one(who)));
        let void = self.whole.void.contains(&at) || self.is_void(at, author, stood);
        let holds = match self.whole.act(at) {
            Some(Act::Enact { proposal }) => {
                self.can_hold(proposal) && self.tally(proposal).reached
            }
            _ => false,
        };
        let asked = if holds { self.voices_with_a_device() } else { Vec::new() };
        Final { author, stood, voice, void, holds, asked }
    }

    /// The acts in C that are not void.
    pub fn acts(&self) -> impl Iterator<Item = (usize, &'a Act)> + '_ {
        let valid = self.set.iter().filter(|at| !self.finals[**at].void);
        valid.filter_map(|at| Some((*at, self.whole.act(*at)?)))
    }

    /// The Enacts in C that hold.
    pub fn held(&self) -> impl Iterator<Item = (usize, ProposalId, &'a Proposal)> + '_ {
        let held = self.set.iter().filter(|at| self.finals[**at].holds);
        held.map(|at| (*at, self.whole.proposals[at].0, self.whole.proposals[at].1))
    }

    /// Rule 3: a proposal is in effect in C iff an Enact of it that holds is in C, and no proposal
    /// of the same kind and target that has it as basis has one.
    fn decisions_in_effect(&self) -> Vec<(ProposalId, &'a Proposal)> {
        let decided: BTreeMap<ProposalId, &Proposal> =
            self.held().map(|(_, id, proposal)| (id, proposal)).collect();
        let replaced = |id: ProposalId, proposal: &Proposal| {
            decided
                .values()
                .any(|later| later.basis == Some(id) && later.matter.can_replace(&proposal.matter))
        };
        let stay = decided.iter().filter(|(id, proposal)| !replaced(**id, proposal));
        stay.map(|(id, proposal)| (*id, *proposal)).collect()
    }

    /// The matters in effect.
    pub fn matters(&self) -> impl Iterator<Item = &'a Matter> + '_ {
        self.in_effect.iter().map(|(_, proposal)| &proposal.matter)
    }

    /// The tips of each removal of a person in effect.
    pub fn removals(&self, who: Who) -> Vec<&'a [EnvelopeId]> {
        let tips = self.matters().filter_map(|matter| match matter {
            Matter::Remove { member, tips } if self.whole.who(*member) == Some(who) => {
                Some(tips.ids())
            }
            _ => None,
        });
        tips.collect()
    }

    /// Each recovery of a person in effect: its id, its tips, the device it names.
    pub fn recoveries(&self, who: Who) -> Vec<(ProposalId, &'a [EnvelopeId], Option<DeviceKey>)> {
        let all = self.in_effect.iter().filter_map(|(id, proposal)| match &proposal.matter {
            Matter::Recover { member, tips, device } if self.whole.who(*member) == Some(who) => {
                Some((*id, tips.ids(), device.as_ref().map(|device| device.device)))
            }
            _ => None,
        });
        all.collect()
    }
}
