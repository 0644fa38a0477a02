//! Reconciling one group with several peers at once, and staying equal while people write.
//!
//! An [`Exchange`] is sans-IO: messages and moments go in, [`Effect`]s come out. It never holds the
//! ledger; whoever drives it shows the present one with every call, takes in what an effect brings,
//! and then says that it [`grew`](Exchange::grew).
//!
//! Every device asks for what it lacks (`pulling`), one peer at a time, and answers what it is
//! asked (`serving`); what it wrote itself it sends unasked, what it got it hints at (`telling`).
//! Who a peer is, its set decides (`judging`), again whenever it grows.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::{Chain, EnvelopeError, Signed, Verified};
use copact_core::ids::{EnvelopeId, GroupId, TextHash};
use copact_core::keys::{DeviceKey, SignatureBytes};
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;

mod difference;
mod judging;
pub mod message;
mod orphans;
mod pulling;
mod quota;
mod serving;
mod session;
pub mod summary;
mod taking;
mod telling;
#[cfg(test)]
mod tests;

use judging::{Kind, judge};
use message::{Message, MessageError};
pub use quota::Quota;
use session::Session;

use crate::limits;

/// A moment of the caller's monotonic clock, in milliseconds from any start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    const fn after(self, milliseconds: u64) -> Self {
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
    /// The ledger; none on a newcomer's device before the founding envelope has come. From then on a
    /// provisional one, also before the device's own admission is in it.
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
    /// Take in, make durable, and then call [`Exchange::grew`]; or [`Exchange::not_taken`].
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

/// One group's exchange with all its connected peers.
#[derive(Debug)]
pub struct Exchange {
    group: GroupId,
    me: DeviceKey,
    sessions: BTreeMap<PeerId, Session>,
    /// How many envelopes the ledger had, and what profiles there were, when it last grew.
    seen: usize,
    records: BTreeSet<SignatureBytes>,
    digest: [u8; 32],
    wanted: usize,
    /// What was given out to be taken in.
    pending: BTreeMap<EnvelopeId, (Chain, u64)>,
    orphans: orphans::Orphans,
    quota: Quota,
    pulling: Option<PeerId>,
    clock: Moment,
}

impl Exchange {
    /// An exchange without peers, of the device `me`.
    #[must_use]
    pub fn new(me: DeviceKey, quota: Quota, shelf: Shelf<'_>) -> Self {
        let mut new = Self {
            group: shelf.group,
            me,
            sessions: BTreeMap::new(),
            seen: 0,
            records: BTreeSet::new(),
            digest: [0; 32],
            wanted: 0,
            pending: BTreeMap::new(),
            orphans: orphans::Orphans::default(),
            quota,
            pulling: None,
            clock: Moment::default(),
        };
        new.look(shelf);
        new
    }

    /// Takes note of what is here.
    fn look(&mut self, shelf: Shelf<'_>) {
        self.seen = shelf.ledger.map_or(0, Ledger::len);
        self.digest = shelf.ledger.map_or([0; 32], |ledger| ledger.frontier().digest());
        self.records = shelf.profiles.iter().map(|one| one.signature).collect();
        self.wanted = shelf.wanted.len();
        self.pending.clear();
    }

    /// A connection to a peer was opened.
    pub fn connect(
        &mut self,
        shelf: Shelf<'_>,
        id: PeerId,
        peer: Peer,
        verifier: &mut dyn Verifier,
        now: Moment,
    ) -> Vec<Effect> {
        let mut out = Vec::new();
        self.begin(shelf, now);
        match judge(shelf, &self.me, &peer, verifier) {
            Err(why) => out.push(Effect::Close { peer: id, why }),
            Ok(kind) => {
                let mut session = Session::new(peer, kind, now);
                let chains = shelf.ledger.map(|ledger| ledger.frontier().chains().keys());
                session.name(chains.into_iter().flatten().copied());
                self.sessions.insert(id, session);
                self.greet(shelf, id, &mut out);
            }
        }
        out
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
        let mut out = Vec::new();
        self.begin(shelf, now);
        let Some(session) = self.sessions.get_mut(&from) else { return out };
        session.hear(now);
        let read = Message::parse(message).map_err(Closing::from);
        let done =
            read.and_then(|read| self.obey(shelf, from, read, message.len(), verifier, &mut out));
        match done {
            Err(why) => self.close(shelf, from, why, &mut out),
            // What was brought is judged, and more asked for, once it was taken in.
            Ok(()) if self.pending.is_empty() => self.go_on(shelf, &mut out),
            Ok(()) => {}
        }
        out
    }

    fn obey(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        message: Message,
        bytes: usize,
        verifier: &mut dyn Verifier,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let Some(session) = self.sessions.get_mut(&from) else { return Ok(()) };
        let out_of_order = Err(MessageError::Malformed("a message out of order").into());
        match message {
            Message::Hello(hello) if !session.greeted => {
                session.greeted = true;
                self.told(shelf, from, hello.now, out)?;
                hello.go.map_or(Ok(()), |go| self.asked(shelf, from, go, out))
            }
            Message::Hello(_) => out_of_order,
            _ if !session.greeted => out_of_order,
            Message::Now(now) => self.told(shelf, from, now, out),
            Message::Go(go) => self.asked(shelf, from, go, out),
            Message::Data(data) => self.data(shelf, from, &data, bytes, verifier, out),
            Message::More(more) => {
                let more = usize::try_from(more).unwrap_or(limits::WINDOW);
                session.window = session.window.saturating_add(more).min(limits::WINDOW);
                self.pump(shelf, from, out);
                Ok(())
            }
            Message::Records(ids) => {
                self.send_records(shelf, from, &ids, out);
                Ok(())
            }
            Message::Want(texts) => self.asked_for_texts(shelf, from, texts, out),
        }
    }

    /// What an effect brought could not be made durable: the connections are closed, so that
    /// everything is asked for again.
    pub fn not_taken(&mut self, shelf: Shelf<'_>) -> Vec<Effect> {
        self.look(shelf);
        let closed = std::mem::take(&mut self.sessions);
        self.orphans = orphans::Orphans::default();
        self.pulling = None;
        let close = |peer| Effect::Close { peer, why: Closing::NotStored };
        closed.into_keys().map(close).collect()
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, shelf: Shelf<'_>, id: PeerId, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.begin(shelf, now);
        self.forget(id);
        self.go_on(shelf, &mut out);
        out
    }

    fn close(&mut self, shelf: Shelf<'_>, peer: PeerId, why: Closing, out: &mut Vec<Effect>) {
        self.forget(peer);
        out.push(Effect::Close { peer, why });
        if self.pending.is_empty() {
            self.go_on(shelf, out);
        }
    }

    fn forget(&mut self, id: PeerId) {
        self.sessions.remove(&id);
        self.orphans.forget(id);
        if self.pulling == Some(id) {
            self.pulling = None;
        }
    }

    /// Time passed; to be called at [`Exchange::next_tick`] at the latest.
    pub fn tick(&mut self, shelf: Shelf<'_>, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.begin(shelf, now);
        self.go_on(shelf, &mut out);
        out
    }

    fn begin(&mut self, shelf: Shelf<'_>, now: Moment) {
        self.clock = self.clock.max(now);
        if self.quota.begin(shelf.day) {
            self.sessions.values_mut().for_each(|session| session.parked = None);
        }
    }

    /// What may be due after anything happened.
    fn go_on(&mut self, shelf: Shelf<'_>, out: &mut Vec<Effect>) {
        self.pull(shelf, out);
        self.tell(shelf, out);
    }

    /// When something is due.
    #[must_use]
    pub fn next_tick(&self) -> Option<Moment> {
        let news = self.sessions.values().filter_map(|session| session.news).min();
        let open = self.sessions.values().any(|session| {
            !matches!(session.kind, Kind::Parted(_))
                && !self.is_equal(session)
                && session.rechecks < limits::FRUITLESS
        });
        let look = open.then(|| self.clock.after(250));
        news.into_iter().chain(look).min()
    }

    fn is_equal(&self, session: &Session) -> bool {
        session.their_digest == Some(session.key.digest(&self.digest))
    }

    /// The connected peers and how far each is.
    #[must_use]
    pub fn peers(&self) -> Vec<(PeerId, DeviceKey, Progress)> {
        let each = self.sessions.iter().map(|(id, session)| {
            let records = session.their_profiles == Some(self.records_digest(session));
            let progress = match session.kind {
                Kind::Parted(_) => Progress::Parted,
                _ if self.is_equal(session) && records => Progress::UpToDate,
                _ if session.parked.is_some() => Progress::Delayed,
                _ => Progress::Syncing,
            };
            (*id, session.peer.device, progress)
        });
        each.collect()
    }

    /// What of each author was taken in today.
    #[must_use]
    pub const fn quota(&self) -> &Quota {
        &self.quota
    }

    /// How many envelopes wait for ancestors.
    #[must_use]
    pub fn orphans(&self) -> usize {
        self.orphans.len()
    }
}
