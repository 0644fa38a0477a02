//! What the ledger's records come to as facts: the definitions that formulas take for given.

use copact_core::change::Origin;
use copact_core::contract;
use copact_core::entry::{Beneficiary, Corrected, GoalState, Minutes, Record};
use copact_core::ids::EnvelopeId;
use copact_core::proposal::{Matter, Proposal};
use copact_core::quarter::Quarter;
use copact_core::views::{Grade, Views};
use copact_evidence::facts::Facts;
use copact_tests::decisions::{decide, merge, quarter, settle};
use copact_tests::group::{
    assist, correct, dispute, first_day, meet, meeting, member, people, same_as, tap, text, work,
};
use copact_tests::person::Person;

fn facts(person: &Person) -> Facts {
    Facts::of(&Views::of(&person.ledger))
}

/// Minutes that count, of all work there is.
fn counted(person: &Person) -> u64 {
    let work = facts(person).work;
    work.iter().filter(|one| one.confirmed && !one.disputed).map(|one| one.minutes).sum()
}

/// Breaks when: what is attested of a list's taps grades anybody.
#[test]
fn whom_a_list_names_is_attested_by_nobody() {
    let [mut ana, mut ben, mut cem] = people();
    let record =
        Record::Meeting { day: first_day(), title: text(2), headcount: None, imported: true };
    let at = ana.entry(record);
    let listed = Record::Tap { meeting: at, code: None, imported: true };
    let bens = ana.entry_for(member(&ana, 1), listed.clone());
    let cems = ana.entry_for(member(&ana, 2), listed);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ben.entry(Record::Attest(vec![cems]));
    let own = cem.entry(tap(at));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let grades = |person: &Person| -> Vec<Grade> {
        facts(person).meetings[0].present.iter().map(|(_, grade, _)| *grade).collect()
    };
    assert_eq!(grades(&ana), [Grade::Claimed; 2]);
    // What Cem says by himself can be attested; that Ana wrote him down does not help.
    ben.entry(Record::Attest(vec![own, bens]));
    ana.hear(&ben);
    let mut now = grades(&ana);
    now.sort_unstable();
    assert_eq!(now, [Grade::Claimed, Grade::Witnessed]);
}

/// Breaks when: who wrote an opening down for somebody is taken for who opened.
#[test]
fn whoever_opened_a_meeting_need_not_have_signed_it() {
    let [mut ana, mut ben] = people();
    let elder = assist(&mut ana, 1);
    let at = ana.entry(meeting(first_day()));
    ana.entry_for(elder, Record::Open(at));
    ben.hear(&ana);
    ben.entry(Record::Open(at));
    let facts = facts(&ben);
    let opened = facts.meetings[0].opened_by.map(|who| facts.people[who].id);
    assert_eq!(opened, Some(elder));
}

/// Breaks when: a helper ends in their own name a dispute that was the elder's.
#[test]
fn a_dispute_is_the_elders_and_not_the_helpers() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    let done = ben.entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.entry(Record::Confirm(done));
    ana.entry_for(elder, dispute(done));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let minutes = Minutes::new(20);
    let less = ben.entry(correct(done, Corrected { minutes, ..Corrected::default() }));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.entry(Record::Confirm(less));
    ana.entry(Record::Confirm(less));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(counted(&cem), 0, "Ana did not dispute it");
    ana.entry_for(elder, Record::Confirm(less));
    cem.hear(&ana);
    assert_eq!(counted(&cem), 20);
}

/// Breaks when: who disputes what changes nothing binds the work that it speaks of.
#[test]
fn a_dispute_of_anothers_correction_binds_nothing() {
    let [mut ana, mut ben, mut mal] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ben.entry(Record::Confirm(done));
    let fields = Corrected { minutes: Minutes::new(1), ..Corrected::default() };
    let forged = mal.entry(correct(done, fields.clone()));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ana.entry(dispute(forged));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    assert_eq!(counted(&ben), 60);
    let own = ana.entry(correct(done, fields));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ben.entry(Record::Confirm(own));
    mal.entry(dispute(own));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    assert_eq!(counted(&ben), 0, "what changes it is disputed with it");
}

/// Breaks when: a second same-as takes over what has lapsed, or nothing goes to what was joined.
#[test]
fn what_has_lapsed_lapses_once() {
    let [mut ana, mut ben] = people();
    let [one, two, three] = [0; 3].map(|_| ana.entry(meeting(first_day())));
    ben.hear(&ana);
    ben.entry(tap(one));
    ana.entry(tap(one));
    ana.hear(&ben);
    ana.entry(same_as(one, two));
    ana.entry(same_as(one, three));
    let facts = facts(&ana);
    let held: Vec<(EnvelopeId, usize)> = facts
        .meetings
        .iter()
        .filter(|meeting| !meeting.present.is_empty())
        .map(|meeting| (meeting.id, meeting.present.len()))
        .collect();
    assert_eq!(held, [(two, 2)]);
}

/// Breaks when: work that the group settled as not counting takes other work with it.
#[test]
fn nothing_is_joined_to_what_does_not_count() {
    let [mut ana, mut ben] = people();
    let [one, other] = [30, 50].map(|m| ana.entry(work(m, Beneficiary::Group, first_day())));
    ben.hear(&ana);
    ben.entry(Record::Confirm(one));
    decide(&mut [&mut ana, &mut ben], &settle(other, false));
    ana.entry(same_as(one, other));
    assert_eq!(counted(&ana), 30);
}

/// Breaks when: a meeting that its author moved into a closed quarter makes others' attendance
/// late.
#[test]
fn a_meeting_moved_into_a_closed_quarter_takes_no_other_with_it() {
    let [mut ana, mut mal] = people();
    let before = first_day().plus(-80);
    let tips: Vec<EnvelopeId> =
        ana.ledger.heads().map(|at| ana.ledger.at(at).unwrap().id()).collect();
    decide(&mut [&mut ana, &mut mal], &quarter(Quarter::of(before), &tips));
    let bait = mal.entry(meeting(first_day()));
    mal.entry(correct(bait, Corrected { day: Some(before), ..Corrected::default() }));
    ana.hear(&mal);
    let at = ana.entry(meeting(first_day()));
    ana.entry(tap(at));
    mal.hear(&ana);
    mal.entry(same_as(at, bait));
    ana.hear(&mal);
    let facts = facts(&ana);
    let held: Vec<EnvelopeId> =
        facts.meetings.iter().filter(|one| !one.present.is_empty()).map(|one| one.id).collect();
    assert_eq!(held, [at]);
}

/// Breaks when: a third's word for an elder lapses because the elder is merged with somebody who
/// has a device, or a text that the one wrote for the other is nobody's then.
#[test]
fn merging_takes_nothing_away() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    let done = ben.entry(work(60, Beneficiary::Group, first_day()));
    ana.write_contract("# Us\n\n## Who {#identity}\nAll.\n");
    let section = Views::of(&ana.ledger).contract_content(None).sections[0].id;
    ana.edit(Origin::For(elder), |editor| {
        contract::edit_section(editor, section, "All. We.").map(drop)
    });
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let for_elder = ben.entry(work(7, Beneficiary::Member(elder), first_day()));
    cem.hear(&ben);
    cem.entry(Record::Confirm(for_elder));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let draft = ana.draft().unwrap();
    decide(&mut [&mut ana, &mut ben, &mut cem], &Proposal::new(Matter::Ratify(draft)));
    let me = member(&ana, 0);
    let written = |person: &Person| -> u64 {
        let facts = facts(person);
        facts.texts.values().next().unwrap().written.values().sum()
    };
    assert_eq!((counted(&ana), written(&ana)), (7, 4), "“All.”; nobody confirmed “We.”");
    decide(&mut [&mut ana, &mut ben, &mut cem], &merge(elder, me));
    assert_eq!((counted(&ana), written(&ana)), (7, 7));
    assert!(facts(&ana).work.iter().any(|one| one.id == done && !one.confirmed));
}

/// Breaks when: a goal's word is confirmed by those who confirmed what it said before.
#[test]
fn the_last_word_on_a_goal_is_the_one_to_confirm() {
    let [mut ana, mut ben, mut cem] = people();
    let goal = copact_core::ids::PartId::from_bytes([1; 8]);
    let said = ana.entry(Record::Goal { goal, state: GoalState::Done });
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ben.entry(Record::Confirm(said));
    cem.entry(Record::Confirm(said));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(facts(&ana).goal_states[0].confirmed_by, 2);
    let changed = Corrected { text: Some(text(9)), ..Corrected::default() };
    let last = ana.entry(correct(said, changed));
    ben.hear(&ana);
    ben.entry(Record::Confirm(last));
    ana.hear(&ben);
    assert_eq!(facts(&ana).goal_states[0].confirmed_by, 1);
}
