//! Reads what gives a number: sums, products, and what they are made of.

use super::error::RuleError;
use super::expression::{Number, Sign, Test};
use super::lex::Token;
use super::names::Range;
use super::parse::{Parser, Typed, What};
use super::ratio::Ratio;

impl Parser<'_> {
    /// `sum = product { ("+" | "-") product }`
    pub(super) fn sum(&mut self) -> Result<Typed, RuleError> {
        let mut sum = self.product()?;
        loop {
            let sign = if self.is_sign("+") {
                Sign::Plus
            } else if self.is_sign("-") {
                Sign::Minus
            } else {
                return Ok(sum);
            };
            let next = self.product()?;
            sum = self.two(sign, sum, next)?;
        }
    }

    /// `product = factor { ("*" | "/") factor }`
    fn product(&mut self) -> Result<Typed, RuleError> {
        let mut product = self.factor()?;
        loop {
            let sign = if self.is_sign("*") {
                Sign::Times
            } else if self.is_sign("/") {
                Sign::Divide
            } else {
                return Ok(product);
            };
            let next = self.factor()?;
            product = self.two(sign, product, next)?;
        }
    }

    fn two(&self, sign: Sign, left: Typed, right: Typed) -> Result<Typed, RuleError> {
        let (start, at) = (left.start, right.start);
        let ((left, _), (right, _)) = (self.number(left)?, self.number(right)?);
        let zero = matches!(&right, Number::Constant(right) if *right == Ratio::whole(0));
        if sign == Sign::Divide && zero {
            return Err(RuleError::DivisionByZero { at: self.place(at) });
        }
        let known = match (&left, &right) {
            (Number::Constant(left), Number::Constant(right)) => sign.of(left, right),
            _ => None,
        };
        let number = known
            .map_or_else(|| Number::Two(sign, Box::new(left), Box::new(right)), Number::Constant);
        Ok(Typed { start, what: What::Number(number, Range::Any) })
    }

    /// `factor = number | "-" factor | "(" any ")" | if | name | call`
    fn factor(&mut self) -> Result<Typed, RuleError> {
        let start = self.byte();
        if self.is_sign("-") {
            let inner = self.within(Self::factor)?;
            let nought = What::Number(Number::Constant(Ratio::whole(0)), Range::Any);
            return self.two(Sign::Minus, Typed { start, what: nought }, inner);
        }
        if self.is_sign("(") {
            let inner = self.within(Self::any)?;
            self.sign(")", "`)`")?;
            return Ok(Typed { start, what: inner.what });
        }
        if self.is_word("if") {
            return self.within(|parser| parser.choice(start));
        }
        match self.peek().clone() {
            Token::Number(number) => {
                let _ = self.next();
                let number = Number::Constant(Ratio::whole(number));
                Ok(Typed { start, what: What::Number(number, Range::Any) })
            }
            Token::Name(name) => {
                let _ = self.next();
                let what = if self.is_sign("(") {
                    self.within(|parser| parser.call(&name, start))?
                } else {
                    self.name(&name, start)?
                };
                Ok(Typed { start, what })
            }
            _ => Err(self.stray("a name or a number")),
        }
    }

    /// `if = "if" any "then" any "else" any`
    fn choice(&mut self, start: usize) -> Result<Typed, RuleError> {
        let asked = self.any()?;
        let asked = Box::new(self.test(asked)?);
        self.word("then", "`then`")?;
        let one = self.any()?;
        self.word("else", "`else`")?;
        let other = self.any()?;
        let what = match one.what {
            What::Test(one) => {
                What::Test(Test::If(asked, Box::new(one), Box::new(self.test(other)?)))
            }
            What::Number(one, range) => {
                let (other, second) = self.number(other)?;
                let range = if range == second { range } else { Range::Any };
                What::Number(Number::If(asked, Box::new(one), Box::new(other)), range)
            }
        };
        Ok(Typed { start, what })
    }
}
