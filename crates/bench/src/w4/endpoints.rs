//! The same room with real endpoints: every phone finds all others and dials a few, as on a LAN.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use copact_core::envelope::Verified;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_net::{Bounds, Event, Link, Membership, Net, Settings};
use copact_sync::exchange::{Effect, Exchange, Moment, Peer, PeerId, Quota, Strict};
use copact_sync::greeting::discovery_key;

use crate::failure::Measured;
use crate::group::Generated;
use crate::number::{real, spread};
use crate::room::Beside;

/// How long a room may take before something must be wrong.
const PATIENCE: Duration = Duration::from_secs(300);

/// How it went.
pub(crate) struct Met {
    pub(crate) seconds: f64,
    /// Bytes of messages that came to a phone: the most, and all of them.
    pub(crate) most: usize,
    pub(crate) mean: f64,
    /// The most devices that a tap passed through to reach somebody.
    pub(crate) steps: usize,
    pub(crate) links: usize,
}

struct Phone {
    net: Net,
    ledger: Ledger,
    exchange: Exchange,
    /// The phone at the other end of each link.
    peers: BTreeMap<Link, usize>,
    /// How far each tap had come.
    steps: BTreeMap<EnvelopeId, usize>,
    received: usize,
}

struct Room {
    beside: Beside,
    phones: Vec<Phone>,
    /// Whose device it is.
    places: BTreeMap<copact_core::keys::DeviceKey, usize>,
    events: Receiver<(usize, Event)>,
    began: Instant,
}

pub(crate) fn meet(group: &Generated, taps: &[Verified]) -> Measured<Met> {
    let (tell, events) = channel();
    let founding = group.envelopes.first().ok_or("no founding")?;
    let mut phones = Vec::new();
    let beside = Beside::of(group);
    // The first writer has no tap, and is the laptop that is not there.
    for (at, (writer, tap)) in group.writers.iter().skip(1).zip(taps).enumerate() {
        let ledger = Ledger::of(group.envelopes.iter().chain([tap]).cloned())?;
        let tell = tell.clone();
        let member = Membership {
            group: group.id,
            discovery: discovery_key(founding),
            device: writer.secret.clone(),
            admissions: Vec::new(),
        };
        let loopback = "127.0.0.1:0".parse()?;
        // All come from one address here.
        let bounds = Bounds { strangers_a_source: 64, burst: 10_000, ..Bounds::default() };
        let settings = Settings {
            listen: vec![loopback],
            lan: false,
            endpoint: spread(at + 1_000),
            relay: None,
            bounds,
        };
        // Who does not listen any more has seen enough.
        let net = Net::start(settings, vec![member], move |event| drop(tell.send((at, event))))?;
        let exchange =
            Exchange::new(writer.secret.public(), Quota::default(), beside.shelf(&ledger));
        let (peers, received) = (BTreeMap::new(), 0);
        let steps = BTreeMap::from([(tap.id(), 0)]);
        phones.push(Phone { net, ledger, exchange, peers, steps, received });
    }
    let devices = group.writers.iter().skip(1).map(|one| one.secret.public());
    let places = devices.zip(0..).collect();
    let began = Instant::now();
    let mut room = Room { beside, phones, places, events, began };
    room.find_each_other();
    room.run()?;
    let seconds = room.began.elapsed().as_secs_f64();
    let received = room.phones.iter().map(|phone| phone.received);
    let steps = room.phones.iter().flat_map(|phone| phone.steps.values().copied());
    let met = Met {
        seconds,
        most: received.clone().max().unwrap_or_default(),
        mean: real(received.sum::<usize>()) / real(room.phones.len()),
        steps: steps.max().unwrap_or_default(),
        links: room.phones.iter().map(|phone| phone.peers.len()).sum::<usize>() / 2,
    };
    // Each takes a second to say goodbye, so all do it at once.
    std::thread::scope(|scope| {
        for phone in room.phones {
            scope.spawn(move || drop(phone.net));
        }
    });
    Ok(met)
}

impl Room {
    fn find_each_other(&self) {
        let addresses: Vec<_> = self.phones.iter().map(|phone| phone.net.address()).collect();
        for (at, phone) in self.phones.iter().enumerate() {
            let others = addresses.iter().enumerate().filter(|(other, _)| *other != at);
            others.for_each(|(_, address)| phone.net.found(address.clone()));
        }
    }

    fn now(&self) -> Moment {
        Moment(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn run(&mut self) -> Measured<()> {
        let mut next = Instant::now();
        loop {
            // Digests of all are dear, so they are asked for now and then.
            if next <= Instant::now() {
                self.tick()?;
                if self.is_equal() {
                    return Ok(());
                }
                if self.began.elapsed() > PATIENCE {
                    return Err("the phones do not become equal".into());
                }
                next = Instant::now() + Duration::from_millis(50);
            }
            let wait = next.saturating_duration_since(Instant::now());
            if let Ok((at, event)) = self.events.recv_timeout(wait) {
                self.handle(at, event)?;
            }
        }
    }

    fn is_equal(&self) -> bool {
        let most = self.phones.iter().map(|phone| phone.ledger.len()).max();
        self.phones.iter().all(|phone| Some(phone.ledger.len()) == most)
            && self.phones.first().is_some_and(|phone| phone.steps.len() == self.phones.len())
    }

    fn tick(&mut self) -> Measured<()> {
        let now = self.now();
        for at in 0..self.phones.len() {
            let phone = self.phones.get_mut(at).ok_or("no phone")?;
            let shelf = self.beside.shelf(&phone.ledger);
            let effects = phone.exchange.tick(shelf, now);
            self.follow(at, effects)?;
        }
        Ok(())
    }

    fn handle(&mut self, at: usize, event: Event) -> Measured<()> {
        let now = self.now();
        let phone = self.phones.get_mut(at).ok_or("no phone")?;
        let shelf = self.beside.shelf(&phone.ledger);
        let effects = match event {
            Event::Opened { link, device, key, .. } => {
                phone.peers.insert(link, *self.places.get(&device).ok_or("no such phone")?);
                let peer = Peer { device, key, admissions: Vec::new() };
                phone.exchange.connect(shelf, PeerId(link.0), peer, &mut Strict, now)
            }
            Event::Message { link, bytes, .. } => {
                phone.received += bytes.len();
                phone.exchange.receive(shelf, PeerId(link.0), &bytes, &mut Strict, now)
            }
            Event::Closed { link, .. } => {
                phone.peers.remove(&link);
                phone.exchange.disconnect(shelf, PeerId(link.0), now)
            }
            _ => Vec::new(),
        };
        self.follow(at, effects)
    }

    fn follow(&mut self, at: usize, effects: Vec<Effect>) -> Measured<()> {
        let now = self.now();
        for effect in effects {
            match effect {
                Effect::Send { to, message } => {
                    self.phones.get(at).ok_or("no phone")?.net.send(Link(to.0), message);
                }
                Effect::Close { peer, why } => {
                    self.phones
                        .get(at)
                        .ok_or("no phone")?
                        .net
                        .close(Link(peer.0), &why.to_string());
                }
                Effect::Take { from, envelopes, .. } => {
                    let from = self.phones.get(at).and_then(|one| one.peers.get(&Link(from.0)));
                    let from = from.and_then(|from| self.phones.get(*from)).ok_or("no peer")?;
                    let steps: Vec<_> = envelopes
                        .iter()
                        .map(|one| {
                            (one.id(), from.steps.get(&one.id()).map_or(1, |steps| steps + 1))
                        })
                        .collect();
                    let phone = self.phones.get_mut(at).ok_or("no phone")?;
                    phone.steps.extend(steps);
                    for envelope in envelopes {
                        phone.ledger.insert(envelope)?;
                    }
                    let shelf = self.beside.shelf(&phone.ledger);
                    let more = phone.exchange.grew(shelf, &mut Strict, now);
                    self.follow(at, more)?;
                }
            }
        }
        Ok(())
    }
}
