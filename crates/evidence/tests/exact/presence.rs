//! P1 to P6.

use copact_core::day::Day;
use copact_core::views::Grade::{Attested, Claimed, Witnessed};
use copact_evidence::window::Window;

use crate::hand::{day, gave, group, meeting, met, person, share, window};

/// Breaks when: members are counted on another day than the meeting's, or meetings without names
/// or without anybody count.
#[test]
fn p1_and_p2_are_sums_over_held_meetings() {
    let mut facts = group(3);
    facts.people.push(person(3, 5));
    facts.people[0].until = Some(day(8));
    facts.meetings = vec![
        meeting(0, &[(0, Attested), (1, Witnessed)]),
        meeting(5, &[(0, Claimed), (2, Attested), (3, Attested)]),
        meeting(8, &[(1, Attested)]),
        met(9, &[]),
        met(10, &[1, 2]),
    ];
    facts.meetings[4].headcount_only = true;
    // 2 + 3 + 1 attendances of 3 + 4 + 3 members; 1 + 2 + 1 attested.
    assert_eq!(share("P1", &facts, window(0, 20)), (6, 10));
    assert_eq!(share("P2", &facts, window(0, 20)), (4, 6));
    assert_eq!(share("P1", &facts, window(1, 7)), (3, 4));
}

/// Breaks when: meetings before somebody came are held against them, or half is not enough.
#[test]
fn p3_asks_for_half_of_ones_own_meetings() {
    let mut facts = group(3);
    facts.people.extend([person(3, 6), person(4, 20)]);
    facts.meetings = vec![met(1, &[0, 1]), met(3, &[0]), met(5, &[0, 2]), met(6, &[1, 3])];
    // 0: 3 of 4; 1: 2 of 4, half; 2: 1 of 4; 3: 1 of 1; 4 could be at none.
    assert_eq!(share("P3", &facts, window(0, 20)), (3, 4));
}

/// Breaks when: quarters that lie partly in the window are taken, or work is not being active.
#[test]
fn p4_follows_people_from_quarter_to_quarter() {
    let at = |text: &str| Day::parse(text).unwrap();
    let number = |text: &str| at(text).since(day(0));
    let mut facts = group(4);
    facts.people[2].until = Some(at("2026-09-01"));
    facts.meetings = vec![
        met(number("2026-04-01"), &[0, 1]),
        met(number("2026-07-15"), &[1, 2]),
        met(number("2026-12-31"), &[1, 3]),
    ];
    let mut done = gave(3, 0, 10);
    done.date = at("2026-06-30");
    let mut not_confirmed = gave(0, 1, 10);
    (not_confirmed.date, not_confirmed.confirmed) = (at("2026-08-01"), false);
    facts.work = vec![done, not_confirmed];
    let within = |from, to| Window::new(at(from), at(to)).unwrap();
    // {0 1 3}, {1 2}, {1 3}: 1 of 3, 1 of 2.
    assert_eq!(share("P4", &facts, within("2026-04-01", "2026-12-31")), (2, 5));
    assert_eq!(share("P4", &facts, within("2026-03-02", "2026-09-30")), (1, 3));
    // A day short at the end, the fourth quarter is not wholly in it.
    assert_eq!(share("P4", &facts, within("2026-04-01", "2026-12-30")), (1, 3));
}

/// Breaks when: two meetings on one day are two days, the day of coming counts, the 91st day does,
/// or who left or came outside of the span is counted wrongly.
#[test]
fn p5_counts_newcomers_who_were_there_on_two_days() {
    let mut facts = group(1);
    // Came on days 10, 11 (left since), 12, 9 (too early) and 21 (too late).
    facts.people.extend([10, 11, 12, 9, 21].iter().zip(1..).map(|(at, n)| person(n, *at)));
    facts.people[2].until = Some(day(40));
    facts.people.push(person(6, 13));
    facts.people[6].imported = true;
    facts.meetings = vec![
        met(10, &[1]),
        met(20, &[1, 2, 3]),
        met(20, &[3]),
        met(30, &[2]),
        met(100, &[1]),
        met(102, &[3]),
    ];
    // 1: days 20 and 100, the 90th after; 2: 20 and 30; 3: 20 twice, and 102 is the 90th after 12.
    assert_eq!(share("P5", &facts, window(100, 110)), (3, 3));
    facts.meetings[4].day = day(101);
    facts.meetings[5].day = day(103);
    assert_eq!(share("P5", &facts, window(100, 110)), (1, 3));
}

/// Breaks when: pairs of those who left count, or one meeting together is enough.
#[test]
fn p6_counts_pairs_who_met_twice() {
    let mut facts = group(4);
    facts.people[3].until = Some(day(9));
    facts.meetings = vec![met(1, &[0, 1, 3]), met(2, &[0, 1, 2, 3]), met(3, &[1, 2])];
    // 01 on days 1 and 2, 12 on 2 and 3; 03 and 13 are no pairs of members any more.
    assert_eq!(share("P6", &facts, window(0, 10)), (2, 3));
    assert_eq!(share("P6", &facts, window(0, 8)), (4, 6));
    assert_eq!(share("P6", &facts, window(0, 2)), (3, 6));
}
