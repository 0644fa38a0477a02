//! What came after its quarter was closed (ledger.md, Quarter): kept and shown, not counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Journal;
use super::journal::{corrected_day, given_day, record};
use crate::entry::Record;
use crate::ledger::{Ledger, Place, Standing};
use crate::quarter::Quarter;

impl Journal {
    /// An entry belongs to the quarter of the day that the meeting or contribution gave which it is
    /// about.
    pub(super) fn gather_late(&mut self, ledger: &Ledger, standing: &Standing) {
        let closed = standing.closed_quarters();
        if closed.is_empty() {
            return;
        }
        for place in &self.entries {
            let about = record(ledger, self.about(*place));
            let Some(day) = about.and_then(given_day) else { continue };
            if is_late(ledger, &closed, Quarter::of(day), *place) {
                self.late.insert(*place);
            }
        }
    }

    /// What its author moved into a quarter that was closed before, by the taps at this very record
    /// alone: nothing is joined to it, or what others were at would be late with it.
    pub(super) fn moved_late(&self, ledger: &Ledger, standing: &Standing) -> BTreeSet<Place> {
        let closed = standing.closed_quarters();
        if closed.is_empty() {
            return BTreeSet::new();
        }
        let mut taps: HashMap<Place, Vec<Place>> = HashMap::new();
        for place in self.entries.iter().filter(|place| !self.is_out(**place)) {
            if let Some(Record::Tap { meeting, .. }) = record(ledger, *place)
                && let Some(meeting) = ledger.place_of(*meeting)
            {
                taps.entry(meeting).or_default().push(*place);
            }
        }
        let moved = self.corrections.iter().filter(|(target, corrections)| {
            let here = || taps.get(*target).into_iter().flatten();
            let before = |at: &Place| here().all(|tap| ledger.in_past(*at, *tap));
            let days = corrections.iter().rev().filter(|at| before(at));
            let mut days = days.filter_map(|at| Some((corrected_day(ledger, *at)?, *at)));
            days.next().is_some_and(|(day, at)| is_late(ledger, &closed, Quarter::of(day), at))
        });
        moved.map(|(target, _)| *target).collect()
    }

    /// What a correction moved into a quarter that was closed before it; the day of what has lapsed
    /// is nobody's concern.
    pub(super) fn gather_moved_late(&mut self, ledger: &Ledger, standing: &Standing) {
        let closed = standing.closed_quarters();
        if closed.is_empty() {
            return;
        }
        for place in self.entries.iter().filter(|place| !self.same_as.contains_key(*place)) {
            let Some(day) = self.event_day(ledger, *place) else { continue };
            let by = self.dated_by(*place);
            if by != *place && is_late(ledger, &closed, Quarter::of(day), by) {
                self.late.insert(*place);
                self.taps.remove(place);
            }
        }
    }
}

/// Of concurrent closes, on time is what any has.
fn is_late(
    ledger: &Ledger,
    closed: &BTreeMap<Quarter, Vec<Place>>,
    quarter: Quarter,
    place: Place,
) -> bool {
    let on_time = |tips: &Vec<Place>| tips.iter().any(|tip| ledger.at_or_before(place, *tip));
    closed.get(&quarter).is_some_and(|tips| !on_time(tips))
}
