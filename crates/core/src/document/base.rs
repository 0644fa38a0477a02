//! The fixed first changes. All documents of a kind start from the same bytes, so that what people
//! write on devices that have not met yet is in one document.

use super::Base;
use super::clock::Id;
use super::graph::Table;
pub(super) use super::shape::Place;
use super::shape::{Kind, Shape};
use crate::change::DocumentId;
use crate::ids::ChangeHash;

/// The actor of the first change: nobody's.
pub(super) const ACTOR: [u8; 16] = [0; 16];

static CONTRACT: Base = Base { bytes: &[], hash: ChangeHash::from_bytes([0; 32]) };

static MINUTES: Base = Base { bytes: &[], hash: ChangeHash::from_bytes([0; 32]) };

pub(super) const fn of(document: &DocumentId) -> &'static Base {
    match document {
        DocumentId::Contract => &CONTRACT,
        DocumentId::Minutes(_) => &MINUTES,
    }
}

/// The document's first change: actor of 16 zero bytes, time 0, no message; it makes the root's
/// objects. It is in no envelope.
#[must_use]
pub const fn base_change(document: &DocumentId) -> &'static [u8] {
    of(document).bytes
}

/// The hash of the document's first change, on which every other builds.
#[must_use]
pub const fn base_hash(document: &DocumentId) -> ChangeHash {
    of(document).hash
}

/// The keys of the root and what the first change makes there, in its order.
pub(super) const fn root(document: &DocumentId) -> &'static [(&'static str, Place)] {
    match document {
        DocumentId::Contract => {
            &[("title", Place::Text), ("sections", Place::Sections), ("goals", Place::Goals)]
        }
        DocumentId::Minutes(_) => &[("text", Place::Text)],
    }
}

/// What the gate knows of the first change.
pub(super) fn table(document: &DocumentId) -> Table {
    let mut table = Table::default();
    for (_, place) in root(document) {
        let id = Id { counter: table.len().saturating_add(1), actor: 0 };
        table.push(id, Shape { kind: Kind::Make(*place), object: None, key: None, after: None });
    }
    table
}
