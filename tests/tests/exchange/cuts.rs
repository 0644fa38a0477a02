//! Connections that break: at every message, whoever was speaking.

use copact_core::entry::Record;
use copact_tests::group::{admit, first_day, meeting, people, tap, text};
use copact_tests::person::Person;
use copact_tests::room::{Phone, Room};

/// Two who both wrote, so much that it takes several messages.
fn apart() -> [Person; 2] {
    let [mut ann, mut ben] = people();
    let meeting = ann.entry(meeting(first_day()));
    ben.take(ann.ledger.get(meeting).unwrap().envelope());
    for number in 0..40 {
        ann.entry(Record::Note(text(number)));
        ben.entry(tap(meeting));
    }
    [ann, ben]
}

/// Every number of messages after which the connection breaks, until it is none.
fn at_every_message(begin: impl Fn() -> Room, end: impl Fn(&Room) -> bool) -> usize {
    for cut in 0..200 {
        let mut room = begin();
        let link = room.link(0, 1);
        for _ in 0..cut {
            room.deliver();
            if room.letters.is_empty() {
                break;
            }
        }
        let whole = room.letters.is_empty() && cut > 0;
        let lengths: Vec<_> =
            room.phones.iter().map(|one| one.ledger().map_or(0, |all| all.len())).collect();
        room.unlink(link);
        room.settle(1_000);
        // What arrived stays.
        for (phone, before) in room.phones.iter().zip(lengths) {
            assert!(phone.ledger().map_or(0, |all| all.len()) >= before);
            assert_eq!(phone.exchange.orphans(), 0, "after {cut} messages");
        }
        room.link(0, 1);
        room.settle(5_000);
        assert!(end(&room), "after {cut} messages");
        if whole {
            return cut;
        }
    }
    panic!("it does not end");
}

#[test]
fn an_exchange_that_is_cut_at_any_message_goes_on_where_it_was() {
    let cuts = at_every_message(|| Room::of(apart()), |room| room.are_equal(&[0, 1]));
    assert!(cuts >= 4, "{cuts}");
}

#[test]
fn a_newcomer_who_is_cut_off_at_any_message_gets_in_all_the_same() {
    let begin = || {
        let [mut ann, ben] = apart();
        ann.hear(&ben);
        let (_, newcomer) = admit(&mut ann, 9);
        let group = ann.ledger.group();
        let mut room = Room::of([ann]);
        room.enter(Phone::newcomer(group, newcomer.device));
        room
    };
    let inside = |room: &Room| {
        let newcomer = room.phones[1].person.as_ref();
        room.are_equal(&[0, 1]) && newcomer.is_some_and(Person::stands)
    };
    let cuts = at_every_message(begin, inside);
    assert!(cuts >= 3, "{cuts}");
}
