//! Forgetting what was erased, and knowing which texts are still to come.
//!
//! A group that stays in memory saves with every tap that arrives, so neither goes through the
//! ledger unless something came that can change the answer.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::entry::Entry;
use copact_core::ids::TextHash;
use copact_core::ledger::Placed;
use copact_core::profile::Profile;

use super::Group;

/// Texts that envelopes name and that are not here.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Those to be had from others.
    texts: BTreeSet<TextHash>,
    /// Those that somebody erased.
    erased: BTreeSet<TextHash>,
    /// Envelopes that were looked at; `None` before anybody asked.
    seen: Option<usize>,
}

/// What was heeded when the group was last saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heeded {
    /// Envelopes then.
    envelopes: usize,
    /// Profile records then.
    profiles: usize,
}

impl Wanted {
    /// Takes a text off the list; whether it was on it.
    pub(super) fn take(&mut self, text: &TextHash) -> bool {
        self.texts.remove(text)
    }
}

/// The free texts that an envelope names.
pub(crate) fn texts_of(at: &Placed) -> Vec<TextHash> {
    let of_entry = at.entry().map(Entry::texts);
    of_entry.or_else(|| at.act().map(Act::texts)).unwrap_or_default()
}

/// Whether an envelope can change what is erased, or whose a profile record is.
fn can_change(at: &Placed) -> bool {
    !matches!(
        at.act(),
        None | Some(Act::Link | Act::Propose { .. } | Act::Answer { .. } | Act::Role { .. })
    )
}

impl Group {
    /// The texts that envelopes name and that are neither here nor erased, as of the last
    /// [`Group::look_for_texts`].
    #[must_use]
    pub const fn wanted_texts(&self) -> &BTreeSet<TextHash> {
        &self.wanted.texts
    }

    /// Brings [`Group::wanted_texts`] up to date, the first time at the cost of the ledger, then
    /// of what is new.
    pub fn look_for_texts(&mut self) {
        let first = self.wanted.seen.is_none();
        let mut judge = first;
        for (_, placed) in self.ledger.since(self.wanted.seen.unwrap_or_default()) {
            judge |= can_change(placed);
            for text in texts_of(placed) {
                // Who names a text, too, has a say in whether it is erased.
                judge |= self.wanted.erased.contains(&text);
                if !self.texts.contains_key(&text) {
                    self.wanted.texts.insert(text);
                }
            }
        }
        self.wanted.seen = Some(self.ledger.len());
        if judge {
            let Wanted { texts, erased, .. } = &mut self.wanted;
            texts.append(erased);
            *erased = self.ledger.erased_among(&self.ledger.now(), |text| texts.contains(text));
            texts.retain(|text| !erased.contains(text));
        }
    }

    /// Forgets what acts of erasure ask to forget, and profile records that no longer hold.
    pub(super) fn heed_erasures(&mut self) {
        if self.is_something_to_heed() {
            self.forget_texts();
            self.forget_profiles();
        }
        let (envelopes, profiles) = (self.ledger.len(), self.profiles.len());
        self.heeded = Some(Heeded { envelopes, profiles });
    }

    /// Whether anything came since the last save that can change what is to be forgotten.
    fn is_something_to_heed(&self) -> bool {
        let Some(heeded) = self.heeded else { return true };
        let afters: BTreeSet<_> =
            self.profiles.iter().filter_map(|one| one.statement.after).collect();
        let here = |text: &TextHash| self.texts.contains_key(text);
        self.profiles.len() != heeded.profiles
            || self.ledger.since(heeded.envelopes).any(|(_, at)| {
                can_change(at) || afters.contains(&at.id()) || texts_of(at).iter().any(here)
            })
    }

    fn forget_texts(&mut self) {
        let now = self.ledger.now();
        for hash in self.ledger.erased_among(&now, |hash| self.texts.contains_key(hash)) {
            if self.texts.remove(&hash).is_some() {
                self.batch.erase_text(hash);
                if self.wanted.seen.is_some() {
                    self.wanted.erased.insert(hash);
                }
            }
        }
    }

    fn forget_profiles(&mut self) {
        let now = self.ledger.now();
        let current = self.ledger.current_profiles(&now, &self.profiles);
        let holds = |one: &Profile| match self.ledger.profile_subject(&now, one) {
            // Whoever wrote it may be brought in by what has not arrived.
            None => true,
            Some(person) => {
                let held = now.id(person).and_then(|id| current.get(&id));
                held.is_some_and(|held| *held == one)
            }
        };
        let gone: Vec<Profile> = self.profiles.iter().filter(|one| !holds(one)).cloned().collect();
        if !gone.is_empty() {
            self.profiles.retain(|one| !gone.contains(one));
        }
        gone.iter().for_each(|profile| self.batch.erase_profile(profile));
    }
}
