//! What outsiders get of a group's evidence: a page to read, tables to reckon with, bundles to
//! verify, and credentials of single members.
//!
//! Everything here is made from a [`Report`](copact_evidence::report::Report) or from a ledger, in
//! memory: no files, no clock, no randomness, no network.

pub mod bundle;
pub mod credential;
pub mod gathering;
pub mod html;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod schema;
pub mod tables;
pub mod verify;
