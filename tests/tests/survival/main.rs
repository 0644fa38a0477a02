//! Nothing that a device acknowledged is ever lost: a real process killed, a disk that fails, files
//! that are damaged. What a full disk and missing rights do is tested at the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod damaged;
mod faults;
mod killed;
mod moments;
mod writer;
