//! Taking in what the exchange brings, as `copact_node::group::intake` does.

use copact_core::envelope::Verified;
use copact_core::ids::{GroupId, Incarnation};
use copact_core::ledger::{Ledger, RefusedEnvelope};
use copact_core::profile::Profile;
use copact_core::side::SideText;

use super::Phone;
use crate::chance::Chance;
use crate::verdicts::Verdicts;

/// What an exchange must never hand over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An envelope of another group.
    #[error("the exchange handed over an envelope of another group")]
    OtherGroup,
    /// The first envelope on a newcomer's device does not found the group.
    #[error("the exchange handed a newcomer what does not found the group")]
    NotFounding,
    /// Something whose ancestors are missing.
    #[error("the exchange handed over envelopes whose ancestors are missing")]
    MissingAncestors,
}

impl Phone {
    /// Takes in what came; [`Phone::save`] makes it last. The number of new envelopes.
    ///
    /// # Errors
    /// The exchange broke what it promises.
    pub fn take_in(
        &mut self,
        envelopes: Vec<Verified>,
        texts: Vec<SideText>,
        profiles: Vec<Profile>,
        verdicts: &mut Verdicts,
        chance: &mut Chance,
    ) -> Result<usize, Broken> {
        let mut envelopes = envelopes.into_iter();
        let before = self.len();
        if self.memory.ledger.is_none() {
            let Some(founding) = envelopes.next() else { return Ok(0) };
            if GroupId::of(founding.id()) != self.group {
                return Err(Broken::NotFounding);
            }
            let founded = Ledger::found(founding).map_err(|_| Broken::NotFounding)?;
            self.memory.ledger = Some(founded);
        }
        let Some(ledger) = &mut self.memory.ledger else { return Ok(0) };
        for envelope in envelopes {
            if let Err(RefusedEnvelope::OtherGroup) = ledger.insert(envelope) {
                return Err(Broken::OtherGroup);
            }
        }
        if ledger.waiting() > 0 {
            return Err(Broken::MissingAncestors);
        }
        let own = self.memory.incarnation;
        let key = self.key;
        // Somebody shows envelopes of this very chain that are not here: a copy went on in it.
        let copied = ledger.since(before).any(|(_, at)| {
            let chain = at.envelope().header().chain;
            chain.device == key && own.is_none_or(|mine| mine == chain.incarnation)
        });
        let taken = ledger.len() - before;
        if copied {
            self.memory.incarnation = Some(Incarnation::from_bytes(chance.bytes()));
        }
        self.take_texts(texts);
        self.take_profiles(profiles, verdicts);
        self.memory.dirty = true;
        Ok(taken)
    }

    fn take_texts(&mut self, texts: Vec<SideText>) {
        if texts.is_empty() {
            return;
        }
        let Some(ledger) = &self.memory.ledger else { return };
        let named = ledger.named_texts();
        let erased = ledger.erased_texts(&ledger.now());
        for side in texts {
            let hash = side.hash();
            if named.contains(&hash) && !erased.contains(&hash) {
                self.memory.texts.insert(hash, side);
            }
        }
    }

    fn take_profiles(&mut self, profiles: Vec<Profile>, verdicts: &mut Verdicts) {
        let Some(ledger) = &self.memory.ledger else { return };
        for profile in profiles {
            let known = self.memory.profiles.contains(&profile);
            if !known
                && verdicts.is_in_order(&profile)
                && ledger.profile_lives(&ledger.now(), &profile)
            {
                self.memory.profiles.push(profile);
            }
        }
    }

    /// Forgets what acts of erasure ask to forget, and profile records that no longer hold.
    pub(super) fn heed_erasures(&mut self) {
        let Some(ledger) = &self.memory.ledger else { return };
        let now = ledger.now();
        let texts = &mut self.memory.texts;
        for hash in ledger.erased_among(&now, |hash| texts.contains_key(hash)) {
            texts.remove(&hash);
        }
        let current = ledger.current_profiles(&now, &self.memory.profiles);
        let holds = |one: &Profile| match ledger.profile_subject(&now, one) {
            // Whoever wrote it may be brought in by what has not arrived.
            None => true,
            Some(person) => {
                let held = now.id(person).and_then(|id| current.get(&id));
                held.is_some_and(|held| *held == one)
            }
        };
        let kept = self.memory.profiles.iter().filter(|one| holds(one)).cloned().collect();
        self.memory.profiles = kept;
    }

    /// Works out which texts are wanted.
    pub(super) fn look_for_texts(&mut self) {
        let Some(ledger) = &self.memory.ledger else { return };
        let mut wanted = ledger.named_texts();
        wanted.retain(|hash| !self.memory.texts.contains_key(hash));
        if !ledger.erasures().is_empty() && !wanted.is_empty() {
            let erased = ledger.erased_among(&ledger.now(), |hash| wanted.contains(hash));
            wanted.retain(|hash| !erased.contains(hash));
        }
        self.memory.wanted = wanted;
    }
}
