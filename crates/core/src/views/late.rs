//! What came after its quarter was closed (ledger.md, Quarter): kept and shown, not counted.

use std::collections::BTreeMap;

use super::Journal;
use super::journal::given_day;
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
            let about = super::journal::record(ledger, self.about(*place));
            let Some(day) = about.and_then(given_day) else { continue };
            if is_late(ledger, &closed, Quarter::of(day), *place) {
                self.late.insert(*place);
            }
        }
    }

    /// What a correction moved into a quarter that was closed before it.
    pub(super) fn gather_moved_late(&mut self, ledger: &Ledger, standing: &Standing) {
        let closed = standing.closed_quarters();
        if closed.is_empty() {
            return;
        }
        for place in &self.entries {
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
