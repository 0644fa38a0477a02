//! Messages that no copact sends, in the form of those that it does.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use copact_core::codec;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Draft};
use copact_core::ids::{EnvelopeId, Incarnation, Salt, TextHash};
use copact_sync::bundle::Parcel;
use copact_sync::exchange::message::{Data, Go, Hello, Ladder, Message, Now};
use copact_sync::exchange::summary::{Ends, ShortTip, Summary};
use copact_sync::limits;

use crate::chance::Chance;
use crate::phone::Phone;

/// A few kilobytes that inflate to more than a frame may have.
static BOMB: LazyLock<Vec<u8>> =
    LazyLock::new(|| miniz_oxide::deflate::compress_to_vec(&vec![0; 2 * limits::FRAME_BYTES], 6));

/// What a hostile device sends after, or instead of, an honest message. The kind, for the tally.
pub(super) fn lie(
    message: &[u8],
    phone: &Phone,
    chance: &mut Chance,
) -> (&'static str, Vec<Vec<u8>>) {
    let honest = || vec![message.to_vec()];
    let beside = |lie: Message| vec![message.to_vec(), lie.to_bytes()];
    match chance.between(0, 10) {
        0 | 1 => {
            let changed = Message::parse(message).ok().and_then(|read| exaggerate(read, chance));
            match changed {
                Some(lie) => ("summaries and hints that lie", vec![lie.to_bytes()]),
                None => ("summaries and hints that lie", honest()),
            }
        }
        2 => {
            let repeated = chance.count(1, 40);
            let mut all = honest();
            for _ in 0..repeated {
                all.push(Message::Go(empty_request(chance)).to_bytes());
                all.push(Message::More(u32::MAX).to_bytes());
            }
            ("requests for everything, again and again", all)
        }
        3 => {
            let data = Data { go: None, last: false, deflated: true, parcel: BOMB.clone() };
            ("frames that inflate", beside(Message::Data(data)))
        }
        4 | 5 => ("orphans", beside(orphans(phone, chance))),
        6 => {
            let everything = (0..chance.count(1, 2_000)).map(|_| chance.bytes::<8>().into());
            let everything = Some(everything.collect());
            let go = Go { everything, ..empty_request(chance) };
            ("lists of what nobody has", beside(Message::Go(go)))
        }
        7 => {
            let ladders = (0..chance.count(1, 40)).map(|_| Ladder {
                chain: chance.bytes::<5>().into(),
                rungs: (0..50).map(|_| tip(chance)).collect(),
            });
            let ladders = ladders.collect();
            let go = Go { ladders, ..empty_request(chance) };
            ("ladders to nowhere", beside(Message::Go(go)))
        }
        8 | 9 => {
            let known = phone.memory.ledger.as_ref().map(|ledger| ledger.named_texts());
            let texts: Vec<TextHash> = known.into_iter().flatten().take(limits::WANTED).collect();
            let mut all = honest();
            for _ in 0..chance.count(1, 12) {
                all.push(Message::Want(texts.clone()).to_bytes());
                all.push(Message::Records(Vec::new()).to_bytes());
                all.push(Message::More(u32::MAX).to_bytes());
            }
            ("requests for what it was sent before", all)
        }
        _ => {
            let texts = (0..200).map(|_| TextHash::from_bytes(chance.bytes())).collect();
            ("requests for texts that nobody has", beside(Message::Want(texts)))
        }
    }
}

fn empty_request(chance: &mut Chance) -> Go {
    let number = u32::try_from(chance.between(1, 1_000)).unwrap_or(1);
    Go {
        number,
        complete: true,
        summary: Summary::default(),
        ladders: Vec::new(),
        everything: None,
        hold: Vec::new(),
    }
}

fn tip(chance: &mut Chance) -> ShortTip {
    ShortTip { seq: chance.between(1, 200), id: chance.bytes::<5>().into() }
}

/// More than there is, or less, or something else.
fn exaggerate(message: Message, chance: &mut Chance) -> Option<Message> {
    Some(match message {
        Message::Hello(hello) => {
            let go = hello.go.map(|go| Go { summary: invent(go.summary, chance), ..go });
            Message::Hello(Hello { now: other(hello.now, chance), go, ..hello })
        }
        Message::Now(now) => Message::Now(other(now, chance)),
        Message::Go(go) => Message::Go(Go { summary: invent(go.summary, chance), ..go }),
        _ => return None,
    })
}

fn other(mut now: Now, chance: &mut Chance) -> Now {
    if chance.happens(500) {
        now.digest = chance.bytes::<16>().into();
    }
    if chance.happens(300) {
        now.profiles = chance.bytes::<8>().into();
    }
    Now { changed: invent(now.changed, chance), ..now }
}

fn invent(mut summary: Summary, chance: &mut Chance) -> Summary {
    let chains: Vec<_> = summary.0.keys().copied().collect();
    for chain in chains {
        match chance.between(0, 3) {
            0 => drop(summary.0.remove(&chain)),
            1 => {
                let tips: BTreeSet<ShortTip> =
                    (0..chance.count(1, 5)).map(|_| tip(chance)).collect();
                summary.0.insert(chain, Ends::Tips(tips));
            }
            2 => drop(summary.0.insert(chain, Ends::Many(chance.bytes::<8>().into()))),
            _ => {}
        }
    }
    for _ in 0..chance.count(0, 30) {
        let tips = [tip(chance)].into();
        summary.0.insert(chance.bytes::<5>().into(), Ends::Tips(tips));
    }
    summary
}

/// Envelopes, rightly signed, that build on what does not exist.
fn orphans(phone: &Phone, chance: &mut Chance) -> Message {
    let mut envelopes = Vec::new();
    for _ in 0..chance.count(1, 12) {
        let record = Record::Note(TextHash::from_bytes(chance.bytes()));
        let draft = Draft {
            group: Some(phone.group),
            incarnation: Incarnation::from_bytes(chance.bytes()),
            seq: 1,
            prev: None,
            parents: vec![EnvelopeId::from_bytes(chance.bytes())],
            day: phone.day(0),
            salt: Salt::from_bytes(chance.bytes()),
            content: Content::Entry(Entry { on_behalf_of: None, record }),
        };
        envelopes.extend(draft.sign(&phone.secret).map(|one| one.wire()));
    }
    let parcel = Parcel { envelopes, texts: Vec::new(), profiles: Vec::new() };
    let parcel = codec::encode(&parcel);
    Message::Data(Data { go: None, last: false, deflated: false, parcel })
}
