//! Answering what a peer asks for: envelopes, profile records, texts.

use std::collections::{BTreeSet, VecDeque};

use copact_core::codec;
use copact_core::ids::TextHash;
use copact_core::ledger::Place;

use super::judging::Kind;
use super::message::{Data, Go, Message};
use super::session::{Sending, Session};
use super::summary::{Ends, ListedId};
use super::taking::texts_of;
use super::{Closing, Effect, Exchange, PeerId, Shelf};
use crate::bundle::Parcel;
use crate::limits;

impl Exchange {
    /// A peer asks for what it lacks.
    pub(super) fn asked(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        go: Go,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let Some(session) = self.sessions.get_mut(&from) else { return Ok(()) };
        session.learn(shelf.ledger, go.summary.clone(), go.complete)?;
        session.asked_go = Some(go);
        self.serve(shelf, from, out)
    }

    /// Begins the answer, if the peer may have one yet.
    pub(super) fn serve(
        &mut self,
        shelf: Shelf<'_>,
        to: PeerId,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let Some(session) = self.sessions.get_mut(&to) else { return Ok(()) };
        let Some(shown) = shelf.ledger.and_then(|ledger| session.kind.shown(ledger)) else {
            return Ok(());
        };
        let Some(go) = session.asked_go.take() else { return Ok(()) };
        let mut steps = session.steps;
        let places = shown.lacking(&session.key, &session.theirs, &go, &mut steps);
        session.steps = steps;
        session.served = session.served.saturating_add(places.len());
        let most = shown.ledger.len().saturating_mul(limits::SERVED_TIMES);
        if session.steps.are_used_up()
            || session.served > most.saturating_add(limits::SERVED_BESIDES)
        {
            return Err(Closing::Costly);
        }
        // A guest waits until it is known: an empty answer would say that there is nothing.
        if places.is_empty() && matches!(session.kind, Kind::Guest(_)) {
            session.asked_go = Some(go);
            return Ok(());
        }
        let places: VecDeque<Place> = places.into();
        session.sending = Some(Sending { go: go.number, places, chains: BTreeSet::new() });
        self.pump(shelf, to, out);
        Ok(())
    }

    /// Sends as far as the window reaches.
    pub(super) fn pump(&mut self, shelf: Shelf<'_>, to: PeerId, out: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(&to) else { return };
        while session.window > 0
            && let Some(data) = session.next_answer(shelf)
        {
            session.send(to, data, out);
        }
        while session.window > 0
            && matches!(session.kind, Kind::Standing)
            && let Some(data) = session.next_records(shelf)
        {
            session.send(to, data, out);
        }
    }

    /// Sends the profile records that a peer does not list.
    pub(super) fn send_records(
        &mut self,
        shelf: Shelf<'_>,
        to: PeerId,
        listed: Vec<ListedId>,
        out: &mut Vec<Effect>,
    ) {
        let Some(session) = self.sessions.get_mut(&to) else { return };
        if !matches!(session.kind, Kind::Standing) {
            session.records_asked = Some(listed);
            return;
        }
        let listed: BTreeSet<_> = listed.iter().collect();
        let lacking = shelf.profiles.iter().map(|one| one.signature);
        let lacking = lacking.filter(|one| !listed.contains(&session.key.profile(one.as_bytes())));
        session.records_due = lacking.collect();
        self.pump(shelf, to, out);
    }

    /// A peer asks for texts; it gets them when they are here.
    pub(super) fn asked_for_texts(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        texts: Vec<TextHash>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let Some(session) = self.sessions.get_mut(&from) else { return Ok(()) };
        // Of those that nobody has, anybody can name as many as they like: some are waited for.
        for text in texts {
            if shelf.texts.contains_key(&text) || session.texts_due.len() < limits::TEXTS_DUE {
                session.texts_due.insert(text);
            }
        }
        self.send_texts(shelf, from, out);
        // Each is asked for once, and a few were erased and came again.
        let most = shelf.texts.len().saturating_mul(2).saturating_add(limits::TEXTS_BESIDES);
        let sent = self.sessions.get(&from).map_or(0, |session| session.texts_sent);
        if sent > most { Err(Closing::Costly) } else { Ok(()) }
    }

    /// Sends the texts that a peer waits for and that are here.
    pub(super) fn send_texts(&mut self, shelf: Shelf<'_>, to: PeerId, out: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(&to) else { return };
        if !matches!(session.kind, Kind::Standing) {
            return;
        }
        let here: Vec<_> =
            session.texts_due.iter().filter_map(|hash| shelf.texts.get_key_value(hash)).collect();
        session.texts_sent = session.texts_sent.saturating_add(here.len());
        for texts in here.chunks(limits::PARCEL_TARGET / copact_core::limits::TEXT_BYTES) {
            let parcel = Parcel {
                texts: texts.iter().map(|(_, text)| (*text).clone()).collect(),
                ..Parcel::default()
            };
            session.send(to, Data::pack(None, false, &parcel), out);
        }
        session.texts_due.retain(|hash| !shelf.texts.contains_key(hash));
    }
}

impl Session {
    pub(super) fn send(&mut self, to: PeerId, data: Data, out: &mut Vec<Effect>) {
        let message = Message::Data(data).to_bytes();
        self.window = self.window.saturating_sub(message.len());
        out.push(Effect::Send { to, message });
    }

    /// The next part of the answer that is being sent.
    fn next_answer(&mut self, shelf: Shelf<'_>) -> Option<Data> {
        let ledger = shelf.ledger?;
        let sending = self.sending.as_mut()?;
        let mut places = Vec::new();
        let mut bytes = 0;
        while bytes < limits::PARCEL_TARGET
            && let Some(at) = sending.places.pop_front()
        {
            sending.chains.insert(ledger.at(at)?.envelope().header().chain);
            bytes += weight(shelf, at);
            places.push(at);
        }
        let (go, last) = (sending.go, sending.places.is_empty());
        let parcel = parcel(shelf, &places);
        if last {
            let sent = self.sending.take()?.chains;
            let shown = self.kind.shown(ledger)?;
            let ends = sent.into_iter().filter_map(|chain| {
                let tips = shown.frontier.chains().get(&chain)?;
                Some((self.key.chain(&chain), self.key.ends(tips)))
            });
            let ends: Vec<(_, Ends)> = ends.collect();
            self.theirs.extend(ends);
        }
        Some(Data::pack(Some(go), last, &parcel))
    }

    fn next_records(&mut self, shelf: Shelf<'_>) -> Option<Data> {
        let mut profiles = Vec::new();
        let mut bytes = 0;
        while bytes < limits::PARCEL_TARGET
            && let Some(signature) = self.records_due.pop_front()
        {
            let record = shelf.profiles.iter().find(|one| one.signature == signature);
            if let Some(record) = record {
                bytes += codec::encode(record).len();
                profiles.push(record.clone());
            }
        }
        if profiles.is_empty() {
            return None;
        }
        Some(Data::pack(None, false, &Parcel { profiles, ..Parcel::default() }))
    }
}

/// About how many bytes an envelope and its texts are in a parcel, not deflated.
pub(super) fn weight(shelf: Shelf<'_>, place: Place) -> usize {
    let Some(at) = shelf.ledger.and_then(|ledger| ledger.at(place)) else { return 0 };
    let mut named = BTreeSet::new();
    texts_of(at.envelope(), &mut named);
    let texts = named.iter().filter_map(|hash| shelf.texts.get(hash));
    let texts: usize = texts.map(|side| side.text.as_str().len() + 32).sum();
    usize::try_from(at.envelope().header().body_len).unwrap_or(0) + 256 + texts
}

/// Envelopes with the texts that they name, as far as these are here.
pub(super) fn parcel(shelf: Shelf<'_>, places: &[Place]) -> Parcel {
    let mut parcel = Parcel::default();
    let mut named = BTreeSet::new();
    for at in places.iter().filter_map(|place| shelf.ledger?.at(*place)) {
        parcel.envelopes.push(at.envelope().wire());
        texts_of(at.envelope(), &mut named);
    }
    parcel.texts = named.iter().filter_map(|hash| shelf.texts.get(hash)).cloned().collect();
    parcel
}
