//! What goes wrong.

use std::collections::BTreeSet;

use copact_core::envelope::Verified;
use copact_core::ids::{EnvelopeId, TextHash};
use copact_core::ledger::Ledger;

use super::{Event, Fault, World, Wrong};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// Days that a clock is wrong by at most: ten years.
const LIE: u64 = 3_650;

impl World {
    /// Draws when what goes wrong.
    pub(super) fn draw_faults(&mut self) {
        let span = self.plan.span;
        let rates = self.plan.rates.clone();
        for _ in 0..rates.partitions {
            let from = self.chance.between(0, span);
            let to = from + self.chance.between(MINUTE, 12 * HOUR);
            self.schedule(from, Event::Fault(Fault::Split));
            self.schedule(to, Event::Fault(Fault::Join));
        }
        for _ in 0..rates.crashes {
            let (at, phone) = (self.chance.between(0, span), self.any_phone());
            self.schedule(at, Event::Fault(Fault::Crash(phone)));
        }
        for _ in 0..rates.full_disks {
            let (from, phone) = (self.chance.between(0, span), self.any_phone());
            let to = from + self.chance.between(MINUTE, 12 * HOUR);
            self.schedule(from, Event::Fault(Fault::Fill(phone)));
            self.schedule(to, Event::Fault(Fault::Free(phone)));
        }
        for _ in 0..rates.restored {
            let (from, phone) = (self.chance.between(0, span), self.any_phone());
            let to = self.chance.between(from, span);
            let whole = self.chance.happens(500);
            self.schedule(from, Event::Fault(Fault::Backup(phone)));
            self.schedule(to, Event::Fault(Fault::Restore(phone, whole)));
        }
        for phone in 0..self.phones.len() {
            if self.chance.happens(rates.clock_lies / 2) {
                let at = self.chance.between(0, span);
                self.schedule(at, Event::Fault(Fault::Leap(phone)));
            }
        }
    }

    fn any_phone(&mut self) -> usize {
        self.chance.count(0, self.phones.len() - 1)
    }

    pub(super) fn fault(&mut self, fault: Fault) -> Result<(), Wrong> {
        self.trace.line(self.now, format_args!("{fault:?}"));
        match fault {
            Fault::Crash(phone) => {
                if self.phones[phone].on {
                    self.tally.fault("crashes");
                    self.crash(phone);
                }
            }
            Fault::Start(phone) => {
                if !self.phones[phone].on {
                    self.phones[phone].restart(self.now);
                }
            }
            Fault::Fill(phone) => {
                self.tally.fault("full disks");
                self.phones[phone].full = true;
            }
            Fault::Free(phone) => self.phones[phone].full = false,
            Fault::Backup(phone) => {
                let at = &self.phones[phone];
                self.backups.insert(phone, (at.disk.clone(), at.marker));
            }
            Fault::Restore(phone, whole) => self.restore(phone, whole),
            Fault::Split => self.split(),
            Fault::Join => self.network.sides.clear(),
            Fault::Leap(phone) => self.leap(phone),
            Fault::Part(connection) => self.cut(connection),
            Fault::Flood(phone) => return self.flood(phone),
        }
        Ok(())
    }

    /// Everything that was not committed is lost, and the device is off for a while.
    pub(super) fn crash(&mut self, phone: usize) {
        self.trace.line(self.now, format_args!("#{phone} crashes"));
        self.drop_connections(phone);
        self.phones[phone].on = false;
        let starts = self.now + self.chance.between(1_000, 2 * HOUR);
        self.schedule(starts, Event::Fault(Fault::Start(phone)));
    }

    /// The device holds no connection to be open any more.
    pub(super) fn drop_connections(&mut self, phone: usize) {
        for (connection, side) in self.network.of(phone) {
            self.network.connections[connection].ends[side].open = false;
            self.cut(connection);
        }
    }

    pub(super) fn leap(&mut self, phone: usize) {
        self.tally.fault("clocks set wrong");
        let days = i32::try_from(self.chance.between(0, 2 * LIE)).unwrap_or(0);
        self.phones[phone].clock = days - i32::try_from(LIE).unwrap_or(0);
    }

    fn split(&mut self) {
        self.tally.fault("partitions");
        self.network.sides = (0..self.phones.len()).map(|_| self.chance.happens(500)).collect();
        for connection in 0..self.network.connections.len() {
            let at = &self.network.connections[connection];
            if !at.broken && self.network.is_cut(at.link) {
                self.cut(connection);
            }
        }
    }

    /// Puts an older disk back. What nobody else has is lost with it, and people know.
    fn restore(&mut self, phone: usize, whole: bool) {
        let Some((disk, marker)) = self.backups.remove(&phone) else { return };
        self.tally.fault(if whole { "machines restored whole" } else { "backups restored" });
        self.drop_connections(phone);
        let at = &mut self.phones[phone];
        at.disk = disk;
        if whole {
            at.marker = marker;
        }
        at.restart(self.now);
        let honest = || self.phones.iter().filter(|one| one.honest);
        let kept: BTreeSet<EnvelopeId> =
            honest().flat_map(|one| one.disk.envelopes.iter().map(Verified::id)).collect();
        let texts: BTreeSet<TextHash> =
            honest().flat_map(|one| one.disk.texts.keys().copied()).collect();
        self.acknowledged.retain(|id, _| kept.contains(id));
        self.texts.retain(|hash, _| texts.contains(hash));
        let all = honest().flat_map(|one| one.disk.envelopes.iter().cloned());
        self.eye = Ledger::of(all).ok();
    }
}
