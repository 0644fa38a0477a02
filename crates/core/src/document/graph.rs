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
    fn stretch(&self, place: u32) -> Option<&Stretch> {
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

/// All changes that passed, in order of arrival; nothing that leaves the gate depends on that order.
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

    fn actor_bytes(&self, actor: u32) -> Option<&Actor> {
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
    fn holder(&self, past: &Clock, id: Id) -> Option<&Node> {
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

/// A change being judged: what is before it, and its own operations so far.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub graph: &'a Graph,
    pub past: &'a Clock,
    pub own: u32,
    pub own_bytes: Actor,
    pub start: u32,
    pub table: Table,
}

impl View<'_> {
    /// The stretch of an operation of the closure, or earlier in this change, with the counter of
    /// the stretch's first.
    fn stretch(&self, id: Id) -> Option<(&Stretch, u32)> {
        let (table, start) = match id.counter.checked_sub(self.start) {
            Some(_) if id.actor == self.own => (&self.table, self.start),
            _ => {
                let node = self.graph.holder(self.past, id)?;
                (&node.table, node.start)
            }
        };
        let stretch = table.stretch(id.counter.checked_sub(start)?)?;
        Some((stretch, start.checked_add(stretch.first)?))
    }

    /// What an operation of the closure, or earlier in this change, is.
    pub(super) fn find(&self, id: Id) -> Option<Shape> {
        let (stretch, first) = self.stretch(id)?;
        let mut shape = stretch.shape;
        if shape.kind == Kind::Insert && id.counter > first {
            shape.after = Some(Id { counter: id.counter - 1, actor: id.actor });
        }
        Some(shape)
    }

    /// Order of ids: by counter, then by the actors' bytes, as Automerge orders what was inserted
    /// at one place.
    pub(super) fn order(&self, a: Id, b: Id) -> std::cmp::Ordering {
        let bytes = |id: Id| {
            if id.actor == self.own {
                Some(&self.own_bytes)
            } else {
                self.graph.actor_bytes(id.actor)
            }
        };
        a.counter.cmp(&b.counter).then_with(|| bytes(a).cmp(&bytes(b)))
    }

    /// Whether `second` comes after `first` in their text, which later insertions never change.
    /// Climbs from the later inserted of the two until they meet; whole stretches are one step.
    ///
    /// Returns `None` once `steps` have run out.
    pub(super) fn comes_after(&self, first: Id, second: Id, steps: &mut u32) -> Option<bool> {
        let (mut a, mut b) = (Some(first), Some(second));
        let (mut below_a, mut below_b) = (None, None);
        loop {
            *steps = steps.checked_sub(1)?;
            let a_is_later = match (a, b) {
                (Some(x), Some(y)) => match self.order(x, y) {
                    std::cmp::Ordering::Equal => break,
                    order => order.is_gt(),
                },
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if a_is_later {
                (a, below_a) = self.climb(a?, b)?;
            } else {
                (b, below_b) = self.climb(b?, a)?;
            }
        }
        Some(match (below_a, below_b) {
            // One is above the other: what is inserted after something comes after it.
            (None, _) => true,
            (Some(_), None) => false,
            // Of two inserted at one place, the later inserted comes first.
            (Some(x), Some(y)) => self.order(x, y).is_gt(),
        })
    }

    /// From `id` to what it was placed after, jumping to the first of its stretch that is still
    /// later than `other`. Returns where that leads (`None`: the head) and the one below it.
    fn climb(&self, id: Id, other: Option<Id>) -> Option<(Option<Id>, Option<Id>)> {
        let (stretch, first) = self.stretch(id)?;
        if stretch.shape.kind != Kind::Insert || first == id.counter {
            return Some((stretch.shape.after, Some(id)));
        }
        // The stretch's ids below `id` are its ancestors. Stop at `other` if it is one of them, else
        // at the lowest that is later than `other`.
        let floor = other.map_or(first, |other| {
            let at_other = Id { counter: other.counter, actor: id.actor };
            let next = u32::from(self.order(at_other, other).is_lt());
            other.counter.saturating_add(next).max(first)
        });
        let target = if floor < id.counter { floor } else { id.counter - 1 };
        let below = Id { counter: target.saturating_add(1), actor: id.actor };
        Some((Some(Id { counter: target, actor: id.actor }), Some(below)))
    }
}
