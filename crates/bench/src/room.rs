//! Devices whose exchanges talk without any network between them, with what each costs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use copact_core::envelope::Verified;
use copact_core::ids::{GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_sync::exchange::{Effect, Exchange, Moment, Peer, PeerId, Quota, Shelf, Strict};

use crate::failure::Measured;
use crate::group::Generated;
use crate::number::wide;
use crate::time::timed;

/// What every device has beside its ledger.
pub(crate) struct Beside {
    group: GroupId,
    texts: BTreeMap<TextHash, SideText>,
    wanted: BTreeSet<TextHash>,
    profiles: Vec<Profile>,
}

/// One device.
pub(crate) struct Phone {
    pub(crate) device: DeviceKey,
    pub(crate) ledger: Ledger,
    exchange: Exchange,
    /// Time that its exchange took, taking in included.
    pub(crate) cpu: Duration,
    pub(crate) sent: usize,
    pub(crate) received: usize,
}

/// Devices, and messages under way.
pub(crate) struct Room {
    beside: Beside,
    pub(crate) phones: Vec<Phone>,
    links: BTreeMap<PeerId, usize>,
    letters: VecDeque<(usize, PeerId, Vec<u8>)>,
    now: u64,
    /// How often all messages under way were delivered.
    pub(crate) waves: usize,
}

impl Beside {
    pub(crate) fn of(group: &Generated) -> Self {
        Self {
            group: group.id,
            texts: group.texts.iter().map(|text| (text.hash(), text.clone())).collect(),
            wanted: BTreeSet::new(),
            profiles: group.profiles.clone(),
        }
    }

    pub(crate) fn shelf<'a>(&'a self, ledger: &'a Ledger) -> Shelf<'a> {
        Shelf {
            group: self.group,
            ledger: Some(ledger),
            texts: &self.texts,
            wanted: &self.wanted,
            profiles: &self.profiles,
            day: 0,
        }
    }
}

/// The bytes that an envelope is, sent by itself.
pub(crate) fn weight(envelope: &Verified) -> usize {
    copact_core::codec::encode(&envelope.wire()).len()
}

impl Room {
    pub(crate) fn new(beside: Beside) -> Self {
        Self {
            beside,
            phones: Vec::new(),
            links: BTreeMap::new(),
            letters: VecDeque::new(),
            now: 0,
            waves: 0,
        }
    }

    pub(crate) fn enter(&mut self, device: DeviceKey, ledger: Ledger) {
        let exchange = Exchange::new(device, Quota::default(), self.beside.shelf(&ledger));
        let (cpu, sent, received) = (Duration::ZERO, 0, 0);
        self.phones.push(Phone { device, ledger, exchange, cpu, sent, received });
    }

    /// Connects two.
    pub(crate) fn link(&mut self, a: usize, b: usize) -> Measured<()> {
        let number = wide(self.links.len());
        let mut key = [1; 32];
        key.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
        let (here, there) = (PeerId(number), PeerId(number + 1));
        self.links.insert(here, b);
        self.links.insert(there, a);
        let device = |at: usize| self.phones.get(at).map(|phone| phone.device).ok_or("no phone");
        let (of_a, of_b) = (device(a)?, device(b)?);
        for (at, id, device) in [(a, here, of_b), (b, there, of_a)] {
            let peer = Peer { device, key, admissions: Vec::new() };
            let now = Moment(self.now);
            self.act(at, |exchange, shelf| exchange.connect(shelf, id, peer, &mut Strict, now))?;
        }
        Ok(())
    }

    fn act(
        &mut self,
        at: usize,
        call: impl FnOnce(&mut Exchange, Shelf<'_>) -> Vec<Effect>,
    ) -> Measured<()> {
        let phone = self.phones.get_mut(at).ok_or("no phone")?;
        let beside = &self.beside;
        let now = Moment(self.now);
        let (done, time) = timed(|| -> Measured<Vec<Effect>> {
            let mut done = Vec::new();
            let mut next = call(&mut phone.exchange, beside.shelf(&phone.ledger));
            while !next.is_empty() {
                let mut took = false;
                for effect in std::mem::take(&mut next) {
                    if let Effect::Take { envelopes, .. } = effect {
                        took = true;
                        for envelope in envelopes {
                            phone.ledger.insert(envelope)?;
                        }
                    } else {
                        done.push(effect);
                    }
                }
                if took {
                    let shelf = beside.shelf(&phone.ledger);
                    next = phone.exchange.grew(shelf, &mut Strict, now);
                }
            }
            Ok(done)
        });
        phone.cpu += time;
        for effect in done? {
            match effect {
                Effect::Send { to, message } => {
                    phone.sent += message.len();
                    let other = *self.links.get(&to).ok_or("no link")?;
                    self.letters.push_back((other, PeerId(to.0 ^ 1), message));
                }
                Effect::Close { why, .. } => return Err(why.to_string().into()),
                Effect::Take { .. } => {}
            }
        }
        Ok(())
    }

    /// Delivers everything that is under way now; false if nothing is.
    pub(crate) fn wave(&mut self) -> Measured<bool> {
        let letters = std::mem::take(&mut self.letters);
        if letters.is_empty() {
            return Ok(false);
        }
        self.waves += 1;
        let now = Moment(self.now);
        for (to, link, message) in letters {
            if let Some(phone) = self.phones.get_mut(to) {
                phone.received += message.len();
            }
            self.act(to, |exchange, shelf| {
                exchange.receive(shelf, link, &message, &mut Strict, now)
            })?;
        }
        Ok(true)
    }

    /// Lets time pass until somebody has something to say.
    pub(crate) fn pass(&mut self) -> Measured<()> {
        let due = self.phones.iter().filter_map(|phone| phone.exchange.next_tick()).min();
        self.now = due.map_or(self.now + 1, |due| due.0.max(self.now + 1));
        let now = Moment(self.now);
        for at in 0..self.phones.len() {
            self.act(at, |exchange, shelf| exchange.tick(shelf, now))?;
        }
        Ok(())
    }

    /// Whether all have the same.
    pub(crate) fn is_equal(&self) -> bool {
        let mut digests = self.phones.iter().map(|phone| phone.ledger.frontier().digest());
        let first = digests.next();
        digests.all(|one| Some(one) == first)
    }

    /// Until all have the same: how often everything was delivered.
    pub(crate) fn converge(&mut self) -> Measured<usize> {
        while !self.is_equal() {
            if !self.wave()? {
                self.pass()?;
            }
            if self.now > 600_000 {
                return Err("the devices do not become equal".into());
            }
        }
        Ok(self.waves)
    }

    /// Delivers what is under way still, so that it is counted.
    pub(crate) fn quiet(&mut self) -> Measured<()> {
        for _ in 0..20 {
            while self.wave()? {}
            self.pass()?;
        }
        Ok(())
    }
}
