//! The report: everything that is said of a group over a window, in the form of `cli.md`.
//!
//! A pure function of the views, the window and the rules. It names nobody: people are numbered by
//! the order of their keys, and texts are not in it.

use std::collections::BTreeMap;

use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use serde::Serialize;

use crate::case::Case;
use crate::facts::Facts;
use crate::figure::{Figure, Value};
use crate::indicators;
use crate::rules::{Clause, Judged, RuleSet};
use crate::trends::{Trend, trends};
use crate::window::Window;

pub mod completeness;
pub mod pictures;
pub mod warnings;

use completeness::{AnchorRow, Completeness};
use pictures::Pictures;
use warnings::Warning;

/// The rules that a report goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesetRow {
    /// Name and version, for example `copro-min/1.0`.
    pub name: String,
    /// BLAKE3 of the rules' file, in hex.
    pub hash: String,
}

/// The window, and what can be said of how it was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WindowRow {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The quarters with a day in it that the group has closed.
    pub closed_quarters: Vec<Quarter>,
    /// It is no closed quarter, so whoever made the report chose it.
    pub chosen_by_sender: bool,
}

/// An indicator: its figure, and in what it counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndicatorRow {
    /// `ok` or `not_computable`.
    pub status: &'static str,
    /// The value, if it can be computed; an object where it has parts (`cli.md`).
    pub value: Option<Value>,
    /// What it is the quotient of, where it is one of two counts.
    pub num: Option<u64>,
    /// And by what.
    pub den: Option<u64>,
    /// In what it counts.
    pub unit: &'static str,
    /// Why it cannot be computed.
    pub reason: Option<&'static str>,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The rules.
    pub ruleset: RulesetRow,
    /// The window.
    pub window: WindowRow,
    /// What the group's ledger went up to, in hex.
    pub frontier_digest: String,
    /// The group's id.
    pub group: String,
    /// The signed day of the founding.
    pub founded: Option<Day>,
    /// Members on the window's last day.
    pub n: u64,
    /// How far the group is.
    pub level: String,
    /// `public-service` or `community`.
    pub label: String,
    /// The rules, clause by clause.
    pub clauses: Vec<Clause>,
    /// All indicators, by id.
    pub indicators: BTreeMap<&'static str, IndicatorRow>,
    /// What rose and fell.
    pub trends: Vec<Trend>,
    /// What a reader must know beside the figures.
    pub warnings: Vec<Warning>,
    /// What can be said of what is missing.
    pub completeness: Completeness,
    /// Outsiders' signatures.
    pub anchors: Vec<AnchorRow>,
    /// What pictures are drawn from.
    pub pictures: Pictures,
}

impl Report {
    /// Makes the report of a state of a ledger.
    #[must_use]
    pub fn of(views: &Views<'_>, facts: &Facts, window: Window, rules: &RuleSet) -> Self {
        let ruleset = RulesetRow { name: rules.name().to_owned(), hash: rules.hash().to_owned() };
        let judged: Judged = rules.judge(facts, window.to);
        let case = Case::new(facts, window);
        let anchors = completeness::anchors(views);
        let closed_quarters = completeness::closed_quarters(views, window);
        let chosen_by_sender = !is_closed_quarter(window, &closed_quarters);
        let figures = indicators::all(&case);
        Self {
            ruleset,
            window: WindowRow {
                from: window.from,
                to: window.to,
                chosen_by_sender,
                closed_quarters,
            },
            frontier_digest: hex(&views.ledger.frontier().digest()),
            group: views.ledger.group().to_string(),
            founded: facts.founded,
            n: case.n(),
            level: judged.level,
            label: judged.label,
            clauses: judged.clauses,
            trends: trends(facts, window),
            warnings: warnings::of(views, &case, &figures, &anchors, chosen_by_sender),
            completeness: Completeness::of(views, &case),
            anchors,
            pictures: Pictures::of(&case),
            indicators: rows(figures),
        }
    }
}

fn rows(figures: BTreeMap<&'static str, Figure>) -> BTreeMap<&'static str, IndicatorRow> {
    let unit = |id: &str| indicators::ALL.iter().find(|one| one.id == id).map(|one| one.unit);
    let row = |(id, figure): (&'static str, Figure)| {
        let Figure { status, value, num, den, reason, .. } = figure;
        (id, IndicatorRow { status, value, num, den, unit: unit(id).unwrap_or_default(), reason })
    };
    figures.into_iter().map(row).collect()
}

fn is_closed_quarter(window: Window, closed: &[Quarter]) -> bool {
    closed.iter().any(|quarter| {
        quarter.first_day().ok() == Some(window.from) && quarter.last_day().ok() == Some(window.to)
    })
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
