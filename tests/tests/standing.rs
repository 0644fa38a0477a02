//! Who counts, and what cannot be taken from anybody. Every scenario ends with the same envelopes
//! in several other orders, which must say the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::{Act, Role};
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId, Nonce};
use copact_core::ledger::{Ledger, SetAside, Void};
use copact_core::limits;
use copact_core::views::{Labels, Views};
use copact_tests::decisions::give_voice;
use copact_tests::device::Device;
use copact_tests::group::{admit, assist, first_day, meet, meeting, member, people, role, text};
use copact_tests::person::Person;

fn note(number: u8) -> Record {
    Record::Note(text(number))
}

/// The same envelopes backwards, and with every other one late, give the same views and verdicts.
fn same_in_any_order(person: &Person) {
    let all = person.all();
    let backwards: Vec<Verified> = all.iter().rev().cloned().collect();
    let (even, odd): (Vec<_>, Vec<_>) =
        all.iter().cloned().enumerate().partition(|(n, _)| n % 2 == 0);
    let halves = odd.into_iter().chain(even).map(|(_, one)| one).collect();
    for order in [backwards, halves] {
        let other = Ledger::of(order).unwrap();
        assert_eq!(Views::of(&other).digest(), person.digest());
        for one in &all {
            let verdict = |ledger: &Ledger| {
                let now = ledger.now();
                now.verdict(ledger.place_of(one.id()).unwrap()).map(|ix| now.id(ix))
            };
            assert_eq!(verdict(&other), verdict(&person.ledger));
        }
    }
}

fn is_set_aside(person: &Person, id: EnvelopeId) -> bool {
    let rows = Views::of(&person.ledger).log(&Labels::none());
    rows.iter().find(|row| row.id == id).unwrap().set_aside
}

#[test]
fn a_leaver_is_set_aside_from_then_on_and_who_builds_on_them_is_not() {
    let [mut ana, mut ben] = people();
    let before = ben.entry(note(10));
    let leave = ben.act(Act::Leave);
    let after = ben.entry(note(11));
    meet(&mut [&mut ana, &mut ben]);
    let builds = ana.entry(Record::Confirm(after));
    assert_eq!(ana.set_aside(before), None);
    assert_eq!(ana.set_aside(leave), None);
    assert_eq!(ana.set_aside(after), Some(SetAside::AfterLeaving));
    assert_eq!(ana.set_aside(builds), None);
    assert!(is_set_aside(&ana, after) && !is_set_aside(&ana, builds));
    let members = Views::of(&ana.ledger).counts();
    assert_eq!((members.members, members.voices, members.set_aside), (1, 1, 1));
    same_in_any_order(&ana);
}

#[test]
fn a_leave_on_an_old_past_undoes_nothing_that_did_not_know_it() {
    let [mut ana, mut ben] = people();
    let early = ana.entry(note(10));
    let mut copy = ben.copy();
    ben.take(&ana.all()[1]);
    let known = ben.entry(note(11));
    // Released weeks later, from a copy that stopped at the founding.
    let founding = ana.ledger.group().founding();
    copy.device.begin_again(77);
    let leave = copy.write_on(Content::Act(Act::Leave), &[founding]);
    meet(&mut [&mut ana, &mut ben, &mut copy]);
    for id in [early, known, leave] {
        assert_eq!(ana.set_aside(id), None);
    }
    assert!(!ben.stands());
    let next = ben.entry(note(12));
    ana.hear(&ben);
    assert_eq!(ana.set_aside(next), Some(SetAside::AfterLeaving));
    same_in_any_order(&ana);
}

#[test]
fn leaving_again_is_nothing() {
    let [mut ana, mut ben] = people();
    ben.day = first_day().plus(5);
    ben.act(Act::Leave);
    ben.day = first_day().plus(9);
    let again = ben.act(Act::Leave);
    meet(&mut [&mut ana, &mut ben]);
    assert_eq!(ana.void(again), Some(Void::NoStanding));
    let roster = Views::of(&ana.ledger).roster(&Labels::none());
    let until: Vec<_> = roster.iter().filter_map(|row| row.until).collect();
    assert_eq!(until, [first_day().plus(5)]);
}

#[test]
fn one_device_admitted_twice_is_one_member_and_one_voice() {
    let [mut ana, mut ben] = people();
    let (first, mut dua) = admit(&mut ana, 5);
    let (second, _) = admit(&mut ben, 5);
    meet(&mut [&mut ana, &mut ben, &mut dua]);
    assert_eq!(ana.ledger.now().voices(), 2, "nobody gave her voice yet");
    for act in [first, second] {
        meet(&mut [&mut ana, &mut ben]);
        give_voice(&mut [&mut ana, &mut ben], MemberId::brought_in_by(act));
    }
    dua.hear(&ana);
    let views = Views::of(&ana.ledger);
    let counts = views.counts();
    assert_eq!((counts.members, counts.voices), (3, 3));
    let [one, two] = [first, second].map(MemberId::brought_in_by);
    assert_eq!(ana.ledger.person_with_id(one), ana.ledger.person_with_id(two));
    let roster = views.roster(&Labels::none());
    let row = roster.iter().find(|row| row.id == one || row.id == two).unwrap();
    assert_eq!(row.devices, 1);
    assert_eq!(views.devices(&Labels::none()).len(), 3);
    drop(views);
    same_in_any_order(&ana);
    // What ends one ends all.
    dua.act(Act::Leave);
    ana.hear(&dua);
    assert_eq!(Views::of(&ana.ledger).counts().voices, 2);
}

#[test]
fn takeover_6_adding_somebody_elses_device_does_not_take_it() {
    let [mut ana, mut mal, mut cem] = people();
    let mals = mal.me().unwrap();
    // Without the device's consent it is void.
    let mut stolen = mal.device.joins(mals);
    stolen.device = ana.device.key();
    let theft = mal.act(Act::AddDevice { device: stolen });
    assert_eq!(mal.void(theft), Some(Void::NoConsent));
    // Even a device that consented stays with the member whom it was admitted as.
    let consented = ana.device.joins(mals);
    let added = mal.act(Act::AddDevice { device: consented });
    assert_eq!(mal.void(added), None);
    let word = ana.entry(note(10));
    meet(&mut [&mut ana, &mut mal, &mut cem]);
    let now = cem.ledger.now();
    let author = now.author(cem.ledger.place_of(word).unwrap()).unwrap();
    assert_eq!(now.id(author), Some(member(&cem, 0)));
    assert_eq!(now.voices(), 3);
    let roster = Views::of(&cem.ledger).roster(&Labels::none());
    assert!(roster.iter().all(|row| row.devices == 1));
    same_in_any_order(&cem);
}

#[test]
fn takeover_7_an_acceptance_used_twice_brings_in_one_member() {
    let [mut ana, mut mal] = people();
    let (_, mut dua) = admit(&mut ana, 5);
    dua.act(Act::Leave);
    meet(&mut [&mut ana, &mut mal, &mut dua]);
    let neighbour = role("newcomer");
    let acceptance = dua.device.accepts(ana.ledger.group(), &neighbour);
    let again = mal.act(Act::Admit { device: acceptance, role: neighbour });
    mal.hear(&dua);
    assert_eq!(mal.void(again), None);
    assert_eq!(mal.ledger.now().voices(), 2, "who left does not come back by an old acceptance");
    // An acceptance is for one role and one group.
    let other = dua.device.accepts(ana.ledger.group(), &role("chair"));
    let act = Act::Admit { device: other, role: role("newcomer") };
    assert!(act.check(Some(mal.ledger.group())).is_err());
}

#[test]
fn a_newcomer_counts_wherever_the_admission_arrives_later() {
    let [mut ana, mut ben] = people();
    let (admitted, mut dua) = admit(&mut ana, 5);
    // Dua builds on the founding only, so that nothing brings the admission along.
    let founding = ana.ledger.group().founding();
    let content = Content::Entry(Entry { on_behalf_of: None, record: note(10) });
    let hello = dua.write_on(content, &[founding]);
    let envelope = dua.ledger.get(hello).unwrap().envelope().clone();
    ben.take(&envelope);
    assert_eq!(ben.set_aside(hello), Some(SetAside::NoMember));
    let builds = ben.entry(Record::Attest(vec![hello]));
    let admission = ana.ledger.get(admitted).unwrap().envelope().clone();
    ben.take(&admission);
    assert_eq!(ben.set_aside(hello), None);
    assert_eq!(ben.set_aside(builds), None);
    // Whether Dua had voice is judged in the past, and stays as it was.
    assert!(!ben.ledger.get(hello).unwrap().voice());
    same_in_any_order(&ben);
}

#[test]
fn who_was_never_admitted_admits_nobody() {
    let [mut ana] = people();
    let mut eve = Person::new(Device::new(9), ana.all(), first_day());
    let newcomer = role("newcomer");
    let own = eve.device.accepts(ana.ledger.group(), &newcomer);
    let herself = eve.act(Act::Admit { device: own, role: newcomer });
    let (friend, mut puppet) = admit(&mut eve, 10);
    let word = puppet.entry(note(10));
    let helped = Act::Assist {
        helper: member(&ana, 0),
        role: role("puppet"),
        imported: None,
        nonce: Nonce::from_bytes([1; 16]),
    };
    let assisted = eve.act(helped);
    meet(&mut [&mut ana, &mut eve, &mut puppet]);
    for act in [herself, friend, assisted] {
        assert_eq!(ana.void(act), Some(Void::NoStanding));
    }
    assert_eq!(ana.set_aside(word), Some(SetAside::NoMember));
    assert_eq!(ana.ledger.now().members().count(), 1);
    same_in_any_order(&ana);
}

#[test]
fn who_left_admits_nobody_but_concurrent_admissions_stand() {
    let [mut ana, mut ben] = people();
    let mut copy = ben.copy();
    ben.act(Act::Leave);
    copy.device.begin_again(5);
    let (concurrent, _) = admit(&mut copy, 6);
    let (after, _) = admit(&mut ben, 7);
    meet(&mut [&mut ana, &mut ben, &mut copy]);
    assert_eq!(ana.void(concurrent), None);
    assert_eq!(ana.void(after), Some(Void::NoStanding));
    same_in_any_order(&ana);
}

#[test]
fn concurrent_admissions_by_all_bring_everybody_in() {
    let [mut ana, mut ben, mut cem] = people();
    let mut admitted = Vec::new();
    for (by, seed) in [(&mut ana, 10), (&mut ben, 11), (&mut cem, 12)] {
        admitted.push(MemberId::brought_in_by(admit(by, seed).0));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(Views::of(&ana.ledger).counts().members, 6);
    for one in admitted {
        meet(&mut [&mut ana, &mut ben, &mut cem]);
        give_voice(&mut [&mut ana, &mut ben, &mut cem], one);
    }
    assert_eq!(ana.ledger.now().voices(), 6);
    assert_eq!(ana.digest(), cem.digest());
    same_in_any_order(&ana);
}

#[test]
fn the_limit_of_one_sponsor_is_judged_in_the_past_of_each_act() {
    let [mut ana, mut ben] = people();
    let mut copy = ana.copy();
    copy.device.begin_again(3);
    let mut last = None;
    for number in 0..limits::SPONSORED {
        let nonce = u8::try_from(number).unwrap();
        last = Some(assist(&mut ana, nonce));
    }
    let last = ana.ledger.place_of(EnvelopeId::from_bytes(*last.unwrap().as_bytes()));
    assert_eq!(ana.ledger.at(last.unwrap()).unwrap().void(), None);
    let (one_more, _) = admit(&mut ana, 20);
    assert_eq!(ana.void(one_more), Some(Void::TooMany));
    // Others may, and so may who does not know of the rest yet: nothing is void for what came late.
    let (concurrent, _) = admit(&mut copy, 21);
    ben.hear(&ana);
    ben.hear(&copy);
    let (by_ben, _) = admit(&mut ben, 22);
    assert_eq!((ben.void(concurrent), ben.void(by_ben)), (None, None));
    assert_eq!(ben.void(one_more), Some(Void::TooMany));
    let members = 2 + limits::SPONSORED + 2;
    assert_eq!(ben.ledger.now().members().count(), members);
}

#[test]
fn a_device_consents_to_an_id_that_its_sponsor_could_know() {
    // Ben was admitted twice. The device signed the second id, which the act's past does not have:
    // who got the second admission first must not judge otherwise.
    let [mut ana, mut cem] = people();
    let (_, mut dua) = admit(&mut ana, 5);
    let (second, _) = admit(&mut cem, 5);
    let joins = Device::new(6).joins(MemberId::brought_in_by(second));
    let added = dua.act(Act::AddDevice { device: joins });
    assert_eq!(dua.void(added), Some(Void::NoConsent));
    cem.hear(&dua);
    assert_eq!(cem.void(added), Some(Void::NoConsent));
    dua.hear(&cem);
    same_in_any_order(&cem);
}

#[test]
fn only_their_helper_speaks_for_an_assisted_member() {
    let [mut ana, mut mal] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut mal]);
    let chair = Role { mapped: None, ..role("chair") };
    let said =
        |by: &mut Person| by.act(Act::Role { role: chair.clone(), on_behalf_of: Some(elder) });
    let by_mal = said(&mut mal);
    assert_eq!(mal.void(by_mal), Some(Void::NotTheHelper));
    let by_ana = said(&mut ana);
    assert_eq!(ana.void(by_ana), None);
    // A word is the member's own or their helper's; what somebody did may be noted by anybody.
    let ben = member(&mal, 0);
    let met = mal.entry(meeting(first_day()));
    for record in [Record::Attest(vec![met]), Record::Confirm(met), Record::Refuse(met)] {
        let word = mal.entry_for(ben, record);
        assert_eq!(mal.void(word), Some(Void::NotTheHelper));
    }
    let noted = mal.entry_for(ben, copact_tests::group::tap(met));
    assert_eq!(mal.void(noted), None);
}
