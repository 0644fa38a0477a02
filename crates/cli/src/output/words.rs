//! Numbers, days and lists in words.

use copact_core::day::Day;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A number with its noun: `1 member`, `0 members`.
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A day written out: `12 March 2026`.
#[must_use]
pub fn date(day: Day) -> String {
    let date = day.date();
    let month = usize::try_from(date.month()).unwrap_or_default();
    let name = MONTHS.get(month.saturating_sub(1)).copied().unwrap_or_default();
    format!("{} {name} {}", date.day(), date.year())
}

/// A day as people say it: near ones by their distance, others as [`date`].
#[must_use]
pub fn when(day: Day, today: Day) -> String {
    match day.since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days @ 2..=6 => format!("in {days} days"),
        days @ -6..=-2 => format!("{} days ago", days.unsigned_abs()),
        _ => date(day),
    }
}

/// A stretch of work: `2 h`, `45 min`, `1 h 30 min`.
#[must_use]
pub fn duration(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A list in a sentence: `Ann`, `Ann and Ben`, `Ann, Ben and Cem`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [firsts @ .., last] => {
            let firsts: Vec<&str> = firsts.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", firsts.join(", "), last.as_ref())
        }
    }
}

/// The first eight hexadecimal digits of an id, which people can type back.
#[must_use]
pub fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn days_are_said_by_distance_within_a_week_and_written_out_beyond() {
        let day = |text| Day::parse(text).unwrap();
        let today = day("2026-03-01");
        for (text, said) in [
            ("2026-03-01", "today"),
            ("2026-03-02", "tomorrow"),
            ("2026-02-28", "yesterday"),
            ("2026-03-04", "in 3 days"),
            ("2026-03-07", "in 6 days"),
            ("2026-03-08", "8 March 2026"),
            ("2026-02-23", "6 days ago"),
            ("2026-02-22", "22 February 2026"),
            ("1999-12-31", "31 December 1999"),
            ("2027-01-01", "1 January 2027"),
        ] {
            assert_eq!(when(day(text), today), said);
        }
    }

    #[test]
    fn numbers_lists_and_ids_read_well() {
        assert_eq!(count(1, "member", "members"), "1 member");
        assert_eq!(count(0, "entry", "entries"), "0 entries");
        assert_eq!(count(20, "entry", "entries"), "20 entries");
        let said: Vec<String> = [0, 45, 60, 90, 1_440].map(duration).into();
        assert_eq!(said, ["0 min", "45 min", "1 h", "1 h 30 min", "24 h"]);
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["Ann"]), "Ann");
        assert_eq!(list(&["Ann", "Ben", "Cem"]), "Ann, Ben and Cem");
        assert_eq!(short("0123456789abcdef"), "01234567");
        assert_eq!(short("012"), "012");
        assert_eq!(short("ééééé"), "éééé");
    }
}
