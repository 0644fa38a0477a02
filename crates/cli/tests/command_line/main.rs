//! What people and scripts do with the program, from outside, device by device.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod asking;
mod attendance;
mod bad_input;
mod copies;
mod deciding;
mod documents;
mod evidence;
mod full_disk;
#[cfg(unix)]
mod held;
mod kept_screen;
#[cfg(unix)]
mod network;
mod repair;
mod rights;
mod together;
mod world;
