//! Where a rule could be read in two ways: what its words say, and what the other way would let
//! somebody do.

use AnswerWord::Yes;
use copact_core::act::Act;
use copact_core::envelope::Content;
use copact_core::ids::MemberId;
use copact_core::proposal::AnswerWord;
use copact_tests::decisions::{
    agree, decide, give_voice, merge, recover, remove, tips, trustees, voice,
};
use copact_tests::device::Device;
use copact_tests::group::{admit, assist, meet, member, people, words};
use copact_tests::scenario::{in_every_order, known};

use super::{assisted, founding};

#[test]
fn rule_8_a_merge_takes_the_yes_of_the_very_parts_and_not_of_who_is_one_with_them() {
    // Ana came back with a second key and was merged with herself. Who steals the second phone
    // does not merge Ana with anybody.
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let (second, mut phone) = admit(&mut ana, 20);
    let second = MemberId::brought_in_by(second);
    let me = member(&ana, 0);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal, &mut phone]);
    decide(&mut [&mut ana, &mut phone], &merge(second, me));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal, &mut phone]);
    let common = known(&[&ana]);
    let theft = merge(member(&mal, 4), me);
    agree(&mut [&mut phone, &mut mal], &theft);
    mal.hear(&phone);
    let enact = mal.enact_this(&theft);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &phone]);
    assert!(!judged.holds.contains(&enact));
    assert_eq!(judged.voices, 5);
    // Ana may.
    ana.hear(&mal);
    let common = known(&[&ana]);
    let enact = decide(&mut [&mut ana], &theft);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal, &phone]);
    assert!(judged.holds.contains(&enact));
    assert_eq!(judged.voices, 4);
}

#[test]
fn rule_8_nobody_is_their_own_trustee_under_another_id() {
    let [mut ana, mut ben, mut cem, mut dan, mut eve] = people();
    let (second, mut phone) = admit(&mut ana, 20);
    let second = MemberId::brought_in_by(second);
    let me = member(&ana, 0);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve, &mut phone]);
    decide(&mut [&mut ana, &mut phone], &merge(second, me));
    let named = trustees(me, &[second, member(&ben, 1)], 2);
    decide(&mut [&mut ana, &mut cem, &mut dan], &named);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve, &mut phone]);
    let common = known(&[&cem]);
    // The thief of one phone and one trustee are not two trustees.
    let theft = recover(me, &founding(&ana), Some(&Device::new(30)));
    agree(&mut [&mut phone, &mut ben], &theft);
    ben.hear(&phone);
    let enact = ben.enact_this(&theft);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve, &phone]);
    assert!(judged.is_in_effect(&named) && !judged.holds.contains(&enact));
}

#[test]
fn rule_8_an_assisted_member_is_moved_by_their_own_yes_and_not_by_who_is_one_with_them() {
    let [mut ana, mut ben, mut cem, mut dan, mut eve] = people();
    let elder = assist(&mut ana, 1);
    let (second, mut phone) = admit(&mut ana, 20);
    let second = MemberId::brought_in_by(second);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve, &mut phone]);
    decide(&mut [&mut ana, &mut ben, &mut cem], &merge(second, elder));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve, &mut phone]);
    let common = known(&[&cem]);
    // The thief of the phone does not become the elder, too: neither helper nor another signed.
    let theft = recover(elder, &[], Some(&Device::new(30)));
    let enact = decide(&mut [&mut phone], &theft);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve, &phone]);
    assert!(!judged.holds.contains(&enact));
    assert_eq!(judged.people[&assisted(elder)].helpers.len(), 1);
    // The elder says it: Ana records, Ben confirms.
    let common = known(&[&cem, &phone]);
    let own = recover(elder, &[], Some(&Device::new(31)));
    let recorded = ana.answer_for(Some(elder), &own, Yes);
    ben.hear(&ana);
    ben.write(Content::Act(Act::Confirm { act: recorded }), &[recorded]);
    let enact = ben.enact_this(&own);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve, &phone]);
    assert!(judged.holds.contains(&enact));
}

#[test]
fn rule_11_an_assisted_member_who_got_anothers_device_still_has_their_helper() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let common = known(&[&ben]);
    // Cem's device consents to be the elder's, and the group agrees. It stays Cem's (rule 2), so
    // that the elder has none, and would otherwise have nobody who speaks for them, for ever.
    let moved = recover(elder, &[], Some(&cem.device));
    decide(&mut [&mut ana, &mut ben, &mut cem], &moved);
    let said = ana.answer_for(Some(elder), &words(1), Yes);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem]);
    assert!(judged.counts(said));
    let helpers = &judged.people[&assisted(elder)].helpers;
    assert_eq!(helpers.iter().copied().collect::<Vec<_>>(), [ana.who()]);
    assert!(judged.people[&cem.who()].devices.contains(&cem.device.key()));
}

#[test]
fn rule_8_who_confirms_has_voice_in_the_set_and_not_only_when_they_confirmed() {
    let [mut ana, mut ben, mut cem, mut dan] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan]);
    give_voice(&mut [&mut ana, &mut ben, &mut cem], elder);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan]);
    // Dan confirms, and is removed for what he confirms for anybody.
    let recorded = ana.answer_for(Some(elder), &words(1), Yes);
    dan.hear(&ana);
    dan.write(Content::Act(Act::Confirm { act: recorded }), &[recorded]);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan]);
    let common = known(&[&ana]);
    let removal = remove(member(&dan, 3), &tips(&ana.ledger, &dan.device.key()));
    decide(&mut [&mut ana, &mut ben, &mut cem], &removal);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan]);
    assert!(judged.is_in_effect(&removal));
    assert_eq!(judged.tallies[&words(1).id()].have, 0);
    // And who gets voice afterwards has confirmed it.
    let (newcomer, mut pia) = admit(&mut ben, 20);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut pia]);
    pia.write(Content::Act(Act::Confirm { act: recorded }), &[recorded]);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut pia]);
    let common = known(&[&ana]);
    let newcomer = MemberId::brought_in_by(newcomer);
    give_voice(&mut [&mut ana, &mut ben, &mut cem], newcomer);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &pia]);
    assert_eq!(judged.tallies[&words(1).id()].have, 1);
}

#[test]
fn rule_9_a_voice_that_had_started_has_not_where_who_saw_it_is_cut() {
    let [mut ana, mut ben, mut cem, mut dan, mut eve] = people();
    let (newcomer, pia) = admit(&mut ana, 20);
    let given = voice(MemberId::brought_in_by(newcomer));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut eve]);
    // Three remove Ben before they know that Pia got voice; Ben and one of them see that.
    let removal = remove(member(&ben, 1), &founding(&ana));
    agree(&mut [&mut ana, &mut ben, &mut cem], &given);
    agree(&mut [&mut cem, &mut dan, &mut eve], &removal);
    dan.hear(&cem);
    dan.hear(&eve);
    let common = known(&[&ana, &ben, &cem, &dan, &eve]);
    ana.hear(&ben);
    ana.hear(&cem);
    ana.enact_this(&given);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    agree(&mut [&mut ben, &mut cem], &words(1));
    ana.hear(&ben);
    ana.hear(&cem);
    ana.enact_this(&words(1));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve]);
    assert!(judged.has_voice(pia.who()));
    let removed = dan.enact_this(&removal);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &dan, &eve]);
    assert!(judged.holds.contains(&removed) && judged.is_in_effect(&given));
    assert!(!judged.has_voice(pia.who()));
    assert_eq!(judged.voices, 4);
}
