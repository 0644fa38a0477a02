//! Common decisions: proposing, answering.

use copact_core::act::Act;
use copact_core::ids::{EnvelopeId, ProposalId};
use copact_core::limits;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::views::{ProposalRow, SetAsideRow};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::group::Group;

/// A proposal was made or answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The answer.
    pub id: EnvelopeId,
    /// What it answers.
    pub proposal: ProposalId,
    /// How many voices say yes now.
    pub have: usize,
    /// How many it takes.
    pub need: usize,
    /// Whether the group decided it.
    pub adopted: bool,
}

impl Group {
    /// The proposals.
    #[must_use]
    pub fn proposals(&self) -> Vec<ProposalRow> {
        self.labelled(|views, labels| views.proposal_rows(labels))
    }

    /// What is kept and not counted.
    #[must_use]
    pub fn set_aside(&self) -> Vec<SetAsideRow> {
        self.views().set_aside()
    }

    /// Asks the group for a decision, and answers yes to it, for whoever proposes.
    ///
    /// # Errors
    /// The text or the day is none, the day is past, or the member is somebody else's to help.
    pub fn propose(
        &mut self,
        text: &str,
        closes: Option<&str>,
        behalf: Option<&str>,
    ) -> Result<Answered> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let today = self.clock().day;
        let last_day = match closes {
            None => today.plus(limits::PROPOSAL_DAYS),
            Some(typed) => copact_core::day::Day::parse(typed)?,
        };
        if last_day < today {
            return Err(NodeError::input(
                "past_day",
                format_args!("the last day to answer, {last_day}, is past already"),
            )
            .hint("give people some days to answer"));
        }
        let proposal = Proposal::new(Matter::Text(self.put_text(text)?));
        let reason = None;
        let act = Act::Propose { proposal: proposal.clone(), reason, last_day, on_behalf_of };
        let propose = self.write_act(act, &[])?;
        self.answer_with(proposal, AnswerWord::Yes, on_behalf_of, &[propose])
    }

    /// Answers a proposal.
    ///
    /// # Errors
    /// No such proposal, or the member is somebody else's to help.
    pub fn answer(
        &mut self,
        typed: &str,
        answer: AnswerWord,
        behalf: Option<&str>,
    ) -> Result<Answered> {
        self.must_stand()?;
        let id = self.proposal_id(typed)?;
        let on_behalf_of = self.assisted(behalf)?;
        let proposal = self
            .ledger()
            .proposal(id)
            .cloned()
            .ok_or_else(|| NodeError::input("unknown_proposal", "there is no such proposal"))?;
        let about = self.named_by(&proposal)?;
        self.answer_with(proposal, answer, on_behalf_of, &about)
    }

    /// The envelopes that a proposal names, which an answer must have in its past.
    pub(crate) fn named_by(&self, proposal: &Proposal) -> Result<Vec<EnvelopeId>> {
        let Matter::Ratify(version) = &proposal.matter else { return Ok(Vec::new()) };
        let views = self.views();
        let carriers = version.heads().iter().map(|head| {
            let place = views.carrier(copact_core::change::DocumentId::Contract, *head);
            place.and_then(|place| self.ledger().at(place)).map(|at| at.id())
        });
        let carriers: Option<Vec<EnvelopeId>> = carriers.collect();
        carriers.ok_or_else(|| {
            NodeError::input("unknown_version", "parts of this version are not on this device yet")
                .hint("sync or import a newer bundle first")
        })
    }

    pub(crate) fn answer_with(
        &mut self,
        proposal: Proposal,
        answer: AnswerWord,
        on_behalf_of: Option<copact_core::ids::MemberId>,
        about: &[EnvelopeId],
    ) -> Result<Answered> {
        let proposal_id = proposal.id();
        let id = self.write_act(Act::Answer { proposal, answer, on_behalf_of }, about)?;
        self.save()?;
        let now = self.ledger().now();
        let decision = self.ledger().decision(proposal_id, &now);
        Ok(Answered {
            id,
            proposal: proposal_id,
            have: decision.as_ref().map_or(0, |one| one.tally.have),
            need: decision.as_ref().map_or(0, |one| one.tally.need),
            adopted: decision.is_some_and(|one| !one.adoptions.is_empty()),
        })
    }
}
