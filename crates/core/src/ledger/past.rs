//! Who is whose ancestor.
//!
//! Asked for at every reference of every envelope, so it must not cost a walk through the ledger.
//! Envelopes are threaded into **strands**: one continues that of its `prev`, unless another one
//! did already (a fork); then, and at the start of a chain, a strand begins. Of a strand, a past
//! has all up to some step, so a number a strand says it whole; [`Clock`] shares these between
//! envelopes.

use super::{Ledger, Place};
use crate::document::clock::Clock;

/// A set of envelopes that is closed under ancestors, over which standing and consent are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Everything in the ledger.
    All,
    /// The strict ancestors of one envelope.
    Past(Place),
}

/// Where an envelope lies in its strand, and how far its past and itself reach in every strand.
/// Strands are numbered in order of arrival: a device's own affair, like [`Place`].
#[derive(Clone, Debug)]
pub(super) struct Reach {
    strand: u32,
    step: u32,
    clock: Clock,
}

impl Ledger {
    /// Whether a closed set has the envelope at that place in it.
    #[must_use]
    pub fn contains(&self, closed: Closed, place: Place) -> bool {
        match closed {
            Closed::All => true,
            Closed::Past(of) => self.in_past(place, of),
        }
    }

    /// Whether `ancestor` is in the past of `of`.
    #[must_use]
    pub fn in_past(&self, ancestor: Place, of: Place) -> bool {
        #[cfg(feature = "testing")]
        self.asked.set(self.asked.get() + 1);
        let (Some(first), Some(then)) = (self.at(ancestor), self.at(of)) else { return false };
        let reached = then.reach.clock.get(first.reach.strand);
        ancestor != of && reached.is_some_and(|step| step >= first.reach.step)
    }

    /// How often anything asked whether an envelope is in the past of another: what judging costs,
    /// the same on every machine.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.asked.get()
    }

    /// How far an envelope at `place` reaches that comes right after these.
    pub(super) fn reach(&mut self, place: Place, prev: Option<Place>, before: &[Place]) -> Reach {
        let mut clock: Option<Clock> = None;
        for reach in before.iter().filter_map(|at| self.at(*at)).map(|at| &at.reach) {
            clock = match clock {
                Some(so_far) => so_far.merge(&reach.clock, &mut |a, b| Some(a.max(b))),
                None => Some(reach.clock.clone()),
            };
        }
        let end = |strand: u32| usize::try_from(strand).unwrap_or(usize::MAX);
        let last = prev.and_then(|prev| Some((prev, &self.at(prev)?.reach)));
        let last = last.map(|(prev, reach)| (prev, reach.strand, reach.step));
        let continued = last.filter(|(prev, strand, _)| {
            self.strands.get(end(*strand)).and_then(|all| all.last()) == Some(prev)
        });
        let (strand, step) = match continued {
            Some((_, strand, step)) => (strand, step.saturating_add(1)),
            None => (u32::try_from(self.strands.len()).unwrap_or(u32::MAX), 0),
        };
        match self.strands.get_mut(end(strand)) {
            Some(all) => all.push(place),
            None => self.strands.push(vec![place]),
        }
        let clock = clock.unwrap_or_default().with(strand, step);
        Reach { strand, step, clock }
    }

    /// Whether one envelope is the other or in its past.
    #[must_use]
    pub fn at_or_before(&self, ancestor: Place, of: Place) -> bool {
        ancestor == of || self.in_past(ancestor, of)
    }

    /// The strand that an envelope lies in.
    pub(super) fn strand_of(&self, place: Place) -> Option<u32> {
        self.at(place).map(|at| at.reach.strand)
    }

    /// The envelopes of a strand, each in the past of the next.
    pub(super) fn strand(&self, strand: u32) -> &[Place] {
        let all = usize::try_from(strand).ok().and_then(|strand| self.strands.get(strand));
        all.map(Vec::as_slice).unwrap_or_default()
    }

    /// Those of `places` that none of the others has in its past. They are given, and come back, in
    /// canonical order: what is in another's past stands before it.
    pub(super) fn latest(&self, places: &[Place]) -> Vec<Place> {
        let mut latest: Vec<Place> = Vec::new();
        // How far those that came so far reach together: one look for each, however many there are.
        let mut reached: Option<Clock> = None;
        for place in places.iter().rev() {
            let Some(reach) = self.at(*place).map(|at| &at.reach) else { continue };
            let before = reached.as_ref().and_then(|all| all.get(reach.strand));
            if before.is_none_or(|step| step < reach.step) {
                latest.push(*place);
            }
            reached = match reached {
                Some(all) => all.merge(&reach.clock, &mut |a, b| Some(a.max(b))),
                None => Some(reach.clock.clone()),
            };
        }
        latest.reverse();
        latest
    }
}
