//! What a reader must know beside the figures: warnings, what is missing, outsiders' signatures.

use copact_evidence::report::Report;
use copact_evidence::report::completeness::AnchorRow;
use maud::{Markup, html};

use super::table;
use super::words::{count, day_words, hours, many};

/// All of it.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section aria-labelledby="beside" {
            h2 #beside { "What to know beside the figures" }
            h3 { "Warnings" }
            @if report.warnings.is_empty() { p { "There are none." } } @else {
                ul { @for one in &report.warnings { li { (one.text) } } }
            }
            h3 { "What is here, and what may be missing" }
            p { "Signatures do not prove completeness: closed quarters and outsiders help." }
            (complete(report))
            h3 { "Outsiders’ signatures (anchors)" }
            @if report.anchors.is_empty() {
                p {
                    "There are none. An outsider who signs the group’s newest records on a day, "
                    "or says how many people they met, would bound the time or the people."
                }
            } @else {
                (table::plain(
                    "Outsiders’ signatures that the group recorded",
                    &["Outsider’s key", "Says", "Bounds"],
                    report.anchors.iter().map(anchor),
                ))
            }
        }
    }
}

fn complete(report: &Report) -> Markup {
    let one = &report.completeness;
    let row = |what: &str, much: u64| vec![what.to_owned(), much.to_string()];
    let mut rows = vec![
        row("records that the report is made from", one.envelopes),
        row("newest records, on which no other builds: one left out there could not be told", {
            one.heads
        }),
        row("devices that wrote", one.devices),
        row("devices of which two records stand side by side (a restored backup, or a copy)", {
            one.forked
        }),
        row("entries that came after their quarter was closed", one.late),
        row("entries that are kept and not counted", one.set_aside),
        row("entries that those whom they are about refused", one.refused),
        row("meetings counted by heads only, in no indicator", one.headcount_meetings),
        row("meetings that nobody attended by name", one.unheld_meetings),
    ];
    rows.push(vec!["disputed work, in no sum".to_owned(), hours(one.disputed_minutes)]);
    let closed = count(report.window.closed_quarters.len());
    rows.push(vec!["quarters of the period that are closed".to_owned(), closed.to_string()]);
    table::plain(
        "What the records hold, and what of this period counts nowhere",
        &["What", "How many"],
        rows,
    )
}

fn anchor(one: &AnchorRow) -> Vec<String> {
    let day = one.day.map_or_else(|| "an unknown day".to_owned(), day_words);
    let mut says = match one.kind {
        "seen" => format!("these records existed by {day}"),
        "number" => format!("what builds on it came after {day}"),
        "member" => "is by a device of the group, and bounds nothing".to_owned(),
        _ => "cannot be read, and bounds nothing".to_owned(),
    };
    if let Some(people) = one.people {
        says.push_str(&format!("; met {}", many(u64::from(people), "person", "people")));
    }
    let bounds = format!(
        "{}; {} of them say a day that it excludes",
        many(one.entries, "entry", "entries"),
        one.outside
    );
    vec![one.key.to_string().chars().take(12).collect(), says, bounds]
}
