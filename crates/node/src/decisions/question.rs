//! A proposal with what people ask about it: who has not answered, and who else could decide it.

use copact_core::ids::{MemberId, ProposalId};
use copact_core::ledger::{Answered, Decision, PersonIx, Standing};
use copact_core::proposal::{AnswerWord, Matter};
use copact_core::views::ProposalRow;
use serde::Serialize;

use crate::group::Group;

/// One proposal, and whose answer is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The proposal with its answers.
    #[serde(flatten)]
    pub row: ProposalRow,
    /// Those with voice who have not answered, while it is not decided.
    pub asked: Vec<MemberId>,
    /// For a new device: the trustees whose word is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trustees: Vec<TrusteesAsked>,
    /// For a voice that was given and has not started: who has to see it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Unseen>,
}

/// Trustees, and who of them says yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrusteesAsked {
    /// Who.
    pub members: Vec<MemberId>,
    /// How many of them it takes.
    pub need: u8,
    /// Who says yes.
    pub yes: Vec<MemberId>,
}

/// Who has not seen that the group gave somebody voice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// How many more have to see it.
    pub more: usize,
    /// Of whom.
    pub of: Vec<MemberId>,
}

impl Group {
    /// Every proposal, by the day it was proposed, with whose answer is missing.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let now = self.ledger().now();
        self.proposals().into_iter().map(|row| self.question_of(row, &now)).collect()
    }

    /// One proposal.
    #[must_use]
    pub fn question(&self, id: ProposalId) -> Option<Question> {
        let row = self.proposals().into_iter().find(|row| row.id == id)?;
        Some(self.question_of(row, &self.ledger().now()))
    }

    fn question_of(&self, row: ProposalRow, now: &Standing) -> Question {
        let decision = self.ledger().decision(row.id, now).filter(|one| one.adoptions.is_empty());
        let unseen = if row.waits { self.ledger().unseen(row.id) } else { None };
        let ids =
            |people: Vec<PersonIx>| people.into_iter().filter_map(|one| now.id(one)).collect();
        Question {
            asked: decision.as_ref().map(|one| self.asked(one, now)).unwrap_or_default(),
            trustees: decision.as_ref().map(|one| trustees(self, one, now)).unwrap_or_default(),
            unseen: unseen.map(|(more, of)| Unseen { more, of: ids(of) }),
            row,
        }
    }

    /// Those with voice without a last word of theirs that counts; not whom it would remove.
    fn asked(&self, decision: &Decision, now: &Standing) -> Vec<MemberId> {
        let answered = |who: PersonIx| {
            let mut words = decision.tally.latest.iter().filter(|one| Answered::is_confirmed(one));
            words.any(|one| now.goes_by(one.person) == who)
        };
        let target = match decision.proposal.matter {
            Matter::Remove { member, .. } => self.ledger().person_with_id(member),
            _ => None,
        };
        let target = target.map(|one| now.goes_by(one));
        let all = now.members().filter(|(ix, ..)| now.goes_by(*ix) == *ix && now.has_voice(*ix));
        let missing = all.filter(|(ix, ..)| Some(*ix) != target && !answered(*ix));
        let mut missing: Vec<_> = missing.map(|(ix, id, _)| (now.order(ix), id)).collect();
        missing.sort_unstable();
        missing.into_iter().map(|(_, id)| id).collect()
    }
}

fn trustees(group: &Group, decision: &Decision, now: &Standing) -> Vec<TrusteesAsked> {
    let Matter::Recover { member, .. } = decision.proposal.matter else { return Vec::new() };
    let Some(who) = now.person(member) else { return Vec::new() };
    let says_yes = |member: &&MemberId| {
        let person = now.person(**member).map(|one| now.goes_by(one));
        let mut words = decision.tally.latest.iter().filter(|one| Answered::is_confirmed(one));
        person.is_some_and(|person| {
            words.any(|one| one.answer == AnswerWord::Yes && now.goes_by(one.person) == person)
        })
    };
    let all = group.ledger().trustees(who, now).into_iter();
    all.map(|one| TrusteesAsked {
        members: one.members().to_vec(),
        need: one.need(),
        yes: one.members().iter().filter(says_yes).copied().collect(),
    })
    .collect()
}
