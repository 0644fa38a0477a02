//! H1 to H5 and R1 to R6.

use copact_core::entry::Occasion;
use copact_core::ids::PartId;
use copact_evidence::facts::Whom;
use copact_evidence::figure::Value;

use crate::hand::{assert_near, day, figure, gave, group, number, person, share, window, work};

/// Breaks when: disputed, unconfirmed, future or foreign minutes count, or hours are rounded.
#[test]
fn h1_and_h2_count_what_another_confirmed() {
    let mut facts = group(3);
    facts.people.push(person(3, 8));
    facts.people[2].until = Some(day(10));
    let mut work: Vec<_> = [
        gave(0, 1, 50),                  // counts
        work(1, 25, Whom::Group, 6),     // counts
        work(1, 10, Whom::Outside, 20),  // counts
        work(0, 40, Whom::Group, 6),     // not confirmed
        work(0, 80, Whom::Group, 6),     // disputed
        work(1, 160, Whom::Group, 6),    // of the future
        work(3, 320, Whom::Group, 7),    // before the author came
        work(2, 640, Whom::Group, 6),    // of somebody who left since
        work(0, 1_280, Whom::Group, 21), // after the window
    ]
    .into();
    work[3].confirmed = false;
    work[4].disputed = true;
    work[5].future = true;
    facts.work = work;
    // 85 minutes of 0, 1 and 3.
    let hours = Value::Hours { total: 85.0 / 60.0, per_member: 85.0 / 180.0 };
    assert_eq!(figure("H1", &facts, window(0, 20)).value, Some(hours));
    // 85 of 85 + 40.
    assert_eq!(share("H2", &facts, window(0, 20)), (85, 125));
}

/// Breaks when: the Gini coefficient leaves out zeros or Deltas' correction.
#[test]
fn h3_h4_and_h5_are_about_the_spread() {
    let mut facts = group(4);
    facts.work = vec![gave(0, 1, 60), gave(0, 2, 30), gave(1, 0, 30)];
    // 90, 30, 0, 0. ΣΣ|difference| = 2(60 + 90 + 90 + 30 + 30 + 0) = 600; G = 600 ÷ (2·4·120) =
    // 0.625; 1 − 0.625·4/3 = 1/6.
    assert_near(number("H3", &facts, window(0, 20)), 1.0 / 6.0);
    assert_eq!(share("H4", &facts, window(0, 20)), (2, 4));
    assert_eq!(share("H5", &facts, window(0, 20)), (90, 120));
    facts.work.push(gave(1, 0, 60));
    facts.work.extend([gave(2, 0, 90), gave(3, 0, 90)]);
    assert_near(number("H3", &facts, window(0, 20)), 1.0);
    facts.work.truncate(2);
    assert_near(number("H3", &facts, window(0, 20)), 0.0);
}

/// Breaks when: ρ or its exact chance differ, or ties of those who left count.
#[test]
fn r1_has_the_exact_chance_of_as_many_mutual_pairs() {
    let mut facts = group(4);
    facts.people[3].until = Some(day(10));
    facts.work = vec![gave(0, 1, 10), gave(0, 1, 5), gave(1, 0, 5), gave(0, 2, 1), gave(3, 0, 9)];
    // n = 3: 01 10 02, L = 3 of 6, d = 1/2, r = 2/3, ρ = (1/6) ÷ (1/2) = 1/3.
    // Of C(6,3) = 20 such, 8 take one of each pair; 12 have a mutual pair.
    let Some(Value::Reciprocity { value, p, r, d, ties, m }) =
        figure("R1", &facts, window(0, 20)).value
    else {
        panic!("no reciprocity")
    };
    assert_eq!((ties, m), (3, 1));
    let by_hand = [(value, 1.0 / 3.0), (p, 0.6), (r, 2.0 / 3.0), (d, 0.5)];
    by_hand.into_iter().for_each(|(a, b)| assert_near(a, b));
    // n = 4, both pairs mutual, L = 4 of 12: of C(12,4) = 495 such C(6,2) = 15 are two pairs.
    let mut four = group(4);
    four.work = vec![gave(0, 1, 1), gave(1, 0, 1), gave(2, 3, 1), gave(3, 2, 1)];
    let Some(Value::Reciprocity { value, p, .. }) = figure("R1", &four, window(0, 20)).value else {
        panic!("no reciprocity")
    };
    assert_near(value, 1.0);
    assert_near(p, 15.0 / 495.0);
    // n = 2, one tie: ρ = (0 − ½) ÷ ½ = −1, and none or more mutual pairs are certain.
    let mut two = group(2);
    two.work = vec![gave(0, 1, 1)];
    let Some(Value::Reciprocity { value, p, .. }) = figure("R1", &two, window(0, 20)).value else {
        panic!("no reciprocity")
    };
    assert_near(value, -1.0);
    assert_near(p, 1.0);
}

/// Breaks when: minutes are not summed by tie, or work for the group is a tie.
#[test]
fn r2_to_r5_are_about_ties() {
    let mut facts = group(4);
    facts.work = vec![
        gave(0, 1, 20),
        gave(0, 1, 20),
        gave(1, 0, 30),
        gave(1, 2, 10),
        work(3, 99, Whom::Group, 5),
        work(3, 99, Whom::Outside, 5),
    ];
    // E = 40 + 30 + 10. Both ways: 30 + 30. Out − in: 0: 10, 1: 0, 2: −10.
    assert_eq!(share("R2", &facts, window(0, 20)), (60, 80));
    assert_eq!(share("R3", &facts, window(0, 20)), (2, 4));
    assert_near(number("R4", &facts, window(0, 20)), 1.0 - 20.0 / 160.0);
    assert_eq!(share("R5", &facts, window(0, 20)), (3, 12));
}

/// Breaks when: work for somebody else, on something else, or of one alone is joint.
#[test]
fn r6_asks_for_the_same_thing() {
    let on = |who, what: u8, whom| {
        let mut one = work(who, 10, whom, 5);
        one.on = Some(Occasion::Goal(PartId::from_bytes([what; 8])));
        one
    };
    let mut facts = group(6);
    facts.people[5].until = Some(day(6));
    facts.work = vec![
        on(0, 1, Whom::Group),
        on(1, 1, Whom::Group),
        on(2, 2, Whom::Group),
        on(2, 2, Whom::Group),
        on(3, 2, Whom::Outside),
        on(5, 2, Whom::Group),
        work(4, 10, Whom::Group, 5),
    ];
    // 0 and 1; 2 had only somebody who left, and 4 worked on nothing named.
    assert_eq!(share("R6", &facts, window(0, 20)), (2, 5));
    assert_eq!(share("R6", &facts, window(0, 5)), (4, 6));
}
