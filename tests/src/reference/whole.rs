//! The set: its envelopes in canonical order, and what is in whose past.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::change::DocumentId;
use copact_core::entry::Entry;
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{ChangeHash, EnvelopeId, MemberId, ProposalId};
use copact_core::keys::DeviceKey;
use copact_core::proposal::Proposal;

use super::Who;

/// A change to the contract.
#[derive(Debug)]
pub struct Carried {
    /// The envelopes that carry it.
    pub by: Vec<usize>,
    pub deps: Vec<ChangeHash>,
    /// Actor and number: one continuation of a chain.
    pub step: (Vec<u8>, u64),
}

/// Envelopes are numbered in canonical order: by depth, then id.
#[derive(Debug)]
pub struct Whole<'a> {
    pub all: Vec<&'a Verified>,
    pub number: BTreeMap<EnvelopeId, usize>,
    /// The strict ancestors of each.
    pub past: Vec<BTreeSet<usize>>,
    /// Void for what is not about standing.
    pub void: BTreeSet<usize>,
    /// The act that gave each member id, and to whom.
    pub members: BTreeMap<MemberId, (usize, Who)>,
    /// What each Propose, Answer and Enact is about.
    pub proposals: BTreeMap<usize, (ProposalId, &'a Proposal)>,
    pub changes: BTreeMap<ChangeHash, Carried>,
}

impl<'a> Whole<'a> {
    /// Takes what belongs in the set: the founding envelope, and whatever has all it builds on in
    /// the set and continues its chain.
    pub fn of(envelopes: &'a [Verified], void: &BTreeSet<EnvelopeId>) -> Self {
        let mut depths: BTreeMap<EnvelopeId, (u32, &Verified)> = BTreeMap::new();
        let mut rest: Vec<&Verified> = envelopes.iter().collect();
        loop {
            let before = depths.len();
            rest.retain(|one| match depth(one, &depths) {
                Some(depth) => {
                    depths.insert(one.id(), (depth, one));
                    false
                }
                None => true,
            });
            if depths.len() == before {
                break;
            }
        }
        let mut all: Vec<(u32, &Verified)> = depths.into_values().collect();
        all.sort_by_key(|(depth, one)| (*depth, one.id()));
        let all: Vec<&Verified> = all.into_iter().map(|(_, one)| one).collect();
        let number: BTreeMap<EnvelopeId, usize> =
            all.iter().enumerate().map(|(at, one)| (one.id(), at)).collect();
        let mut past: Vec<BTreeSet<usize>> = Vec::new();
        for one in &all {
            let mut mine = BTreeSet::new();
            for before in named(one) {
                mine.insert(number[&before]);
                mine.extend(&past[number[&before]]);
            }
            past.push(mine);
        }
        let void = void.iter().filter_map(|id| number.get(id).copied()).collect();
        let mut whole = Self {
            all,
            number,
            past,
            void,
            members: BTreeMap::new(),
            proposals: BTreeMap::new(),
            changes: BTreeMap::new(),
        };
        (0..whole.all.len()).for_each(|at| whole.note(at));
        whole
    }

    fn note(&mut self, at: usize) {
        match self.all[at].content() {
            Content::Act(act) => {
                for (member, who, _) in self.brings(at) {
                    self.members.insert(member, (at, who));
                }
                if let Act::Propose { proposal, .. }
                | Act::Answer { proposal, .. }
                | Act::Enact { proposal } = act
                {
                    self.proposals.insert(at, (proposal.id(), proposal));
                }
            }
            Content::Change(change)
                if change.document == DocumentId::Contract && !self.void.contains(&at) =>
            {
                // What the gate was not asked about, because nobody may say it, can be anything.
                let Ok(read) = automerge::Change::try_from(change.bytes.as_slice()) else { return };
                let hash = |hash: &automerge::ChangeHash| ChangeHash::from_bytes(hash.0);
                let carried = self.changes.entry(hash(&read.hash())).or_insert_with(|| Carried {
                    by: Vec::new(),
                    deps: read.deps().iter().map(hash).collect(),
                    step: (read.actor_id().to_bytes().to_vec(), read.seq()),
                });
                carried.by.push(at);
            }
            _ => {}
        }
    }

    pub fn act(&self, at: usize) -> Option<&'a Act> {
        match self.all[at].content() {
            Content::Act(act) => Some(act),
            _ => None,
        }
    }

    pub fn entry(&self, at: usize) -> Option<&'a Entry> {
        match self.all[at].content() {
            Content::Entry(entry) => Some(entry),
            _ => None,
        }
    }

    pub fn device(&self, at: usize) -> DeviceKey {
        self.all[at].header().chain.device
    }

    pub fn who(&self, member: MemberId) -> Option<Who> {
        self.members.get(&member).map(|(_, who)| *who)
    }

    /// Whether `at` is the envelope, or has it in its past.
    pub fn has_seen(&self, at: usize, envelope: usize) -> bool {
        at == envelope || self.past[at].contains(&envelope)
    }

    /// Whether it is one of these envelopes, or in the past of one.
    pub fn at_or_before(&self, at: usize, tips: &[EnvelopeId]) -> bool {
        let mut tips = tips.iter().filter_map(|tip| self.number.get(tip));
        tips.any(|tip| self.has_seen(*tip, at))
    }

    /// The people that a Found, Admit or Assist brings in, with the id it gives and the device.
    pub fn brings(&self, at: usize) -> Vec<(MemberId, Who, Option<DeviceKey>)> {
        let id = self.all[at].id();
        match self.act(at) {
            Some(Act::Found(found)) => {
                let first = (0..).zip(found.members.iter().map(|first| first.device.device));
                let one = |(place, device)| {
                    (MemberId::first(id, place), Who::Device(device), Some(device))
                };
                first.map(one).collect()
            }
            Some(Act::Admit { device, .. }) => {
                let device = device.device;
                vec![(MemberId::brought_in_by(id), Who::Device(device), Some(device))]
            }
            Some(Act::Assist { .. }) => {
                vec![(MemberId::brought_in_by(id), Who::Assisted(id), None)]
            }
            _ => Vec::new(),
        }
    }
}

fn named(envelope: &Verified) -> impl Iterator<Item = EnvelopeId> {
    let header = envelope.header();
    header.prev.iter().chain(&header.parents).copied()
}

/// The longest way back to the founding envelope, if all that the envelope builds on is there.
fn depth(one: &Verified, known: &BTreeMap<EnvelopeId, (u32, &Verified)>) -> Option<u32> {
    let header = one.header();
    if header.group.is_none() {
        return Some(0);
    }
    if let Some(prev) = header.prev {
        let prev = known.get(&prev)?.1.header();
        (prev.chain == header.chain && prev.seq.checked_add(1) == Some(header.seq)).then_some(())?;
    }
    let before = named(one).map(|id| known.get(&id).map(|(depth, _)| *depth));
    before.collect::<Option<Vec<u32>>>()?.into_iter().max().map(|most| most + 1)
}
