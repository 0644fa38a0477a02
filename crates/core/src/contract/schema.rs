//! Where everything stands in the contract's Automerge document. The gate enforces it.
//!
//! ```text
//! title     Text
//! sections  Map  <16 hex digits of a PartId>  Map { kind, order: Str, heading, body: Text }
//! goals     Map  <16 hex digits of a PartId>  Map { order, measure, due, state: Str, text: Text }
//! ```
//! The three root objects are made by the group's base change and never again.

/// Root: the title, a text.
pub const TITLE: &str = "title";
/// Root: the sections by id.
pub const SECTIONS: &str = "sections";
/// Root: the goals by id.
pub const GOALS: &str = "goals";

/// Of a section: a word of [`super::SectionKind`].
pub const KIND: &str = "kind";
/// Of a section or goal: where it stands among the others; compared as bytes, then by id.
pub const ORDER: &str = "order";
/// Of a section: one line, a text.
pub const HEADING: &str = "heading";
/// Of a section: a text.
pub const BODY: &str = "body";

/// Of a goal: one line, a text.
pub const TEXT: &str = "text";
/// Of a goal: how people will know; absent or empty if not said.
pub const MEASURE: &str = "measure";
/// Of a goal: an ISO day; absent if not said.
pub const DUE: &str = "due";
/// Of a goal: a word of [`crate::entry::GoalState`].
pub const STATE: &str = "state";
