//! What is placed, what waits, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::entry::{Entry, Record};
use copact_core::envelope::Content;
use copact_core::ledger::{Inserted, Ledger, RefusedEnvelope};
use copact_core::views::Views;
use copact_tests::device::Device;
use copact_tests::group::{first_day, found, people, text};

fn note(number: u8) -> Record {
    Record::Note(text(number))
}

#[test]
fn what_breaks_a_chain_is_refused_with_all_that_builds_on_it() {
    let [mut ana, mut mal] = people();
    let founding = ana.ledger.group().founding();
    let group = Some(ana.ledger.group());
    let record = |number| Content::Entry(Entry { on_behalf_of: None, record: note(number) });
    let first = mal.device.sign(group, &[founding], first_day(), record(10));
    // The number after the next, and one that goes on in somebody else's chain.
    let gap = mal.device.sign_at(group, 3, Some(first.id()), &[], first_day(), record(11));
    let anas = ana.entry(note(12));
    let foreign = mal.device.sign_at(group, 3, Some(anas), &[], first_day(), record(13));
    let on_it = mal.device.sign_at(group, 4, Some(gap.id()), &[founding], first_day(), record(14));
    let later = mal.device.sign_at(group, 5, Some(on_it.id()), &[], first_day(), record(15));
    let mut twice = Device::new(30);
    let far = twice.sign(group, &[later.id()], first_day(), record(16));
    let broken = Err(RefusedEnvelope::BrokenChain);
    // In order.
    ana.take(&first);
    for one in [&gap, &foreign, &on_it, &later, &far, &gap] {
        assert_eq!(ana.ledger.insert(one.clone()), broken);
    }
    assert_eq!((ana.ledger.len(), ana.ledger.waiting()), (3, 0));
    // The last first: all wait, until the broken one comes.
    let mut other = Ledger::found(ana.all()[0].clone()).unwrap();
    for one in [&far, &later, &on_it, &gap] {
        assert_eq!(other.insert(one.clone()), Ok(Inserted::Waiting));
    }
    assert_eq!(other.insert(first.clone()), Ok(Inserted::Placed(vec![first.id()])));
    assert_eq!((other.len(), other.waiting()), (2, 0));
    for one in [&far, &later, &on_it] {
        assert_eq!(other.insert(one.clone()), broken);
    }
}

#[test]
fn an_envelope_waits_for_what_it_names_and_no_longer() {
    let [mut ana, ben] = people();
    let first = ana.entry(note(10));
    let second = ana.entry(note(11));
    let third = ana.entry(note(12));
    let all = ana.all();
    let mut other = Ledger::found(ben.all()[0].clone()).unwrap();
    assert_eq!(other.insert(all[3].clone()), Ok(Inserted::Waiting));
    assert_eq!(other.insert(all[3].clone()), Ok(Inserted::Known));
    assert_eq!(other.insert(all[2].clone()), Ok(Inserted::Waiting));
    assert_eq!(other.waiting(), 2);
    let placed = Inserted::Placed(vec![first, second, third]);
    assert_eq!(other.insert(all[1].clone()), Ok(placed));
    assert_eq!(other.waiting(), 0);
    assert_eq!(Views::of(&other).digest(), ana.digest());
}

#[test]
fn an_envelope_of_another_group_is_refused() {
    let [mut ana, _ben] = people();
    ana.entry(note(10));
    let mut devices = [Device::new(1), Device::new(40)];
    let mut other = Ledger::found(found(&mut devices)).unwrap();
    for one in ana.all() {
        assert_eq!(other.insert(one), Err(RefusedEnvelope::OtherGroup));
    }
    // Rewritten for this group it is no longer what was signed.
    let envelope = ana.all()[1].clone();
    let mut header = envelope.header().clone();
    header.group = Some(other.group());
    let mut wire = envelope.wire();
    wire.header = copact_core::codec::encode(&header);
    assert!(wire.parse().unwrap().verify().is_err());
}

#[test]
fn every_flipped_bit_of_an_envelope_is_refused() {
    let [mut ana] = people();
    let id = ana.entry(note(10));
    let wire = ana.ledger.get(id).unwrap().envelope().wire();
    assert_eq!(wire.clone().parse().unwrap().verify().unwrap().id(), id);
    let refused = |wire: copact_core::envelope::Wire| {
        !wire.parse().is_ok_and(|signed| signed.verify().is_ok())
    };
    for bit in 0..wire.header.len() * 8 {
        let mut flipped = wire.clone();
        flipped.header[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(flipped), "header bit {bit}");
    }
    for bit in 0..wire.body.len() * 8 {
        let mut flipped = wire.clone();
        flipped.body[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(flipped), "body bit {bit}");
    }
    for bit in 0..64 * 8 {
        let mut flipped = wire.clone();
        let mut bytes = *flipped.signature.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        flipped.signature = copact_core::keys::SignatureBytes::from_bytes(bytes);
        assert!(refused(flipped), "signature bit {bit}");
    }
    for bit in 0..16 * 8 {
        let mut flipped = wire.clone();
        let mut bytes = *flipped.salt.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        flipped.salt = copact_core::ids::Salt::from_bytes(bytes);
        assert!(refused(flipped), "salt bit {bit}");
    }
}
