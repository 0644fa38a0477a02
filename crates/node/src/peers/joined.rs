//! One group and the peers it has: what arrives goes into its exchange, what comes out is done.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use copact_core::ids::GroupId;
use copact_core::keys::DeviceKey;
use copact_net::Link;
use copact_sync::exchange::{Closing, Effect, Exchange, Moment, Peer, PeerId, Progress, Strict};

use super::here::{Extent, Here, Keeps};
use super::telling::{Happened, Met};
use crate::error::{NodeError, Result};
use crate::home::Home;

/// How long nobody is answered after what came in could not be stored.
const REST: Duration = Duration::from_secs(5);

/// What arrives for one group.
pub(super) enum Input {
    Opened {
        link: Link,
        peer: Peer,
        address: String,
    },
    Message {
        link: Link,
        bytes: Vec<u8>,
    },
    Closed {
        link: Link,
        why: String,
    },
    /// Time passed.
    Tick,
    /// Somebody may have written.
    Look,
}

/// What is to be done on the network.
#[derive(Debug)]
pub(super) enum Out {
    Send(Link, Vec<u8>),
    Close(Link, String),
}

/// What came of a turn.
#[derive(Default)]
pub(super) struct Done {
    pub(super) out: Vec<Out>,
    pub(super) happened: Vec<Happened>,
    /// This device came in, so that what the network knows of it is new.
    pub(super) entered: bool,
}

/// The moment of a turn.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) at: Instant,
    pub(super) moment: Moment,
    pub(super) day: i64,
}

/// One group and its peers.
pub(super) struct Joined {
    pub(super) keeps: Keeps,
    pub(super) talk: Talk,
}

/// The peers of one group.
pub(super) struct Talk {
    group: GroupId,
    me: DeviceKey,
    exchange: Exchange,
    pub(super) met: BTreeMap<DeviceKey, Met>,
    links: BTreeMap<Link, DeviceKey>,
    /// What the exchange was told that is here.
    told: Extent,
    /// Nobody is answered before.
    rests_until: Option<Instant>,
    /// Who brought envelopes in this turn, and how many; texts and names.
    brought: BTreeMap<DeviceKey, usize>,
    beside: (usize, usize),
}

impl Joined {
    pub(super) fn new(group: GroupId, me: DeviceKey, keeps: Keeps) -> Self {
        let talk = Talk {
            group,
            me,
            exchange: Exchange::new(group, me),
            met: BTreeMap::new(),
            links: BTreeMap::new(),
            told: Extent::default(),
            rests_until: None,
            brought: BTreeMap::new(),
            beside: (0, 0),
        };
        Self { keeps, talk }
    }

    /// Does what follows from what arrived. Nothing is sent before all that was taken in is on the
    /// disk.
    pub(super) fn turn(&mut self, home: &Home, inputs: Vec<Input>, now: Now) -> Done {
        let mut done = Done::default();
        if let Err(error) = self.answer(home, inputs, now, &mut done) {
            tracing::warn!(group = %self.talk.group, %error, "what came in could not be stored");
            // What was to be sent speaks of what is not stored.
            done.out.clear();
            self.talk.fail(&error, now, &mut done);
        }
        self.talk.brought.clear();
        self.talk.beside = (0, 0);
        done
    }

    fn answer(&mut self, home: &Home, inputs: Vec<Input>, now: Now, done: &mut Done) -> Result<()> {
        let talk = &mut self.talk;
        let inputs = talk.awake(inputs, now, done);
        let mut here = self.keeps.here(home)?;
        // People may have written since the last turn: what arrives is judged by all that is here.
        talk.look(&mut here, now, done)?;
        for input in inputs {
            talk.input(input, &mut here, now, done)?;
        }
        here.settle()?;
        talk.look(&mut here, now, done)?;
        talk.account(&here, done);
        drop(here);
        if let Some(name) = self.keeps.enter(home)? {
            done.happened.push(Happened::Entered { group: talk.group, name });
            done.entered = true;
            let mut here = self.keeps.here(home)?;
            talk.look(&mut here, now, done)?;
        }
        Ok(())
    }

    /// When it wants a turn of its own accord.
    pub(super) fn next_tick(&self) -> Option<Moment> {
        self.talk.exchange.next_tick()
    }

    /// How much is here, as the exchange knows it.
    pub(super) const fn envelopes(&self) -> usize {
        self.talk.told.envelopes
    }
}

impl Talk {
    /// While it rests, connections are closed with a sentence; they come again.
    fn awake(&mut self, inputs: Vec<Input>, now: Now, done: &mut Done) -> Vec<Input> {
        if self.rests_until.is_none_or(|until| now.at >= until) {
            self.rests_until = None;
            return inputs;
        }
        let mut left = Vec::new();
        for input in inputs {
            match input {
                Input::Opened { link, .. } => {
                    done.out.push(Out::Close(link, "this device cannot store now; later".into()));
                }
                Input::Message { link, .. } if !self.links.contains_key(&link) => {}
                other => left.push(other),
            }
        }
        left
    }

    fn input(
        &mut self,
        input: Input,
        here: &mut Here<'_>,
        now: Now,
        done: &mut Done,
    ) -> Result<()> {
        let effects = match input {
            Input::Opened { link, peer, address } => {
                self.opened(link, &peer, address, here, now, done);
                let id = PeerId(link.0);
                self.exchange.connect(here.shelf(now.day), id, peer, now.moment)
            }
            Input::Message { link, bytes } => {
                if !self.links.contains_key(&link) {
                    return Ok(());
                }
                let (shelf, from) = (here.shelf(now.day), PeerId(link.0));
                self.exchange.receive(shelf, from, &bytes, &mut Strict, now.moment)
            }
            Input::Closed { link, why } => {
                if !self.links.contains_key(&link) {
                    return Ok(());
                }
                self.gone(link, &why, here, now, done);
                self.exchange.disconnect(here.shelf(now.day), PeerId(link.0), now.moment)
            }
            Input::Tick => self.exchange.tick(here.shelf(now.day), now.moment),
            Input::Look => return Ok(()),
        };
        self.follow(effects, here, now, done)
    }

    /// Tells the exchange what is new here until nothing is.
    fn look(&mut self, here: &mut Here<'_>, now: Now, done: &mut Done) -> Result<()> {
        while here.extent() != self.told {
            self.told = here.extent();
            let effects = self.exchange.grew(here.shelf(now.day), now.moment);
            self.follow(effects, here, now, done)?;
            here.settle()?;
        }
        Ok(())
    }

    fn follow(
        &mut self,
        effects: Vec<Effect>,
        here: &mut Here<'_>,
        now: Now,
        done: &mut Done,
    ) -> Result<()> {
        for effect in effects {
            match effect {
                Effect::Send { to, message } => done.out.push(Out::Send(Link(to.0), message)),
                Effect::Take { from, envelopes, texts, profiles } => {
                    let taken = here.take(envelopes, texts, profiles)?;
                    if let Some(device) = self.links.get(&Link(from.0)) {
                        *self.brought.entry(*device).or_default() += taken.envelopes;
                    }
                    self.beside.0 += taken.texts;
                    self.beside.1 += taken.profiles;
                    if taken.copied_home {
                        done.happened.push(Happened::Note {
                            line: "a copy of this home wrote in the group, too; each goes on in a \
                                   chain of its own"
                                .to_owned(),
                        });
                    }
                }
                Effect::Close { peer, why } => {
                    let link = Link(peer.0);
                    let line = why.to_string();
                    tracing::info!(group = %self.group, link = link.0, %why, "closes a link");
                    if matches!(why, Closing::Clone) {
                        done.happened.push(Happened::Note { line: line.clone() });
                    }
                    self.gone(link, &line, here, now, done);
                    done.out.push(Out::Close(link, line));
                }
            }
        }
        Ok(())
    }

    fn opened(
        &mut self,
        link: Link,
        peer: &Peer,
        address: String,
        here: &Here<'_>,
        now: Now,
        done: &mut Done,
    ) {
        self.links.insert(link, peer.device);
        let met = self.met.entry(peer.device).or_insert_with(|| Met::new(String::new(), now.at));
        if !met.is_connected() {
            (met.since, met.even) = (now.at, false);
            done.happened.push(Happened::Peer {
                group: self.group,
                device: peer.device,
                name: name_of(&peer.device, here),
                address: address.clone(),
                connected: true,
                why: None,
            });
        }
        met.links.insert(link);
        met.address = address;
    }

    fn gone(&mut self, link: Link, why: &str, here: &Here<'_>, now: Now, done: &mut Done) {
        let Some(device) = self.links.remove(&link) else { return };
        let Some(met) = self.met.get_mut(&device) else { return };
        met.links.remove(&link);
        if met.is_connected() {
            return;
        }
        met.since = now.at;
        met.error = Some(why.to_owned()).filter(|why| !why.is_empty());
        done.happened.push(Happened::Peer {
            group: self.group,
            device,
            name: name_of(&device, here),
            address: met.address.clone(),
            connected: false,
            why: met.error.clone(),
        });
    }

    /// Notes how far the peers are, and tells what came in.
    fn account(&mut self, here: &Here<'_>, done: &mut Done) {
        let even: BTreeSet<DeviceKey> = self
            .exchange
            .peers()
            .into_iter()
            .filter(|(.., progress)| *progress == Progress::UpToDate)
            .map(|(_, device, _)| device)
            .collect();
        for (device, met) in self.met.iter_mut().filter(|(_, met)| met.is_connected()) {
            met.even = even.contains(device);
            if met.even {
                met.even_at = Some(self.told.envelopes);
            }
        }
        let envelopes: usize = self.brought.values().sum();
        let (texts, profiles) = self.beside;
        if envelopes + texts + profiles == 0 {
            return;
        }
        for (device, count) in &self.brought {
            if let Some(met) = self.met.get_mut(device) {
                met.received += count;
            }
        }
        let bringers = self.brought.iter().filter(|(_, count)| **count > 0);
        let names: BTreeSet<String> =
            bringers.filter_map(|(device, _)| name_of(device, here)).collect();
        let (group, from) = (self.group, names.into_iter().collect());
        done.happened.push(Happened::Received { group, from, envelopes, texts, profiles });
    }

    /// Closes every link: whoever is at the other end sends again what was not stored.
    fn fail(&mut self, error: &NodeError, now: Now, done: &mut Done) {
        let why = "this device could not store what came in; it asks again later";
        for (link, device) in std::mem::take(&mut self.links) {
            done.out.push(Out::Close(link, why.to_owned()));
            if let Some(met) = self.met.get_mut(&device) {
                met.links.clear();
                (met.since, met.error, met.even) = (now.at, Some(error.to_string()), false);
            }
        }
        self.exchange = Exchange::new(self.group, self.me);
        self.told = Extent::default();
        self.rests_until = Some(now.at + REST);
        let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
        done.happened.push(Happened::Note { line: format!("{error}{hint}") });
    }
}

/// The name of the member whose device it is.
pub(super) fn name_of(device: &DeviceKey, here: &Here<'_>) -> Option<String> {
    let group = here.group()?;
    let now = group.ledger().now();
    let member = now.id(now.goes_by(now.of_device(device)?))?;
    group.names().remove(&member)
}
