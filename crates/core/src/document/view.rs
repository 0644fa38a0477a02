//! What a change being judged can refer to.

use std::cmp::Ordering;

use super::chunk::Actor;
use super::clock::{Clock, Id};
use super::graph::{Graph, Stretch, Table};
use super::shape::{Kind, Shape};

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

    /// What an operation of the closure, or earlier in this change, is. After what it was placed is
    /// not told: that differs within a stretch.
    pub(super) fn find(&self, id: Id) -> Option<Shape> {
        let (stretch, _) = self.stretch(id)?;
        Some(Shape { after: None, ..stretch.shape })
    }

    /// Order of ids: by counter, then by the actors' bytes, as Automerge orders what was inserted
    /// at one place.
    pub(super) fn order(&self, a: Id, b: Id) -> Ordering {
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
                    Ordering::Equal => break,
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
        // The stretch's ids below `id` are its ancestors. Stop at `other` if it is one of them,
        // else at the lowest that is later than `other`.
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
