//! Makes a rule set of a file, or says what is wrong with it.

use std::cell::Cell;
use std::sync::Arc;

use toml::Spanned;

use super::error::RuleError;
use super::expression::{Of, Test};
use super::file::{self, CLAUSES, File};
use super::names::{nearest, vocabulary};
use super::parse::{self, Read};
use super::scope::{Defined, Scope};
use super::{Rule, RuleSet, Tier, Word};

/// The form of the file that is read here.
const FORMAT: i64 = 1;
const NAME: usize = 64;

/// What is being read.
struct Build<'t> {
    text: &'t str,
    clauses: Vec<String>,
    defined: Vec<Defined>,
    spent: Cell<usize>,
}

pub(super) fn build(text: &str) -> Result<RuleSet, RuleError> {
    let file = file::read(text)?;
    let place = |byte| file::at(text, byte, "");
    if *file.format.get_ref() != FORMAT {
        let message =
            format!("the format is {}, and only {FORMAT} is known", file.format.get_ref());
        return Err(RuleError::File { at: place(file.format.span().start), message });
    }
    let numbers = [
        (file.define.len(), "definitions"),
        (file.clause.len(), "clauses"),
        (file.level.len(), "levels"),
        (file.label.len(), "labels"),
    ];
    if let Some((_, what)) = numbers.into_iter().find(|(many, _)| *many > CLAUSES) {
        return Err(RuleError::TooMany { at: place(0), what, most: CLAUSES });
    }
    let mut build = Build { text, clauses: Vec::new(), defined: Vec::new(), spent: Cell::new(0) };
    build.name(&file.name, "rule set's name", "ours/1.0", "/.-_")?;
    let window = file::window(text, &file.window, "")?;
    build.clause_ids(&file)?;
    let words = build.words(&file)?;
    let (clauses, asks) = build.rules(&file, window)?;
    let (order, looks) = build.order(&file, &asks)?;
    let mut clauses = clauses;
    for (rule, looks) in clauses.iter_mut().zip(looks) {
        rule.quarters = looks;
    }
    let levels = build.tiers(&file.level, "level", false, &clauses)?;
    let labels = build.tiers(&file.label, "label", true, &clauses)?;
    Ok(RuleSet {
        name: file.name.into_inner(),
        title: file.title,
        about: file.about,
        hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        text: text.to_owned(),
        window,
        words,
        clauses,
        order,
        levels,
        labels,
    })
}

impl Build<'_> {
    /// A name of small letters, digits and the signs that are let through.
    fn name(
        &self,
        given: &Spanned<String>,
        what: &'static str,
        example: &'static str,
        signs: &str,
    ) -> Result<(), RuleError> {
        let text = given.get_ref();
        let fits =
            |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || signs.contains(one);
        let begins = text.starts_with(|one: char| one.is_ascii_lowercase());
        if begins && text.len() <= NAME && text.chars().all(fits) {
            return Ok(());
        }
        let at = file::at(self.text, given.span().start, "");
        Err(RuleError::Name { at, text: file::short(text), what, example })
    }

    fn twice(&self, given: &Spanned<String>) -> RuleError {
        let at = file::at(self.text, given.span().start, "");
        RuleError::Twice { at, name: given.get_ref().clone() }
    }

    fn clause_ids(&mut self, file: &File) -> Result<(), RuleError> {
        for rule in &file.clause {
            let (what, example) = ("clause id", "formed.members");
            self.name(&rule.id, what, example, "._")?;
            let parts: Vec<&str> = rule.id.get_ref().split('.').collect();
            if parts.len() != 2 || parts.iter().any(|part| part.is_empty()) {
                let at = file::at(self.text, rule.id.span().start, "");
                let text = file::short(rule.id.get_ref());
                return Err(RuleError::Name { at, text, what, example });
            }
            if self.clauses.contains(rule.id.get_ref()) {
                return Err(self.twice(&rule.id));
            }
            self.clauses.push(rule.id.get_ref().clone());
        }
        Ok(())
    }

    /// Reads a test of some part of the file.
    fn read(
        &self,
        test: &Spanned<String>,
        of: Option<Of>,
        part: &str,
        clauses: &[String],
    ) -> Result<Read, RuleError> {
        let inside = file::inside(self.text, &test.span());
        let locate = |byte| file::at(self.text, inside + byte, part);
        let (defined, spent) = (&self.defined, &self.spent);
        // A definition must not use another one, so that none is written out again and again.
        let defined = if of.is_some() { &[] } else { defined.as_slice() };
        parse::read(test.get_ref(), of, &Scope { clauses, defined, locate: &locate, spent })
    }

    fn words(&mut self, file: &File) -> Result<Vec<Word>, RuleError> {
        let mut words = Vec::new();
        for define in &file.define {
            self.name(&define.name, "name", "witnessed", "_")?;
            let name = define.name.get_ref();
            let taken = vocabulary().iter().any(|(one, _)| one == name);
            if taken || self.defined.iter().any(|one| one.name == *name) {
                return Err(self.twice(&define.name));
            }
            let part = format!("definition {name}");
            let of = match define.of.get_ref().as_str() {
                "members" => Of::Members,
                "meetings" => Of::Meetings,
                other => {
                    let at = file::at(self.text, define.of.span().start, &part);
                    let nearest = nearest(other, ["members", "meetings"].into_iter());
                    return Err(RuleError::Unknown { at, name: file::short(other), nearest });
                }
            };
            let before = self.spent.get();
            let read = self.read(&define.test, Some(of), &part, &[])?;
            let size = self.spent.get().saturating_sub(before);
            words.push(Word {
                name: name.clone(),
                means: define.means.clone(),
                written: define.test.get_ref().trim().to_owned(),
            });
            self.defined.push(Defined { name: name.clone(), of, test: Arc::new(read.test), size });
        }
        Ok(words)
    }

    /// The clauses, and which clauses each asks for.
    fn rules(&self, file: &File, window: i32) -> Result<(Vec<Rule>, Vec<Read>), RuleError> {
        let (mut rules, mut asks) = (Vec::new(), Vec::new());
        for rule in &file.clause {
            let part = format!("clause {}", rule.id.get_ref());
            let own = rule.window.as_ref().map(|own| file::window(self.text, own, &part));
            let read = self.read(&rule.test, None, &part, &self.clauses)?;
            rules.push(Rule {
                id: rule.id.get_ref().clone(),
                asks: rule.asks.clone(),
                next: rule.next.clone(),
                source: rule.source.clone(),
                window: own.transpose()?.unwrap_or(window),
                written: rule.test.get_ref().trim().to_owned(),
                test: read.test.clone(),
                quarters: false,
            });
            asks.push(read);
        }
        Ok((rules, asks))
    }

    /// An order in which each clause comes after those that it asks for, and which of them look at
    /// quarters, themselves or by way of others.
    fn order(&self, file: &File, asks: &[Read]) -> Result<(Vec<usize>, Vec<bool>), RuleError> {
        let mut order: Vec<usize> = Vec::new();
        let mut looks = vec![false; asks.len()];
        let place = |clause: usize| {
            let rule = file.clause.get(clause);
            let part = rule.map_or(String::new(), |rule| format!("clause {}", rule.id.get_ref()));
            file::at(self.text, rule.map_or(0, |rule| rule.test.span().start), &part)
        };
        while order.len() < asks.len() {
            let ready = asks.iter().enumerate().find(|(one, read)| {
                !order.contains(one) && read.asks.iter().all(|(asked, _)| order.contains(asked))
            });
            let Some((clause, read)) = ready else {
                let left = (0..asks.len()).filter(|one| !order.contains(one));
                let left: Vec<usize> = left.collect();
                let names = left.iter().filter_map(|one| self.clauses.get(*one));
                let names: Vec<&str> = names.map(String::as_str).collect();
                let at = place(left.first().copied().unwrap_or_default());
                return Err(RuleError::Cycle { at, clauses: names.join(", ") });
            };
            let of = |asked: usize| looks.get(asked).copied().unwrap_or_default();
            self.no_quarter_of_quarters(read, of, || place(clause))?;
            let any = read.quarters || read.asks.iter().any(|(asked, _)| of(*asked));
            if let Some(one) = looks.get_mut(clause) {
                *one = any;
            }
            order.push(clause);
        }
        Ok((order, looks))
    }

    fn no_quarter_of_quarters(
        &self,
        read: &Read,
        looks: impl Fn(usize) -> bool,
        at: impl FnOnce() -> super::error::At,
    ) -> Result<(), RuleError> {
        let wrong = read.asks.iter().find(|(asked, at_ends)| *at_ends && looks(*asked));
        let Some((asked, _)) = wrong else { return Ok(()) };
        let name = self.clauses.get(*asked).cloned().unwrap_or_default();
        let why = "quarters are looked back on from the day of the judgement alone";
        Err(RuleError::Misplaced { at: at(), name, why })
    }

    /// Levels or labels. One of them holds if no other does: the first level, the last label.
    fn tiers(
        &self,
        given: &[file::Tier],
        what: &'static str,
        last: bool,
        clauses: &[Rule],
    ) -> Result<Vec<Tier>, RuleError> {
        let mut tiers: Vec<Tier> = Vec::new();
        let otherwise = if last { given.len().checked_sub(1) } else { Some(0) };
        if given.is_empty() {
            let rule = if last { "there is no label" } else { "there is no level" };
            return Err(RuleError::Otherwise { at: file::at(self.text, 0, ""), rule });
        }
        for (number, tier) in given.iter().enumerate() {
            self.name(&tier.name, what, "co-producing", "-_")?;
            if tiers.iter().any(|one| one.name == *tier.name.get_ref()) {
                return Err(self.twice(&tier.name));
            }
            let part = format!("{what} {}", tier.name.get_ref());
            if (Some(number) == otherwise) == tier.test.is_some() {
                let rule = if last {
                    "every label has a test but the last, which is for all other groups"
                } else {
                    "every level has a test but the first, which is for all other groups"
                };
                let at = file::at(self.text, tier.name.span().start, &part);
                return Err(RuleError::Otherwise { at, rule });
            }
            let test = tier.test.as_ref();
            let read = test.map(|test| self.read(test, None, &part, &self.clauses)).transpose()?;
            if let (Some(read), Some(test)) = (&read, test) {
                let looks = |asked: usize| clauses.get(asked).is_some_and(|one| one.quarters);
                let place = || file::at(self.text, test.span().start, &part);
                self.no_quarter_of_quarters(read, looks, place)?;
            }
            let test: Option<Test> = read.map(|read| read.test);
            tiers.push(Tier {
                name: tier.name.get_ref().clone(),
                means: tier.means.clone(),
                written: tier.test.as_ref().map(|test| test.get_ref().trim().to_owned()),
                test,
            });
        }
        Ok(tiers)
    }
}
