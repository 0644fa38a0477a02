//! Common decisions: what adopts a version or a text, and what only pretends to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use AnswerWord::{Abstain, No, Yes};
use copact_core::act::Act;
use copact_core::envelope::{Content, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_core::proposal::{AnswerWord, Matter, Proposal, Version};
use copact_core::views::{Labels, ProposalRow, Views};
use copact_tests::decisions::give_voice;
use copact_tests::group::{assist, first_day, meet, member, people, words};
use copact_tests::person::Person;

const CONTRACT: &str = "# Garden\n\n## Who we are {#identity}\n\nNeighbours of the yard.\n";

fn row(person: &Person, proposal: &Proposal) -> ProposalRow {
    let rows = Views::of(&person.ledger).proposal_rows(&Labels::none());
    rows.into_iter().find(|row| row.id == proposal.id()).unwrap()
}

fn enact(person: &mut Person, proposal: &Proposal) -> EnvelopeId {
    person.act(Act::Enact { proposal: proposal.clone() })
}

fn same_in_any_order(person: &Person) {
    let backwards: Vec<Verified> = person.all().into_iter().rev().collect();
    assert_eq!(Views::of(&Ledger::of(backwards).unwrap()).digest(), person.digest());
}

#[test]
fn answers_can_be_changed_and_the_last_one_counts() {
    let [mut ana, mut ben, mut cem] = people();
    ana.answer(&words(1), Yes);
    ben.answer(&words(1), Yes);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!((row(&ana, &words(1)).have, row(&ana, &words(1)).need), (2, 2));
    ben.answer(&words(1), Abstain);
    ben.answer(&words(1), No);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let now = row(&ana, &words(1));
    assert_eq!(now.have, 1);
    assert_eq!(now.answers.iter().filter(|one| one.changed).count(), 2);
    assert!(ana.ledger.to_enact().is_empty());
    ben.answer(&words(1), Yes);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(row(&ana, &words(1)).have, 2);
    same_in_any_order(&ana);
}

#[test]
fn concurrent_answers_that_contradict_are_none() {
    let [mut ana, mut ben] = people();
    let mut copy = ben.copy();
    copy.device.begin_again(4);
    ben.answer(&words(1), Yes);
    copy.answer(&words(1), No);
    ana.answer(&words(1), Yes);
    meet(&mut [&mut ana, &mut ben, &mut copy]);
    assert_eq!(row(&ana, &words(1)).have, 1);
    // Two that agree are one voice.
    ana.entry(copact_core::entry::Record::Note(copact_tests::group::text(9)));
    let mut twice = ana.copy();
    twice.device.begin_again(5);
    ana.answer(&words(2), Yes);
    twice.answer(&words(2), Yes);
    meet(&mut [&mut ana, &mut ben, &mut twice]);
    assert_eq!(row(&ana, &words(2)).have, 1);
    // Whoever sees both says it again.
    copy.hear(&ana);
    copy.answer(&words(1), Yes);
    ana.hear(&copy);
    assert_eq!(row(&ana, &words(1)).have, 2);
    same_in_any_order(&ana);
}

#[test]
fn takeover_3_an_enact_before_its_time_never_holds_and_a_true_one_does() {
    let [mut ana, mut ben, mut mal] = people();
    mal.answer(&words(1), Yes);
    enact(&mut mal, &words(1));
    // Honest devices link it, and agree later.
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ana.answer(&words(1), Yes);
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let now = row(&ana, &words(1));
    assert_eq!((now.have, now.need, now.adopted), (2, 2, false));
    assert_eq!(ana.ledger.to_enact(), [words(1)]);
    ana.enact();
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    assert!(row(&ben, &words(1)).adopted);
    // A yes is for good: what was decided stays decided.
    ana.answer(&words(1), No);
    mal.hear(&ana);
    assert!(row(&mal, &words(1)).adopted);
    assert_eq!(row(&mal, &words(1)).have, 1);
    same_in_any_order(&mal);
}

#[test]
fn an_enact_counts_only_what_is_in_its_past() {
    let [mut ana, mut ben, mut mal] = people();
    ana.answer(&words(1), Yes);
    ben.answer(&words(1), Yes);
    mal.hear(&ana);
    mal.hear(&ben);
    // Mallory knows that two agreed, and enacts on a past in which only one did.
    let parents = [ana.ledger.heads().next().map(|at| ana.ledger.at(at).unwrap().id()).unwrap()];
    let content = Content::Act(Act::Enact { proposal: words(1) });
    mal.write_on(content, &parents);
    assert!(!mal.is_adopted(words(1).id()));
    // Nor does who is nobody's device make an answer, though anybody may certify two true ones.
    let eve = copact_tests::device::Device::new(9);
    let mut eve = Person::new(eve, mal.all(), first_day());
    eve.answer(&words(2), Yes);
    enact(&mut eve, &words(2));
    assert!(!eve.is_adopted(words(2).id()));
    enact(&mut eve, &words(1));
    assert!(eve.is_adopted(words(1).id()));
    same_in_any_order(&eve);
}

#[test]
fn takeover_11_what_a_helper_answers_needs_another_members_word() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    give_voice(&mut [&mut ana, &mut ben, &mut cem], elder);
    ana.answer(&words(1), Yes);
    ben.answer(&words(1), Yes);
    let recorded = ana.answer_for(Some(elder), &words(1), Yes);
    // Four voices need three. The helper's own confirmation does not make the third.
    let own = Act::Confirm { act: recorded };
    ana.write(Content::Act(own.clone()), &[recorded]);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let early = enact(&mut ana, &words(1));
    let now = row(&ana, &words(1));
    assert_eq!((now.have, now.need, now.voices, now.adopted), (2, 3, 4, false));
    ben.hear(&ana);
    ben.write(Content::Act(own), &[recorded]);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(row(&ana, &words(1)).have, 3);
    let answer = row(&ana, &words(1)).answers.into_iter().find(|one| one.id == recorded).unwrap();
    assert_eq!(answer.confirmed_by, Some(member(&ana, 1)));
    cem.enact();
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert!(row(&ana, &words(1)).adopted);
    assert_ne!(row(&ana, &words(1)).enacted, None, "{early} stays without effect");
    same_in_any_order(&ana);
}

#[test]
fn an_answer_for_somebody_who_can_sign_is_void() {
    let [mut ana, mal] = people();
    let mut mal = mal;
    let forged = mal.answer_for(Some(member(&mal, 0)), &words(1), Yes);
    assert!(mal.void(forged).is_some());
    ana.hear(&mal);
    ana.answer(&words(1), No);
    assert_eq!(row(&ana, &words(1)).have, 0);
}

#[test]
fn two_enacts_are_one_effect_on_one_day() {
    let [mut ana, mut ben, mut cem] = people();
    for (later, person) in [&mut ana, &mut ben, &mut cem].into_iter().enumerate() {
        person.day = first_day().plus(i32::try_from(later).unwrap());
        person.answer(&words(1), Yes);
    }
    ana.hear(&ben);
    ana.day = first_day().plus(7);
    ana.enact();
    cem.hear(&ben);
    cem.day = first_day().plus(9);
    cem.enact();
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let views = Views::of(&ana.ledger);
    let decision = ana.ledger.decision(words(1).id(), &views.standing).unwrap();
    assert_eq!(decision.adoptions.len(), 2);
    // The day on which the second of the two yeses was given that the first Enact builds on.
    assert_eq!(views.adoption_day(&decision), Some(first_day().plus(1)));
    assert!(ana.ledger.to_enact().is_empty());
    drop(views);
    same_in_any_order(&ana);
}

#[test]
fn a_backdated_yes_is_dated_by_when_others_saw_it_and_one_from_2999_by_them_too() {
    let [mut ana, mut ben, mut cem] = people();
    ana.day = copact_tests::group::day("2999-12-31");
    ana.answer(&words(1), Yes);
    ana.day = first_day();
    ben.hear(&ana);
    ben.day = first_day().plus(3);
    ben.answer(&words(1), Yes);
    cem.hear(&ben);
    cem.day = first_day().plus(4);
    cem.enact();
    let views = Views::of(&cem.ledger);
    let decision = cem.ledger.decision(words(1).id(), &views.standing).unwrap();
    assert_eq!(views.adoption_day(&decision), Some(first_day().plus(4)));
}

fn ratify(version: &Version) -> Proposal {
    Proposal::new(Matter::Ratify(version.clone()))
}

/// Everybody signs a version and one enacts it.
fn adopt(people: &mut [&mut Person], version: &Version) {
    for person in people.iter_mut() {
        person.answer(&ratify(version), Yes);
    }
    meet(people);
    people[0].enact();
    meet(people);
}

#[test]
fn three_devices_that_ratify_before_they_exchange_ratify_one_version_3_of_3() {
    let [mut ana, mut ben, mut cem] = people();
    ana.write_contract(CONTRACT);
    ben.hear(&ana);
    cem.hear(&ana);
    for person in [&mut ana, &mut ben, &mut cem] {
        let draft = person.draft().unwrap();
        person.answer(&ratify(&draft), Yes);
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.enact();
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let status = Views::of(&ana.ledger).contract_status();
    assert_eq!(status.versions.len(), 1);
    let version = &status.versions[0];
    assert_eq!((version.have, version.need, status.differs), (3, 2, false));
    assert_eq!(status.adopted, Some(version.version));
    assert_eq!(version.signatures.len(), 3);
    // An edit afterwards shows that the draft differs; the adopted text stays.
    ben.write_contract("# Yard\n\n## Who we are {#identity}\n\nNeighbours of the yard.\n");
    ana.hear(&ben);
    let views = Views::of(&ana.ledger);
    assert!(views.contract_status().differs);
    assert_eq!(views.contract_content(views.adopted()).title, "Garden");
    assert_eq!(views.contract_content(None).title, "Yard");
    drop(views);
    same_in_any_order(&ana);
}

#[test]
fn the_version_that_has_the_others_in_it_is_adopted() {
    let [mut ana, mut ben] = people();
    ana.write_contract(CONTRACT);
    let first = ana.draft().unwrap();
    meet(&mut [&mut ana, &mut ben]);
    ana.write_contract("# Garden\n\n## Who we are {#identity}\n\nAll neighbours of the yard.\n");
    let second = ana.draft().unwrap();
    meet(&mut [&mut ana, &mut ben]);
    adopt(&mut [&mut ana, &mut ben], &second);
    assert_eq!(Views::of(&ben.ledger).adopted(), Some(&second));
    // Adopting an older one later takes nothing back.
    adopt(&mut [&mut ana, &mut ben], &first);
    assert_eq!(Views::of(&ben.ledger).adopted(), Some(&second));
    // The same changes under a longer list of heads are the same text, not none.
    let mut heads = second.heads().to_vec();
    heads.extend_from_slice(first.heads());
    let padded = Version::new(heads).unwrap();
    adopt(&mut [&mut ana, &mut ben], &padded);
    let views = Views::of(&ben.ledger);
    let adopted = views.adopted().unwrap();
    let text = views.contract_content(Some(adopted));
    assert!(text.sections[0].body.starts_with("All"), "{adopted:?}");
    drop(views);
    same_in_any_order(&ben);
}

#[test]
fn of_versions_apart_the_one_with_most_signers_then_the_lowest_id_is_adopted() {
    let [mut ana, mut ben, mut cem] = people();
    ana.write_contract("# One\n");
    ben.write_contract("# Two\n");
    let (one, two) = (ana.draft().unwrap(), ben.draft().unwrap());
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    // Ana and Cem adopt one, all three the other; each is ratified by two of three.
    for person in [&mut ana, &mut cem] {
        person.answer(&ratify(&one), Yes);
    }
    for person in [&mut ana, &mut ben, &mut cem] {
        person.answer(&ratify(&two), Yes);
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ana.enact();
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert!(ana.is_adopted(ratify(&one).id()) && ana.is_adopted(ratify(&two).id()));
    assert_eq!(Views::of(&ana.ledger).adopted(), Some(&two));
    ben.answer(&ratify(&two), No);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let lower = if one.id() < two.id() { &one } else { &two };
    assert_eq!(Views::of(&ana.ledger).adopted(), Some(lower));
    same_in_any_order(&ana);
}

#[test]
fn a_yes_to_a_version_that_its_author_had_not_seen_is_none() {
    let [mut ana, mut ben] = people();
    ana.write_contract(CONTRACT);
    let version = ana.draft().unwrap();
    // Ben signs what somebody told him over the phone, without its changes.
    ben.answer(&ratify(&version), Yes);
    ana.answer(&ratify(&version), Yes);
    meet(&mut [&mut ana, &mut ben]);
    enact(&mut ana, &ratify(&version));
    let status = Views::of(&ana.ledger).contract_status();
    assert_eq!((status.versions[0].have, status.adopted), (1, None));
    same_in_any_order(&ana);
}

#[test]
fn nobody_is_asked_what_only_a_stranger_or_somebody_removed_proposed() {
    let [mut ana, mut ben, mut cem, mut mal] = people();
    let mals = member(&mal, 3);
    let removal = copact_tests::decisions::remove(mals, &[]);
    copact_tests::decisions::agree(&mut [&mut ana, &mut ben, &mut cem], &removal);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.enact();
    let proposal = words(1);
    let last_day = first_day().plus(30);
    let act = Act::Propose { proposal, reason: None, last_day, on_behalf_of: None };
    mal.act(act);
    mal.answer(&words(1), Yes);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut mal]);
    let asked = |person: &Person| {
        let rows = Views::of(&person.ledger).proposal_rows(&Labels::none());
        rows.iter().any(|row| row.id == words(1).id())
    };
    assert!(!asked(&ana));
    ana.answer(&words(1), No);
    assert!(asked(&ana), "somebody took it up");
}

#[test]
fn who_is_one_with_somebody_who_has_voice_has_it() {
    let [mut ana, mut ben] = people();
    let (again, mut phone) = copact_tests::group::admit(&mut ana, 20);
    let again = copact_core::ids::MemberId::brought_in_by(again);
    meet(&mut [&mut ana, &mut ben, &mut phone]);
    let merge = copact_tests::decisions::merge(again, member(&ana, 0));
    copact_tests::decisions::decide(&mut [&mut ana, &mut phone], &merge);
    let roster = Views::of(&ana.ledger).roster(&Labels::none());
    let row = roster.iter().find(|row| row.id == again).unwrap();
    assert_eq!(row.merged_into, Some(member(&ana, 0)));
    assert!(row.voice && row.voice_since == Some(first_day()));
    assert_eq!(Views::of(&ana.ledger).counts().voices, 2);
}
