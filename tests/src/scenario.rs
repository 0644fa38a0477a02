//! How a named scenario ends: what everybody knew before, and the last envelopes in any order.

use std::collections::BTreeSet;

use copact_core::envelope::Verified;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_core::views::Views;

use crate::comparison::{differences, judged};
use crate::person::Person;
use crate::reference::Judged;

/// So many envelopes are released in every order; of more, so many orders are tried.
const EVERY_ORDER_OF: usize = 7;
const SAMPLED: usize = 300;

/// What these people know: the common past of what follows.
pub fn known(people: &[&Person]) -> BTreeSet<EnvelopeId> {
    people.iter().flat_map(|person| person.all()).map(|one| one.id()).collect()
}

/// Releases what was written after the common past in all orders in which it can arrive. Each gives
/// one state, which is what the reference says; that is returned, with one of the ledgers.
pub fn in_every_order(common: &BTreeSet<EnvelopeId>, people: &[&Person]) -> (Judged, Ledger) {
    let mut all: Vec<Verified> = Vec::new();
    let mut taken = BTreeSet::new();
    for envelope in people.iter().flat_map(|person| person.all()) {
        if taken.insert(envelope.id()) {
            all.push(envelope);
        }
    }
    let (before, last): (Vec<_>, Vec<_>) =
        all.iter().cloned().partition(|one| common.contains(&one.id()));
    assert!(!last.is_empty(), "nothing happens after the common past");
    let ledger = Ledger::of(all.iter().cloned()).unwrap();
    assert_eq!(ledger.len(), all.len(), "something is missing");
    let judged = judged(&ledger);
    let digest = Views::of(&ledger).digest();
    let orders = orders(&last);
    for order in &orders {
        let mut arrived = Ledger::of(before.iter().cloned()).unwrap();
        for at in order {
            arrived.insert(last[*at].clone()).unwrap();
        }
        assert_eq!(differences(&arrived, &judged), Vec::<String>::new(), "in the order {order:?}");
        assert_eq!(Views::of(&arrived).digest(), digest, "in the order {order:?}");
    }
    (judged, ledger)
}

/// The orders in which these can arrive, each after what it builds on.
fn orders(last: &[Verified]) -> Vec<Vec<usize>> {
    let after: Vec<BTreeSet<usize>> = last.iter().map(|one| builds_on(one, last)).collect();
    if last.len() <= EVERY_ORDER_OF {
        let mut all = Vec::new();
        extend(&after, &mut Vec::new(), &mut all);
        return all;
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..SAMPLED)
        .map(|_| {
            let mut order = Vec::new();
            while order.len() < last.len() {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let ready = ready(&after, &order);
                order.push(ready[(state % ready.len() as u64) as usize]);
            }
            order
        })
        .collect()
}

fn builds_on(one: &Verified, last: &[Verified]) -> BTreeSet<usize> {
    let header = one.header();
    let named = header.prev.iter().chain(&header.parents);
    named.filter_map(|id| last.iter().position(|other| other.id() == *id)).collect()
}

fn ready(after: &[BTreeSet<usize>], order: &[usize]) -> Vec<usize> {
    let fits =
        |at: &usize| !order.contains(at) && after[*at].iter().all(|before| order.contains(before));
    (0..after.len()).filter(fits).collect()
}

fn extend(after: &[BTreeSet<usize>], order: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
    if order.len() == after.len() {
        all.push(order.clone());
    }
    for at in ready(after, order) {
        order.push(at);
        extend(after, order, all);
        order.pop();
    }
}
