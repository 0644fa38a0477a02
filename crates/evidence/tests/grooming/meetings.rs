//! Meetings, and who was there.

use copact_core::act::Act;
use copact_core::entry::{Corrected, Record};
use copact_core::ids::{EnvelopeId, MemberId, Nonce};
use copact_core::ledger::Void;
use copact_tests::group::{
    admit, assist, correct, day, first_day, meet, meeting, member, people, role, tap, text,
};
use copact_tests::person::Person;

use crate::{close, seen, share, warned};

/// A meeting of the first two of four, who saw each other.
fn met() -> ([Person; 4], EnvelopeId) {
    let mut all = people::<4>();
    let at = all[0].entry(meeting(first_day()));
    meet(&mut all.each_mut());
    let taps = [0, 1].map(|who: usize| all[who].entry(tap(at)));
    meet(&mut all.each_mut());
    all[0].entry(Record::Attest(vec![taps[1]]));
    all[1].entry(Record::Attest(vec![taps[0]]));
    meet(&mut all.each_mut());
    (all, at)
}

/// Breaks when: people whom nobody heard of count as there, or a meeting without names is held.
#[test]
fn a_headcount_is_taken_for_attendance() {
    let (mut all, _) = met();
    let honest = share(&seen(&all[0]), "P1");
    assert_eq!(honest, (2, 4));
    let record =
        Record::Meeting { day: first_day(), title: text(3), headcount: Some(200), imported: false };
    let crowd = all[0].entry(record);
    let there = all[0].entry(tap(crowd));
    assert_eq!(all[0].void(there), Some(Void::WrongKind));
    let report = seen(&all[0]);
    assert_eq!(share(&report, "P1"), honest);
    assert_eq!(warned(&report, "headcount_only"), Some((1, None)));
    assert_eq!(report.completeness.headcount_meetings, 1);
}

/// Breaks when: the day moves after people said that they were there on it.
#[test]
fn a_meeting_moves_to_another_day_after_its_first_tap() {
    let (mut all, at) = met();
    let honest = seen(&all[3]);
    assert_eq!(honest.pictures.meetings[0].day, first_day());
    let moved = Corrected { day: Some(first_day().plus(12)), ..Corrected::default() };
    all[0].entry(correct(at, moved));
    meet(&mut all.each_mut());
    let report = seen(&all[3]);
    assert_eq!(report.pictures.meetings, honest.pictures.meetings);
    assert_eq!(share(&report, "P1"), (2, 4));
    // Before anybody tapped it is only a plan.
    let next = all[0].entry(meeting(first_day()));
    all[0].entry(correct(next, Corrected { day: Some(day("2026-03-30")), ..Corrected::default() }));
    all[0].entry(tap(next));
    let days = seen(&all[0]).pictures.meetings.iter().map(|one| one.day).collect::<Vec<_>>();
    assert_eq!(days, [first_day(), day("2026-03-30")]);
}

/// Breaks when: a meeting that nobody knew of when the quarter was closed is held in it.
#[test]
fn a_meeting_is_backdated_into_a_closed_quarter() {
    let (mut all, at) = met();
    close(&mut all.each_mut());
    let honest = seen(&all[3]);
    let more = all[0].entry(meeting(first_day().plus(9)));
    meet(&mut all.each_mut());
    for one in &mut all {
        one.entry(tap(more));
        one.entry(tap(at));
    }
    meet(&mut all.each_mut());
    let report = seen(&all[3]);
    assert_eq!(share(&report, "P1"), share(&honest, "P1"));
    assert_eq!(report.pictures.meetings, honest.pictures.meetings);
    assert_eq!(warned(&report, "late_entries").map(|(num, _)| num), Some(9));
    assert_eq!(report.completeness.late, 9);
}

/// Breaks when: a list that is taken over later counts in a quarter that was closed.
#[test]
fn a_list_is_taken_over_after_the_quarter_was_closed() {
    let (mut all, _) = met();
    close(&mut all.each_mut());
    let honest = seen(&all[3]);
    let listed: Vec<MemberId> = (0..3)
        .map(|one| {
            let helper = member(&all[0], 0);
            let nonce = Nonce::from_bytes([one; 16]);
            let imported = Some(day("2026-03-10"));
            MemberId::brought_in_by(all[0].act(Act::Assist {
                helper,
                role: role("listed"),
                imported,
                nonce,
            }))
        })
        .collect();
    let record =
        Record::Meeting { day: day("2026-03-10"), title: text(3), headcount: None, imported: true };
    let list = all[0].entry(record);
    for who in listed {
        all[0].entry_for(who, Record::Tap { meeting: list, code: None, imported: true });
    }
    meet(&mut all.each_mut());
    let report = seen(&all[3]);
    assert_eq!(share(&report, "P1"), share(&honest, "P1"));
    assert_eq!(warned(&report, "late_entries").map(|(num, _)| num), Some(4));
    // They are people of the group, whoever wrote them down: that lowers shares.
    assert_eq!((honest.n, report.n), (4, 7));
}

/// Breaks when: people who were let in for it witness.
#[test]
fn puppets_without_voice_witness() {
    let [mut ana, mut ben] = people();
    let at = ana.entry(meeting(first_day()));
    let own = ana.entry(tap(at));
    let mut puppets = [50, 51].map(|seed| admit(&mut ana, seed).1);
    for puppet in &mut puppets {
        puppet.hear(&ana);
        puppet.entry(tap(at));
        puppet.entry(Record::Attest(vec![own]));
    }
    let [one, two] = &mut puppets;
    meet(&mut [&mut ana, &mut ben, one, two]);
    let report = seen(&ben);
    assert_eq!((report.n, share(&report, "P2")), (4, (0, 3)));
    ben.entry(tap(at));
    ben.entry(Record::Attest(vec![own]));
    // One of two that it takes.
    assert_eq!(share(&seen(&ben), "P2"), (0, 4));
}

/// Breaks when: what a helper attests for those whom they help is these people's word, or a report
/// does not say that one person wrote it all.
#[test]
fn one_helper_taps_and_attests_for_everybody() {
    let [mut ana, mut ben, mut cem] = people();
    let elders = [1, 2, 3].map(|nonce| assist(&mut ana, nonce));
    let at = ana.entry(meeting(first_day()));
    let mut taps = vec![ana.entry(tap(at))];
    taps.extend(elders.map(|elder| ana.entry_for(elder, tap(at))));
    for elder in elders {
        ana.entry_for(elder, Record::Attest(taps.clone()));
    }
    ana.entry(Record::Attest(taps.clone()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let report = seen(&cem);
    assert_eq!((share(&report, "P1"), share(&report, "P2")), ((4, 6), (0, 4)));
    assert_eq!(warned(&report, "one_helper"), Some((3, Some(4))));
    assert_eq!(warned(&report, "assisted_share"), Some((3, Some(4))));
    for other in [&mut ben, &mut cem] {
        other.entry(tap(at));
        other.entry(Record::Attest(taps.clone()));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    assert_eq!(share(&seen(&cem), "P2"), (4, 6));
}
