//! What the answer hangs on: the weakest clause, what would change the answer, and what nobody can
//! know from these records.

use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;
use maud::{Markup, html};

use crate::html::clause::{self, Stage, Told, mark};
use crate::html::level::Level;

/// The clause nearest to failing, or those that fail.
pub(super) fn weakest(report: &Report, told: &[Told]) -> Markup {
    let all = clause::weakest(told);
    let holds = all.iter().all(|one| one.verdict == Verdict::Pass);
    let title = match (holds, all.len()) {
        (false, 1) => "The clause that does not hold",
        (false, _) => "The clauses that do not hold",
        (true, 1) => "The weakest clause",
        (true, _) => "The weakest clauses",
    };
    let what = match Level::of(report) {
        Level::CoProducing => "All that co-producing asks holds",
        Level::Sustained => "All clauses hold",
        _ => "All of these rules but what they ask over time holds",
    };
    let lead = match (holds, all.len()) {
        (true, _) if all.iter().all(|one| one.barely()) => {
            format!("{what}; nothing is to spare here:")
        }
        (true, _) => format!("{what}; least is to spare here:"),
        (false, 1) => String::new(),
        (false, _) => "In the order of the rules, the furthest from holding first:".to_owned(),
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
                    p {
                        "To be called sustained: " (one.change) ". So far " (one.found) "."
                    }
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
            "Time is bounded: an outsider signed that records existed by a day.",
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
                    "Honesty unproven, always: as long as no outsider has met its people, a group "
                    "in which all collude, or one person with many keys, looks like a real group."
                }
            }
        }
    }
}
