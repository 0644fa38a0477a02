//! What runs did, so that a reader sees that each kind of fault occurred.

use std::collections::BTreeMap;

/// Counts over one run or many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs.
    pub seeds: u64,
    /// Milliseconds that devices were simulated for, over all devices.
    pub device_time: u64,
    /// Devices.
    pub devices: u64,
    /// Envelopes in the final sets.
    pub envelopes: u64,
    /// Writes that somebody was told are saved.
    pub acknowledged: u64,
    /// Messages sent.
    pub messages: u64,
    /// Bytes sent.
    pub bytes: u64,
    /// Verifications asked for.
    pub verifications: u64,
    /// Of one hostile device at one honest one, the most: verifications caused, bytes sent to it,
    /// and envelopes held whose ancestors are missing.
    pub costliest: [u64; 3],
    /// What people did, by kind.
    pub deeds: BTreeMap<&'static str, u64>,
    /// What went wrong, by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// Connections closed by an exchange, by its sentence.
    pub closings: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a deed.
    pub fn deed(&mut self, what: &'static str) {
        *self.deeds.entry(what).or_default() += 1;
    }

    /// Counts a fault.
    pub fn fault(&mut self, what: &'static str) {
        *self.faults.entry(what).or_default() += 1;
    }

    /// Adds what another run did.
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.device_time += other.device_time;
        self.devices += other.devices;
        self.envelopes += other.envelopes;
        self.acknowledged += other.acknowledged;
        self.messages += other.messages;
        self.bytes += other.bytes;
        self.verifications += other.verifications;
        for (most, other) in self.costliest.iter_mut().zip(other.costliest) {
            *most = (*most).max(other);
        }
        for (what, count) in &other.deeds {
            *self.deeds.entry(what).or_default() += count;
        }
        for (what, count) in &other.faults {
            *self.faults.entry(what).or_default() += count;
        }
        for (what, count) in &other.closings {
            *self.closings.entry(what.clone()).or_default() += count;
        }
    }
}
