//! The contract as a whole: files, edits, merges, authorship.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod authorship;
mod edits;
mod files;
mod merges;
mod typing;
mod views;
