//! Reconciling one group with several peers at once, and staying equal while people write.
//!
//! An [`Exchange`] is sans-IO: messages and moments go in, [`Effect`]s come out. It never holds the
//! ledger; whoever drives it shows the present one with every call, takes in what an effect brings,
//! and then says that it [`grew`](Exchange::grew).
//!
//! Every device asks for what it lacks (`pulling`), each thing of one peer at a time, and answers
//! what it is asked (`serving`); what it wrote itself it sends unasked, what it got it hints at
//! (`telling`).
//! Who a peer is, its set decides (`judging`), again whenever it grows.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Chain;
use copact_core::ids::{EnvelopeId, GroupId, tagged_hash};
use copact_core::keys::{DeviceKey, SignatureBytes};
use copact_core::ledger::Ledger;

mod caller;
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

pub use caller::{Closing, Effect, Moment, Peer, PeerId, Progress, Shelf, Strict, Verifier};
use judging::{Kind, judge};
use message::{Message, MessageError};
pub use quota::Quota;
use session::Session;

use crate::limits;

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
    records_digest: [u8; 32],
    wanted: usize,
    /// What was given out to be taken in.
    pending: BTreeMap<EnvelopeId, (Chain, u64)>,
    orphans: orphans::Orphans,
    quota: Quota,
    /// Who was asked last.
    asked_last: Option<PeerId>,
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
            records_digest: [0; 32],
            wanted: 0,
            pending: BTreeMap::new(),
            orphans: orphans::Orphans::default(),
            quota,
            asked_last: None,
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
        let all: Vec<u8> = self.records.iter().flat_map(|one| *one.as_bytes()).collect();
        self.records_digest = tagged_hash("copact records 1", &[&all]);
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
                for (other, one) in &self.sessions {
                    session.announce(*other, &one.own);
                }
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
                self.announced(from, hello.own);
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
                self.send_records(shelf, from, ids, out);
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
        self.orphans.forget(id);
        if self.sessions.remove(&id).is_some_and(|gone| !gone.own.is_empty()) {
            let others = self.sessions.values_mut();
            others.for_each(|one| one.announced.retain(|_, (_, by)| *by != id));
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
        let news = self.sessions.values().filter_map(|session| session.news);
        news.chain(self.next_pull()).min()
    }

    fn is_equal(&self, session: &Session) -> bool {
        session.their_digest == Some(session.key.digest(&self.digest))
    }

    /// The connected peers and how far each is.
    #[must_use]
    pub fn peers(&self) -> Vec<(PeerId, DeviceKey, Progress)> {
        let each = self.sessions.iter().map(|(id, session)| {
            let records = session.their_profiles == Some(session.key.records(&self.records_digest));
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
