//! Small cases by hand: each indicator with the sum that gives its value, and every reason why one
//! cannot be computed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod contract;
mod deciding;
mod hand;
mod not_computable;
mod presence;
mod southern_women;
mod work;
mod written;
