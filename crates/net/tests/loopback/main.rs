//! Real endpoints on loopback: devices that connect, and those that should not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod hostile;
mod links;
mod outsider;
mod pairing;
mod parting;
mod world;
