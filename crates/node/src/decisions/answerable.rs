//! Whether an answer to a proposal can still change anything.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::ids::ProposalId;
use copact_core::ledger::Decision;
use copact_core::proposal::{Matter, Proposal};

use crate::error::{NodeError, Result};
use crate::group::Group;

impl Group {
    /// Refuses an answer after the last day, and one about somebody of whom nothing is needed any
    /// more. What was decided can be answered: the answer is kept, and a signature withdrawn.
    pub(super) fn must_be_answerable(&self, proposal: &Proposal) -> Result<()> {
        let now = self.ledger().now();
        let Some(decision) = self.ledger().decision(proposal.id(), &now) else { return Ok(()) };
        if !decision.adoptions.is_empty() {
            return Ok(());
        }
        if let Some(why) = self.no_longer_needed(proposal.id()) {
            return Err(NodeError::input(
                "no_longer_needed",
                format_args!("no longer needed: {why}"),
            )
            .hint("`copact proposals` shows what is still asked"));
        }
        match self.last_day_of(&decision).filter(|last| *last < self.clock().day) {
            // A version of the contract is signed whenever somebody has read it.
            Some(_) if matches!(proposal.matter, Matter::Ratify(_)) => Ok(()),
            Some(last) => Err(closed(last)),
            None => Ok(()),
        }
    }

    /// The last day to answer, as whoever proposed it first says.
    pub(super) fn last_day_of(&self, decision: &Decision) -> Option<Day> {
        let first = decision.proposes.first()?;
        match self.ledger().at(*first)?.act()? {
            Act::Propose { last_day, .. } => Some(*last_day),
            _ => None,
        }
    }

    /// Why an open proposal is about nothing any more, for example `Dis was removed`.
    #[must_use]
    pub fn no_longer_needed(&self, id: ProposalId) -> Option<String> {
        let proposal = self.ledger().proposal(id)?;
        if !self.ledger().enacted_by(id).is_empty() {
            return None;
        }
        let member = match proposal.matter {
            Matter::Voice(member)
            | Matter::Remove { member, .. }
            | Matter::Recover { member, .. } => member,
            _ => return None,
        };
        let now = self.ledger().now();
        let person = self.ledger().person_with_id(member)?;
        let name = || self.called(member);
        if now.is_removed(person) {
            return Some(format!("{} was removed", name()));
        }
        if !now.leaves(person).is_empty() {
            return Some(format!("{} left", name()));
        }
        match &proposal.matter {
            Matter::Voice(_) if now.has_voice(person) => Some(format!("{} has voice", name())),
            Matter::Recover { tips, device: None, .. } => {
                let recovered = self.ledger().proposals().any(|other| {
                    let other = self.ledger().proposal(other).filter(|_| now.in_effect(other));
                    matches!(other.map(|one| &one.matter),
                        Some(Matter::Recover { member: of, tips: same, .. })
                            if self.ledger().person_with_id(*of) == Some(person) && same == tips)
                });
                recovered.then(|| format!("the devices of {} are ended already", name()))
            }
            Matter::Recover { tips, device: Some(_), .. } => {
                let recovered = self.ledger().proposals().any(|other| {
                    let other = self.ledger().proposal(other).filter(|_| now.in_effect(other));
                    matches!(other.map(|one| &one.matter),
                        Some(Matter::Recover { member: of, tips: same, device: Some(_) })
                            if self.ledger().person_with_id(*of) == Some(person) && same == tips)
                });
                recovered.then(|| format!("{} has a new device already", name()))
            }
            _ => None,
        }
    }
}

pub(super) fn closed(last: Day) -> NodeError {
    NodeError::input("closed", format_args!("its last day to answer was {last}"))
        .hint("ask the group again, with the command that asked first: it makes a new proposal")
}
