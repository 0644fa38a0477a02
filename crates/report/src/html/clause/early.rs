//! What cannot pass yet, because the group is too young for it.

use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_evidence::report::Report;

/// The first day on which a clause on ends of quarters could pass, if fewer of them than it needs
/// have come since the founding.
pub(super) fn until(report: &Report, passed: u64, needed: u64) -> Option<Day> {
    let (founded, to) = (report.founded?, report.window.to);
    first_chance(founded, to, passed, needed)
}

fn first_chance(founded: Day, to: Day, passed: u64, needed: u64) -> Option<Day> {
    let end = |day| Quarter::of(day).last_day().ok();
    let (mut ended, mut day) = (0, founded);
    while ended < needed {
        let last = end(day)?;
        if last > to {
            break;
        }
        (ended, day) = (ended + 1, last.plus(1));
    }
    if ended >= needed || passed >= needed {
        return None;
    }
    let mut chance = end(to.plus(1))?;
    for _ in 1..needed - passed {
        chance = end(chance.plus(1))?;
    }
    Some(chance)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Breaks when: a young group is told that it failed at what it could not do yet, or an old
    /// one that it is young.
    #[test]
    fn three_ends_of_quarters_must_have_come_since_the_founding() {
        let day = |text| Day::parse(text).unwrap();
        let chance = |founded, to, passed| first_chance(day(founded), day(to), passed, 3);
        assert_eq!(chance("2026-03-02", "2026-05-01", 0), Some(day("2026-12-31")));
        assert_eq!(chance("2026-03-02", "2026-05-01", 1), Some(day("2026-09-30")));
        assert_eq!(chance("2026-03-02", "2026-09-29", 2), Some(day("2026-09-30")));
        assert_eq!(chance("2026-03-02", "2026-09-30", 2), None);
        assert_eq!(chance("2024-03-02", "2026-05-01", 0), None);
    }
}
