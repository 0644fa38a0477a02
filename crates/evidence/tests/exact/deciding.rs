//! D1 to D5, G1, B1, J1 and J2.

use copact_core::entry::Phase;
use copact_core::ids::PartId;
use copact_evidence::facts::{GoalWord, Whom};
use copact_evidence::figure::Value;
use copact_evidence::text::Goal;

use crate::hand::{
    CITIZEN, PROFESSIONAL, adopt, assert_near, day, decision, figure, gave, group, met, number,
    person, share, version, window, with_roles, work,
};

/// Breaks when: turnout is a quotient of sums, or members are counted on another day.
#[test]
fn d1_is_the_mean_of_turnouts() {
    let mut facts = group(4);
    facts.people.push(person(4, 6));
    facts.decisions = vec![
        decision(1, 3, true, &[0, 1]),     // 2 of 4
        decision(6, 9, false, &[0, 1, 4]), // 3 of 5
        decision(6, 30, true, &[0]),       // closes later
    ];
    assert_near(number("D1", &facts, window(0, 20)), f64::midpoint(0.5, 0.6));
    assert_near(number("D1", &facts, window(0, 30)), (0.5 + 0.6 + 0.2) / 3.0);
}

/// Breaks when: parity is not per head, or is computed where there is only one role or nothing.
#[test]
fn d2_is_per_head_by_role() {
    let roles = [CITIZEN, CITIZEN, PROFESSIONAL, None];
    let mut facts = adopt(with_roles(group(4), &roles), 1, 1, &[], &[10, 20, 60, 99]);
    facts.decisions = vec![decision(1, 3, true, &[0, 1, 2]), decision(1, 4, true, &[0, 3])];
    facts.work = vec![gave(0, 1, 60)];
    // (10+20)/2 ÷ 60; votes 2 + 1 of two, 1 of one: 1 ÷ 1.5; hours 0 ÷ 30.
    let parity =
        |authorship, decisions, hours| Some(Value::Parity { authorship, decisions, hours });
    let value = figure("D2", &facts, window(0, 20)).value;
    assert_eq!(value, parity(Some(0.25), Some(2.0 / 3.0), Some(0.0)));
    facts.work.clear();
    facts.decisions.clear();
    assert_eq!(figure("D2", &facts, window(0, 20)).value, parity(Some(0.25), None, None));
}

/// Breaks when: the role is that of today, or what was not adopted counts.
#[test]
fn d3_counts_what_citizens_proposed() {
    let mut facts = with_roles(group(3), &[CITIZEN, PROFESSIONAL, None]);
    let roles = [CITIZEN, PROFESSIONAL, None, CITIZEN];
    facts.decisions = (0..4).map(|at| decision(at, at + 1, at < 3, &[])).collect();
    for (one, role) in facts.decisions.iter_mut().zip(roles) {
        one.role = role;
    }
    assert_eq!(share("D3", &facts, window(0, 20)), (1, 3));
}

/// Breaks when: a phase of one alone, or of professionals alone, counts.
#[test]
fn d4_asks_for_two_with_a_citizen_in_each_phase() {
    let mut facts = with_roles(group(3), &[CITIZEN, PROFESSIONAL, PROFESSIONAL]);
    let in_phase = |who, phase| {
        let mut one = work(who, 10, Whom::Outside, 5);
        one.phase = Some(phase);
        one
    };
    facts.work = vec![
        in_phase(0, Phase::Commission),
        in_phase(1, Phase::Commission),
        in_phase(1, Phase::Design),
        in_phase(2, Phase::Design),
        in_phase(0, Phase::Deliver),
        in_phase(0, Phase::Deliver),
        in_phase(1, Phase::Assess),
        in_phase(0, Phase::Assess),
        gave(0, 1, 10),
    ];
    facts.work[7].confirmed = false;
    assert_eq!(share("D4", &facts, window(0, 20)), (1, 4));
}

/// Breaks when: meetings that nobody of the members opened are in the shares.
#[test]
fn d5_is_one_less_the_squared_shares() {
    let mut facts = group(4);
    facts.people[3].until = Some(day(9));
    facts.meetings = (1..=7).map(|at| met(at, &[0, 1])).collect();
    for (at, who) in [0, 0, 1, 2, 3].into_iter().enumerate() {
        facts.meetings[at].opened_by = Some(who);
    }
    // 2, 1 and 1 of 4: 1 − (4 + 1 + 1)/16; at most 1 − 1/3, as n = 3.
    let value = Some(Value::Rotation { value: 0.625, ceiling: 2.0 / 3.0 });
    assert_eq!(figure("D5", &facts, window(0, 20)).value, value);
    // Day 1 alone: one meeting, and no rotation is possible.
    let value = Some(Value::Rotation { value: 0.0, ceiling: 0.0 });
    assert_eq!(figure("D5", &facts, window(1, 1)).value, value);
}

/// Breaks when: a goal of a version that was not adopted on the due day counts, a word after that
/// day does, an earlier word does, or one confirmation is enough.
#[test]
fn g1_takes_the_last_word_by_the_day() {
    let goal = |number: u8, due: i32| Goal {
        id: PartId::from_bytes([number; 8]),
        measure: None,
        due: Some(day(due)),
    };
    let word = |number: u8, signed: i32, done: bool, confirmed_by: usize| GoalWord {
        goal: PartId::from_bytes([number; 8]),
        signed: day(signed),
        done,
        confirmed_by,
    };
    let first = adopt(group(3), 1, 1, &[0, 1], &[]);
    let mut facts = adopt(first, 2, 10, &[0, 1, 2], &[]);
    facts.versions[1].contains = vec![version(1)];
    facts.texts.get_mut(&version(1)).unwrap().goals = vec![goal(1, 5), goal(2, 12)];
    facts.texts.get_mut(&version(2)).unwrap().goals =
        vec![goal(2, 12), goal(3, 13), goal(4, 14), goal(5, 15), goal(6, 5), goal(7, 40)];
    facts.goal_states = vec![
        word(1, 4, true, 2),  // met, in the first version
        word(2, 11, true, 1), // one other only
        word(3, 12, true, 2),
        word(3, 13, false, 2), // taken back on the day
        word(4, 14, true, 3),  // met
        word(5, 16, true, 2),  // a day late
        word(6, 4, true, 2),   // not adopted on its day
    ];
    // Due: 1 (of the first), 2 to 5 (of the second).
    assert_eq!(share("G1", &facts, window(0, 20)), (2, 5));
    assert_eq!(share("G1", &facts, window(6, 13)), (0, 2));
}

/// Breaks when: ties are directed, or members without a role are in chance.
#[test]
fn b1_is_beside_its_chance() {
    let roles = [CITIZEN, CITIZEN, PROFESSIONAL, PROFESSIONAL, None];
    let mut facts = with_roles(group(5), &roles);
    facts.work = vec![gave(0, 1, 5), gave(0, 2, 5), gave(2, 0, 5), gave(3, 1, 5), gave(4, 2, 5)];
    // 01, 02, 13: two of three. Chance 1 − (1 + 1)/6.
    let figure = figure("B1", &facts, window(0, 20));
    let value = Value::Bridging { value: 2.0 / 3.0, chance: 2.0 / 3.0 };
    assert_eq!((figure.num, figure.den, figure.value), (Some(2), Some(3), Some(value)));
}

/// Breaks when: who was taken over from a list joins, or the day of leaving is off by one.
#[test]
fn j1_counts_who_came_and_went() {
    let mut facts = group(2);
    facts.people.extend([person(2, 5), person(3, 6), person(4, 7)]);
    facts.people[3].imported = true;
    facts.people[0].until = Some(day(20));
    facts.people[3].until = Some(day(8));
    facts.people[4].until = Some(day(21));
    let value = Some(Value::Joining { joined: 2, left: 1, net: 1 });
    assert_eq!(figure("J1", &facts, window(5, 20)).value, value);
    let value = Some(Value::Joining { joined: 0, left: 2, net: -2 });
    assert_eq!(figure("J1", &facts, window(8, 21)).value, value);
}

/// Breaks when: what was signed or done after ninety days counts, or unconfirmed work does.
#[test]
fn j2_counts_who_did_something_in_ninety_days() {
    let mut facts = group(1);
    facts.people.extend((1..=5).map(|number| person(number, 10)));
    let mut facts = adopt(facts, 1, 100, &[1, 9], &[]);
    // 1 signs on the 90th day after, 2 works on it, 3 a day later, 4 for nobody who confirms it.
    facts.work = vec![
        work(2, 10, Whom::Group, 100),
        work(3, 10, Whom::Group, 101),
        work(4, 10, Whom::Group, 20),
    ];
    facts.work[2].confirmed = false;
    assert_eq!(share("J2", &facts, window(100, 120)), (2, 5));
}
