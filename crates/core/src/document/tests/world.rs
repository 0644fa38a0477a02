//! People who edit one contract, on devices that meet, part, and are restored from backups.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, Automerge, ROOT, ReadDoc, hydrate};
use proptest::prelude::*;

use super::edits::{self, Edit};
use crate::change::DocumentId;
use crate::document::{Document, Gate, Selection};
use crate::ids::{ChangeHash, MemberId};

/// What somebody does; the numbers choose among what is there.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody makes a change of these edits.
    Edit(usize, Vec<Edit>),
    /// Somebody receives all that somebody else has.
    Receive(usize, usize),
    /// Somebody's device is restored twice from a backup of now: the copy is a further device.
    Clone(usize),
}

pub fn step(clones: u32) -> impl Strategy<Value = Step> {
    let who = || 0_usize..8;
    let edits = proptest::collection::vec(edits::edit(), 1..6);
    prop_oneof![
        6 => (who(), edits).prop_map(|(who, edits)| Step::Edit(who, edits)),
        3 => (who(), who()).prop_map(|(to, from)| Step::Receive(to, from)),
        clones => who().prop_map(Step::Clone),
    ]
}

/// A device.
#[derive(Clone, Debug)]
struct Device {
    member: MemberId,
    actor: [u8; 16],
    known: BTreeSet<ChangeHash>,
}

/// A change that was made.
#[derive(Clone, Debug)]
pub struct Made {
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    pub actor: [u8; 16],
    pub member: MemberId,
    /// What its author had.
    pub past: BTreeSet<ChangeHash>,
}

/// All that was made, and the gate of somebody who sees it at once.
#[derive(Debug)]
pub struct World {
    pub gate: Gate,
    pub made: Vec<Made>,
    devices: Vec<Device>,
    actors: u8,
}

impl World {
    pub fn new() -> Self {
        let device = |n: u8| Device {
            member: MemberId::from_bytes([n; 32]),
            // Not in the order of the members.
            actor: [n.wrapping_mul(97); 16],
            known: BTreeSet::new(),
        };
        Self {
            gate: Gate::new(&DocumentId::Contract),
            made: Vec::new(),
            devices: (1..=3).map(device).collect(),
            actors: 3,
        }
    }

    /// The change that became of a hash.
    fn made(&self, hash: ChangeHash) -> Option<&Made> {
        self.made.iter().find(|made| made.hash == hash)
    }

    pub fn counted(&self, known: &BTreeSet<ChangeHash>) -> BTreeMap<ChangeHash, MemberId> {
        let known = self.made.iter().filter(|made| known.contains(&made.hash));
        known.map(|made| (made.hash, made.member)).collect()
    }

    pub fn all(&self) -> BTreeSet<ChangeHash> {
        self.made.iter().map(|made| made.hash).collect()
    }

    pub fn build(&self, selection: &Selection) -> Document {
        let bytes = |hash| self.made(hash).map(|made| made.bytes.as_slice());
        Document::build(&DocumentId::Contract, &selection.kept, &bytes).unwrap()
    }

    /// Takes a step. What an honest device makes, the gate takes, whoever judges it.
    pub fn step(&mut self, step: &Step) {
        let at = |who: &usize| who % self.devices.len();
        match step {
            Step::Clone(who) => self.devices.push(self.devices[at(who)].clone()),
            Step::Receive(to, from) => {
                let known = self.devices[at(from)].known.clone();
                let to = at(to);
                self.devices[to].known.extend(known);
            }
            Step::Edit(who, edits) => self.edit(at(who), edits),
        }
    }

    fn edit(&mut self, who: usize, edits: &[Edit]) {
        let device = self.devices[who].clone();
        let selection = self.gate.selection(&self.counted(&device.known), &[]);
        let lost = |hash: &ChangeHash| self.made(*hash).is_some_and(|m| m.actor == device.actor);
        let mut actor = device.actor;
        if selection.left_out.iter().any(lost) {
            // One of its changes lost to a fork: a new incarnation.
            self.actors += 1;
            actor = [self.actors.wrapping_mul(97); 16];
            self.devices[who].actor = actor;
        }
        let doc = self.build(&selection).into_automerge();
        let mut doc = doc.with_actor(ActorId::from(actor));
        let mut tx = doc.transaction();
        for edit in edits {
            edits::make(&mut tx, edit).unwrap();
        }
        if tx.commit().0.is_none() {
            return;
        }
        let bytes = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        let past = device.known.clone();
        let verdict = self.gate.judge(actor, &bytes, &|hash| past.contains(&hash));
        let hash = verdict.unwrap_or_else(|void| panic!("an honest change is void: {void}"));
        if self.devices[who].known.insert(hash) && self.made(hash).is_none() {
            self.made.push(Made { hash, bytes, actor, member: device.member, past });
        }
    }

    /// All changes in an order that causality allows, chosen by a seed.
    pub fn shuffled(&self, mut seed: u64) -> Vec<&Made> {
        let mut waiting: Vec<&Made> = self.made.iter().collect();
        let mut there = BTreeSet::new();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let ready: Vec<usize> =
                (0..waiting.len()).filter(|&i| waiting[i].past.is_subset(&there)).collect();
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let made = waiting.remove(ready[(seed % ready.len() as u64) as usize]);
            there.insert(made.hash);
            order.push(made);
        }
        order
    }
}

/// The document, as people see it, with marks.
pub fn seen(doc: &Automerge) -> (hydrate::Value, String) {
    let mut out = String::new();
    for key in ["sections", "goals"] {
        let (_, map) = doc.get(ROOT, key).unwrap().unwrap();
        for part in doc.map_range(&map, ..) {
            for key in ["heading", "body", "text"] {
                if let Some((_, text)) = doc.get(part.id(), key).unwrap() {
                    out += &format!("{:?}", doc.marks(text).unwrap());
                }
            }
        }
    }
    (doc.hydrate(None), out)
}
