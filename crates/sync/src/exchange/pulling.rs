//! Asking for what is lacking, one peer at a time, so that nothing is sent twice.

use copact_core::ledger::Ledger;

use super::difference::Shown;
use super::judging::Kind;
use super::message::{Go, Ladder, Message};
use super::session::{Going, Session};
use super::{Effect, Exchange, Moment, PeerId, Shelf};
use crate::limits;

impl Exchange {
    /// Asks the next peer that has something, unless one is being asked.
    pub(super) fn pull(&mut self, shelf: Shelf<'_>, out: &mut Vec<Effect>) {
        self.end_pull(shelf);
        if self.pulling.is_some() {
            return;
        }
        self.recheck(shelf);
        // In turn: one who always has something more keeps nobody from the others.
        let wanted = || self.sessions.iter().filter(|(_, session)| self.wants(shelf, session));
        let next = wanted().find(|(id, _)| self.asked_last.is_none_or(|last| **id > last));
        let Some(id) = next.or_else(|| wanted().next()).map(|(id, _)| *id) else { return };
        if let Some(go) = self.request(shelf, id, true) {
            out.push(Effect::Send { to: id, message: Message::Go(go).to_bytes() });
        }
    }

    fn wants(&self, shelf: Shelf<'_>, session: &Session) -> bool {
        self.has_more(session)
            && session.not_before <= self.clock
            && session.parked != Some(shelf.day)
    }

    /// Whether a peer is worth asking, now or later.
    fn has_more(&self, session: &Session) -> bool {
        session.greeted
            && !self.is_equal(session)
            && session.fruitless < limits::FRUITLESS
            && !(session.covered && session.unknown.is_empty() && session.many.is_empty())
    }

    /// When a request is given up, a peer may be asked again, or sets are compared anew: of each
    /// the first moment. What waits for another day is looked at now and then.
    pub(super) fn next_pull(&self) -> Option<Moment> {
        let going = self.pulling.and_then(|id| self.sessions.get(&id)?.going.as_ref());
        if let Some(going) = going {
            return Some(going.late());
        }
        let due = self.sessions.values().filter_map(|session| {
            let day = session.parked.map(|_| self.clock.after(limits::DAY_LOOK));
            if self.has_more(session) {
                return Some(day.unwrap_or(session.not_before));
            }
            self.to_recheck(session).map(|due| day.unwrap_or(due))
        });
        due.min()
    }

    /// When a set that should be equal and is not is compared anew.
    fn to_recheck(&self, session: &Session) -> Option<Moment> {
        let patience = limits::RECHECK.saturating_mul(1_u64 << session.rechecks.min(16));
        let due = session.greeted
            && matches!(session.kind, Kind::Standing | Kind::Source)
            && !self.is_equal(session)
            && session.covered
            && session.unknown.is_empty()
            && session.sending.is_none()
            && session.rechecks < limits::FRUITLESS;
        due.then(|| session.heard.after(patience))
    }

    /// Sets that should be equal by now and are not are compared anew.
    fn recheck(&mut self, shelf: Shelf<'_>) {
        let due = self.sessions.iter().filter(|(_, session)| {
            session.parked != Some(shelf.day)
                && self.to_recheck(session).is_some_and(|due| due <= self.clock)
        });
        for id in due.map(|(id, _)| *id).collect::<Vec<_>>() {
            let Some(session) = self.sessions.get_mut(&id) else { continue };
            session.rechecks += 1;
            session.covered = false;
            session.told_all = false;
        }
    }

    /// Ends the request that was answered, or that was waited for too long.
    pub(super) fn end_pull(&mut self, shelf: Shelf<'_>) {
        let Some(session) = self.pulling.and_then(|id| self.sessions.get_mut(&id)) else {
            self.pulling = None;
            return;
        };
        let Some(going) = &session.going else {
            self.pulling = None;
            return;
        };
        let late = going.late() <= self.clock;
        if !going.ended && !late {
            return;
        }
        if going.ended {
            session.covered = true;
            session.many.clear();
        }
        let undelivered = !session.unknown.is_empty();
        if going.cut_short {
            session.parked = Some(shelf.day);
        } else if late || (going.fresh == 0 && undelivered) {
            session.fruitless += 1;
            let pause = if late { limits::PATIENCE } else { 100 };
            let pause = pause.saturating_mul(1_u64 << session.fruitless.min(10));
            session.not_before = self.clock.after(pause);
        } else if going.fresh > 0 {
            session.fruitless = 0;
        }
        session.going = None;
        self.pulling = None;
    }

    /// A request to a peer, which is waited for from now on; none if nothing is wanted of its kind.
    pub(super) fn request(&mut self, shelf: Shelf<'_>, id: PeerId, known: bool) -> Option<Go> {
        let clock = self.clock;
        let held: Vec<_> = self.quota.held().iter().copied().collect();
        let session = self.sessions.get_mut(&id)?;
        session.goes = session.goes.checked_add(1)?;
        let number = session.goes;
        let mut go = Go {
            number,
            // Who has nothing says so each time: what was sent may be lost with another peer.
            complete: !session.told_all || shelf.ledger.is_none(),
            summary: Default::default(),
            ladders: Vec::new(),
            everything: None,
            hold: held.iter().map(|chain| session.key.chain(chain)).take(limits::CHAINS).collect(),
        };
        if let Some(ledger) = shelf.ledger {
            session.fill(ledger, &mut go, known);
        }
        session.untold.clear();
        session.told_all = true;
        session.going = Some(Going {
            number,
            since: clock,
            fresh: 0,
            bytes: 0,
            ended: false,
            cut_short: !go.hold.is_empty(),
        });
        (self.pulling, self.asked_last) = (Some(id), Some(id));
        Some(go)
    }
}

impl Session {
    /// Says what is here.
    fn fill(&self, ledger: &Ledger, go: &mut Go, known: bool) {
        let frontier = self.frontier(ledger);
        let mut room = limits::SUMMARY_BYTES.saturating_sub(go.hold.len() * 6);
        let shown = self.kind.shown(ledger).unwrap_or_else(|| Shown::all(ledger));
        if self.fruitless >= limits::BEFORE_LIST || self.rechecks > 1 || !self.many.is_empty() {
            let newest = ledger.len().saturating_sub(limits::LISTED);
            let all = ledger.since(newest);
            let all = all.filter(|(at, _)| shown.only.is_none_or(|only| only.contains(at)));
            let ids: Vec<_> = all.map(|(_, at)| self.key.listed(at.id())).collect();
            room = room.saturating_sub(ids.len() * 9);
            go.everything = Some(ids);
        }
        if go.complete {
            go.summary = self.summary(frontier, frontier.chains().keys(), &mut room);
            go.complete = frontier.chains().len() == go.summary.0.len();
        } else {
            let lacking = self.unknown.iter().filter_map(|(short, _)| self.chains.get(short));
            go.summary = self.summary(frontier, self.untold.iter().chain(lacking), &mut room);
        }
        if !known {
            return;
        }
        for (short, tip) in &self.unknown {
            let Some(chain) = self.chains.get(short) else { continue };
            let asked = go.ladders.last().is_some_and(|ladder| ladder.chain == *short);
            if !asked && (self.fruitless > 0 || shown.is_fork(chain, *tip)) {
                let rungs = shown.rungs(&self.key, chain);
                let Some(left) = room.checked_sub(16 + rungs.len() * 16) else { break };
                room = left;
                go.ladders.push(Ladder { chain: *short, rungs });
            }
        }
    }
}
