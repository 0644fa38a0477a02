//! The contract as Markdown.

use copact_core::change::DocumentId;
use copact_core::contract::{ContractContent, Markdown, render};
use copact_core::document::{Document, Gate};

use crate::honest;
use crate::mutation::mutate;

/// The target.
///
/// # Panics
/// The edit that makes the contract equal to a file is void, or is not what the file says.
pub fn target(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    check(&String::from_utf8_lossy(&mutate(honest::CONTRACT.as_bytes(), bytes)));
}

fn check(text: &str) {
    let parsed = match Markdown::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let mut doc = Document::new(&DocumentId::Contract).expect("the first change").into_automerge();
    let Ok(changes) = honest::written(&doc, &parsed, 0) else { return };
    let mut gate = Gate::new(&DocumentId::Contract);
    for change in &changes {
        gate.judge(honest::ACTOR, change, &|_| true).expect("an honest edit is ok");
    }
    honest::apply(&mut doc, &changes);
    let written = render(&ContractContent::read(&doc));
    let again = Markdown::parse(&written).expect("what copact writes, it reads");
    let second = honest::written(&doc, &again, 1_000).expect("no edit");
    assert!(second.is_empty(), "the contract's own text changed it: {text:?} as {written:?}");
}
