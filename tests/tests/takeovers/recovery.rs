//! Lost and stolen phones: takeovers 4, 5, 6, 8 and 12, and two honest accidents.

use AnswerWord::Yes;
use copact_core::act::Act;
use copact_core::envelope::Content;
use copact_core::proposal::AnswerWord;
use copact_tests::decisions::{
    agree, decide, instead_of, policy, recover, remove, tips, trustees, voice,
};
use copact_tests::device::Device;
use copact_tests::group::{admit, meet, member, people, words};
use copact_tests::person::Person;
use copact_tests::reference::{Reason, Who};
use copact_tests::scenario::{in_every_order, known};

use super::{apart, founding, note};

/// Somebody who has a new device, and knows what another knows.
fn with(device: &Device, like: &Person) -> Person {
    Person::new(device.clone(), like.all(), like.day)
}

#[test]
fn takeover_4_a_thiefs_trustees_move_nobody() {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let me = member(&ana, 0);
    let work = ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal]);
    let lost = tips(&ana.ledger, &ana.device.key());
    let common = known(&[&ana]);
    let mut thief = ana;
    // The thief names trustees, with one friend, and they recover Ana onto the thief's new device.
    let friends = trustees(me, &[member(&mal, 4), member(&mal, 3)], 2);
    decide(&mut [&mut thief, &mut mal], &friends);
    let (stolen, rescued) = (Device::new(30), Device::new(31));
    let theft = recover(me, &lost, Some(&stolen));
    decide(&mut [&mut mal, &mut thief], &theft);
    let rescue = recover(me, &lost, Some(&rescued));
    agree(&mut [&mut ben, &mut cem, &mut dan], &rescue);
    meet(&mut [&mut ben, &mut cem, &mut dan]);
    ben.enact_this(&rescue);
    let late = thief.entry(note(11));
    let mut owner = with(&rescued, &ben);
    let home = owner.entry(note(12));
    let (judged, _) = in_every_order(&common, &[&ben, &cem, &dan, &mal, &thief, &owner]);
    assert!(judged.is_in_effect(&rescue) && !judged.is_in_effect(&theft));
    assert!(!judged.is_in_effect(&friends));
    assert!(judged.counts(work) && judged.counts(home));
    assert_eq!(judged.why_not(late), [Reason::Recovered]);
    let ana = &judged.people[&thief.who()];
    assert!(ana.voice && ana.devices.contains(&rescued.key()));
    assert!(!ana.devices.contains(&stolen.key()));
    assert_eq!(judged.voices, 5);
}

#[test]
fn trustees_whom_the_group_named_move_a_member_and_the_thief_is_out() {
    let [mut ana, mut ben, mut cem, mut dan, mut eve] = people();
    let me = member(&ana, 0);
    let named = trustees(me, &[member(&ben, 1), member(&cem, 2), member(&dan, 3)], 2);
    decide(&mut [&mut ana, &mut dan, &mut eve], &named);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve]);
    let lost = tips(&ben.ledger, &ana.device.key());
    let common = known(&[&ben]);
    let fresh = Device::new(30);
    let rescue = recover(me, &lost, Some(&fresh));
    let enact = decide(&mut [&mut ben, &mut cem], &rescue);
    let by_thief = ana.entry(note(11));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem]);
    assert!(judged.holds.contains(&enact));
    assert_eq!(judged.why_not(by_thief), [Reason::Recovered]);
    // One of them alone is not enough, nor are two who are none.
    let other = recover(me, &lost, Some(&Device::new(31)));
    eve.hear(&ben);
    dan.hear(&ben);
    let common = known(&[&eve, &ben]);
    let not_yet = decide(&mut [&mut dan, &mut eve], &other);
    let (judged, _) = in_every_order(&common, &[&ben, &dan, &eve]);
    assert!(!judged.holds.contains(&not_yet));
}

#[test]
fn takeover_5_no_device_sets_another_of_the_same_member_aside() {
    let [mut ana, mut ben, mut cem] = people();
    let me = member(&ana, 0);
    let second = Device::new(30);
    ana.act(Act::AddDevice { device: second.joins(me) });
    let years = [ana.entry(note(10)), ana.entry(note(11))];
    let mut tablet = with(&second, &ana);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut tablet]);
    let common = known(&[&ben]);
    let past = founding(&ana);
    let against = |of: &mut Person| {
        let retire = recover(me, &past, None);
        agree(&mut [of], &retire);
        of.enact_this(&retire)
    };
    let enacts = [against(&mut tablet), against(&mut ana)];
    let put_out = remove(me, &past);
    agree(&mut [&mut tablet], &put_out);
    let removal = tablet.enact_this(&put_out);
    let leave = tablet.act(Act::Leave);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &tablet]);
    assert!(!enacts.iter().chain([&removal]).any(|enact| judged.holds.contains(enact)));
    // Leaving is for what comes after: all work stays.
    assert!(years.iter().chain([&leave]).all(|one| judged.counts(*one)));
    assert!(!judged.has_voice(ana.who()));
}

#[test]
fn takeover_6_who_adds_anothers_device_and_is_removed_cuts_only_themselves() {
    let [mut ana, mut ben, mut cem, mut mal] = people();
    let mals = member(&mal, 3);
    // Even with a consent that was tricked out of Ana's device.
    let added = mal.act(Act::AddDevice { device: ana.device.joins(mals) });
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    let common = known(&[&ana]);
    let work = ana.entry(note(10));
    let removal = remove(mals, &[added]);
    decide(&mut [&mut ben, &mut cem, &mut ana], &removal);
    let late = mal.entry(note(11));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &mal]);
    assert!(judged.is_in_effect(&removal));
    assert!(judged.counts(work) && judged.has_voice(ana.who()));
    assert_eq!(judged.why_not(late), [Reason::Removed]);
    assert!(judged.people[&ana.who()].devices.contains(&ana.device.key()));
}

#[test]
fn takeover_8_a_leave_by_the_lost_phone_puts_nobody_out() {
    let [mut ana, mut ben, mut cem] = people();
    let me = member(&ana, 0);
    ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let lost = tips(&ben.ledger, &ana.device.key());
    let common = known(&[&ben]);
    let fresh = Device::new(30);
    let rescue = recover(me, &lost, Some(&fresh));
    let mut thief = ana;
    let leave = thief.act(Act::Leave);
    // Honest devices link it before they know, and after.
    ben.hear(&thief);
    decide(&mut [&mut ben, &mut cem], &rescue);
    let mut owner = with(&fresh, &cem);
    let home = owner.entry(note(11));
    let (judged, _) = in_every_order(&common, &[&ben, &cem, &thief, &owner]);
    assert_eq!(judged.why_not(leave), [Reason::Recovered]);
    assert!(judged.counts(home) && judged.has_voice(thief.who()));
    assert_eq!(judged.voices, 3);
}

#[test]
fn takeover_12_no_contest_decides_a_recovery_for_ever() {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let me = member(&ana, 0);
    ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal]);
    let lost = tips(&ben.ledger, &ana.device.key());
    let common = known(&[&ben]);
    let [fresh, stolen, later] = [30, 31, 32].map(Device::new);
    let rescue = recover(me, &lost, Some(&fresh));
    // Mallory and the thief do not say that they saw the rescue. They are two of five.
    let theft = recover(me, &lost, Some(&stolen));
    agree(&mut [&mut mal, &mut ana], &theft);
    mal.hear(&ana);
    mal.enact_this(&theft);
    decide(&mut [&mut ben, &mut cem, &mut dan], &rescue);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &mal]);
    assert!(judged.is_in_effect(&rescue) && !judged.is_in_effect(&theft));
    // Nor is the rescue the last word: a decision can replace it by another.
    let common = known(&[&ben, &mal, &ana]);
    let again = instead_of(rescue.id(), recover(me, &lost, Some(&later)));
    decide(&mut [&mut ben, &mut cem, &mut dan], &again);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &mal]);
    assert!(judged.is_in_effect(&again) && !judged.is_in_effect(&rescue));
    let devices = &judged.people[&ana.who()].devices;
    assert!(devices.contains(&later.key()) && !devices.contains(&fresh.key()));
}

#[test]
fn two_recoveries_at_once_bring_both_devices_in() {
    let [mut ana, mut ben, mut cem] = people();
    let me = member(&ana, 0);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let common = known(&[&ben]);
    let [one, two] = [30, 31].map(Device::new);
    let [first, second] = [&one, &two].map(|device| recover(me, &founding(&ben), Some(device)));
    let (mut copy, mut other) = (ben.copy(), cem.copy());
    copy.device.begin_again(5);
    other.device.begin_again(6);
    decide(&mut [&mut ben, &mut cem], &first);
    decide(&mut [&mut copy, &mut other], &second);
    let mut home = with(&one, &ben);
    let note = home.entry(note(10));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &copy, &other, &home]);
    let devices = &judged.people[&ana.who()].devices;
    assert!(devices.contains(&one.key()) && devices.contains(&two.key()));
    assert!(judged.counts(note));
    assert_eq!(judged.voices, 3);
}

#[test]
fn an_accident_a_restored_backup_that_acted_twice_loses_no_answer() {
    let [mut ana, mut ben, mut cem] = people();
    ben.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let common = known(&[&ana]);
    let mut restored = ben.copy();
    let one = ben.answer(&words(1), Yes);
    let [two, again] = [restored.answer(&words(2), Yes), restored.answer(&words(1), Yes)];
    agree(&mut [&mut ana], &words(1));
    agree(&mut [&mut cem], &words(2));
    ana.hear(&ben);
    ana.hear(&restored);
    ana.hear(&cem);
    for number in 1..=2 {
        ana.enact_this(&words(number));
    }
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &restored]);
    assert!([one, two, again].into_iter().all(|answer| judged.counts(answer)));
    assert!(judged.is_in_effect(&words(1)) && judged.is_in_effect(&words(2)));
}

#[test]
fn an_accident_five_members_with_one_lost_phone_can_still_decide() {
    let [mut ana, mut ben, mut cem, mut dan, eve] = people();
    let (newcomer, joined) = admit(&mut ana, 20);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan]);
    let common = known(&[&ana]);
    let dua = voice(copact_core::ids::MemberId::brought_in_by(newcomer));
    decide(&mut [&mut ana, &mut ben, &mut cem, &mut dan], &policy("4/5"));
    decide(&mut [&mut ana, &mut ben, &mut cem], &dua);
    let lost = recover(member(&eve, 4), &founding(&eve), Some(&Device::new(30)));
    // Of six voices by now: the newcomer's began with the answers of those who saw it.
    decide(&mut [&mut dan, &mut ana, &mut ben, &mut cem], &lost);
    for person in [&mut ana, &mut ben, &mut cem] {
        person.act(Act::Link);
    }
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve]);
    assert!([&policy("4/5"), &dua, &lost].into_iter().all(|one| judged.is_in_effect(one)));
    assert_eq!(judged.share.to_string(), "4/5");
    assert!(judged.has_voice(joined.who()));
    assert_eq!(judged.voices, 6);
}

#[test]
fn two_people_recover_no_third() {
    let [mut ana, mut ben, mut cem, mut dan, mut eve] = people();
    let common = known(&[&ana]);
    let theft = recover(member(&ana, 0), &founding(&ana), Some(&Device::new(30)));
    let enact = decide(&mut [&mut ben, &mut cem], &theft);
    let work = ana.entry(note(10));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve]);
    assert!(!judged.holds.contains(&enact) && judged.counts(work));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve]);
}

#[test]
fn a_second_incarnation_on_an_old_past_voids_nobodys_work() {
    let [mut ana, mut ben, mut mal] = people();
    let (first, mut dua) = admit(&mut mal, 20);
    meet(&mut [&mut ana, &mut ben, &mut mal, &mut dua]);
    let confirmed = mal.entry(note(10));
    ana.hear(&mal);
    let builds = ana.entry(copact_core::entry::Record::Confirm(confirmed));
    let work = dua.entry(note(11));
    let common = known(&[&ana, &dua]);
    // Weeks later: a Leave, another admission and other answers, on a past of nothing.
    let mut twin = mal.copy();
    let past = founding(&mal);
    let leave = apart(&mut twin, 66, Act::Leave, &past);
    let mut other = mal.copy();
    other.device.last = None;
    let act = super::admits(&mal, &Device::new(20));
    let again = other.write_on(Content::Act(act), &past);
    let answer = Act::Answer { proposal: words(1), answer: Yes, on_behalf_of: None };
    let late = other.write_on(Content::Act(answer), &past);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &dua, &twin, &other]);
    let all = [first, confirmed, builds, work, leave, again, late];
    assert!(all.into_iter().all(|one| judged.counts(one)));
    let dua = Who::Device(dua.device.key());
    assert!(judged.is_member(dua) && !judged.has_voice(mal.who()));
}
