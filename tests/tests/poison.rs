//! Poisonous changes, properly signed, in the ledger: void for their reason on every device, in any
//! order; what is honest stays, and the document is the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::change::{Change, DocumentId, Origin};
use copact_core::document::poison::ground;
use copact_core::envelope::{Chain, Content, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_core::limits;
use copact_core::views::Views;
use copact_tests::group::{first_day, people};
use copact_tests::person::Person;

fn content(bytes: &[u8]) -> Content {
    let change =
        Change { document: DocumentId::Contract, origin: Origin::Own, bytes: bytes.to_vec() };
    Content::Change(change)
}

fn actor(person: &Person) -> [u8; 16] {
    let chain = Chain { device: person.device.key(), incarnation: person.device.incarnation };
    chain.actor(person.ledger.group())
}

/// Everything in an order that a number chooses.
fn in_order(all: &[Verified], order: usize) -> Vec<Verified> {
    let mut all = all.to_vec();
    match order {
        0 => {}
        1 => all.reverse(),
        _ => all.sort_by_key(|one| {
            let id = one.id();
            std::array::from_fn::<u8, 4, _>(|at| id.as_bytes()[(order + at) % 32])
        }),
    }
    all
}

#[test]
fn every_poisonous_change_is_void_for_its_reason_and_what_is_honest_stays() {
    let [mut ana, mut ben, mut mal] = people();
    let ground = ground(actor(&ana));
    for bytes in &ground.changes {
        ana.write(content(bytes), &[]);
    }
    ben.hear(&ana);
    let beneath = ben.all();
    mal.hear(&ana);
    let ground_ends: Vec<EnvelopeId> =
        mal.ledger.heads().map(|place| mal.ledger.at(place).unwrap().id()).collect();
    let mut hostile = Vec::new();
    let mut expected = Vec::new();
    let mut too_big = 0;
    for poison in ground.corpus(actor(&mal)) {
        // One does not even fit into an envelope.
        if copact_core::codec::encode(&content(&poison.bytes)).len() > limits::BODY_BYTES {
            too_big += 1;
            continue;
        }
        // Each on its own twin of the chain, which has no change before.
        let mut device = mal.device.clone();
        device.stir(expected.len() as u64 + 2);
        let group = Some(mal.ledger.group());
        for bytes in &poison.before {
            hostile.push(device.sign(group, &ground_ends, first_day(), content(bytes)));
        }
        let envelope = device.sign(group, &ground_ends, first_day(), content(&poison.bytes));
        expected.push((envelope.id(), poison.name, poison.code));
        hostile.push(envelope);
    }
    assert!(expected.len() > 30 && too_big < 3, "{} and {too_big}", expected.len());
    // Ben goes on meanwhile, on all of it.
    hostile.iter().for_each(|one| ben.take(one));
    ben.write_contract("# Garden\n\n## Who {#identity}\n\nWe.\n");
    let all: Vec<Verified> = ben.all();
    let digest = ben.digest();
    for order in 0..6 {
        let ledger = Ledger::of(in_order(&all, order)).unwrap();
        for (id, name, code) in &expected {
            let void = ledger.get(*id).unwrap().void().map(copact_core::ledger::Void::code);
            assert_eq!(void, Some(*code), "{name}");
        }
        let views = Views::of(&ledger);
        assert_eq!(views.digest(), digest);
        assert!(views.quarantined().is_empty());
        assert_eq!(views.contract_content(None).title, "Garden");
        let document = views.contract_document(None);
        let saved = document.save();
        assert!(automerge::Automerge::load(&saved).is_ok());
    }
    let without = Ledger::of(beneath).unwrap();
    assert!(!Views::of(&without).contract_content(None).sections.is_empty());
}
