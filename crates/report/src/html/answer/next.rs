//! What a reader can do about what the page cannot show.

use copact_core::day::Day;
use copact_evidence::figure::Value;
use copact_evidence::report::Report;
use copact_evidence::report::pictures::MeetingPoint;
use copact_evidence::window::DAYS;
use maud::{Markup, html};
use num_traits::ToPrimitive;

use crate::html::clause;
use crate::html::level::Level;
use crate::html::words::day;

/// All of it.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section.box aria-labelledby="next" {
            h3 #next { "What you can do next" }
            ul {
                li {
                    b { "Visit a meeting and count heads. " }
                    "Then sign what you saw, as an outsider: the group gives you its request, you "
                    "answer it with " code { "copact anchor sign" } "."
                }
                li {
                    b { "Check the figures. " }
                    "Ask the group for the report bundle behind this page, and run "
                    code { "copact verify FILE" } ". The program is free and needs no account and "
                    "no internet; whoever gave you this page knows where it is."
                }
                li { b { "Ask for a new report. " } (again(report)) }
            }
        }
    }
}

/// By when this one is out of date.
fn again(report: &Report) -> Markup {
    let yes = Level::of(report) >= Level::CoProducing;
    let later = report.window.to.plus(DAYS);
    match fades(report) {
        Some(end) => html! {
            "If nothing more is recorded, this Yes ends on " (day(end)) " at the latest, as "
            "meetings and work count for 90 days. The work may run out earlier than the meetings."
        },
        None if yes => html! {
            "Meetings and work count for 90 days, so ask again by " (day(later)) "."
        },
        None => html! { "This one says how it was on " (day(report.window.to)) "." },
    }
}

/// The first day on which the clauses on meetings fail if none is added.
fn fades(report: &Report) -> Option<Day> {
    if !clause::known(report) || Level::of(report) < Level::CoProducing {
        return None;
    }
    let to = report.window.to;
    let figure = |id: &str, side: fn(&copact_evidence::rules::Clause) -> Option<u64>| {
        report.clauses.iter().find(|one| one.id == id).and_then(side)
    };
    let threshold = |id| figure(id, |one| one.threshold.as_ref()?.one()?.to_i64()?.to_u64());
    let value = |id| figure(id, |one| one.value.as_ref()?.one()?.to_i64()?.to_u64());
    let needed = Needed {
        meetings: threshold("coproducing.meetings")?,
        apart: threshold("coproducing.apart")?,
        after: threshold("coproducing.after")?,
        adopted: adopted(report)?,
    };
    let days: Vec<Day> =
        report.pictures.meetings.iter().filter(|one| attested(one)).map(|one| one.day).collect();
    let within = |end: Day| {
        let from = end.plus(1 - DAYS);
        days.iter().copied().filter(move |day| from <= *day && *day <= to).collect::<Vec<_>>()
    };
    // A period of fewer days does not show all meetings that the clauses look at.
    if value("coproducing.meetings")?.to_usize()? != within(to).len() {
        return None;
    }
    (1..=DAYS).map(|days| to.plus(days)).find(|end| !needed.met(&within(*end)))
}

/// The day the first contract was adopted.
fn adopted(report: &Report) -> Option<Day> {
    match report.indicators.get("C5")?.value.as_ref()? {
        Value::Time { days, .. } => Some(report.founded?.plus(days.to_i32()?)),
        _ => None,
    }
}

/// As the rules that come with copact define it.
fn attested(one: &MeetingPoint) -> bool {
    one.attested >= one.members.div_ceil(3).max(3)
}

/// What the clauses ask of the days of meetings.
struct Needed {
    meetings: u64,
    apart: u64,
    after: u64,
    adopted: Day,
}

impl Needed {
    fn met(&self, days: &[Day]) -> bool {
        let least = |length: usize, least: u64| length.to_u64().is_some_and(|one| one >= least);
        let ends = days.iter().min().zip(days.iter().max());
        let apart = ends.map_or(0, |(first, last)| last.since(*first));
        least(days.len(), self.meetings)
            && apart.to_u64().is_some_and(|one| one >= self.apart)
            && least(days.iter().filter(|day| **day > self.adopted).count(), self.after)
    }
}
