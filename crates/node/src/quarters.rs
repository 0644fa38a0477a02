//! The quarters of the log: what is in them, and which are closed.

use std::collections::BTreeMap;

use copact_core::day::Day;
use copact_core::ids::ProposalId;
use copact_core::ledger::Closed;
use copact_core::proposal::Matter;
use copact_core::quarter::Quarter;
use serde::Serialize;

use crate::group::Group;

/// One quarter with entries, or that was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuarterRow {
    /// The quarter.
    pub quarter: Quarter,
    /// Entries that belong to it and are not set aside, late ones too.
    pub entries: usize,
    /// Of these, what came after it was closed, and does not count.
    pub late: usize,
    /// Whether it is closed.
    pub closed: bool,
    /// Since when.
    pub closed_on: Option<Day>,
    /// The decisions in effect that closed it; several when they were made at once.
    pub proposals: Vec<ProposalId>,
}

impl Group {
    /// The quarters, the earliest first.
    #[must_use]
    pub fn quarters(&self) -> Vec<QuarterRow> {
        let mut rows: BTreeMap<Quarter, QuarterRow> = BTreeMap::new();
        let empty = |quarter| QuarterRow {
            quarter,
            entries: 0,
            late: 0,
            closed: false,
            closed_on: None,
            proposals: Vec::new(),
        };
        for entry in self.log().into_iter().filter(|entry| !entry.set_aside) {
            let quarter = Quarter::of(entry.date);
            let row = rows.entry(quarter).or_insert_with(|| empty(quarter));
            row.entries += 1;
            row.late += usize::from(entry.late);
        }
        let views = self.views();
        for id in self.ledger().proposals() {
            let matter = self.ledger().proposal(id).map(|one| &one.matter);
            let Some(Matter::Quarter { quarter, .. }) = matter else { continue };
            if !self.ledger().in_effect(id, Closed::All) {
                continue;
            }
            let row = rows.entry(*quarter).or_insert_with(|| empty(*quarter));
            let enacts = self.ledger().enacted_by(id).into_iter();
            let day = enacts.filter_map(|place| views.signed(place)).min();
            row.closed = true;
            row.closed_on = row.closed_on.into_iter().chain(day).min();
            row.proposals.push(id);
        }
        rows.into_values().collect()
    }
}
