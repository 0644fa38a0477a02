//! Figures and words: the attacks of rows 45 and 46 that are the ledger's.

use AnswerWord::Yes;
use copact_core::act::{Act, Erased};
use copact_core::entry::Beneficiary;
use copact_core::envelope::Content;
use copact_core::proposal::AnswerWord;
use copact_tests::decisions::{agree, decide, give_voice, instead_of, remove, settle, tips};
use copact_tests::group::{assist, dispute, first_day, meet, member, people, text, words, work};
use copact_tests::reference::Reason;
use copact_tests::scenario::{in_every_order, known};

use super::note;

#[test]
fn who_is_removed_for_disputing_has_still_disputed() {
    let [mut ana, mut ben, mut mal] = people();
    let claim = mal.entry(work(1_200, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let doubt = ana.entry(dispute(claim));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    let removal = remove(member(&ana, 0), &tips(&ben.ledger, &ana.device.key()));
    decide(&mut [&mut ben, &mut mal], &removal);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert!(judged.is_in_effect(&removal) && !judged.is_member(ana.who()));
    assert!(judged.counts(doubt), "what was said before the tips stays said");
    assert!(!judged.settled.contains_key(&claim));
}

#[test]
fn disputes_without_end_are_settled_one_by_one_by_decision() {
    let [mut ana, mut ben, mut cem, mut mal] = people();
    let hours = [30, 60].map(|minutes| ana.entry(work(minutes, Beneficiary::Group, first_day())));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    for one in hours {
        mal.entry(dispute(one));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    let common = known(&[&ana]);
    for one in hours {
        agree(&mut [&mut ana, &mut ben, &mut cem], &settle(one, true));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    for one in hours {
        ana.enact_this(&settle(one, true));
    }
    // Disputing again changes nothing; settling what is no contribution never holds.
    let again = mal.entry(dispute(hours[0]));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &mal]);
    assert!(judged.counts(again));
    assert!(hours.iter().all(|one| judged.settled.get(one) == Some(&true)));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    let common = known(&[&ana]);
    let no_entry = decide(&mut [&mut ana, &mut ben, &mut cem], &settle(again, true));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &mal]);
    assert!(!judged.holds.contains(&no_entry));
}

#[test]
fn opposite_settlements_at_once_settle_nothing_until_one_replaces_both() {
    let [mut ana, mut ben, mut cem] = people();
    let claim = ana.entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let common = known(&[&ana]);
    let mut copy = ben.copy();
    copy.device.begin_again(5);
    decide(&mut [&mut ana, &mut ben], &settle(claim, true));
    decide(&mut [&mut cem, &mut copy], &settle(claim, false));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &copy]);
    assert!(judged.is_in_effect(&settle(claim, true)));
    assert!(judged.is_in_effect(&settle(claim, false)));
    assert!(!judged.settled.contains_key(&claim));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut copy]);
    let common = known(&[&ana]);
    let last = instead_of(settle(claim, false).id(), settle(claim, true));
    decide(&mut [&mut ana, &mut cem], &last);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem, &copy]);
    assert_eq!(judged.settled.get(&claim), Some(&true));
}

#[test]
fn one_helper_who_signs_for_everybody_is_one_voice() {
    let [mut ana, mut ben, mut mal] = people();
    let elders = [1, 2, 3].map(|number| assist(&mut mal, number));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    for elder in elders {
        give_voice(&mut [&mut ana, &mut ben, &mut mal], elder);
    }
    let common = known(&[&ana]);
    // Six voices need four: Mallory, and all three for whom Mallory signs.
    mal.answer(&words(1), Yes);
    let recorded = elders.map(|elder| mal.answer_for(Some(elder), &words(1), Yes));
    mal.write(Content::Act(Act::Confirm { act: recorded[0] }), &recorded);
    let enact = mal.enact_this(&words(1));
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    let tally = judged.tallies[&words(1).id()];
    assert_eq!((tally.have, tally.need, tally.voices), (1, 4, 6));
    assert!(!judged.holds.contains(&enact));
    // Nobody else records anything for them.
    let forged = ben.answer_for(Some(elders[0]), &words(1), AnswerWord::No);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert_eq!(judged.why_not(forged), [Reason::Void]);
}

#[test]
fn an_erasure_is_heeded_although_its_author_is_removed_and_cut() {
    let [mut ana, mut ben, mut mal] = people();
    let said = mal.entry(note(30));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let common = known(&[&ana]);
    let erase = mal.act(Act::Erase { what: Erased::Texts(vec![text(30)]) });
    decide(&mut [&mut ana, &mut ben], &remove(member(&mal, 2), &[said]));
    let (judged, ledger) = in_every_order(&common, &[&ana, &ben, &mal]);
    assert_eq!(judged.why_not(erase), [Reason::Removed]);
    assert!(ledger.erased_texts(&ledger.now()).contains(&text(30)));
}
