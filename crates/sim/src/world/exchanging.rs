//! Between the exchanges and the network: messages, connections, what is taken in and written.

use std::collections::VecDeque;

use copact_core::envelope::Verified;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_sync::exchange::{Closing, Effect, Moment, Peer, PeerId};

use super::{Event, Fault, Sabotage, World, Wrong};
use crate::phone::NotSaved;

const MINUTE: u64 = 60_000;

impl World {
    /// Opens a connection over a link, if nothing is in the way, and dials again later.
    pub(super) fn dial(&mut self, link: usize) {
        let at = &self.network.links[link];
        let [one, other] = at.ends;
        let again = match (at.refused, self.calm) {
            (true, _) => (10 * MINUTE, 60 * MINUTE),
            (_, true) => (2_000, 20_000),
            (_, false) => (10_000, 30 * MINUTE),
        };
        let second = !self.calm && self.chance.happens(self.plan.rates.second_connections);
        let both_on = self.phones[one].on && self.phones[other].on;
        if both_on && !self.network.is_cut(link) && (at.open == 0 || second) {
            if at.open > 0 {
                self.tally.fault("second connections");
            }
            let (connection, opened) = self.network.open(link, self.now, &mut self.chance);
            self.schedule(opened[0], Event::Opened(connection, 0));
            self.schedule(opened[1], Event::Opened(connection, 1));
            if !self.calm && self.chance.happens(500) {
                let stays = self.chance.between(1_000, 120 * MINUTE);
                self.schedule(self.now + stays, Event::Fault(Fault::Part(connection)));
            }
        }
        let wait = self.chance.between(again.0, again.1);
        self.schedule(self.now + wait, Event::Dial(link));
    }

    pub(super) fn opened(&mut self, connection: usize, side: usize) -> Result<(), Wrong> {
        let at = &mut self.network.connections[connection];
        let (phone, other) = (at.ends[side].phone, at.ends[1 - side].phone);
        if at.broken {
            return Ok(());
        }
        if !self.phones[phone].on {
            self.cut(connection);
            return Ok(());
        }
        at.ends[side].open = true;
        if self.phones[phone].honest && !self.phones[other].honest {
            self.charge(phone, other, |cost| cost.connections += 1);
        }
        let at = &mut self.network.connections[connection];
        let admissions = self.phones[other].shown_admissions();
        let peer = Peer { device: self.phones[other].key, key: at.key, admissions };
        self.trace.line(self.now, format_args!("#{phone} meets #{other} (c{connection})"));
        let now = self.now;
        let verifier = &mut self.verdicts;
        let effects = self.phones[phone].with_exchange(now, |exchange, shelf, moment| {
            exchange.connect(shelf, peer_id(connection), peer, verifier, moment)
        });
        self.greet(connection, side);
        self.carry_out(phone, effects)
    }

    pub(super) fn closed(&mut self, connection: usize, side: usize) -> Result<(), Wrong> {
        self.network.cut(connection);
        let end = &mut self.network.connections[connection].ends[side];
        let phone = end.phone;
        if !std::mem::take(&mut end.open) || !self.phones[phone].on {
            return Ok(());
        }
        self.trace.line(self.now, format_args!("#{phone} loses c{connection}"));
        let now = self.now;
        let effects = self.phones[phone].with_exchange(now, |exchange, shelf, moment| {
            exchange.disconnect(shelf, peer_id(connection), moment)
        });
        self.carry_out(phone, effects)
    }

    /// Breaks a connection: what is under way is lost, and each end learns of it sometime.
    pub(super) fn cut(&mut self, connection: usize) {
        if self.network.cut(connection) {
            for side in 0..2 {
                let learns = self.now + self.chance.between(1, 30_000);
                self.schedule(learns, Event::Closed(connection, side));
            }
        }
    }

    pub(super) fn arrive(&mut self, connection: usize, side: usize) -> Result<(), Wrong> {
        let Some(message) = self.network.arrive(connection, side) else { return Ok(()) };
        let ends = &self.network.connections[connection].ends;
        let (phone, from) = (ends[side].phone, ends[1 - side].phone);
        let silent = self.mischief.get(&phone).is_some_and(|one| one.silent);
        if !self.phones[phone].on || silent {
            return Ok(());
        }
        let asked = self.verdicts.asked();
        let at = &mut self.phones[phone];
        let day = at.day_number(self.now);
        let effects = at.exchange.receive(
            at.memory.shelf(at.group, day),
            peer_id(connection),
            &message,
            &mut self.verdicts,
            Moment(self.now),
        );
        if !self.is_honest(from) && self.is_honest(phone) {
            let mut verified = self.verdicts.asked() - asked;
            if self.sabotage == Sabotage::VerifyTooMuch {
                verified += 20;
            }
            let orphans = u64::try_from(self.phones[phone].exchange.orphans()).unwrap_or(0);
            self.charge(phone, from, |cost| {
                cost.messages += 1;
                cost.bytes += u64::try_from(message.len()).unwrap_or(0);
                cost.verified += verified;
                cost.orphans = cost.orphans.max(orphans);
            });
        }
        self.carry_out(phone, effects)
    }

    pub(super) fn tick(&mut self, phone: usize) -> Result<(), Wrong> {
        if self.phones[phone].tick != Some(self.now) || !self.phones[phone].on {
            return Ok(());
        }
        self.phones[phone].tick = None;
        let now = self.now;
        let effects = self.phones[phone]
            .with_exchange(now, |exchange, shelf, moment| exchange.tick(shelf, moment));
        self.carry_out(phone, effects)
    }

    /// Does what an exchange asks for, in its order, and what follows from it.
    pub(super) fn carry_out(&mut self, phone: usize, effects: Vec<Effect>) -> Result<(), Wrong> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send { to, message } => self.send(phone, to, message),
                Effect::Close { peer, why } => {
                    let sentence = why.to_string();
                    self.trace
                        .line(self.now, format_args!("#{phone} closes c{}: {sentence}", peer.0));
                    self.judge_closing(phone, peer, &why)?;
                    *self.tally.closings.entry(sentence).or_default() += 1;
                    self.hang_up(phone, peer);
                }
                Effect::Take { from, envelopes, texts, profiles } => {
                    if !self.take(phone, from, envelopes, texts, profiles)? {
                        return self.not_taken(phone);
                    }
                    effects.extend(self.grown(phone));
                }
            }
        }
        self.arm(phone);
        Ok(())
    }

    /// Honest devices refuse each other for who they are, and never for what they send.
    fn judge_closing(&self, phone: usize, peer: PeerId, why: &Closing) -> Result<(), Wrong> {
        let Some((connection, side)) = self.end_of(phone, peer) else { return Ok(()) };
        let other = self.network.connections[connection].ends[1 - side].phone;
        let for_what = !matches!(why, Closing::Clone | Closing::Stranger | Closing::NotStored);
        if for_what && self.is_honest(phone) && self.is_honest(other) {
            return Err(Wrong(format!("#{phone} closes a connection to #{other}: {why}")));
        }
        Ok(())
    }

    /// What came was not stored: the exchange gives up all connections, or the device starts anew.
    fn not_taken(&mut self, phone: usize) -> Result<(), Wrong> {
        if !self.phones[phone].on {
            return Ok(());
        }
        if self.chance.happens(300) {
            self.drop_connections(phone);
            self.phones[phone].restart(self.now);
            return Ok(());
        }
        let now = self.now;
        let effects =
            self.phones[phone].with_exchange(now, |exchange, shelf, _| exchange.not_taken(shelf));
        self.carry_out(phone, effects)
    }

    /// Sees to it that the exchange is ticked in time.
    fn arm(&mut self, phone: usize) {
        let at = &mut self.phones[phone];
        let Some(Moment(due)) = at.exchange.next_tick() else { return };
        let due = due.max(self.now + 1);
        if at.tick.is_none_or(|armed| due < armed) {
            at.tick = Some(due);
            self.schedule(due, Event::Tick(phone));
        }
    }

    fn send(&mut self, phone: usize, to: PeerId, message: Vec<u8>) {
        let Some((connection, side)) = self.end_of(phone, to) else { return };
        let messages = match self.mischief.get_mut(&phone) {
            Some(mischief) => {
                let at = &self.phones[phone];
                mischief.meddle(message, at, &mut self.chance, &mut self.tally)
            }
            None => vec![message],
        };
        for message in messages {
            self.put(connection, side, message);
        }
    }

    /// Puts a message on its way, unless the connection breaks at it.
    pub(super) fn put(&mut self, connection: usize, side: usize, message: Vec<u8>) {
        if !self.calm && self.chance.happens(self.plan.rates.breaks) {
            self.tally.fault("connections broken at a message");
            self.trace.line(self.now, format_args!("c{connection} breaks"));
            self.cut(connection);
            return;
        }
        let ends = &self.network.connections[connection].ends;
        let (from, to) = (ends[side].phone, ends[1 - side].phone);
        self.tally.messages += 1;
        self.said += u64::from(self.resting.contains(&from) && self.resting.contains(&to));
        let bytes = u64::try_from(message.len()).unwrap_or(0);
        self.tally.bytes += bytes;
        let hash = blake3::hash(&message);
        let mark = hash.as_bytes().first().copied().unwrap_or(0);
        self.trace.line(
            self.now,
            format_args!("#{from} sends #{to} {bytes} bytes {mark:02x} (c{connection})"),
        );
        if !self.is_honest(to) && self.is_honest(from) {
            self.charge(from, to, |cost| cost.answered += bytes);
        }
        let honest = self.is_honest(from) && self.is_honest(to);
        if self.sabotage == Sabotage::SwallowMessages && honest && self.chance.happens(20) {
            return;
        }
        let sent = self.network.send(connection, side, message, self.now, &mut self.chance);
        if let Some(arrives) = sent {
            self.schedule(arrives, Event::Arrive(connection, 1 - side));
        }
    }

    fn hang_up(&mut self, phone: usize, peer: PeerId) {
        let Some((connection, side)) = self.end_of(phone, peer) else { return };
        let link = self.network.connections[connection].link;
        self.network.links[link].refused = true;
        let ends = &mut self.network.connections[connection].ends;
        ends[side].open = false;
        // The other end reads what was sent before, and then learns of it.
        let learns = ends[1 - side].arrives.max(self.now) + 1;
        self.schedule(learns, Event::Closed(connection, 1 - side));
    }

    /// The connection that a device calls so, if it holds it to be open, and its side of it.
    fn end_of(&self, phone: usize, peer: PeerId) -> Option<(usize, usize)> {
        let number = usize::try_from(peer.0).ok()?;
        let ends = &self.network.connections.get(number)?.ends;
        let side = ends.iter().position(|end| end.phone == phone && end.open)?;
        Some((number, side))
    }

    /// Takes in and commits. False: the device knows nothing of it any more.
    fn take(
        &mut self,
        phone: usize,
        from: PeerId,
        mut envelopes: Vec<Verified>,
        mut texts: Vec<SideText>,
        mut profiles: Vec<Profile>,
    ) -> Result<bool, Wrong> {
        if !self.calm && self.chance.happens(self.plan.rates.torn) {
            self.tally.fault("crashes between taking in and committing");
            self.crash(phone);
            return Ok(false);
        }
        match self.sabotage {
            Sabotage::LoseEnvelopes => envelopes.retain(|one| one.id().as_bytes()[0] > 20),
            Sabotage::LoseProfiles => {
                profiles.retain(|one| one.signature.as_bytes()[0] > 60);
            }
            Sabotage::LoseTexts => texts.retain(|one| one.hash().as_bytes()[0] > 20),
            _ => {}
        }
        let counts = (envelopes.len(), texts.len(), profiles.len());
        let at = &mut self.phones[phone];
        let taken = at.take_in(envelopes, texts, profiles, &mut self.verdicts, &mut self.chance);
        let new = taken.map_err(|broken| Wrong(format!("#{phone}: {broken}")))?;
        self.trace
            .line(self.now, format_args!("#{phone} takes {counts:?} from c{}, {new} new", from.0));
        self.commit(phone)
    }

    /// Commits what is in memory. False: the device starts again from its disk.
    pub(super) fn commit(&mut self, phone: usize) -> Result<bool, Wrong> {
        let before = self.phones[phone].disk.envelopes.len();
        match self.phones[phone].save(self.now, &mut self.chance) {
            Ok(own) => {
                self.see(phone, before);
                self.acknowledge(phone, &own);
                Ok(true)
            }
            Err(NotSaved::Full) => {
                self.tally.fault("commits refused by a full disk");
                self.trace.line(self.now, format_args!("#{phone} has no room"));
                Ok(false)
            }
            Err(NotSaved::Due(refused)) => {
                Err(Wrong(format!("#{phone} cannot write what is due: {refused:?}")))
            }
        }
    }

    /// Tells the exchange that there is more.
    pub(super) fn grow(&mut self, phone: usize) -> Result<(), Wrong> {
        let effects = self.grown(phone);
        self.carry_out(phone, effects)
    }

    fn grown(&mut self, phone: usize) -> Vec<Effect> {
        let (now, verifier) = (self.now, &mut self.verdicts);
        self.phones[phone]
            .with_exchange(now, |exchange, shelf, moment| exchange.grew(shelf, verifier, moment))
    }
}

fn peer_id(connection: usize) -> PeerId {
    PeerId(u64::try_from(connection).unwrap_or(u64::MAX))
}
