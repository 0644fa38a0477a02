//! The first screen: what was asked, the answer, and what it hangs on.

use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;
use maud::{Markup, html};

use super::clause::{Stage, Told, known};
use super::level::Level;
use super::value::pair;
use super::words::{count, day, foreign, hours, many};

mod boxes;
mod next;
mod sure;

/// The answer and what it hangs on.
pub(super) fn section(report: &Report, told: &[Told]) -> Markup {
    let (class, word, lead) = verdict(report, told);
    html! {
        section.answer aria-labelledby="answer" {
            h2 #answer.(class) { span.quiet { "The answer: " } (word) }
            p.lead { (lead) }
            (meaning(report))
            p.small {
                "By the rules " b { (foreign(&report.ruleset.name)) } ", " (origin(report))
                ", from the group’s own signed records, as of " (day(report.window.to))
                ". The rules ask " (many(count(told.len()), "question", "questions"))
                ", called clauses. " (label(report))
            }
            (facts(report, told))
            div.boxes {
                (boxes::weakest(report, told))
                (boxes::change(report, told))
                (sure::section(report, told))
                (boxes::unproven(report))
                (next::section(report))
            }
        }
    }
}

fn origin(report: &Report) -> &'static str {
    if known(report) {
        "published rules that come with copact"
    } else {
        "which are not those that come with copact"
    }
}

/// What is asked, and what the answer does not say.
fn meaning(report: &Report) -> Markup {
    let not_said = match Level::of(report) {
        Level::Other => "The answer does not say that the work is useful, nor that money is safe.",
        Level::CoProducing | Level::Sustained => {
            "Yes does not mean that the work is useful, nor that money is safe; only that these \
             records show an agreement, meetings and work by these rules."
        }
        _ => {
            "It does not mean that nothing good is done, nor that money is not safe; only that \
             these records do not show all that these rules ask."
        }
    };
    html! {
        @if known(report) {
            p {
                b { "Co-producing means here: " } "an agreement written by more than one of the "
                "members, accepted by them, then work that one did and another confirmed."
            }
            p.caveat {
                b { "The thresholds are proposals" } ", still to be calibrated with groups, and "
                "not validated facts. " (not_said)
            }
        } @else { p.caveat { (not_said) } }
    }
}

/// A class, the word, and the sentence.
fn verdict(report: &Report, told: &[Told]) -> (&'static str, &'static str, String) {
    let has = |stage: Stage, verdict: Verdict| {
        told.iter().any(|one| !one.sums_up && one.stage == stage && one.verdict == verdict)
    };
    let open = |stage| !has(stage, Verdict::Fail) && has(stage, Verdict::NotComputable);
    let (class, word, lead) = match Level::of(report) {
        Level::Other => (
            "open",
            "By other rules",
            "This page has no words of its own for these rules. The level that they give, and what \
             each clause says, stand below.",
        ),
        Level::None if open(Stage::Formed) => (
            "open",
            "Cannot be said",
            "There is no agreement in the records from which it could be judged.",
        ),
        Level::None => (
            "fail",
            "No, not by these records",
            "They do not show an agreement of three or more people that they wrote together and \
             accepted.",
        ),
        Level::Pair => (
            "fail",
            "No, these are two people",
            "Two people wrote and accepted an agreement. Nobody outside an exchange between two \
             can witness it, so the rules call them a pair and ask for a third.",
        ),
        Level::Formed if open(Stage::Working) => (
            "open",
            "Not yet shown",
            "The members wrote and accepted an agreement. Whether they work together cannot be \
             computed from the records of the last 90 days.",
        ),
        Level::Formed => (
            "fail",
            "Not yet",
            "The members wrote and accepted an agreement. Meetings and work that others confirmed \
             fall short of what the rules ask for in the last 90 days.",
        ),
        Level::CoProducing => (
            "pass",
            "Yes",
            "The members wrote and accepted an agreement, and in the last 90 days they met, \
             worked, and confirmed each other’s work.",
        ),
        Level::Sustained => (
            "pass",
            "Yes, and it has lasted",
            "The members wrote and accepted an agreement; they meet, work and confirm each \
             other’s work, and did so at the end of three of the last four quarters.",
        ),
    };
    (class, word, lead.to_owned())
}

fn label(report: &Report) -> &'static str {
    if report.label == "public-service" {
        "It is labelled public-service: both a citizen and a professional wrote, signed and worked."
    } else {
        "It is labelled community: that a citizen and a professional each wrote, signed and \
         worked is not shown."
    }
}

/// The figures that a funder asks for first.
fn facts(report: &Report, told: &[Told]) -> Markup {
    let pictures = &report.pictures;
    html! {
        dl.facts {
            div { dt { "Level" } dd { b { (foreign(&report.level)) } } }
            div { dt { "Clauses that hold" } dd { (tally(told)) } }
            div { dt { "Members" } dd {
                b { (report.n) } " on " (day(report.window.to))
                @if let Some(founded) = report.founded { "; founded on " (day(founded)) }
            } }
            div { dt { "At the last meeting" } dd {
                @if let Some(last) = pictures.meetings.last() {
                    b { (last.present) " of " (last.members) } " members, on " (day(last.day)) "; "
                    (last.attested) " witnessed by two or more others"
                } @else {
                    "Not known: no meeting with names was held in this period"
                }
            } }
            div { dt { "Wrote the contract" } dd {
                @if pictures.authorship.is_some() {
                    b { (pictures.wrote) " of " (report.n) } " members wrote some of it"
                    @if let Some((num, _)) = pair(report, "C1") { "; " (num) " a real part" }
                } @else { "Nobody: no contract was adopted by then" }
            } }
            div { dt { "Stand by it" } dd {
                @if let Some((num, den)) = pair(report, "C6") {
                    b { (num) " of " (den) } " members have signed it"
                } @else { "Not known: no contract was adopted by then" }
            } }
            div { dt { "Work" } dd {
                @if let Some((num, den)) = pair(report, "H2") {
                    b { (hours(num)) } " confirmed, of " (hours(den)) " claimed"
                } @else { "None is recorded in this period" }
            } }
        }
    }
}

/// How many clauses hold, by what they are about: of all rows of the table of clauses.
fn tally(told: &[Told]) -> Markup {
    let stages = [
        (Stage::Formed, "on the agreement"),
        (Stage::Working, "on working together"),
        (Stage::Sustained, "on keeping at it"),
        (Stage::Other, "of these rules"),
    ];
    let of = |stage: Stage| told.iter().filter(move |one| one.stage == stage);
    let counts = stages.map(|(stage, words)| {
        let holding = of(stage).filter(|one| one.verdict == Verdict::Pass).count();
        let early = of(stage).any(|one| one.early.is_some());
        (holding, of(stage).count(), words, if early { " (too early)" } else { "" })
    });
    html! {
        @for (holding, all, words, early) in counts.iter().filter(|one| one.1 > 0) {
            span.line { b { (holding) " of " (all) } " " (words) (early) } " "
        }
    }
}
