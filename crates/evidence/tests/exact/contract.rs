//! C1 to C6.

use copact_evidence::figure::Value;

use crate::hand::{adopt, assert_near, day, figure, group, met, number, share, version, window};

/// Breaks when: the least that makes an author is another than max(20, min(T/100, T/(4n))), or is
/// compared as rounded numbers.
#[test]
fn c1_counts_who_wrote_enough() {
    // T = 169, n = 4: max(20, min(1.69, 10.6)) = 20. Three of four.
    let small = adopt(group(4), 1, 1, &[], &[100, 29, 20, 19]);
    assert_eq!(share("C1", &small, window(0, 10)), (3, 4));
    // T = 10 000: max(20, min(100, 625)) = 100.
    let large = adopt(group(4), 1, 1, &[], &[9_801, 100, 99, 0]);
    assert_eq!(share("C1", &large, window(0, 10)), (2, 4));
    // T = 10 001: 100 is less than 100.01.
    let larger = adopt(group(4), 1, 1, &[], &[9_802, 100, 99, 0]);
    assert_eq!(share("C1", &larger, window(0, 10)), (1, 4));
    // n = 50, T = 6 000: max(20, min(60, 30)) = 30.
    let mut many = vec![0; 50];
    (many[0], many[1], many[2]) = (5_941, 30, 29);
    assert_eq!(share("C1", &adopt(group(50), 1, 1, &[], &many), window(0, 10)), (2, 50));
    // Who left wrote for nobody: T = 100, n = 3.
    let mut left = adopt(group(4), 1, 1, &[], &[10, 20, 70, 500]);
    left.people[3].until = Some(day(10));
    assert_eq!(share("C1", &left, window(0, 10)), (2, 3));
    assert_eq!(share("C1", &left, window(0, 9)), (3, 4), "still a member the day before");
}

/// Breaks when: evenness is over authors instead of members, or in another base.
#[test]
fn c2_is_over_all_members() {
    // −2·½ ln ½ ÷ ln 4 = ½.
    let half = adopt(group(4), 1, 1, &[], &[50, 50, 0, 0]);
    assert_near(number("C2", &half, window(0, 10)), 0.5);
    // −(¾ ln ¾ + ¼ ln ¼) ÷ ln 2 = 2 − ¾ log₂ 3 = 0.811278124459…
    let uneven = adopt(group(2), 1, 1, &[], &[75, 25]);
    assert_near(number("C2", &uneven, window(0, 10)), 0.811_278_124_459_132_8);
    let one = adopt(group(3), 1, 1, &[], &[0, 9, 0]);
    assert_near(number("C2", &one, window(0, 10)), 0.0);
}

/// Breaks when: nine scalars suffice, or those of somebody who left do.
#[test]
fn c3_asks_for_ten_of_two_members() {
    let mut facts = adopt(group(4), 1, 1, &[], &[60, 60, 0, 30]);
    facts.people[3].until = Some(day(5));
    facts.texts.get_mut(&version(1)).unwrap().clauses = vec![
        [(0, 10), (1, 10)].into(),
        [(0, 10), (1, 9)].into(),
        [(0, 40)].into(),
        [(1, 11), (3, 30)].into(),
        [].into(),
    ];
    assert_eq!(share("C3", &facts, window(0, 10)), (1, 5));
    assert_eq!(share("C3", &facts, window(0, 4)), (2, 5));
}

/// Breaks when: C4 counts later signers, those who were no members, or those who took it back by
/// then; or C6 counts anything but the signers at the end among the members at the end.
#[test]
fn c4_is_of_the_adoption_day_and_c6_of_today() {
    let mut facts = adopt(group(6), 1, 10, &[0, 1, 2, 3], &[]);
    // 3 took it back the same day, 4 signed a day later, 5 left before, 2 leaves after.
    facts.versions[0].signatures[3].withdrawn = Some(day(10));
    let mut later = facts.versions[0].signatures[0];
    (later.who, later.day) = (4, day(11));
    facts.versions[0].signatures.push(later);
    facts.people[5].until = Some(day(10));
    facts.people[2].until = Some(day(12));
    // 0, 1, 2 of 0 to 4.
    assert_eq!(share("C4", &facts, window(0, 20)), (3, 5));
    // 0, 1, 4 of 0, 1, 3, 4.
    assert_eq!(share("C6", &facts, window(0, 20)), (3, 4));
    // On day 11 2 is still there: 0, 1, 2, 4 of 0 to 4.
    assert_eq!(share("C6", &facts, window(0, 11)), (4, 5));
}

/// Breaks when: the version adopted later, one inside another, or one with fewer signers is taken.
#[test]
fn the_adopted_version_is_the_outermost_with_most_signers() {
    let first = adopt(group(4), 1, 5, &[0, 1, 2], &[20, 0, 0, 0]);
    let both = adopt(first, 2, 8, &[0, 1], &[20, 20, 0, 0]);
    // Neither has the other in it: three signers against two.
    assert_eq!(share("C1", &both, window(0, 10)), (1, 4));
    let mut inside = both;
    inside.versions[1].contains = vec![version(1)];
    assert_eq!(share("C1", &inside, window(0, 10)), (2, 4));
    assert_eq!(share("C1", &inside, window(0, 7)), (1, 4), "the second is not adopted yet");
    assert_eq!(share("C4", &inside, window(0, 10)), (2, 4));
    // As many signers: the lowest id.
    let even = adopt(adopt(group(2), 2, 5, &[0], &[20, 20]), 1, 5, &[1], &[20, 0]);
    assert_eq!(share("C1", &even, window(0, 10)), (1, 2));
}

/// Breaks when: days are counted from another day than the founding, or meetings that nobody came
/// to, that took no names, or that were outside the span are counted.
#[test]
fn c5_counts_from_the_founding_to_the_first_adoption() {
    let mut facts = adopt(adopt(group(2), 1, 20, &[], &[]), 2, 10, &[], &[]);
    facts.meetings = vec![met(-1, &[0]), met(0, &[0]), met(5, &[0, 1]), met(6, &[]), met(7, &[1])];
    facts.meetings[4].headcount_only = true;
    facts.meetings.extend([met(10, &[1]), met(11, &[1])]);
    let value = Some(Value::Time { days: 10, meetings: 3 });
    assert_eq!(figure("C5", &facts, window(15, 30)).value, value);
    assert_eq!(figure("C5", &facts, window(10, 10)).value, value);
}
