//! Every case in which the page says that there is no figure, and its reason.

use copact_evidence::facts::{Facts, Whom};
use copact_evidence::figure::Value;

use crate::hand::{
    CITIZEN, adopt, day, figure, gave, group, met, share, why, window, with_roles, work,
};

const NO_MEMBER: &str = "there was no member at the end of the window";
const ONE: &str = "it takes two members";
const NOT_ADOPTED: &str = "no version of the contract was adopted by the end of the window";
const NO_WORK: &str = "no work is dated by the end of the window";
const NO_MEETING: &str = "no meeting with names was held in the window";
const NO_TIE: &str = "no minute of a member for another counts in the window";
const NO_MINUTES: &str = "no minute of a member counts in the window";
const NOBODY_CAME: &str = "newcomers are followed for 90 days, and nobody joined in time for that: \
                           between 90 days before the period and 90 days before its end";

fn all_are(ids: &[&str], facts: &Facts, from: i32, to: i32, reason: &str) {
    for id in ids {
        assert_eq!(why(id, facts, window(from, to)), reason, "{id}");
    }
}

/// Breaks when: a figure of the contract is there before the contract is.
#[test]
fn before_a_contract_is_adopted() {
    let facts = adopt(group(3), 1, 11, &[0], &[30]);
    all_are(&["C1", "C2", "C3", "C4", "C5", "C6"], &facts, 0, 10, NOT_ADOPTED);
    all_are(&["C1", "C2", "C3", "C4", "C5", "C6"], &group(3), 0, 10, NOT_ADOPTED);
    // It is on the very day; what has no clause or author still has no share of them.
    assert_eq!(share("C1", &facts, window(0, 11)), (1, 3));
}

/// Breaks when: an empty text has clauses or authors, or nobody is somebody.
#[test]
fn where_the_contract_or_the_group_is_empty() {
    let facts = adopt(group(2), 1, 1, &[0], &[0, 0]);
    all_are(&["C2"], &facts, 0, 10, "no member wrote any of the adopted text");
    all_are(&["C3"], &facts, 0, 10, "the adopted text has no clause");
    let mut gone = adopt(group(1), 1, 1, &[0], &[30]);
    gone.people[0].until = Some(day(5));
    gone.work = vec![work(0, 10, Whom::Group, 2)];
    all_are(&["C1", "C6", "H1", "H4"], &gone, 0, 10, NO_MEMBER);
    assert_eq!(share("C4", &gone, window(0, 10)), (1, 1), "on its day there was somebody");
    gone.versions[0].adopted = Some(day(6));
    all_are(&["C4"], &gone, 0, 10, NO_MEMBER);
}

/// Breaks when: one member is compared with nobody.
#[test]
fn where_there_is_one_member() {
    let mut facts = adopt(group(1), 1, 1, &[0], &[30]);
    facts.work = vec![work(0, 10, Whom::Group, 2)];
    facts.meetings = vec![met(1, &[0])];
    let of_two = ["C2", "H3", "P6", "R1", "R2", "R3", "R4", "R5", "R6"];
    all_are(&of_two, &facts, 0, 10, ONE);
    all_are(&of_two[1..], &group(1), 0, 10, ONE);
}

/// Breaks when: no meeting is no attendance, which would be 0.
#[test]
fn where_nobody_met() {
    let mut facts = group(3);
    facts.meetings = vec![met(5, &[]), met(6, &[0]), met(20, &[0])];
    facts.meetings[1].headcount_only = true;
    all_are(&["P1", "P2", "P3"], &facts, 0, 10, NO_MEETING);
    all_are(&["D5"], &facts, 0, 10, "no member opened a held meeting in the window");
    assert_eq!(share("P6", &facts, window(0, 10)), (0, 3), "no pair met twice");
    // A meeting before the only member came.
    let mut late = group(1);
    late.people[0].since = day(8);
    late.meetings = vec![met(5, &[0])];
    all_are(&["P3"], &late, 0, 10, NO_MEETING);
    // Opened by somebody who left.
    let mut left = group(2);
    left.people[1].until = Some(day(9));
    left.meetings = vec![met(5, &[0])];
    left.meetings[0].opened_by = Some(1);
    all_are(&["D5"], &left, 0, 10, "no member opened a held meeting in the window");
}

/// Breaks when: retention is there without two quarters, or without anybody to be retained.
#[test]
fn where_there_are_no_two_quarters() {
    let mut facts = group(1);
    facts.meetings = vec![met(200, &[0])];
    // From 2 March: the second and third quarter are whole by 30 September, day 212.
    all_are(&["P4"], &facts, 0, 211, "fewer than two quarters lie in the window");
    // Nobody was there in the second, to be there in the third.
    all_are(&["P4"], &facts, 0, 212, "nobody was active in those quarters");
    facts.meetings.push(met(60, &[0]));
    assert_eq!(share("P4", &facts, window(0, 212)), (1, 1));
}

/// Breaks when: who was taken over from a list, or came outside of the span, is a newcomer.
#[test]
fn where_nobody_came() {
    let mut facts = group(2);
    facts.people[0].imported = true;
    facts.people[0].since = day(15);
    all_are(&["P5", "J2"], &facts, 100, 120, NOBODY_CAME);
    facts.people[1].since = day(10);
    assert_eq!(share("P5", &facts, window(100, 120)), (0, 1));
    assert_eq!(share("J2", &facts, window(100, 120)), (0, 1));
    let none = Some(Value::Joining { joined: 0, left: 0, net: 0 });
    assert_eq!(figure("J1", &facts, window(100, 120)).value, none, "joining is always known");
}

/// Breaks when: nothing synced yet is taken for zero, or zero for nothing synced.
#[test]
fn before_any_work_and_where_none_counts() {
    let mut facts = group(3);
    facts.work = vec![gave(0, 1, 30)];
    facts.work[0].date = day(11);
    all_are(&["H1", "H4", "R5", "R6", "D4"], &facts, 0, 10, NO_WORK);
    all_are(&["H2"], &facts, 0, 10, "no work was claimed in the window");
    all_are(&["H3", "H5"], &facts, 0, 10, NO_MINUTES);
    all_are(&["R1", "R2", "R3", "R4"], &facts, 0, 10, NO_TIE);
    // Dated by then, though before the window and not confirmed: now zero is known.
    facts.work[0].date = day(-50);
    facts.work[0].confirmed = false;
    let zero = Some(Value::Hours { total: 0.0, per_member: 0.0 });
    assert_eq!(figure("H1", &facts, window(0, 10)).value, zero);
    assert_eq!(share("H4", &facts, window(0, 10)), (0, 3));
    assert_eq!(share("R5", &facts, window(0, 10)), (0, 6));
    assert_eq!(share("R6", &facts, window(0, 10)), (0, 3));
    assert_eq!(share("D4", &facts, window(0, 10)), (0, 4));
    all_are(&["H3", "H5"], &facts, 0, 10, NO_MINUTES);
    all_are(&["R1", "R2", "R3", "R4"], &facts, 0, 10, NO_TIE);
    // Claimed and disputed alone is not claimed.
    facts.work[0].date = day(5);
    facts.work[0].disputed = true;
    all_are(&["H2"], &facts, 0, 10, "no work was claimed in the window");
}

/// Breaks when: ρ is divided by 0.
#[test]
fn where_everybody_does_something_for_everybody() {
    let mut facts = group(2);
    facts.work = vec![gave(0, 1, 30), gave(1, 0, 1)];
    all_are(&["R1"], &facts, 0, 10, "everybody does something for everybody");
    assert_eq!(share("R5", &facts, window(0, 10)), (2, 2));
}

/// Breaks when: no decision is a turnout of 0, or a rejected one counts as adopted.
#[test]
fn where_nothing_was_decided_or_due() {
    let mut facts = group(2);
    all_are(&["D1"], &facts, 0, 10, "no decision closed in the window");
    all_are(&["D3"], &facts, 0, 10, "no decision was adopted in the window");
    all_are(&["G1"], &facts, 0, 10, "no goal was due in the window");
    facts.decisions = vec![crate::hand::decision(1, 2, false, &[0])];
    all_are(&["D3"], &facts, 0, 10, "no decision was adopted in the window");
    // Proposed when nobody was a member: no turnout.
    facts.decisions[0].proposed = day(-5);
    all_are(&["D1"], &facts, 0, 10, "no decision closed in the window");
}

/// Breaks when: roles are compared where there is one, or ties bridge none.
#[test]
fn where_there_is_one_role() {
    let none = "there are fewer than two roles, or nobody of either wrote, decided or worked";
    let mut facts = adopt(with_roles(group(3), &[CITIZEN, CITIZEN, None]), 1, 1, &[0], &[30]);
    facts.work = vec![gave(0, 2, 30)];
    all_are(&["D2"], &facts, 0, 10, none);
    let no_tie = "no tie of members with a role counts in the window";
    all_are(&["B1"], &facts, 0, 10, no_tie);
    facts.work = vec![gave(0, 1, 30)];
    let bridging = Some(Value::Bridging { value: 0.0, chance: 0.0 });
    assert_eq!(figure("B1", &facts, window(0, 10)).value, bridging);
    // Two roles, and nothing by either.
    let roles = [CITIZEN, crate::hand::PROFESSIONAL];
    all_are(&["D2"], &with_roles(group(2), &roles), 0, 10, none);
}
