//! Report bundles and their verification.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use copact_core::ledger::Ledger;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_report::bundle::{Bundle, Form, Making, made_of};
use copact_report::verify::{Verdict, verify};
use copact_tests::world::{Step, World};

mod altered;
mod anchors;
mod attacks;
mod village;

/// A group made from a seed.
pub(crate) fn world(seed: u64, steps: u64) -> World {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let steps: Vec<Step> = (0..steps)
        .map(|_| Step {
            who: u8::try_from(next(256)).unwrap(),
            what: u8::try_from(next(256)).unwrap(),
            a: u16::try_from(next(65_536)).unwrap(),
            b: u16::try_from(next(65_536)).unwrap(),
            days: i16::try_from(next(8)).unwrap(),
        })
        .collect();
    if seed.is_multiple_of(2) { World::of(&steps) } else { World::deciding(&steps) }
}

pub(crate) fn bundle(ledger: &Ledger, form: Form) -> Bundle {
    let first = copact_tests::group::first_day();
    let window = Window::new(first.plus(-30), first.plus(400)).unwrap();
    let rules = RuleSet::minimum().unwrap();
    let making = Making { form, window, rules, texts: Vec::new(), profiles: Vec::new() };
    made_of(ledger, making).unwrap()
}

pub(crate) fn verdict(bundle: &Bundle) -> Verdict {
    verify(&bundle.to_bytes(), &mut |_, _| {}).unwrap()
}

/// Breaks when: a copy without the contract's words gives other figures than the ledger itself.
#[test]
fn figures_follow_from_what_outsiders_get() {
    for seed in 0..60 {
        let world = world(seed, 40 + 4 * seed);
        for form in [Form::Sealed, Form::Audit] {
            let bundle = bundle(&world.eye, form);
            let verdict = verdict(&bundle);
            assert!(verdict.passed(), "seed {seed}, {form:?}: {:?}", verdict.first_failure);
        }
    }
}
