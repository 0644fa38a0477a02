//! What follows from the decisions that hold: an index of them by what they are about.
//!
//! Which of them are in effect in a closed set depends on the set ([`Ledger::in_effect`]); that an
//! Enact holds does not, so this index only grows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Closed, Ledger, PersonIx, Place};
use crate::ids::{EnvelopeId, MemberId, ProposalId};
use crate::keys::{BoxKey, DeviceKey};
use crate::proposal::{Matter, Proposal, Share};
use crate::quarter::Quarter;

/// A decision that ends devices.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub(super) proposal: ProposalId,
    /// What it leaves: all at or before these.
    pub(super) tips: Vec<Place>,
    /// The device that a recovery names.
    pub(super) device: Option<(DeviceKey, BoxKey)>,
}

/// Decisions that hold, by what they are about.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    pub(super) voices: BTreeMap<PersonIx, BTreeSet<ProposalId>>,
    pub(super) removals: BTreeMap<PersonIx, Vec<Ending>>,
    pub(super) recoveries: BTreeMap<PersonIx, Vec<Ending>>,
    /// The devices that recoveries name.
    pub(super) recovered: BTreeMap<DeviceKey, BTreeSet<(ProposalId, PersonIx)>>,
    pub(super) restores: BTreeMap<EnvelopeId, BTreeSet<ProposalId>>,
    pub(super) settlements: BTreeMap<EnvelopeId, BTreeSet<(ProposalId, bool)>>,
    /// Who is merged into whom.
    pub(super) merges: BTreeSet<(ProposalId, PersonIx, PersonIx)>,
    pub(super) helpers: BTreeMap<PersonIx, BTreeSet<(ProposalId, PersonIx)>>,
    pub(super) trustees: BTreeMap<PersonIx, BTreeSet<ProposalId>>,
    pub(super) policies: BTreeMap<ProposalId, Share>,
    pub(super) quarters: BTreeMap<Quarter, BTreeSet<ProposalId>>,
    /// Those that have each as their basis.
    pub(super) replacing: BTreeMap<ProposalId, BTreeSet<ProposalId>>,
}

impl Ledger {
    /// Whether a decision is in effect in a closed set: an Enact of it that holds is there, and
    /// none of one that replaces it.
    #[must_use]
    pub fn in_effect(&self, proposal: ProposalId, closed: Closed) -> bool {
        self.decided(proposal, closed) && {
            let matter = self.proposal(proposal).map(|one| &one.matter);
            let later = self.effects.replacing.get(&proposal).into_iter().flatten();
            !later.into_iter().any(|later| {
                let replaces = self.proposal(*later).map(|one| &one.matter).zip(matter);
                replaces.is_some_and(|(later, one)| later.can_replace(one))
                    && self.decided(*later, closed)
            })
        }
    }

    /// First members, and whom a decision gave voice: nobody else can have it.
    pub(super) fn can_have_voice(&self) -> BTreeSet<PersonIx> {
        let found = self.founding_act().map(|found| found.members.iter());
        let devices = found.into_iter().flatten().map(|first| first.device.device);
        let first = devices.filter_map(|device| self.people.introduced_with(&device));
        first.chain(self.effects.voices.keys().copied()).collect()
    }

    /// Whether an Enact that holds is in a closed set.
    fn decided(&self, proposal: ProposalId, closed: Closed) -> bool {
        self.enacts(proposal).iter().any(|one| self.contains(closed, one.enact))
    }

    /// Enters a decision that holds for the first time.
    pub(super) fn note_effect(&mut self, proposal: &Proposal) {
        let id = proposal.id();
        if let Some(basis) = proposal.basis {
            self.effects.replacing.entry(basis).or_default().insert(id);
        }
        let person = |member: &MemberId| self.person_with_id(*member);
        let places = |named: &[EnvelopeId]| -> Vec<Place> {
            named.iter().filter_map(|id| self.place_of(*id)).collect()
        };
        match &proposal.matter {
            Matter::Voice(member) => {
                let Some(who) = person(member) else { return };
                self.effects.voices.entry(who).or_default().insert(id);
            }
            Matter::Remove { member, tips } => {
                let Some(who) = person(member) else { return };
                let ending = Ending { proposal: id, tips: places(tips.ids()), device: None };
                self.effects.removals.entry(who).or_default().push(ending);
            }
            Matter::Recover { member, tips, device } => {
                let Some(who) = person(member) else { return };
                let device = device.as_ref().map(|one| (one.device, one.box_key));
                let ending = Ending { proposal: id, tips: places(tips.ids()), device };
                self.effects.recoveries.entry(who).or_default().push(ending);
                if let Some((device, _)) = device {
                    self.effects.recovered.entry(device).or_default().insert((id, who));
                }
            }
            Matter::Restore(named) => {
                for one in named.ids() {
                    self.effects.restores.entry(*one).or_default().insert(id);
                }
            }
            Matter::Settle { entry, counts } => {
                self.effects.settlements.entry(*entry).or_default().insert((id, *counts));
            }
            Matter::Merge { member, into } => {
                let Some((who, into)) = person(member).zip(person(into)) else { return };
                self.effects.merges.insert((id, who, into));
            }
            Matter::Helper { member, helper } => {
                let Some((who, helper)) = person(member).zip(person(helper)) else { return };
                self.effects.helpers.entry(who).or_default().insert((id, helper));
            }
            Matter::Trustees { member, .. } => {
                let Some(who) = person(member) else { return };
                self.effects.trustees.entry(who).or_default().insert(id);
            }
            Matter::Policy(share) => drop(self.effects.policies.insert(id, *share)),
            Matter::Quarter { quarter, .. } => {
                self.effects.quarters.entry(*quarter).or_default().insert(id);
            }
            Matter::Ratify(_) | Matter::Text(_) | Matter::Share(_) => {}
        }
    }

    /// The share of the voices that ratifying needs in a closed set: the largest of the policies in
    /// effect there, else what the group was founded with.
    #[must_use]
    pub fn share(&self, closed: Closed) -> Share {
        let all = self.effects.policies.iter().filter(|(id, _)| self.in_effect(**id, closed));
        all.map(|(_, share)| *share).max_by(Share::compare).unwrap_or_else(|| self.founding_share())
    }
}
