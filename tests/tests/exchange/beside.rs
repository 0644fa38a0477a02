//! Texts and profile records, which lie beside the ledger.

use copact_core::codec;
use copact_core::entry::Record;
use copact_core::ids::Salt;
use copact_core::profile::{Profile, Statement};
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name};
use copact_sync::bundle::Parcel;
use copact_sync::exchange::message::{Data, Message};
use copact_sync::exchange::{PeerId, Progress};
use copact_tests::group::people;
use copact_tests::room::Room;

fn text(words: &str) -> SideText {
    SideText { salt: Salt::from_bytes([3; 16]), text: FreeText::new(words).unwrap() }
}

/// Writes a note, and keeps its text.
fn note(room: &mut Room, at: usize, words: &str) -> SideText {
    let side = text(words);
    room.person(at).entry(Record::Note(side.hash()));
    room.phones[at].texts.insert(side.hash(), side.clone());
    room.wrote(at);
    side
}

fn name(room: &mut Room, at: usize, name: &str) -> Profile {
    let person = room.person(at);
    let statement = Statement {
        author: person.device.key(),
        about: None,
        after: person.device.last.map(|(_, id)| id),
        name: Name::new(name).unwrap(),
        picture: None,
        endpoint: None,
    };
    let profile = Profile::sign(statement, &person.device.secret);
    room.phones[at].profiles.push(profile.clone());
    room.wrote(at);
    profile
}

#[test]
fn texts_come_with_the_envelopes_that_name_them() {
    let mut room = Room::of(people::<3>());
    let before = note(&mut room, 0, "said before anybody met");
    room.link(0, 1);
    room.link(1, 2);
    room.settle(2_000);
    let after = note(&mut room, 0, "said while all listened");
    room.settle(2_000);
    for at in 0..3 {
        assert!(room.phones[at].texts.contains_key(&before.hash()), "{at}");
        assert!(room.phones[at].texts.contains_key(&after.hash()), "{at}");
    }
}

#[test]
fn a_text_that_was_cut_off_is_asked_for_until_somebody_has_it() {
    let mut room = Room::of(people::<3>());
    let said = note(&mut room, 0, "said once");
    room.link(0, 1);
    room.settle(2_000);
    // The first copy of the text is lost on Ben's phone.
    room.phones[1].texts.clear();
    room.phones[1].wanted.insert(said.hash());
    room.phones[2].wanted.insert(said.hash());
    room.wrote(1);
    room.link(1, 2);
    room.settle(2_000);
    assert!(room.phones[1].texts.contains_key(&said.hash()), "asked for again");
    assert!(room.phones[2].texts.contains_key(&said.hash()), "sent when it was there");
}

#[test]
fn a_text_that_nobody_named_is_not_passed_on() {
    let mut room = Room::of(people::<2>());
    note(&mut room, 0, "named");
    let stray = text("not named by anything");
    room.phones[0].texts.insert(stray.hash(), stray.clone());
    room.link(0, 1);
    room.settle(2_000);
    assert_eq!(room.phones[1].texts.len(), 1);
    // Nor taken from who sends it all the same.
    let parcel = Parcel { texts: vec![stray], ..Parcel::default() };
    let parcel = codec::encode(&parcel);
    let data = Message::Data(Data { go: None, last: false, deflated: false, parcel });
    room.hand_over(1, PeerId(1), &data.to_bytes());
    assert_eq!(room.phones[1].texts.len(), 1);
}

#[test]
fn profile_records_reach_everybody_and_come_once() {
    let mut room = Room::of(people::<3>());
    let ann = name(&mut room, 0, "Ann");
    let cem = name(&mut room, 2, "Cem");
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        room.link(a, b);
    }
    room.settle(2_000);
    let new = name(&mut room, 1, "Ben");
    room.settle(2_000);
    for at in 0..3 {
        for record in [&ann, &cem, &new] {
            assert_eq!(room.phones[at].profiles.iter().filter(|one| *one == record).count(), 1);
        }
        assert!(room.progress(at).iter().all(|one| *one == Progress::UpToDate), "{at}");
    }
}
