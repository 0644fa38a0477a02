//! How sure the answer is: what speaks for it, and what asks for caution.

use copact_core::day::Day;
use copact_evidence::figure::Value;
use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;
use maud::{Markup, html};

use crate::html::clause::{self, Told};
use crate::html::level::Level;
use crate::html::value::pair;
use crate::html::words::{count, day_words, hours, many};

/// Facts with whether they speak for the answer.
type Facts = Vec<(bool, String)>;

/// All of it.
pub(super) fn section(report: &Report, told: &[Told]) -> Markup {
    let mut facts = Facts::new();
    records(report, &mut facts);
    agreement(report, told, &mut facts);
    people(report, &mut facts);
    let sides = [(true, "This speaks for it"), (false, "This asks for caution")];
    html! {
        section.box.broad aria-labelledby="sure" {
            h3 #sure { "How sure it is" }
            @if let Some(words) = strength(report, told) { p { b { (words) } } }
            div.sides {
                @for (side, title) in sides {
                    div {
                        h4 { (title) }
                        ul {
                            @for (_, fact) in facts.iter().filter(|one| one.0 == side) {
                                li { (fact) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How far the figures are from turning the answer.
fn strength(report: &Report, told: &[Told]) -> Option<String> {
    let level = Level::of(report);
    if level == Level::Other {
        return None;
    }
    if level >= Level::CoProducing {
        let barely = count(clause::judged(told).filter(|one| one.barely()).count());
        return Some(if barely == 0 {
            "With room to spare: no clause is right at its threshold.".to_owned()
        } else {
            format!("Narrowly: nothing to spare in {}.", many(barely, "clause", "clauses"))
        });
    }
    let missed = clause::judged(told).filter(|one| one.verdict != Verdict::Pass).count();
    let missed = many(count(missed), "clause does", "clauses do");
    Some(format!("It is not yes, as {missed} not hold."))
}

/// How the records were made, and who saw what they say.
fn records(report: &Report, facts: &mut Facts) {
    let complete = &report.completeness;
    facts.push((
        true,
        format!(
            "Every figure is computed from {} that {} signed.",
            many(complete.envelopes, "record", "records"),
            many(complete.devices, "device", "devices")
        ),
    ));
    facts.push(match pair(report, "P2") {
        Some((num, den)) => {
            (num > 0, format!("Two or more others who were there saw {num} of {den} attendances."))
        }
        None => (false, "There is no attendance that others could have seen.".to_owned()),
    });
    facts.push(match pair(report, "H2") {
        Some((num, den)) => {
            (num > 0, format!("Somebody else confirmed {} of {} of work.", hours(num), hours(den)))
        }
        None => (false, "There is no work that others could have confirmed.".to_owned()),
    });
    let closed: Vec<String> =
        report.window.closed_quarters.iter().map(ToString::to_string).collect();
    facts.push(if closed.is_empty() {
        (
            false,
            "The group has closed no quarter of this period: later records can still change the \
             figures."
                .to_owned(),
        )
    } else {
        let words = "Closed by the group, so that later records do not count";
        (true, format!("{words}: {}.", closed.join(", ")))
    });
    facts.push(if report.window.chosen_by_sender {
        (false, "Whoever made this report chose the period.".to_owned())
    } else {
        (true, "The period is a quarter that the group closed.".to_owned())
    });
}

/// The contract and how it came about, and how long there has been a group.
fn agreement(report: &Report, told: &[Told], facts: &mut Facts) {
    if let Some(text) = report.pictures.authorship {
        let taken = match text.imported {
            0 => "none of them taken over from a file".to_owned(),
            some => format!("{some} of them taken over from a file"),
        };
        let long = many(text.counted, "character", "characters");
        facts.push((text.imported == 0, format!("The contract is {long} long, {taken}.")));
    }
    let time = report.indicators.get("C5").and_then(|one| one.value.as_ref());
    if let Some(Value::Time { days, meetings }) = time {
        let (when, days) = match days {
            0 => ("on the day of the founding".to_owned(), 0),
            days => (many(days.unsigned_abs(), "day", "days") + " after the founding", *days),
        };
        let met = match meetings {
            0 => "before any meeting".to_owned(),
            some => format!("after {}", many(count(*some), "meeting", "meetings")),
        };
        facts.push((
            days > 0 && *meetings > 0,
            format!("A contract was first adopted {when}, {met}."),
        ));
    }
    if let Some(founded) = report.founded {
        let young = told.iter().any(|one| one.early.is_some());
        let age = format!("The group was {} old", age(founded, report.window.to));
        facts.push((!young, format!("{age} on {}.", day_words(report.window.to))));
    }
}

fn age(founded: Day, to: Day) -> String {
    many(u64::try_from(to.since(founded)).unwrap_or_default(), "day", "days")
}

/// Who took part, and who wrote it down.
fn people(report: &Report, facts: &mut Facts) {
    if let Some((num, den)) = pair(report, "H4") {
        let idle = den.saturating_sub(num);
        facts.push(match idle {
            0 => (true, "Every member did counted work in this period.".to_owned()),
            _ => (false, format!("{idle} of {den} members did no counted work in this period.")),
        });
    }
    let by_others = report.warnings.iter().find(|one| one.code == "assisted_share");
    match (by_others.and_then(|one| Some((one.num, one.den?))), pair(report, "P2")) {
        (Some((num, den)), _) => facts.push((
            false,
            format!("{num} of {den} attendances were recorded for the member by somebody else."),
        )),
        (None, Some(_)) => {
            facts.push((true, "Nobody’s attendance was recorded by somebody else.".to_owned()));
        }
        (None, None) => {}
    }
}
