//! The greeting: two devices on a connection prove to each other that they know a group and which
//! device of it they are.
//!
//! ```text
//! dialer → Call     MACs of its groups among random ones, in sorted order
//! dialer ← Answer   which MAC, a MAC of its own, its device's key; or silence
//! dialer → Proof    its device's key, admissions, signature
//! dialer ← Proof    the same of the acceptor
//! ```
//! The MACs are keyed with what knowing the group's [discovery key](discovery_key) gives, over the
//! connection's TLS exporter: relayed to another connection they are worth nothing, and who does
//! not know the group cannot tell them from random bytes. The acceptor says nothing before it saw
//! one that it knows, and the dialer does not show its device before the acceptor did the same.
//! Each signs its role, so that a proof cannot be sent back to its maker, and both keys.
//!
//! Each step takes the state by value and gives the next one, so nothing can be taken twice or in
//! another order. A greeting agrees on one group. To offer the rest, both run it again on a further
//! stream of the same connection: the stream's number is in every MAC and signature.
//!
//! ```
//! use copact_core::ids::GroupId;
//! use copact_core::keys::DeviceSecret;
//! use copact_sync::greeting::{Acceptor, Channel, Dialer, Membership};
//!
//! let of = |seed: u8| Membership {
//!     group: GroupId::from_bytes([7; 32]),
//!     discovery: [8; 32],
//!     device: DeviceSecret::from_bytes(&[seed; 32]),
//!     admissions: Vec::new(),
//! };
//! let (ana, ben) = ([of(1)], [of(2)]);
//! let channel = Channel { exporter: [9; 32], stream: 0 };
//!
//! let (dialer, call) = Dialer::call(channel, &ana, &[42; 32])?;
//! let (acceptor, answer) = Acceptor::answer(channel, &ben, &call)?;
//! let (dialer, proof) = dialer.prove(&answer)?;
//! let (proof, met) = acceptor.prove(&proof)?;
//! assert_eq!(met?.peer, ana[0].device.public());
//! assert_eq!(dialer.met(&proof)?.peer, ben[0].device.public());
//! # Ok::<(), copact_sync::greeting::GreetingError>(())
//! ```

mod acceptor;
mod dialer;
mod message;
#[cfg(test)]
mod tests;

use copact_core::codec::CodecError;
use copact_core::envelope::Verified;
use copact_core::ids::{GroupId, Salt, tagged_hash};
use copact_core::keys::{DeviceKey, DeviceSecret, KeyError, Purpose, SignatureBytes};

use crate::limits;
pub use acceptor::Acceptor;
pub use dialer::{Called, Dialer};

/// A group that this device is in, or wants to join, as far as a greeting has to know it.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The group.
    pub group: GroupId,
    /// The group's [`discovery_key`].
    pub discovery: [u8; 32],
    /// This device's key in the group.
    pub device: DeviceSecret,
    /// The admissions that lead from a member whom others know to this device, the newest last, as
    /// envelopes in canonical CBOR; at most [`limits::ADMISSIONS`] of
    /// [`limits::ADMISSION_BYTES`].
    pub admissions: Vec<Vec<u8>>,
}

/// One stream of a connection. Both ends know it without being told.
#[derive(Clone, Copy)]
pub struct Channel {
    /// What TLS exports on this connection, alike at both ends and nowhere else.
    pub exporter: [u8; 32],
    /// QUIC's id of the stream; no greeting is run twice on one. The id says which end opened the
    /// stream, so that a device's call cannot be sent back to it on a stream of the other end's.
    pub stream: u64,
}

/// What a greeting proved.
#[derive(Clone, PartialEq, Eq)]
pub struct Met {
    /// The group that both know.
    pub group: GroupId,
    /// The peer's device. It has that key; whether it is a member is the ledger's to say.
    pub peer: DeviceKey,
    /// What the peer brought to show that it was let in: bytes that nobody has checked.
    pub admissions: Vec<Vec<u8>>,
    /// A key that only the two ends can know, for short ids.
    pub key: [u8; 32],
}

/// Why a greeting ended without a peer. The connection is closed, without a word by an acceptor
/// that has not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GreetingError {
    /// A message that cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A message of another step.
    #[error(
        "the other device sent a greeting's {found} where its {wanted} belongs; update copact on both devices"
    )]
    OutOfPlace {
        /// What came.
        found: &'static str,
        /// What should have come.
        wanted: &'static str,
    },
    /// A number of MACs that no copact sends.
    #[error(
        "the other device offered {0} groups, which no copact does; update copact on both devices"
    )]
    Offered(usize),
    /// None of the offered groups is known here.
    #[error("the other device has no group in common with this one")]
    NoCommonGroup,
    /// An answer to nothing.
    #[error(
        "the other device chose a group that it was not offered; it does not follow the protocol"
    )]
    NotOffered,
    /// The answer's MAC is wrong.
    #[error(
        "the other device does not know the group that it answers for; the connection was tampered with, or it only guesses"
    )]
    Unknown,
    /// The signature is wrong.
    #[error("the other device did not prove that it has the key it shows: {0}")]
    Unproven(KeyError),
    /// Another key than it began with.
    #[error(
        "the other device showed two different keys in one greeting; it does not follow the protocol"
    )]
    TwoKeys,
    /// The peer proved to have this device's own key.
    #[error(
        "a copy of this device answers there: it has the same key; use only one of the two, and add the other as a device of its own"
    )]
    OwnKey,
    /// The peer brought more than it may.
    #[error(
        "the other device brought more admissions than the {} of {} bytes that can be shown",
        limits::ADMISSIONS,
        limits::ADMISSION_BYTES
    )]
    Admissions,
    /// This device is in more groups than one greeting holds.
    #[error(
        "one greeting can offer {} groups; offer the others on a further stream",
        limits::GROUPS_OFFERED
    )]
    TooManyGroups,
    /// This device's own admissions are more than it may show.
    #[error(
        "this device would show more admissions than the {} of {} bytes that others read",
        limits::ADMISSIONS,
        limits::ADMISSION_BYTES
    )]
    OwnAdmissions,
}

/// By this the devices of a group recognise each other on the network. Whoever has the founding
/// envelope can compute it; a ticket carries the salt. It grants nothing.
#[must_use]
pub fn discovery_key(founding: &Verified) -> [u8; 32] {
    discovery_from_salt(founding.group(), founding.wire().salt)
}

/// As [`discovery_key`], from the founding envelope's salt.
#[must_use]
pub fn discovery_from_salt(group: GroupId, salt: Salt) -> [u8; 32] {
    tagged_hash("copact discovery 1", &[group.as_bytes(), salt.as_bytes()])
}

/// Who speaks. A proof of one is none of the other.
#[derive(Clone, Copy)]
enum Role {
    Dialer,
    Acceptor,
}

impl Role {
    const fn tag(self) -> &'static [u8] {
        match self {
            Self::Dialer => b"d",
            Self::Acceptor => b"a",
        }
    }
}

impl Channel {
    /// What a device signs. Every part has a fixed length.
    fn statement(&self, role: Role, group: GroupId, mine: DeviceKey, theirs: DeviceKey) -> Vec<u8> {
        [
            role.tag(),
            group.as_bytes(),
            &self.exporter,
            &self.stream.to_le_bytes(),
            mine.as_bytes(),
            theirs.as_bytes(),
        ]
        .concat()
    }

    fn sign(&self, role: Role, mine: &Membership, theirs: DeviceKey) -> SignatureBytes {
        let statement = self.statement(role, mine.group, mine.device.public(), theirs);
        mine.device.sign(Purpose::Hello, &statement)
    }

    /// Verifies the proof of a peer in `role`.
    fn verify(
        &self,
        role: Role,
        mine: &Membership,
        peer: DeviceKey,
        signature: &SignatureBytes,
    ) -> Result<(), GreetingError> {
        let statement = self.statement(role, mine.group, peer, mine.device.public());
        peer.verify(Purpose::Hello, &statement, signature).map_err(GreetingError::Unproven)
    }
}

impl Membership {
    /// A MAC over the stream that only who knows the group can make; `what` tells purposes apart.
    fn mac(&self, channel: &Channel, what: &[u8], rest: &[u8]) -> blake3::Hash {
        let known = [self.discovery.as_slice(), self.group.as_bytes()].concat();
        let key = blake3::derive_key("copact greeting 1 group key", &known);
        let stream = channel.stream.to_le_bytes();
        blake3::keyed_hash(&key, &[&channel.exporter, what, &stream, rest].concat())
    }

    fn call_mac(&self, channel: &Channel) -> blake3::Hash {
        self.mac(channel, Role::Dialer.tag(), &[])
    }

    fn answer_mac(&self, channel: &Channel, index: u8, device: DeviceKey) -> blake3::Hash {
        let rest = [&[index], device.as_bytes().as_slice()].concat();
        self.mac(channel, Role::Acceptor.tag(), &rest)
    }

    fn met(&self, channel: &Channel, peer: DeviceKey, admissions: Vec<Vec<u8>>) -> Met {
        let key = *self.mac(channel, b"k", &[]).as_bytes();
        Met { group: self.group, peer, admissions, key }
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// The key stays out of logs.
impl std::fmt::Debug for Met {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Met")
            .field("group", &self.group)
            .field("peer", &self.peer)
            .field("admissions", &self.admissions.len())
            .finish_non_exhaustive()
    }
}
