//! copact-core
pub mod act;
pub mod change;
pub mod codec;
pub mod contract;
pub mod day;
pub mod entry;
pub mod envelope;
pub mod frontier;
pub mod ids;
pub mod keys;
pub mod limits;
pub mod minutes;
pub mod presence;
pub mod profile;
pub mod proposal;
pub mod side;
pub mod text;
