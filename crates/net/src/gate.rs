//! Who may knock, and how often: before anybody has shown that they know a group, a connection
//! costs this device memory and work, and strangers can open many.
//!
//! Every source has a bucket of tokens that refills slowly; a connection costs one, and a greeting
//! that failed some more. A few connections of a source, and some more of all, may be ungreeted at
//! a time. When all places are taken the oldest of them goes: who knows a group is through within a
//! moment, so a crowd of silent strangers keeps nobody out.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use iroh::endpoint::IncomingAddr;
use tokio::sync::oneshot;

use crate::settings::Bounds;

/// Sources that are remembered.
const SOURCES: usize = 4_096;

/// Where somebody knocks from, as far as it costs them something to have another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// The network of an IPv6 address.
    V6([u16; 4]),
    /// Through the group's relay, or in another way: the key.
    Other([u8; 32]),
}

impl Source {
    pub(crate) fn of(from: &IncomingAddr) -> Self {
        match from {
            IncomingAddr::Ip(at) => match at.ip().to_canonical() {
                IpAddr::V4(ip) => Self::V4(ip),
                IpAddr::V6(ip) => {
                    let [a, b, c, d, ..] = ip.segments();
                    Self::V6([a, b, c, d])
                }
            },
            IncomingAddr::Relay { endpoint_id, .. } => Self::Other(*endpoint_id.as_bytes()),
            _ => Self::Other([0; 32]),
        }
    }
}

/// Tokens that come back with time.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: u32,
    since: Instant,
}

impl Bucket {
    fn refill(&mut self, bounds: &Bounds, now: Instant) {
        let every = bounds.refill.max(Duration::from_millis(1));
        let come = now.saturating_duration_since(self.since).as_millis() / every.as_millis();
        let come = u32::try_from(come).unwrap_or(u32::MAX);
        self.tokens = self.tokens.saturating_add(come).min(bounds.burst);
        self.since += every.saturating_mul(come);
        if self.tokens == bounds.burst {
            self.since = now;
        }
    }
}

/// What is answered to somebody who knocks.
#[derive(Debug)]
pub(crate) enum Answer {
    /// They may greet.
    Come(Stranger),
    /// They are to show first that they can be reached at their address.
    Prove,
    /// Nothing.
    Ignore(&'static str),
}

/// A place among the ungreeted; given back when dropped.
#[derive(Debug)]
pub(crate) struct Stranger {
    gate: Arc<Gate>,
    number: u64,
    source: Source,
    /// Resolves when the place goes to somebody else.
    pub(crate) evicted: oneshot::Receiver<()>,
}

impl Stranger {
    /// The greeting failed: the next ones will cost more.
    pub(crate) fn failed(&self) {
        let mut state = self.gate.state();
        if let Some(bucket) = state.sources.get_mut(&self.source) {
            bucket.tokens = bucket.tokens.saturating_sub(self.gate.bounds.failure);
        }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.gate.state().waiting.remove(&self.number);
    }
}

#[derive(Debug)]
struct Waiting {
    source: Source,
    evict: oneshot::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
    sources: BTreeMap<Source, Bucket>,
}

/// The gate of all endpoints of this device.
#[derive(Debug)]
pub(crate) struct Gate {
    bounds: Bounds,
    state: Mutex<State>,
}

impl Gate {
    pub(crate) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody knocks; `proved`: they showed that they can be reached at their address.
    pub(crate) fn knock(self: &Arc<Self>, source: Source, proved: bool, now: Instant) -> Answer {
        let bounds = &self.bounds;
        let mut state = self.state();
        if state.sources.len() >= SOURCES {
            state.forget_rested(bounds, now);
        }
        let bucket = state
            .sources
            .entry(source.clone())
            .or_insert(Bucket { tokens: bounds.burst, since: now });
        bucket.refill(bounds, now);
        if bucket.tokens == 0 {
            return Answer::Ignore("too many connections from there in a short time");
        }
        // Addresses are forged easily until somebody must read an answer there.
        if !proved && state.waiting.len() >= bounds.strangers / 4 {
            return Answer::Prove;
        }
        if let Some(bucket) = state.sources.get_mut(&source) {
            bucket.tokens -= 1;
        }
        let same = state.waiting.values().filter(|waiting| waiting.source == source).count();
        if same >= bounds.strangers_a_source {
            return Answer::Ignore("too many connections from there that did not greet yet");
        }
        if state.waiting.len() >= bounds.strangers
            && let Some((_, oldest)) = state.waiting.pop_first()
        {
            let _ = oldest.evict.send(());
        }
        let number = state.next;
        state.next += 1;
        let (evict, evicted) = oneshot::channel();
        state.waiting.insert(number, Waiting { source: source.clone(), evict });
        Answer::Come(Stranger { gate: Arc::clone(self), number, source, evicted })
    }
}

impl State {
    /// Makes room among the sources: those that rested long enough first, then any.
    fn forget_rested(&mut self, bounds: &Bounds, now: Instant) {
        self.sources.retain(|_, bucket| {
            bucket.refill(bounds, now);
            bucket.tokens < bounds.burst
        });
        if self.sources.len() > SOURCES / 2 {
            // Half of them at once, so that this is seldom.
            let mut keep = false;
            self.sources.retain(|_, _| {
                keep = !keep;
                keep
            });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn gate(bounds: Bounds) -> Arc<Gate> {
        Gate::new(bounds)
    }

    fn source(last: u8) -> Source {
        Source::V4(Ipv4Addr::new(10, 0, 0, last))
    }

    fn come(answer: Answer) -> Stranger {
        match answer {
            Answer::Come(stranger) => stranger,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn a_source_has_as_many_as_its_tokens_and_gets_more_with_time() {
        let gate = gate(Bounds { burst: 3, refill: Duration::from_secs(2), ..Bounds::default() });
        let now = Instant::now();
        for _ in 0..3 {
            drop(come(gate.knock(source(1), true, now)));
        }
        assert!(matches!(gate.knock(source(1), true, now), Answer::Ignore(_)));
        drop(come(gate.knock(source(2), true, now)));
        let later = now + Duration::from_secs(2);
        drop(come(gate.knock(source(1), true, later)));
        assert!(matches!(gate.knock(source(1), true, later), Answer::Ignore(_)));
    }

    #[test]
    fn a_greeting_that_fails_costs_more() {
        let gate = gate(Bounds { burst: 10, failure: 9, ..Bounds::default() });
        let now = Instant::now();
        come(gate.knock(source(1), true, now)).failed();
        assert!(matches!(gate.knock(source(1), true, now), Answer::Ignore(_)));
    }

    #[test]
    fn one_source_takes_few_places_and_gives_them_back() {
        let gate = gate(Bounds { strangers_a_source: 2, ..Bounds::default() });
        let now = Instant::now();
        let held = [(); 2].map(|()| come(gate.knock(source(1), true, now)));
        assert!(matches!(gate.knock(source(1), true, now), Answer::Ignore(_)));
        drop(held);
        drop(come(gate.knock(source(1), true, now)));
    }

    #[test]
    fn a_crowd_keeps_nobody_out_and_must_prove_its_addresses() {
        let gate = gate(Bounds { strangers: 4, ..Bounds::default() });
        let now = Instant::now();
        let mut crowd: Vec<_> =
            (0..4).map(|last| come(gate.knock(source(last), true, now))).collect();
        assert!(matches!(gate.knock(source(9), false, now), Answer::Prove));
        let honest = come(gate.knock(source(9), true, now));
        assert!(crowd.first_mut().unwrap().evicted.try_recv().is_ok());
        assert!(crowd.get_mut(1).unwrap().evicted.try_recv().is_err());
        drop(honest);
    }

    #[test]
    fn sources_are_forgotten_before_there_are_too_many() {
        let gate = gate(Bounds::default());
        let now = Instant::now();
        for number in 0..10_000_u32 {
            let source = Source::V4(Ipv4Addr::from(number));
            drop(come(gate.knock(source, true, now)));
        }
        assert!(gate.state().sources.len() <= SOURCES);
    }
}
