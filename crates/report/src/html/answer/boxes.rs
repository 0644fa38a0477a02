//! What the answer hangs on: the weakest clause, what would change the answer, how sure it is, and
//! what nobody can know from these records.

use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;
use maud::{Markup, html};

use crate::html::clause::{self, Stage, Told, mark};
use crate::html::level::Level;
use crate::html::value::pair;
use crate::html::words::{hours, many};

/// The clause nearest to failing, or those that fail.
pub(super) fn weakest(told: &[Told]) -> Markup {
    let all = clause::weakest(told);
    let holds = all.iter().all(|one| one.verdict == Verdict::Pass);
    let title = match (holds, all.len()) {
        (false, 1) => "The clause that does not hold",
        (false, _) => "The clauses that do not hold",
        (true, 1) => "The weakest clause",
        (true, _) => "The weakest clauses",
    };
    let barely = all.iter().all(|one| one.reached.is_some_and(|much| much <= 1.0));
    let lead = match (holds, all.len()) {
        (true, _) if barely => "All clauses hold; nothing is to spare here:",
        (true, _) => "All clauses hold; least is to spare here:",
        (false, 1) => "",
        (false, _) => "In the order of the rules, the furthest from holding first:",
    };
    let open = |one: &&&Told| one.verdict == Verdict::NotComputable;
    html! {
        section.box aria-labelledby="weakest" {
            h3 #weakest { (title) }
            @if !lead.is_empty() { p { (lead) } }
            ul {
                @for one in all.iter().filter(|one| !open(one)) {
                    li {
                        b { (one.title) } " " (mark(one.verdict)) br;
                        (one.found) "; needed: " (one.needed) "."
                    }
                }
                @for (why, titles) in by_reason(all.iter().filter(open).copied()) {
                    li { (mark(Verdict::NotComputable)) " " (titles.join("; ")) br; (why) }
                }
            }
        }
    }
}

/// What cannot be computed, with all that cannot for the same reason.
fn by_reason<'t>(open: impl Iterator<Item = &'t Told>) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in open {
        match reasons.iter_mut().find(|(why, _)| *why == one.found) {
            Some((_, titles)) => titles.push(&one.title),
            None => reasons.push((&one.found, vec![&one.title])),
        }
    }
    reasons
}

/// What would make the answer another one.
pub(super) fn change(report: &Report, told: &[Told]) -> Markup {
    let all = clause::weakest(told);
    let holds = all.iter().all(|one| one.verdict == Verdict::Pass);
    let lasting = told.iter().find(|one| one.stage == Stage::Sustained);
    let yes = Level::of(report) >= Level::CoProducing;
    let mut changes: Vec<&str> = Vec::new();
    for one in &all {
        if !changes.contains(&one.change.as_str()) {
            changes.push(&one.change);
        }
    }
    let lead = match (yes, holds, changes.len()) {
        (true, true, _) => "It would no longer be yes after any of these:",
        (true, false, _) => "By these rules it is yes although this is missing:",
        (false, _, 1) => "It would be yes with this:",
        (false, ..) => "It would be yes with all of these:",
    };
    html! {
        section.box aria-labelledby="change" {
            h3 #change { "What would change the answer" }
            p { (lead) }
            ul {
                @for one in changes { li { (one) } }
                @if yes && holds {
                    li {
                        "time: meetings and work count for 90 days, so the answer fades unless "
                        "more follow"
                    }
                }
            }
            @if Level::of(report) == Level::CoProducing {
                @if let Some(one) = lasting {
                    p { "To be called sustained: " (one.change) ". So far " (one.found) "." }
                }
            }
        }
    }
}

/// How sure the answer is, from what others said of it.
pub(super) fn sure(report: &Report) -> Markup {
    let complete = &report.completeness;
    let closed: Vec<String> =
        report.window.closed_quarters.iter().map(ToString::to_string).collect();
    html! {
        section.box aria-labelledby="sure" {
            h3 #sure { "How sure it is" }
            ul {
                li {
                    "Every figure is computed from " (many(complete.envelopes, "record", "records"))
                    " that " (many(complete.devices, "device", "devices")) " signed."
                }
                li {
                    @if let Some((num, den)) = pair(report, "P2") {
                        "Two or more others who were there saw " (num) " of " (den)
                        " attendances."
                    } @else { "There is no attendance that others could have seen." }
                }
                li {
                    @if let Some((num, den)) = pair(report, "H2") {
                        "Somebody else confirmed " (hours(num)) " of " (hours(den)) " of work."
                    } @else { "There is no work that others could have confirmed." }
                }
                li {
                    @if closed.is_empty() {
                        "The group has closed no quarter of this period: later records can still "
                        "change the figures."
                    } @else {
                        "Closed by the group, so that later records do not count: "
                        (closed.join(", ")) "."
                    }
                }
                li {
                    @if report.window.chosen_by_sender {
                        "Whoever made this report chose the period."
                    } @else { "The period is a quarter that the group closed." }
                }
            }
        }
    }
}

/// What is not proven, and what never can be.
pub(super) fn unproven(report: &Report) -> Markup {
    let warned = |codes: &[&str]| report.warnings.iter().find(|one| codes.contains(&one.code));
    let bounds: [(&[&str], &str); 2] = [
        (
            &["time_unproven", "time_partly_unproven"],
            "Time is bounded: an outsider signed what there was by a day.",
        ),
        (
            &["people_unproven"],
            "People: an outsider says that they met as many as there are members.",
        ),
    ];
    html! {
        section.box aria-labelledby="unproven" {
            h3 #unproven { "What is unproven" }
            ul {
                @for (codes, otherwise) in bounds {
                    li {
                        @if let Some(warning) = warned(codes) { (warning.text) }
                        @else { (otherwise) }
                    }
                }
                li {
                    "Completeness unproven, always: signatures do not prove that nothing was left "
                    "out."
                }
                li {
                    "Honesty unproven, always: a group in which all collude, or one person with "
                    "many keys, looks the same as a real one without outsiders."
                }
            }
        }
    }
}
