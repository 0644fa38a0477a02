//! One proposal for one question: an open one that asks the same is answered, else one is made.

use copact_core::day::Day;
use copact_core::ids::ProposalId;
use copact_core::ledger::{Closed, Decision, PersonIx};
use copact_core::proposal::{AnswerWord, Matter, Proposal};

use super::answerable::closed;
use super::{Answered, Ask};
use crate::error::{NodeError, Result};
use crate::group::Group;

impl Group {
    /// Answers yes to the open proposal that asks the same, or makes one.
    pub(crate) fn decide(&mut self, matter: Matter, ask: &Ask) -> Result<Answered> {
        let (me, _) = self.must_stand()?;
        let on_behalf_of = self.assisted(ask.behalf)?;
        let Some(open) = self.open_like(&matter) else {
            self.must_be_new(&matter)?;
            let expired = self.expired_like(&matter);
            let basis = match (self.basis_of(&matter), expired) {
                (Some(basis), Some((last, old))) if self.has_basis(old, basis) => {
                    return Err(closed(last));
                }
                (basis, expired) => basis.or(expired.map(|(_, old)| old)),
            };
            return self.ask_group(Proposal { matter, basis }, ask);
        };
        let signer = on_behalf_of.and_then(|one| self.ledger().person_with_id(one)).unwrap_or(me);
        if self.says_yes(open.id(), signer) {
            return Err(NodeError::input(
                "answered_already",
                "this is asked already, and your answer to it is yes",
            )
            .hint("`copact proposals` shows who has not answered yet"));
        }
        let about = self.named_by(&open)?;
        let answered = self.answer_with(open, AnswerWord::Yes, on_behalf_of, &about)?;
        Ok(Answered { joined: true, ..answered })
    }

    /// The open proposal that asks the same; of several, the one that most say yes to.
    pub(super) fn open_like(&self, matter: &Matter) -> Option<Proposal> {
        let now = self.ledger().now();
        let basis = self.basis_of(matter);
        let open = self.ledger().proposals().filter_map(|id| {
            let decision = self.ledger().decision(id, &now)?;
            let fits = decision.adoptions.is_empty()
                && (decision.proposal.basis == basis
                    || (basis.is_none() && self.is_asked_again(decision.proposal)))
                && self.no_longer_needed(id).is_none()
                && (decision.proposes.is_empty() || self.is_answerable(&decision))
                && (decision.proposal.matter == *matter
                    || (self.is_alike(matter, &decision.proposal.matter)
                        && self.leaves_nothing_out(&decision)
                        && self.is_answerable(&decision)));
            fits.then_some((decision.tally.have, std::cmp::Reverse(id), decision.proposal))
        });
        let best = open.max_by_key(|(have, id, _)| (*have, *id));
        best.map(|(.., proposal)| proposal.clone())
    }

    /// Whether somebody who counts proposed it and its last day is not past.
    fn is_answerable(&self, decision: &Decision) -> bool {
        self.last_day_of(decision).is_some_and(|last| self.clock().day <= last)
    }

    /// Whether its basis is what was not decided by its last day, with the same content.
    fn is_asked_again(&self, proposal: &Proposal) -> bool {
        proposal.basis.is_some_and(|basis| {
            self.ledger().enacted_by(basis).is_empty()
                && self.ledger().proposal(basis).is_some_and(|one| one.matter == proposal.matter)
        })
    }

    fn has_basis(&self, proposal: ProposalId, basis: ProposalId) -> bool {
        self.ledger().proposal(proposal).is_some_and(|one| one.basis == Some(basis))
    }

    /// What asked exactly this and was not decided by its last day; of several, the last. Equal
    /// content is one proposal, so who asks again names it as the basis.
    fn expired_like(&self, matter: &Matter) -> Option<(Day, ProposalId)> {
        let now = self.ledger().now();
        let expired = self.ledger().proposals().filter_map(|id| {
            let decision = self.ledger().decision(id, &now)?;
            let last = self.last_day_of(&decision)?;
            let fits = decision.adoptions.is_empty() && decision.proposal.matter == *matter;
            (fits && last < self.clock().day).then_some((last, id))
        });
        expired.max()
    }

    /// Whether two matters ask the same though they name other envelopes: whoever proposes names
    /// what their device knows.
    fn is_alike(&self, one: &Matter, other: &Matter) -> bool {
        let same =
            |one, other| self.person(one).is_some() && self.person(one) == self.person(other);
        match (one, other) {
            (Matter::Remove { member: one, .. }, Matter::Remove { member: other, .. }) => {
                same(*one, *other)
            }
            (
                Matter::Recover { member: one, device: mine, .. },
                Matter::Recover { member: other, device: theirs, .. },
            ) => {
                let key = |device: &Option<Box<copact_core::act::NewDevice>>| {
                    device.as_ref().map(|one| one.device)
                };
                // Which device somebody is moved to is answered where it is shown.
                same(*one, *other) && key(mine) == key(theirs)
            }
            (Matter::Quarter { quarter: one, .. }, Matter::Quarter { quarter: other, .. }) => {
                one == other
            }
            _ => false,
        }
    }

    /// Whether what a proposal names has in its past all that whoever proposed it knew: of the
    /// member, or of everybody for a quarter. Else it would set aside, or make late, what nobody
    /// who types the same words expects.
    fn leaves_nothing_out(&self, decision: &Decision) -> bool {
        let ledger = self.ledger();
        let matter = &decision.proposal.matter;
        let whose = matter.member().and_then(|member| self.person(member));
        let Some(propose) = decision.proposes.first().copied() else { return false };
        let named = matter.envelopes().iter().filter_map(|id| ledger.place_of(*id));
        let named: Vec<_> = named.collect();
        let now = ledger.now();
        ledger.envelopes().all(|(place, _)| {
            let known = ledger.in_past(place, propose);
            let theirs = whose.is_none() || now.author(place) == whose;
            !(known && theirs && now.counts(place))
                || named.iter().any(|tip| ledger.at_or_before(place, *tip))
        })
    }

    fn person(&self, member: copact_core::ids::MemberId) -> Option<PersonIx> {
        self.ledger().person_with_id(member)
    }

    /// The decision in effect that this one would replace. Removals, recoveries, voices, mergers
    /// and restorations stand beside each other.
    pub(super) fn basis_of(&self, matter: &Matter) -> Option<ProposalId> {
        let replaces = matches!(
            matter,
            Matter::Settle { .. }
                | Matter::Helper { .. }
                | Matter::Trustees { .. }
                | Matter::Policy(_)
                | Matter::Quarter { .. }
        );
        if !replaces {
            return None;
        }
        let before = self.ledger().proposals().filter_map(|id| {
            let other = &self.ledger().proposal(id)?.matter;
            (matter.can_replace(other) && self.ledger().in_effect(id, Closed::All))
                .then_some((id, other))
        });
        // Of concurrent policies the largest share counts, so that is the one to replace.
        let share = |matter: &Matter| match matter {
            Matter::Policy(share) => Some(*share),
            _ => None,
        };
        let order = |(one, a): &(ProposalId, &Matter), (two, b): &(ProposalId, &Matter)| {
            let shares = share(a).zip(share(b)).map(|(a, b)| b.compare(&a));
            shares.unwrap_or(std::cmp::Ordering::Equal).then(one.cmp(two))
        };
        before.min_by(order).map(|(id, _)| id)
    }

    /// Whether a member's answer to a proposal is yes.
    fn says_yes(&self, proposal: ProposalId, person: PersonIx) -> bool {
        let now = self.ledger().now();
        let decision = self.ledger().decision(proposal, &now);
        decision.is_some_and(|decision| decision.tally.yes.contains(&now.goes_by(person)))
    }

    /// Refuses to ask for what the group has decided, so that it is in effect.
    fn must_be_new(&self, matter: &Matter) -> Result<()> {
        let decided = self.ledger().proposals().any(|id| {
            self.ledger().in_effect(id, Closed::All)
                && self.ledger().proposal(id).is_some_and(|one| one.matter == *matter)
        });
        if decided {
            return Err(NodeError::input("decided_already", "the group has decided this already")
                .hint("`copact proposals` shows what it decided, and when"));
        }
        Ok(())
    }
}
