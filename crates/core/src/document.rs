//! Documents: the contract and the minutes of meetings, as Automerge documents.
//!
//! People edit them together, so each is a set of Automerge changes, carried by signed envelopes. A
//! signature does not make a change harmless: one that is well-formed and well-hashed can make
//! Automerge panic, or spoil the document so that it can never be loaded again. So every change
//! first passes the [`Gate`], which lets in only what a fixed plan of the document allows, judged
//! from the change and what it builds on alone. [`Gate::selection`] says which of the changes that
//! passed a document is made of, and [`Document::build`] makes it.
//!
//! The plan, for all who write documents:
//! - contract: `title` text; `sections` and `goals` maps;
//! - `sections/<16 lowercase hex>`: map of `kind` (identity, purpose, principles, rules, goals,
//!   other), `order` (1 to 64 bytes of ASCII), `heading` text, `body` text;
//! - `goals/<16 lowercase hex>`: map of `order`, `text` text, `measure` (≤ 1 KiB), `due` (≤ 32
//!   bytes), `state` (open, done, dropped);
//! - minutes: `text` text;
//! - sections, goals and all values can be deleted, so that who reads does without; texts of
//!   sections and goals can be made anew, not deleted; the root's keys are made by the fixed first
//!   change and stay; characters are inserted one an operation, without control (but line feed and
//!   tab) or text-reordering characters; marks have a name of 1 to 40 bytes and a value that is a
//!   boolean, null or a text of ≤ 200 bytes.

mod base;
mod chunk;
mod clock;
mod columns;
mod gate;
mod graph;
mod materialise;
#[cfg(any(test, feature = "testing"))]
pub mod poison;
mod refusal;
mod runs;
mod selection;
mod shape;
#[cfg(test)]
mod tests;
mod view;

pub use base::{base_change, base_hash};
pub use gate::Gate;
pub use materialise::{Document, DocumentError};
pub use refusal::VoidChange;
pub use selection::Selection;

/// The fixed first change of a kind of document.
#[derive(Debug)]
struct Base {
    bytes: &'static [u8],
    hash: crate::ids::ChangeHash,
}
