//! What a peer sends: checked, cheap checks first, and given out to be taken in.

use std::collections::BTreeSet;

use copact_core::envelope::{Content, Signed, Verified, Wire};
use copact_core::ids::{EnvelopeId, GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::{Ledger, Standing};

use super::judging::Kind;
use super::message::{Data, Message};
use super::orphans::Orphan;
use super::quota::Account;
use super::{Closing, Effect, Exchange, PeerId, Shelf, Verifier};
use crate::limits;

impl Exchange {
    /// Data arrived.
    pub(super) fn data(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        data: &Data,
        bytes: usize,
        verifier: &mut dyn Verifier,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let parcel = data.unpack()?;
        if parcel.profiles.len() > limits::RECORDS {
            return Err(Closing::Costly);
        }
        let (mut taken, mut named) = (Vec::new(), BTreeSet::new());
        let mut wires = parcel.envelopes.into_iter();
        let standing = shelf.ledger.map(Ledger::now);
        let (taken_in, named_by) = (&mut taken, &mut named);
        let mut turn = Taking { shelf, standing, from, verifier, taken: taken_in, named: named_by };
        let done = wires.try_for_each(|wire| self.envelope(&mut turn, wire));
        let mut texts = parcel.texts;
        texts.retain(|text| {
            let hash = text.hash();
            named.contains(&hash) || shelf.wanted.contains(&hash)
        });
        let fresh = u64::try_from(taken.len()).unwrap_or(u64::MAX);
        // What is here already, or is nothing, earns no time.
        let earned: u64 = taken.iter().map(|one| 256 + u64::from(one.header().body_len)).sum();
        if !(taken.is_empty() && texts.is_empty() && parcel.profiles.is_empty()) {
            let profiles = parcel.profiles.clone();
            out.push(Effect::Take { from, envelopes: taken, texts, profiles });
        }
        // What was in order before that is kept.
        done?;
        let Some(session) = self.sessions.get_mut(&from) else { return Ok(()) };
        session.records_of_it.extend(parcel.profiles.iter().map(|one| one.signature));
        if session.records_of_it.len() > limits::RECORDS {
            return Err(Closing::Costly);
        }
        session.owed = session.owed.saturating_add(bytes);
        if session.owed >= limits::WINDOW / 4 {
            let more = u32::try_from(std::mem::take(&mut session.owed)).unwrap_or(u32::MAX);
            out.push(Effect::Send { to: from, message: Message::More(more).to_bytes() });
        }
        if let Some(going) = session.going.as_mut().filter(|one| data.go == Some(one.number)) {
            going.fresh = going.fresh.saturating_add(fresh);
            going.bytes = going.bytes.saturating_add(earned);
            going.ended |= data.last;
        }
        Ok(())
    }

    fn envelope(&mut self, turn: &mut Taking<'_>, wire: Wire) -> Result<(), Closing> {
        let id = wire.id();
        let Some(session) = self.sessions.get_mut(&turn.from) else { return Ok(()) };
        if let Some(known) = turn.shelf.ledger.and_then(|ledger| ledger.get(id)) {
            let header = known.envelope().header();
            session.has(&header.chain, header.seq, id);
            texts_of(known.envelope(), turn.named);
            return Ok(());
        }
        if self.pending.contains_key(&id) || self.orphans.has(id) {
            return Ok(());
        }
        let bytes = wire.header.len().saturating_add(wire.body.len()).saturating_add(80);
        let signed = wire.parse()?;
        let header = signed.header();
        if header.group.unwrap_or(GroupId::of(id)) != self.group {
            return Err(Closing::Misplaced);
        }
        let (short, tip) = session.has(&header.chain, header.seq, id);
        if session.unknown.len() < limits::UNKNOWN {
            session.unknown.insert((short, tip));
        }
        // A newcomer cannot tell whom to trust less, and would wait for days for what all others
        // have.
        let limited = !matches!(session.kind, Kind::Source);
        let account = turn.account(header.chain.device, session.peer.device);
        if limited && !self.quota.allows(account, &header.chain, bytes) {
            if let Some(going) = &mut session.going {
                going.cut_short = true;
            }
            return Ok(());
        }
        self.place(turn, Orphan { from: turn.from, bytes, signed })
    }

    /// Takes an envelope whose ancestors are here, and those that waited for it.
    fn place(&mut self, turn: &mut Taking<'_>, first: Orphan) -> Result<(), Closing> {
        let mut next = vec![first];
        while let Some(orphan) = next.pop() {
            if let Some(missing) = self.missing(turn.shelf, &orphan.signed) {
                // Beyond its limit it is asked for again.
                self.orphans.keep(orphan, missing);
                continue;
            }
            let (from, bytes) = (orphan.from, orphan.bytes);
            match self.verify(turn, orphan.signed) {
                Ok(verified) => {
                    let (id, header) = (verified.id(), verified.header());
                    let bringer = self.sessions.get(&from).map(|one| one.peer.device);
                    let author = header.chain.device;
                    self.quota.count(turn.account(author, bringer.unwrap_or(author)), bytes);
                    self.pending.insert(id, (header.chain, header.seq));
                    texts_of(&verified, turn.named);
                    next.extend(self.orphans.freed_by(id));
                    turn.taken.push(verified);
                }
                Err(why) if from == turn.from => return Err(why),
                // Whoever sent it is not who speaks now; what it sent is forgotten.
                Err(_) => self.orphans.forget(from),
            }
        }
        Ok(())
    }

    /// An ancestor that is neither here nor about to be.
    fn missing(&self, shelf: Shelf<'_>, signed: &Signed) -> Option<EnvelopeId> {
        let header = signed.header();
        let here = |id: &EnvelopeId| {
            shelf.ledger.is_some_and(|ledger| ledger.place_of(*id).is_some())
                || self.pending.contains_key(id)
        };
        header.prev.iter().chain(&header.parents).find(|id| !here(id)).copied()
    }

    /// The chain is looked at before the signature, which costs more.
    fn verify(&self, turn: &mut Taking<'_>, signed: Signed) -> Result<Verified, Closing> {
        let header = signed.header();
        let before = header.prev.and_then(|prev| {
            let placed = turn.shelf.ledger.and_then(|ledger| ledger.get(prev));
            let placed =
                placed.map(|at| (at.envelope().header().chain, at.envelope().header().seq));
            placed.or_else(|| self.pending.get(&prev).copied())
        });
        let continues = before.is_none_or(|(chain, seq)| {
            chain == header.chain && seq.checked_add(1) == Some(header.seq)
        });
        let first = turn.shelf.ledger.is_none() && self.pending.is_empty();
        if !continues || (first && header.group.is_some()) {
            return Err(Closing::Misplaced);
        }
        Ok(turn.verifier.verify(signed)?)
    }
}

/// A parcel that is being taken in.
struct Taking<'a> {
    shelf: Shelf<'a>,
    standing: Option<Standing<'a>>,
    from: PeerId,
    verifier: &'a mut dyn Verifier,
    taken: &'a mut Vec<Verified>,
    named: &'a mut BTreeSet<TextHash>,
}

impl Taking<'_> {
    fn account(&self, author: DeviceKey, bringer: DeviceKey) -> Account {
        match self.standing.as_ref().is_some_and(|now| now.is_device_brought_in(&author)) {
            true => Account::Author(author),
            false => Account::Bringer(bringer),
        }
    }
}

/// The free texts that an envelope names.
pub(super) fn texts_of(envelope: &Verified, to: &mut BTreeSet<TextHash>) {
    match envelope.content() {
        Content::Entry(entry) => to.extend(entry.texts()),
        Content::Act(act) => to.extend(act.texts()),
        Content::Change(_) | Content::Withheld(_) => {}
    }
}
