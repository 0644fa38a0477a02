//! Asking for what is lacking, each thing of one peer at a time, so that nothing is sent twice.

use std::collections::BTreeSet;

use copact_core::envelope::Chain;
use copact_core::ledger::Ledger;

use super::judging::Kind;
use super::message::{Go, Ladder, Message};
use super::session::{Going, Session};
use super::summary::{ShortChain, ShortTip};
use super::{Effect, Exchange, Moment, PeerId, Shelf};
use crate::limits;

impl Exchange {
    /// Asks those that have something: one of whom it is not known what that is, or several of
    /// whom each has a few things that no other is being asked for.
    pub(super) fn pull(&mut self, shelf: Shelf<'_>, out: &mut Vec<Effect>) {
        self.end_pulls(shelf);
        self.recheck(shelf);
        let Some(mut asked) = self.being_asked_for() else { return };
        let mut idle = !self.is_pulling();
        while let Some(id) = self.next_wanted(shelf) {
            let Some(session) = self.sessions.get(&id) else { return };
            let few = session.few_lacking();
            let apart = few.as_ref().is_some_and(|few| few.is_disjoint(&asked));
            // Whoever is next waits until it can be asked: those behind do not overtake it.
            if !idle && !apart {
                return;
            }
            let Some(go) = self.request(shelf, id, true) else { return };
            out.push(Effect::Send { to: id, message: Message::Go(go).to_bytes() });
            let Some(few) = few else { return };
            asked.extend(few);
            idle = false;
        }
    }

    /// The next peer to ask, in turn: one who always has something more keeps nobody from the
    /// others.
    fn next_wanted(&self, shelf: Shelf<'_>) -> Option<PeerId> {
        let wanted = || self.sessions.iter().filter(|(_, session)| self.wants(shelf, session));
        let next = wanted().find(|(id, _)| self.asked_last.is_none_or(|last| **id > last));
        next.or_else(|| wanted().next()).map(|(id, _)| *id)
    }

    /// Whether an answer is being waited for.
    pub(super) fn is_pulling(&self) -> bool {
        self.sessions.values().any(|session| session.going.is_some())
    }

    /// The chains of which something is being waited for; `None` when that may be any.
    fn being_asked_for(&self) -> Option<BTreeSet<Chain>> {
        let mut asked = BTreeSet::new();
        for session in self.sessions.values().filter(|session| session.going.is_some()) {
            asked.extend(session.few_lacking()?);
        }
        Some(asked)
    }

    fn wants(&self, shelf: Shelf<'_>, session: &Session) -> bool {
        self.has_more(session)
            && session.not_before <= self.clock
            && session.parked != Some(shelf.day)
    }

    /// Whether a peer is worth asking, now or later.
    fn has_more(&self, session: &Session) -> bool {
        session.greeted
            && session.going.is_none()
            && !self.is_equal(session)
            && session.fruitless < limits::FRUITLESS
            && !(session.covered && session.unknown.is_empty() && session.many.is_empty())
    }

    /// When a request is given up, a peer may be asked again, or sets are compared anew: of each
    /// the first moment. What waits for another day is looked at now and then.
    pub(super) fn next_pull(&self) -> Option<Moment> {
        let going = self.sessions.values().filter_map(|session| session.going.as_ref());
        if let Some(late) = going.map(Going::late).min() {
            return Some(late);
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

    /// Ends the requests that were answered, or that were waited for too long.
    pub(super) fn end_pulls(&mut self, shelf: Shelf<'_>) {
        let clock = self.clock;
        self.sessions.values_mut().for_each(|session| session.end_pull(shelf, clock));
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
            listed: go.everything.is_some(),
            cut_short: !go.hold.is_empty(),
        });
        self.asked_last = Some(id);
        Some(go)
    }
}

impl Session {
    fn end_pull(&mut self, shelf: Shelf<'_>, clock: Moment) {
        let Some(going) = &self.going else { return };
        let late = going.late() <= clock;
        if !going.ended && !late {
            return;
        }
        if going.ended {
            self.covered = true;
            // Of a chain with more ends than are told only a list brings what is lacking.
            if going.listed {
                self.many.clear();
            }
        }
        let undelivered = !self.unknown.is_empty();
        if going.cut_short {
            self.parked = Some(shelf.day);
        } else if late || (going.fresh == 0 && (undelivered || going.listed)) {
            self.fruitless += 1;
            let pause = if late { limits::PATIENCE } else { 100 };
            let pause = pause.saturating_mul(1_u64 << self.fruitless.min(10));
            self.not_before = clock.after(pause);
        } else if going.fresh > 0 {
            self.fruitless = 0;
        }
        self.going = None;
    }

    /// The chains of which this peer has what is not here, when that is known and little.
    fn few_lacking(&self) -> Option<BTreeSet<Chain>> {
        let known = self.covered && self.many.is_empty();
        if !known || self.unknown.len() > limits::FEW_LACKING {
            return None;
        }
        // Any other chain of which nothing is here has another short name with each peer.
        let chain = |(short, _): &(ShortChain, ShortTip)| {
            let announced = || self.announced.get(short).map(|(chain, _)| *chain);
            self.chains.get(short).copied().or_else(announced)
        };
        self.unknown.iter().map(chain).collect()
    }

    /// Says what is here.
    fn fill(&self, ledger: &Ledger, go: &mut Go, known: bool) {
        let shown = self.kind.told(ledger);
        let frontier = shown.frontier;
        let mut room = limits::SUMMARY_BYTES.saturating_sub(go.hold.len() * 6);
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
