//! The changes that passed, with what later ones need of them. A change's work here is bounded by
//! its own operations times a logarithm: nothing scans the changes before it.

use std::collections::BTreeMap;

use super::chunk::Actor;
use super::clock::{Clock, Id, NONE};
use super::shape::{Kind, Shape};
use crate::ids::ChangeHash;

/// Consecutive operations of one kind in one object, of which each was placed after the one before:
/// typing is one stretch, and so is deleting.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// The place of its first operation in the change.
    pub first: u32,
    /// What all of them are.
    pub shape: Shape,
}

/// The operations of one change.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    stretches: Vec<Stretch>,
    len: u32,
}

impl Table {
    /// Adds the next operation of `actor`, whose counter is `counter`.
    pub(super) fn push(&mut self, id: Id, shape: Shape) {
        let follows = self.stretches.last().is_some_and(|last| match (&last.shape, &shape) {
            (a, b) if a.kind == Kind::Delete && b.kind == Kind::Delete => true,
            (a, b) => {
                let before = Id { counter: id.counter.wrapping_sub(1), actor: id.actor };
                a.kind == Kind::Insert
                    && b.kind == Kind::Insert
                    && a.object == b.object
                    && b.after == Some(before)
            }
        });
        if !follows {
            self.stretches.push(Stretch { first: self.len, shape });
        }
        self.len = self.len.saturating_add(1);
    }

    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// The stretch that has an operation.
    pub(super) fn stretch(&self, place: u32) -> Option<&Stretch> {
        if place >= self.len {
            return None;
        }
        let after = self.stretches.partition_point(|stretch| stretch.first <= place);
        self.stretches.get(after.checked_sub(1)?)
    }
}

/// A change in the graph.
#[derive(Debug)]
pub(super) struct Node {
    pub hash: ChangeHash,
    pub actor: u32,
    pub seq: u32,
    /// Counter of its first operation; one more than all in its closure.
    pub start: u32,
    pub deps: Vec<u32>,
    /// The actor's change before, or [`NONE`].
    pub prev: u32,
    /// A far change of the same chain, so that a chain is searched in logarithmic time.
    jump: u32,
    /// Its closure, itself included.
    pub clock: Clock,
    pub table: Table,
}

impl Node {
    /// The counter after its last operation.
    pub(super) const fn end(&self) -> u32 {
        self.start.saturating_add(self.table.len())
    }
}

/// What a new change brings.
#[derive(Debug)]
pub(super) struct Fresh {
    pub hash: ChangeHash,
    pub actor: Actor,
    pub seq: u32,
    pub start: u32,
    pub deps: Vec<u32>,
    /// The union of its dependencies' clocks.
    pub past: Clock,
    pub table: Table,
}

/// All changes that passed, in order of arrival, on which nothing outside depends.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    by_hash: BTreeMap<ChangeHash, u32>,
    actors: Vec<Actor>,
    by_actor: BTreeMap<Actor, u32>,
}

impl Graph {
    pub(super) fn index(&self, hash: ChangeHash) -> Option<u32> {
        self.by_hash.get(&hash).copied()
    }

    pub(super) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(index).ok()?)
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The number of an actor; a new actor's will be the next free one.
    pub(super) fn actor(&self, actor: Actor) -> Option<u32> {
        self.by_actor.get(&actor).copied()
    }

    pub(super) fn next_actor(&self) -> u32 {
        u32::try_from(self.actors.len()).unwrap_or(NONE)
    }

    pub(super) fn actor_bytes(&self, actor: u32) -> Option<&Actor> {
        self.actors.get(usize::try_from(actor).ok()?)
    }

    /// Adds a change; the same change again is left as it is.
    pub(super) fn insert(&mut self, fresh: Fresh) {
        if self.by_hash.contains_key(&fresh.hash) {
            return;
        }
        let index = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let actor = self.actor(fresh.actor).unwrap_or_else(|| {
            let number = self.next_actor();
            self.actors.push(fresh.actor);
            self.by_actor.insert(fresh.actor, number);
            number
        });
        let prev = fresh.past.get(actor).unwrap_or(NONE);
        self.nodes.push(Node {
            hash: fresh.hash,
            actor,
            seq: fresh.seq,
            start: fresh.start,
            deps: fresh.deps,
            prev,
            jump: self.jump_over(prev).unwrap_or(index),
            clock: fresh.past.with(actor, index),
            table: fresh.table,
        });
        self.by_hash.insert(fresh.hash, index);
    }

    /// Where a change after `prev` jumps: the skew-binary rule, by which jumps double in length.
    fn jump_over(&self, prev: u32) -> Option<u32> {
        let before = self.node(prev)?;
        let middle = self.node(before.jump)?;
        let far = self.node(middle.jump)?;
        let (near, next) = (before.seq - middle.seq, middle.seq - far.seq);
        Some(if near == next { middle.jump } else { prev })
    }

    /// The change with number `seq` on the chain that ends in `latest`.
    fn on_chain(&self, latest: u32, seq: u32) -> Option<u32> {
        let mut index = latest;
        loop {
            let node = self.node(index)?;
            if node.seq <= seq {
                return (node.seq == seq).then_some(index);
            }
            let far = self.node(node.jump)?.seq >= seq;
            index = if far { node.jump } else { node.prev };
        }
    }

    /// The later of two changes of one actor, if it has the other on its chain.
    pub(super) fn later(&self, a: u32, b: u32) -> Option<u32> {
        let (seq_a, seq_b) = (self.node(a)?.seq, self.node(b)?.seq);
        let (late, early, seq) = if seq_a >= seq_b { (a, b, seq_b) } else { (b, a, seq_a) };
        (self.on_chain(late, seq) == Some(early)).then_some(late)
    }

    /// Whether `change` is in a past.
    pub(super) fn in_clock(&self, clock: &Clock, change: u32) -> bool {
        self.node(change).is_some_and(|node| {
            let latest = clock.get(node.actor);
            latest.and_then(|latest| self.on_chain(latest, node.seq)) == Some(change)
        })
    }

    /// The union of the closures of some changes; none if it has a fork.
    pub(super) fn past(&self, changes: &[u32]) -> Option<Clock> {
        let mut past: Option<Clock> = None;
        for &change in changes {
            let clock = &self.node(change)?.clock;
            past = Some(match past {
                None => clock.clone(),
                Some(past) => past.merge(clock, &mut |a, b| self.later(a, b))?,
            });
        }
        Some(past.unwrap_or_default())
    }

    /// The change in a past that has an operation.
    pub(super) fn holder(&self, past: &Clock, id: Id) -> Option<&Node> {
        let mut node = self.node(past.get(id.actor)?)?;
        while node.start > id.counter {
            let jump = self.node(node.jump)?;
            node = if jump.start > id.counter { jump } else { self.node(node.prev)? };
            // The first of a chain jumps to itself.
            if node.prev == NONE && node.start > id.counter {
                return None;
            }
        }
        Some(node)
    }
}
