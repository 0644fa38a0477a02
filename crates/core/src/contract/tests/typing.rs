//! Typing in a section: the same text as typed, in changes that the gate lets pass.

use automerge::ReadDoc;
use proptest::prelude::*;

use crate::change::DocumentId;
use crate::contract::samples::{EXAMPLE, example, import};
use crate::contract::*;
use crate::document::{Document, Gate};
use crate::ids::{ChangeHash, PartId};

const ACTOR: [u8; 16] = [9; 16];

/// The example's first section, open, with the gate that has seen what it is made of.
fn open() -> (Typing, Gate, Document, String) {
    let mut doc = Document::new(&DocumentId::Contract).unwrap().into_automerge();
    let changes = import(&mut doc, 1, EXAMPLE);
    let mut gate = Gate::new(&DocumentId::Contract);
    for bytes in &changes {
        gate.judge([1; 16], bytes, &|_| true).unwrap();
    }
    let kept = hashes(&changes);
    let lookup = |hash| kept.iter().position(|one| *one == hash).map(|i| changes[i].as_slice());
    let document = Document::build(&DocumentId::Contract, &kept, &lookup).unwrap();
    let first = ContractContent::read(&doc).sections[0].clone();
    (Typing::open(doc, ACTOR, first.id).unwrap(), gate, document, first.body)
}

fn hashes(changes: &[Vec<u8>]) -> Vec<ChangeHash> {
    let hash = |bytes: &Vec<u8>| automerge::Change::try_from(bytes.as_slice()).unwrap().hash();
    changes.iter().map(|bytes| ChangeHash::from_bytes(hash(bytes).0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_is_typed_is_what_others_read(
        bursts in prop::collection::vec(
            prop::collection::vec((0_usize..400, 0_usize..3, "[a-zé ]{0,3}"), 0..8), 1..6)
    ) {
        let (mut typing, mut gate, mut document, body) = open();
        let mut units: Vec<u16> = body.encode_utf16().collect();
        for burst in bursts {
            let typed = burst.iter().any(|(_, gone, new)| *gone > 0 || !new.is_empty());
            for (at, gone, new) in burst {
                let at = at % units.len();
                let gone = gone.min(units.len() - at);
                typing.replace(at, gone, &new).unwrap();
                units.splice(at..at + gone, new.encode_utf16());
            }
            let changes = typing.pause().unwrap();
            prop_assert_eq!(changes.len(), usize::from(typed));
            for bytes in &changes {
                prop_assert!(gate.judge(ACTOR, bytes, &|_| true).is_ok());
            }
            let new = hashes(&changes);
            let place = |hash| new.iter().position(|one| *one == hash);
            let lookup = |hash| place(hash).map(|i| changes[i].as_slice());
            document = document.extended(&new, &lookup).unwrap();
            let shown = document.automerge().text(typing.body()).unwrap();
            prop_assert_eq!(shown, String::from_utf16(&units).unwrap());
        }
        let mine = typing.close().unwrap();
        prop_assert_eq!(mine.get_heads(), document.automerge().get_heads());
    }
}

#[test]
fn what_a_document_lacks_does_not_extend_it() {
    let (mut typing, _, document, _) = open();
    typing.replace(0, 0, "one").unwrap();
    let first = typing.pause().unwrap();
    typing.replace(0, 0, "two").unwrap();
    let second = typing.pause().unwrap();
    let (early, late) = (hashes(&first)[0], hashes(&second)[0]);
    let bytes = |hash| Some(if hash == early { first[0].as_slice() } else { second[0].as_slice() });
    // A dependency is missing, bytes are missing, bytes are another change's.
    assert!(document.clone().extended(&[late], &bytes).is_none());
    assert!(document.clone().extended(&[early], &|_| None).is_none());
    assert!(document.clone().extended(&[early], &|_| Some(second[0].as_slice())).is_none());
    assert!(document.extended(&[early, late], &bytes).is_some());
}

#[test]
fn typing_refuses_what_hides_and_what_is_not_there() {
    let (mut typing, ..) = open();
    let hidden = typing.replace(0, 0, "a\u{202E}b").unwrap_err();
    assert!(matches!(hidden, EditError::Hidden { .. }), "{hidden}");
    assert!(typing.replace(1_000_000, 0, "x").is_err());
    let huge = "x".repeat(crate::limits::BODY_BYTES);
    assert!(matches!(typing.replace(0, 0, &huge), Err(EditError::ChangeTooBig { .. })));
    assert!(typing.pause().unwrap().is_empty(), "what was refused is not written");
    let missing = Typing::open(example(), ACTOR, PartId::from_bytes([0xEE; 8])).err().unwrap();
    assert!(matches!(missing, EditError::NoSection { .. }), "{missing}");
}
