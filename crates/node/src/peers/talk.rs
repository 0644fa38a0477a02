//! The peers of one group, and its exchange with them.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::ids::GroupId;
use copact_core::keys::DeviceKey;
use copact_net::Link;
use copact_sync::exchange::{Closing, Effect, Exchange, Moment, PeerId, Progress, Quota, Strict};

use super::here::{Extent, Here};
use super::joined::{Done, Input, Now, Out};
use super::telling::{Happened, Met, State};
use crate::error::{NodeError, Result};

/// The peers of one group.
pub(super) struct Talk {
    pub(super) group: GroupId,
    me: DeviceKey,
    /// `None` before the first turn, and after one that failed.
    exchange: Option<Exchange>,
    quota: Quota,
    pub(super) met: BTreeMap<DeviceKey, Met>,
    links: BTreeMap<Link, DeviceKey>,
    /// What the exchange was told that is here.
    told: Extent,
    /// Something was given out to be taken in, and the exchange waits to hear of it.
    took: bool,
    /// Who brought envelopes in this turn, and how many; texts and names.
    brought: BTreeMap<DeviceKey, usize>,
    beside: (usize, usize),
    /// Authors of whom more is to come another day, as far as people were told.
    delayed: BTreeSet<DeviceKey>,
}

impl Talk {
    pub(super) const fn new(group: GroupId, me: DeviceKey, quota: Quota) -> Self {
        Self {
            group,
            me,
            exchange: None,
            quota,
            met: BTreeMap::new(),
            links: BTreeMap::new(),
            told: Extent::NOTHING,
            took: false,
            brought: BTreeMap::new(),
            beside: (0, 0),
            delayed: BTreeSet::new(),
        }
    }

    pub(super) fn begin(&mut self, here: &Here<'_>, now: Now) {
        if self.exchange.is_none() {
            let shelf = here.shelf(now.day);
            self.exchange = Some(Exchange::new(self.me, self.quota.clone(), shelf));
            self.told = here.extent();
        }
    }

    pub(super) fn end_turn(&mut self) {
        self.brought.clear();
        (self.beside, self.took) = ((0, 0), false);
    }

    pub(super) fn quota(&self) -> &Quota {
        self.exchange.as_ref().map_or(&self.quota, Exchange::quota)
    }

    pub(super) fn next_tick(&self) -> Option<Moment> {
        self.exchange.as_ref().and_then(Exchange::next_tick)
    }

    /// How much is here, as the exchange knows it.
    pub(super) const fn envelopes(&self) -> usize {
        self.told.envelopes
    }

    pub(super) fn input(
        &mut self,
        input: Input,
        here: &mut Here<'_>,
        now: Now,
        done: &mut Done,
    ) -> Result<()> {
        match &input {
            Input::Opened { link, peer, address } => {
                self.opened(*link, peer.device, address, here, now, done);
            }
            Input::Message { link, .. } | Input::Closed { link, .. }
                if !self.links.contains_key(link) =>
            {
                return Ok(());
            }
            Input::Closed { link, why } => self.gone(*link, why, here, now, done),
            _ => {}
        }
        let Some(exchange) = &mut self.exchange else { return Ok(()) };
        let shelf = here.shelf(now.day);
        let effects = match input {
            Input::Opened { link, peer, .. } => {
                exchange.connect(shelf, PeerId(link.0), peer, &mut Strict, now.moment)
            }
            Input::Message { link, bytes, .. } => {
                exchange.receive(shelf, PeerId(link.0), &bytes, &mut Strict, now.moment)
            }
            Input::Closed { link, .. } => exchange.disconnect(shelf, PeerId(link.0), now.moment),
            Input::Tick => exchange.tick(shelf, now.moment),
            Input::Look => Vec::new(),
        };
        self.follow(effects, here, now, done)
    }

    /// Tells the exchange what is new here until nothing is.
    pub(super) fn look(&mut self, here: &mut Here<'_>, now: Now, done: &mut Done) -> Result<()> {
        while self.took || here.extent() != self.told {
            (self.told, self.took) = (here.extent(), false);
            let Some(exchange) = &mut self.exchange else { return Ok(()) };
            let effects = exchange.grew(here.shelf(now.day), &mut Strict, now.moment);
            self.follow(effects, here, now, done)?;
            here.settle(self.quota())?;
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
                    self.took = true;
                    let taken = here.take(envelopes, texts, profiles)?;
                    if let Some(device) = self.links.get(&Link(from.0)) {
                        *self.brought.entry(*device).or_default() += taken.envelopes;
                    }
                    self.beside.0 += taken.texts;
                    self.beside.1 += taken.profiles;
                    if taken.copied_home {
                        done.happened.push(Happened::Note { line: COPY.to_owned() });
                    }
                }
                Effect::Close { peer, why } => {
                    let (link, line) = (Link(peer.0), why.to_string());
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
        device: DeviceKey,
        address: &str,
        here: &Here<'_>,
        now: Now,
        done: &mut Done,
    ) {
        self.links.insert(link, device);
        let met = self.met.entry(device).or_insert_with(|| Met::new(now.at));
        let anew = !met.is_connected();
        if anew {
            (met.since, met.state) = (now.at, State::Syncing);
        }
        met.links.insert(link);
        address.clone_into(&mut met.address);
        if anew && here.knows(&device) {
            self.tell_of(device, here, done);
        }
    }

    /// Tells people whether a device is connected.
    fn tell_of(&mut self, device: DeviceKey, here: &Here<'_>, done: &mut Done) {
        let Some(met) = self.met.get_mut(&device) else { return };
        met.told = true;
        let connected = met.is_connected();
        done.happened.push(Happened::Peer {
            group: self.group,
            device,
            name: here.name_of(&device),
            address: met.address.clone(),
            connected,
            why: met.error.clone().filter(|_| !connected),
        });
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
        if met.told {
            self.tell_of(device, here, done);
        } else {
            self.met.remove(&device);
        }
    }

    /// Notes how far the peers are, and tells what came in.
    pub(super) fn account(&mut self, here: &Here<'_>, done: &mut Done) {
        for (_, device, progress) in self.exchange.iter().flat_map(Exchange::peers) {
            let Some(met) = self.met.get_mut(&device) else { continue };
            met.state = match progress {
                Progress::Syncing => State::Syncing,
                Progress::UpToDate => State::UpToDate,
                Progress::Parted => State::Parted,
                Progress::Delayed => State::Delayed,
            };
            if met.state == State::UpToDate {
                met.even_at = Some(self.told.envelopes);
            }
        }
        let silent = self.met.iter().filter(|(device, met)| !met.told && here.knows(device));
        for device in silent.map(|(device, _)| *device).collect::<Vec<_>>() {
            self.tell_of(device, here, done);
        }
        self.note_delays(here, done);
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
            bringers.filter_map(|(device, _)| here.name_of(device)).collect();
        let (group, from) = (self.group, names.into_iter().collect());
        done.happened.push(Happened::Received { group, from, envelopes, texts, profiles });
    }

    /// Says of whom no more is taken in today.
    fn note_delays(&mut self, here: &Here<'_>, done: &mut Done) {
        let held: BTreeSet<DeviceKey> =
            self.quota().held().iter().map(|chain| chain.device).collect();
        for device in held.difference(&self.delayed) {
            let whose = here.name_of(device).unwrap_or_else(|| "somebody".to_owned());
            tracing::warn!(group = %self.group, %device, "the day's quota is reached");
            done.happened.push(Happened::Note {
                line: format!(
                    "{whose} wrote more than one device takes in of another in a day; the rest \
                     comes tomorrow"
                ),
            });
        }
        self.delayed = held;
    }

    /// Closes every link: whoever is at the other end sends again what was not stored.
    pub(super) fn fail(&mut self, error: &NodeError, now: Now, done: &mut Done) {
        let why = "this device could not store what came in; it asks again later";
        for (link, device) in std::mem::take(&mut self.links) {
            done.out.push(Out::Close(link, why.to_owned()));
            if let Some(met) = self.met.get_mut(&device) {
                met.links.clear();
                (met.since, met.error) = (now.at, Some(error.to_string()));
            }
        }
        if let Some(exchange) = self.exchange.take() {
            self.quota = exchange.quota().clone();
        }
        let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
        done.happened.push(Happened::Note { line: format!("{error}{hint}") });
    }
}

const COPY: &str = "a copy of this home wrote in the group, too: from now on each goes on in a chain \
                    of its own; use only one of the two";
