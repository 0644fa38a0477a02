//! What people propose: every kind there is, about whom and what there is.

use copact_core::act::Act;
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::quarter::Quarter;
use copact_core::views::Views;

use super::honest::{entries, members};
use super::{Step, World, pick};
use crate::decisions::{
    helper, instead_of, merge, policy, quarter, recover, remove, restore, settle, share, tips,
    trustees, voice,
};
use crate::device::Device;
use crate::group::{first_day, words};
use crate::person::Person;

/// The first of the devices onto which people are moved.
const FRESH: u8 = 40;

impl World {
    /// One of all proposals that somebody who knows this ledger can make, or one made before.
    pub(super) fn any_proposal(&self, ledger: &Ledger, which: u16) -> Proposal {
        let known: Vec<_> = ledger.proposals().collect();
        let kind = which % 32;
        if let (26.., Some(id)) = (kind, pick(&known, which / 32)) {
            return ledger.proposal(id).unwrap().clone();
        }
        let proposal = self.fresh_proposal(ledger, kind, which / 32);
        let proposal = proposal.filter(|one| one.matter.check().is_ok()).unwrap_or(words(1));
        // Some take the place of what was proposed before.
        let before = known.iter().filter_map(|id| ledger.proposal(*id));
        let same =
            before.filter(|one| proposal.matter.can_replace(&one.matter) && **one != proposal);
        let same: Vec<&Proposal> = same.collect();
        match pick(&same, which / 64) {
            Some(basis) if which.is_multiple_of(3) => instead_of(basis.id(), proposal),
            _ => proposal,
        }
    }

    fn fresh_proposal(&self, ledger: &Ledger, kind: u16, which: u16) -> Option<Proposal> {
        let everybody = members(ledger);
        let member = pick(&everybody, which)?;
        let other = pick(&everybody, which / 7 + 1)?;
        Some(match kind {
            0 => Proposal::new(Matter::Ratify(Views::of(ledger).draft()?)),
            1 => words(1 + (which % 3) as u8),
            2..=5 => voice(without_voice(ledger, which).unwrap_or(member)),
            6 | 7 => {
                // Mallory more often than others.
                let mallory = ledger.now().of_device(&self.mallory.key());
                let mallory = mallory.and_then(|ix| ledger.now().id(ix));
                let whom = if which % 4 < 2 { mallory.unwrap_or(member) } else { member };
                remove(whom, &self.some_tips(ledger, whom, which))
            }
            8 | 9 => restore(&self.set_aside(ledger, which)),
            10 | 11 => {
                settle(pick(&entries(ledger, "contribution"), which)?, which.is_multiple_of(3))
            }
            12..=14 => merge(member, other),
            15 | 16 => helper(pick(&self.assisted, which)?, other),
            17 | 18 => {
                let named = [other, pick(&everybody, which / 3)?, pick(&everybody, which / 5)?];
                let named: Vec<_> = named.into_iter().filter(|one| *one != member).collect();
                let distinct = named.iter().collect::<std::collections::BTreeSet<_>>().len();
                if distinct < 2 {
                    return None;
                }
                trustees(member, &named, 2)
            }
            19 => policy(["1/2", "3/5", "2/3", "3/4", "4/5"][usize::from(which % 5)]),
            20 => quarter(Quarter::of(first_day()), &heads(ledger)),
            21 => share((which % 2) as u8),
            _ => {
                let whom = pick(&self.assisted, which).filter(|_| which.is_multiple_of(4));
                let whom = whom.unwrap_or(member);
                let fresh = Device::new(FRESH + (which % 3) as u8);
                let device = (!which.is_multiple_of(5)).then_some(&fresh);
                recover(whom, &self.some_tips(ledger, whom, which), device)
            }
        })
    }

    /// The last envelopes of somebody's devices, or some that are older.
    fn some_tips(&self, ledger: &Ledger, member: MemberId, which: u16) -> Vec<EnvelopeId> {
        let now = ledger.now();
        let person = ledger.person_with_id(member);
        let devices = person.map(|ix| now.devices(ix)).unwrap_or_default();
        let devices: Vec<DeviceKey> = devices.into_iter().map(|(device, ..)| device).collect();
        if which % 3 < 2 {
            return devices.iter().flat_map(|device| tips(ledger, device)).take(8).collect();
        }
        let wrote: Vec<EnvelopeId> = ledger
            .envelopes()
            .filter(|(_, at)| devices.contains(&at.envelope().header().chain.device))
            .map(|(_, at)| at.id())
            .collect();
        pick(&wrote, which).into_iter().collect()
    }

    fn set_aside(&self, ledger: &Ledger, which: u16) -> Vec<EnvelopeId> {
        let now = ledger.now();
        let aside = ledger.envelopes().filter(|(place, _)| now.verdict(*place).is_err());
        let aside: Vec<_> = aside.map(|(_, at)| at.id()).collect();
        [which, which / 3].iter().filter_map(|one| pick(&aside, *one)).collect()
    }

    /// Everybody is asked, most say yes, somebody writes down that it is decided, and some see it.
    pub(super) fn decide(&mut self, who: usize, step: &Step) {
        let proposal = self.any_proposal(&self.honest[who].ledger, step.b);
        let known = self.honest[who].all();
        for (number, person) in self.honest.iter_mut().enumerate() {
            known.iter().for_each(|one| person.take(one));
            if person.stands() {
                let refuses = step.a >> number & 7 == 7;
                person.answer(&proposal, if refuses { AnswerWord::No } else { AnswerWord::Yes });
            }
        }
        self.answer_for_the_assisted(&proposal, step);
        for at in 0..self.honest.len() {
            self.tell(at, who);
        }
        if self.honest[who].stands() {
            self.honest[who].enact_this(&proposal);
        }
        for at in 0..self.honest.len() {
            if step.days >> (at % 5) & 1 == 1 {
                self.tell(who, at);
                if self.honest[at].stands() {
                    self.honest[at].act(Act::Link);
                }
            }
        }
        self.take_up_a_new_device(who, &proposal);
    }

    /// Helpers record what the assisted say, and somebody else confirms it.
    fn answer_for_the_assisted(&mut self, proposal: &Proposal, step: &Step) {
        for elder in self.assisted.clone() {
            let helps = |person: &Person| {
                let now = person.ledger.now();
                let elder = person.ledger.person_with_id(elder);
                let me = now.of_device(&person.device.key());
                person.stands() && elder.zip(me).is_some_and(|(elder, me)| now.helps(me, elder))
            };
            let Some(by) = self.honest.iter().position(helps) else { continue };
            let said = self.honest[by].answer_for(Some(elder), proposal, AnswerWord::Yes);
            let other = usize::from(step.a / 3) % self.honest.len();
            self.tell(by, other);
            if self.honest[other].stands() {
                let confirm = Content::Act(Act::Confirm { act: said });
                self.honest[other].write(confirm, &[said]);
            }
        }
    }

    /// Whoever was moved to a new device goes on with it.
    fn take_up_a_new_device(&mut self, who: usize, proposal: &Proposal) {
        if let Matter::Recover { device: Some(device), .. } = &proposal.matter
            && self.honest.len() < 7
            && !self.honest.iter().any(|one| one.device.key() == device.device)
        {
            let fresh = (FRESH..FRESH + 3).map(Device::new);
            let mut fresh = fresh.filter(|one| one.key() == device.device);
            let (all, day) = (self.honest[who].all(), self.honest[who].day);
            self.honest.extend(fresh.next().map(|device| Person::new(device, all, day)));
        }
    }

    fn tell(&mut self, from: usize, to: usize) {
        let said: Vec<Verified> = self.honest[from].all();
        said.iter().for_each(|one| self.honest[to].take(one));
    }
}

fn heads(ledger: &Ledger) -> Vec<EnvelopeId> {
    let heads = ledger.heads().filter_map(|place| ledger.at(place));
    heads.map(copact_core::ledger::Placed::id).take(20).collect()
}

fn without_voice(ledger: &Ledger, which: u16) -> Option<MemberId> {
    let now = ledger.now();
    let without = members(ledger)
        .into_iter()
        .filter(|member| ledger.person_with_id(*member).is_some_and(|ix| !now.has_voice(ix)));
    pick(&without.collect::<Vec<_>>(), which)
}
