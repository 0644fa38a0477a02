//! Reconciling one group with several peers at once, and staying equal while people write.
//!
//! An [`Exchange`] is sans-IO: messages and moments go in, [`Effect`]s come out. It never holds the
//! ledger; whoever drives it shows the present one with every call, takes in what an effect brings,
//! and then says that it [`grew`](Exchange::grew).

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::{EnvelopeError, Signed, Verified};
use copact_core::ids::{EnvelopeId, GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;

/// A moment of the caller's monotonic clock, in milliseconds from any start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

/// A connection to a peer, numbered by the caller; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// What the device has of the group at present.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// The ledger; none on a newcomer's device.
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

/// What the caller is to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a message, after all earlier ones to that peer.
    Send {
        /// To whom.
        to: PeerId,
        /// The message: one frame of the stream.
        message: Vec<u8>,
    },
    /// Take in, make durable, and then call [`Exchange::grew`].
    Take {
        /// From whom.
        from: PeerId,
        /// Envelopes, ancestors first. On a newcomer's device the first one founds the group.
        envelopes: Vec<Verified>,
        /// Side texts.
        texts: Vec<SideText>,
        /// Profile records.
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
}

/// How far a peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something is still under way.
    Syncing,
    /// Both have the same set.
    UpToDate,
}

/// One group's exchange with all its connected peers.
#[derive(Debug)]
pub struct Exchange {
    group: GroupId,
    me: DeviceKey,
}

impl Exchange {
    /// An exchange without peers, of the device `me`.
    #[must_use]
    pub const fn new(group: GroupId, me: DeviceKey) -> Self {
        Self { group, me }
    }

    /// A connection to a peer was opened. `admissions`: what the peer brought to show that it was let
    /// in; see [`Exchange`].
    pub fn connect(
        &mut self,
        shelf: Shelf<'_>,
        id: PeerId,
        peer: Peer,
        now: Moment,
    ) -> Vec<Effect> {
        let _ = (shelf, id, peer, now, self.group, self.me);
        Vec::new()
    }

    /// A message arrived.
    pub fn receive(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        message: &[u8],
        verifier: &mut dyn Verifier,
        now: Moment,
    ) -> Vec<Effect> {
        let _ = (shelf, from, message, verifier, now);
        Vec::new()
    }

    /// The ledger, the texts or the profiles grew: people wrote, or what an effect brought was taken
    /// in. `mine`: how many of the newest envelopes this device wrote itself.
    pub fn grew(&mut self, shelf: Shelf<'_>, now: Moment) -> Vec<Effect> {
        let _ = (shelf, now);
        Vec::new()
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, shelf: Shelf<'_>, id: PeerId, now: Moment) -> Vec<Effect> {
        let _ = (shelf, id, now);
        Vec::new()
    }

    /// Time passed; to be called at [`Exchange::next_tick`] at the latest.
    pub fn tick(&mut self, shelf: Shelf<'_>, now: Moment) -> Vec<Effect> {
        let _ = (shelf, now);
        Vec::new()
    }

    /// When something is due.
    #[must_use]
    pub fn next_tick(&self) -> Option<Moment> {
        None
    }

    /// The connected peers and how far each is.
    #[must_use]
    pub fn peers(&self) -> Vec<(PeerId, DeviceKey, Progress)> {
        let _: Option<EnvelopeId> = None;
        Vec::new()
    }
}
