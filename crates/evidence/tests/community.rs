//! The community table: rows of made-up groups, and of groups of the test worlds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp)]

use copact_core::act::{Act, FirstMember, Found};
use copact_core::day::Day;
use copact_core::envelope::Content;
use copact_core::ledger::Ledger;
use copact_core::proposal::Share;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use copact_evidence::case::Case;
use copact_evidence::community::{
    Community, CommunityError, Group, GroupQuarter, Minutes, Ratios, rows,
};
use copact_evidence::facts::Facts;
use copact_evidence::figure::Value;
use copact_evidence::indicators;
use copact_evidence::rules::RuleSet;
use copact_evidence::trends::{Claim, trends};
use copact_evidence::window::Window;
use copact_tests::device::Device;
use copact_tests::group::{first_day, found, role, text};
use copact_tests::world::{Step, World};

fn quarter(text: &str) -> Quarter {
    Quarter::parse(text).unwrap()
}

fn row(group: &str, at: &str, minutes: u64) -> GroupQuarter {
    let founded = Some(Day::parse("2025-05-01").unwrap());
    GroupQuarter {
        group: group.to_owned(),
        quarter: quarter(at),
        team: group.starts_with("team"),
        founded,
        is_founded: true,
        level: "formed".to_owned(),
        memberships: 4,
        joined: 1,
        left: 2,
        j2_num: 1,
        j2_den: 2,
        minutes,
        attendances: 3,
        goals_due: 2,
        goals_met: 1,
        active: minutes > 0,
        ratios: Ratios { p1: Some(0.5), ..Ratios::default() },
        minutes_claim: Claim::NotShown,
    }
}

/// A group with these minutes from 2026-Q1 on.
fn group(id: &str, minutes: &[u64]) -> Vec<GroupQuarter> {
    let quarters = rows::quarters(quarter("2026-Q1"), quarter("2029-Q4"));
    let all = quarters.iter().zip(minutes);
    all.map(|(at, minutes)| row(id, &at.to_string(), *minutes)).collect()
}

/// Breaks when: quarters are skipped or repeated, or a range that is turned round is not empty.
#[test]
fn quarters_follow_each_other() {
    let all = rows::quarters(quarter("2025-Q3"), quarter("2026-Q2"));
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(all, ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]);
    assert!(rows::quarters(quarter("2026-Q2"), quarter("2026-Q1")).is_empty());
    assert_eq!(rows::quarters(quarter("2999-Q4"), quarter("2999-Q4")).len(), 1);
}

/// Breaks when: who gave up or came later is of the panel, or totals of the panel have others in
/// them; a rise of six quarters is not shown, or one is of five.
#[test]
fn trends_are_of_those_who_were_there_all_along() {
    let (from, to) = (quarter("2026-Q1"), quarter("2027-Q2"));
    let mut all = group("a", &[10, 20, 30, 40, 50, 60]);
    all.extend(group("team-b", &[1, 0, 0, 0, 0, 1]));
    all.extend(group("gave-up", &[900, 800, 700, 100, 100, 0]));
    let mut late = group("late", &[5, 5, 5, 5, 5, 5]);
    late.iter_mut().for_each(|row| row.founded = Some(Day::parse("2026-01-01").unwrap()));
    all.extend(late);
    let table = Community::of(&all, from, to).unwrap();
    assert_eq!((table.groups, table.teams, table.panel), (4, 1, 2));
    let sums = |totals: &[copact_evidence::community::Total]| -> Vec<u64> {
        totals.iter().map(|one| one.minutes).collect()
    };
    assert_eq!(sums(&table.panel_totals), [11, 20, 30, 40, 50, 61]);
    assert_eq!(sums(&table.totals), [916, 825, 735, 145, 155, 66]);
    let first = &table.totals[0];
    assert_eq!((first.groups, first.teams, first.active, first.net), (4, 1, 4, -4));
    assert_eq!((first.levels["formed"], first.memberships), (4, 16));
    assert_eq!((first.j2.num, first.j2.den, first.j2.value), (4, 8, Some(0.5)));
    let minutes = &table.trends[0];
    assert_eq!((minutes.id, minutes.s, minutes.claim), ("minutes", Some(15), Claim::Rise));
    // 1 of 720 orders; the smallest of three tests, so three times that.
    assert!((minutes.p.unwrap() - 1.0 / 720.0).abs() < 1e-12);
    assert!((minutes.p_adjusted.unwrap() - 3.0 / 720.0).abs() < 1e-12);
    let shorter = Community::of(&all, from, quarter("2027-Q1")).unwrap();
    assert!(shorter.trends.iter().all(|one| one.claim == Claim::NotShown));
    assert_eq!(table.minutes, Minutes { rise: 0, not_shown: 4, fall: 0 });
}

/// Breaks when: copies of a group count twice, or nothing at all makes a table.
#[test]
fn a_group_is_counted_once() {
    let (from, to) = (quarter("2026-Q1"), quarter("2026-Q2"));
    let all: Vec<GroupQuarter> = group("a", &[1, 2]).into_iter().chain(group("a", &[1])).collect();
    let twice = CommunityError::Twice { group: "a".to_owned(), quarter: from };
    assert_eq!(Community::of(&all, from, to), Err(twice));
    assert_eq!(Community::of(&[], from, to), Err(CommunityError::Nothing));
    let later = Community::of(&all, quarter("2027-Q1"), quarter("2027-Q2"));
    assert_eq!(later, Err(CommunityError::Nothing));
}

/// Breaks when: a group not founded yet has a level, or its flows are lost.
#[test]
fn a_group_of_before_its_founding_has_no_level() {
    let mut all = group("a", &[7]);
    all[0].is_founded = false;
    let table = Community::of(&all, quarter("2026-Q1"), quarter("2026-Q1")).unwrap();
    assert_eq!((table.totals[0].groups, table.totals[0].levels.len()), (0, 0));
    assert_eq!(table.totals[0].minutes, 7);
}

fn world(seed: u64) -> World {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let steps: Vec<Step> = (0..150)
        .map(|_| Step {
            who: u8::try_from(draw(256)).unwrap(),
            what: u8::try_from(draw(256)).unwrap(),
            a: u16::try_from(draw(65_536)).unwrap(),
            b: u16::try_from(draw(65_536)).unwrap(),
            days: i16::try_from(draw(if seed.is_multiple_of(3) { 400 } else { 8 })).unwrap(),
        })
        .collect();
    if seed.is_multiple_of(2) { World::of(&steps) } else { World::deciding(&steps) }
}

/// Breaks when: a row says anything else than the group's own report over that quarter.
#[test]
fn a_row_is_what_the_report_of_the_quarter_says() {
    let rules = RuleSet::minimum().unwrap();
    for seed in 0..12 {
        let world = world(seed);
        let views = Views::of(&world.eye);
        let facts = Facts::of(&views);
        let (from, to) = (quarter("2025-Q4"), quarter("2026-Q4"));
        let level = |day| rules.judge(&facts, day).level;
        let group = Group { id: "g", team: rows::is_team(&views), facts: &facts };
        let all = rows::of_group(group, from, to, level);
        assert_eq!(all.len(), 5);
        let judging = rules.judging(&facts);
        for row in all.iter().rev() {
            assert_eq!(judging.level(row.quarter.last_day().unwrap()), row.level);
        }
        let whole = Window::new(from.first_day().unwrap(), to.last_day().unwrap()).unwrap();
        let minutes = trends(&facts, whole).into_iter().find(|one| one.id == "minutes").unwrap();
        for row in &all {
            assert_eq!(row.minutes_claim, minutes.claim);
            let (from, to) = (row.quarter.first_day().unwrap(), row.quarter.last_day().unwrap());
            let case = Case::new(&facts, Window::new(from, to).unwrap());
            let figures = indicators::all(&case);
            assert_eq!(row.level, level(to));
            assert_eq!(row.memberships, case.n());
            let joining = figures["J1"].value.clone().unwrap();
            let net = i64::try_from(row.joined).unwrap() - i64::try_from(row.left).unwrap();
            assert_eq!(joining, Value::Joining { joined: row.joined, left: row.left, net });
            for (id, value) in row.ratios.named() {
                assert_eq!(value, figures[id].number(), "{id}");
            }
            let attendances = figures["P2"].den.unwrap_or_default();
            assert_eq!(row.attendances, attendances);
            assert_eq!(row.goals_due, figures["G1"].den.unwrap_or_default());
            assert!(!row.team);
            assert_eq!(row.is_founded, row.quarter >= quarter("2026-Q1"));
        }
    }
}

/// Breaks when: a group that names a parent is no team, or one that names none is.
#[test]
fn a_team_names_its_parent() {
    let mut devices: Vec<Device> = (1..=3).map(Device::new).collect();
    let parent = Ledger::found(found(&mut devices)).unwrap();
    let role = role("neighbour");
    let members: Vec<FirstMember> = devices
        .iter()
        .map(|one| FirstMember { device: one.founds(&role), role: role.clone() })
        .collect();
    let act = |parent| {
        let (policy, members) = (Share::DEFAULT, members.clone());
        Act::Found(Found { policy, members, name: text(1), parent, continues: None })
    };
    for (named, is_team) in [(Some(parent.group()), true), (None, false)] {
        let founding = Device::new(1).sign(None, &[], first_day(), Content::Act(act(named)));
        let ledger = Ledger::found(founding).unwrap();
        assert_eq!(rows::is_team(&Views::of(&ledger)), is_team);
    }
}

/// Breaks when: what a group's rows claim of its minutes is not what its report claims, of a group
/// whose minutes rise, fall, or do neither.
#[test]
fn rows_claim_of_minutes_what_the_report_does() {
    let people = copact_tests::group::people::<3>();
    let mut facts = Facts::of(&Views::of(&people[0].ledger));
    let of = copact_tests::group::text(3);
    let id = copact_core::ids::EnvelopeId::from_bytes(*of.as_bytes());
    let mut claims = Vec::new();
    for minutes in [|month: i32| 60 + 30 * month, |month| 900 - 30 * month, |month| 60 + month % 3]
    {
        facts.work = (0..20)
            .map(|month| copact_evidence::facts::Work {
                id,
                who: 0,
                date: first_day().plus(31 * month),
                minutes: u64::try_from(minutes(month)).unwrap(),
                future: false,
                whom: copact_evidence::facts::Whom::Group,
                on: None,
                phase: None,
                confirmed: true,
                disputed: false,
            })
            .collect();
        let (from, to) = (quarter("2026-Q2"), quarter("2027-Q3"));
        let group = Group { id: "g", team: false, facts: &facts };
        let row = rows::of_group(group, from, to, |_| String::new()).pop().unwrap();
        let whole = Window::new(from.first_day().unwrap(), to.last_day().unwrap()).unwrap();
        let report = trends(&facts, whole).into_iter().find(|one| one.id == "minutes").unwrap();
        assert_eq!(row.minutes_claim, report.claim);
        claims.push(row.minutes_claim);
    }
    assert_eq!(claims, [Claim::Rise, Claim::Fall, Claim::NotShown]);
}
