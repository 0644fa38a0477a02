//! Evidence against an implementation of the same page in another language, made apart from this
//! one (`tests/evidence`), on groups that are made from seeds.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::option_map_unit_fn)]

mod draw;
mod facts;
mod other;
mod seen;
mod village;

use copact_core::ledger::Ledger;
use copact_core::views::Views;
use copact_evidence::case::Case;
use copact_evidence::facts::Facts;
use copact_evidence::indicators;
use copact_evidence::rules::RuleSet;
use copact_evidence::trends::trends;
use copact_evidence::window::Window;
use copact_tests::group::first_day;
use copact_tests::world::{Step, World};
use serde_json::{Value, json};

use draw::Draw;
use seen::Seen;
use village::Village;

/// Groups in which anybody does anything, also maliciously.
const WORLDS: u64 = 120;
/// Groups that live, so that every figure is computed often.
const VILLAGES: u64 = 96;

/// A case for both, and what this implementation says of it.
struct Asked {
    which: String,
    case: Value,
    ours: Value,
}

/// What this implementation says, in the form that the other one writes.
fn ours(facts: &Facts, window: Window) -> Value {
    let case = Case::new(facts, window);
    let judged = RuleSet::minimum().unwrap().judge(facts, window.to);
    json!({
        "n": case.n(),
        "level": judged.level,
        "label": judged.label,
        "clauses": judged.clauses,
        "indicators": indicators::all(&case),
        "trends": trends(facts, window),
    })
}

/// A group in some windows, given by their first and last days.
fn ask(name: &str, ledger: &Ledger, windows: &[(i32, i32)], to: &mut Vec<Asked>) {
    let views = Views::of(ledger);
    let facts = Facts::of(&views);
    let rows = facts::of(&views);
    for (from, until) in windows {
        let window = Window::new(first_day().plus(*from), first_day().plus(*until)).unwrap();
        let mut case = rows.clone();
        case["from"] = json!(window.from);
        case["to"] = json!(window.to);
        let which = format!("{name}, {from} to {until}");
        to.push(Asked { which, case, ours: ours(&facts, window) });
    }
}

fn assert_same(asked: &[Asked]) -> Seen {
    let cases: Vec<&Value> = asked.iter().map(|one| &one.case).collect();
    let mut seen = Seen::default();
    for (one, theirs) in asked.iter().zip(other::say(&cases)) {
        seen.note(&one.ours);
        other::compare(&one.which, &one.ours, &theirs, &mut seen);
    }
    eprintln!("{} cases\n{seen}", asked.len());
    assert!(
        seen.differences.is_empty(),
        "{} differences\n{}",
        seen.differences.len(),
        seen.differences.iter().take(60).cloned().collect::<Vec<_>>().join("\n")
    );
    seen
}

fn world(seed: u64) -> World {
    let mut draw = Draw::new(seed);
    let steps: Vec<Step> = (0..20 + draw.next(180))
        .map(|_| Step {
            who: u8::try_from(draw.next(256)).unwrap(),
            what: u8::try_from(draw.next(256)).unwrap(),
            a: u16::try_from(draw.next(65_536)).unwrap(),
            b: u16::try_from(draw.next(65_536)).unwrap(),
            // Most clocks are right, or nearly.
            days: i16::try_from(draw.next(if seed.is_multiple_of(3) { 400 } else { 8 })).unwrap(),
        })
        .collect();
    if seed.is_multiple_of(2) { World::of(&steps) } else { World::deciding(&steps) }
}

/// Breaks when: a formula or definition differs where members are malicious, work concurrently,
/// fork their chains and set each other aside.
#[test]
fn every_figure_is_the_others_where_anybody_does_anything() {
    let mut asked = Vec::new();
    for seed in 0..WORLDS {
        let windows = [(-10, 80), (-30, 400), (40, 41)];
        ask(&format!("world {seed}"), &world(seed).eye, &windows, &mut asked);
    }
    let seen = assert_same(&asked);
    assert!(seen.computed("P1") >= 100 && seen.computed("C1") >= 50, "hardly anything happened");
}

/// Breaks when: a formula or definition differs in groups that live for months and years, or a
/// figure, a clause's verdict or a claim of a trend is hardly ever there to be compared.
#[test]
fn every_figure_is_the_others_where_people_live() {
    let mut asked = Vec::new();
    for seed in 0..VILLAGES {
        let village = Village::of(seed);
        let mut draw = Draw::new(seed + 7_000);
        let end = village.day;
        let some_day = draw.between(0, end);
        let to = draw.between(end / 2, end + 40);
        let early = draw.between(35, 75).min(end - 20);
        let windows = [(some_day, some_day), (to - 89, to), (early, end - 5), (-10, 1_090)];
        let name = format!("village {seed} ({:?}, {} months)", village.course, village.months);
        ask(&name, village.ledger(), &windows, &mut asked);
    }
    assert_same(&asked).assert_enough();
}
