//! Of whom and of what a report is made.

use copact_core::entry::{Beneficiary, Record};
use copact_core::text::Purpose;
use copact_evidence::window::Window;
use copact_tests::group::{first_day, meet, meeting, people, tap, work};

use crate::{close, hours, report, seen, share, this_quarter, warned};

/// Breaks when: who permits nothing is left out of anything.
#[test]
fn those_who_do_not_consent_are_left_out() {
    let mut all = people::<4>();
    let at = all[0].entry(meeting(first_day()));
    let done = all[0].entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut all.each_mut());
    all[1].entry(Record::Confirm(done));
    for one in all.iter_mut().take(2) {
        one.entry(tap(at));
    }
    meet(&mut all.each_mut());
    let honest = seen(&all[3]);
    assert_eq!((honest.n, share(&honest, "P1"), share(&honest, "H4")), (4, (2, 4), (1, 4)));
    for one in &mut all {
        let purpose = Purpose::new("evidence").unwrap();
        one.entry(Record::Permission { purpose, granted: false });
    }
    meet(&mut all.each_mut());
    let report = seen(&all[3]);
    assert_eq!((report.n, &report.indicators), (4, &honest.indicators));
    assert_eq!((report.level, report.pictures), (honest.level, honest.pictures));
}

/// Breaks when: a window that the sender chose is not told from a quarter that the group closed, or
/// a report of less is not told from one of all.
#[test]
fn window_and_frontier_are_picked() {
    let [mut ana, mut ben] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben]);
    ben.entry(Record::Confirm(done));
    meet(&mut [&mut ana, &mut ben]);
    assert_eq!(warned(&seen(&ana), "chosen_by_sender"), Some((1, None)));
    let older = ana.copy();
    close(&mut [&mut ana, &mut ben]);
    let closed = seen(&ana);
    assert_eq!(warned(&closed, "chosen_by_sender"), None);
    assert!(!closed.window.chosen_by_sender);
    for (from, to) in [(0, 1), (1, 0), (-1, 0)] {
        let all = this_quarter();
        let window = Window::new(all.from.plus(from), all.to.plus(-to)).unwrap();
        let picked = report(&ana, window);
        assert_eq!(warned(&picked, "chosen_by_sender"), Some((1, None)), "{from} {to}");
        assert_eq!(picked.window.closed_quarters.len(), 1);
    }
    let before = seen(&older);
    assert_eq!(hours(&before), hours(&closed));
    assert_ne!(before.frontier_digest, closed.frontier_digest);
    assert!(before.completeness.envelopes < closed.completeness.envelopes);
}
