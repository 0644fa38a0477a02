//! Reads expressions, by recursive descent: one function for each line of the grammar, which is on
//! the page of [`rules`](super).

use super::error::{At, RuleError};
use super::expression::{By, Compare, Number, Of, Test};
use super::lex::{DIGITS, NAME, Placed, Stray, Token, tokens};
use super::names::Range;
use super::ratio::Ratio;
use super::scope::Scope;

/// Words and signs that one expression may have.
const TOKENS: usize = 200;
/// Brackets in brackets.
const NESTING: usize = 32;

/// An expression that has been read.
pub(super) struct Read {
    pub(super) test: Test,
    /// The clauses that it asks for, and whether at the ends of quarters.
    pub(super) asks: Vec<(usize, bool)>,
    /// Whether it looks at quarters.
    pub(super) quarters: bool,
}

/// A number or a test, from a byte on.
pub(super) struct Typed {
    pub(super) start: usize,
    pub(super) what: What,
}

pub(super) enum What {
    Number(Number, Range),
    Test(Test),
}

pub(super) struct Parser<'s> {
    pub(super) scope: &'s Scope<'s>,
    text: &'s str,
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
    /// What is being counted.
    pub(super) of: Option<Of>,
    pub(super) in_quarters: bool,
    pub(super) quarters: bool,
    pub(super) asks: Vec<(usize, bool)>,
}

/// Reads a test; of what each, if it is about members or meetings.
pub(super) fn read(text: &str, of: Option<Of>, scope: &Scope<'_>) -> Result<Read, RuleError> {
    let place = |at| (scope.locate)(at);
    let tokens = tokens(text).map_err(|(stray, at)| match stray {
        Stray::LongNumber => RuleError::TooLarge { at: place(at), most: DIGITS },
        Stray::LongName => RuleError::TooMany { at: place(at), what: "letters in it", most: NAME },
        Stray::Character(found) => RuleError::Syntax {
            at: place(at),
            found: format!("`{}`", found.escape_default()),
            expected: "a name, a number or a sign",
        },
    })?;
    if tokens.len() > TOKENS {
        return Err(RuleError::TooMany { at: place(0), what: "words in it", most: TOKENS });
    }
    scope.spend(tokens.len(), || place(0))?;
    let (asks, at, depth) = (Vec::new(), 0, 0);
    let (in_quarters, quarters) = (false, false);
    let mut parser = Parser { scope, text, tokens, at, depth, of, in_quarters, quarters, asks };
    let read = parser.any()?;
    let test = parser.test(read)?;
    if *parser.peek() != Token::End {
        return Err(parser.stray("`and`, `or`, or the end"));
    }
    Ok(Read { test, asks: parser.asks, quarters: parser.quarters })
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, ..)| token)
    }

    pub(super) fn byte(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |(_, start, _)| *start)
    }

    pub(super) fn place(&self, byte: usize) -> At {
        (self.scope.locate)(byte)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub(super) fn is_sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Token::Sign(one) if *one == sign);
        self.at += usize::from(is);
        is
    }

    pub(super) fn is_word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Token::Name(one) if one == word);
        self.at += usize::from(is);
        is
    }

    pub(super) fn stray(&self, expected: &'static str) -> RuleError {
        let found = self.peek().shown();
        RuleError::Syntax { at: self.place(self.byte()), found, expected }
    }

    pub(super) fn sign(&mut self, sign: &str, expected: &'static str) -> Result<(), RuleError> {
        if self.is_sign(sign) { Ok(()) } else { Err(self.stray(expected)) }
    }

    pub(super) fn word(&mut self, word: &str, expected: &'static str) -> Result<(), RuleError> {
        if self.is_word(word) { Ok(()) } else { Err(self.stray(expected)) }
    }

    /// One level deeper.
    pub(super) fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, RuleError>,
    ) -> Result<T, RuleError> {
        if self.depth >= NESTING {
            return Err(RuleError::TooDeep { at: self.place(self.byte()), most: NESTING });
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    pub(super) fn test(&self, typed: Typed) -> Result<Test, RuleError> {
        match typed.what {
            What::Test(test) => Ok(test),
            What::Number(..) => Err(RuleError::WrongType {
                at: self.place(typed.start),
                found: "a number",
                needed: "a yes or no",
            }),
        }
    }

    pub(super) fn number(&self, typed: Typed) -> Result<(Number, Range), RuleError> {
        match typed.what {
            What::Number(number, range) => Ok((number, range)),
            What::Test(_) => Err(RuleError::WrongType {
                at: self.place(typed.start),
                found: "a yes or no",
                needed: "a number",
            }),
        }
    }

    /// `any = all { "or" all }`
    pub(super) fn any(&mut self) -> Result<Typed, RuleError> {
        let first = self.all()?;
        if !matches!(self.peek(), Token::Name(word) if word == "or") {
            return Ok(first);
        }
        let start = first.start;
        let mut tests = vec![self.test(first)?];
        while self.is_word("or") {
            let next = self.all()?;
            tests.push(self.test(next)?);
        }
        Ok(Typed { start, what: What::Test(Test::Or(tests)) })
    }

    /// `all = one { "and" one }`
    fn all(&mut self) -> Result<Typed, RuleError> {
        let first = self.one()?;
        if !matches!(self.peek(), Token::Name(word) if word == "and") {
            return Ok(first);
        }
        let start = first.start;
        let mut tests = vec![self.test(first)?];
        while self.is_word("and") {
            let next = self.one()?;
            tests.push(self.test(next)?);
        }
        Ok(Typed { start, what: What::Test(Test::And(tests)) })
    }

    /// `one = "not" one | sum [ comparison sum ]`
    fn one(&mut self) -> Result<Typed, RuleError> {
        let start = self.byte();
        if self.is_word("not") {
            let inner = self.within(Self::one)?;
            let test = Test::Not(Box::new(self.test(inner)?));
            return Ok(Typed { start, what: What::Test(test) });
        }
        let left = self.sum()?;
        let Token::Sign(sign) = *self.peek() else { return Ok(left) };
        let signs = [By::AtLeast, By::Above, By::AtMost, By::Below, By::Equal];
        let Some(by) = signs.into_iter().find(|by| by.sign() == sign) else { return Ok(left) };
        let name = self.text.get(start..self.byte()).unwrap_or_default().trim().to_owned();
        let _ = self.next();
        let right = self.sum()?;
        let right_start = right.start;
        let (left, left_range) = self.number(left)?;
        let (right, right_range) = self.number(right)?;
        self.check_range(&name, left_range, &right, right_start)?;
        let right_text = self.text.get(right_start..self.byte()).unwrap_or_default().trim();
        self.check_range(right_text, right_range, &left, start)?;
        let compare = Compare { left, by, right, name };
        Ok(Typed { start, what: What::Test(Test::Compare(Box::new(compare))) })
    }

    /// A share is not held against 7/3.
    fn check_range(
        &self,
        name: &str,
        range: Range,
        threshold: &Number,
        at: usize,
    ) -> Result<(), RuleError> {
        let Number::Constant(threshold) = threshold else { return Ok(()) };
        let (least, most) = range.ends();
        let below = least.is_some_and(|least| *threshold < Ratio::whole(least));
        if below || most.is_some_and(|most| *threshold > Ratio::whole(most)) {
            return Err(RuleError::OutOfRange {
                at: self.place(at),
                name: name.to_owned(),
                threshold: threshold.to_string(),
                range: range.words(),
            });
        }
        Ok(())
    }
}
