//! A panic of Automerge is never a verdict: the rest of the document is shown.

use std::collections::BTreeMap;

use automerge::{Automerge, Change};

use super::edits::Edit;
use super::world::{Step, World};
use crate::change::DocumentId;
use crate::document::{Document, DocumentError, base_hash};
use crate::ids::ChangeHash;

#[test]
fn what_breaks_automerge_is_left_out_with_what_builds_on_it() {
    let mut world = World::new();
    world.step(&Step::Edit(0, vec![Edit::AddSection(1)]));
    for n in 0..20 {
        world.step(&Step::Edit(n % 2, vec![Edit::Title(0, format!("{n} "))]));
    }
    world.step(&Step::Receive(2, 0));
    world.step(&Step::Edit(2, vec![Edit::Title(0, "third".into())]));
    let kept = world.gate.selection(&world.counted(&world.all()), &[]).kept;
    let bytes: BTreeMap<ChangeHash, Vec<u8>> =
        world.made.iter().map(|made| (made.hash, made.bytes.clone())).collect();
    let lookup = |hash| bytes.get(&hash).map(Vec::as_slice);
    // The second device's fourth change breaks it: nobody else has seen that device's.
    let second: Vec<_> = world.made.iter().filter(|m| m.actor == world.made[2].actor).collect();
    let bad = second[3].hash;
    let breaks = move |doc: &mut Automerge, batch: Vec<Change>| {
        assert!(
            !batch.iter().any(|change| change.hash().0 == *bad.as_bytes()),
            "a panic for a test"
        );
        doc.apply_changes(batch).is_ok()
    };
    let made = Document::build_with(&DocumentId::Contract, &kept, &lookup, &breaks);
    let Err(DocumentError::Quarantined { document, left_out }) = made else {
        panic!("not quarantined: {made:?}");
    };
    let expected: Vec<_> = second[3..].iter().map(|made| made.hash).collect();
    assert_eq!(left_out, expected);
    assert_eq!(document.automerge().get_heads().len(), 2);
    let rest: Vec<_> = kept.iter().copied().filter(|hash| !left_out.contains(hash)).collect();
    assert_eq!(*document, Document::build(&DocumentId::Contract, &rest, &lookup).unwrap());
    super::saves_and_loads(document.automerge());
}

#[test]
fn missing_bytes_are_said() {
    let document = DocumentId::Contract;
    let hash = ChangeHash::from_bytes([3; 32]);
    let made = Document::build(&document, &[base_hash(&document), hash], &|_| None);
    assert_eq!(made, Err(DocumentError::Missing(hash)));
}
