//! What the properties and scenarios of the ledger share: devices that sign envelopes without any
//! store, and people who each have such a device and a ledger of their own.
//!
//! Besides them, [`lan`] makes networks of this machine's own for processes that find each other.
//!
//! Nothing here is random or reads a clock: salts and nonces come from counters, days are given.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    missing_docs
)]

pub mod comparison;
pub mod decisions;
pub mod device;
pub mod group;
pub mod lan;
pub mod person;
pub mod reference;
pub mod room;
pub mod scenario;
pub mod world;
