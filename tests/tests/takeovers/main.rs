//! Every takeover that threats.md lists, and the attacks of its table on who counts and who
//! decides, by name. Each has a common past; what is written after it arrives in every order, each
//! gives one state, and the reference says the same (`copact_tests::scenario`).
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod exactly;
mod log;
mod recovery;
mod removal;
mod reviewed;
mod voices;

use copact_core::act::{Act, Role};
use copact_core::entry::Record;
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, MemberId};
use copact_tests::device::Device;
use copact_tests::group::{role, text};
use copact_tests::person::Person;
use copact_tests::reference::Who;

fn note(number: u8) -> Record {
    Record::Note(text(number))
}

/// The founding envelope alone: the past of whoever wants to have seen nothing.
fn founding(person: &Person) -> [EnvelopeId; 1] {
    [person.ledger.group().founding()]
}

fn newcomer() -> Role {
    role("newcomer")
}

/// An Admit of this device.
fn admits(by: &Person, device: &Device) -> Act {
    Act::Admit { device: device.accepts(by.ledger.group(), &newcomer()), role: newcomer() }
}

/// An act on a chosen past, in a chain of its own, as a second incarnation writes it.
fn apart(person: &mut Person, number: u64, act: Act, parents: &[EnvelopeId]) -> EnvelopeId {
    person.device.begin_again(number);
    person.write_on(Content::Act(act), parents)
}

fn assisted(member: MemberId) -> Who {
    Who::Assisted(EnvelopeId::from_bytes(*member.as_bytes()))
}
