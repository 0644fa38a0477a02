//! What a name in an expression stands for, where it stands.

use std::cell::Cell;
use std::sync::Arc;

use copact_core::contract::SectionKind;

use super::error::{At, RuleError};
use super::expression::{Extreme, Group, Number, Of, Test};
use super::lex::Token;
use super::names::{EACH, GROUP, IS, Range, WORDS, indicator, nearest, vocabulary};
use super::parse::{Parser, What};
use super::ratio::Ratio;

/// Words and signs that all tests of a file may have together, those of definitions counted at
/// each use: what keeps a small file from asking for much work.
const BUDGET: usize = 10_000;
/// Quarters that can be looked back on.
const QUARTERS: i64 = 12;

/// A test with a name.
pub(super) struct Defined {
    pub(super) name: String,
    pub(super) of: Of,
    pub(super) test: Arc<Test>,
    pub(super) size: usize,
}

/// What there is besides the vocabulary.
pub(super) struct Scope<'s> {
    /// Clause ids, by number.
    pub(super) clauses: &'s [String],
    pub(super) defined: &'s [Defined],
    /// Where a byte of the expression is.
    pub(super) locate: &'s dyn Fn(usize) -> At,
    pub(super) spent: &'s Cell<usize>,
}

impl Scope<'_> {
    pub(super) fn spend(&self, size: usize, at: impl FnOnce() -> At) -> Result<(), RuleError> {
        let spent = self.spent.get().saturating_add(size);
        self.spent.set(spent);
        if spent <= BUDGET {
            return Ok(());
        }
        Err(RuleError::TooMany { at: at(), what: "words in all tests together", most: BUDGET })
    }
}

impl Parser<'_> {
    /// A name by itself.
    pub(super) fn name(&mut self, name: &str, at: usize) -> Result<What, RuleError> {
        if let Some((_, group, range, _)) = GROUP.iter().find(|(one, ..)| *one == name) {
            return Ok(What::Number(Number::Group(*group), *range));
        }
        if let Some((group, range)) = indicator(name) {
            return Ok(What::Number(Number::Group(group), range));
        }
        if let Some((_, of, each, range, _)) = EACH.iter().find(|(one, ..)| *one == name) {
            self.about(*of, name, at)?;
            return Ok(What::Number(Number::Each(*each), *range));
        }
        if let Some((_, is, _)) = IS.iter().find(|(one, ..)| *one == name) {
            self.about(Of::Members, name, at)?;
            return Ok(What::Test(Test::Is(*is)));
        }
        if let Some(one) = self.scope.defined.iter().find(|one| one.name == name) {
            self.about(one.of, name, at)?;
            self.scope.spend(one.size, || self.place(at))?;
            return Ok(What::Test(Test::Defined(Arc::clone(&one.test))));
        }
        if let Some(clause) = self.scope.clauses.iter().position(|one| one == name) {
            self.ask(clause, name, at)?;
            return Ok(What::Test(Test::Clause(clause)));
        }
        Err(self.unknown(name, at))
    }

    fn ask(&mut self, clause: usize, name: &str, at: usize) -> Result<(), RuleError> {
        if self.of.is_some() {
            let why = "a clause is about the group, not about each member or meeting";
            return Err(self.misplaced(name, at, why));
        }
        self.asks.push((clause, self.in_quarters));
        Ok(())
    }

    fn about(&self, of: Of, name: &str, at: usize) -> Result<(), RuleError> {
        let why = match of {
            Of::Members => "it is about one member, so it belongs into members(...)",
            Of::Meetings => {
                "it is about one meeting, so it belongs into meetings(...) or days_apart(...)"
            }
        };
        if self.of == Some(of) { Ok(()) } else { Err(self.misplaced(name, at, why)) }
    }

    fn misplaced(&self, name: &str, at: usize, why: &'static str) -> RuleError {
        RuleError::Misplaced { at: self.place(at), name: name.to_owned(), why }
    }

    fn unknown(&self, name: &str, at: usize) -> RuleError {
        let vocabulary = vocabulary();
        let known = vocabulary.iter().map(|(name, _)| name.as_str());
        let defined = self.scope.defined.iter().map(|one| one.name.as_str());
        let all = known.chain(defined).chain(self.scope.clauses.iter().map(String::as_str));
        // An indicator of several figures needs one of them named.
        let of_it = format!("{name}.");
        let first = vocabulary.iter().find(|(one, _)| one.starts_with(&of_it));
        let nearest = first.map_or_else(|| nearest(name, all), |(one, _)| Some(one.clone()));
        RuleError::Unknown { at: self.place(at), name: name.to_owned(), nearest }
    }

    /// A name with what follows in brackets, of which the first is read.
    pub(super) fn call(&mut self, name: &str, at: usize) -> Result<What, RuleError> {
        let number = match name {
            "min" => self.extreme(Extreme::Min)?,
            "max" => self.extreme(Extreme::Max)?,
            "floor" => (Number::Floor(Box::new(self.argument()?)), Range::Any),
            "ceil" => (Number::Ceil(Box::new(self.argument()?)), Range::Any),
            "members" => {
                (Number::Count(Of::Members, self.each(Of::Members, name, at)?), Range::Count)
            }
            "meetings" => {
                (Number::Count(Of::Meetings, self.each(Of::Meetings, name, at)?), Range::Count)
            }
            "days_apart" => (Number::DaysApart(self.each(Of::Meetings, name, at)?), Range::Count),
            "section" => (self.section()?, Range::Count),
            "quarters" => (self.look_back(name, at)?, Range::Count),
            "all" => {
                let test = self.all_of()?;
                self.sign(")", "`)`")?;
                return Ok(What::Test(test));
            }
            _ => {
                let calls = WORDS.iter().map(|(name, _)| *name);
                let nearest = nearest(name, calls);
                let name = name.to_owned();
                return Err(RuleError::Unknown { at: self.place(at), name, nearest });
            }
        };
        self.sign(")", "`)`")?;
        Ok(What::Number(number.0, number.1))
    }

    fn argument(&mut self) -> Result<Number, RuleError> {
        let read = self.any()?;
        Ok(self.number(read)?.0)
    }

    fn extreme(&mut self, which: Extreme) -> Result<(Number, Range), RuleError> {
        let mut all = vec![self.argument()?];
        while self.is_sign(",") {
            all.push(self.argument()?);
        }
        Ok((Number::Extreme(which, all), Range::Any))
    }

    fn each(&mut self, of: Of, name: &str, at: usize) -> Result<Box<Test>, RuleError> {
        if self.of.is_some() {
            let why = "nothing is counted for each of what is counted already";
            return Err(self.misplaced(name, at, why));
        }
        self.of = Some(of);
        let test = self.any().and_then(|read| self.test(read));
        self.of = None;
        Ok(Box::new(test?))
    }

    fn section(&mut self) -> Result<Number, RuleError> {
        let Token::Name(word) = self.peek().clone() else {
            return Err(self.stray("a kind of section such as `identity`"));
        };
        let kind = SectionKind::from_word(&word).ok_or_else(|| RuleError::Unknown {
            at: self.place(self.byte()),
            nearest: nearest(&word, SectionKind::ALL.into_iter().map(SectionKind::word)),
            name: word.clone(),
        })?;
        let _ = self.next();
        Ok(Number::Group(Group::Section(kind)))
    }

    fn look_back(&mut self, name: &str, at: usize) -> Result<Number, RuleError> {
        if self.of.is_some() || self.in_quarters {
            let why = "quarters are looked back on from the day of the judgement alone";
            return Err(self.misplaced(name, at, why));
        }
        let expected = "a whole number of quarters from 1 to 12";
        let Token::Number(number) = self.peek().clone() else { return Err(self.stray(expected)) };
        let number = Ratio::whole(number).to_i64().filter(|one| (1..=QUARTERS).contains(one));
        let number = number.and_then(|one| usize::try_from(one).ok());
        let number = number.ok_or_else(|| self.stray(expected))?;
        let _ = self.next();
        self.sign(",", "`,`")?;
        (self.in_quarters, self.quarters) = (true, true);
        let test = self.any().and_then(|read| self.test(read));
        self.in_quarters = false;
        Ok(Number::Quarters(number, Box::new(test?)))
    }

    /// `all_of = part [ "except" clause { "," clause } ]`
    fn all_of(&mut self) -> Result<Test, RuleError> {
        let at = self.byte();
        let Token::Name(part) = self.peek().clone() else {
            return Err(self.stray("a part such as `formed`"));
        };
        let _ = self.next();
        let of_part = |id: &String| id.split_once('.').is_some_and(|(before, _)| before == part);
        let ids = self.scope.clauses.iter().enumerate().filter(|(_, id)| of_part(id));
        let mut clauses: Vec<usize> = ids.map(|(number, _)| number).collect();
        if clauses.is_empty() {
            let parts = self.scope.clauses.iter().filter_map(|id| id.split_once('.'));
            let nearest = nearest(&part, parts.map(|(before, _)| before));
            return Err(RuleError::Unknown { at: self.place(at), name: part, nearest });
        }
        if self.is_word("except") {
            loop {
                let byte = self.byte();
                let Token::Name(name) = self.peek().clone() else {
                    return Err(self.stray("the id of a clause of that part"));
                };
                let place = clauses
                    .iter()
                    .position(|one| self.scope.clauses.get(*one).is_some_and(|id| *id == name));
                let place = place.ok_or_else(|| self.unknown(&name, byte))?;
                clauses.remove(place);
                let _ = self.next();
                if !self.is_sign(",") {
                    break;
                }
            }
        }
        for clause in &clauses {
            self.ask(*clause, &part, at)?;
        }
        Ok(Test::All(clauses))
    }
}
