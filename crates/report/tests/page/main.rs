//! The page that outsiders read. Every page that these tests look at is written to
//! `pages` below cargo's folder for temporary files, where `tests/page` opens it in a browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)]

mod figures;
mod first;
mod groups;
mod hostile;
mod samples;
mod tags;
