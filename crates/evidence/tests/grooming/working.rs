//! Work.

use copact_core::entry::{Beneficiary, Corrected, Minutes, Record};
use copact_core::ids::EnvelopeId;
use copact_tests::decisions::{decide, remove, settle, tips};
use copact_tests::group::{correct, day, dispute, first_day, meet, member, people, work};
use copact_tests::person::Person;

use crate::{close, hours, seen, share, warned};

/// Two hours of Ana's for the group, which Ben confirmed.
fn confirmed<const N: usize>() -> ([Person; N], EnvelopeId) {
    let mut all = people::<N>();
    let done = all[0].entry(work(120, Beneficiary::Group, first_day()));
    meet(&mut all.each_mut());
    all[1].entry(Record::Confirm(done));
    meet(&mut all.each_mut());
    (all, done)
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} and {b}");
}

/// Breaks when: what was confirmed of an entry holds for its corrections.
#[test]
fn two_hours_that_are_confirmed_and_corrected_to_twenty() {
    let ([mut ana, mut ben, mut cem], done) = confirmed();
    near(hours(&seen(&cem)), 2.0);
    assert_eq!((share(&seen(&cem), "H2"), warned(&seen(&cem), "unconfirmed")), ((120, 120), None));
    let fields = Corrected { minutes: Some(Minutes::new(1_200).unwrap()), ..Corrected::default() };
    let more = ana.entry(correct(done, fields));
    // Neither Ana's own word on it nor Ben's on what it was before.
    ana.entry(Record::Confirm(more));
    ben.entry(Record::Confirm(done));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let report = seen(&cem);
    near(hours(&report), 0.0);
    assert_eq!(share(&report, "H2"), (0, 1_200));
    assert_eq!(warned(&report, "unconfirmed"), Some((1_200, Some(1_200))));
    ben.entry(Record::Confirm(more));
    cem.hear(&ben);
    near(hours(&seen(&cem)), 20.0);
}

/// Breaks when: a dispute ends with its author's membership, or a removal that cuts it away is not
/// to be seen in the report.
#[test]
fn the_disputer_is_removed() {
    let ([mut ana, mut ben, mut cem, mut dan], done) = confirmed();
    near(hours(&seen(&cem)), 2.0);
    dan.entry(dispute(done));
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan]);
    assert_eq!(warned(&seen(&cem), "disputed"), Some((120, None)));
    let [mut one, mut two, mut three] = [ana.copy(), ben.copy(), cem.copy()];
    let all = tips(&ana.ledger, &dan.device.key());
    let removal = remove(member(&ana, 3), &all);
    decide(&mut [&mut ana, &mut ben, &mut cem], &removal);
    let report = seen(&cem);
    near(hours(&report), 0.0);
    assert_eq!((report.n, warned(&report, "disputed")), (3, Some((120, None))));
    assert_eq!((report.completeness.disputed_minutes, report.completeness.set_aside), (120, 0));
    // More than half can decide that it was never said, as they can settle it; that is shown.
    let before = [ana.ledger.group().founding()];
    let removal = remove(member(&one, 3), &before);
    decide(&mut [&mut one, &mut two, &mut three], &removal);
    let report = seen(&three);
    near(hours(&report), 2.0);
    assert_eq!(report.completeness.set_aside, 1);
}

/// Breaks when: disputed minutes are in a sum or out of sight, or nobody but the disputer can end
/// it, or who lost can dispute again.
#[test]
fn everything_is_disputed() {
    let ([mut ana, mut ben, mut mal], first) = confirmed();
    let second = ben.entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    ana.entry(Record::Confirm(second));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    near(hours(&seen(&mal)), 3.0);
    mal.entry(dispute(first));
    mal.entry(dispute(second));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let report = seen(&ana);
    near(hours(&report), 0.0);
    assert_eq!(report.indicators["H2"].status, "not_computable");
    assert_eq!(warned(&report, "disputed"), Some((180, None)));
    decide(&mut [&mut ana, &mut ben], &settle(first, true));
    mal.hear(&ana);
    mal.entry(dispute(first));
    meet(&mut [&mut ana, &mut ben, &mut mal]);
    let report = seen(&mal);
    near(hours(&report), 2.0);
    assert_eq!(warned(&report, "disputed"), Some((60, None)));
    decide(&mut [&mut ana, &mut ben], &settle(second, false));
    let report = seen(&ana);
    assert_eq!((hours(&report), warned(&report, "disputed")), (2.0, None));
}

/// Breaks when: what comes after its quarter was closed counts, or is not shown as late; or its day
/// is moved into one.
#[test]
fn work_is_backdated_into_a_closed_quarter() {
    let ([mut ana, mut ben, mut cem], _) = confirmed();
    close(&mut [&mut ana, &mut ben, &mut cem]);
    let honest = seen(&cem);
    near(hours(&honest), 2.0);
    assert_eq!(
        (warned(&honest, "late_entries"), warned(&honest, "chosen_by_sender")),
        (None, None)
    );
    let more = ana.entry(work(600, Beneficiary::Group, first_day()));
    let next = ana.entry(work(600, Beneficiary::Group, day("2026-04-01")));
    let earlier = Corrected { day: Some(first_day()), ..Corrected::default() };
    let moved = ana.entry(correct(next, earlier));
    ben.hear(&ana);
    ben.entry(Record::Confirm(more));
    ben.entry(Record::Confirm(next));
    ben.entry(Record::Confirm(moved));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let report = seen(&cem);
    near(hours(&report), 2.0);
    assert_eq!(share(&report, "H2"), (120, 120));
    let late = report.completeness.late;
    assert!(late >= 3, "{late}");
    assert_eq!(warned(&report, "late_entries").map(|(num, _)| num), Some(late));
}

/// Breaks when: work counts that is not done yet, or a correction of its day counts by the day on
/// which the first entry was signed.
#[test]
fn work_is_dated_in_the_future() {
    let ([mut ana, mut ben, mut cem], _) = confirmed();
    let tomorrow = ana.entry(work(60, Beneficiary::Group, first_day().plus(1)));
    let later = ana.entry(work(600, Beneficiary::Group, first_day().plus(2)));
    let now = ana.entry(work(600, Beneficiary::Group, first_day()));
    let fields = Corrected { day: Some(first_day().plus(20)), ..Corrected::default() };
    let moved = ana.entry(correct(now, fields));
    ben.hear(&ana);
    for one in [tomorrow, later, now, moved] {
        ben.entry(Record::Confirm(one));
    }
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let report = seen(&cem);
    // The one of tomorrow may be a clock of another place.
    near(hours(&report), 3.0);
    assert_eq!(warned(&report, "dated_in_the_future").map(|(num, _)| num), Some(2));
}
