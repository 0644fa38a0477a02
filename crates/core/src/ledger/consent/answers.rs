//! Answers: which of them count, and which are a member's last word.

use std::collections::BTreeMap;

use super::{Acts, Tally};
use crate::act::Act;
use crate::change::DocumentId;
use crate::entry::Record;
use crate::ids::{EnvelopeId, MemberId};
use crate::ledger::{Ledger, PersonIx, Place, Placed, Standing};
use crate::proposal::{AnswerWord, Matter, Proposal, Version};

/// One answer, as it stands in a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The act.
    pub place: Place,
    /// Whose answer it is.
    pub person: PersonIx,
    /// Who signed for an assisted member.
    pub recorder: Option<PersonIx>,
    /// Who confirmed what was signed for an assisted member, first in canonical order.
    pub confirmed_by: Option<PersonIx>,
    /// What it says.
    pub answer: AnswerWord,
    /// Whether it is among the person's latest ones.
    pub latest: bool,
}

impl Answered {
    /// Whether it counts as an answer: one recorded for somebody does once another confirmed it.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        self.recorder.is_none() || self.confirmed_by.is_some()
    }
}

impl Ledger {
    /// Whether a proposal is about what it can be about.
    pub(super) fn is_sound(&self, proposal: &Proposal) -> bool {
        let assisted = |member: &MemberId| {
            let person = self.person_with_id(*member).and_then(|ix| self.person(ix));
            person.is_some_and(|person| person.assisted.is_some())
        };
        match &proposal.matter {
            // A version is one: all its changes known and in order, no chain twice in it.
            Matter::Ratify(version) => self
                .gates
                .get(&DocumentId::Contract)
                .is_some_and(|gate| gate.closure(version.heads()).is_some()),
            Matter::Settle { entry, .. } => {
                let entry = self.get(*entry).and_then(Placed::entry);
                entry.is_some_and(|entry| matches!(entry.record, Record::Contribution(_)))
            }
            Matter::Helper { member, helper } => assisted(member) && !assisted(helper),
            _ => true,
        }
    }

    /// Whether the answer's author knew all that the proposal names.
    pub(super) fn knew(&self, answer: Place, proposal: &Proposal) -> bool {
        let matter = &proposal.matter;
        let before = |place: Place| self.in_past(place, answer);
        let knew = |id: &EnvelopeId| self.place_of(*id).is_some_and(before);
        let knew_of =
            |member: MemberId| self.introduction(member).is_some_and(|one| before(one.act));
        matter.envelopes().iter().all(knew)
            && matter.members().into_iter().all(knew_of)
            && match matter {
                Matter::Ratify(version) => self.knew_version(answer, version),
                _ => true,
            }
    }

    fn knew_version(&self, answer: Place, version: &Version) -> bool {
        version.heads().iter().all(|head| {
            let carriers = self.carriers.get(&(DocumentId::Contract, *head));
            carriers.is_some_and(|all| all.iter().any(|one| self.in_past(*one, answer)))
        })
    }

    fn answered(&self, place: Place, standing: &Standing) -> Option<Answered> {
        let author = standing.verdict(place).ok()?;
        let placed = self.at(place)?;
        let Act::Answer { answer, on_behalf_of, .. } = placed.act()? else { return None };
        let (person, recorder) = match on_behalf_of {
            None => (author, None),
            Some(member) => (standing.person(*member)?, Some(author)),
        };
        let confirmed_by = recorder
            .and_then(|recorder| self.confirming(placed.id(), recorder, person, standing))
            .map(|(_, by)| by);
        Some(Answered { place, person, recorder, confirmed_by, answer: *answer, latest: false })
    }

    /// The first Confirm, in canonical order, of an act that was recorded for somebody, by another
    /// person than both who has voice in the set.
    pub(super) fn confirming(
        &self,
        act: EnvelopeId,
        recorder: PersonIx,
        person: PersonIx,
        standing: &Standing,
    ) -> Option<(Place, PersonIx)> {
        let others = self.others_words(act, [recorder, person], standing);
        let with_voice = others.into_iter().filter(|(_, by)| standing.has_voice(*by));
        with_voice.min_by_key(|(place, _)| self.canonical(*place))
    }

    /// The Confirms of an act that count, by others than these two.
    fn others_words(
        &self,
        act: EnvelopeId,
        than: [PersonIx; 2],
        standing: &Standing,
    ) -> Vec<(Place, PersonIx)> {
        let confirms = self.consent.confirms.get(&act).map(Vec::as_slice).unwrap_or_default();
        let here = confirms.iter().copied().filter(|place| standing.contains(*place));
        let by = here.filter_map(|place| Some((place, standing.verdict(place).ok()?)));
        let than = than.map(|person| standing.goes_by(person));
        by.filter(|(_, by)| !than.contains(&standing.goes_by(*by))).collect()
    }

    /// Whether anybody's yes is in the set at all.
    pub(super) fn has_yes(&self, proposal: &Proposal, standing: &Standing) -> bool {
        let acts = self.consent.by_proposal.get(&proposal.id());
        let yes = |place: &&Place| {
            let act = self.at(**place).and_then(Placed::act);
            matches!(act, Some(Act::Answer { answer: AnswerWord::Yes, .. }))
        };
        acts.is_some_and(|acts| {
            acts.answers.values().any(|list| {
                let here = list.partition_point(|place| standing.contains(*place));
                list.iter().take(here).rev().any(|place| yes(&place))
            })
        })
    }

    /// The last word of each member, merged ones as the one they go by.
    pub(super) fn last_words(
        &self,
        proposal: &Proposal,
        standing: &Standing,
    ) -> BTreeMap<PersonIx, Vec<Answered>> {
        self.last_words_by(proposal, standing, &|person| standing.goes_by(person))
    }

    /// The last word of everybody, told apart by `whose`: the latest of their answers that count.
    pub(super) fn last_words_by(
        &self,
        proposal: &Proposal,
        standing: &Standing,
        whose: &dyn Fn(PersonIx) -> PersonIx,
    ) -> BTreeMap<PersonIx, Vec<Answered>> {
        let mut by_person: BTreeMap<PersonIx, Vec<Answered>> = BTreeMap::new();
        let Some(acts) = self.consent.by_proposal.get(&proposal.id()) else { return by_person };
        for list in acts.answers.values() {
            if let Some(last) = self.last_counted(list, standing) {
                by_person.entry(whose(last.person)).or_default().push(last);
            }
        }
        for words in by_person.values_mut() {
            words.sort_by_key(|one| self.canonical(one.place));
            let places: Vec<Place> = words.iter().map(|one| one.place).collect();
            let latest = self.latest(&places);
            words.retain(|one| latest.contains(&one.place));
            words.iter_mut().for_each(|one| one.latest = true);
        }
        by_person
    }

    /// The last answer along one strand that counts. What stands there is a beginning of it, but
    /// for what was restored.
    fn last_counted(&self, list: &[Place], standing: &Standing) -> Option<Answered> {
        let here = list.partition_point(|place| standing.contains(*place));
        let here = list.get(..here)?;
        let stands = |place: &Place| standing.stands(*place).is_ok();
        let upto = match here.last() {
            Some(last) if !self.effects.restores.is_empty() || stands(last) => here.len(),
            _ => here.partition_point(stands),
        };
        let words = here.get(..upto)?.iter().rev();
        words.filter_map(|place| self.answered(*place, standing)).find(Answered::is_confirmed)
    }

    /// Everybody's answers that count, in canonical order.
    pub(super) fn all_answers(
        &self,
        proposal: &Proposal,
        standing: &Standing,
        tally: &Tally,
    ) -> Vec<Answered> {
        let acts = self.consent.by_proposal.get(&proposal.id());
        let lists = acts.into_iter().flat_map(|acts: &Acts| acts.answers.values());
        let here = lists.flatten().filter(|place| standing.contains(**place));
        let mut all: Vec<Answered> =
            here.filter_map(|place| self.answered(*place, standing)).collect();
        all.sort_by_key(|one| self.canonical(one.place));
        for one in &mut all {
            one.latest = tally.latest.iter().any(|latest| latest.place == one.place);
            // Who confirmed and has gone since did confirm.
            if let (Some(by), None) = (one.recorder, one.confirmed_by)
                && let Some(id) = self.at(one.place).map(Placed::id)
            {
                let others = self.others_words(id, [by, one.person], standing).into_iter();
                let words = others.filter(|(at, _)| self.at(*at).is_some_and(Placed::voice));
                let first = words.min_by_key(|(at, _)| self.canonical(*at));
                one.confirmed_by = first.map(|(_, by)| by);
            }
        }
        all
    }
}
