//! Common decisions: proposing, answering, and making or joining a proposal of any kind.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::ids::{EnvelopeId, MemberId, ProposalId};
use copact_core::ledger::Closed;
use copact_core::limits;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::views::{ProposalRow, SetAsideRow};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::group::Group;

mod about_people;
mod about_records;
mod answerable;
mod joining;
mod news;
mod question;
mod tips;

pub use about_records::is_restorable;
pub use news::{Moment, News};
pub use question::{Question, TrusteesAsked, Unseen};

/// A proposal was made or answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The answer.
    pub id: EnvelopeId,
    /// What it answers.
    pub proposal: ProposalId,
    /// Its kind, for example `text` or `remove`.
    pub kind: &'static str,
    /// Whether it was there already, so that nothing was proposed a second time.
    pub joined: bool,
    /// How many voices say yes now.
    pub have: usize,
    /// How many it takes.
    pub need: usize,
    /// Whether the group decided it.
    pub adopted: bool,
}

/// How a decision is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// Why.
    pub reason: Option<&'a str>,
    /// The last day to answer; 30 days from now unless told otherwise.
    pub closes: Option<&'a str>,
    /// The assisted member whose idea it is, and who answers.
    pub behalf: Option<&'a str>,
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

    /// Asks the group for a decision in words, and answers yes to it, for whoever proposes.
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
        let proposal = Proposal::new(Matter::Text(self.put_text(text)?));
        self.ask_group(proposal, &Ask { reason: None, closes, behalf })
    }

    /// Proposes, and answers yes.
    pub(crate) fn ask_group(&mut self, proposal: Proposal, ask: &Ask) -> Result<Answered> {
        let on_behalf_of = self.assisted(ask.behalf)?;
        let last_day = self.last_day(ask.closes)?;
        let reason = ask.reason.map(|reason| self.put_text(reason)).transpose()?;
        let mut about = self.named_by(&proposal)?;
        let act = Act::Propose { proposal: proposal.clone(), reason, last_day, on_behalf_of };
        about.push(self.write_act(act, &about.clone())?);
        self.answer_with(proposal, AnswerWord::Yes, on_behalf_of, &about)
    }

    fn last_day(&self, closes: Option<&str>) -> Result<Day> {
        let today = self.clock().day;
        let last_day = match closes {
            None => today.plus(limits::PROPOSAL_DAYS),
            Some(typed) => Day::parse(typed)?,
        };
        if last_day < today {
            return Err(NodeError::input(
                "past_day",
                format_args!("the last day to answer, {last_day}, is past already"),
            )
            .hint("give people some days to answer"));
        }
        Ok(last_day)
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
        self.must_be_answerable(&proposal)?;
        let about = self.named_by(&proposal)?;
        self.answer_with(proposal, answer, on_behalf_of, &about)
    }

    /// The envelopes that a proposal names, and those that brought its members in: an answer must
    /// have them in its past.
    pub(crate) fn named_by(&self, proposal: &Proposal) -> Result<Vec<EnvelopeId>> {
        let matter = &proposal.matter;
        let mut named: Vec<EnvelopeId> = matter.envelopes().to_vec();
        if named.iter().any(|id| self.ledger().get(*id).is_none()) {
            return Err(not_all_here("what this proposal names"));
        }
        // First members have no act of their own: the founding is in every past.
        let acts = matter.members().into_iter().map(|one| EnvelopeId::from_bytes(*one.as_bytes()));
        named.extend(acts.filter(|id| self.ledger().get(*id).is_some()));
        let Matter::Ratify(version) = matter else { return Ok(named) };
        let views = self.views();
        let carriers = version.heads().iter().map(|head| {
            let place = views.carrier(copact_core::change::DocumentId::Contract, *head);
            place.and_then(|place| self.ledger().at(place)).map(|at| at.id())
        });
        let carriers: Option<Vec<EnvelopeId>> = carriers.collect();
        carriers.ok_or_else(|| not_all_here("parts of this version"))
    }

    pub(crate) fn answer_with(
        &mut self,
        proposal: Proposal,
        answer: AnswerWord,
        on_behalf_of: Option<MemberId>,
        about: &[EnvelopeId],
    ) -> Result<Answered> {
        let (proposal_id, kind) = (proposal.id(), proposal.kind());
        let id = self.write_act(Act::Answer { proposal, answer, on_behalf_of }, about)?;
        self.save()?;
        let ledger = self.ledger();
        let decision = ledger.decision(proposal_id, &ledger.now());
        let first = decision.as_ref().and_then(|one| one.adoptions.first()).map(|one| one.enact);
        // What it took when it was decided: the decision can change who has voice, and the share.
        let tally = decision.map(|one| match first {
            Some(enact) => ledger.tally(one.proposal, &ledger.standing(Closed::Past(enact))),
            None => one.tally,
        });
        Ok(Answered {
            id,
            proposal: proposal_id,
            kind,
            joined: false,
            have: tally.as_ref().map_or(0, |tally| tally.have),
            need: tally.map_or(0, |tally| tally.need),
            adopted: first.is_some(),
        })
    }
}

fn not_all_here(what: &str) -> NodeError {
    let code = if what.contains("version") { "unknown_version" } else { "not_all_here" };
    let verb = if what.contains("version") { "are" } else { "is" };
    NodeError::input(code, format_args!("{what} {verb} not on this device yet"))
        .hint("sync or import a newer bundle first")
}
