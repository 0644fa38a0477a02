//! The first screen: what the answer means, how narrow it is, and what a reader can do.

use copact_core::day::Day;
use copact_evidence::report::Report;
use copact_evidence::report::pictures::MonthPoint;
use copact_tests::group::first_day;

use crate::groups;
use crate::samples::{all, page};
use crate::tags::text;

fn has(page: &str, words: &str) {
    assert!(page.contains(words), "“{words}” is not in: {page}");
}

fn first(report: &Report) -> String {
    let told = text(&page(report, None));
    told.split("Clause by clause").next().unwrap().to_owned()
}

/// Breaks when: somebody who reads only the answer does not learn what was asked, that the
/// thresholds are proposals, or what Yes leaves open.
#[test]
fn the_answer_says_what_it_means_and_what_it_does_not() {
    let told = first(&groups::coproducing(6, 2));
    let before = told.split("Clauses that hold").next().unwrap();
    has(before, "an agreement written by more than one of the members, accepted by them");
    has(before, "still to be calibrated with groups, and not validated facts");
    has(before, "Yes does not mean that the work is useful, nor that money is safe");
    has(before, "published rules that come with copact");
    has(before, "The rules ask 15 questions, called clauses.");
    has(&first(&groups::formed()), "It does not mean that nothing good is done");
}

/// Breaks when: the tally counts other clauses than the table has.
#[test]
fn the_tally_counts_the_rows_of_the_table() {
    let told = first(&groups::coproducing(6, 2));
    has(&told, "8 of 8 on the agreement");
    has(&told, "6 of 6 on working together");
    has(&told, "0 of 1 on keeping at it");
    assert!(!told.contains("All clauses hold"), "one of them does not: {told}");
    has(&told, "All that co-producing asks holds");
}

/// Breaks when: of two figures of which one is enough only one is told.
#[test]
fn both_ways_of_doing_something_for_each_other_are_told() {
    let told = text(&page(&groups::coproducing(6, 2), None));
    has(&told, "4 of 6 members gave and received work; 0 of 6 members worked for the group");
    has(&told, "either is enough");
}

/// Breaks when: the day on which the answer ends is not the day from which the rules say so.
#[test]
fn the_answer_ends_on_the_day_that_is_named() {
    let report = groups::coproducing(6, 2);
    has(&first(&report), "this Yes ends on 18 June 2026 at the latest");
    let end = Day::parse("2026-06-18").unwrap().since(first_day());
    assert_eq!(groups::coproducing_until(6, 2, end - 1).level, "co-producing");
    assert_eq!(groups::coproducing_until(6, 2, end).level, "formed");
    let mut short = report;
    short.pictures.meetings.remove(0);
    has(&first(&short), "so ask again by");
}

/// Breaks when: a young group is said to have failed at what it could not do yet.
#[test]
fn what_a_young_group_cannot_do_yet_is_too_early() {
    let told = text(&page(&groups::coproducing(6, 2), None));
    has(&told, "Fail: too early");
    has(&told, "this cannot pass before 30 September 2026");
    let told = text(&page(&groups::sustained(), None));
    assert!(!told.contains("too early"));
}

/// Breaks when: other rules under the same name are told in the words of copact's own.
#[test]
fn other_rules_of_the_same_name_are_others() {
    let mut report = groups::coproducing(6, 2);
    "00".clone_into(&mut report.ruleset.hash);
    let told = first(&report);
    has(&told, "The answer: By other rules");
    has(&told, "which are not those that come with copact");
    assert!(!told.contains("Co-producing means here"));
}

/// Breaks when: a side of how sure the answer is stays empty, or months before there was a group
/// look as if it had done nothing.
#[test]
fn facts_for_and_against_and_no_months_before_the_founding() {
    for (name, report, called) in all() {
        let told = text(&page(&report, called));
        let sides = told.split_once("This speaks for it").unwrap().1;
        let (speaks, cautions) = sides.split_once("This asks for caution").unwrap();
        assert!(speaks.len() > 20 && cautions.len() > 20, "{name}");
    }
    let mut report = groups::coproducing(6, 2);
    let early = MonthPoint { month: "2025-12".to_owned(), minutes: 0 };
    report.pictures.months.insert(0, early);
    assert!(!text(&page(&report, None)).contains("Dec 2025"));
}
