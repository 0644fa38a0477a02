//! What judging costs, counted as how often it is asked whether an envelope is in the past of
//! another: the same number on every machine. Breaks when: an Enact is judged by a walk over the
//! others; acts of one device that do not know of each other are compared each with each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::Act;
use copact_core::envelope::{Content, Verified};
use copact_core::ids::MemberId;
use copact_core::ledger::Ledger;
use copact_core::proposal::{AnswerWord, Proposal};
use copact_tests::decisions::{decide, give_voice, policy, recover, remove, tips, trustees, voice};
use copact_tests::device::Device;
use copact_tests::group::{admit, meet, member, people, words};
use copact_tests::person::Person;

/// A group with something to judge: voice given, a member removed, another moved to a new device.
/// The last of them is the attacker; what is proposed and not decided comes with them.
fn group() -> (Vec<Person>, Vec<Proposal>) {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let (newcomer, mut eve) = admit(&mut ana, 20);
    let newcomer = MemberId::brought_in_by(newcomer);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal, &mut eve]);
    give_voice(&mut [&mut ana, &mut ben, &mut cem], newcomer);
    let gone = tips(&ana.ledger, &dan.device.key());
    let dans = member(&dan, 3);
    decide(
        &mut [&mut ana, &mut ben, &mut cem, &mut eve],
        &recover(dans, &gone, Some(&Device::new(30))),
    );
    decide(&mut [&mut ana, &mut ben, &mut cem, &mut eve], &remove(dans, &gone));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal, &mut eve]);
    assert!(ana.ledger.to_enact().is_empty());
    let other = member(&ben, 1);
    let open = vec![
        words(1),
        voice(other),
        policy("3/4"),
        remove(other, &tips(&ana.ledger, &ben.device.key())),
        recover(other, &tips(&ana.ledger, &ben.device.key()), None),
        trustees(other, &[member(&ana, 0), member(&cem, 2)], 2),
    ];
    for proposal in &open {
        ana.answer(proposal, AnswerWord::Yes);
    }
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal, &mut eve]);
    mal.act(Act::Link);
    (vec![ana, ben, cem, eve, mal], open)
}

fn write(person: &mut Person, act: Act) -> Verified {
    let id = person.write_on(Content::Act(act), &[]);
    person.ledger.get(id).unwrap().envelope().clone()
}

/// What it costs to take all of these in, and then to say of each whether it counts, who has voice,
/// and how far each proposal is.
fn asked(all: &[Verified]) -> u64 {
    let ledger = Ledger::of(all.iter().cloned()).unwrap();
    assert_eq!(ledger.len(), all.len());
    let now = ledger.now();
    let counted = ledger.envelopes().filter(|(place, _)| now.verdict(*place).is_ok()).count();
    assert!(counted > all.len() / 2);
    assert_eq!(now.voices(), 5);
    assert!(ledger.to_enact().is_empty());
    for id in ledger.proposals() {
        ledger.decision(id, &now).unwrap();
    }
    ledger.asked()
}

/// Twice as much costs about twice as much.
fn grows_linearly(what: &str, cost: &dyn Fn(usize) -> u64, half: usize) {
    let [none, one, two] = [0, half, 2 * half].map(cost);
    println!("{what}: {none} for none, {one} for {half}, {two} for {}", 2 * half);
    assert!(two - none <= (one - none) * 5 / 2, "{what}: {none}, {one}, {two}");
}

#[test]
fn a_thousand_bogus_enacts_cost_twice_what_five_hundred_cost() {
    let cost = |number: usize| {
        let (mut people, open) = group();
        let mut mal = people.pop().unwrap();
        for at in 0..number {
            let proposal = open[at % open.len()].clone();
            write(&mut mal, Act::Enact { proposal });
        }
        asked(&mal.all())
    };
    grows_linearly("bogus Enacts in a row", &cost, 500);
}

#[test]
fn two_hundred_acts_of_one_device_side_by_side_cost_twice_what_a_hundred_cost() {
    let cost = |number: usize| {
        let (mut people, open) = group();
        let mut mal = people.pop().unwrap();
        let past: Vec<_> =
            mal.ledger.heads().filter_map(|at| Some(mal.ledger.at(at)?.id())).collect();
        for at in 0..number {
            mal.device.begin_again(1_000 + at as u64);
            let proposal = open[at / 2 % open.len()].clone();
            let act = if at.is_multiple_of(2) {
                Act::Answer { proposal, answer: AnswerWord::Yes, on_behalf_of: None }
            } else {
                Act::Enact { proposal }
            };
            mal.write_on(Content::Act(act), &past);
        }
        // The others go on, each linking what it can of them.
        for person in &mut people {
            mal.all().iter().for_each(|one| person.take(one));
            for _ in 0..10 {
                person.act(Act::Link);
            }
            person.all().iter().for_each(|one| mal.take(one));
        }
        asked(&mal.all())
    };
    grows_linearly("acts of one device side by side", &cost, 100);
}

#[test]
fn bogus_enacts_beside_two_hundred_acts_of_one_device_grow_no_faster() {
    let cost = |number: usize| {
        let (mut people, open) = group();
        let mut mal = people.pop().unwrap();
        let past: Vec<_> =
            mal.ledger.heads().filter_map(|at| Some(mal.ledger.at(at)?.id())).collect();
        for at in 0..200 {
            mal.device.begin_again(1_000 + at);
            let proposal = open[at as usize % open.len()].clone();
            let answer = Act::Answer { proposal, answer: AnswerWord::Yes, on_behalf_of: None };
            mal.write_on(Content::Act(answer), &past);
        }
        let mut cem = people.remove(2);
        mal.all().iter().for_each(|one| cem.take(one));
        for at in 0..number {
            let proposal = open[at % open.len()].clone();
            // Each knows other ones of the two hundred.
            if at.is_multiple_of(8) {
                cem.act(Act::Enact { proposal });
            } else {
                write(&mut cem, Act::Enact { proposal });
            }
        }
        asked(&cem.all())
    };
    grows_linearly("bogus Enacts beside 200 acts", &cost, 500);
}
