//! Every poisonous change is void for its reason, on every device; what is honest stays.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change};
use proptest::prelude::*;

use super::saves_and_loads;
use crate::change::DocumentId;
use crate::document::poison::{Draft, Ground, Poison, ground};
use crate::document::{Document, Gate, base_change};
use crate::ids::{ChangeHash, MemberId};

const AUTHOR: [u8; 16] = [0x11; 16];

/// The ground on a gate.
fn gate(ground: &Ground) -> Gate {
    let mut gate = Gate::new(&DocumentId::Contract);
    for bytes in &ground.changes {
        gate.judge(AUTHOR, bytes, &|_| true).unwrap();
    }
    gate
}

/// Judges one poison with the past that it was made for.
fn judge(gate: &mut Gate, ground: &Ground, attacker: [u8; 16], poison: &Poison) -> &'static str {
    let mut past = BTreeSet::new();
    for bytes in &ground.changes {
        past.insert(gate.judge(AUTHOR, bytes, &|_| true).unwrap());
    }
    for bytes in &poison.before {
        let hash = gate.judge(attacker, bytes, &|hash| past.contains(&hash)).unwrap();
        past.insert(hash);
    }
    match gate.judge(attacker, &poison.bytes, &|hash| past.contains(&hash)) {
        Ok(_) => "ok",
        Err(void) => {
            assert!(void.to_string().len() > 20, "a sentence: {void}");
            void.code()
        }
    }
}

#[test]
fn the_encoder_of_poison_encodes_honest_changes_as_automerge_does() {
    for bytes in &ground(AUTHOR).changes {
        assert_eq!(&Draft::read(bytes).encode(), bytes);
    }
}

#[test]
fn every_poison_is_void_for_its_own_reason() {
    // An attacker whose id sorts before all others, and one after.
    for attacker in [[0x01; 16], [0xf0; 16]] {
        let ground = ground(AUTHOR);
        let ok = ground.ok(attacker).encode();
        assert!(gate(&ground).judge(attacker, &ok, &|_| true).is_ok());
        let corpus = ground.corpus(attacker);
        let names: BTreeSet<_> = corpus.iter().map(|poison| poison.name).collect();
        assert_eq!(names.len(), corpus.len());
        let wrong: Vec<_> = corpus
            .iter()
            .map(|poison| (poison, judge(&mut gate(&ground), &ground, attacker, poison)))
            .filter(|(poison, verdict)| *verdict != poison.code)
            .map(|(poison, verdict)| (poison.name, poison.code, verdict))
            .collect();
        assert!(wrong.is_empty(), "name, expected, verdict: {wrong:#?}");
    }
}

#[test]
fn every_reason_has_a_poison() {
    let ground = ground(AUTHOR);
    let codes: BTreeSet<_> = ground.corpus([0xf0; 16]).iter().map(|poison| poison.code).collect();
    // The other two need 2^31 operations, and a million steps: see `forks`.
    assert_eq!(codes.len(), 34, "{codes:?}");
}

#[test]
fn what_is_not_in_the_past_of_its_envelope_is_not_built_on() {
    let ground = ground(AUTHOR);
    let mut gate = gate(&ground);
    let ok = ground.ok([0xf0; 16]).encode();
    assert_eq!(gate.judge([0xf0; 16], &ok, &|_| false).unwrap_err().code(), "unseen-dep");
    // The same change in a later envelope that links the ground is ok.
    assert!(gate.judge([0xf0; 16], &ok, &|_| true).is_ok());
    assert_eq!(gate.judge([0xf0; 16], &ok, &|_| false).unwrap_err().code(), "unseen-dep");
}

/// What Automerge makes of a change without a gate.
fn harm(ground: &Ground, poison: &Poison) -> &'static str {
    let mut batch = vec![base_change(&DocumentId::Contract)];
    batch.extend(ground.changes.iter().chain(&poison.before).map(Vec::as_slice));
    let mut doc = Automerge::new();
    let batch: Vec<_> = batch.iter().map(|bytes| Change::try_from(*bytes).unwrap()).collect();
    if doc.apply_changes(batch).is_err() {
        return "refused with what is honest";
    }
    let heads = doc.get_heads();
    let applied = catch_unwind(AssertUnwindSafe(|| {
        let change = Change::try_from(poison.bytes.as_slice()).map_err(|_| "not decoded")?;
        doc.apply_changes([change]).map_err(|_| "refused")?;
        if doc.get_heads() == heads { Err("waits") } else { Ok(()) }
    }));
    match applied {
        Err(_) => return "panics",
        Ok(Err(harmless)) => return harmless,
        Ok(Ok(())) => {}
    }
    match catch_unwind(AssertUnwindSafe(|| Automerge::load(&doc.save()))) {
        Err(_) => "saving or loading panics",
        Ok(Err(_)) => "a saved document does not load",
        Ok(Ok(loaded)) if loaded.get_heads() != doc.get_heads() => "loads as another document",
        Ok(Ok(_)) => "harmless",
    }
}

#[test]
fn the_poisons_are_deadly_without_the_gate() {
    let ground = ground(AUTHOR);
    let corpus = ground.corpus([0xf0; 16]);
    let harms: BTreeMap<_, _> = corpus
        .iter()
        .filter(|poison| poison.code != "too-many-ops")
        .map(|poison| (poison.name, harm(&ground, poison)))
        .collect();
    for name in [
        "a gap in its numbers",
        "an actor listed and not used",
        "an actor from nowhere",
        "an object from nowhere",
        "a deletion as its object",
        "after a character from nowhere",
        "an insertion on a map",
        "an object past 2^32",
        "op ids used before",
        "the highest number",
        "the longest negative run",
    ] {
        assert_eq!(harms[name], "panics", "{name}");
    }
    for name in [
        "operations that start too low",
        "overwrites what is nowhere",
        "overwrites a deletion",
        "a map key on a text",
        "deletes no character",
        "deletes no key",
        "an end without a beginning",
        "begins and ends at one place",
        "ends in what was inserted before at one place",
        "a list of one as a run",
        "an unknown column",
        "no operations",
    ] {
        assert_eq!(harms[name], "a saved document does not load", "{name}");
    }
    for name in ["inserts and overwrites", "overwrites another key", "overwrites itself"] {
        assert_eq!(harms[name], "saving or loading panics", "{name}");
    }
    assert_eq!(harms["both sides of a fork"], "refused with what is honest");
}

/// A permutation, by xorshift.
fn shuffled(len: usize, mut seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    for i in (1..len).rev() {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        order.swap(i, (seed % (i as u64 + 1)) as usize);
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Poison among honest changes, in any order that causality allows: the same verdicts, and the
    /// document of the honest ones saves and loads.
    #[test]
    fn honest_changes_beside_poison_survive(seed in 1_u64..u64::MAX) {
        let ground = ground(AUTHOR);
        let attacker = [0xf0; 16];
        let corpus = ground.corpus(attacker);
        let mut gate = gate(&ground);
        for poison in shuffled(corpus.len(), seed).into_iter().map(|i| &corpus[i]) {
            prop_assert_eq!(judge(&mut gate, &ground, attacker, poison), poison.code);
        }
        let ok = ground.ok([0x99; 16]).encode();
        let honest = gate.judge([0x99; 16], &ok, &|_| true).unwrap();
        let mut counted: BTreeMap<ChangeHash, MemberId> = BTreeMap::new();
        let mut bytes: BTreeMap<ChangeHash, Vec<u8>> = BTreeMap::new();
        let all = ground.changes.iter().map(|b| (AUTHOR, b)).chain([([0x99; 16], &ok)]);
        for (actor, change) in all {
            let hash = gate.judge(actor, change, &|_| true).unwrap();
            counted.insert(hash, MemberId::from_bytes([actor[0]; 32]));
            bytes.insert(hash, change.clone());
        }
        let selection = gate.selection(&counted, &[]);
        prop_assert_eq!(selection.kept.len(), 4);
        prop_assert_eq!(&selection.heads, &[honest]);
        let lookup = |hash| bytes.get(&hash).map(Vec::as_slice);
        let document = Document::build(&DocumentId::Contract, &selection.kept, &lookup).unwrap();
        saves_and_loads(document.automerge());
    }
}
