//! Whose word makes work count (evidence.md: h, e_ij, Correct).
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::entry::{Beneficiary, Corrected, Entry, Minutes, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::ledger::Ledger;
use copact_core::views::{EntryRow, Labels, Views};
use copact_tests::group::{
    assist, correct, dispute, first_day, meet, member, people, same_as, work,
};
use copact_tests::person::Person;

/// The entry's row, the same in another order of arrival.
fn row(person: &Person, entry: EnvelopeId) -> EntryRow {
    let mut all: Vec<Verified> = person.all();
    all.reverse();
    let other = Ledger::of(all).unwrap();
    assert_eq!(Views::of(&other).digest(), person.digest());
    let rows = Views::of(&person.ledger).log(&Labels::none());
    rows.into_iter().find(|row| row.id == entry).unwrap()
}

fn confirmed(person: &Person, entry: EnvelopeId) -> bool {
    row(person, entry).confirmed.unwrap()
}

fn disputed(person: &Person, entry: EnvelopeId) -> bool {
    row(person, entry).disputed.unwrap()
}

fn minutes(entry: EnvelopeId, minutes: u32) -> Record {
    correct(entry, Corrected { minutes: Minutes::new(minutes), ..Corrected::default() })
}

fn effective(person: &Person, entry: EnvelopeId) -> Option<u16> {
    let place = person.ledger.place_of(entry).unwrap();
    let views = Views::of(&person.ledger);
    views.journal().effective(&person.ledger, place).minutes.map(Minutes::get)
}

const fn for_member(member: MemberId) -> Beneficiary {
    Beneficiary::Member(member)
}

#[test]
fn work_for_a_member_is_confirmed_by_that_member_alone() {
    let [mut ana, mut ben, mut cem] = people();
    let done = ana.entry(work(60, for_member(member(&ana, 1)), first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ana.entry(Record::Confirm(done));
    cem.entry(Record::Confirm(done));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert!(!confirmed(&ana, done));
    ben.entry(Record::Confirm(done));
    ana.hear(&ben);
    assert!(confirmed(&ana, done));
}

#[test]
fn work_for_the_group_is_confirmed_by_anybody_else_and_for_oneself_by_nobody() {
    let [mut ana, mut ben] = people();
    let common = ana.entry(work(60, Beneficiary::Group, first_day()));
    let own = ana.entry(work(60, for_member(member(&ana, 0)), first_day()));
    ana.entry(Record::Confirm(common));
    ben.hear(&ana);
    assert!(!confirmed(&ben, common));
    ben.entry(Record::Confirm(common));
    ben.entry(Record::Confirm(own));
    assert!(confirmed(&ben, common));
    assert!(!confirmed(&ben, own));
}

#[test]
fn work_for_an_assisted_member_is_confirmed_by_a_third() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let done = ben.entry(work(60, for_member(elder), first_day()));
    ben.entry(Record::Confirm(done));
    assert!(!confirmed(&ben, done));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.entry(Record::Confirm(done));
    assert!(confirmed(&cem, done));
    // What the elder did for Cem, and Ana wrote down: Cem's word, not Ana's.
    let wrote = ana.entry_for(elder, work(30, for_member(member(&ana, 2)), first_day()));
    ana.entry(Record::Confirm(wrote));
    assert!(!confirmed(&ana, wrote));
    cem.hear(&ana);
    cem.entry(Record::Confirm(wrote));
    assert!(confirmed(&cem, wrote));
    // Nor does who wrote it down confirm what was done for all.
    let common = ana.entry_for(elder, work(30, Beneficiary::Group, first_day()));
    ana.entry(Record::Confirm(common));
    assert!(!confirmed(&ana, common));
    // If whom it is for wrote it down, a third.
    let mine = cem.entry_for(member(&cem, 1), work(30, for_member(member(&cem, 2)), first_day()));
    cem.entry(Record::Confirm(mine));
    ben.hear(&cem);
    ben.entry(Record::Confirm(mine));
    assert!(!confirmed(&ben, mine));
    ana.hear(&ben);
    ana.entry(Record::Confirm(mine));
    assert!(confirmed(&ana, mine));
}

#[test]
fn a_correction_needs_a_new_confirmation_of_itself() {
    let [mut ana, mut ben] = people();
    let done = ana.entry(work(120, Beneficiary::Group, first_day()));
    ben.hear(&ana);
    ben.entry(Record::Confirm(done));
    ana.hear(&ben);
    // Two hours were confirmed; twenty were not.
    let more = ana.entry(minutes(done, 1_200));
    assert_eq!((confirmed(&ana, done), effective(&ana, done)), (false, Some(1_200)));
    ben.hear(&ana);
    ben.entry(Record::Confirm(done));
    assert!(!confirmed(&ben, done));
    ben.entry(Record::Confirm(more));
    assert!(confirmed(&ben, done));
    // A correction of the correction is one of the entry.
    ana.hear(&ben);
    let again = ana.entry(minutes(more, 60));
    assert_eq!((confirmed(&ana, done), effective(&ana, done)), (false, Some(60)));
    ben.hear(&ana);
    ben.entry(Record::Confirm(again));
    assert!(confirmed(&ben, done));
}

#[test]
fn a_correction_by_somebody_else_is_nothing() {
    let [mut ana, mut mal] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    mal.hear(&ana);
    mal.entry(Record::Confirm(done));
    let forged = mal.entry(minutes(done, 1));
    mal.entry(minutes(forged, 2));
    assert_eq!(effective(&mal, done), None);
    assert!(confirmed(&mal, done));
    // Nor does somebody else's record take its place.
    let own = mal.entry(work(1_440, Beneficiary::Group, first_day()));
    mal.entry(same_as(done, own));
    let views = Views::of(&mal.ledger);
    assert!(views.journal().same_as.is_empty());
}

#[test]
fn a_dispute_binds_until_its_author_confirms_a_later_correction() {
    let [mut ana, mut ben, mut cem] = people();
    let done = ana.entry(work(600, Beneficiary::Group, first_day()));
    let early = ana.entry(minutes(done, 500));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ben.entry(dispute(early));
    ben.entry(Record::Confirm(early));
    assert!(disputed(&ben, done), "a correction from before settles nothing");
    ana.hear(&ben);
    let later = ana.entry(minutes(done, 60));
    cem.hear(&ana);
    cem.entry(Record::Confirm(later));
    ben.hear(&cem);
    assert!(disputed(&ben, done), "nor does somebody else's word");
    ben.entry(Record::Confirm(later));
    assert!(!disputed(&ben, done));
    assert!(confirmed(&ben, done));
    // Another one's dispute is another dispute.
    cem.hear(&ben);
    cem.entry(dispute(done));
    assert!(disputed(&cem, done));
}

#[test]
fn who_had_no_voice_in_their_past_confirms_nothing() {
    let [mut ana, mut ben] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    ben.act(copact_core::act::Act::Leave);
    ben.hear(&ana);
    ben.entry(Record::Confirm(done));
    let eve = copact_tests::device::Device::new(9);
    let mut eve = Person::new(eve, ana.all(), first_day());
    eve.entry(Record::Confirm(done));
    // A member by now, who had not seen the admission, had none either.
    let (_, mut dua) = copact_tests::group::admit(&mut ana, 5);
    let confirm = Entry { on_behalf_of: None, record: Record::Confirm(done) };
    let early = dua.write_on(Content::Entry(confirm), &[done]);
    meet(&mut [&mut ana, &mut ben, &mut eve, &mut dua]);
    assert_eq!(ana.set_aside(early), None);
    dua.entry(Record::Confirm(done));
    ana.hear(&dua);
    assert!(!confirmed(&ana, done), "nobody gave her voice yet");
    let duas = dua.me().unwrap();
    copact_tests::decisions::give_voice(&mut [&mut ana], duas);
    dua.hear(&ana);
    dua.entry(Record::Confirm(done));
    ana.hear(&dua);
    assert!(confirmed(&ana, done));
}

#[test]
fn work_from_the_future_is_flagged_by_the_day_it_was_corrected_on() {
    let [mut ana] = people();
    let far = first_day().plus(3_650);
    let future = ana.entry(work(60, Beneficiary::Group, far));
    let honest = ana.entry(work(60, Beneficiary::Group, first_day()));
    let moved = |entry, day| correct(entry, Corrected { day: Some(day), ..Corrected::default() });
    ana.entry(moved(honest, first_day().plus(40)));
    let flagged = |person: &Person, id| row(person, id).flags.contains(&"dated_in_the_future");
    assert!(flagged(&ana, future));
    assert!(flagged(&ana, honest));
    ana.day = first_day().plus(40);
    ana.entry(moved(honest, first_day().plus(40)));
    assert!(!flagged(&ana, honest), "said on the day itself");
}
