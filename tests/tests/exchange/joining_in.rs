//! Who may talk: members, those who parted, guests, strangers, copies.

use copact_core::codec;
use copact_core::entry::Record;
use copact_core::proposal::AnswerWord::Yes;
use copact_sync::exchange::{Closing, Progress};
use copact_tests::decisions::{decide, remove, tips};
use copact_tests::device::Device;
use copact_tests::group::{admit, meet, member, people, text};
use copact_tests::person::Person;
use copact_tests::room::{Phone, Room};

/// The envelope that an admission is, as a guest brings it.
fn admission(by: &Person, id: copact_core::ids::EnvelopeId) -> Vec<u8> {
    codec::encode(&by.ledger.get(id).unwrap().envelope().wire())
}

#[test]
fn a_guest_is_heard_until_its_admission_is_here_and_then_gets_all() {
    let [mut ann, mut ben] = people();
    let (id, mut cem) = admit(&mut ann, 9);
    let brought = vec![admission(&ann, id)];
    ben.entry(Record::Note(text(50)));
    cem.entry(Record::Note(text(51)));
    let mut room = Room::of([ben, cem]);
    room.link_with(0, 1, Vec::new(), brought);
    room.settle(5_000);
    assert!(room.are_equal(&[0, 1]), "{:?}", room.closed);
    assert_eq!(room.progress(0), [Progress::UpToDate]);
}

#[test]
fn two_newcomers_who_were_let_in_apart_get_to_know_each_other() {
    let [mut ann, mut ben] = people();
    let (by_ann, mut cem) = admit(&mut ann, 9);
    let (by_ben, mut dan) = admit(&mut ben, 10);
    let (of_cem, of_dan) = (vec![admission(&ann, by_ann)], vec![admission(&ben, by_ben)]);
    cem.entry(Record::Note(text(51)));
    dan.entry(Record::Note(text(52)));
    let mut room = Room::of([cem, dan]);
    room.link_with(0, 1, of_cem, of_dan);
    room.settle(5_000);
    assert!(room.are_equal(&[0, 1]), "{:?}", room.closed);
    assert_eq!(room.phones[0].ledger().unwrap().len(), 1 + 2 + 2);
    assert_eq!(room.progress(0), [Progress::UpToDate]);
    assert_eq!(room.progress(1), [Progress::UpToDate]);
}

#[test]
fn a_guest_who_waits_for_long_gets_all_once_it_is_known() {
    let [mut ann, mut ben] = people();
    let (id, cem) = admit(&mut ann, 9);
    let (brought, admit) =
        (vec![admission(&ann, id)], ann.ledger.get(id).unwrap().envelope().clone());
    ben.entry(Record::Note(text(50)));
    // The guest has its own admission not yet, so it cannot bring it.
    let mut room = Room::of([ben]);
    let guest = room.enter(Phone::newcomer(ann.ledger.group(), cem.device));
    room.link_with(0, guest, Vec::new(), brought);
    room.settle(600_000);
    assert!(room.phones[guest].ledger().is_none_or(|ledger| ledger.len() < 2));
    room.person(0).take(&admit);
    room.wrote(0);
    room.settle(5_000);
    assert!(room.are_equal(&[0, guest]));
    assert_eq!(room.phones[guest].ledger().unwrap().len(), 3);
}

#[test]
fn a_guest_gets_nothing_before_its_admission_is_here() {
    let [mut ann, mut ben] = people();
    let (id, cem) = admit(&mut ann, 9);
    let brought = vec![admission(&ann, id)];
    ben.entry(Record::Note(text(50)));
    let before = cem.ledger.len();
    let mut room = Room::of([ben, cem]);
    // Whatever the guest sends is lost, so it stays a guest.
    room.lose = Some(|letter| {
        letter.from == 1 && letter.bytes.first() == Some(&0x82) && letter.bytes.get(1) == Some(&3)
    });
    room.link_with(0, 1, Vec::new(), brought);
    room.settle(60_000);
    assert_eq!(room.phones[1].ledger().unwrap().len(), before);
}

#[test]
fn a_stranger_is_sent_away_and_gets_nothing() {
    let [ann, ben] = people();
    let group = ann.ledger.group();
    let mut room = Room::of([ann]);
    let stranger = room.enter(Phone::newcomer(group, Device::new(77)));
    room.link(stranger, 0);
    room.settle(5_000);
    assert!(room.phones[stranger].person.is_none());
    assert!(matches!(room.closed[..], [(0, _, Closing::Stranger)]), "{:?}", room.closed);
    // An admission that its own device signed leads nowhere.
    let [mut own] = people::<1>();
    let (id, _) = admit(&mut own, 77);
    let forged = admission(&own, id);
    let mut room = Room::of([ben]);
    let stranger = room.enter(Phone::newcomer(group, Device::new(77)));
    room.link_with(stranger, 0, vec![forged], Vec::new());
    room.settle(5_000);
    assert!(matches!(room.closed[..], [(0, _, Closing::Stranger)]), "{:?}", room.closed);
}

#[test]
fn a_copy_of_this_device_is_told_and_not_talked_to() {
    let [ann, ben] = people();
    let copy = ann.copy();
    let mut room = Room::of([ann, ben]);
    let copy = room.enter(Phone::of(copy));
    room.link(0, copy);
    assert!(room.closed.iter().any(|(at, _, why)| *at == 0 && *why == Closing::Clone));
    assert!(room.links.is_empty());
}

/// Three, of whom the others removed the third, who knows nothing of it.
fn removed() -> (Person, Person, Person) {
    let [mut ann, mut ben, mut cem] = people();
    cem.entry(Record::Note(text(40)));
    meet(&mut [&mut ann, &mut ben, &mut cem]);
    let removal = remove(member(&ann, 2), &tips(&ann.ledger, &cem.device.key()));
    decide(&mut [&mut ann, &mut ben], &removal);
    (ann, ben, cem)
}

#[test]
fn who_was_removed_learns_of_it_and_of_nothing_since() {
    let (mut ann, ben, mut cem) = removed();
    let decided = ann.ledger.len();
    let secret = ann.entry(Record::Note(text(60)));
    let late = cem.entry(Record::Note(text(61)));
    let mut room = Room::of([ann, ben, cem]);
    room.link(2, 0);
    room.settle(60_000);
    let theirs = room.phones[2].ledger().unwrap();
    assert!(theirs.get(secret).is_none());
    assert_eq!(theirs.len(), decided + 1, "all that led to it, and what they wrote");
    assert!(!room.phones[2].person.as_ref().unwrap().stands());
    // What they wrote is kept, and does not count.
    let ours = room.phones[0].ledger().unwrap();
    let place = ours.place_of(late).unwrap();
    assert!(!ours.now().counts(place));
    assert_eq!(room.progress(0), [Progress::Parted]);
}

#[test]
fn who_is_removed_while_connected_gets_nothing_any_more() {
    let [ann, ben, cem] = people();
    let mut room = Room::of([ann, ben, cem]);
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        room.link(a, b);
    }
    room.settle(1_000);
    let ann = room.person(0);
    let device = Device::new(3).key();
    let removal = remove(member(ann, 2), &tips(&ann.ledger, &device));
    for at in 0..2 {
        room.person(at).answer(&removal, Yes);
        room.wrote(at);
        room.settle(1_000);
    }
    room.person(0).enact_this(&removal);
    room.wrote(0);
    room.settle(1_000);
    assert!(!room.phones[2].person.as_ref().unwrap().stands(), "told");
    let secret = room.person(0).entry(Record::Note(text(60)));
    room.wrote(0);
    room.settle(60_000);
    assert!(room.phones[1].ledger().unwrap().get(secret).is_some());
    assert!(room.phones[2].ledger().unwrap().get(secret).is_none());
}
