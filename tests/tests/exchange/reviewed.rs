//! What a review of the exchange found, each as the property that should hold.

use copact_core::entry::Record;
use copact_core::envelope::Wire;
use copact_core::ids::{EnvelopeId, Salt, TextHash};
use copact_core::side::SideText;
use copact_core::text::FreeText;
use copact_sync::bundle::Parcel;
use copact_sync::exchange::message::{Data, Go, Message, Now};
use copact_sync::exchange::summary::{Ends, ShortTip, Summary};
use copact_sync::exchange::{PeerId, Progress};
use copact_sync::limits;
use copact_tests::decisions::{decide, remove, tips};
use copact_tests::device::Device;
use copact_tests::group::{first_day, meet, member, people, text};
use copact_tests::person::Person;
use copact_tests::room::Room;

fn note(number: u8) -> Record {
    Record::Note(text(number))
}

fn wire(person: &Person, id: EnvelopeId) -> Wire {
    person.ledger.get(id).unwrap().envelope().wire()
}

fn data(go: Option<u32>, last: bool, parcel: &Parcel) -> Vec<u8> {
    let parcel = copact_core::codec::encode(parcel);
    Message::Data(Data { go, last, deflated: false, parcel }).to_bytes()
}

fn of(envelopes: Vec<Wire>) -> Parcel {
    Parcel { envelopes, ..Parcel::default() }
}

/// A text as long as any may be, unlike all others.
fn long_text(number: u64) -> SideText {
    let mut salt = [5; 16];
    salt[..8].copy_from_slice(&number.to_le_bytes());
    let words: String = (0..1_600_u64).map(|at| format!("{:08x}, ", at * 7_919 + number)).collect();
    SideText { salt: Salt::from_bytes(salt), text: FreeText::new(&words).unwrap() }
}

fn write_long(room: &mut Room, at: usize, number: u64) -> TextHash {
    let side = long_text(number);
    let hash = side.hash();
    room.person(at).entry(Record::Note(hash));
    room.phones[at].texts.insert(hash, side);
    hash
}

#[test]
fn an_answer_with_long_texts_is_never_more_than_a_receiver_takes() {
    let mut room = Room::of(people::<2>());
    let texts: Vec<TextHash> = (0..90).map(|number| write_long(&mut room, 0, number)).collect();
    room.wrote(0);
    room.link(0, 1);
    room.settle(30_000);
    assert!(room.closed.is_empty(), "{:?}", room.closed);
    assert!(room.are_equal(&[0, 1]));
    assert!(texts.iter().all(|hash| room.phones[1].texts.contains_key(hash)));
}

#[test]
fn much_that_is_written_at_once_ends_no_connection() {
    let mut room = Room::of(people::<2>());
    room.link(0, 1);
    room.settle(1_000);
    for number in 0..90 {
        write_long(&mut room, 0, number);
    }
    room.wrote(0);
    room.settle(30_000);
    assert!(room.closed.is_empty(), "{:?}", room.closed);
    assert!(room.are_equal(&[0, 1]));
    assert_eq!(room.phones[1].texts.len(), 90);
}

#[test]
fn keys_that_nobody_let_in_give_nobody_more_than_their_own_share_of_a_day() {
    let [ann, mal] = people();
    let mut room = Room::of([ann, mal]);
    let end = room.link(0, 1);
    room.settle(1_000);
    let mal = room.phones[1].person.take().unwrap();
    let (group, day) = (mal.ledger.group(), limits::DAY_ENVELOPES as usize);
    let founding = group.founding();
    for batch in 0..day / 100 + 5 {
        let signed = (0..100_u64).map(|one| {
            let seed = (batch as u64 * 100 + one + 1_000).to_le_bytes();
            let mut secret = [7; 32];
            secret[..8].copy_from_slice(&seed);
            let mut key = Device::new(200);
            key.secret = copact_core::keys::DeviceSecret::from_bytes(&secret);
            let content = copact_core::envelope::Content::Act(copact_core::act::Act::Link);
            key.sign(Some(group), &[founding], first_day(), content).wire()
        });
        let bytes = data(None, false, &of(signed.collect()));
        room.hand_over(0, end, &bytes);
        room.letters.clear();
    }
    let taken = room.phones[0].ledger().unwrap().len() - 1;
    assert!(taken <= day, "{taken} envelopes of keys that nobody knows");
}

#[test]
fn who_dribbles_crumbs_keeps_nobody_from_the_others() {
    dribbles(true);
    dribbles(false);
}

/// Answers with crumbs among what is known, in answers that end, or in one that does not.
fn dribbles(ends: bool) {
    let [ann, ben, mal] = people();
    let mut room = Room::of([ann, mal, ben]);
    let said = room.person(2).entry(note(5));
    room.wrote(2);
    // Mal is met first, always has something more, and takes nearly as long as is allowed.
    let end = room.link(0, 1);
    room.settle(1_000);
    let mut mal = room.phones[1].person.take().unwrap();
    room.lose = Some(|letter| letter.to == 1);
    let mut told = 0_u64;
    let mut tell = |room: &mut Room| {
        told += 1;
        let tip = ShortTip { seq: 1_000_000 + told, id: [7; 5].into() };
        let changed = Summary([([3; 5].into(), Ends::Tips([tip].into()))].into());
        let mut digest = [1; 16];
        digest[..8].copy_from_slice(&told.to_le_bytes());
        let now = Now { digest: digest.into(), profiles: [0; 8].into(), changed };
        room.hand_over(0, end, &Message::Now(now).to_bytes());
    };
    tell(&mut room);
    room.link(0, 2);
    let junk: Vec<Wire> = {
        let founding = mal.ledger.group().founding();
        vec![wire(&mal, founding); 500]
    };
    let mut asked = 0;
    for _ in 0..60 {
        let go = room.read().into_iter().zip(&room.letters).find_map(|(one, letter)| match one {
            Message::Go(Go { number, .. }) if letter.to == 1 => Some(number),
            _ => None,
        });
        room.letters.retain(|letter| letter.to != 1);
        while room.deliver() {}
        asked = go.unwrap_or(asked);
        if go.is_some() || !ends {
            for last in [false, ends] {
                let id = mal.entry(note(7));
                let mut envelopes = vec![wire(&mal, id)];
                if !last {
                    envelopes.extend(junk.iter().cloned());
                }
                tell(&mut room);
                room.hand_over(0, end, &data(Some(asked), last, &of(envelopes)));
                if !last {
                    room.pass(60_000);
                }
            }
        }
        room.pass(1);
    }
    assert!(room.closed.is_empty(), "{:?}", room.closed);
    assert!(room.phones[0].ledger().unwrap().get(said).is_some(), "what Ben had before they met");
}

#[test]
fn texts_that_nobody_has_end_no_connection_and_hide_none_that_somebody_has() {
    let mut room = Room::of(people::<2>());
    let count = limits::TEXTS_DUE as u64 + 600;
    for number in 0..count {
        let mut hash = [9; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        let hash = TextHash::from_bytes(hash);
        room.phones[0].wanted.insert(hash);
        room.phones[1].wanted.insert(hash);
    }
    // The last in order, so that all the others are asked for before it.
    let side = (0..).map(long_text).find(|one| one.hash().as_bytes()[0] > 200).unwrap();
    let hash = side.hash();
    room.person(0).entry(Record::Note(hash));
    let named = room.person(0).all().last().unwrap().clone();
    room.person(1).take(&named);
    room.phones[0].texts.insert(hash, side);
    room.phones[1].wanted.insert(hash);
    room.wrote(0);
    room.wrote(1);
    room.link(0, 1);
    room.settle(30_000);
    for number in 0..12 {
        room.person(0).entry(note(number));
        room.wrote(0);
        room.settle(30_000);
    }
    assert!(room.closed.is_empty(), "{:?}", room.closed);
    assert!(room.phones[1].texts.contains_key(&hash));
}

#[test]
fn who_is_removed_in_the_middle_of_an_answer_gets_no_more_of_it() {
    let [ann, mut ben, mut cem, mut dan, mut eve] = people();
    cem.entry(note(1));
    meet(&mut [&mut ben, &mut cem, &mut dan, &mut eve]);
    let removal = remove(member(&ben, 2), &tips(&ben.ledger, &cem.device.key()));
    decide(&mut [&mut ben, &mut dan, &mut eve], &removal);
    let mut room = Room::of([ann, cem]);
    for number in 0..160 {
        write_long(&mut room, 0, number);
    }
    room.wrote(0);
    let end = room.link(0, 1);
    // Cem gets as much as he opens his window for; then Ann learns that he was removed.
    while room.letters.iter().any(|letter| letter.to == 0) {
        let at = room.letters.iter().position(|letter| letter.to == 0).unwrap();
        let letter = room.letters.remove(at).unwrap();
        room.hand_over(0, end, &letter.bytes);
    }
    let got = |room: &Room| -> usize {
        let messages = room.read();
        let data = messages.iter().filter_map(|one| match one {
            Message::Data(data) => Some(data.unpack().unwrap().envelopes.len()),
            _ => None,
        });
        data.sum()
    };
    assert!((1..161).contains(&got(&room)), "{}", got(&room));
    room.letters.clear();
    ben.all().iter().for_each(|one| room.person(0).take(one));
    room.wrote(0);
    room.letters.clear();
    room.hand_over(0, end, &Message::More(1_000_000).to_bytes());
    assert_eq!(room.progress(0), [Progress::Parted]);
    assert_eq!(got(&room), 0, "written apart from what led to his removal");
}

#[test]
fn a_day_that_the_clock_invented_keeps_nothing_out_for_ever() {
    let [ann, mut mal] = people();
    for _ in 0..limits::DAY_ENVELOPES + 10 {
        mal.entry(note(7));
    }
    let mut room = Room::of([ann, mal]);
    // Ann's clock is years ahead while she syncs, and is put right afterwards.
    for _ in 0..400 {
        room.next_day();
    }
    room.link(0, 1);
    room.settle(60_000);
    assert_eq!(room.progress(0), [Progress::Delayed]);
    room.set_day(0, 0);
    for day in 1..4 {
        room.set_day(0, day);
        room.pass(1);
        room.settle(60_000);
    }
    assert!(room.are_equal(&[0, 1]), "the rest comes on another day");
}

#[test]
fn more_chains_than_a_message_names_part_nobody() {
    let [mut ann, mut ben, mut mal] = people();
    for number in 0..limits::CHAINS as u64 + 50 {
        mal.device.begin_again(number + 10);
        let group = Some(mal.ledger.group());
        let founding = mal.ledger.group().founding();
        let content = copact_core::envelope::Content::Act(copact_core::act::Act::Link);
        let one = mal.device.sign(group, &[founding], first_day(), content);
        ann.take(&one);
        ben.take(&one);
    }
    let mut room = Room::of([ann, ben]);
    room.link(0, 1);
    room.settle(5_000);
    for at in 0..2 {
        let said = room.person(at).entry(note(9));
        room.wrote(at);
        room.settle(20_000);
        assert!(room.closed.is_empty(), "{:?}", room.closed);
        assert!(room.phones[1 - at].ledger().unwrap().get(said).is_some());
    }
    assert!(room.are_equal(&[0, 1]));
    assert_eq!(room.progress(0), [Progress::UpToDate]);
    // What each had before they met is found as well.
    let (one, other) = (room.person(0).entry(note(1)), room.person(1).entry(note(2)));
    room.wrote(0);
    room.wrote(1);
    room.unlink(PeerId(0));
    room.link(0, 1);
    room.settle(60_000);
    assert!(room.closed.is_empty(), "{:?}", room.closed);
    assert!(room.phones[0].ledger().unwrap().get(other).is_some());
    assert!(room.phones[1].ledger().unwrap().get(one).is_some());
}

#[test]
fn who_was_removed_is_told_nothing_of_what_was_written_since_whatever_they_claim() {
    let [mut ann, mut ben, mut cem] = people();
    cem.entry(note(1));
    meet(&mut [&mut ann, &mut ben, &mut cem]);
    let removal = remove(member(&ann, 2), &tips(&ann.ledger, &cem.device.key()));
    decide(&mut [&mut ann, &mut ben], &removal);
    let known = ann.ledger.len();
    for number in 0..30 {
        ann.entry(note(number));
    }
    let mut room = Room::of([ann, cem]);
    let end = room.link(0, 1);
    let key = room.read().iter().find_map(|one| match one {
        Message::Go(_) | Message::Data(_) => None,
        Message::Hello(hello) => Some(hello.go.clone()?.summary),
        _ => None,
    });
    // The chains of which the summary tells, among them Ann's.
    let chains: Vec<_> = key.unwrap().0.into_keys().collect();
    room.settle(1_000);
    room.phones[1].person.take();
    let mut highest = 0;
    for round in 0..40_u64 {
        let tips = |seq| Ends::Tips([ShortTip { seq, id: [7; 5].into() }].into());
        let changed = Summary(chains.iter().map(|one| (*one, tips(1 + round % 3))).collect());
        let mut digest = [1; 16];
        digest[0] = round as u8;
        let now = Now { digest: digest.into(), profiles: [0; 8].into(), changed };
        room.hand_over(0, end, &Message::Now(now).to_bytes());
        for message in room.read() {
            let Message::Go(go) = message else { continue };
            let rungs = go.ladders.iter().flat_map(|ladder| &ladder.rungs);
            highest = rungs.map(|rung| rung.seq).max().unwrap_or(0).max(highest);
            assert!(go.everything.is_none_or(|all| all.len() <= known + 1));
            let bytes = data(Some(go.number), true, &Parcel::default());
            room.hand_over(0, end, &bytes);
        }
        room.letters.clear();
        room.pass(600_000);
    }
    assert!((1..20).contains(&highest), "a ladder that reaches {highest}");
}
