//! What rose and fell, said as carefully as it was tested.

use copact_evidence::indicators::ALL;
use copact_evidence::report::Report;
use copact_evidence::trends::{Claim, Trend};
use maud::{Markup, html};

use super::table;
use super::value::{pair, share_words};
use super::words::{chance, count, decimal, many, month_words};

const COLUMNS: [&str; 5] =
    ["Series", "What is shown", "Months", "Slope per month", "Confirmed (H2)"];

/// All trends as a table.
pub(super) fn section(report: &Report) -> Markup {
    let season = report.warnings.iter().any(|one| one.code == "season_not_excluded");
    html! {
        section aria-labelledby="trends" {
            h2 #trends { "More, or better, than before?" }
            p {
                "Whole months of the period, from the third after the first meeting or work on, as "
                "people are still learning to record until then. " b { "Not shown" } " does not "
                "mean that nothing grew: a rise of two standard deviations over 12 months is found "
                "24\u{a0}% of the time at a level of 1\u{a0}%."
            }
            @if season {
                p {
                    b { "Season not excluded. " }
                    "The period is shorter than 24 months, so what rises or falls may be the time "
                    "of the year."
                }
            }
            @if report.trends.iter().all(|one| one.months.is_empty()) {
                p.none { "There is no month of which anything could be tested." }
            } @else {
                table.cards role="table" aria-labelledby="trends" {
                    (table::heads(&COLUMNS))
                    tbody role="rowgroup" { @for one in &report.trends { (row(report, one)) } }
                }
                details {
                    summary { "The values, month by month" }
                    @for one in report.trends.iter().filter(|one| !one.months.is_empty()) {
                        (values(one))
                    }
                }
            }
            p.small {
                "Exact one-sided Mann–Kendall tests with the slope after Theil and Sen. Something "
                "is claimed only with 6 months or more, at p of 0.01 or less, and 0.003 beyond 12 "
                "months, adjusted after Holm for how many series were tested; series that the "
                "group’s own goals named beforehand are tested by themselves."
            }
        }
    }
}

fn name(id: &str) -> String {
    match id {
        "minutes" => "confirmed minutes".to_owned(),
        "attendances" => "attendances".to_owned(),
        "net_joins" => "joined less left".to_owned(),
        _ => {
            let known = ALL.iter().find(|one| one.id == id);
            known.map_or_else(|| id.to_owned(), |one| format!("{} ({id})", one.name))
        }
    }
}

fn row(report: &Report, trend: &Trend) -> Markup {
    let (claim, side) = match trend.claim {
        Claim::Rise => ("Rise shown", "rise"),
        Claim::Fall => ("Fall shown", "fall"),
        Claim::NotShown => ("Not shown", "rise"),
    };
    let shown = html! {
        b { (claim) }
        @if let Some(p) = trend.p_adjusted.or(trend.p) {
            ", p of a " (side) " " (chance(p))
            @if trend.p_adjusted.is_some() { " (adjusted)" } @else { " (not tested)" }
        } @else { ": too few months to test" }
        @if trend.primary { "; named by a goal of the group" }
    };
    let slope = trend.slope.map_or_else(
        || "can’t be computed: fewer than two months".to_owned(),
        |slope| decimal(slope, 3),
    );
    let confirmed = pair(report, "H2").map_or_else(
        || "can’t be computed: no work is claimed".to_owned(),
        |(num, den)| share_words(num, den),
    );
    html! {
        tr role="row" {
            th role="rowheader" scope="row" { (name(trend.id)) }
            (table::cell("What is shown", &shown))
            (table::cell("Months", &html! { (trend.months.len()) }))
            (table::cell("Slope per month", &html! { (slope) }))
            (table::cell("Confirmed (H2)", &html! { (confirmed) }))
        }
    }
}

fn values(trend: &Trend) -> Markup {
    let caption =
        format!("{}, {}", name(trend.id), many(count(trend.months.len()), "month", "months"));
    let rows = trend.months.iter().zip(&trend.values);
    let rows = rows.map(|(month, value)| vec![month_words(month), decimal(*value, 3)]);
    table::plain(&caption, &["Month", "Value"], rows)
}
