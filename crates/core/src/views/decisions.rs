//! Decisions: proposals with their answers.

use serde::Serialize;

use super::{Labels, Views};
use crate::act::{Act, RoleKind};
use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId, ProposalId, ReportHash, TextHash, VersionId};
use crate::keys::DeviceKey;
use crate::ledger::{Answered, Decision, PersonIx, Place};
use crate::proposal::Matter;

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposalRow {
    /// The hash of its content.
    pub id: ProposalId,
    /// Its kind, for example `text` or `remove`.
    pub kind: &'static str,
    /// What it is about: a member, an entry, a quarter, `contract`.
    pub target: Option<String>,
    /// The name of the member it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_name: Option<String>,
    /// What it would be: a version, a member, a share, envelopes …
    pub value: Option<ProposedValue>,
    /// The names of the members that the value names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub value_names: Vec<Option<String>>,
    /// The proposal that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<ProposalId>,
    /// Why, as whoever proposed it first says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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
    /// Whether it was adopted and no other decision replaced it.
    pub in_effect: bool,
    /// For a voice that the group gave: whether it waits for more than half to have seen that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}

/// The value of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ProposedValue {
    /// A version of the contract.
    Version(VersionId),
    /// A member.
    Member(MemberId),
    /// Envelopes.
    Envelopes(Vec<EnvelopeId>),
    /// `counts` or `does-not`, or a share such as `2/3`.
    Word(String),
    /// A device.
    Device(DeviceKey),
    /// A report.
    Report(ReportHash),
    /// Trustees.
    Trustees {
        /// Who.
        members: Vec<MemberId>,
        /// How many of them it takes.
        need: u8,
    },
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
    /// Every proposal that anybody whose word counts proposed or answered, by the day it was
    /// proposed.
    #[must_use]
    pub fn proposal_rows(&self, labels: &Labels) -> Vec<ProposalRow> {
        let ids = self.ledger.proposals();
        let mut rows: Vec<_> = ids.filter_map(|id| self.proposal_row(id, labels)).collect();
        rows.sort_by_key(|row| (row.proposed, row.id));
        rows
    }

    fn proposal_row(&self, id: ProposalId, labels: &Labels) -> Option<ProposalRow> {
        let decision = self.ledger.decision(id, &self.standing)?;
        // What only those asked for whose word does not count, nobody is asked.
        if decision.proposes.is_empty()
            && decision.answers.is_empty()
            && decision.adoptions.is_empty()
        {
            return None;
        }
        let first = decision.proposes.first().copied();
        let proposed = first.and_then(|place| self.signed(place));
        let by = first.and_then(|place| self.proposer(place));
        let by_id = by.and_then(|person| self.standing.id(person));
        let role = by.zip(first).and_then(|(person, place)| {
            let roles = self.standing.roles(person);
            roles.into_iter().rfind(|(at, _)| !self.ledger.in_past(place, *at))
        });
        let matter = &decision.proposal.matter;
        let value = value_of(matter);
        let waits = match matter {
            Matter::Voice(member) => self.standing.person(*member).is_some_and(|who| {
                decision.in_effect && self.standing.is_member(who) && !self.standing.has_voice(who)
            }),
            _ => false,
        };
        let closes = first.and_then(|place| self.last_day(place));
        let enacts = decision.adoptions.iter().filter_map(|one| self.signed(one.enact));
        let enacted = enacts.min();
        Some(ProposalRow {
            id,
            kind: decision.proposal.kind(),
            target: target_of(matter),
            target_name: matter.member().and_then(|member| (labels.name)(member)),
            value_names: value_members(value.as_ref()).map(|one| (labels.name)(one)).collect(),
            value,
            basis: decision.proposal.basis,
            reason: first.and_then(|place| self.reason(place)).and_then(|text| (labels.text)(text)),
            text: decision.proposal.text().and_then(|text| (labels.text)(text)),
            by: by_id,
            by_name: by_id.and_then(|id| (labels.name)(id)),
            role: role.map(|(_, role)| role.word.as_str().to_owned()),
            role_as: role.and_then(|(_, role)| role.mapped.map(RoleKind::word)),
            proposed,
            closes,
            members: proposed.map_or(0, |day| self.membership.count(day)),
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
            in_effect: decision.in_effect,
            waits,
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

    fn reason(&self, propose: Place) -> Option<TextHash> {
        match self.ledger.at(propose)?.act()? {
            Act::Propose { reason, .. } => *reason,
            _ => None,
        }
    }

    fn last_day(&self, propose: Place) -> Option<Day> {
        match self.ledger.at(propose)?.act()? {
            Act::Propose { last_day, .. } => Some(*last_day),
            _ => None,
        }
    }

    fn answer_rows(&self, decision: &Decision, labels: &Labels) -> Vec<AnswerRow> {
        let rows = decision.answers.iter().filter_map(|one| self.answer_row(one, labels));
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
            changed: !one.latest && one.is_confirmed(),
        })
    }
}

fn target_of(matter: &Matter) -> Option<String> {
    match matter {
        Matter::Ratify(_) => Some("contract".to_owned()),
        Matter::Settle { entry, .. } => Some(entry.to_string()),
        Matter::Quarter { quarter, .. } => Some(quarter.to_string()),
        matter => matter.member().map(|member| member.to_string()),
    }
}

fn value_of(matter: &Matter) -> Option<ProposedValue> {
    Some(match matter {
        Matter::Ratify(version) => ProposedValue::Version(version.id()),
        Matter::Text(_) | Matter::Voice(_) | Matter::Recover { device: None, .. } => return None,
        Matter::Remove { tips: named, .. }
        | Matter::Restore(named)
        | Matter::Quarter { frontier: named, .. } => ProposedValue::Envelopes(named.ids().to_vec()),
        Matter::Settle { counts, .. } => {
            ProposedValue::Word(if *counts { "counts" } else { "does-not" }.to_owned())
        }
        Matter::Merge { into: member, .. } | Matter::Helper { helper: member, .. } => {
            ProposedValue::Member(*member)
        }
        Matter::Trustees { trustees, .. } => {
            ProposedValue::Trustees { members: trustees.members().to_vec(), need: trustees.need() }
        }
        Matter::Policy(share) => ProposedValue::Word(share.to_string()),
        Matter::Share(report) => ProposedValue::Report(*report),
        Matter::Recover { device: Some(device), .. } => ProposedValue::Device(device.device),
    })
}

fn value_members(value: Option<&ProposedValue>) -> impl Iterator<Item = MemberId> {
    let members = match value {
        Some(ProposedValue::Member(member)) => vec![*member],
        Some(ProposedValue::Trustees { members, .. }) => members.clone(),
        _ => Vec::new(),
    };
    members.into_iter()
}
