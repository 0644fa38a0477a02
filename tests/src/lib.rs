//! What holds between the crates, and for the repository as a whole. The tests are in `tests/`;
//! here is what several of them read.

pub mod repository;
