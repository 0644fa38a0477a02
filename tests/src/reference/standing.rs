//! What is cut, who has left, what stands, who has voice: rules 4, 5, 7 and 9.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::ids::{EnvelopeId, ProposalId};
use copact_core::keys::DeviceKey;
use copact_core::proposal::Matter;

use super::closed::Closed;
use super::{Reason, Who};

impl Closed<'_> {
    /// Rule 4: whether an envelope is cut, and by what.
    pub fn cut(&self, at: usize) -> Option<Reason> {
        let device = self.whole.device(at);
        let owner = self.owner(&device)?;
        let id = self.whole.all[at].id();
        let mut restored = self.matters();
        if restored.any(|matter| matches!(matter, Matter::Restore(all) if all.ids().contains(&id)))
        {
            return None;
        }
        if self.removals(owner).iter().any(|tips| !self.whole.at_or_before(at, tips)) {
            return Some(Reason::Removed);
        }
        let ended = self.ended_at(owner, device);
        let beyond = ended.iter().any(|tips| !self.whole.at_or_before(at, tips));
        beyond.then_some(Reason::Recovered)
    }

    /// Rule 4: the tips of the recoveries in effect that end a device.
    pub fn ended_at(&self, owner: Who, device: DeviceKey) -> Vec<&[EnvelopeId]> {
        let recoveries = self.recoveries(owner).into_iter().filter(|(recovery, tips, named)| {
            *named != Some(device) && self.ends(*recovery, tips, owner, device)
        });
        recoveries.map(|(_, tips, _)| tips).collect()
    }

    /// Rule 4: a recovery of `owner` that does not itself name the device ends it iff an act in C
    /// that brings it to them, or an Enact that holds in C of another recovery of theirs that names
    /// it, is one of the tips or in the past of one.
    fn ends(
        &self,
        recovery: ProposalId,
        tips: &[EnvelopeId],
        owner: Who,
        device: DeviceKey,
    ) -> bool {
        let by_act = self.acts().any(|(at, act)| {
            let to_owner = match act {
                Act::Found(_) | Act::Admit { .. } => {
                    let mut brings = self.whole.brings(at).into_iter();
                    brings.any(|(_, who, with)| who == owner && with == Some(device))
                }
                Act::AddDevice { device: added } => {
                    added.device == device && self.finals[at].author == Some(owner)
                }
                _ => false,
            };
            to_owner && self.whole.at_or_before(at, tips)
        });
        let by_recovery = self.held().any(|(at, id, proposal)| match &proposal.matter {
            Matter::Recover { member, device: Some(named), .. } => {
                id != recovery
                    && self.whole.who(*member) == Some(owner)
                    && named.device == device
                    && self.whole.at_or_before(at, tips)
            }
            _ => false,
        });
        by_act || by_recovery
    }

    /// Rule 5: a Leave ends whom its author was in its past, unless it is cut or its device is not
    /// brought in.
    pub fn leaves_that_end(&self) -> Vec<(usize, Who)> {
        let leaves = self.acts().filter(|(at, act)| {
            matches!(act, Act::Leave)
                && self.cut(*at).is_none()
                && self.brought.contains(&self.whole.device(*at))
        });
        leaves.filter_map(|(at, _)| Some((at, self.finals[at].author?))).collect()
    }

    pub fn has_left(&self, who: Who) -> bool {
        self.left.iter().any(|(_, whom)| *whom == who)
    }

    /// Rule 9, the end.
    pub fn removed(&self, who: Who) -> bool {
        !self.removals(who).is_empty()
    }

    /// Rule 7: why an envelope does not stand in C; nothing: it does. It need not be in C.
    fn why_not(&self, at: usize) -> BTreeSet<Reason> {
        let device = self.whole.device(at);
        let owner = self.owner(&device);
        let mut reasons = BTreeSet::new();
        if owner.is_none() || !self.brought.contains(&device) {
            reasons.insert(Reason::NoMember);
        }
        reasons.extend(self.cut(at));
        let past = &self.whole.past[at];
        if self.left.iter().any(|(leave, who)| Some(*who) == owner && past.contains(leave)) {
            reasons.insert(Reason::Left);
        }
        reasons
    }

    /// Rule 7.
    pub fn stands(&self, at: usize) -> bool {
        self.why_not(at).is_empty()
    }

    /// Rule 7: it counts iff it stands and is not void.
    pub fn counts(&self, at: usize) -> bool {
        self.stands(at) && !self.finals[at].void
    }

    /// Why it does not count.
    pub fn reasons(&self, at: usize) -> BTreeSet<Reason> {
        let void = self.finals[at].void.then_some(Reason::Void);
        self.why_not(at).into_iter().chain(void).collect()
    }

    /// Rule 9: first members from the founding; others once a voice decision for them started.
    fn has_voice_alone(&self, who: Who) -> bool {
        let founded = self.whole.brings(0).into_iter().any(|(_, first, _)| first == who);
        let started = || {
            self.in_effect.iter().any(|(decision, proposal)| match proposal.matter {
                Matter::Voice(member) if self.whole.who(member) == Some(who) => {
                    self.held().any(|(enact, id, _)| id == *decision && self.was_seen(enact))
                }
                _ => false,
            })
        };
        (founded || started())
            && !self.removed(who)
            && !self.has_left(who)
            && self.is_brought_in(who)
    }

    /// Rule 9: whether more than half of the voices in past(w) that have a device have in C an
    /// envelope that stands and is w or has w in its past.
    fn was_seen(&self, enact: usize) -> bool {
        let asked = &self.finals[enact].asked;
        let seen = asked.iter().filter(|parts| {
            self.set.iter().any(|at| {
                let theirs = self.owner(&self.whole.device(*at));
                theirs.is_some_and(|who| parts.contains(&who))
                    && self.whole.has_seen(*at, enact)
                    && self.stands(*at)
            })
        });
        2 * seen.count() > asked.len()
    }

    /// Rules 9 and 10: those with voice, one for merged people.
    pub fn all_voices(&self) -> BTreeSet<Who> {
        let all = self.everybody().into_iter().filter(|who| self.has_voice_alone(*who));
        all.map(|who| self.one(who)).collect()
    }

    /// Rule 9: the voices that have a device, each with all its parts.
    pub fn voices_with_a_device(&self) -> Vec<BTreeSet<Who>> {
        let all = self.voices.iter().map(|who| self.parts(*who));
        all.filter(|parts| parts.iter().any(|part| self.has_device(*part))).collect()
    }
}
