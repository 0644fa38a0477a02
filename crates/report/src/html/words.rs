//! Numbers and days as people read them.

use copact_core::day::Day;
use maud::{Markup, html};
use num_traits::ToPrimitive;

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

/// A text from elsewhere inside a sentence: whichever way it runs, the sentence goes on as before.
pub(super) fn foreign(text: &str) -> Markup {
    html! { bdi { (text) } }
}

/// A day, for people and for programs.
pub(super) fn day(day: Day) -> Markup {
    html! { time datetime=(day) { (day_words(day)) } }
}

/// For example “2 March 2026”.
pub(super) fn day_words(day: Day) -> String {
    let date = day.date();
    let month = month_name(i64::from(date.month()));
    format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// For example “2 Mar 2026”.
pub(super) fn day_short(day: Day) -> String {
    let date = day.date();
    let month = month_name(i64::from(date.month())).get(..3).unwrap_or_default();
    format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// For example “Mar 2026”, of `2026-03`; what is no month stays as it is.
pub(super) fn month_words(month: &str) -> String {
    let parts = month.split_once('-').and_then(|(year, number)| {
        let name = month_name(number.parse().ok()?).get(..3)?;
        (!name.is_empty()).then(|| format!("{name}\u{a0}{year}"))
    });
    parts.unwrap_or_else(|| month.to_owned())
}

fn month_name(number: i64) -> &'static str {
    let at = usize::try_from(number - 1).ok();
    at.and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// A count as a number to draw or divide with.
pub(super) fn real(count: u64) -> f64 {
    count.to_f64().unwrap_or(f64::NAN)
}

/// A length as a count.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// So many of one thing, or of several.
pub(super) fn many(number: u64, one: &str, several: &str) -> String {
    format!("{number}\u{a0}{}", if number == 1 { one } else { several })
}

/// Up to so many decimals, without zeros at their end, and with a minus that is one.
pub(super) fn decimal(number: f64, places: usize) -> String {
    let fixed = format!("{number:.places$}");
    let short = if fixed.contains('.') {
        fixed.trim_end_matches('0').trim_end_matches('.')
    } else {
        &fixed
    };
    let short = if short == "-0" { "0" } else { short };
    short.replace('-', "−")
}

/// A share in hundredths. What is not quite all is never rounded to all, nor what is hardly any
/// to none.
pub(super) fn percent(share: f64) -> String {
    let rounded = decimal(share * 100.0, 1);
    let text = match rounded.as_str() {
        "100" if share < 1.0 => "> 99.9",
        "0" if share > 0.0 => "< 0.1",
        other => other,
    };
    format!("{text}\u{a0}%")
}

/// The same of two counts.
pub(super) fn percent_of(num: u64, den: u64) -> String {
    if den == 0 { "–".to_owned() } else { percent(real(num) / real(den)) }
}

/// A chance.
pub(super) fn chance(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { decimal(p, 3) }
}

/// Minutes as hours.
pub(super) fn hours(minutes: u64) -> String {
    let hours = real(minutes) / 60.0;
    let places = if hours < 10.0 { 2 } else { 1 };
    format!("{}\u{a0}{}", decimal(hours, places), if minutes == 60 { "hour" } else { "hours" })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Breaks when: a share that is not whole looks whole, or a number has zeros that say nothing.
    #[test]
    fn numbers_are_short_and_not_rounded_to_all_or_nothing() {
        assert_eq!(percent_of(89, 252), "35.3\u{a0}%");
        assert_eq!(percent_of(1, 1), "100\u{a0}%");
        assert_eq!(percent_of(9_999, 10_000), "> 99.9\u{a0}%");
        assert_eq!(percent_of(1, 10_000), "< 0.1\u{a0}%");
        assert_eq!(percent_of(0, 5), "0\u{a0}%");
        assert_eq!(decimal(-0.5, 2), "−0.5");
        assert_eq!(decimal(-0.001, 2), "0");
        assert_eq!(decimal(120.0, 0), "120");
        assert_eq!(hours(90), "1.5\u{a0}hours");
        assert_eq!(month_words("2026-03"), "Mar\u{a0}2026");
        assert_eq!(month_words("2026-13"), "2026-13");
        assert_eq!(day_words(Day::parse("2026-03-02").unwrap()), "2\u{a0}March\u{a0}2026");
    }
}
