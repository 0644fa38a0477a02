//! Honest devices end equal.

use copact_core::entry::Record;
use copact_sync::exchange::Progress;
use copact_sync::exchange::message::Message;
use copact_tests::group::{admit, first_day, meeting, people, tap, text};
use copact_tests::room::{Phone, Room};

#[test]
fn two_who_wrote_apart_are_equal_after_one_round_trip() {
    let [mut ann, ben] = people();
    let meeting = ann.entry(meeting(first_day()));
    let mut room = Room::of([ann, ben]);
    let first = room.person(0).ledger.get(meeting).unwrap().envelope().clone();
    room.person(1).take(&first);
    room.person(0).entry(tap(meeting));
    room.person(1).entry(tap(meeting));
    for at in 0..2 {
        room.wrote(at);
    }
    room.link(0, 1);
    // Hello and Hello; then the envelopes, which is all that it takes.
    for _ in 0..4 {
        assert!(room.deliver());
    }
    assert!(room.are_equal(&[0, 1]));
    room.settle(1_000);
    assert_eq!(room.progress(0), [Progress::UpToDate]);
    assert_eq!(room.progress(1), [Progress::UpToDate]);
}

#[test]
fn what_is_written_is_there_at_once_and_passed_on() {
    let mut room = Room::of(people::<4>());
    for at in 1..4 {
        room.link(at - 1, at);
    }
    room.settle(1_000);
    room.person(0).entry(meeting(first_day()));
    room.wrote(0);
    while room.deliver() {}
    assert!(room.are_equal(&[0, 1]), "sent unasked");
    room.settle(1_000);
    assert!(room.are_equal(&[0, 1, 2, 3]));
    for at in 0..4 {
        assert!(room.progress(at).iter().all(|one| *one == Progress::UpToDate), "{at}");
    }
    assert!(room.now < 1_000, "{}", room.now);
}

#[test]
fn a_newcomer_without_anything_gets_all() {
    let [mut ann, ben] = people();
    let (_, newcomer) = admit(&mut ann, 9);
    for number in 0..50 {
        ann.entry(Record::Note(text(number)));
    }
    let group = ann.ledger.group();
    let mut room = Room::of([ann, ben]);
    let cem = room.enter(Phone::newcomer(group, newcomer.device));
    room.link(cem, 0);
    room.settle(1_000);
    assert!(room.are_equal(&[0, cem]));
    assert_eq!(room.progress(cem), [Progress::UpToDate]);
    // And goes on as everybody else.
    room.person(cem).entry(Record::Note(text(99)));
    room.wrote(cem);
    room.link(0, 1);
    room.settle(1_000);
    assert!(room.are_equal(&[0, 1, cem]));
}

/// People who all have a first note of each other, so that each knows everybody's chain.
fn acquainted<const N: usize>() -> Room {
    let mut room = Room::of(people::<N>());
    let mut first = Vec::new();
    for at in 0..N {
        let person = room.person(at);
        let id = person.entry(Record::Note(text(at as u8)));
        first.push(person.ledger.get(id).unwrap().envelope().clone());
    }
    for at in 0..N {
        first.iter().for_each(|one| room.person(at).take(one));
        room.wrote(at);
    }
    room
}

/// Delivers all that is under way now.
fn wave(room: &mut Room) {
    for _ in 0..room.letters.len() {
        room.deliver();
    }
}

#[test]
fn also_those_are_asked_at_once_of_whom_nothing_is_here_yet() {
    let mut room = Room::of(people::<12>());
    for at in 1..12 {
        room.person(at).entry(Record::Note(text(at as u8)));
        room.wrote(at);
        room.link(0, at);
    }
    for _ in 0..4 {
        wave(&mut room);
    }
    assert_eq!(room.phones[0].ledger().unwrap().len(), 1 + 11);
    room.settle(1_000);
    assert!(room.are_equal(&(0..12).collect::<Vec<_>>()));
}

#[test]
fn who_meets_many_asks_all_at_once_for_what_each_of_them_alone_has() {
    let mut room = acquainted::<12>();
    for at in 1..12 {
        room.person(at).entry(Record::Note(text(100 + at as u8)));
        room.wrote(at);
        room.link(0, at);
    }
    // Hello, the request, the answer: as many as with one peer.
    for _ in 0..3 {
        wave(&mut room);
    }
    assert_eq!(room.phones[0].ledger().unwrap().len(), 1 + 12 + 11);
    room.settle(1_000);
    assert!(room.are_equal(&(0..12).collect::<Vec<_>>()));
}

#[test]
fn what_several_have_is_sent_by_one_of_them() {
    let mut room = acquainted::<6>();
    let new = room.person(5).entry(Record::Note(text(100)));
    let new = room.person(5).ledger.get(new).unwrap().envelope().clone();
    for at in 1..5 {
        room.person(at).take(&new);
        room.wrote(at);
        room.link(0, at);
    }
    let mut came = 0;
    for _ in 0..20 {
        for message in room.read() {
            if let Message::Data(data) = message {
                came += data.unpack().unwrap().envelopes.len();
            }
        }
        wave(&mut room);
    }
    assert_eq!(came, 1);
    assert!(room.are_equal(&[0, 1, 2, 3, 4]));
}
