//! Figures groomed (SECURITY.md, 45): one test for each way. Each makes what an honest group has,
//! then what somebody does to it who wants better figures, and says what the report must show.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use copact_core::ids::EnvelopeId;
use copact_core::ledger::Placed;
use copact_core::proposal::{Matter, Proposal};
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::figure::Value;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_tests::decisions::{decide, quarter};
use copact_tests::group::day;
use copact_tests::person::Person;

mod choosing;
mod confirming;
mod meetings;
mod words;
mod working;

/// The quarter in which groups of tests begin.
pub(crate) fn this_quarter() -> Window {
    Window::new(day("2026-01-01"), day("2026-03-31")).unwrap()
}

pub(crate) fn report(person: &Person, window: Window) -> Report {
    let views = Views::of(&person.ledger);
    Report::of(&views, &Facts::of(&views), window, RuleSet::minimum().unwrap())
}

/// The report of the quarter.
pub(crate) fn seen(person: &Person) -> Report {
    report(person, this_quarter())
}

/// An indicator that is a quotient of counts.
pub(crate) fn share(report: &Report, id: &str) -> (u64, u64) {
    let row = &report.indicators[id];
    row.num.zip(row.den).unwrap_or_else(|| panic!("{id}: {row:?}"))
}

/// All hours that count.
pub(crate) fn hours(report: &Report) -> f64 {
    match report.indicators["H1"].value {
        Some(Value::Hours { total, .. }) => total,
        ref other => panic!("no hours: {other:?}"),
    }
}

/// How much a warning says, of how much; nothing if it is not there.
pub(crate) fn warned(report: &Report, code: &str) -> Option<(u64, Option<u64>)> {
    report.warnings.iter().find(|one| one.code == code).map(|one| (one.num, one.den))
}

pub(crate) fn heads(person: &Person) -> Vec<EnvelopeId> {
    let ledger = &person.ledger;
    ledger.heads().filter_map(|place| ledger.at(place)).map(Placed::id).collect()
}

/// All of these close the quarter with what they have.
pub(crate) fn close(people: &mut [&mut Person]) {
    let frontier = heads(people[0]);
    decide(people, &quarter(Quarter::parse("2026-Q1").unwrap(), &frontier));
}

/// All of these sign the draft, and it is adopted.
pub(crate) fn adopt(people: &mut [&mut Person]) -> Proposal {
    let proposal = Proposal::new(Matter::Ratify(people[0].draft().unwrap()));
    decide(people, &proposal);
    proposal
}
