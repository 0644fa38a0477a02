//! Evidence against an implementation of the same page in another language, made apart from this
//! one (`tests/evidence`). Breaks when: any formula or definition differs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod facts;
mod other;

use copact_core::day::Day;
use copact_core::views::Views;
use copact_evidence::case::Case;
use copact_evidence::facts::Facts;
use copact_evidence::indicators;
use copact_evidence::rules::RuleSet;
use copact_evidence::trends::trends;
use copact_evidence::window::Window;
use copact_tests::world::{Step, World};
use serde_json::{Value, json};

/// Groups that are made.
const GROUPS: u64 = 200;

/// Numbers from a seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn world(seed: u64) -> World {
    let mut draw = Draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let steps: Vec<Step> = (0..20 + draw.next(180))
        .map(|_| Step {
            who: u8::try_from(draw.next(256)).unwrap(),
            what: u8::try_from(draw.next(256)).unwrap(),
            a: u16::try_from(draw.next(65_536)).unwrap(),
            b: u16::try_from(draw.next(65_536)).unwrap(),
            // Most clocks are right, or nearly.
            days: i16::try_from(draw.next(if seed % 3 == 0 { 400 } else { 8 })).unwrap(),
        })
        .collect();
    if seed % 2 == 0 { World::of(&steps) } else { World::deciding(&steps) }
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

#[test]
fn every_figure_is_what_the_other_implementation_says() {
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for seed in 0..GROUPS {
        let world = world(seed);
        let views = Views::of(&world.eye);
        let facts = Facts::of(&views);
        let first = copact_tests::group::first_day();
        for (from, to) in [(-10, 80), (-30, 400), (40, 41)] {
            let window = Window::new(first.plus(from), first.plus(to)).unwrap();
            cases.push(facts::of(&views, window));
            expected.push((format!("group {seed}, {from} to {to}"), ours(&facts, window)));
        }
    }
    let said = other::say(&cases);
    let mut differences = Vec::new();
    let mut computed = std::collections::BTreeMap::<String, usize>::new();
    for ((which, mine), theirs) in expected.iter().zip(&said) {
        for (id, figure) in mine["indicators"].as_object().unwrap() {
            *computed.entry(id.clone()).or_default() += usize::from(figure["status"] == "ok");
        }
        other::compare(which, mine, theirs, &mut differences);
    }
    eprintln!("computed, of {}: {computed:?}", cases.len());
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn southern_women() {
    let _ = Day::parse("1936-02-23").unwrap();
}
