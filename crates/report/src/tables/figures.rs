//! Clauses, indicators and trends.

use copact_evidence::indicators::{self, Indicator};
use copact_evidence::report::{IndicatorRow, Report};
use copact_evidence::trends::{Claim, Trend};
use serde_json::Value;

use super::cell::Cell;
use super::package::Kind::{Chance, Count, Flag, Month, Number, Text, Whole, Word};
use super::package::{Table, may, must};
use super::{Roles, TablesError};

const SOME_ROLE_IS_SMALL: &str = "a role has fewer than five members";
const PART_OF_NONE: &str = "there are fewer than two roles, or nobody of either did any of it";

/// The parts of values that have several, with what they count in.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    ("C5", &[("days", "days"), ("meetings", "meetings")]),
    ("H1", &[("total", "hours"), ("per_member", "hours")]),
    (
        "R1",
        &[
            ("value", "−1 to 1"),
            ("p", "probability"),
            ("r", "share"),
            ("d", "share"),
            ("L", "directed ties"),
            ("m", "mutual pairs"),
        ],
    ),
    ("D2", &[("authorship", "ratio"), ("decisions", "ratio"), ("hours", "ratio")]),
    ("D5", &[("value", "0 to 1"), ("ceiling", "0 to 1")]),
    ("B1", &[("value", "share"), ("chance", "share")]),
    ("J1", &[("joined", "members"), ("left", "members"), ("net", "members")]),
];

fn number(value: &Value) -> Cell {
    Cell::or(value.as_f64(), Cell::Number)
}

pub(super) fn clauses(report: &Report) -> Result<Table, TablesError> {
    let mut rows = Vec::new();
    for clause in &report.clauses {
        clause_rows(&serde_json::to_value(clause)?, &mut rows);
    }
    Ok(Table {
        name: "clauses",
        words: "The rules, clause by clause: whether each holds, with its figure and threshold.",
        fields: const {
            &[
                must("id", Text, "The clause."),
                may("part", Text, "The figure, of a clause that goes by several, else nothing."),
                must("status", Word(&["pass", "fail", "not_computable"]), "Of the whole clause."),
                may("value", Number, "The figure."),
                may("compare", Word(SIGNS), "How it is held against the threshold."),
                may("threshold", Number, "What it is held against."),
                may("num", Count, "What the figure is the quotient of, if it is one."),
                may("den", Count, "And by what."),
                may("reason", Text, "Why it cannot be judged."),
                may("words", Text, "What the clause asks, in words."),
                may("next", Text, "What would make it pass."),
            ]
        },
        key: &["id", "part"],
        refers: &[],
        rows,
    })
}

const SIGNS: &[&str] = &["at_least", "more_than", "at_most", "less_than", "equal"];

/// How a figure is held against its threshold, in words that no spreadsheet runs.
const COMPARED: &[(&str, &str)] = &[
    (">=", "at_least"),
    (">", "more_than"),
    ("<=", "at_most"),
    ("<", "less_than"),
    ("=", "equal"),
];

/// The rows of a clause by its JSON: one, or one for each of the figures that it goes by.
fn clause_rows(clause: &Value, rows: &mut Vec<Vec<Cell>>) {
    let at = |key: &str| clause.get(key).cloned().unwrap_or_default();
    let words = |key: &str| Cell::text(at(key).as_str().unwrap_or_default());
    let (value, threshold, sign) = (at("value"), at("threshold"), at("compare"));
    let named = |of: &Value| of.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
    let parts = named(&value).or_else(|| named(&threshold)).unwrap_or_else(|| vec![String::new()]);
    let compared = COMPARED.iter().find(|(one, _)| sign == *one).map_or("", |(_, word)| word);
    for part in parts {
        let of_part = |of: &Value| of.get(&part).cloned().unwrap_or_else(|| of.clone());
        let count = |key: &str| Cell::or(at(key).as_u64(), Cell::Count);
        rows.push(vec![
            words("id"),
            Cell::text(&*part),
            words("status"),
            number(&of_part(&value)),
            Cell::text(compared),
            number(&of_part(&threshold)),
            count("num"),
            count("den"),
            words("reason"),
            words("words"),
            words("next"),
        ]);
    }
}

pub(super) fn indicators(report: &Report, roles: Roles) -> Result<Table, TablesError> {
    let mut rows = Vec::new();
    for one in indicators::ALL {
        let Some(figure) = report.indicators.get(one.id) else { continue };
        let parts = PARTS.iter().find(|(id, _)| *id == one.id).map(|(_, parts)| *parts);
        let value = serde_json::to_value(&figure.value)?;
        let suppressed = one.id == "D2" && roles == Roles::Suppressed;
        for (part, unit) in parts.unwrap_or(&[("", "")]) {
            let value = value.get(part).unwrap_or(&value);
            let told = if suppressed {
                ("suppressed", Cell::Missing, Some(SOME_ROLE_IS_SMALL))
            } else if figure.status == "ok" && value.is_null() {
                ("not_computable", Cell::Missing, Some(PART_OF_NONE))
            } else {
                (figure.status, number(value), figure.reason)
            };
            rows.push(indicator(one, figure, (part, unit), told));
        }
    }
    Ok(Table {
        name: "indicators",
        words: "The indicators, a row for each; of values with parts a row for each part.",
        fields: const {
            &[
                must("id", Text, "The indicator, with its part after a dot, for example H1.total."),
                must("indicator", Text, "The indicator."),
                may("part", Text, "The part, if the value has several."),
                must("name", Text, "The indicator's name."),
                must(
                    "status",
                    Word(&["ok", "not_computable", "suppressed"]),
                    "Whether it is known.",
                ),
                may("value", Number, "The value; never 0 for what cannot be computed."),
                may("num", Count, "What the value is the quotient of, if it is one of two counts."),
                may("den", Count, "And by what."),
                must("unit", Text, "In what it counts."),
                must("formula", Text, "The formula, in words."),
                may("source", Text, "Where it comes from."),
                may("gamed_by", Text, "How it can be gamed."),
                may("reason", Text, "Why it is not known."),
            ]
        },
        key: &["id"],
        refers: &[],
        rows,
    })
}

/// One row, of what is `told` of it: status, value, reason.
fn indicator(
    one: &Indicator,
    figure: &IndicatorRow,
    (part, unit): (&str, &str),
    (status, value, reason): (&str, Cell, Option<&str>),
) -> Vec<Cell> {
    let id = if part.is_empty() { one.id.to_owned() } else { format!("{}.{part}", one.id) };
    // Counts are those of the value itself, not of what is told beside it.
    let own =
        |count: Option<u64>| Cell::or(count.filter(|_| matches!(part, "" | "value")), Cell::Count);
    vec![
        Cell::text(id),
        Cell::text(one.id),
        Cell::text(part),
        Cell::text(one.name),
        Cell::text(status),
        value,
        own(figure.num),
        own(figure.den),
        Cell::text(if unit.is_empty() { one.unit } else { unit }),
        Cell::text(one.formula),
        Cell::text(one.source),
        Cell::text(one.gamed_by),
        Cell::text(reason.unwrap_or_default()),
    ]
}

pub(super) fn trend_tests(report: &Report) -> Table {
    let row = |one: &Trend| {
        let claim = match one.claim {
            Claim::Rise => "rise",
            Claim::Fall => "fall",
            Claim::NotShown => "not_shown",
        };
        vec![
            Cell::text(one.id),
            Cell::Flag(one.primary),
            Cell::place(one.months.len()),
            Cell::text(claim),
            Cell::or(one.s, Cell::Whole),
            Cell::or(one.p, Cell::Number),
            Cell::or(one.p_adjusted, Cell::Number),
            Cell::or(one.slope, Cell::Number),
        ]
    };
    Table {
        name: "trend_tests",
        words: "What is claimed of each trend: an exact one-sided Mann–Kendall test, Holm-adjusted.",
        fields: const {
            &[
                must("trend", Text, "The trend."),
                must("primary", Flag, "A goal of the contract named it before the window."),
                must(
                    "months",
                    Count,
                    "Months that have a value; nothing is claimed of fewer than 6.",
                ),
                must("claim", Word(&["rise", "fall", "not_shown"]), "Not shown is not: none."),
                may("s", Whole, "Pairs of months that rise less pairs that fall."),
                may(
                    "p",
                    Chance,
                    "The chance of that or more, of the side claimed, else of a rise.",
                ),
                may("p_adjusted", Chance, "The same, adjusted for how many were tested."),
                may("slope", Number, "Theil–Sen slope, per month."),
            ]
        },
        key: &["trend"],
        refers: &[],
        rows: report.trends.iter().map(row).collect(),
    }
}

pub(super) fn trends(report: &Report) -> Table {
    let of = |one: &Trend| {
        let months = one.months.iter().zip(&one.values);
        let id = one.id;
        let row = |(month, value): (&String, &f64)| {
            vec![Cell::text(id), Cell::text(&**month), Cell::Number(*value)]
        };
        months.map(row).collect::<Vec<_>>()
    };
    Table {
        name: "trends",
        words: "The trends' values, a row a month; a month whose ratio cannot be computed has none.",
        fields: const {
            &[
                must("trend", Text, "The trend, of trend_tests.csv."),
                must("month", Month, "The month."),
                must("value", Number, "Minutes, attendances, net joins, or the indicator's value."),
            ]
        },
        key: &["trend", "month"],
        refers: &[("trend", "trend_tests", "trend")],
        rows: report.trends.iter().flat_map(of).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    /// Breaks when: a figure of a clause is lost, or stands beside another's threshold.
    #[test]
    fn a_clause_has_a_row_for_each_figure() {
        let told = |clause: Value| {
            let mut rows = Vec::new();
            clause_rows(&clause, &mut rows);
            let row = |row: &Vec<Cell>| {
                row.iter().skip(1).take(7).map(|one| one.written().into_owned()).collect::<Vec<_>>()
            };
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let clause = |value: Value, threshold: Value| {
            serde_json::json!({ "id": "a.b", "status": "pass", "value": value, "compare": ">=",
                "threshold": threshold, "num": 2, "den": 4, "reason": null })
        };
        let one = told(clause(0.5.into(), 3.into()));
        assert_eq!(one, [["", "pass", "0.5", "at_least", "3", "2", "4"]]);
        let parts = serde_json::json!({ "R3": 0.25, "R6": null });
        let both = told(clause(parts.clone(), 0.5.into()));
        assert_eq!(both[0], ["R3", "pass", "0.25", "at_least", "0.5", "2", "4"]);
        assert_eq!(both[1], ["R6", "pass", "", "at_least", "0.5", "2", "4"]);
        let held = told(clause(0.5.into(), parts));
        assert_eq!(held[0], ["R3", "pass", "0.5", "at_least", "0.25", "2", "4"]);
        assert_eq!(told(clause(Value::Null, Value::Null)).len(), 1);
    }
}
