//! Consent: proposals, answers, and the Enact that certifies that a need was reached (rules 3 and 8
//! of ARCHITECTURE.md, "Standing and consent, exactly").

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Closed, Ledger, PersonIx, Place, Standing};
use crate::act::{Act, Found};
use crate::ids::{EnvelopeId, MemberId, ProposalId};
use crate::proposal::{AnswerWord, Matter, Proposal, Share};

mod answers;
mod need;

pub use answers::Answered;

/// The acts about proposals, by proposal.
#[derive(Clone, Debug, Default)]
pub(super) struct Consent {
    by_proposal: BTreeMap<ProposalId, Acts>,
    confirms: BTreeMap<EnvelopeId, Vec<Place>>,
    /// Of Enacts of voice decisions: envelopes in whose past the voice had started.
    started: BTreeMap<Place, Vec<Place>>,
    /// The same of the whole ledger, each with how many disturbing envelopes there were then.
    started_now: RefCell<BTreeMap<Place, usize>>,
    /// Envelopes that can end somebody's standing or change whose device is whose.
    disturbing: Vec<Place>,
}

#[derive(Clone, Debug)]
struct Acts {
    proposal: Proposal,
    proposes: Vec<Place>,
    /// By strand and member spoken for: each list in causal order.
    answers: BTreeMap<(u32, Option<MemberId>), Vec<Place>>,
    /// Those that hold, which only their past decides.
    enacts: Vec<Adoption>,
}

/// How many envelopes are remembered in whose past a voice had started.
const STARTED: usize = 4;

impl Consent {
    pub(super) fn proposals(&self) -> impl Iterator<Item = ProposalId> + '_ {
        self.by_proposal.keys().copied()
    }

    /// Notes that something may have ended that stood before.
    pub(super) fn disturb(&mut self, place: Place) {
        self.disturbing.push(place);
    }

    /// Remembers the voices that had started in the past of an envelope.
    pub(super) fn remember(&mut self, place: Place, started: BTreeSet<Place>) {
        for enact in started {
            let places = self.started.entry(enact).or_default();
            if places.len() >= STARTED {
                places.remove(0);
            }
            places.push(place);
        }
    }

    /// Remembers a voice that has started in the whole ledger.
    pub(super) fn remember_now(&self, enact: Place) {
        self.started_now.borrow_mut().insert(enact, self.disturbing.len());
    }

    /// Whether it is known from an earlier envelope that a voice has started in a closed set: a
    /// voice once started lasts as long as nothing ends or changes hands.
    pub(super) fn started_before(&self, ledger: &Ledger, enact: Place, closed: Closed) -> bool {
        if closed == Closed::All
            && self.started_now.borrow().get(&enact) == Some(&self.disturbing.len())
        {
            return true;
        }
        let known = self.started.get(&enact).map(Vec::as_slice).unwrap_or_default();
        known.iter().rev().any(|at| {
            let within = closed == Closed::Past(*at) || ledger.contains(closed, *at);
            let calm = |one: &Place| !ledger.contains(closed, *one) || ledger.in_past(*one, *at);
            within && self.disturbing.iter().rev().all(calm)
        })
    }
}

/// How a proposal stands in a closed set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The latest counted answers of everybody, in canonical order.
    pub latest: Vec<Answered>,
    /// How many have voice.
    pub voices: usize,
    /// How many yeses of them it takes.
    pub need: usize,
    /// Who says yes now, with voice or not; merged members as the one they go by.
    pub yes: BTreeSet<PersonIx>,
    /// How many of those have voice and are asked.
    pub have: usize,
    /// Whether the need is reached, or what else suffices is there.
    pub reached: bool,
}

/// An Enact that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The Enact.
    pub enact: Place,
    /// The yes answers that counted in its past, of members whose yes was asked for.
    pub yes: Vec<Place>,
    /// For a voice decision: the voices in its past that had a device, each with its parts.
    pub(super) voices: Vec<Vec<PersonIx>>,
}

/// A proposal with everything that the whole ledger says about it.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// What is proposed.
    pub proposal: &'a Proposal,
    /// The Propose acts that count, in canonical order.
    pub proposes: Vec<Place>,
    /// Everybody's answers that count, in canonical order, also those since changed.
    pub answers: Vec<Answered>,
    /// How it stands now.
    pub tally: Tally,
    /// The Enacts that hold, in canonical order.
    pub adoptions: Vec<Adoption>,
    /// Whether it is in effect: decided, and not replaced by another.
    pub in_effect: bool,
}

impl Ledger {
    /// Enters an act about a proposal. The act is not void.
    pub(super) fn note_consent(&mut self, place: Place, act: &Act) {
        match act {
            Act::Propose { proposal, .. } => self.acts(proposal).proposes.push(place),
            Act::Answer { proposal, on_behalf_of, .. } => {
                let Some(strand) = self.strand_of(place) else { return };
                // Whether its author knew what it answers is final.
                let knew = self.knew(place, proposal);
                let answers = &mut self.acts(proposal).answers;
                if knew {
                    answers.entry((strand, *on_behalf_of)).or_default().push(place);
                }
            }
            Act::Enact { proposal } => {
                self.acts(proposal);
                self.judge_enact(place, proposal);
            }
            Act::Confirm { act } => self.consent.confirms.entry(*act).or_default().push(place),
            _ => {}
        }
    }

    fn judge_enact(&mut self, place: Place, proposal: &Proposal) {
        let standing = self.standing(Closed::Past(place));
        let (holds, started) = (self.held_by(place, proposal, &standing), standing.into_started());
        self.consent.remember(place, started);
        let Some(adoption) = holds else { return };
        let acts = self.acts(proposal);
        acts.enacts.push(adoption);
        if acts.enacts.len() == 1 {
            self.note_effect(proposal);
        }
        if proposal.matter.touches_standing() {
            self.consent.disturb(place);
        }
    }

    /// What makes an Enact hold, if it does.
    fn held_by(&self, enact: Place, proposal: &Proposal, past: &Standing) -> Option<Adoption> {
        // Cheap checks first: whether there is any yes at all, before anybody's voice is asked.
        if !self.is_sound(proposal) || !self.has_yes(proposal, past) {
            return None;
        }
        let tally = self.tally(proposal, past);
        if !tally.reached {
            return None;
        }
        let asked = |one: &&Answered| {
            let by = past.goes_by(one.person);
            tally.yes.contains(&by) && self.is_asked(proposal, past, by)
        };
        let yes = tally.latest.iter().filter(asked).map(|one| one.place).collect();
        let voices = match proposal.matter {
            Matter::Voice(_) => {
                let with_device = |person: &PersonIx| {
                    let parts = past.parts(*person).into_iter();
                    parts.filter(|part| !past.is_assisted(*part)).collect::<Vec<_>>()
                };
                let all = past.with_voice().iter().map(with_device);
                all.filter(|parts| !parts.is_empty()).collect()
            }
            _ => Vec::new(),
        };
        Some(Adoption { enact, yes, voices })
    }

    fn acts(&mut self, proposal: &Proposal) -> &mut Acts {
        self.consent.by_proposal.entry(proposal.id()).or_insert_with(|| Acts {
            proposal: proposal.clone(),
            proposes: Vec::new(),
            answers: BTreeMap::new(),
            enacts: Vec::new(),
        })
    }

    /// The Enacts of a proposal that hold.
    pub(super) fn enacts(&self, proposal: ProposalId) -> &[Adoption] {
        let acts = self.consent.by_proposal.get(&proposal);
        acts.map(|acts| acts.enacts.as_slice()).unwrap_or_default()
    }

    /// The Enacts of a proposal that hold, by which it was decided, in canonical order.
    #[must_use]
    pub fn enacted_by(&self, proposal: ProposalId) -> Vec<Place> {
        let mut enacts: Vec<Place> = self.enacts(proposal).iter().map(|one| one.enact).collect();
        enacts.sort_by_key(|enact| self.canonical(*enact));
        enacts
    }

    /// What the group was founded with.
    #[must_use]
    pub fn founding_act(&self) -> Option<&Found> {
        match self.at(self.founding())?.act()? {
            Act::Found(found) => Some(found),
            _ => None,
        }
    }

    pub(super) fn founding_share(&self) -> Share {
        self.founding_act().map_or(Share::DEFAULT, |found| found.policy)
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
        let answers = self.all_answers(&acts.proposal, standing, &tally);
        let mut adoptions = acts.enacts.clone();
        adoptions.sort_by_key(|adoption| self.canonical(adoption.enact));
        let in_effect = self.in_effect(id, standing.closed());
        let proposal = &acts.proposal;
        Some(Decision { proposal, proposes, answers, tally, adoptions, in_effect })
    }

    /// The yes answers to a proposal that count now, and what confirms them: what an Enact of it
    /// builds on.
    #[must_use]
    pub fn consent_for(&self, proposal: &Proposal) -> Vec<EnvelopeId> {
        let standing = self.now();
        let tally = self.tally(proposal, &standing);
        let mut about = Vec::new();
        for one in tally.latest.iter().filter(|one| one.answer == AnswerWord::Yes) {
            let Some(id) = self.at(one.place).map(super::Placed::id) else { continue };
            about.push(id);
            // One word is enough, however many confirm.
            let confirm =
                one.recorder.and_then(|by| self.confirming(id, by, one.person, &standing));
            about.extend(confirm.and_then(|(at, _)| self.at(at)).map(super::Placed::id));
        }
        about
    }

    /// Proposals whose need is reached and that nobody has enacted yet: what a device that writes
    /// enacts first.
    #[must_use]
    pub fn to_enact(&self) -> Vec<Proposal> {
        let standing = self.now();
        let reached = |acts: &&Acts| {
            self.is_sound(&acts.proposal)
                && self.has_yes(&acts.proposal, &standing)
                && self.tally(&acts.proposal, &standing).reached
        };
        let open = self.consent.by_proposal.values().filter(|acts| acts.enacts.is_empty());
        open.filter(reached).map(|acts| acts.proposal.clone()).collect()
    }

    /// For a voice that the group gave and that has not started: how many more of those who had
    /// voice then must have seen it, and who of them has not.
    #[must_use]
    pub fn unseen(&self, proposal: ProposalId) -> Option<(usize, Vec<PersonIx>)> {
        let standing = self.now();
        let mut enacts: Vec<&Adoption> = self.enacts(proposal).iter().collect();
        enacts.sort_by_key(|one| self.canonical(one.enact));
        let waits = enacts.into_iter().map(|one| {
            let unseen = one.voices.iter().filter(|parts| !standing.has_seen(one.enact, parts));
            let unseen: Vec<PersonIx> = unseen.filter_map(|parts| parts.first().copied()).collect();
            let seen = one.voices.len().saturating_sub(unseen.len());
            ((one.voices.len() / 2 + 1).saturating_sub(seen), unseen)
        });
        let least = waits.min_by_key(|(more, unseen)| (*more, unseen.len()))?;
        let (more, mut unseen) = Some(least).filter(|(more, _)| *more > 0)?;
        unseen.sort_by_key(|person| standing.order(*person));
        Some((more, unseen))
    }

    /// Whether a device should write a Link now: it is asked to show that it has seen that the
    /// group gave somebody voice, and has written nothing since.
    #[must_use]
    pub fn has_voices_to_see(&self, person: PersonIx) -> bool {
        let standing = self.now();
        let waits = |id: &ProposalId| {
            // The first is enough, however many certify it again.
            let first = self.enacts(*id).iter().min_by_key(|one| self.canonical(one.enact));
            first.is_some_and(|one| {
                let asked = one.voices.iter().find(|parts| parts.contains(&person));
                asked.is_some_and(|parts| !standing.has_seen(one.enact, parts))
            })
        };
        let given = self.effects.voices.iter();
        let mut given = given.filter(|(who, _)| {
            standing.is_member(**who)
                && standing.is_given_voice(**who)
                && !standing.has_voice(**who)
        });
        given.any(|(_, proposals)| proposals.iter().any(waits))
    }
}
