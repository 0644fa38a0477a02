//! The clauses of the rules in plain words. Nothing else here reads a [`Clause`].

use copact_evidence::report::Report;
use copact_evidence::rules::{Clause, Ratio, Shown, Verdict};
use maud::{Markup, html};
use num_traits::ToPrimitive;

use super::words::{many, percent_of, real};
use super::{table, words};

mod copro_min;

/// The rules whose clauses are told in their own words.
pub(super) const KNOWN: &str = "copro-min/1.0";

/// What a clause is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// The agreement.
    Formed,
    /// The work.
    Working,
    /// That it lasts.
    Sustained,
    /// Of rules that this page does not know.
    Other,
}

/// A clause as a reader gets it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Its id.
    pub(super) id: String,
    /// Whether it holds.
    pub(super) verdict: Verdict,
    /// What it is part of.
    pub(super) stage: Stage,
    /// What it asks for.
    pub(super) title: String,
    /// What was found, or why nothing can be said.
    pub(super) found: String,
    /// What is needed.
    pub(super) needed: String,
    /// What would change its verdict.
    pub(super) change: String,
    /// How much of what is needed there is, so that under 1 fails; none where nothing can be said.
    pub(super) reached: Option<f64>,
    /// It only sums others up.
    pub(super) sums_up: bool,
}

/// A clause as it is read here.
struct Read<'r> {
    id: &'r str,
    verdict: Verdict,
    value: Option<(u64, u64)>,
    threshold: (u64, u64),
    reason: Option<&'r str>,
    asks: &'r str,
    next: &'r str,
}

/// The one figure, or of several the largest.
fn largest(shown: &Shown) -> Option<(u64, u64)> {
    let parts = |ratio: &Ratio| Some((ratio.num().to_u64()?, ratio.den().to_u64()?));
    match shown {
        Shown::One(ratio) => parts(ratio),
        Shown::Named(all) => {
            let all = all.iter().filter_map(|(_, ratio)| ratio.as_ref());
            all.max_by(|a, b| a.to_f64().total_cmp(&b.to_f64())).and_then(parts)
        }
    }
}

impl<'r> Read<'r> {
    fn of(clause: &'r Clause) -> Self {
        Self {
            id: &clause.id,
            verdict: clause.status,
            value: clause.value.as_ref().and_then(largest),
            threshold: clause.threshold.as_ref().and_then(largest).unwrap_or((0, 1)),
            reason: clause.reason,
            asks: &clause.words,
            next: &clause.next,
        }
    }

    /// How much of what is needed there is.
    fn reached(&self) -> Option<f64> {
        let (num, den) = self.value?;
        let share = real(num) / real(den);
        let needed = real(self.threshold.0) / real(self.threshold.1);
        // Of this one there may be too much.
        let reached = if self.id == copro_min::MOST { needed / share } else { share / needed };
        // Nothing of nothing, or all of what may be nothing.
        if reached.is_nan() { None } else { Some(reached) }
    }
}

/// All clauses of a report, in their order.
pub(super) fn all(report: &Report) -> Vec<Told> {
    report.clauses.iter().map(|clause| told(report, &Read::of(clause))).collect()
}

fn told(report: &Report, clause: &Read<'_>) -> Told {
    let own = if report.ruleset.name == KNOWN { copro_min::words(report, clause) } else { None };
    let words = own.unwrap_or_else(|| foreign(clause));
    let found = match (clause.verdict, clause.reason) {
        (Verdict::NotComputable, Some(reason)) => format!("Cannot be computed: {reason}."),
        (Verdict::NotComputable, None) => "Cannot be computed.".to_owned(),
        _ => words.found,
    };
    Told {
        id: clause.id.to_owned(),
        verdict: clause.verdict,
        stage: words.stage,
        title: words.title,
        found,
        needed: words.needed,
        change: words.change,
        reached: clause.reached(),
        sums_up: clause.id == "coproducing.formed",
    }
}

/// What a clause is part of, by its id.
fn stage(id: &str) -> Stage {
    match id.split_once('.').map(|(stage, _)| stage) {
        Some("formed") => Stage::Formed,
        Some("coproducing") => Stage::Working,
        Some("sustained") => Stage::Sustained,
        _ => Stage::Other,
    }
}

/// What a set of rules says of a clause.
struct Words {
    stage: Stage,
    title: String,
    found: String,
    needed: String,
    change: String,
}

/// Rules of somebody else: in their own words, and the figures without a story.
fn foreign(clause: &Read<'_>) -> Words {
    let figure = |(num, den): (u64, u64)| match den {
        1 => num.to_string(),
        _ => format!("{num} of {den} ({})", percent_of(num, den)),
    };
    let share = |(num, den): (u64, u64)| match den {
        1 => num.to_string(),
        _ => format!("{num}/{den}"),
    };
    let needed = format!("threshold {}", share(clause.threshold));
    // Isolated, so that an id that runs the other way leaves the sentence as it is.
    let id = format!("“\u{2068}{}\u{2069}”", clause.id);
    let change = match clause.verdict {
        Verdict::Pass => format!("{id} no longer reaching its threshold"),
        Verdict::Fail if !clause.next.is_empty() => format!("\u{2068}{}\u{2069}", clause.next),
        Verdict::Fail => format!("{id} reaching its threshold"),
        Verdict::NotComputable => format!("records from which {id} can be computed"),
    };
    Words {
        stage: stage(clause.id),
        title: if clause.asks.is_empty() {
            clause.id.to_owned()
        } else {
            format!("\u{2068}{}\u{2069}", clause.asks)
        },
        found: clause.value.map(figure).unwrap_or_default(),
        needed,
        change,
    }
}

/// The clauses nearest to failing, or those that do not hold: what the answer hangs on. Those that
/// do not hold come in the order of the stages, and in each the furthest from holding first.
pub(super) fn weakest(told: &[Told]) -> Vec<&Told> {
    let judged = || told.iter().filter(|one| !one.sums_up && one.stage != Stage::Sustained);
    let of = |verdict: Verdict| judged().filter(move |one| one.verdict == verdict);
    let reached = |one: &&Told| one.reached.unwrap_or(f64::INFINITY);
    let mut failed: Vec<&Told> = of(Verdict::Fail).chain(of(Verdict::NotComputable)).collect();
    failed.sort_by(|a, b| a.stage.cmp(&b.stage).then(reached(a).total_cmp(&reached(b))));
    if !failed.is_empty() {
        return failed;
    }
    let least = judged().map(|one| reached(&one)).fold(f64::INFINITY, f64::min);
    judged().filter(|one| reached(one) <= least).collect()
}

/// The mark of a verdict: a word, never a colour alone.
pub(super) fn mark(verdict: Verdict) -> Markup {
    let (class, word) = match verdict {
        Verdict::Pass => ("pass", "Pass"),
        Verdict::Fail => ("fail", "Fail"),
        Verdict::NotComputable => ("open", "Can’t be computed"),
    };
    html! { span.mark.(class) { (word) } }
}

const COLUMNS: [&str; 4] = ["What is asked", "Result", "Found", "Needed"];

/// All clauses as a table.
pub(super) fn section(report: &Report, told: &[Told]) -> Markup {
    let stages = [
        (Stage::Formed, "An agreement (“formed”)"),
        (Stage::Working, "Working together (“co-producing”)"),
        (Stage::Sustained, "Keeping at it (“sustained”)"),
        (Stage::Other, "Clauses of these rules"),
    ];
    html! {
        section aria-labelledby="clauses" {
            h2 #clauses { "Clause by clause" }
            p {
                "The rules are " b { (words::foreign(&report.ruleset.name)) } ". They look at the group on "
                (words::day(report.window.to))
                " and, for meetings and work, at the 90 days up to it."
            }
            table.cards role="table" aria-labelledby="clauses" {
                (table::heads(&COLUMNS))
                @for (stage, title) in stages {
                    @let of_it: Vec<&Told> = told.iter().filter(|one| one.stage == stage).collect();
                    @if !of_it.is_empty() {
                        tbody role="rowgroup" {
                            (table::group(title, COLUMNS.len()))
                            @for one in of_it { (row(one)) }
                        }
                    }
                }
            }
        }
    }
}

fn row(one: &Told) -> Markup {
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                (one.title)
                @if one.title != one.id { " " code.id { (one.id) } }
            }
            (table::cell("Result", &mark(one.verdict)))
            (table::cell("Found", &html! { (one.found) }))
            (table::cell("Needed", &html! { (one.needed) }))
        }
    }
}

/// So many members.
fn members(number: u64) -> String {
    many(number, "member", "members")
}
