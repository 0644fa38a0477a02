//! The clauses of the rules in plain words.

use copact_core::day::Day;
use copact_evidence::report::Report;
use copact_evidence::rules::{RuleSet, Verdict};
use maud::{Markup, html};

use super::words::{many, percent_of};
use super::{table, words};
use read::Read;

mod copro_min;
mod early;
mod read;

/// Whether the report goes by the rules whose clauses are told in their own words: copact's own,
/// not others of the same name.
pub(super) fn known(report: &Report) -> bool {
    let own = RuleSet::minimum().ok();
    let rules = &report.ruleset;
    own.is_some_and(|own| own.name() == rules.name && own.hash() == rules.hash)
}

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
    /// The group is too young for it to pass before this day.
    pub(super) early: Option<Day>,
}

/// All clauses of a report, in their order.
pub(super) fn all(report: &Report) -> Vec<Told> {
    report.clauses.iter().map(|clause| told(report, &Read::of(clause))).collect()
}

fn told(report: &Report, clause: &Read<'_>) -> Told {
    let own = if known(report) { copro_min::words(report, clause) } else { None };
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
        early: words.early,
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
    early: Option<Day>,
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
        early: None,
    }
}

impl Told {
    /// It passes, and with one less of what it counts it would not.
    pub(super) fn barely(&self) -> bool {
        self.verdict == Verdict::Pass && self.reached.is_some_and(|much| much <= 1.0)
    }
}

/// The clauses that the answer hangs on: not those that only sum up, nor those on keeping at it.
pub(super) fn judged(told: &[Told]) -> impl Iterator<Item = &Told> {
    told.iter().filter(|one| !one.sums_up && one.stage != Stage::Sustained)
}

/// The clauses nearest to failing, or those that do not hold: what the answer hangs on. Those that
/// do not hold come in the order of the stages, and in each the furthest from holding first.
pub(super) fn weakest(told: &[Told]) -> Vec<&Told> {
    let judged = || judged(told);
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

/// The same of a clause; what only time can change is no failure to be blamed for.
fn result(one: &Told) -> Markup {
    match one.early {
        Some(_) => html! { span.mark.open { "Fail: too early" } },
        None => mark(one.verdict),
    }
}

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
                "These are the questions of the rules " b { (words::foreign(&report.ruleset.name)) }
                ". They look at the group on " (words::day(report.window.to))
                @if known(report) { " and, for meetings and work, at the 90 days up to it" } "."
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
            (table::cell("Result", &result(one)))
            (table::cell("Found", &html! { (one.found) }))
            (table::cell("Needed", &html! { (one.needed) }))
        }
    }
}

/// So many members.
fn members(number: u64) -> String {
    many(number, "member", "members")
}
