//! Who is remembered, and for how long. Bounded whatever strangers say.
//!
//! What the LAN says and what was injected are kept apart: a flood of names on the LAN takes no
//! room from invites and addresses typed by hand.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use iroh::EndpointId;

use super::announcement::Offer;
use super::{Sighting, limits};

#[derive(Clone, Debug)]
struct Entry {
    at: Vec<SocketAddr>,
    until: Instant,
    /// Who announced it; nobody for what was injected.
    source: Option<IpAddr>,
    /// In which order entries came.
    number: u64,
}

/// Why an offer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The address that announced it has announced too many.
    TooManyOfOne,
    /// Too many new endpoints within a second.
    TooFast,
}

/// The endpoints that are known now.
#[derive(Debug, Default)]
pub(super) struct Book {
    lan: BTreeMap<EndpointId, Entry>,
    injected: BTreeMap<EndpointId, Entry>,
    count: u64,
    new: u32,
    since: Option<Instant>,
}

impl Book {
    /// Where an endpoint answers: what the LAN says first.
    pub(super) fn at(&self, endpoint: &EndpointId) -> Vec<SocketAddr> {
        let both = [self.lan.get(endpoint), self.injected.get(endpoint)];
        let mut at: Vec<SocketAddr> = Vec::new();
        for address in both.into_iter().flatten().flat_map(|entry| &entry.at) {
            if !at.contains(address) {
                at.push(*address);
            }
        }
        at
    }

    /// All that are known.
    pub(super) fn all(&self) -> Vec<(EndpointId, Vec<SocketAddr>)> {
        let mut ids: Vec<&EndpointId> = self.lan.keys().chain(self.injected.keys()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| (*id, self.at(id))).collect()
    }

    /// How many the LAN announces.
    pub(super) fn crowd(&self) -> usize {
        self.lan.len()
    }

    fn seen(&self, endpoint: EndpointId, before: &[SocketAddr], out: &mut Vec<Sighting>) {
        let at = self.at(&endpoint);
        if at.is_empty() && !before.is_empty() {
            out.push(Sighting::Gone { endpoint });
        } else if at != before {
            out.push(Sighting::Found { endpoint, at });
        }
    }

    /// Takes what `source` says on the LAN; the addresses were judged.
    pub(super) fn heard(
        &mut self,
        offer: &Offer,
        source: IpAddr,
        now: Instant,
    ) -> Result<Vec<Sighting>, Refused> {
        let mut out = Vec::new();
        let before = self.at(&offer.endpoint);
        let known = self.lan.get(&offer.endpoint).map(|entry| entry.source);
        if offer.goodbye {
            // Only who announced an endpoint can take it back.
            if known == Some(Some(source)) {
                self.lan.remove(&offer.endpoint);
                self.seen(offer.endpoint, &before, &mut out);
            }
            return Ok(out);
        }
        if offer.at.is_empty() {
            return Ok(out);
        }
        if known.is_none() {
            self.room_for(source, now, &mut out)?;
        }
        let number = match self.lan.get(&offer.endpoint) {
            Some(entry) => entry.number,
            None => self.count,
        };
        self.count += 1;
        let mut at = offer.at.clone();
        at.sort_unstable();
        at.dedup();
        at.truncate(limits::ADDRESSES);
        let until = now + limits::HEARD_LASTS;
        self.lan.insert(offer.endpoint, Entry { at, until, source: Some(source), number });
        self.seen(offer.endpoint, &before, &mut out);
        Ok(out)
    }

    fn room_for(
        &mut self,
        source: IpAddr,
        now: Instant,
        out: &mut Vec<Sighting>,
    ) -> Result<(), Refused> {
        let of_one = self.lan.values().filter(|entry| entry.source == Some(source)).count();
        // Many processes of one machine are that machine's own affair.
        if of_one >= limits::DEVICES_OF_ONE && !source.is_loopback() {
            return Err(Refused::TooManyOfOne);
        }
        if self.since.is_none_or(|since| now.duration_since(since).as_secs() >= 1) {
            self.since = Some(now);
            self.new = 0;
        }
        if self.new >= limits::NEW {
            return Err(Refused::TooFast);
        }
        self.new += 1;
        if self.lan.len() >= limits::DEVICES {
            // The one that came last gives way: who was here before the flood stays, and who comes
            // during it is at least told of.
            let last = self.lan.iter().max_by_key(|(_, entry)| entry.number).map(|(id, _)| *id);
            if let Some(last) = last {
                let before = self.at(&last);
                self.lan.remove(&last);
                self.seen(last, &before, out);
            }
        }
        Ok(())
    }

    /// Takes addresses from the platform, an invite or a person; none at all takes them back.
    pub(super) fn inject(
        &mut self,
        endpoint: EndpointId,
        at: &[SocketAddr],
        now: Instant,
    ) -> Vec<Sighting> {
        let mut out = Vec::new();
        let before = self.at(&endpoint);
        self.injected.remove(&endpoint);
        if !at.is_empty() {
            if self.injected.len() >= limits::INJECTED {
                let oldest = self.injected.iter().min_by_key(|(_, entry)| entry.number);
                if let Some(oldest) = oldest.map(|(id, _)| *id) {
                    let before = self.at(&oldest);
                    self.injected.remove(&oldest);
                    self.seen(oldest, &before, &mut out);
                }
            }
            let at = at.iter().copied().take(limits::ADDRESSES).collect();
            let until = now + limits::INJECTED_LASTS;
            let entry = Entry { at, until, source: None, number: self.count };
            self.count += 1;
            self.injected.insert(endpoint, entry);
        }
        self.seen(endpoint, &before, &mut out);
        out
    }

    /// Forgets whom these addresses of a LAN announced: this device left it.
    pub(super) fn left(&mut self, source: impl Fn(IpAddr) -> bool) -> Vec<Sighting> {
        let mut out = Vec::new();
        let of_it = |entry: &Entry| entry.source.is_some_and(&source);
        let left = self.lan.iter().filter(|(_, entry)| of_it(entry));
        let left: Vec<EndpointId> = left.map(|(endpoint, _)| *endpoint).collect();
        for endpoint in left {
            self.lan.remove(&endpoint);
            out.push(Sighting::Left { endpoint });
            // What was injected may still be right.
            self.seen(endpoint, &[], &mut out);
        }
        out
    }

    /// Forgets who was not heard of for long.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<Sighting> {
        let mut out = Vec::new();
        let both = self.lan.iter().chain(&self.injected);
        let old: Vec<EndpointId> =
            both.filter(|(_, entry)| entry.until <= now).map(|(id, _)| *id).collect();
        for endpoint in old {
            let before = self.at(&endpoint);
            self.lan.retain(|id, entry| *id != endpoint || entry.until > now);
            self.injected.retain(|id, entry| *id != endpoint || entry.until > now);
            self.seen(endpoint, &before, &mut out);
        }
        out
    }
}
