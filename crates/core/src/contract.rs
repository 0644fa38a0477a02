//! The content of the group's contract: reading it, writing it as Markdown, editing it, and who
//! wrote which character.
//!
//! The contract is an Automerge document that people edit together ([`schema`]).
//! [`ContractContent`] is what it says at one moment; [`Markdown`] is the same as a file.
//! [`make_change`] turns an edit into Automerge changes that hold scalar differences only, so that
//! pasting the same text again changes nothing and takes nobody's authorship; [`blame`] tells which
//! change inserted each scalar.
//!
//! Nothing here trusts the document: any Automerge document can be read, whatever it holds, and
//! two people's concurrent edits may have left it with missing keys or with characters that
//! nobody would have been allowed to type.

mod apply;
mod blame;
mod content;
mod differences;
mod digest;
mod editor;
mod goal_line;
mod kind;
mod lookup;
mod markdown;
mod matching;
mod order;
mod render;
mod scalars;
pub mod schema;
mod typing;
mod written;

pub(crate) use apply::checked_text;
pub use apply::{apply_markdown, edit_section};
pub use blame::{BlameField, BlameSpan, blame};
pub use content::{ContractContent, Goal, Section};
pub use differences::{
    Differences, GoalDifference, Hunk, HunkKind, PartChange, Replaced, SectionDifference,
    differences,
};
pub use digest::ContractDigest;
pub use editor::{EditError, Editor, make_change};
pub use kind::SectionKind;
pub use lookup::LookupError;
pub use markdown::{KindSource, Markdown, MarkdownError, WrittenGoal, WrittenSection};
pub use render::render;
pub use typing::Typing;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
