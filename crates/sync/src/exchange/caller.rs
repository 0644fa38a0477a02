//! What whoever drives an exchange gives it and gets from it.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::{EnvelopeError, Signed, Verified};
use copact_core::ids::{GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;

use super::message::MessageError;

/// A moment of the caller's monotonic clock, in milliseconds from any start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    pub(super) const fn after(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// A connection to a peer, numbered by the caller; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// What the device has of the group at present.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// The group.
    pub group: GroupId,
    /// The ledger; none on a newcomer's device before the founding envelope has come. From then on
    /// a provisional one, also before the device's own admission is in it.
    pub ledger: Option<&'a Ledger>,
    /// The side texts that are here.
    pub texts: &'a BTreeMap<TextHash, SideText>,
    /// Texts that envelopes name, which are neither here nor erased.
    pub wanted: &'a BTreeSet<TextHash>,
    /// The profile records that are here.
    pub profiles: &'a [Profile],
    /// The day, counted from any start, for the daily quotas.
    pub day: i64,
}

/// Who a connection leads to, as the greeting proved.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The device.
    pub device: DeviceKey,
    /// A key of this connection that both ends derived from it, for short ids.
    pub key: [u8; 32],
    /// Envelopes that lead from a member to this device, in canonical CBOR, the newest last; at
    /// most 8. Looked at only if the device is unknown. Untrusted.
    pub admissions: Vec<Vec<u8>>,
}

/// Verifies signatures; a simulator remembers verdicts that all its devices share.
pub trait Verifier {
    /// As [`Signed::verify`].
    ///
    /// # Errors
    /// As [`Signed::verify`].
    fn verify(&mut self, signed: Signed) -> Result<Verified, EnvelopeError>;
}

/// Verifies each time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strict;

impl Verifier for Strict {
    fn verify(&mut self, signed: Signed) -> Result<Verified, EnvelopeError> {
        signed.verify()
    }
}

/// What the caller is to do, in this order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a message, after all earlier ones to that peer.
    Send {
        /// To whom.
        to: PeerId,
        /// The message: one frame of the stream.
        message: Vec<u8>,
    },
    /// Take in, make durable, and then call [`super::Exchange::grew`]; or
    /// [`super::Exchange::not_taken`].
    Take {
        /// From whom.
        from: PeerId,
        /// Envelopes, ancestors first. On a newcomer's device the first one founds the group.
        envelopes: Vec<Verified>,
        /// Side texts.
        texts: Vec<SideText>,
        /// Profile records, not verified.
        profiles: Vec<Profile>,
    },
    /// Close the connection; the peer is forgotten already.
    Close {
        /// Which.
        peer: PeerId,
        /// Why: a sentence for the log, and for the other side.
        why: Closing,
    },
}

/// Why a connection is closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closing {
    /// It shows this device's own key.
    #[error("a copy of this device answers there: it has the same key")]
    Clone,
    /// Nobody here knows it, and nothing that it brought leads to it from a member.
    #[error(
        "that device is not of the group, as far as is known here; let it sync with whoever let it in"
    )]
    Stranger,
    /// It sent what no copact sends.
    #[error("{0}")]
    Message(#[from] MessageError),
    /// An envelope is none.
    #[error("it sent an envelope that is not in order: {0}")]
    Envelope(#[from] EnvelopeError),
    /// An envelope of elsewhere, or one that breaks its chain.
    #[error("it sent an envelope that has no place in this group")]
    Misplaced,
    /// It asks for more work than it gives.
    #[error("it asks for more than a device can be asked for")]
    Costly,
    /// What it sent could not be stored.
    #[error("what it sent could not be stored on this device")]
    NotStored,
}

/// How far a peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something is still under way.
    Syncing,
    /// Both have the same.
    UpToDate,
    /// It gets what led to its parting, and nothing since.
    Parted,
    /// What is missing comes on another day: one author wrote too much for this one.
    Delayed,
}
