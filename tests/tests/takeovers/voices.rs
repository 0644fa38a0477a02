//! Voices that nobody gave: takeovers 1, 2, 3, 7, 9, 11 and 15.

use AnswerWord::{No, Yes};
use copact_core::act::Act;
use copact_core::envelope::Content;
use copact_core::ids::{MemberId, Nonce};
use copact_core::limits;
use copact_core::proposal::AnswerWord;
use copact_tests::decisions::{agree, decide, give_voice, merge, remove, tips, voice};
use copact_tests::device::Device;
use copact_tests::group::{admit, assist, meet, member, people, role, words};
use copact_tests::reference::Reason;
use copact_tests::scenario::{in_every_order, known};

use super::{admits, apart, assisted, founding, note};

#[test]
fn takeover_1_a_majority_that_nobody_saw_removes_nobody() {
    let [mut ana, mut ben, mut mal] = people();
    let (first, mut one) = admit(&mut mal, 20);
    let (second, mut two) = admit(&mut mal, 21);
    let [first, second] = [first, second].map(MemberId::brought_in_by);
    meet(&mut [&mut ana, &mut ben, &mut mal, &mut one, &mut two]);
    ben.answer(&voice(first), Yes);
    mal.hear(&ben);
    // Ben takes it back, and everybody writes on. Mallory and the puppets stay in the past.
    ben.answer(&voice(first), No);
    let work = ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben]);
    let common = known(&[&ana, &ben]);
    let given = decide(&mut [&mut mal], &voice(first));
    one.hear(&mal);
    mal.hear(&one);
    agree(&mut [&mut mal, &mut one], &voice(second));
    mal.hear(&one);
    let more = mal.enact_this(&voice(second));
    two.hear(&mal);
    let remove_ana = remove(member(&ana, 0), &founding(&ana));
    agree(&mut [&mut mal, &mut one, &mut two], &remove_ana);
    mal.hear(&one);
    mal.hear(&two);
    let removal = mal.enact_this(&remove_ana);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &one, &two]);
    // Ben's yes was there: the first decision holds. Nobody but Mallory saw it, so no voice began.
    assert!(judged.holds.contains(&given));
    assert!(!judged.holds.contains(&more) && !judged.holds.contains(&removal));
    assert!(!judged.has_voice(one.who()) && !judged.has_voice(two.who()));
    assert_eq!(judged.voices, 3);
    assert!(judged.counts(work) && judged.is_member(ana.who()));
    // Once honest people saw it, it begins: a yes is for good. What came before stays nothing.
    let common = known(&[&ana, &ben]);
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ana.act(Act::Link);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &one, &two]);
    assert!(judged.has_voice(one.who()) && !judged.has_voice(two.who()));
    assert!(judged.is_member(ana.who()) && !judged.holds.contains(&removal));
}

#[test]
fn takeover_2_a_founder_who_returns_to_the_founding_has_no_majority_there() {
    let [mut ana, mut ben, mut mal] = people();
    ana.entry(note(10));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    let puppet = Device::new(20);
    let act = admits(&mal, &puppet);
    let past = founding(&mal);
    let admitted = apart(&mut mal, 77, act, &past);
    let puppets = voice(MemberId::brought_in_by(admitted));
    let answer = Act::Answer { proposal: puppets.clone(), answer: Yes, on_behalf_of: None };
    mal.write_on(Content::Act(answer), &[]);
    let enact = mal.write_on(Content::Act(Act::Enact { proposal: puppets }), &[]);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(!judged.holds.contains(&enact));
    assert_eq!(judged.voices, 3);
}

#[test]
fn takeover_3_a_premature_enact_linked_by_all_does_not_take_the_true_one_away() {
    let [mut ana, mut ben, mut mal] = people();
    let (dua, mut newcomer) = admit(&mut ana, 20);
    let dua = voice(MemberId::brought_in_by(dua));
    meet(&mut [&mut ana, &mut ben, &mut mal, &mut newcomer]);
    let common = known(&[&ana]);
    let early = decide(&mut [&mut mal], &dua);
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let enact = decide(&mut [&mut ana, &mut ben], &dua);
    ben.act(Act::Link);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(!judged.holds.contains(&early) && judged.holds.contains(&enact));
    assert!(judged.is_in_effect(&dua) && judged.has_voice(newcomer.who()));
}

#[test]
fn takeover_7_one_key_admitted_twice_is_one_person_with_one_voice() {
    let [mut ana, mut ben, mut mal] = people();
    let dua = Device::new(20);
    let [one, two] = [&mut ana, &mut mal].map(|by| {
        let act = admits(by, &dua);
        MemberId::brought_in_by(by.act(act))
    });
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    give_voice(&mut [&mut ana, &mut ben], one);
    decide(&mut [&mut ben, &mut mal], &voice(two));
    let (judged, ledger) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert_eq!(judged.voices, 4);
    assert_eq!(judged.members[&one], judged.members[&two]);
    // What ends one ends both.
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    decide(&mut [&mut ana, &mut ben, &mut mal], &remove(two, &tips(&ledger, &dua.key())));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert_eq!(judged.voices, 3);
    assert!(!judged.is_member(judged.members[&one]));
}

#[test]
fn takeover_9_a_puppet_inherits_no_voice_from_who_is_removed() {
    let [mut ana, mut ben, mut cem, mut mal] = people();
    let (puppet, mut pia) = admit(&mut mal, 20);
    let puppet = MemberId::brought_in_by(puppet);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal, &mut pia]);
    let mals = member(&mal, 3);
    let common = known(&[&ana]);
    let removal = remove(mals, &tips(&ana.ledger, &mal.device.key()));
    // Both say yes, which is enough for a merge, while the others remove one of them.
    agree(&mut [&mut mal, &mut pia], &merge(mals, puppet));
    mal.hear(&pia);
    let merged = mal.enact_this(&merge(mals, puppet));
    agree(&mut [&mut ana, &mut ben, &mut cem], &removal);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let removed = ana.enact_this(&removal);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &mal, &pia]);
    assert!(judged.holds.contains(&removed) && judged.holds.contains(&merged));
    assert_eq!(judged.voices, 3);
    assert!(!judged.has_voice(pia.who()) && !judged.has_voice(mal.who()));
    assert!(judged.people[&mal.who()].removed && !judged.people[&pia.who()].removed);
}

#[test]
fn takeover_11_a_puppets_word_makes_no_second_vote_of_a_helper() {
    let [mut ana, mut ben, mut mal] = people();
    let elder = assist(&mut mal, 1);
    let (_, mut puppet) = admit(&mut mal, 20);
    meet(&mut [&mut ana, &mut ben, &mut mal, &mut puppet]);
    give_voice(&mut [&mut ana, &mut ben, &mut mal], elder);
    puppet.hear(&ana);
    let common = known(&[&ana]);
    ana.answer(&words(1), Yes);
    mal.hear(&ana);
    mal.answer(&words(1), Yes);
    let recorded = mal.answer_for(Some(elder), &words(1), Yes);
    puppet.hear(&mal);
    let confirm = Act::Confirm { act: recorded };
    let by_puppet = puppet.write(Content::Act(confirm.clone()), &[recorded]);
    mal.hear(&puppet);
    mal.write(Content::Act(confirm.clone()), &[recorded]);
    let early = mal.enact_this(&words(1));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &puppet]);
    assert!(judged.counts(by_puppet) && judged.has_voice(assisted(elder)));
    assert!(!judged.holds.contains(&early));
    let tally = judged.tallies[&words(1).id()];
    assert_eq!((tally.have, tally.need, tally.voices), (2, 3, 4));
    // Another member's word does.
    ben.hear(&mal);
    let common = known(&[&ben]);
    ben.write(Content::Act(confirm), &[recorded]);
    let enact = ben.enact_this(&words(1));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(judged.holds.contains(&enact));
}

#[test]
fn takeover_15_one_voice_fills_no_limit_for_others_and_junk_crowds_nobody_out() {
    let [mut ana, mut ben, mut mal] = people();
    let nonce = |number: usize| Nonce::from_bytes([u8::try_from(number).unwrap(); 16]);
    let mals = member(&mal, 2);
    for number in 0..limits::SPONSORED - 1 {
        let nonce = nonce(number);
        mal.act(Act::Assist { helper: mals, role: role("puppet"), imported: None, nonce });
    }
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    let [one, two, three] = [1, 2, 3].map(|number| {
        let nonce = Nonce::from_bytes([number; 16]);
        mal.act(Act::Assist { helper: mals, role: role("puppet"), imported: None, nonce })
    });
    let (dua, _) = admit(&mut ana, 20);
    // Heads without number, none of which hides what an answer names.
    let past = founding(&mal);
    for number in 0..40 {
        apart(&mut mal, 1_000 + number, Act::Link, &past);
    }
    let removal = remove(mals, &[one]);
    ben.hear(&mal);
    ana.hear(&mal);
    let answers = [ana.answer(&removal, Yes), ben.answer(&removal, Yes)];
    ana.hear(&ben);
    let enact = ana.write(Content::Act(Act::Enact { proposal: removal }), &answers);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(!judged.void.contains(&one), "the 256th may come in");
    assert_eq!(judged.why_not(two), [Reason::Void, Reason::Removed]);
    assert_eq!(judged.why_not(three), [Reason::Void, Reason::Removed]);
    assert!(judged.counts(dua));
    assert!(judged.holds.contains(&enact));
}
