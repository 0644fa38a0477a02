//! Reports of groups in which people do anything.

use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::report::pictures::{MemberPoint, Tie};
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_tests::world::{Step, World};

fn world(seed: u64) -> World {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let steps: Vec<Step> = (0..draw(260))
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

/// Three reports of each of so many groups: before anything, of its time, and long after.
pub fn reports(groups: u64) -> Vec<Report> {
    let mut all = Vec::new();
    for seed in 0..groups {
        let world = world(seed);
        let views = Views::of(&world.eye);
        let facts = Facts::of(&views);
        let first = copact_tests::group::first_day();
        for (from, to) in [(-400, -300), (0, 89), (-10, 500)] {
            let window = Window::new(first.plus(from), first.plus(to)).unwrap();
            all.push(Report::of(&views, &facts, window, RuleSet::minimum().unwrap()));
        }
    }
    all
}

/// One of a group that did something, with so many members.
pub fn of_members(n: u64) -> Report {
    let mut report = reports(1).remove(1);
    let one = MemberPoint { written: 1, minutes: 2, meetings: 3 };
    report.n = n;
    report.pictures.suppressed = false;
    report.pictures.members = vec![one; usize::try_from(n).unwrap()];
    report.pictures.ties = vec![Tie { from: 1, to: 2, minutes: 30 }];
    report
}
