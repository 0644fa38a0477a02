//! Other libraries doing the same work where they can: a log of taps, and typing.
//!
//! None of them signs, judges or seals, and none makes anything durable by itself.

pub(crate) mod log;
mod samod;
pub(crate) mod sync;
pub(crate) mod text;

pub(crate) use log::{load, one_tap, weight};
