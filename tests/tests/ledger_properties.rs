//! Properties of the ledger: it is one function of one set, whoever signed what, in whatever order
//! and how often it came. Breaks when: anything decided at placing looks at what arrived instead of
//! at the past; a list in arrival order reaches a view.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use copact_core::change::DocumentId;
use copact_core::day::Day;
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{ChangeHash, EnvelopeId, MemberId};
use copact_core::ledger::{Ledger, SetAside};
use copact_core::proposal::Version;
use copact_core::views::{Labels, Views};
use copact_tests::world::{Step, World};
use proptest::prelude::*;

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<u8>(), any::<u8>(), any::<u16>(), any::<u16>(), -365_i16..365)
        .prop_map(|(who, what, a, b, days)| Step { who, what, a, b, days });
    prop::collection::vec(step, 1..most)
}

/// An order of arrival: each envelope comes twice.
fn shuffled(all: &[Verified], seed: u64) -> Vec<Verified> {
    let mut keyed: Vec<(u64, &Verified)> = Vec::new();
    let mut state = seed | 1;
    for envelope in all.iter().chain(all) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        keyed.push((state, envelope));
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, envelope)| envelope.clone()).collect()
}

/// The ledger of the founding envelope and what came after it, as it came.
fn arrived(founding: &Verified, order: &[Verified]) -> Ledger {
    let mut ledger = Ledger::found(founding.clone()).unwrap();
    for envelope in order {
        // What breaks its chain is refused, whenever it comes.
        drop(ledger.insert(envelope.clone()));
    }
    ledger
}

/// All that must not depend on the order of arrival.
#[derive(Debug, PartialEq, Eq)]
struct State {
    digest: [u8; 32],
    frontier: [u8; 32],
    waiting: usize,
    envelopes: BTreeMap<EnvelopeId, One>,
    order: Vec<EnvelopeId>,
    ready: BTreeSet<copact_core::ids::ProposalId>,
    erased: BTreeSet<copact_core::ids::TextHash>,
}

/// One envelope in it.
#[derive(Debug, PartialEq, Eq)]
struct One {
    signed: Option<Day>,
    void: Option<String>,
    voice: bool,
    verdict: Result<MemberId, SetAside>,
}

fn state(ledger: &Ledger) -> State {
    let views = Views::of(ledger);
    let one = |place| {
        let at = ledger.at(place).unwrap();
        let one = One {
            signed: views.signed(place),
            void: at.void().map(ToString::to_string),
            voice: at.voice(),
            verdict: views.standing.verdict(place).map(|ix| views.standing.id(ix).unwrap()),
        };
        (at.id(), one)
    };
    let order = ledger.in_order();
    State {
        digest: views.digest(),
        frontier: ledger.frontier().digest(),
        waiting: ledger.waiting(),
        envelopes: order.iter().map(|place| one(*place)).collect(),
        order: order.iter().map(|place| ledger.at(*place).unwrap().id()).collect(),
        ready: ledger.to_enact().iter().map(copact_core::proposal::Proposal::id).collect(),
        erased: ledger.erased_texts(&views.standing),
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn any_order_batches_and_repetition_give_one_state(
        steps in steps(90),
        seeds in prop::array::uniform3(any::<u64>()),
    ) {
        let world = World::of(&steps);
        let expected = state(&world.eye);
        for seed in seeds {
            let arrived = arrived(&world.all[0], &shuffled(&world.all, seed));
            prop_assert_eq!(&state(&arrived), &expected);
        }
        for person in &world.honest {
            prop_assert_eq!(person.digest(), expected.digest);
        }
        let mut founding_last = world.all.clone();
        founding_last.rotate_left(1);
        founding_last.retain(|one| expected.envelopes.contains_key(&one.id()));
        let ledger = Ledger::of(founding_last).unwrap();
        prop_assert_eq!(&Views::of(&ledger).digest(), &expected.digest);
    }

    #[test]
    fn what_is_in_whose_past_is_what_a_walk_finds(steps in steps(120), seed in any::<u64>()) {
        let world = World::of(&steps);
        let ledger = arrived(&world.all[0], &shuffled(&world.all, seed));
        for (of, _) in ledger.envelopes() {
            let mut past = BTreeSet::new();
            let mut next = vec![of];
            while let Some(place) = next.pop() {
                next.extend(ledger.before(place).iter().filter(|before| past.insert(**before)));
            }
            for (place, _) in ledger.envelopes() {
                prop_assert_eq!(ledger.in_past(place, of), past.contains(&place));
            }
        }
    }

    #[test]
    fn views_asked_for_after_every_envelope_are_those_of_a_rebuilt_ledger(
        steps in steps(40),
        seed in any::<u64>(),
    ) {
        let world = World::of(&steps);
        let mut ledger = Ledger::found(world.all[0].clone()).unwrap();
        for (number, envelope) in shuffled(&world.all, seed).into_iter().enumerate() {
            drop(ledger.insert(envelope));
            let digest = Views::of(&ledger).digest();
            if number.is_multiple_of(7) {
                let placed = ledger.in_order().into_iter().map(|place| ledger.at(place).unwrap());
                let rebuilt = Ledger::of(placed.map(|at| at.envelope().clone())).unwrap();
                prop_assert_eq!(Views::of(&rebuilt).digest(), digest);
            }
        }
    }

    #[test]
    fn what_honest_people_logged_is_in_every_view(steps in steps(120)) {
        let world = World::of(&steps);
        for person in &world.honest {
            let views = Views::of(&person.ledger);
            let rows = views.log(&Labels::none());
            for id in &world.acknowledged {
                let row = rows.iter().find(|row| row.id == *id);
                prop_assert!(row.is_some_and(|row| !row.set_aside), "{id} {row:?}");
                let place = person.ledger.place_of(*id).unwrap();
                prop_assert!(views.journal().entries.contains(&place));
            }
        }
        for foreign in &world.foreign {
            let mut ledger = Ledger::found(world.all[0].clone()).unwrap();
            prop_assert!(ledger.insert(foreign.clone()).is_err());
        }
    }

    #[test]
    fn what_the_malicious_hold_back_and_release_late_sets_nobody_aside(steps in steps(120)) {
        let world = World::of(&steps);
        let (late, before) = held_back(&world);
        prop_assume!(!late.is_empty());
        let early = arrived(&world.all[0], &before);
        let (then, now) = (state(&early), state(&world.eye));
        for (id, one) in &then.envelopes {
            let after = &now.envelopes[id];
            prop_assert_eq!(&one.void, &after.void);
            prop_assert_eq!(one.voice, after.voice);
            if let Ok(member) = one.verdict {
                prop_assert!(after.verdict.is_ok(), "{} was set aside late", id);
                if !world.hostile.contains(id) {
                    let same = world.eye.person_with_id(member);
                    let still = after.verdict.ok().and_then(|id| world.eye.person_with_id(id));
                    prop_assert_eq!(still, same);
                }
            }
        }
        only_what_builds_on_a_loser_is_left_out(&world, &early)?;
    }
}

/// What the malicious wrote that nobody honest builds on, and the rest.
fn held_back(world: &World) -> (BTreeSet<EnvelopeId>, Vec<Verified>) {
    let mut known: BTreeSet<EnvelopeId> = BTreeSet::new();
    for envelope in world.all.iter().rev() {
        let header = envelope.header();
        if !world.hostile.contains(&envelope.id()) || known.contains(&envelope.id()) {
            known.insert(envelope.id());
            known.extend(header.prev.iter().chain(&header.parents));
        }
    }
    let (early, late): (Vec<_>, Vec<_>) =
        world.all.iter().cloned().partition(|one| known.contains(&one.id()));
    (late.iter().map(Verified::id).collect(), early)
}

/// Of the changes that were in the draft before the late ones came, those are left out that lost to
/// a twin by the same chain, and those that build on such a one; nobody else's.
fn only_what_builds_on_a_loser_is_left_out(
    world: &World,
    early: &Ledger,
) -> Result<(), TestCaseError> {
    let selection = |ledger: &Ledger| {
        let views = Views::of(ledger);
        let adopted = views.adopted().map(Version::heads).unwrap_or_default();
        ledger.selection(DocumentId::Contract, &views.standing, adopted)
    };
    let (then, now) = (selection(early), selection(&world.eye));
    let left_out: BTreeSet<ChangeHash> = now.left_out.iter().copied().collect();
    let all = then.kept.iter().chain(&now.kept).chain(&now.left_out);
    let all: BTreeMap<ChangeHash, automerge::Change> =
        all.filter_map(|hash| Some((*hash, change(&world.eye, *hash)?))).collect();
    for hash in then.kept.iter().filter(|hash| left_out.contains(hash)) {
        let mine = &all[hash];
        let on_loser =
            mine.deps().iter().any(|dep| left_out.contains(&ChangeHash::from_bytes(dep.0)));
        let twin = all.iter().any(|(other, change)| {
            other != hash && change.actor_id() == mine.actor_id() && change.seq() == mine.seq()
        });
        prop_assert!(on_loser || twin, "{hash} is left out, and nothing contradicts it");
    }
    Ok(())
}

fn change(ledger: &Ledger, hash: ChangeHash) -> Option<automerge::Change> {
    let place = ledger.carriers(DocumentId::Contract, hash).first()?;
    match ledger.at(*place)?.envelope().content() {
        Content::Change(change) => automerge::Change::try_from(change.bytes.as_slice()).ok(),
        _ => None,
    }
}
