//! Making what is in memory last, as `copact_node::group::saving` does.

use copact_core::act::Act;
use copact_core::envelope::{Chain, Verified};
use copact_core::ids::EnvelopeId;

use super::Phone;
use super::writing::Refused;
use crate::chance::Chance;

/// Writing one thing can make another due.
const ROUNDS: usize = 8;

/// Why nothing was saved; memory is as the disk is again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// The disk is full.
    Full,
    /// What a device writes of its own accord was refused, which must not be.
    Due(Refused),
}

impl Phone {
    /// Writes what is due, heeds erasures and commits. The envelopes of its own that are durable
    /// now and were not before; people are told of these.
    ///
    /// # Errors
    /// Nothing was saved.
    pub fn save(&mut self, now: u64, chance: &mut Chance) -> Result<Vec<EnvelopeId>, NotSaved> {
        if !self.memory.dirty {
            return Ok(Vec::new());
        }
        if self.full {
            self.start();
            return Err(NotSaved::Full);
        }
        if let Err(refused) = self.write_due(now, chance) {
            self.start();
            return Err(NotSaved::Due(refused));
        }
        self.heed_erasures();
        self.look_for_texts();
        let Some(ledger) = &self.memory.ledger else { return Ok(Vec::new()) };
        let new = ledger.since(self.disk.envelopes.len());
        let new: Vec<_> = new.map(|(_, at)| at.envelope().clone()).collect();
        let own = new.iter().filter(|one| one.header().chain.device == self.key);
        let own = own.map(Verified::id).collect();
        self.disk.envelopes.extend(new);
        self.disk.texts.clone_from(&self.memory.texts);
        self.disk.profiles.clone_from(&self.memory.profiles);
        self.disk.incarnation = self.memory.incarnation;
        self.disk.quota = self.exchange.quota().clone();
        if let Some(incarnation) = self.memory.incarnation {
            let chain = Chain { device: self.key, incarnation };
            if let Some(tip) = ledger.frontier().tips(&chain).next() {
                self.marker = Some((incarnation, tip.seq));
            }
        }
        self.memory.dirty = false;
        Ok(own)
    }

    /// Enacts what has reached its need, and shows that it has seen whom the group gave voice.
    fn write_due(&mut self, now: u64, chance: &mut Chance) -> Result<(), Refused> {
        let Some((me, _)) = self.me() else { return Ok(()) };
        let mut linked = false;
        for _ in 0..ROUNDS {
            if !self.stands() {
                return Ok(());
            }
            let ledger = self.ledger()?;
            let reached = ledger.to_enact();
            for proposal in &reached {
                let about = self.ledger()?.consent_for(proposal);
                self.write_act(Act::Enact { proposal: proposal.clone() }, &about, now, chance)?;
            }
            let unseen = !linked && self.ledger()?.has_voices_to_see(me);
            if unseen {
                self.write_act(Act::Link, &[], now, chance)?;
                linked = true;
            }
            if reached.is_empty() && !unseen {
                return Ok(());
            }
        }
        Ok(())
    }
}
