//! People in a room whose devices run exchanges over links without delay: every message arrives, in
//! order, unless a test takes it out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use copact_core::envelope::{Content, Verified};
use copact_core::ids::{GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_sync::exchange::message::Message;
use copact_sync::exchange::{
    Closing, Effect, Exchange, Moment, Peer, PeerId, Progress, Quota, Shelf, Strict,
};

use crate::device::Device;
use crate::person::Person;

/// Somebody's phone: what they have, and their exchange.
#[derive(Debug)]
pub struct Phone {
    pub device: Device,
    /// None on a newcomer's phone, before the founding envelope has come.
    pub person: Option<Person>,
    pub texts: BTreeMap<TextHash, SideText>,
    pub wanted: BTreeSet<TextHash>,
    pub profiles: Vec<Profile>,
    pub exchange: Exchange,
    /// Refuses what it should store, as a full disk does.
    pub full: bool,
    group: GroupId,
    day: i64,
}

/// A message under way.
#[derive(Clone, Debug)]
pub struct Letter {
    pub from: usize,
    pub to: usize,
    pub link: PeerId,
    pub bytes: Vec<u8>,
}

/// Phones and the links between them.
#[derive(Debug, Default)]
pub struct Room {
    pub phones: Vec<Phone>,
    pub letters: VecDeque<Letter>,
    /// Of every link that was ever opened, its ends.
    pub links: BTreeMap<PeerId, (usize, usize)>,
    pub closed: Vec<(usize, PeerId, Closing)>,
    pub now: u64,
    /// Bytes and messages that each phone sent.
    pub sent: Vec<(u64, u64)>,
    /// Whether messages are lost that a test says.
    pub lose: Option<fn(&Letter) -> bool>,
    next: u64,
}

impl Phone {
    pub fn of(person: Person) -> Self {
        let group = person.ledger.group();
        Self::new(group, person.device.clone(), Some(person))
    }

    pub fn newcomer(group: GroupId, device: Device) -> Self {
        Self::new(group, device, None)
    }

    fn new(group: GroupId, device: Device, person: Option<Person>) -> Self {
        let (texts, wanted) = (BTreeMap::new(), BTreeSet::new());
        let shelf = Shelf {
            group,
            ledger: person.as_ref().map(|one| &one.ledger),
            texts: &texts,
            wanted: &wanted,
            profiles: &[],
            day: 0,
        };
        let exchange = Exchange::new(device.key(), Quota::default(), shelf);
        let profiles = Vec::new();
        Self { device, person, texts, wanted, profiles, exchange, full: false, group, day: 0 }
    }

    pub fn key(&self) -> DeviceKey {
        self.device.key()
    }

    pub fn ledger(&self) -> Option<&Ledger> {
        self.person.as_ref().map(|one| &one.ledger)
    }

    fn with<T>(&mut self, call: impl FnOnce(&mut Exchange, Shelf<'_>) -> T) -> T {
        let shelf = Shelf {
            group: self.group,
            ledger: self.person.as_ref().map(|one| &one.ledger),
            texts: &self.texts,
            wanted: &self.wanted,
            profiles: &self.profiles,
            day: self.day,
        };
        call(&mut self.exchange, shelf)
    }

    fn take(&mut self, envelopes: Vec<Verified>, texts: Vec<SideText>, profiles: Vec<Profile>) {
        let day = crate::group::first_day();
        for one in &envelopes {
            self.want(one);
        }
        match &mut self.person {
            Some(person) => envelopes.iter().for_each(|one| person.take(one)),
            None if envelopes.is_empty() => {}
            None => self.person = Some(Person::new(self.device.clone(), envelopes, day)),
        }
        for text in texts {
            self.wanted.remove(&text.hash());
            self.texts.insert(text.hash(), text);
        }
        for profile in profiles {
            if !self.profiles.contains(&profile) && profile.check().is_ok() {
                self.profiles.push(profile);
            }
        }
    }

    fn want(&mut self, envelope: &Verified) {
        let named = match envelope.content() {
            Content::Entry(entry) => entry.texts(),
            Content::Act(act) => act.texts(),
            Content::Change(_) | Content::Withheld(_) => Vec::new(),
        };
        self.wanted.extend(named.into_iter().filter(|hash| !self.texts.contains_key(hash)));
    }
}

impl Room {
    pub fn of(people: impl IntoIterator<Item = Person>) -> Self {
        let mut room = Self::default();
        for person in people {
            room.enter(Phone::of(person));
        }
        room
    }

    pub fn enter(&mut self, phone: Phone) -> usize {
        self.phones.push(phone);
        self.sent.push((0, 0));
        self.phones.len() - 1
    }

    pub fn person(&mut self, at: usize) -> &mut Person {
        self.phones[at].person.as_mut().unwrap()
    }

    /// Opens a link; the dialler's end is an even number, the other's the odd one after it.
    pub fn link(&mut self, a: usize, b: usize) -> PeerId {
        self.link_with(a, b, Vec::new(), Vec::new())
    }

    /// Opens a link on which each side brings admissions.
    pub fn link_with(
        &mut self,
        a: usize,
        b: usize,
        of_a: Vec<Vec<u8>>,
        of_b: Vec<Vec<u8>>,
    ) -> PeerId {
        let (here, there) = (PeerId(self.next), PeerId(self.next + 1));
        let mut key = [9; 32];
        key[..8].copy_from_slice(&self.next.to_le_bytes());
        self.next += 2;
        self.links.insert(here, (a, b));
        self.links.insert(there, (b, a));
        let now = Moment(self.now);
        let device = [self.phones[a].key(), self.phones[b].key()];
        for (at, id, device, admissions) in
            [(a, here, device[1], of_b), (b, there, device[0], of_a)]
        {
            let peer = Peer { device, key, admissions };
            let effects = self.phones[at]
                .with(|exchange, shelf| exchange.connect(shelf, id, peer, &mut Strict, now));
            self.follow(at, effects);
        }
        here
    }

    /// The other end of a link.
    pub const fn other(link: PeerId) -> PeerId {
        PeerId(link.0 ^ 1)
    }

    pub fn unlink(&mut self, link: PeerId) {
        for id in [link, Self::other(link)] {
            let Some((at, _)) = self.links.remove(&id) else { continue };
            let now = Moment(self.now);
            let effects =
                self.phones[at].with(|exchange, shelf| exchange.disconnect(shelf, id, now));
            self.follow(at, effects);
        }
        self.letters.retain(|letter| letter.link != link && letter.link != Self::other(link));
    }

    fn follow(&mut self, at: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send { to, message } => {
                    let Some((_, other)) = self.links.get(&to).copied() else { continue };
                    self.sent[at].0 += message.len() as u64;
                    self.sent[at].1 += 1;
                    let link = Self::other(to);
                    self.letters.push_back(Letter { from: at, to: other, link, bytes: message });
                }
                Effect::Take { envelopes, texts, profiles, .. } => {
                    let phone = &mut self.phones[at];
                    let now = Moment(self.now);
                    let effects = if phone.full {
                        phone.with(|exchange, shelf| exchange.not_taken(shelf))
                    } else {
                        phone.take(envelopes, texts, profiles);
                        phone.with(|exchange, shelf| exchange.grew(shelf, &mut Strict, now))
                    };
                    self.follow(at, effects);
                }
                Effect::Close { peer, why } => {
                    self.closed.push((at, peer, why));
                    self.links.remove(&peer);
                    let other = Self::other(peer);
                    if let Some((there, _)) = self.links.remove(&other) {
                        let now = Moment(self.now);
                        let effects = self.phones[there]
                            .with(|exchange, shelf| exchange.disconnect(shelf, other, now));
                        self.follow(there, effects);
                    }
                }
            }
        }
    }

    /// Somebody wrote: their phone tells.
    pub fn wrote(&mut self, at: usize) {
        let now = Moment(self.now);
        let effects =
            self.phones[at].with(|exchange, shelf| exchange.grew(shelf, &mut Strict, now));
        self.follow(at, effects);
    }

    /// Delivers the next message, if there is one.
    pub fn deliver(&mut self) -> bool {
        let Some(letter) = self.letters.pop_front() else { return false };
        if self.lose.is_some_and(|lose| lose(&letter)) {
            return true;
        }
        self.hand_over(letter.to, letter.link, &letter.bytes);
        true
    }

    /// Hands a phone some bytes as if the other end of the link had sent them.
    pub fn hand_over(&mut self, to: usize, link: PeerId, bytes: &[u8]) {
        let now = Moment(self.now);
        let effects = self.phones[to]
            .with(|exchange, shelf| exchange.receive(shelf, link, bytes, &mut Strict, now));
        self.follow(to, effects);
    }

    /// Lets time pass on every phone.
    pub fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        let now = Moment(self.now);
        for at in 0..self.phones.len() {
            let effects = self.phones[at].with(|exchange, shelf| exchange.tick(shelf, now));
            self.follow(at, effects);
        }
    }

    /// Another day begins on every phone.
    pub fn next_day(&mut self) {
        self.phones.iter_mut().for_each(|phone| phone.day += 1);
        self.pass(1);
    }

    /// Puts the clock of a phone's days to another one.
    pub fn set_day(&mut self, at: usize, day: i64) {
        self.phones[at].day = day;
    }

    /// Until nobody has anything to say, for at most so long.
    pub fn settle(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        loop {
            while self.deliver() {}
            let due = self.phones.iter().filter_map(|phone| phone.exchange.next_tick()).min();
            match due {
                Some(due) if due.0.max(self.now) < end => {
                    self.pass(due.0.saturating_sub(self.now).max(1));
                }
                _ => return,
            }
        }
    }

    /// Whether all these have the same envelopes.
    pub fn are_equal(&self, phones: &[usize]) -> bool {
        let digest = |at: &usize| self.phones[*at].ledger().map(|one| one.frontier().digest());
        let first = digest(&phones[0]);
        first.is_some() && phones.iter().all(|at| digest(at) == first)
    }

    /// How far each peer of a phone is.
    pub fn progress(&self, at: usize) -> Vec<Progress> {
        self.phones[at].exchange.peers().into_iter().map(|(_, _, progress)| progress).collect()
    }

    /// The messages under way, read.
    pub fn read(&self) -> Vec<Message> {
        self.letters.iter().map(|one| Message::parse(&one.bytes).unwrap()).collect()
    }
}
