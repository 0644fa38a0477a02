//! Who was at a meeting, and how well it is witnessed (evidence.md: Attend, Grade).
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::Act;
use copact_core::entry::{Corrected, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::{Ledger, Void};
use copact_core::views::{Labels, MeetingRow, Views};
use copact_tests::group::{
    admit, assist, correct, day, first_day, meet, meeting, member, people, role, same_as, tap, text,
};
use copact_tests::person::Person;

/// The meeting's row, the same in another order of arrival.
fn row(person: &Person, meeting: EnvelopeId) -> MeetingRow {
    let mut all: Vec<Verified> = person.all();
    all.reverse();
    let other = Ledger::of(all).unwrap();
    assert_eq!(Views::of(&other).digest(), person.digest());
    let rows = Views::of(&person.ledger).meetings(&Labels::none()).meetings;
    rows.into_iter().find(|row| row.id == meeting).unwrap()
}

/// The grade of somebody's attendance, if there is one.
fn grade(person: &Person, meeting: EnvelopeId, member: copact_core::ids::MemberId) -> &'static str {
    let row = row(person, meeting);
    let mut of = row.attendances.iter().filter(|one| one.member == member);
    let first = of.next();
    assert!(of.next().is_none(), "one attendance a member");
    first.map_or("none", |one| one.grade)
}

#[test]
fn all_taps_of_a_member_are_one_attendance_on_two_devices_or_one() {
    let [mut ana, mut ben] = people();
    let at = ana.entry(meeting(first_day()));
    let mut other = ana.copy();
    other.device.begin_again(8);
    ana.entry(tap(at));
    ana.entry(tap(at));
    other.entry(tap(at));
    meet(&mut [&mut ana, &mut ben, &mut other]);
    let row = row(&ben, at);
    assert_eq!((row.present, row.attendances.len(), row.attendances[0].taps.len()), (1, 1, 3));
    assert_eq!(Views::of(&ben.ledger).meetings(&Labels::none()).totals.attendances, 1);
}

#[test]
fn grades_count_different_signers_who_were_there() {
    let [mut ana, mut ben, mut cem, mut far] = people();
    let at = ana.entry(meeting(first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut far]);
    let anas = ana.entry(tap(at));
    ben.entry(tap(at));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut far]);
    let me = member(&ana, 0);
    assert_eq!(grade(&ana, at, me), "claimed");
    // One's own word, and that of somebody who was not there, are none.
    ana.entry(Record::Attest(vec![anas]));
    far.entry(Record::Attest(vec![anas]));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut far]);
    assert_eq!(grade(&ana, at, me), "claimed");
    // The same person twice is one.
    ben.entry(Record::Attest(vec![anas]));
    ben.entry(Record::Attest(vec![anas]));
    ana.hear(&ben);
    assert_eq!(grade(&ana, at, me), "witnessed");
    cem.entry(tap(at));
    cem.entry(Record::Attest(vec![anas]));
    ana.hear(&cem);
    assert_eq!(grade(&ana, at, me), "attested");
    let grades = row(&ana, at).grades;
    assert_eq!((grades.claimed, grades.witnessed, grades.attested), (2, 0, 1));
}

#[test]
fn who_recorded_it_and_who_helps_do_not_count() {
    let [mut ana, mut ben, mut cem] = people();
    let elder = assist(&mut ana, 1);
    let at = ana.entry(meeting(first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    for person in [&mut ana, &mut ben, &mut cem] {
        person.entry(tap(at));
    }
    // Ben records the elder, whose helper is Ana.
    let recorded = ben.entry_for(elder, tap(at));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    for person in [&mut ana, &mut ben] {
        person.entry(Record::Attest(vec![recorded]));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(grade(&cem, at, elder), "claimed");
    let about = row(&cem, at).attendances.into_iter().find(|one| one.member == elder).unwrap();
    assert!(about.recorded);
    cem.entry(Record::Attest(vec![recorded]));
    assert_eq!(grade(&cem, at, elder), "witnessed");
    // Who records a tap of somebody who can sign is left out over all of that member's taps.
    let bens = ben.entry_for(member(&ben, 2), tap(at));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    ben.entry(Record::Attest(vec![bens]));
    ana.entry(Record::Attest(vec![bens]));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(grade(&cem, at, member(&cem, 2)), "witnessed");
}

#[test]
fn an_imported_record_counts_nothing_by_itself() {
    let [mut ana, mut ben] = people();
    let early = first_day().plus(-4_000);
    let helper = member(&ana, 0);
    let nonce = copact_core::ids::Nonce::from_bytes([1; 16]);
    let act = Act::Assist { helper, role: role("listed"), imported: Some(early), nonce };
    let listed = copact_core::ids::MemberId::brought_in_by(ana.act(act));
    let at = ana.entry(Record::Meeting {
        day: early.plus(10),
        title: text(2),
        headcount: None,
        imported: true,
    });
    let here = ana.entry_for(listed, Record::Tap { meeting: at, code: None, imported: true });
    ana.entry(Record::Attest(vec![here]));
    ben.hear(&ana);
    ben.entry(Record::Attest(vec![here]));
    // Neither was at that meeting: it was before they were members.
    assert_eq!(grade(&ben, at, listed), "claimed");
    let views = Views::of(&ben.ledger);
    assert_eq!(views.meetings(&Labels::none()).totals.attendances, 1);
    assert_eq!(views.standing.voices(), 2, "nobody asked who is on a list");
}

#[test]
fn a_refused_tap_counts_nowhere_and_only_its_subject_can_refuse_it() {
    let [mut ana, mut ben, mut mal] = people();
    let at = ana.entry(meeting(first_day()));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let anas = ana.entry(tap(at));
    let recorded = mal.entry_for(member(&mal, 1), tap(at));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    assert_eq!(row(&ana, at).present, 2);
    mal.entry(Record::Refuse(anas));
    let forged = mal.entry_for(member(&mal, 0), Record::Refuse(anas));
    assert_eq!(mal.void(forged), Some(Void::NotTheHelper));
    let refusal = ben.entry(Record::Refuse(recorded));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    assert_eq!(row(&ana, at).present, 1);
    assert_eq!(grade(&ana, at, member(&ana, 1)), "none");
    let rows = Views::of(&ana.ledger).log(&Labels::none());
    assert!(rows.iter().find(|row| row.id == recorded).unwrap().refused);
    assert!(!rows.iter().find(|row| row.id == anas).unwrap().refused);
    // Who refuses the refusal takes it back.
    ben.entry(Record::Refuse(refusal));
    ana.hear(&ben);
    assert_eq!(row(&ana, at).present, 2);
}

#[test]
fn a_meeting_at_which_others_were_is_not_its_authors_to_refuse() {
    let [mut ana, mut mal] = people();
    let at = mal.entry(meeting(first_day()));
    let empty = mal.entry(meeting(first_day()));
    mal.entry(tap(at));
    ana.hear(&mal);
    ana.entry(tap(at));
    mal.entry(Record::Refuse(at));
    mal.entry(Record::Refuse(empty));
    ana.hear(&mal);
    assert_eq!(row(&ana, at).present, 2);
    let all = Views::of(&ana.ledger).meetings(&Labels::none()).meetings;
    assert_eq!(all.len(), 1, "one that nobody came to is");
}

#[test]
fn two_records_of_one_meeting_joined_are_one() {
    let [mut ana, mut ben, mut cem] = people();
    let (one, other) = (ana.entry(meeting(first_day())), ben.entry(meeting(first_day())));
    ana.entry(tap(one));
    ben.entry(tap(other));
    cem.hear(&ana);
    cem.entry(tap(one));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.entry(tap(other));
    // Only who made either says so.
    cem.entry(same_as(one, other));
    ben.hear(&cem);
    assert_eq!(Views::of(&ben.ledger).meetings(&Labels::none()).meetings.len(), 2);
    ben.entry(same_as(one, other));
    let all = Views::of(&ben.ledger).meetings(&Labels::none());
    assert_eq!((all.totals.meetings, all.totals.attendances, all.totals.members), (1, 3, 3));
    assert_eq!(row(&ben, other).present, 3);
    assert!(all.meetings.iter().all(|row| row.id == other));
}

#[test]
fn a_ring_of_same_as_is_no_ring() {
    let [mut ana, mut ben] = people();
    let day = first_day();
    let three: Vec<EnvelopeId> = (0..3).map(|_| ana.entry(meeting(day))).collect();
    let mut other = ana.copy();
    other.device.begin_again(8);
    ana.entry(same_as(three[0], three[1]));
    ana.entry(same_as(three[1], three[2]));
    other.entry(same_as(three[2], three[0]));
    other.entry(tap(three[0]));
    meet(&mut [&mut ana, &mut ben, &mut other]);
    let all = Views::of(&ben.ledger).meetings(&Labels::none());
    assert_eq!((all.totals.meetings, all.totals.attendances), (1, 1));
    row(&ben, all.meetings[0].id);
}

#[test]
fn taps_cannot_be_sent_to_a_meeting_without_names() {
    let [mut ana, mut mal] = people();
    let at = ana.entry(meeting(first_day()));
    ana.entry(tap(at));
    mal.hear(&ana);
    let record =
        Record::Meeting { day: first_day(), title: text(2), headcount: Some(40), imported: false };
    let counted = mal.entry(record);
    let same = mal.entry(same_as(at, counted));
    let tapped = mal.entry(tap(counted));
    assert_eq!(mal.void(same), Some(Void::WrongKind));
    assert_eq!(mal.void(tapped), Some(Void::WrongKind));
    assert_eq!(row(&mal, at).present, 1);
}

#[test]
fn a_meetings_day_changes_only_before_its_first_tap() {
    let [mut ana, mut ben] = people();
    let at = ana.entry(meeting(first_day()));
    let founding = ana.ledger.group().founding();
    let moved = |days: i32| {
        correct(at, Corrected { day: Some(first_day().plus(days)), ..Corrected::default() })
    };
    let mut copy = ana.copy();
    ana.entry(moved(1));
    assert_eq!(row(&ana, at).day, first_day().plus(1));
    ben.hear(&ana);
    ben.entry(tap(at));
    ana.hear(&ben);
    ana.entry(moved(2));
    assert_eq!(row(&ana, at).day, first_day().plus(1));
    // Nor by a correction on an old past, which pretends that nobody had tapped: it would move
    // those who had to a day when they were no members.
    copy.device.begin_again(9);
    let content = copact_core::entry::Entry { on_behalf_of: None, record: moved(-3_000) };
    let late = copy.write_on(Content::Entry(content), &[founding, at]);
    ana.hear(&copy);
    assert_eq!(ana.void(late), None);
    let row = row(&ana, at);
    assert_eq!((row.day, row.present), (first_day().plus(1), 1));
}

#[test]
fn an_attendance_counts_while_its_member_is_one() {
    let [mut ana, mut ben] = people();
    let early = ana.entry(meeting(first_day().plus(-1)));
    let late = ana.entry(meeting(first_day().plus(20)));
    ben.hear(&ana);
    ben.day = first_day().plus(20);
    for at in [early, late] {
        ben.entry(tap(at));
    }
    assert_eq!((row(&ben, early).present, row(&ben, late).present), (0, 1));
    ben.act(Act::Leave);
    assert_eq!(row(&ben, late).present, 0, "no member any more on the day of leaving");
    assert_eq!((row(&ben, early).members, row(&ben, late).members), (0, 1));
    let (_, dua) = admit(&mut ana, 5);
    assert!(dua.stands());
}

#[test]
fn a_wrong_clock_moves_no_meeting_and_wins_nothing() {
    let [mut ana, mut ben, mut cem] = people();
    ana.day = copact_tests::group::day("2999-12-31");
    let at = ana.entry(meeting(first_day().plus(1)));
    ben.hear(&ana);
    ben.day = first_day().plus(1);
    let bens = ben.entry(tap(at));
    cem.hear(&ben);
    cem.day = first_day().plus(2);
    let confirms = cem.entry(Record::Attest(vec![bens]));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let views = Views::of(&ana.ledger);
    let signed = |id| views.signed(ana.ledger.place_of(id).unwrap());
    // Two others say that it existed by then.
    assert_eq!(signed(at), Some(first_day().plus(2)));
    // Of one other alone nothing follows, and no day makes another one later than it says.
    assert_eq!(signed(bens), Some(first_day().plus(1)));
    assert_eq!(signed(confirms), Some(first_day().plus(2)));
    assert_eq!(row(&ana, at).day, first_day().plus(1));
    let flagged = views.log(&Labels::none());
    let tap = flagged.iter().find(|row| row.id == bens).unwrap();
    assert!(tap.flags.contains(&"earlier_than_its_past"));
}

#[test]
fn the_log_can_be_a_chain_of_words_about_words() {
    // Every view must go through it without walking it, or recursing along it, for each entry.
    let [mut ana] = people();
    let mut last = ana.entry(meeting(first_day()));
    for number in 0..3_000_u32 {
        last = ana.entry(match number % 3 {
            0 => Record::Confirm(last),
            1 => correct(last, Corrected { text: Some(text(9)), ..Corrected::default() }),
            _ => Record::Attest(vec![last]),
        });
    }
    let rows = Views::of(&ana.ledger).log(&Labels::none());
    assert!(rows.iter().all(|row| row.date == first_day()));
}

#[test]
fn a_meeting_that_was_taken_back_takes_no_other_with_it() {
    let [mut ana, mut mal] = people();
    let at = ana.entry(meeting(first_day()));
    ana.entry(tap(at));
    mal.hear(&ana);
    let mine = mal.entry(meeting(first_day()));
    mal.entry(same_as(at, mine));
    mal.entry(Record::Refuse(mine));
    ana.hear(&mal);
    assert_eq!(row(&ana, at).present, 1);
}

#[test]
fn admitting_somebody_again_takes_no_day_of_theirs_away() {
    let [mut ana, mut mal] = people();
    ana.entry(Record::Note(text(1)));
    let (_, mut dua) = admit(&mut ana, 5);
    meet(&mut [&mut ana, &mut mal, &mut dua]);
    let at = dua.entry(meeting(first_day()));
    dua.entry(tap(at));
    let newcomer = role("newcomer");
    let device = dua.device.accepts(ana.ledger.group(), &newcomer);
    // On an old past, hence before the true one, and far in the future.
    mal.device.begin_again(9);
    mal.day = day("2999-01-01");
    let founding = ana.ledger.group().founding();
    mal.write_on(Content::Act(Act::Admit { device, role: newcomer }), &[founding]);
    meet(&mut [&mut ana, &mut mal, &mut dua]);
    assert_eq!(row(&ana, at).present, 1);
}

#[test]
fn who_knew_that_a_meeting_was_taken_back_does_not_bring_it_back() {
    let [mut ana, mut mal] = people();
    let taken_back = ana.entry(meeting(first_day()));
    let also = ana.entry(meeting(first_day()));
    let mut early = mal.copy();
    early.device.begin_again(3);
    early.hear(&ana);
    early.entry(tap(also));
    for one in [taken_back, also] {
        ana.entry(Record::Refuse(one));
    }
    mal.hear(&ana);
    mal.entry(tap(taken_back));
    ana.hear(&mal);
    ana.hear(&early);
    let views = Views::of(&ana.ledger);
    let refused = |id| views.journal().refused.contains(&ana.ledger.place_of(id).unwrap());
    assert!(refused(taken_back));
    assert!(!refused(also), "somebody was there before it was taken back");
}
