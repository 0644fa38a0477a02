//! How many packets are read a second, altogether and of one address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::limits;

/// How often a flood is told of in the log.
const TOLD: Duration = Duration::from_secs(30);

/// Counts within the present second.
#[derive(Debug)]
pub(super) struct Gate {
    second: Instant,
    all: u32,
    of: BTreeMap<IpAddr, u32>,
    refused: u64,
    told: Option<Instant>,
}

impl Gate {
    pub(super) fn new(now: Instant) -> Self {
        Self { second: now, all: 0, of: BTreeMap::new(), refused: 0, told: None }
    }

    /// Whether a packet of `source` is read now.
    pub(super) fn opens(&mut self, source: IpAddr, now: Instant) -> bool {
        if now.duration_since(self.second) >= Duration::from_secs(1) {
            self.second = now;
            self.all = 0;
            self.of.clear();
        }
        let room = self.of.len() < limits::SOURCES || self.of.contains_key(&source);
        if self.all >= limits::READ || !room {
            self.refuse();
            return false;
        }
        let of = self.of.entry(source).or_default();
        // Many processes of one machine are that machine's own affair.
        if *of >= limits::READ_OF_ONE && !source.is_loopback() {
            self.refuse();
            return false;
        }
        *of += 1;
        self.all += 1;
        true
    }

    /// Something was refused.
    pub(super) fn refuse(&mut self) {
        self.refused = self.refused.saturating_add(1);
    }

    /// How much was refused since it was last told of, if it is time to tell.
    pub(super) fn tell(&mut self, now: Instant) -> Option<u64> {
        if self.refused == 0 || self.told.is_some_and(|told| now.duration_since(told) < TOLD) {
            return None;
        }
        self.told = Some(now);
        Some(std::mem::take(&mut self.refused))
    }
}
