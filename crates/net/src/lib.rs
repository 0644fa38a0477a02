//! The network: this device's endpoints, who is found on the LAN, and connections to devices that
//! proved to know a group.
//!
//! [`Net`] runs on threads of its own and knows nothing of ledgers. It is told which groups there
//! are ([`Net::set_groups`]), and tells what happens as [`Event`]s: a peer of a group was greeted,
//! a message came, a newcomer asks by an invite. Everything sent and received on a link is a
//! message of `copact_sync::exchange`, whole and in order.

mod accepting;
mod address;
mod connection;
mod dialling;
pub mod discovery;
mod endpoint;
mod event;
mod frame;
mod gate;
mod greet;
mod link;
mod links;
mod net;
mod notes;
mod pairing;
mod ring;
mod running;
mod settings;

pub use address::{Address, AddressError};
pub use copact_sync::greeting::Membership;
pub use event::{Event, Link, Room};
pub use frame::Pace;
pub use net::Net;
pub use settings::{Bounds, NetError, OpenInvite, Settings};
