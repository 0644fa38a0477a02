//! A room full of devices, simulated: people, disks, links and faults, in virtual time, from one
//! seed.
//!
//! Each device runs the very [`copact_sync::exchange::Exchange`] that real ones run, over a network
//! that delays, breaks, and leads to hostile members. When the faults are over, all honest devices
//! must come to the same state, and nothing that anybody was told is saved may be missing.
//!
//! The same seed always gives the same run, down to each byte that was sent.
// This is a test that is a program: devices and connections are named by numbers that it made
// itself, and a number that is wrong is to end the run, which tells the seed.
#![allow(clippy::indexing_slicing)]

pub mod chance;
pub mod hostile;
pub mod network;
pub mod people;
pub mod phone;
pub mod plan;
mod run;
pub mod tally;
pub mod trace;
pub mod verdicts;
pub mod world;

pub use run::{Options, Outcome, run};
