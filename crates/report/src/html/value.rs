//! Values of indicators as people read them, and what is told of roles with few members.

use copact_evidence::figure::Value;
use copact_evidence::report::pictures::SMALL;
use copact_evidence::report::{IndicatorRow, Report};
use maud::{Markup, html};

use super::words::{decimal, hours, many, percent, percent_of, real};

/// Indicators that compare roles: of a role with few members they would tell about persons.
const BY_ROLE: [&str; 2] = ["D2", "B1"];
/// Shares of minutes, not of a count of things.
const OF_MINUTES: [&str; 3] = ["H2", "H5", "R2"];

/// The two counts of an indicator that is one over the other, if it can be computed.
pub(super) fn pair(report: &Report, id: &str) -> Option<(u64, u64)> {
    let row = report.indicators.get(id)?;
    row.num.zip(row.den)
}

/// A role has members, and so few of them that a breakdown by role would be one by person.
pub(super) fn few_of_a_role(report: &Report) -> bool {
    let few = |heads: u64| heads > 0 && real(heads) < real(super::words::count(SMALL));
    few(report.pictures.citizens) || few(report.pictures.professionals)
}

/// An indicator's value with its parts; or why there is none.
pub(super) fn told(report: &Report, id: &str, row: &IndicatorRow) -> Markup {
    match &row.value {
        None => html! {
            span.none { "Can’t be computed: " (row.reason.unwrap_or("no reason is given")) "." }
        },
        Some(_) if BY_ROLE.contains(&id) && few_of_a_role(report) => html! {
            span.none {
                "Suppressed: a role has fewer than five members, so this would tell about persons."
            }
        },
        Some(value) => computed(report, id, row, value),
    }
}

fn computed(report: &Report, id: &str, row: &IndicatorRow, value: &Value) -> Markup {
    match value {
        Value::One(number) if row.unit == "share" => html! {
            b { (percent(*number)) } (parts(id, row))
        },
        Value::One(number) => html! { b { (decimal(*number, 2)) } },
        Value::Time { days, meetings } => html! {
            b { (decimal_days(*days)) } ", " b { (meetings) }
            @if *meetings == 1 { " held meeting" } @else { " held meetings" }
        },
        Value::Hours { total, per_member } => html! {
            b { (decimal(*total, 1)) } " in all; " b { (decimal(*per_member, 1)) } " per member"
        },
        Value::Reciprocity { value, p, r, d: _, ties, m } => html! {
            b { "ρ " (decimal(*value, 2)) } ", p " (super::words::chance(*p)) "; "
            (percent(*r)) " of " (many(*ties, "tie", "ties")) " returned ("
            (many(*m, "mutual pair", "mutual pairs")) ")"
            @if let Some(expected) = by_chance(report.n, *ties) {
                "; chance alone returns " (percent(expected))
            }
        },
        Value::Parity { authorship, decisions, hours } => html! {
            (part("authorship", *authorship)) "; " (part("decisions", *decisions)) "; "
            (part("hours", *hours))
        },
        Value::Rotation { value, ceiling } => html! {
            b { (decimal(*value, 2)) } ", of at most " (decimal(*ceiling, 2))
        },
        Value::Bridging { value, chance } => html! {
            b { (percent(*value)) } (parts(id, row)) "; chance alone gives " (percent(*chance))
        },
        Value::Joining { joined, left, net } => html! {
            b { (joined) } " joined, " b { (left) } " left, net " b { (signed(*net)) }
        },
    }
}

fn parts(id: &str, row: &IndicatorRow) -> Markup {
    html! {
        @if let Some((num, den)) = row.num.zip(row.den) {
            @if OF_MINUTES.contains(&id) { " (" (hours(num)) " of " (hours(den)) ")" }
            @else { " (" (num) " of " (den) ")" }
        }
    }
}

fn part(name: &str, ratio: Option<f64>) -> Markup {
    html! {
        (name) " "
        @if let Some(ratio) = ratio { b { (decimal(ratio, 2)) } }
        @else { "can’t be computed: fewer than two roles, or nobody of either did any" }
    }
}

/// The share of ties that chance alone returns: (L − 1) ÷ (n(n − 1) − 1).
fn by_chance(n: u64, ties: u64) -> Option<f64> {
    let possible = n.checked_mul(n.checked_sub(1)?)?.checked_sub(1).filter(|one| *one > 0)?;
    Some(real(ties.checked_sub(1)?) / real(possible))
}

fn decimal_days(days: i64) -> String {
    format!("{days}\u{a0}{}", if days == 1 { "day" } else { "days" })
}

fn signed(number: i64) -> String {
    let much = number.unsigned_abs();
    match number.signum() {
        1 => format!("+{much}"),
        -1 => format!("−{much}"),
        _ => "0".to_owned(),
    }
}

/// A share with its two counts, as text.
pub(super) fn share_words(num: u64, den: u64) -> String {
    format!("{} ({} of {})", percent_of(num, den), hours(num), hours(den))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Breaks when: the page compares reciprocity with another chance than evidence.md does.
    #[test]
    fn chance_returns_a_quarter_of_six_ties_of_five_people() {
        let share = by_chance(5, 6).unwrap();
        assert!((share - 5.0 / 19.0).abs() < 1e-12);
        assert_eq!(by_chance(1, 0), None);
    }
}
