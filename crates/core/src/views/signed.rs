//! Signed days, as evidence.md defines them.

use std::collections::HashMap;

use crate::day::Day;
use crate::ledger::{Ledger, PersonIx, Place, Placed, Standing};

/// The least days that three people give an envelope, the least first, each with whose it is. Of
/// these at least two are not the author's.
#[derive(Clone, Copy, Default)]
struct Least([Option<(Day, PersonIx)>; 3]);

impl Least {
    fn add(&mut self, new: (Day, PersonIx)) {
        let Self(all) = self;
        let theirs = all.iter().position(|one| one.is_some_and(|(_, by)| by == new.1));
        let slot = theirs.and_then(|at| all.get_mut(at));
        // Whoever is left out is later than three others, and stays so.
        if let Some(slot) = slot {
            *slot = (*slot).min(Some(new));
        } else if let Some(last) = all.last_mut().filter(|last| last.is_none_or(|one| new < one)) {
            *last = Some(new);
        } else {
            return;
        }
        all.sort_unstable_by_key(|one| (one.is_none(), *one));
    }

    /// The second least of those that are not this person's.
    fn second(&self, author: Option<PersonIx>) -> Option<Day> {
        let others = self.0.iter().flatten().filter(|(_, by)| Some(*by) != author);
        others.map(|(day, _)| *day).nth(1)
    }
}

/// The signed day of every envelope: the least of its header's day and the second least of the days
/// that other members give it, each the least header's day of their counted envelopes that have
/// it in their past; its header's day if fewer than two do.
///
/// Envelopes are looked at once, the latest first: each hands on what it was given, and its own day
/// if it counts, to those that it names.
pub(super) fn signed_days(ledger: &Ledger, standing: &Standing) -> HashMap<Place, Day> {
    let mut least = vec![Least::default(); ledger.len()];
    let mut days = HashMap::with_capacity(ledger.len());
    let all: Vec<(Place, &Placed)> = ledger.envelopes().collect();
    for (place, placed) in all.into_iter().rev() {
        let day = placed.envelope().header().day;
        let author = standing.author(place).map(|author| standing.goes_by(author));
        let given = least.get(place.index()).copied().unwrap_or_default();
        days.insert(place, given.second(author).map_or(day, |second| day.min(second)));
        let own = author.filter(|_| standing.counts(place)).map(|author| (day, author));
        for before in ledger.before(place) {
            let Some(before) = least.get_mut(before.index()) else { continue };
            given.0.into_iter().flatten().chain(own).for_each(|one| before.add(one));
        }
    }
    days
}
