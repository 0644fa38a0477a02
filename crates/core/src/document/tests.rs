//! Tests of the gate, the selection and the document.
#![allow(
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod corpus;
mod edits;
mod first;
mod forks;
mod honest;
mod mutants;
mod quarantine;
mod world;

use automerge::{Automerge, LoadOptions, TextEncoding};

/// Saves and loads, and compares what comes back.
fn saves_and_loads(doc: &Automerge) {
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    let loaded = Automerge::load_with_options(&doc.save(), options).unwrap();
    assert_eq!(loaded.get_heads(), doc.get_heads());
    assert_eq!(loaded.hydrate(None), doc.hydrate(None));
}
