//! Removals: takeovers 10, 13 and 14, and what a removed member and honest people write afterwards.

use AnswerWord::Yes;
use copact_core::act::Act;
use copact_core::entry::Record;
use copact_core::envelope::Content;
use copact_core::proposal::AnswerWord;
use copact_tests::decisions::{agree, decide, instead_of, remove, restore, tips};
use copact_tests::device::Device;
use copact_tests::group::{admit, meet, member, people};
use copact_tests::reference::Reason;
use copact_tests::scenario::{in_every_order, known};

use super::{admits, founding, note};

#[test]
fn takeover_10_a_tip_that_nobody_had_when_they_answered_cuts_nobody() {
    let [mut ana, mut ben, mut cem, mut mal] = people();
    let work = ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    let common = known(&[&ana]);
    // Ben and Cem say yes to a removal that names an envelope which only Mallory has.
    let mut hidden = mal.copy();
    hidden.device.begin_again(9);
    let secret = hidden.write_on(Content::Act(Act::Link), &founding(&mal));
    let removal = remove(member(&ana, 0), &[secret]);
    for person in [&mut ben, &mut cem] {
        let proposal = removal.clone();
        person.act(Act::Answer { proposal, answer: Yes, on_behalf_of: None });
    }
    mal.hear(&hidden);
    mal.answer(&removal, Yes);
    mal.hear(&ben);
    mal.hear(&cem);
    let enact = mal.enact_this(&removal);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &mal]);
    assert!(!judged.holds.contains(&enact) && judged.counts(work));
    assert_eq!(judged.tallies[&removal.id()].have, 1);
}

#[test]
fn takeover_13_what_was_restored_can_be_set_aside_again() {
    let [mut ana, mut ben, mut mal] = people();
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let early = mal.entry(note(10));
    let late = mal.entry(note(11));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let removal = remove(member(&mal, 2), &[early]);
    decide(&mut [&mut ana, &mut ben], &removal);
    let common = known(&[&ana]);
    let back = restore(&[late]);
    decide(&mut [&mut ana, &mut ben], &back);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(judged.counts(late) && !judged.is_member(mal.who()));
    let common = known(&[&ana]);
    decide(&mut [&mut ana, &mut ben], &instead_of(back.id(), restore(&[])));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert_eq!(judged.why_not(late), [Reason::Removed]);
    assert!(judged.counts(early));
}

#[test]
fn takeover_14_a_newcomer_whose_sponsor_is_removed_is_admitted_by_another_with_all_their_work() {
    let [mut ana, mut ben, mut mal] = people();
    let tip = mal.entry(note(10));
    let (_, mut dua) = admit(&mut mal, 20);
    let work = dua.entry(note(11));
    meet(&mut [&mut ana, &mut ben, &mut mal, &mut dua]);
    let common = known(&[&ana]);
    decide(&mut [&mut ana, &mut ben], &remove(member(&mal, 2), &[tip]));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &dua]);
    assert_eq!(judged.why_not(work), [Reason::NoMember]);
    // The acceptance that Dua signed is enough for anybody with voice.
    let common = known(&[&ana]);
    let act = admits(&ben, &Device::new(20));
    ben.act(act);
    let more = dua.entry(note(12));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &dua]);
    assert!(judged.counts(work) && judged.counts(more) && judged.is_member(dua.who()));
}

#[test]
fn a_removed_member_writes_on_and_who_builds_on_it_launders_nothing() {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let before = mal.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal]);
    let common = known(&[&ana]);
    let removal = remove(member(&mal, 4), &tips(&ana.ledger, &mal.device.key()));
    agree(&mut [&mut ana, &mut ben, &mut cem], &removal);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ana.enact_this(&removal);
    // Offline, and writing; Dan knows of nothing and builds on it.
    let during = mal.entry(note(11));
    let (puppet, mut pia) = admit(&mut mal, 20);
    dan.hear(&mal);
    let builds = dan.entry(Record::Confirm(during));
    pia.hear(&mal);
    let by_puppet = pia.entry(note(12));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &mal, &pia]);
    assert!(judged.counts(before) && judged.counts(builds));
    assert_eq!(judged.why_not(during), [Reason::Removed]);
    assert_eq!(judged.why_not(puppet), [Reason::Removed]);
    assert_eq!(judged.why_not(by_puppet), [Reason::NoMember]);
    assert_eq!(judged.voices, 4);
    // The group can take single things back in.
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal, &mut pia]);
    let common = known(&[&ana]);
    decide(&mut [&mut ana, &mut ben, &mut dan], &restore(&[during]));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &mal, &pia]);
    assert!(judged.counts(during) && !judged.counts(puppet));
    assert!(!judged.is_member(mal.who()));
}

#[test]
fn two_who_remove_each_other_are_both_removed() {
    let [mut ana, mut ben, mut cem, mut dan] = people();
    let both = founding(&ana);
    let common = known(&[&ana]);
    let [first, second] = [0, 1].map(|at| remove(member(&ana, at), &both));
    // The same two others help each of them, and neither pair has seen the other decision.
    let (mut cems, mut dans) = (cem.copy(), dan.copy());
    cems.device.begin_again(5);
    dans.device.begin_again(6);
    decide(&mut [&mut ben, &mut cem, &mut dan], &first);
    decide(&mut [&mut ana, &mut cems, &mut dans], &second);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &cems, &dans]);
    assert!(judged.is_in_effect(&first) && judged.is_in_effect(&second));
    assert!(!judged.is_member(ana.who()) && !judged.is_member(ben.who()));
    assert_eq!(judged.voices, 2);
}

#[test]
fn puppets_give_puppets_no_voice_and_two_remove_nobody_alone() {
    let [mut ana, mut mal] = people();
    let (one, mut first) = admit(&mut mal, 20);
    let (_, mut second) = admit(&mut mal, 21);
    meet(&mut [&mut ana, &mut mal, &mut first, &mut second]);
    let common = known(&[&ana]);
    let puppet = copact_core::ids::MemberId::brought_in_by(one);
    let voice = copact_tests::decisions::voice(puppet);
    let given = decide(&mut [&mut mal, &mut first, &mut second], &voice);
    // Of two voices one is not more than half, and a removal takes two who are not its target.
    let removal = remove(member(&ana, 0), &founding(&ana));
    agree(&mut [&mut mal, &mut first, &mut second], &removal);
    ana.answer(&removal, Yes);
    mal.hear(&first);
    mal.hear(&second);
    mal.hear(&ana);
    let removed = mal.enact_this(&removal);
    let (judged, _) = in_every_order(&common, &[&ana, &mal, &first, &second]);
    assert!(!judged.holds.contains(&given) && !judged.holds.contains(&removed));
    let tally = judged.tallies[&removal.id()];
    assert_eq!((tally.have, tally.need, tally.voices), (1, 2, 2));
}
