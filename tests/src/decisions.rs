//! What groups decide, made short: one function for every kind of proposal.

use copact_core::ids::{EnvelopeId, MemberId, ProposalId, ReportHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::{Ledger, Place};
use copact_core::proposal::{AnswerWord, Matter, Named, Proposal, Share, Trustees};
use copact_core::quarter::Quarter;

use crate::device::Device;
use crate::group::meet;
use crate::person::Person;

pub const fn voice(member: MemberId) -> Proposal {
    Proposal::new(Matter::Voice(member))
}

pub fn remove(member: MemberId, tips: &[EnvelopeId]) -> Proposal {
    Proposal::new(Matter::Remove { member, tips: named(tips) })
}

pub fn restore(envelopes: &[EnvelopeId]) -> Proposal {
    Proposal::new(Matter::Restore(named(envelopes)))
}

pub const fn settle(entry: EnvelopeId, counts: bool) -> Proposal {
    Proposal::new(Matter::Settle { entry, counts })
}

pub const fn merge(member: MemberId, into: MemberId) -> Proposal {
    Proposal::new(Matter::Merge { member, into })
}

pub const fn helper(member: MemberId, helper: MemberId) -> Proposal {
    Proposal::new(Matter::Helper { member, helper })
}

pub fn trustees(member: MemberId, trustees: &[MemberId], need: u8) -> Proposal {
    let trustees = Trustees::new(trustees.to_vec(), need).unwrap();
    Proposal::new(Matter::Trustees { member, trustees })
}

pub fn policy(share: &str) -> Proposal {
    Proposal::new(Matter::Policy(Share::parse(share).unwrap()))
}

pub fn quarter(quarter: Quarter, frontier: &[EnvelopeId]) -> Proposal {
    Proposal::new(Matter::Quarter { quarter, frontier: named(frontier) })
}

pub const fn share(report: u8) -> Proposal {
    Proposal::new(Matter::Share(ReportHash::from_bytes([report; 32])))
}

/// A recovery onto a new device, if one is given, which signed over the member's id.
pub fn recover(member: MemberId, tips: &[EnvelopeId], device: Option<&Device>) -> Proposal {
    let device = device.map(|device| Box::new(device.joins(member)));
    Proposal::new(Matter::Recover { member, tips: named(tips), device })
}

/// The proposal, in the place of another.
pub const fn instead_of(basis: ProposalId, mut proposal: Proposal) -> Proposal {
    proposal.basis = Some(basis);
    proposal
}

fn named(envelopes: &[EnvelopeId]) -> Named {
    Named::new(envelopes.to_vec()).unwrap()
}

/// The last envelopes of a device that a ledger has: those of it that no other of it builds on.
pub fn tips(ledger: &Ledger, device: &DeviceKey) -> Vec<EnvelopeId> {
    let wrote = |place: &Place| {
        ledger.at(*place).is_some_and(|at| at.envelope().header().chain.device == *device)
    };
    let own: Vec<Place> = ledger.envelopes().map(|(place, _)| place).filter(wrote).collect();
    let last = own.iter().filter(|one| !own.iter().any(|later| ledger.in_past(**one, *later)));
    last.filter_map(|place| Some(ledger.at(*place)?.id())).collect()
}

/// All of these say yes to what they know, before they hear of each other.
pub fn agree(people: &mut [&mut Person], proposal: &Proposal) {
    for person in people.iter_mut() {
        person.answer(proposal, AnswerWord::Yes);
    }
}

/// All of these say yes, meet, and the first one enacts it, which the others see.
pub fn decide(people: &mut [&mut Person], proposal: &Proposal) -> EnvelopeId {
    agree(people, proposal);
    meet(people);
    let enact = people[0].enact_this(proposal);
    meet(people);
    enact
}

/// Somebody gets voice from all of these, who write that they saw it.
pub fn give_voice(people: &mut [&mut Person], member: MemberId) -> EnvelopeId {
    let enact = decide(people, &voice(member));
    for person in people.iter_mut() {
        person.act(copact_core::act::Act::Link);
    }
    meet(people);
    enact
}
