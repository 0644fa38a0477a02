//! Placing an envelope costs about what it names, however long the ledger is and whatever it names.
//! Nothing here looks at a clock: were each a walk back to what it names, this would take minutes
//! instead of seconds, and whoever runs it would see.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::{Act, Role};
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, GroupId, MemberId, Nonce};
use copact_core::ledger::Ledger;
use copact_core::views::{Labels, Views};
use copact_tests::device::Device;
use copact_tests::group::{first_day, found, meeting, role, tap, text};

const ENVELOPES: usize = 20_000;

/// Twelve people who tap for an assisted member at one old meeting, each knowing two others'
/// newest; and one whose admission is never in the past of what they write.
fn long_ledger() -> Vec<Verified> {
    let mut devices: Vec<Device> = (1..=12).map(Device::new).collect();
    let founding = found(&mut devices);
    let founded = GroupId::of(founding.id());
    let group = Some(founded);
    let helper = MemberId::first(founding.id(), 0);
    let nonce = Nonce::from_bytes([1; 16]);
    let elder = Role { mapped: None, ..role("elder") };
    let assist = Content::Act(Act::Assist { helper, role: elder, imported: None, nonce });
    let assist = devices[0].sign(group, &[], first_day(), assist);
    let elder = MemberId::brought_in_by(assist.id());
    let entry = |on_behalf_of, record| Content::Entry(Entry { on_behalf_of, record });
    let met = devices[0].sign(group, &[], first_day(), entry(None, meeting(first_day())));
    let at = met.id();
    let mut apart = Device::new(99);
    let newcomer = role("newcomer");
    let acceptance = apart.accepts(founded, &newcomer);
    let admit = Content::Act(Act::Admit { device: acceptance, role: newcomer });
    let admit = devices[0].sign(group, &[], first_day(), admit);
    let mut last: Vec<EnvelopeId> = vec![admit.id(); devices.len()];
    let mut all = vec![founding, assist, met, admit];
    let mut answers = 0;
    while all.len() < ENVELOPES {
        let who = all.len() % devices.len();
        let others = [last[(who + 1) % 12], last[(who + 5) % 12]];
        let mut parents: Vec<EnvelopeId> = others.to_vec();
        parents.dedup();
        let content = match all.len() % 5 {
            0 => entry(None, Record::Attest(vec![at])),
            1 if all.len() % 97 == 1 => {
                answers += 1;
                let proposal = copact_tests::group::words(answers % 3);
                Content::Act(Act::Enact { proposal })
            }
            _ => entry(Some(elder), tap(at)),
        };
        let envelope = devices[who].sign(group, &parents, first_day(), content);
        last[who] = envelope.id();
        all.push(envelope);
        if all.len().is_multiple_of(3) {
            let first = [all[0].id()];
            all.push(apart.sign(group, &first, first_day(), entry(None, Record::Note(text(9)))));
        }
    }
    all
}

#[test]
fn a_long_ledger_is_placed_and_read_without_walking_back_for_each_envelope() {
    let all = long_ledger();
    let ledger = Ledger::of(all).unwrap();
    assert!(ledger.len() >= ENVELOPES && ledger.waiting() == 0);
    let void = ledger.envelopes().filter(|(_, at)| at.void().is_some()).count();
    assert_eq!(void, 0);
    let views = Views::of(&ledger);
    let meetings = views.meetings(&Labels::none());
    assert_eq!((meetings.totals.meetings, meetings.totals.attendances), (1, 1));
    assert_eq!(meetings.meetings[0].attendances[0].grade, "claimed");
    assert!(views.log(&Labels::none()).len() > ENVELOPES / 2);
}
