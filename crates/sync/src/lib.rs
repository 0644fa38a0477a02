//! copact-sync
pub mod box_key;
pub mod bundle;
mod drawn;
pub mod limits;
mod outer;
pub mod request;
pub mod ticket;
