//! Exchanges between devices, without any network: who ends with what, and at what cost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod beside;
mod converging;
mod cuts;
mod hostile;
mod joining_in;
mod reviewed;
