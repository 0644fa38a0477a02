//! Reports as tables, as JSON and as Parquet. `tests/tables/run` has other people's tools read the
//! same; these tests need nothing but Rust.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod made;
mod packages;
#[cfg(feature = "parquet")]
mod parquet;
mod schema;
