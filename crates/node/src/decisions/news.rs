//! What changed in the group's decisions while something was taken in or answered.

use std::collections::BTreeSet;

use copact_core::ids::{EnvelopeId, MemberId, ProposalId};
use serde::Serialize;

use crate::group::Group;

/// How the decisions stood.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    decided: BTreeSet<ProposalId>,
    known: BTreeSet<ProposalId>,
    voices: BTreeSet<MemberId>,
    set_aside: BTreeSet<EnvelopeId>,
    parted: bool,
}

/// What changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct News {
    /// What the group has decided since.
    pub decided: Vec<ProposalId>,
    /// What is asked since, and not decided.
    pub asked: Vec<ProposalId>,
    /// Whose voice counts since, by a decision.
    pub voices: Vec<MemberId>,
    /// How many envelopes are set aside that were not.
    pub set_aside: usize,
    /// Whether this device has parted from the group since: see [`Group::parted`].
    pub parted: bool,
}

impl Group {
    /// How the decisions stand now.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let known: BTreeSet<ProposalId> = self.ledger().proposals().collect();
        let decided = known.iter().copied();
        let now = self.ledger().now();
        let voices = now.members().filter(|(ix, ..)| now.has_part_voice(*ix)).map(|(_, id, _)| id);
        let all = self.ledger().envelopes();
        let aside = all.filter(|(place, _)| !now.counts(*place)).map(|(_, at)| at.id());
        Moment {
            decided: decided.filter(|id| !self.ledger().enacted_by(*id).is_empty()).collect(),
            voices: voices.collect(),
            set_aside: aside.collect(),
            parted: self.parted().is_some(),
            known,
        }
    }

    /// What changed since a moment, in the order in which it was proposed.
    #[must_use]
    pub fn news_since(&self, before: &Moment) -> News {
        let now = self.moment();
        let rows = self.proposals();
        let new = |id: &ProposalId| now.decided.contains(id) && !before.decided.contains(id);
        let asked = |id: &ProposalId| !now.decided.contains(id) && !before.known.contains(id);
        // One that nobody who counts has proposed or answered is no question.
        let real = rows.iter().filter(|row| row.by.is_some() || !row.answers.is_empty());
        let today = self.clock().day;
        let closed = rows.iter().filter(|row| {
            row.closes.is_some_and(|last| last < today) || self.no_longer_needed(row.id).is_some()
        });
        let closed: BTreeSet<ProposalId> = closed.map(|row| row.id).collect();
        let ids = real.map(|row| row.id).collect::<Vec<_>>();
        News {
            decided: ids.iter().copied().filter(new).collect(),
            asked: ids.iter().copied().filter(|id| asked(id) && !closed.contains(id)).collect(),
            voices: now.voices.difference(&before.voices).copied().collect(),
            set_aside: now.set_aside.difference(&before.set_aside).count(),
            parted: now.parted && !before.parted,
        }
    }
}
