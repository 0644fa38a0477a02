//! Consent: proposals, answers, and the Enact that certifies that a need was reached.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Closed, Ledger, PersonIx, Place, Standing};
use crate::act::Act;
use crate::change::DocumentId;
use crate::ids::{EnvelopeId, ProposalId};
use crate::proposal::{AnswerWord, Matter, Proposal, Share, Version, more_than_half};

/// The acts about proposals, by proposal.
#[derive(Clone, Debug, Default)]
pub(super) struct Consent {
    by_proposal: BTreeMap<ProposalId, Acts>,
    confirms: BTreeMap<EnvelopeId, Vec<Place>>,
}

#[derive(Clone, Debug)]
struct Acts {
    proposal: Proposal,
    proposes: Vec<Place>,
    answers: Vec<Place>,
    /// Those that hold, which only their past decides, each with the yes answers that counted
    /// there.
    enacts: Vec<Adoption>,
}

impl Consent {
    pub(super) fn proposals(&self) -> impl Iterator<Item = ProposalId> + '_ {
        self.by_proposal.keys().copied()
    }
}

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

/// How a proposal stands in a closed set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Everybody's answers in canonical order, also those since changed.
    pub answers: Vec<Answered>,
    /// How many have voice.
    pub voices: usize,
    /// How many yeses of them it takes.
    pub need: usize,
    /// Who says yes now, with voice or not.
    pub yes: BTreeSet<PersonIx>,
    /// How many of those have voice.
    pub have: usize,
}

impl Tally {
    /// Whether the need is reached.
    #[must_use]
    pub const fn reached(&self) -> bool {
        self.have >= self.need
    }
}

/// An Enact that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The Enact.
    pub enact: Place,
    /// The yes answers that counted in its past, of members with voice there.
    pub yes: Vec<Place>,
}

/// A proposal with everything that the whole ledger says about it.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// What is proposed.
    pub proposal: &'a Proposal,
    /// The Propose acts that count, in canonical order.
    pub proposes: Vec<Place>,
    /// How it stands now.
    pub tally: Tally,
    /// The Enacts that hold, in canonical order.
    pub adoptions: Vec<Adoption>,
}

impl Ledger {
    /// Enters an act about a proposal. The act is not void.
    pub(super) fn note_consent(&mut self, place: Place, act: &Act) {
        match act {
            Act::Propose { proposal, .. } => self.acts(proposal).proposes.push(place),
            Act::Answer { proposal, .. } => self.acts(proposal).answers.push(place),
            Act::Enact { proposal } => {
                self.acts(proposal);
                if !self.could_reach(place, proposal) {
                    return;
                }
                let standing = self.standing(Closed::Past(place));
                let tally = self.tally(proposal, &standing);
                if self.sound(proposal) && tally.reached() {
                    let yes = tally.answers.iter().filter(|one| {
                        one.latest
                            && tally.yes.contains(&one.person)
                            && standing.has_voice(one.person)
                    });
                    let yes = yes.map(|one| one.place).collect();
                    self.acts(proposal).enacts.push(Adoption { enact: place, yes });
                }
            }
            Act::Confirm { act } => self.consent.confirms.entry(*act).or_default().push(place),
            _ => {}
        }
    }

    /// A cheap test before the tally: whether the past of an Enact has any yes at all.
    fn could_reach(&self, enact: Place, proposal: &Proposal) -> bool {
        let acts = self.consent.by_proposal.get(&proposal.id());
        let answers = acts.map(|acts| acts.answers.as_slice()).unwrap_or_default();
        answers.iter().any(|answer| {
            let says = self.at(*answer).and_then(super::Placed::act);
            matches!(says, Some(Act::Answer { answer: AnswerWord::Yes, .. }))
                && self.in_past(*answer, enact)
        })
    }

    fn acts(&mut self, proposal: &Proposal) -> &mut Acts {
        self.consent.by_proposal.entry(proposal.id()).or_insert_with(|| Acts {
            proposal: proposal.clone(),
            proposes: Vec::new(),
            answers: Vec::new(),
            enacts: Vec::new(),
        })
    }

    /// The share of the voices that ratifying needs.
    #[must_use]
    pub fn share(&self) -> Share {
        match self.at(Place(0)).and_then(super::Placed::act) {
            Some(Act::Found(found)) => found.policy,
            _ => Share::DEFAULT,
        }
    }

    /// Whether a version is one: all its changes known and in order, no chain twice in it.
    fn sound(&self, proposal: &Proposal) -> bool {
        match &proposal.matter {
            Matter::Ratify(version) => self
                .gates
                .get(&DocumentId::Contract)
                .is_some_and(|gate| gate.closure(version.heads()).is_some()),
            Matter::Text(_) => true,
        }
    }

    /// Whether the answer's author knew all that the proposal names.
    fn knew(&self, answer: Place, proposal: &Proposal) -> bool {
        match &proposal.matter {
            Matter::Text(_) => true,
            Matter::Ratify(version) => self.knew_version(answer, version),
        }
    }

    fn knew_version(&self, answer: Place, version: &Version) -> bool {
        version.heads().iter().all(|head| {
            let carriers = self.carriers.get(&(DocumentId::Contract, *head));
            carriers.is_some_and(|all| all.iter().any(|one| self.in_past(*one, answer)))
        })
    }

    /// How a proposal stands in a closed set.
    #[must_use]
    pub fn tally(&self, proposal: &Proposal, standing: &Standing) -> Tally {
        let acts = self.consent.by_proposal.get(&proposal.id());
        let mut answers: Vec<Answered> = acts
            .map(|acts| acts.answers.as_slice())
            .unwrap_or_default()
            .iter()
            .filter(|place| standing.contains(**place) && self.knew(**place, proposal))
            .filter_map(|place| self.answered(*place, standing))
            .collect();
        answers.sort_by_key(|answered| self.canonical(answered.place));
        let mut by_person: BTreeMap<PersonIx, Vec<Answered>> = BTreeMap::new();
        for answered in &answers {
            if answered.recorder.is_none() || answered.confirmed_by.is_some() {
                by_person.entry(answered.person).or_default().push(*answered);
            }
        }
        let (mut yes, mut last) = (BTreeSet::new(), HashSet::new());
        for (person, all) in by_person {
            let places: Vec<Place> = all.iter().map(|one| one.place).collect();
            let latest = self.latest(&places);
            let mut now = all.iter().filter(|one| latest.contains(&one.place));
            if now.all(|one| one.answer == AnswerWord::Yes) {
                yes.insert(person);
            }
            last.extend(latest);
        }
        answers.iter_mut().for_each(|one| one.latest = last.contains(&one.place));
        let voices = standing.voices();
        let need = match proposal.matter {
            Matter::Ratify(_) => self.share().need(voices),
            Matter::Text(_) => more_than_half(voices),
        };
        let have = yes.iter().filter(|person| standing.has_voice(**person)).count();
        Tally { answers, voices, need, yes, have }
    }

    fn answered(&self, place: Place, standing: &Standing) -> Option<Answered> {
        let author = standing.verdict(place).ok()?;
        let placed = self.at(place)?;
        let Act::Answer { answer, on_behalf_of, .. } = placed.act()? else { return None };
        let (person, recorder) = match on_behalf_of {
            None => (author, None),
            Some(member) => (standing.person(*member)?, Some(author)),
        };
        let confirmed_by =
            recorder.and_then(|recorder| self.confirmed_by(placed.id(), recorder, standing));
        Some(Answered { place, person, recorder, confirmed_by, answer: *answer, latest: false })
    }

    /// The first other member with voice who confirmed an act that was recorded for somebody.
    fn confirmed_by(
        &self,
        act: EnvelopeId,
        recorder: PersonIx,
        standing: &Standing,
    ) -> Option<PersonIx> {
        let confirms = self.consent.confirms.get(&act)?;
        let mut confirms: Vec<Place> =
            confirms.iter().copied().filter(|place| standing.contains(*place)).collect();
        confirms.sort_by_key(|place| self.canonical(*place));
        confirms.into_iter().find_map(|place| {
            let author = standing.verdict(place).ok()?;
            // In views, who confirmed and left later did confirm.
            let voice = match standing.closed() {
                Closed::All => self.at(place).is_some_and(super::Placed::voice),
                Closed::Past(_) => standing.has_voice(author),
            };
            (author != recorder && voice).then_some(author)
        })
    }

    /// The proposal with that id, if anybody ever proposed, answered or enacted it.
    #[must_use]
    pub fn proposal(&self, id: ProposalId) -> Option<&Proposal> {
        self.consent.by_proposal.get(&id).map(|acts| &acts.proposal)
    }

    /// What the whole ledger says about a proposal.
    #[must_use]
    pub fn decision(&self, id: ProposalId, standing: &Standing) -> Option<Decision<'_>> {
        let acts = self.consent.by_proposal.get(&id)?;
        let mut proposes: Vec<Place> =
            acts.proposes.iter().copied().filter(|place| standing.counts(*place)).collect();
        proposes.sort_by_key(|place| self.canonical(*place));
        let tally = self.tally(&acts.proposal, standing);
        let mut adoptions = acts.enacts.clone();
        adoptions.sort_by_key(|adoption| self.canonical(adoption.enact));
        Some(Decision { proposal: &acts.proposal, proposes, tally, adoptions })
    }

    /// The yes answers to a proposal that count now, and what confirms them: what an Enact of it
    /// builds on.
    #[must_use]
    pub fn consent_for(&self, proposal: &Proposal) -> Vec<EnvelopeId> {
        let standing = self.now();
        let tally = self.tally(proposal, &standing);
        let yes = tally.answers.iter().filter(|one| one.latest && one.answer == AnswerWord::Yes);
        let mut about = Vec::new();
        for one in yes {
            let Some(id) = self.at(one.place).map(super::Placed::id) else { continue };
            about.push(id);
            // One word is enough, however many confirm.
            let Some(by) = one.confirmed_by else { continue };
            let confirms = self.consent.confirms.get(&id).into_iter().flatten().copied();
            let first = confirms
                .filter(|at| standing.verdict(*at) == Ok(by))
                .min_by_key(|at| self.canonical(*at));
            about.extend(first.and_then(|at| self.at(at)).map(super::Placed::id));
        }
        about
    }

    /// Proposals whose need is reached and that nobody has enacted yet: what a device that writes
    /// enacts first.
    #[must_use]
    pub fn to_enact(&self) -> Vec<Proposal> {
        let standing = self.now();
        let reached = |acts: &&Acts| {
            self.sound(&acts.proposal) && self.tally(&acts.proposal, &standing).reached()
        };
        let open = self.consent.by_proposal.values().filter(|acts| acts.enacts.is_empty());
        open.filter(reached).map(|acts| acts.proposal.clone()).collect()
    }
}
