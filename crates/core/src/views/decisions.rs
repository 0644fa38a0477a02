//! Decisions: proposals with their answers.

use serde::Serialize;

use super::{Labels, Views};
use crate::act::{Act, RoleKind};
use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId, ProposalId, VersionId};
use crate::ledger::{Answered, Decision, PersonIx, Place};
use crate::proposal::Matter;

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposalRow {
    /// The hash of its content.
    pub id: ProposalId,
    /// `text` or `ratify`.
    pub kind: &'static str,
    /// What it is about.
    pub target: Option<&'static str>,
    /// For ratifying: the version.
    pub value: Option<VersionId>,
    /// The words.
    pub text: Option<String>,
    /// Who proposed it first.
    pub by: Option<MemberId>,
    /// That member's name.
    pub by_name: Option<String>,
    /// That member's role then.
    pub role: Option<String>,
    /// The kind that role was mapped to.
    pub role_as: Option<&'static str>,
    /// When.
    pub proposed: Option<Day>,
    /// The last day to answer.
    pub closes: Option<Day>,
    /// How many were members on the day it was proposed.
    pub members: usize,
    /// How many have voice now.
    pub voices: usize,
    /// How many yeses of them it takes.
    pub need: usize,
    /// How many there are.
    pub have: usize,
    /// Everybody's answers, also changed ones.
    pub answers: Vec<AnswerRow>,
    /// The day of its first Enact that holds.
    pub enacted: Option<Day>,
    /// The day it closes or closed: the earlier of its first Enact that holds and its last day.
    pub closed: Option<Day>,
    /// Whether it was adopted.
    pub adopted: bool,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerRow {
    /// The act.
    pub id: EnvelopeId,
    /// Whose answer it is.
    pub member: MemberId,
    /// That member's name.
    pub name: Option<String>,
    /// `yes`, `no` or `abstain`.
    pub answer: &'static str,
    /// When.
    pub signed: Day,
    /// Who signed it for an assisted member.
    pub recorder: Option<MemberId>,
    /// Who confirmed what was signed for an assisted member.
    pub confirmed_by: Option<MemberId>,
    /// Whether the member changed it later.
    pub changed: bool,
}

impl Views<'_> {
    /// Every proposal that anybody proposed, answered or enacted, by the day it was proposed.
    #[must_use]
    pub fn proposal_rows(&self, labels: &Labels) -> Vec<ProposalRow> {
        let ids = self.ledger.proposals();
        let mut rows: Vec<_> = ids.filter_map(|id| self.proposal_row(id, labels)).collect();
        rows.sort_by_key(|row| (row.proposed, row.id));
        rows
    }

    fn proposal_row(&self, id: ProposalId, labels: &Labels) -> Option<ProposalRow> {
        let decision = self.ledger.decision(id, &self.standing)?;
        let first = decision.proposes.first().copied();
        let proposed = first.and_then(|place| self.signed(place));
        let by = first.and_then(|place| self.proposer(place));
        let by_id = by.and_then(|person| self.standing.id(person));
        let role = by.zip(first).and_then(|(person, place)| {
            let roles = self.standing.roles(person);
            roles.into_iter().rfind(|(at, _)| !self.ledger.in_past(place, *at))
        });
        let (target, value, text) = match &decision.proposal.matter {
            Matter::Ratify(version) => (Some("contract"), Some(version.id()), None),
            Matter::Text(text) => (None, None, (labels.text)(*text)),
        };
        let closes = first.and_then(|place| self.last_day(place));
        let enacts = decision.adoptions.iter().filter_map(|one| self.signed(one.enact));
        let enacted = enacts.min();
        Some(ProposalRow {
            id,
            kind: decision.proposal.kind(),
            target,
            value,
            text,
            by: by_id,
            by_name: by_id.and_then(|id| (labels.name)(id)),
            role: role.map(|(_, role)| role.word.as_str().to_owned()),
            role_as: role.and_then(|(_, role)| role.mapped.map(RoleKind::word)),
            proposed,
            closes,
            members: proposed.map_or(0, |day| self.members_on(day)),
            voices: decision.tally.voices,
            need: decision.tally.need,
            have: decision.tally.have,
            answers: self.answer_rows(&decision, labels),
            enacted,
            closed: match (enacted, closes) {
                (Some(enacted), Some(closes)) => Some(enacted.min(closes)),
                (enacted, closes) => enacted.or(closes),
            },
            adopted: enacted.is_some(),
        })
    }

    /// The day a proposal was adopted: the least, over its Enacts that hold, of the greatest signed
    /// day among the yes answers that counted in their past (evidence.md).
    #[must_use]
    pub fn adoption_day(&self, decision: &Decision) -> Option<Day> {
        let last = |yes: &[Place]| yes.iter().filter_map(|one| self.signed(*one)).max();
        decision.adoptions.iter().filter_map(|one| last(&one.yes)).min()
    }

    fn proposer(&self, propose: Place) -> Option<PersonIx> {
        match self.ledger.at(propose)?.act()? {
            Act::Propose { on_behalf_of: Some(member), .. } => self.standing.person(*member),
            _ => self.standing.author(propose),
        }
    }

    fn last_day(&self, propose: Place) -> Option<Day> {
        match self.ledger.at(propose)?.act()? {
            Act::Propose { last_day, .. } => Some(*last_day),
            _ => None,
        }
    }

    fn answer_rows(&self, decision: &Decision, labels: &Labels) -> Vec<AnswerRow> {
        let rows = decision.tally.answers.iter().filter_map(|one| self.answer_row(one, labels));
        rows.collect()
    }

    fn answer_row(&self, one: &Answered, labels: &Labels) -> Option<AnswerRow> {
        let member = self.standing.id(one.person)?;
        Some(AnswerRow {
            id: self.ledger.at(one.place)?.id(),
            member,
            name: (labels.name)(member),
            answer: one.answer.word(),
            signed: self.signed(one.place)?,
            recorder: one.recorder.and_then(|person| self.standing.id(person)),
            confirmed_by: one.confirmed_by.and_then(|person| self.standing.id(person)),
            changed: !one.latest && (one.recorder.is_none() || one.confirmed_by.is_some()),
        })
    }
}
