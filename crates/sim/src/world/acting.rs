//! What people do, and what they are told is saved.

use copact_core::act::Act;
use copact_core::entry::Entry;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Placed;

use super::{Sabotage, World, Wrong};
use crate::people::{self, Deed};
use crate::phone::{Refused, admissions};

impl World {
    /// Takes note of what an honest device committed since it had so many envelopes.
    pub(super) fn see(&mut self, phone: usize, before: usize) {
        let at = &self.phones[phone];
        let Some(eye) = self.eye.as_mut().filter(|_| at.honest) else { return };
        for envelope in at.disk.envelopes.iter().skip(before) {
            // It came from a ledger, and fits into one.
            let _ = eye.insert(envelope.clone());
        }
    }

    pub(super) fn acknowledge(&mut self, phone: usize, own: &[EnvelopeId]) {
        let at = &self.phones[phone];
        let Some(ledger) = at.memory.ledger.as_ref().filter(|_| at.honest) else { return };
        for id in own {
            self.acknowledged.insert(*id, at.key);
            let placed = ledger.get(*id);
            let of_entry = placed.and_then(Placed::entry).map(Entry::texts);
            let of_act = placed.and_then(Placed::act).map(Act::texts);
            let named = of_entry.or(of_act).unwrap_or_default();
            for text in named.into_iter().filter(|text| at.memory.texts.contains_key(text)) {
                self.texts.insert(text, at.key);
            }
        }
    }

    /// Somebody does something with their device.
    pub(super) fn deed(&mut self, phone: usize) -> Result<(), Wrong> {
        if !self.phones[phone].on {
            return Ok(());
        }
        if self.mischief.contains_key(&phone) && !self.misbehave(phone)? {
            return Ok(());
        }
        let (now, at) = (self.now, &mut self.phones[phone]);
        let done = people::act(at, &self.newcomers, now, &mut self.chance);
        self.finish(phone, done)
    }

    /// Somebody says that another is to be removed.
    pub(super) fn expel(&mut self, phone: usize, whom: usize) -> Result<(), Wrong> {
        if !self.phones[phone].on {
            return Ok(());
        }
        let key = self.phones[whom].key;
        let done = people::remove(&mut self.phones[phone], key, self.now, &mut self.chance);
        self.finish(phone, done.map(|what| Deed { what, newcomer: None }))
    }

    /// Commits what somebody did, and tells the exchange.
    fn finish(&mut self, phone: usize, done: Result<Deed, Refused>) -> Result<(), Wrong> {
        match done {
            Ok(deed) => {
                self.trace.line(self.now, format_args!("#{phone} {}", deed.what));
                self.tally.deed(deed.what);
                if self.phones[phone].clock != 0 {
                    self.tally.fault("deeds while the clock is wrong");
                }
                if self.sabotage == Sabotage::ForgetWrites && self.chance.happens(100) {
                    let ledger = self.phones[phone].memory.ledger.as_ref();
                    let last = ledger.and_then(|one| one.envelopes().last());
                    let last: Vec<_> = last.map(|(_, placed)| placed.id()).into_iter().collect();
                    self.acknowledge(phone, &last);
                    self.phones[phone].start();
                }
                if self.commit(phone)? {
                    self.hand_admission(phone, deed.newcomer);
                    return self.grow(phone);
                }
            }
            Err(_) => self.phones[phone].forget(),
        }
        Ok(())
    }

    /// Whoever was let in has the act that did it, unless the sponsor walked away too early.
    fn hand_admission(&mut self, sponsor: usize, newcomer: Option<usize>) {
        let Some(number) = newcomer else { return };
        self.newcomers.retain(|(other, _)| *other != number);
        if self.chance.happens(700) {
            let key = self.phones[number].key;
            let Some(ledger) = &self.phones[sponsor].memory.ledger else { return };
            self.phones[number].admissions = admissions(ledger, key);
        }
    }
}
