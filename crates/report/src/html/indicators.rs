//! All indicators with what a reader needs to judge them.

use copact_evidence::indicators::{ALL, Indicator};
use copact_evidence::report::Report;
use maud::{Markup, html};

use super::{table, value};

/// The letters that ids begin with, and what they are about.
const GROUPS: [(&str, &str); 6] = [
    ("C", "The contract"),
    ("P", "Being there"),
    ("H", "Hours"),
    ("R", "Giving and receiving"),
    ("D", "Deciding"),
    ("GBJ", "Goals, bridges, joining"),
];

const COLUMNS: [&str; 5] = ["Indicator", "Value", "Formula", "Source", "Gamed by"];

/// All of them as one table.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section aria-labelledby="indicators" {
            h2 #indicators { "All " (ALL.len()) " indicators" }
            p {
                "Of the period from " (super::words::day(report.window.from)) " to "
                (super::words::day(report.window.to)) ". No single one of them shows "
                "co-production, and each can be gamed: the last column says how. What cannot be "
                "computed says why, and is never shown as 0."
            }
            details {
                summary { "The indicators with value, formula, source, and how each is gamed" }
                (all(report))
                p.small {
                    "T is what today’s members wrote of the contract, p each one’s share of it; n "
                    "is the number of members; E is all minutes for other members; r is the share "
                    "of ties that are returned, d that of all possible ties that there are."
                }
            }
        }
    }
}

fn all(report: &Report) -> Markup {
    html! {
        table.cards.wide role="table" aria-labelledby="indicators" {
            (table::heads(&COLUMNS))
            @for (letters, title) in GROUPS {
                tbody role="rowgroup" {
                    (table::group(title, COLUMNS.len()))
                    @for one in ALL.iter().filter(|one| one.id.starts_with(|letter: char| {
                        letters.contains(letter)
                    })) { (row(report, one)) }
                }
            }
        }
    }
}

fn row(report: &Report, one: &Indicator) -> Markup {
    let told = report.indicators.get(one.id).map(|row| value::told(report, one.id, row));
    let value = html! {
        @if let Some(told) = told { (told) } @else { span.none { "Not in this report." } }
        @if one.unit != "share" { " " span.unit { "Unit: " (one.unit) "." } }
    };
    let source = if one.source.is_empty() { "copact’s own" } else { one.source };
    html! {
        tr role="row" {
            th role="rowheader" scope="row" { (one.name) " " code.id { (one.id) } }
            (table::cell("Value", &value))
            (table::cell("Formula", &html! { (one.formula) }))
            (table::cell("Source", &html! { (source) }))
            (table::cell("Gamed by", &html! { (one.gamed_by) }))
        }
    }
}
