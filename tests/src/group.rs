//! How groups begin, and the things people say, made short.

use copact_core::act::{Act, FirstMember, Found, Role, RoleKind};
use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Contribution, Corrected, Correction, Minutes, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId, Nonce, TextHash};
use copact_core::proposal::{Matter, Proposal, Share};
use copact_core::text::RoleWord;

use crate::device::Device;
use crate::person::Person;

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The day on which groups of tests begin.
pub fn first_day() -> Day {
    day("2026-03-02")
}

pub fn role(word: &str) -> Role {
    Role { word: RoleWord::new(word).unwrap(), mapped: Some(RoleKind::Citizen) }
}

pub fn text(number: u8) -> TextHash {
    TextHash::from_bytes([number; 32])
}

/// Founds a group of these devices; the first one signs.
pub fn found(devices: &mut [Device]) -> Verified {
    let neighbour = role("neighbour");
    let members = devices
        .iter()
        .map(|one| FirstMember { device: one.founds(&neighbour), role: neighbour.clone() })
        .collect();
    let found =
        Found { policy: Share::DEFAULT, members, name: text(1), parent: None, continues: None };
    devices[0].sign(None, &[], first_day(), Content::Act(Act::Found(found)))
}

/// A group of so many people, who all know of it.
pub fn people<const N: usize>() -> [Person; N] {
    let mut devices: Vec<Device> = (1..=N as u8).map(Device::new).collect();
    let founding = found(&mut devices);
    let mut devices = devices.into_iter();
    std::array::from_fn(|_| Person::new(devices.next().unwrap(), [founding.clone()], first_day()))
}

/// The id of a first member.
pub fn member(people: &Person, place: u8) -> MemberId {
    MemberId::first(people.ledger.group().founding(), place)
}

/// Somebody who is admitted by `by`, with the ledger that `by` has.
pub fn admit(by: &mut Person, seed: u8) -> (EnvelopeId, Person) {
    let device = Device::new(seed);
    let newcomer = role("newcomer");
    let act = Act::Admit { device: device.accepts(by.ledger.group(), &newcomer), role: newcomer };
    let id = by.act(act);
    (id, Person::new(device, by.all(), by.day))
}

/// Brings in somebody without a device, for whom `by` signs.
pub fn assist(by: &mut Person, nonce: u8) -> MemberId {
    let helper = by.me().unwrap();
    let nonce = Nonce::from_bytes([nonce; 16]);
    let act = Act::Assist { helper, role: role("elder"), imported: None, nonce };
    MemberId::brought_in_by(by.act(act))
}

/// Everybody takes in what everybody has.
pub fn meet(people: &mut [&mut Person]) {
    for at in 0..people.len() {
        let all = people[at].all();
        for (other, person) in people.iter_mut().enumerate() {
            if other != at {
                all.iter().for_each(|one| person.take(one));
            }
        }
    }
}

pub fn meeting(day: Day) -> Record {
    Record::Meeting { day, title: text(2), headcount: None, imported: false }
}

pub const fn tap(meeting: EnvelopeId) -> Record {
    Record::Tap { meeting, code: None, imported: false }
}

pub fn work(minutes: u32, beneficiary: Beneficiary, day: Day) -> Record {
    let minutes = Minutes::new(minutes).unwrap();
    let what = text(3);
    Record::Contribution(Contribution { what, minutes, day, phase: None, beneficiary, on: None })
}

pub const fn correct(entry: EnvelopeId, fields: Corrected) -> Record {
    let reason = TextHash::from_bytes([4; 32]);
    Record::Correct { entry, correction: Correction::Fields(fields), reason }
}

pub fn same_as(entry: EnvelopeId, other: EnvelopeId) -> Record {
    Record::Correct { entry, correction: Correction::SameAs(other), reason: text(5) }
}

pub fn dispute(entry: EnvelopeId) -> Record {
    Record::Dispute { entry, reason: text(6) }
}

pub fn words(number: u8) -> Proposal {
    Proposal::new(Matter::Text(text(number)))
}
