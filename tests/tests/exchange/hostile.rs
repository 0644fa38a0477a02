//! Peers that lie, flood, stall and send garbage: refused or survived, at a bounded cost.

use copact_core::act::Act;
use copact_core::entry::Record;
use copact_core::envelope::{Content, Wire};
use copact_core::ids::EnvelopeId;
use copact_sync::bundle::Parcel;
use copact_sync::exchange::message::{Data, Go, Message, Now};
use copact_sync::exchange::summary::{Ends, ShortTip, Summary};
use copact_sync::exchange::{Closing, PeerId, Progress};
use copact_sync::limits;
use copact_tests::group::{first_day, meeting, people, tap, text};
use copact_tests::person::Person;
use copact_tests::room::Room;

fn note(number: u8) -> Record {
    Record::Note(text(number))
}

/// Ann, and Mal whose device says what a test wants; both have said hello.
fn with_mal() -> (Room, PeerId, Person) {
    let [mut ann, mal] = people();
    ann.entry(note(1));
    let mut room = Room::of([ann, mal]);
    let end = room.link(0, 1);
    room.settle(1_000);
    let mal = room.phones[1].person.take().unwrap();
    (room, end, mal)
}

fn data(envelopes: Vec<Wire>) -> Vec<u8> {
    let parcel = Parcel { envelopes, ..Parcel::default() };
    let parcel = copact_core::codec::encode(&parcel);
    Message::Data(Data { go: None, last: false, deflated: false, parcel }).to_bytes()
}

fn wire(person: &Person, id: EnvelopeId) -> Wire {
    person.ledger.get(id).unwrap().envelope().wire()
}

fn refused(mut room: Room, end: PeerId, bytes: &[u8]) -> Closing {
    let before = room.phones[0].ledger().unwrap().len();
    room.hand_over(0, end, bytes);
    assert_eq!(room.phones[0].ledger().unwrap().len(), before);
    let (at, _, why) = room.closed.pop().expect("closed");
    assert_eq!(at, 0);
    why
}

#[test]
fn every_cut_and_flipped_byte_of_every_message_is_refused_or_harmless() {
    let [mut ann, mut ben] = people();
    ann.entry(note(1));
    ben.entry(note(2));
    let mut room = Room::of([ann, ben]);
    room.link(0, 1);
    let mut letters = Vec::new();
    while let Some(letter) = room.letters.front().cloned() {
        letters.push(letter);
        room.deliver();
    }
    room.settle(1_000);
    assert!(room.are_equal(&[0, 1]) && letters.len() >= 4);
    for letter in letters {
        for at in 0..letter.bytes.len() {
            let mut flipped = letter.bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            for bytes in [&letter.bytes[..at], &flipped] {
                let [ann, ben] = people();
                let mut room = Room::of([ann, ben]);
                let end = room.link(0, 1);
                room.settle(1_000);
                let before = room.phones[0].ledger().unwrap().len();
                room.hand_over(0, end, bytes);
                // Nothing but envelopes that are in order is ever taken in.
                let after = room.phones[0].ledger().unwrap().len();
                assert!(after <= before + 1, "{at}");
            }
        }
    }
}

#[test]
fn a_forged_envelope_ends_the_connection_and_what_came_before_it_is_kept() {
    let (mut room, end, mut mal) = with_mal();
    let good = mal.entry(note(2));
    let next = mal.entry(note(3));
    let mut forged = wire(&mal, next);
    let mut signature = *forged.signature.as_bytes();
    signature[3] ^= 1;
    forged.signature = copact_core::keys::SignatureBytes::from_bytes(signature);
    room.hand_over(0, end, &data(vec![wire(&mal, good), forged]));
    assert!(matches!(room.closed[..], [(0, _, Closing::Envelope(_))]), "{:?}", room.closed);
    assert!(room.phones[0].ledger().unwrap().get(good).is_some());
    assert!(room.phones[0].ledger().unwrap().get(next).is_none());
}

#[test]
fn an_envelope_of_another_group_or_that_breaks_its_chain_ends_it() {
    let [mut other] = people::<1>();
    let foreign = other.entry(note(9));
    let (room, end, _) = with_mal();
    assert_eq!(refused(room, end, &data(vec![wire(&other, foreign)])), Closing::Misplaced);
    let (room, end, mut mal) = with_mal();
    let first = mal.entry(note(2));
    let group = Some(mal.ledger.group());
    let content = Content::Act(Act::Link);
    let skips = mal.device.sign_at(group, 9, Some(first), &[], first_day(), content);
    let bytes = data(vec![wire(&mal, first), skips.wire()]);
    let mut room = room;
    room.hand_over(0, end, &bytes);
    assert!(matches!(room.closed[..], [(0, _, Closing::Misplaced)]), "{:?}", room.closed);
}

#[test]
fn frames_that_inflate_without_end_and_messages_beyond_limits_are_refused() {
    let (room, end, _) = with_mal();
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 64 * 1_024 * 1_024], 6);
    let message = Message::Data(Data { go: None, last: false, deflated: true, parcel: bomb });
    assert!(matches!(refused(room, end, &message.to_bytes()), Closing::Message(_)));
    let (room, end, _) = with_mal();
    assert!(matches!(
        refused(room, end, &vec![0x82; limits::MESSAGE_BYTES + 1]),
        Closing::Message(_)
    ));
    let tips = (0..=limits::TIPS as u64).map(|seq| ShortTip { seq, id: [1; 5].into() }).collect();
    let changed = Summary([([1; 5].into(), Ends::Tips(tips))].into());
    let (room, end, _) = with_mal();
    let now = Now { digest: [0; 16].into(), profiles: [0; 8].into(), changed };
    assert!(matches!(refused(room, end, &Message::Now(now).to_bytes()), Closing::Message(_)));
    let (room, end, _) = with_mal();
    assert!(matches!(refused(room, end, b"GET / HTTP/1.1"), Closing::Message(_)));
}

#[test]
fn who_lies_about_what_they_have_is_asked_a_few_times_and_no_more() {
    let (mut room, end, _) = with_mal();
    for round in 0..200_u64 {
        let tip = ShortTip { seq: 1_000 + round, id: [7; 5].into() };
        let changed = Summary([([3; 5].into(), Ends::Tips([tip].into()))].into());
        let now = Now { digest: [round as u8; 16].into(), profiles: [0; 8].into(), changed };
        room.hand_over(0, end, &Message::Now(now).to_bytes());
        // Every request is answered, with nothing.
        for message in room.read() {
            if let Message::Go(Go { number, .. }) = message {
                let parcel = copact_core::codec::encode(&Parcel::default());
                let data = Data { go: Some(number), last: true, deflated: false, parcel };
                room.hand_over(0, end, &Message::Data(data).to_bytes());
            }
        }
        room.letters.clear();
        room.pass(600_000);
    }
    let (bytes, messages) = room.sent[0];
    assert!(messages < 40 && bytes < 8_192, "{messages} messages, {bytes} bytes");
}

#[test]
fn a_silent_peer_keeps_nobody_from_the_others() {
    let [ann, ben, mal] = people();
    let mut room = Room::of([ann, ben, mal]);
    room.person(1).entry(note(5));
    room.wrote(1);
    room.lose = Some(|letter| letter.from == 2 && letter.bytes.get(1) != Some(&0));
    // Mal is met first, and asked first; says hello, and nothing more.
    room.person(2).entry(note(6));
    room.wrote(2);
    room.link(0, 2);
    room.link(0, 1);
    room.settle(2 * limits::PATIENCE);
    assert!(room.are_equal(&[0, 1]));
}

#[test]
fn orphans_are_kept_within_bounds_and_placed_when_their_ancestors_come() {
    let (mut room, end, mut mal) = with_mal();
    let ids: Vec<EnvelopeId> = (0..400).map(|_| mal.entry(note(7))).collect();
    let late: Vec<Wire> = ids[1..].iter().map(|id| wire(&mal, *id)).collect();
    room.hand_over(0, end, &data(late));
    assert_eq!(room.phones[0].exchange.orphans(), limits::ORPHANS);
    room.hand_over(0, end, &data(vec![wire(&mal, ids[0])]));
    assert_eq!(room.phones[0].exchange.orphans(), 0);
    let ledger = room.phones[0].ledger().unwrap();
    assert!(ledger.get(ids[limits::ORPHANS]).is_some() && ledger.get(ids[399]).is_none());
    // The connection ends; so does what it left behind.
    let more: Vec<EnvelopeId> = (0..3).map(|_| mal.entry(note(8))).collect();
    room.hand_over(0, end, &data(vec![wire(&mal, more[2])]));
    assert_eq!(room.phones[0].exchange.orphans(), 1);
    room.unlink(end);
    assert_eq!(room.phones[0].exchange.orphans(), 0);
}

#[test]
fn a_flood_of_valid_envelopes_is_taken_in_over_days_and_hinders_nobody() {
    let [ann, ben, mut mal] = people();
    let day = limits::DAY_ENVELOPES as usize;
    for _ in 0..day + 700 {
        mal.entry(note(7));
    }
    let mut room = Room::of([ann, ben, mal]);
    room.link(0, 2);
    room.link(0, 1);
    room.settle(60_000);
    let flooded = room.phones[0].ledger().unwrap().len();
    assert_eq!(flooded, 1 + day, "a day's worth");
    assert!(room.progress(0).contains(&Progress::Delayed));
    // Others are heard as ever, and the flood's author as well, as soon as the day is over.
    let said = room.person(1).entry(note(9));
    room.wrote(1);
    room.settle(5_000);
    assert!(room.phones[0].ledger().unwrap().get(said).is_some());
    room.next_day();
    room.settle(60_000);
    assert!(room.are_equal(&[0, 1, 2]), "the rest");
    assert!(room.progress(0).iter().all(|one| *one == Progress::UpToDate));
}

#[test]
fn what_is_repeated_costs_no_verification_and_is_not_stored_twice() {
    let (mut room, end, mut mal) = with_mal();
    let id = mal.entry(note(2));
    for _ in 0..3 {
        room.hand_over(0, end, &data(vec![wire(&mal, id); 5]));
    }
    assert!(room.closed.is_empty());
    assert_eq!(room.phones[0].ledger().unwrap().written_by(&mal.device.key()), 1);
}

#[test]
fn a_fork_costs_one_more_request() {
    let [ann, ben, cem] = people();
    let mut copy = cem.copy();
    copy.device.stir(7);
    let mut room = Room::of([ann, ben, cem, copy]);
    let meeting = {
        let ann = room.person(0);
        ann.entry(meeting(first_day()))
    };
    let first = room.person(0).ledger.get(meeting).unwrap().envelope().clone();
    for at in 1..4 {
        room.person(at).take(&first);
    }
    // One chain, continued twice, of different length.
    for _ in 0..5 {
        room.person(2).entry(tap(meeting));
    }
    for _ in 0..9 {
        room.person(3).entry(tap(meeting));
    }
    for at in 0..4 {
        room.wrote(at);
    }
    room.link(0, 2);
    room.link(1, 3);
    room.settle(2_000);
    assert!(room.are_equal(&[0, 2]) && room.are_equal(&[1, 3]));
    let before = room.sent[0].1 + room.sent[1].1;
    room.link(0, 1);
    room.settle(2_000);
    assert!(room.are_equal(&[0, 1]), "both branches on both");
    assert_eq!(room.phones[0].ledger().unwrap().len(), 2 + 5 + 9);
    let messages = room.sent[0].1 + room.sent[1].1 - before;
    assert!(messages <= 14, "{messages} messages");
}

#[test]
fn a_chain_with_more_tips_than_are_told_is_reconciled_by_lists() {
    let [ann, ben, cem] = people();
    let copies: Vec<Person> = (0..200_u64)
        .map(|number| {
            let mut copy = cem.copy();
            copy.device.stir(number + 2);
            copy.entry(note(3));
            copy
        })
        .collect();
    let mut room = Room::of([ann, ben, cem]);
    for (number, copy) in copies.iter().enumerate() {
        for one in copy.all().iter().skip(1) {
            // Some are known to both, some to one only.
            if number % 3 != 0 {
                room.person(0).take(one);
            }
            if number % 3 != 1 {
                room.person(1).take(one);
            }
        }
    }
    for at in 0..3 {
        room.wrote(at);
    }
    room.link(0, 1);
    // Before sets that should be equal are compared anew.
    room.settle(1_000);
    assert!(room.are_equal(&[0, 1]));
}

#[test]
fn a_full_disk_loses_nothing() {
    let [mut ann, ben] = people();
    ann.entry(note(1));
    let mut room = Room::of([ann, ben]);
    room.phones[1].full = true;
    room.link(0, 1);
    room.settle(1_000);
    assert!(room.links.is_empty() && !room.are_equal(&[0, 1]));
    assert!(room.closed.iter().any(|(at, _, why)| *at == 1 && *why == Closing::NotStored));
    room.phones[1].full = false;
    room.link(0, 1);
    room.settle(1_000);
    assert!(room.are_equal(&[0, 1]));
}

#[test]
fn who_asks_for_everything_again_and_again_is_sent_away() {
    let (mut room, end, _) = with_mal();
    for number in 0..30_000 {
        let go = Go {
            number,
            complete: true,
            summary: Summary::default(),
            ladders: Vec::new(),
            everything: None,
            hold: Vec::new(),
        };
        room.hand_over(0, end, &Message::Go(go).to_bytes());
        room.letters.clear();
        room.hand_over(0, end, &Message::More(1_000_000).to_bytes());
        if !room.closed.is_empty() {
            break;
        }
    }
    assert!(matches!(room.closed[..], [(0, _, Closing::Costly)]), "{:?}", room.closed);
}
