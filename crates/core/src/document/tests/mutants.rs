//! Bytes and operations at random: the gate does not panic, and what it lets in does not spoil the
//! document.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::saves_and_loads;
use super::world::{World, step};
use crate::change::DocumentId;
use crate::document::poison::{At, Draft, OpId, Row, ground, hash, reseal};
use crate::document::{Document, Gate};
use crate::ids::{ChangeHash, MemberId};

const AUTHOR: [u8; 16] = [0x11; 16];
const ATTACKER: [u8; 16] = [0xf0; 16];

/// A document of what passed, without the lost sides of forks, saves and loads.
fn builds(gate: &Gate, changes: &[Vec<u8>]) {
    let hashes = changes.iter().map(|bytes| ChangeHash::from_bytes(hash(bytes)));
    let counted = hashes.map(|hash| (hash, MemberId::from_bytes([1; 32]))).collect();
    let kept = gate.selection(&counted, &[]).kept;
    let lookup = |wanted: ChangeHash| {
        let found = changes.iter().find(|bytes| hash(bytes) == *wanted.as_bytes());
        found.map(Vec::as_slice)
    };
    let document = Document::build(&DocumentId::Contract, &kept, &lookup).unwrap();
    saves_and_loads(document.automerge());
}

/// The ground, one more change of the attacker's, and another; how many of the two passed.
fn judge(second: Vec<u8>, third: Option<([u8; 16], Vec<u8>)>) -> usize {
    let mut gate = Gate::new(&DocumentId::Contract);
    let mut changes = ground(AUTHOR).changes;
    for bytes in &changes {
        gate.judge(AUTHOR, bytes, &|_| true).unwrap();
    }
    let before = changes.len();
    if gate.judge(ATTACKER, &second, &|_| true).is_ok() {
        changes.push(second);
    }
    if let Some((actor, bytes)) = third
        && gate.judge(actor, &bytes, &|_| true).is_ok()
    {
        changes.push(bytes);
    }
    builds(&gate, &changes);
    changes.len() - before
}

/// Ids around those that are there.
fn id() -> impl Strategy<Value = OpId> {
    prop_oneof![
        8 => (0_u64..3, 1_u64..34),
        1 => (0_u64..4, prop_oneof![Just(0), Just(1 << 31), any::<u64>()]),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let body = Just((2_u64, 8_u64));
    let object = prop_oneof![
        1 => Just(None), 6 => body.prop_map(Some), 2 => Just(Some((1, 2))), 3 => Just(Some((2, 4))),
        1 => Just(Some((2, 14))), 2 => id().prop_map(Some),
    ];
    const KEYS: [&str; 7] = ["order", "kind", "body", "heading", "0000000000000001", "due", "x"];
    let at = prop_oneof![
        proptest::sample::select(&KEYS[..]).prop_map(|key| At::Key(key.into())),
        Just(At::Head),
        id().prop_map(At::Element),
    ];
    const TEXTS: [&str; 7] = ["a", "b", "rules", "\u{202e}", "", "open", "é"];
    let value = prop_oneof![
        4 => proptest::sample::select(&TEXTS[..]).prop_map(|text| (6, text.as_bytes().to_vec())),
        2 => Just((0, Vec::new())),
        1 => (0_u64..16, proptest::collection::vec(any::<u8>(), 0..9)),
    ];
    let preds = prop_oneof![
        3 => Just(Vec::new()),
        2 => id().prop_map(|id| vec![id]),
        1 => proptest::collection::vec(id(), 2..4),
    ];
    let action = prop_oneof![4 => Just(1), 2 => Just(3), 2 => Just(7), 1 => 0_u64..9];
    let mark = proptest::option::of(Just("em".to_owned()));
    let flags = (any::<bool>(), any::<bool>());
    (object, at, flags, action, value, preds, mark).prop_map(
        |(object, at, (insert, expand), action, value, preds, mark)| {
            let expand = expand && action == 7;
            let mark = mark.filter(|_| action == 7);
            let insert = insert || action == 7;
            Row { object, at, insert, action, value, preds, expand, mark }
        },
    )
}

/// Rows that more often than not fit, so that one wrong thing at a time is tried.
fn nearly_right() -> impl Strategy<Value = Vec<Row>> {
    let element = prop_oneof![
        1 => Just(At::Head),
        6 => (9_u64..14).prop_map(|c| At::Element((2, c))),
        3 => (25_u64..34).prop_map(|c| At::Element((0, c))),
        1 => (20_u64..22).prop_map(|c| At::Element((2, c))),
    ];
    let plain = |at, action, value: &[u8]| Row {
        object: Some((2, 8)),
        at,
        insert: true,
        action,
        value: (if value.is_empty() { 0 } else { 6 }, value.to_vec()),
        preds: Vec::new(),
        expand: false,
        mark: None,
    };
    let pair = (element.clone(), element.clone(), any::<bool>()).prop_map(move |(a, b, expand)| {
        let begin = Row { mark: Some("em".into()), ..plain(a, 7, b"v") };
        vec![begin, Row { expand, ..plain(b, 7, b"") }]
    });
    let one = prop_oneof![
        4 => element.clone().prop_map(move |at| vec![plain(at, 1, b"c")]),
        3 => element.prop_map(move |at| {
            let preds = if let At::Element(id) = at { vec![id] } else { Vec::new() };
            vec![Row { insert: false, preds, ..plain(at, 3, b"") }]
        }),
        3 => pair,
        1 => row().prop_map(|row| vec![row]),
    ];
    proptest::collection::vec(one, 1..5).prop_map(|rows| rows.concat())
}

/// A change with rows whose ids are of a table of the base's actor and the author.
fn draft(rows: Vec<Row>) -> Draft {
    let mut draft = Draft { rows, ..ground(AUTHOR).ok(ATTACKER) };
    let table = [ATTACKER.to_vec(), vec![0; 16], AUTHOR.to_vec()];
    let mut used = BTreeSet::new();
    let each = |rows: &mut Vec<Row>, f: &mut dyn FnMut(&mut OpId)| {
        for row in rows {
            row.object.iter_mut().chain(&mut row.preds).for_each(&mut *f);
            if let At::Element(id) = &mut row.at {
                f(id);
            }
        }
    };
    each(&mut draft.rows, &mut |id| {
        used.insert(id.0);
    });
    let others: Vec<u64> = used.into_iter().filter(|n| (1..3).contains(n)).collect();
    each(&mut draft.rows, &mut |id| {
        if let Some(place) = others.iter().position(|other| *other == id.0) {
            id.0 = place as u64 + 1;
        }
    });
    draft.others = others.iter().map(|n| table[*n as usize].clone()).collect();
    draft
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn random_operations_do_no_harm(rows in proptest::collection::vec(row(), 1..5)) {
        judge(draft(rows).encode(), None);
    }

    #[test]
    fn operations_that_are_nearly_right_do_no_harm(
        one in nearly_right(),
        two in nearly_right(),
        follows in any::<bool>(),
    ) {
        let one = draft(one);
        let mut two = draft(two);
        let first = one.encode();
        if follows {
            two.deps = vec![hash(&first)];
            two.seq = 2;
            two.start_op = one.start_op + one.rows.len() as u64;
        }
        let actor = if follows { ATTACKER } else { [0x05; 16] };
        two.actor = actor.to_vec();
        judge(first, Some((actor, two.encode())));
    }

    /// Bytes of honest changes with some flipped, cut or doubled, and the checksum right.
    #[test]
    fn mutated_bytes_do_no_harm(
        steps in proptest::collection::vec(step(0), 1..12),
        which in 0_usize..40,
        edits in proptest::collection::vec((any::<u16>(), 0_u8..4, any::<u8>()), 1..4),
    ) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.step(step));
        prop_assume!(!world.made.is_empty());
        let made = &world.made[which % world.made.len()];
        let mut bytes = made.bytes.clone();
        for (place, kind, byte) in edits {
            let place = 8 + usize::from(place) % (bytes.len() - 8);
            match kind {
                0 => bytes[place] = byte,
                1 => bytes[place] ^= 1 << (byte % 8),
                2 if bytes.len() > 20 => { bytes.remove(place); }
                _ => bytes.insert(place, byte),
            }
        }
        let mut gate = Gate::new(&DocumentId::Contract);
        let mut changes = Vec::new();
        for before in world.made.iter().filter(|other| made.past.contains(&other.hash)) {
            gate.judge(before.actor, &before.bytes, &|_| true).unwrap();
            changes.push(before.bytes.clone());
        }
        let mutant = reseal(&bytes);
        if gate.judge(made.actor, &mutant, &|hash| made.past.contains(&hash)).is_ok() {
            changes.push(mutant);
        }
        builds(&gate, &changes);
    }
}

#[test]
fn nearly_right_is_right_often_enough() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let passed: usize = (0..200)
        .map(|_| {
            judge(draft(nearly_right().new_tree(&mut runner).unwrap().current()).encode(), None)
        })
        .sum();
    assert!((30..190).contains(&passed), "{passed} of 200");
}
