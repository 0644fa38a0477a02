//! Placing an envelope costs about what it names, however long the ledger is and whatever it names.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use copact_core::act::{Act, Role};
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, GroupId, MemberId, Nonce};
use copact_core::ledger::Ledger;
use copact_core::views::{Labels, Views};
use copact_tests::device::Device;
use copact_tests::group::{first_day, found, meeting, role, tap, text};

const ENVELOPES: usize = 20_000;

/// Twelve people who tap for an assisted member at one old meeting, each knowing two others' newest;
/// and one whose admission is never in the past of what they write.
fn long_ledger() -> Vec<Verified> {
    let mut devices: Vec<Device> = (1..=12).map(Device::new).collect();
    let founding = found(&mut devices);
    let group = Some(GroupId::of(founding.id()));
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
    let acceptance = apart.accepts(group.unwrap(), &newcomer);
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
fn the_last_envelopes_are_placed_as_fast_as_the_first() {
    let all = long_ledger();
    let mut best = f64::INFINITY;
    // The machine may be busy with other things at any moment.
    for _ in 0..3 {
        let mut ledger = Ledger::found(all[0].clone()).unwrap();
        let mut quarters = Vec::new();
        for quarter in all[1..].chunks(ENVELOPES / 4) {
            let started = Instant::now();
            for envelope in quarter {
                ledger.insert(envelope.clone()).unwrap();
            }
            quarters.push(started.elapsed());
        }
        assert!(ledger.len() >= ENVELOPES && ledger.waiting() == 0);
        let all: Duration = quarters.iter().sum();
        println!("placed {} in {all:?}: {quarters:?}", ledger.len());
        best = best.min(quarters[3].as_secs_f64() / quarters[0].as_secs_f64());
    }
    // Were each a walk back, the last quarter would take seven times as long as the first.
    assert!(best < 3.0, "the last quarter takes {best} times as long as the first");
}

#[test]
fn the_views_of_a_long_ledger_take_seconds() {
    let all = long_ledger();
    let ledger = Ledger::of(all).unwrap();
    let started = Instant::now();
    let views = Views::of(&ledger);
    let read = started.elapsed();
    let rows = views.log(&Labels::none()).len();
    let meetings = views.meetings(&Labels::none());
    println!("views {read:?}, with log and meetings {:?}", started.elapsed());
    assert!(rows > ENVELOPES / 2 && meetings.totals.attendances == 1);
    assert!(started.elapsed() < Duration::from_secs(60));
}
