//! Rule sets: what a group's figures amount to, by a file that a funder can read and change.
//!
//! A rule set is a TOML file. Each `[[clause]]` has an id such as `formed.members`, says in plain
//! words what it `asks` and what would make it pass (`next`), its `source`, and the `test` that
//! decides; `[[define]]` names a test of one member or meeting; the last `[[level]]` of which the
//! test passes is the group's, the first `[[label]]` is. The built-in file is `copro-min/1.0`
//! (`rules/copro-min-1.0.toml`, evidence.md, "The minimum"); it has all thresholds in it, and its
//! hash is in every report.
//!
//! ```text
//! any        = all { "or" all }
//! all        = one { "and" one }
//! one        = "not" one | sum [ comparison sum ]
//! comparison = ">=" | ">" | "<=" | "<" | "="
//! sum        = product { ( "+" | "-" ) product }
//! product    = factor { ( "*" | "/" ) factor }
//! factor     = digits | "-" factor | "(" any ")" | name | call
//!            | "if" any "then" any "else" any
//! call       = ( "min" | "max" ) "(" any { "," any } ")"
//!            | ( "ceil" | "floor" | "members" | "meetings" | "days_apart" ) "(" any ")"
//!            | "section" "(" kind ")"
//!            | "quarters" "(" digits "," any ")"
//!            | "all" "(" part [ "except" clause { "," clause } ] ")"
//! name       = an indicator (`C4`), a part of one (`C1.num`, `H1.total`), another figure
//!            | a clause | a definition
//! ```
//!
//! All is exact: `2/3` is a fraction, and what an indicator gives in binary64 alone is taken as the
//! simplest fraction that is written so ([`Ratio::simplest`]). What cannot be computed makes a test
//! neither pass nor fail: `or` passes if one side does, cannot be computed if none can, else fails;
//! `and` fails if one fails, else cannot be computed if one cannot; `not` leaves it so.
//!
//! ```
//! # use copact_evidence::rules::RuleSet;
//! let rules = RuleSet::minimum()?;
//! assert_eq!(rules.name(), "copro-min/1.0");
//! let stricter = rules.text().replace("test = \"n >= 3\"", "test = \"n >= 5\"");
//! assert_ne!(RuleSet::parse(&stricter)?.hash(), rules.hash());
//! # Ok::<(), copact_evidence::rules::RuleError>(())
//! ```

use std::fmt::Write as _;
use std::sync::OnceLock;

use copact_core::day::Day;
use serde::Serialize;

use crate::facts::Facts;

mod arithmetic;
mod build;
mod error;
mod expression;
mod file;
mod judge;
mod lex;
mod names;
mod parse;
mod ratio;
mod scope;
mod verdict;
mod view;
mod walk;

pub use error::{At, RuleError};
pub use judge::Judging;
pub use ratio::Ratio;
pub use verdict::{Clause, Judged, Shown, Verdict};

use expression::Test;

/// The built-in file.
const MINIMUM: &str = include_str!("../rules/copro-min-1.0.toml");

/// A rule set that has been read and found to be sound.
#[derive(Clone, Debug)]
pub struct RuleSet {
    name: String,
    title: String,
    about: String,
    text: String,
    hash: String,
    window: i32,
    words: Vec<Word>,
    clauses: Vec<Rule>,
    /// In which order they are judged.
    order: Vec<usize>,
    levels: Vec<Tier>,
    labels: Vec<Tier>,
}

/// A word that a rule set defines.
#[derive(Clone, Debug, Serialize)]
pub struct Word {
    /// The word.
    pub name: String,
    /// What it means, in plain words.
    pub means: String,
    /// Its test, as written.
    pub written: String,
}

/// A clause of a rule set.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// Its id, for example `formed.members`.
    pub id: String,
    /// What it asks, in plain words.
    pub asks: String,
    /// What would make it pass.
    pub next: String,
    /// Why it is there, and after whom.
    pub source: String,
    /// Days that it looks back over, the day of the judgement included.
    pub window: i32,
    /// Its test, as written.
    pub written: String,
    #[serde(skip)]
    test: Test,
    /// Whether it looks at quarters, itself or by way of another clause.
    #[serde(skip)]
    quarters: bool,
}

/// A level or a label of a rule set.
#[derive(Clone, Debug, Serialize)]
pub struct Tier {
    /// Its name, for example `co-producing`.
    pub name: String,
    /// What it means, in plain words.
    pub means: String,
    /// Its test, as written; none of the one that holds if no other does.
    pub written: Option<String>,
    #[serde(skip)]
    test: Option<Test>,
}

impl RuleSet {
    /// Reads a rule file.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it, where, and what to do about it.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        build::build(text)
    }

    /// `copro-min/1.0`, which is built in (evidence.md, "The minimum").
    ///
    /// # Errors
    ///
    /// None, as a test shows; callers pass on what there could be, as of any other file.
    pub fn minimum() -> Result<&'static Self, RuleError> {
        static ONCE: OnceLock<Result<RuleSet, RuleError>> = OnceLock::new();
        ONCE.get_or_init(|| Self::parse(MINIMUM)).as_ref().map_err(Clone::clone)
    }

    /// Its name with its version.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, in a line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is, in a few sentences.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The BLAKE3 hash of the file's bytes, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Days that a clause looks back over unless it says otherwise.
    #[must_use]
    pub const fn window(&self) -> i32 {
        self.window
    }

    /// The words that it defines.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Its clauses, in the order of the file.
    #[must_use]
    pub fn clauses(&self) -> &[Rule] {
        &self.clauses
    }

    /// Its levels, the lowest first.
    #[must_use]
    pub fn levels(&self) -> &[Tier] {
        &self.levels
    }

    /// Its labels; the first of which the test passes is given.
    #[must_use]
    pub fn labels(&self) -> &[Tier] {
        &self.labels
    }

    /// Judges a group at the end of a day: each clause over its window up to that day.
    #[must_use]
    pub fn judge(&self, facts: &Facts, to: Day) -> Judged {
        judge::judge(self, facts, to)
    }

    /// The same on several days, of which only the levels are asked.
    #[must_use]
    pub fn judging<'f>(&'f self, facts: &'f Facts) -> Judging<'f> {
        Judging::of(self, facts)
    }

    /// Every name that a test can use, with what it stands for.
    #[must_use]
    pub fn vocabulary() -> Vec<(String, &'static str)> {
        names::vocabulary()
    }

    /// All of it in plain words, with the tests, for people to read.
    #[must_use]
    pub fn explain(&self) -> String {
        let mut out =
            format!("{}: {}\n{}\nBLAKE3 {}\n", self.name, self.title, self.about, self.hash);
        for word in &self.words {
            let Word { name, means, written } = word;
            let _ = write!(out, "\n“{name}” is {means}.\n  test: {written}\n");
        }
        for rule in &self.clauses {
            let Rule { id, asks, next, source, window, written, .. } = rule;
            let _ = write!(
                out,
                "\n{id}: {asks}\n  to pass: {next}\n  source: {source}\n  window: {window} days\n  \
                 test: {written}\n"
            );
        }
        for (what, tiers) in [("level", &self.levels), ("label", &self.labels)] {
            for tier in tiers {
                let test = tier.written.as_deref().unwrap_or("if no other one holds");
                let _ = write!(out, "\n{what} {}: {}\n  test: {test}\n", tier.name, tier.means);
            }
        }
        out
    }
}
