//! What the network is told: groups, how to listen, bounds.

use std::net::SocketAddr;
use std::time::Duration;

use copact_core::ids::{GroupId, Nonce};

use crate::frame::Pace;

/// How the network is used.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; all interfaces and any port if empty.
    pub listen: Vec<SocketAddr>,
    /// Whether to announce this device on the LAN and to dial those found there.
    pub lan: bool,
    /// The secret of the day's endpoint key, drawn by the caller and kept for the day.
    pub endpoint: [u8; 32],
    /// A relay of the group's own choice, as a URL.
    pub relay: Option<String>,
    /// What others may make this device do.
    pub bounds: Bounds,
}

/// An invite that newcomers may use now: it has an endpoint of its own.
#[derive(Clone)]
pub struct OpenInvite {
    /// The group.
    pub group: GroupId,
    /// The invite.
    pub nonce: Nonce,
    /// The secret of the invite's own endpoint key.
    pub endpoint: [u8; 32],
    /// The ticket's [`pairing_key`](copact_sync::ticket::Ticket::pairing_key).
    pub key: [u8; 32],
    /// Whether somebody tried it already ([`Event::Tried`](crate::Event::Tried)): then it answers
    /// members only, and newcomers are told.
    pub tried: bool,
}

impl std::fmt::Debug for OpenInvite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenInvite({} of {})", self.nonce, self.group)
    }
}

/// How much others may make this device do. The defaults are for a room of 200 phones; tests that
/// do not want to wait, and hosts of many devices at one address, choose others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Greeted connections that others may have to this device.
    pub accepted: usize,
    /// Connections that have not shown yet that they know a group.
    pub strangers: usize,
    /// Those of one source: an IPv4 address, or the first half of an IPv6 address.
    pub strangers_a_source: usize,
    /// Connections that one source may open at once.
    pub burst: u32,
    /// And one more each time this has passed.
    pub refill: Duration,
    /// What a greeting that fails costs, in connections.
    pub failure: u32,
    /// How long a greeting may take, from the first packet on.
    pub greeting: Duration,
    /// How fast a message that was begun must go on.
    pub pace: Pace,
    /// Bytes that may wait to be sent on a link.
    pub queue: usize,
    /// Bytes of messages of a link that were told as events and not done with yet.
    pub inbox: usize,
    /// The time without a sign of life after which a connection is given up. Signs are given every
    /// third of it.
    pub idle: Duration,
    /// The pause after the first dial that failed; it doubles each time.
    pub pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long a device that is of no common group is not dialled again.
    pub stranger_pause: Duration,
    /// How long an inviter may take to answer.
    pub answer: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            accepted: 32,
            strangers: 64,
            strangers_a_source: 8,
            burst: 32,
            refill: Duration::from_secs(2),
            failure: 4,
            greeting: Duration::from_secs(10),
            pace: Pace::default(),
            queue: 32 * 1_024 * 1_024,
            inbox: 2 * 1_024 * 1_024,
            idle: Duration::from_secs(30),
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(240),
            stranger_pause: Duration::from_secs(600),
            answer: Duration::from_secs(600),
        }
    }
}

/// Why the network cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// Nothing can be bound.
    #[error(
        "this device cannot listen at {at}: {why}; choose another address or port with --listen"
    )]
    Bind {
        /// Where.
        at: String,
        /// Why.
        why: String,
    },
    /// The relay's address is none.
    #[error("“{0}” is no address of a relay; it is written https://HOST")]
    Relay(String),
    /// The system gives no threads or no random bytes.
    #[error("the network cannot be started: {0}")]
    System(String),
}
