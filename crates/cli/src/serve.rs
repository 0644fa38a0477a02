//! `copact serve`: one process holds a home, and the other commands act through its socket.
//!
//! A command that finds the socket sends what was typed, where, when and on what streams, and gets
//! back what it would have said alone (`frame`). The holder (`holder`) takes one command after
//! another, with the groups in memory. A question that a command has to ask ends its run, undone;
//! the asking end (`client`) asks, and sends the command again with the answer.

pub mod client;
mod door;
mod frame;
pub(crate) mod holder;

/// The socket's name in a home's folder.
const SOCKET: &str = "socket";
