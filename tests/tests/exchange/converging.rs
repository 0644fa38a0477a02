//! Honest devices end equal.

use copact_core::entry::Record;
use copact_sync::exchange::Progress;
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
