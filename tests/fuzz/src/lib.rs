//! Fuzzing of everything that reads bytes or text from elsewhere.
//!
//! Each target is a function from any bytes. It takes them twice: as what came from elsewhere, and
//! as a script of edits to something honest, whose checksums and signatures are then put right, so
//! that what lies behind them is reached. A target fails by a panic, or when something is read that
//! no copact writes. `tests/targets.rs` runs them all; the corpus beside it starts from
//! [`honest`] input.

pub mod attendance;
pub mod bundle;
pub mod contract;
pub mod envelope;
pub mod forms;
pub mod frontier;
pub mod gate;
pub mod greeting;
pub mod honest;
pub mod mutation;
pub mod pairing;
pub mod presence;
pub mod request;
pub mod ticket;
