//! How many it takes, and whether they are there.

use std::collections::BTreeSet;

use super::Tally;
use crate::ids::MemberId;
use crate::ledger::{Ledger, PersonIx, Standing};
use crate::proposal::{AnswerWord, Matter, Proposal, Trustees, more_than_half};

impl Ledger {
    /// How many yeses of `voices` a proposal needs in a closed set.
    #[must_use]
    pub fn need(&self, matter: &Matter, voices: usize, standing: &Standing) -> usize {
        match matter {
            matter if matter.needs_policy() => standing.share().need(voices),
            Matter::Remove { .. } => more_than_half(voices).max(2),
            _ => more_than_half(voices),
        }
    }

    /// How a proposal stands in a closed set.
    #[must_use]
    pub fn tally(&self, proposal: &Proposal, standing: &Standing) -> Tally {
        let words = self.last_words(proposal, standing);
        let agree = |all: &[super::Answered]| all.iter().all(|one| one.answer == AnswerWord::Yes);
        let yes = words.iter().filter(|(_, all)| agree(all)).map(|(person, _)| *person);
        let yes: BTreeSet<PersonIx> = yes.collect();
        let mut latest: Vec<super::Answered> = words.into_values().flatten().collect();
        latest.sort_by_key(|one| self.canonical(one.place));
        let voices = standing.voices();
        let need = self.need(&proposal.matter, voices, standing);
        let asked = yes.iter().filter(|one| standing.has_voice(**one));
        let have = asked.filter(|one| self.is_asked(proposal, standing, **one)).count();
        let reached = have >= need || self.suffices(proposal, standing, &yes);
        Tally { latest, voices, need, yes, have, reached }
    }

    /// Whether a person's yes is one of those that a proposal asks for: not that of whom it would
    /// remove.
    pub(super) fn is_asked(&self, proposal: &Proposal, standing: &Standing, by: PersonIx) -> bool {
        match proposal.matter {
            Matter::Remove { member, .. } => {
                let target = self.person_with_id(member).map(|one| standing.goes_by(one));
                target != Some(standing.goes_by(by))
            }
            _ => true,
        }
    }

    /// What suffices beside the need: both who merge; the trustees of who is moved to a new device;
    /// an assisted member who gets their first one.
    fn suffices(&self, proposal: &Proposal, standing: &Standing, yes: &BTreeSet<PersonIx>) -> bool {
        match &proposal.matter {
            // What a helper signs is the helper's: who was brought in without a device is merged by
            // the group alone. So is a merge taken back, which names one member twice.
            Matter::Merge { member, into } => {
                let signs = |one: &MemberId| {
                    let person = standing.person(*one).and_then(|ix| self.person(ix));
                    person.is_some_and(|person| person.assisted.is_none())
                };
                member != into
                    && signs(member)
                    && signs(into)
                    && self.says_for_themselves(proposal, standing, &[*member, *into])
            }
            Matter::Recover { member, .. } => {
                let Some(who) = standing.person(*member) else { return false };
                (standing.is_assisted(who)
                    && self.says_for_themselves(proposal, standing, &[*member]))
                    || self.trusted(who, standing, yes)
            }
            _ => false,
        }
    }

    /// Whether each of these says yes with devices of their own, not with those of a part they were
    /// merged with before.
    fn says_for_themselves(
        &self,
        proposal: &Proposal,
        standing: &Standing,
        members: &[MemberId],
    ) -> bool {
        let words = self.last_words_by(proposal, standing, &|person| person);
        members.iter().all(|member| {
            let own = standing.person(*member).and_then(|person| words.get(&person));
            own.is_some_and(|all| all.iter().all(|one| one.answer == AnswerWord::Yes))
        })
    }

    fn trusted(&self, who: PersonIx, standing: &Standing, yes: &BTreeSet<PersonIx>) -> bool {
        self.trustees(who, standing).into_iter().any(|trustees| {
            let members = trustees.members().iter().filter_map(|one| standing.person(*one));
            let others = members.map(|one| standing.goes_by(one));
            let say: BTreeSet<PersonIx> = others
                .filter(|one| {
                    *one != standing.goes_by(who) && yes.contains(one) && standing.has_voice(*one)
                })
                .collect();
            say.len() >= usize::from(trustees.need())
        })
    }

    /// Who can move a person to a new device, by the decisions in effect in a closed set.
    #[must_use]
    pub fn trustees(&self, who: PersonIx, standing: &Standing) -> Vec<&Trustees> {
        let named = self.effects.trustees.get(&who).into_iter().flatten();
        let named = named.filter(|id| standing.in_effect(**id));
        named
            .filter_map(|id| match &self.proposal(*id)?.matter {
                Matter::Trustees { trustees, .. } => Some(trustees),
                _ => None,
            })
            .collect()
    }
}
