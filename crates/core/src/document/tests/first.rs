//! The fixed first changes are what Automerge makes.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, TextEncoding};

use crate::change::DocumentId;
use crate::document::{Document, Gate, base, base_change, base_hash};
use crate::ids::EnvelopeId;

#[test]
fn the_first_changes_are_what_automerge_makes_of_the_plan() {
    for document in [DocumentId::Contract, DocumentId::Minutes(EnvelopeId::from_bytes([7; 32]))] {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit)
            .with_actor(ActorId::from(base::ACTOR));
        let mut tx = doc.transaction();
        for (key, place) in base::root(&document) {
            let kind = match place {
                base::Place::Text => ObjType::Text,
                _ => ObjType::Map,
            };
            tx.put_object(ROOT, *key, kind).unwrap();
        }
        tx.commit();
        let change = doc.get_last_local_change().unwrap();
        assert_eq!(
            base_change(&document),
            change.raw_bytes(),
            "\n{:?}\n{:?}",
            change.raw_bytes(),
            change.hash().0
        );
        assert_eq!(base_hash(&document).as_bytes(), &change.hash().0);
        assert!(Gate::new(&document).closure(&[base_hash(&document)]).is_some());
        let made = Document::new(&document).unwrap();
        assert_eq!(made.automerge().get_heads(), [change.hash()]);
    }
}
