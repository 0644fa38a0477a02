//! The share of the voices that ratifying needed, and from when.

use super::Views;
use crate::day::Day;
use crate::ids::{EnvelopeId, ProposalId};
use crate::proposal::{Matter, Share};

/// A policy that was decided.
struct Decided {
    day: Day,
    order: (u32, EnvelopeId),
    id: ProposalId,
    basis: Option<ProposalId>,
    share: Share,
}

impl Views<'_> {
    /// What share of the voices ratifying needed, from the founding on: of the policies decided
    /// until some day, those that none of them replaces, and of these the largest.
    #[must_use]
    pub fn policies(&self, founded: Day) -> Vec<(Day, Share)> {
        let ledger = self.ledger;
        let first = ledger.founding_act().map_or(Share::DEFAULT, |found| found.policy);
        let mut all = vec![(founded, first)];
        let mut decided: Vec<Decided> =
            ledger.proposals().filter_map(|id| self.decided_policy(id)).collect();
        decided.sort_unstable_by_key(|one| (one.day, one.order));
        for count in 1..=decided.len() {
            let so_far = decided.get(..count).unwrap_or_default();
            let replaced = |id| so_far.iter().any(|one| one.basis == Some(id));
            let holding = so_far.iter().filter(|one| !replaced(one.id));
            let share = holding.map(|one| one.share).max_by(Share::compare);
            all.extend(so_far.last().map(|one| one.day).zip(share));
        }
        all
    }

    fn decided_policy(&self, id: ProposalId) -> Option<Decided> {
        let proposal = self.ledger.proposal(id)?;
        let Matter::Policy(share) = proposal.matter else { return None };
        let enacts = self.ledger.enacted_by(id).into_iter();
        let enact = enacts.min_by_key(|place| self.ledger.canonical(*place))?;
        let (day, order) = (self.signed(enact)?, self.ledger.canonical(enact));
        Some(Decided { day, order, id, basis: proposal.basis, share })
    }
}
