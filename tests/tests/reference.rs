//! The ledger, which learns one envelope after another, says what the reference says, which judges
//! a whole set. Breaks when: anything kept from an earlier state is not what it would be now; any
//! of the rules of ARCHITECTURE.md is read differently.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use copact_core::envelope::Verified;
use copact_core::ledger::Ledger;
use copact_core::views::Views;
use copact_tests::comparison::{differences, judged};
use copact_tests::reference::Judged;
use copact_tests::world::{Step, World};
use proptest::prelude::*;

fn steps(least: usize, most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<u8>(), any::<u8>(), any::<u16>(), any::<u16>(), -365_i16..365)
        .prop_map(|(who, what, a, b, days)| Step { who, what, a, b, days });
    prop::collection::vec(step, least..most)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Numbers that look drawn, and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn shuffled(all: &[Verified], seed: u64) -> Vec<Verified> {
    let mut drawn = Drawn(seed | 1);
    let mut keyed: Vec<(u64, &Verified)> = all.iter().map(|one| (drawn.next(), one)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, envelope)| envelope.clone()).collect()
}

/// An order in which envelopes can be told, so that each is placed at once: the later ones first
/// where nothing stands against it.
fn told(all: &[Verified], seed: u64) -> Vec<Verified> {
    let mut drawn = Drawn(seed | 1);
    let mut ledger = Ledger::found(all[0].clone()).unwrap();
    let mut rest: Vec<&Verified> = all.iter().skip(1).collect();
    let mut order = Vec::new();
    while !rest.is_empty() {
        let known = |id| ledger.get(id).is_some();
        let ready: Vec<usize> = (0..rest.len())
            .filter(|at| {
                let header = rest[*at].header();
                header.prev.iter().chain(&header.parents).all(|id| known(*id))
            })
            .collect();
        let Some(at) = ready.get((drawn.next() % 3 % ready.len().max(1) as u64) as usize) else {
            break;
        };
        let envelope = rest.remove(*at);
        drop(ledger.insert(envelope.clone()));
        order.push(envelope.clone());
    }
    order
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn in_any_order_the_ledger_says_what_the_reference_says(
        steps in steps(20, 90),
        seeds in prop::array::uniform2(any::<u64>()),
    ) {
        let world = World::deciding(&steps);
        let expected = judged(&world.eye);
        prop_assert_eq!(differences(&world.eye, &expected), Vec::<String>::new());
        let digest = Views::of(&world.eye).digest();
        for seed in seeds {
            let mut arrived = Ledger::found(world.all[0].clone()).unwrap();
            for envelope in shuffled(&world.all, seed) {
                drop(arrived.insert(envelope));
            }
            prop_assert_eq!(differences(&arrived, &expected), Vec::<String>::new());
            prop_assert_eq!(Views::of(&arrived).digest(), digest);
        }
        for person in &world.honest {
            prop_assert_eq!(person.digest(), digest);
        }
    }

    #[test]
    fn at_every_moment_the_ledger_says_what_the_reference_says_of_what_came(
        steps in steps(10, 50),
        seed in any::<u64>(),
    ) {
        let world = World::deciding(&steps);
        let mut ledger = Ledger::found(world.all[0].clone()).unwrap();
        for (number, envelope) in told(&world.all, seed).into_iter().enumerate() {
            drop(ledger.insert(envelope));
            if number % 5 == 4 {
                let expected = judged(&ledger);
                prop_assert_eq!(differences(&ledger, &expected), Vec::<String>::new());
            }
        }
    }
}

/// What of everything happened in a world.
fn happened(judged: &Judged, seen: &mut BTreeMap<&'static str, usize>) {
    let mut note = |what: &'static str, happens: bool| {
        *seen.entry(what).or_default() += usize::from(happens);
    };
    let in_effect =
        |kind: &str| judged.in_effect.iter().any(|id| judged.proposals[id].kind() == kind);
    for kind in [
        "ratify", "text", "voice", "remove", "restore", "settle", "merge", "helper", "trustees",
        "policy", "quarter", "share", "recover",
    ] {
        note(kind, in_effect(kind));
    }
    let any = |wanted: &dyn Fn(&copact_tests::reference::PersonNow) -> bool| {
        judged.people.values().any(wanted)
    };
    note("somebody removed", any(&|one| one.removed));
    note("somebody gone", any(&|one| one.left));
    note("a second device", any(&|one| one.devices.len() > 1));
    note("four voices or more", judged.voices >= 4);
    let why = |reason| judged.verdicts.values().any(|all| all.contains(&reason));
    note("cut by a removal", why(copact_tests::reference::Reason::Removed));
    note("cut by a recovery", why(copact_tests::reference::Reason::Recovered));
    note("after a leave", why(copact_tests::reference::Reason::Left));
    note("void", why(copact_tests::reference::Reason::Void));
}

#[test]
fn everything_happens_in_these_worlds() {
    let mut seen = BTreeMap::new();
    let mut drawn = Drawn(7);
    for _ in 0..60 {
        let steps: Vec<Step> = (0..70)
            .map(|_| {
                let [one, two] = [drawn.next(), drawn.next()].map(u64::to_le_bytes);
                Step {
                    who: one[0],
                    what: one[1],
                    a: u16::from_le_bytes([one[2], one[3]]),
                    b: u16::from_le_bytes([one[4], one[5]]),
                    days: i16::from(two[0]),
                }
            })
            .collect();
        happened(&judged(&World::deciding(&steps).eye), &mut seen);
    }
    println!("in 60 worlds: {seen:?}");
    let rare: Vec<_> = seen.iter().filter(|(_, times)| **times < 3).collect();
    assert!(rare.is_empty(), "too rare to be tested: {rare:?}");
}
