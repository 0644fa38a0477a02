//! Expressions, as they are once they have been read: every name is known, every type is right.

use std::sync::Arc;

use copact_core::contract::SectionKind;

use super::ratio::Ratio;
use crate::indicators::Indicator;

/// What gives a number.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Constant(Ratio),
    /// A figure of the group in the window.
    Group(Group),
    /// A figure of the member or meeting that is looked at.
    Each(Each),
    /// Members, or held meetings in the window, of which the test passes.
    Count(Of, Box<Test>),
    /// Days from the first to the last held meeting of which the test passes; 0 of fewer than two.
    DaysApart(Box<Test>),
    /// Of so many last quarters that end by the day of the judgement, those at whose end the test
    /// passes.
    Quarters(usize, Box<Test>),
    Two(Sign, Box<Number>, Box<Number>),
    /// The least or the greatest.
    Extreme(Extreme, Vec<Number>),
    Floor(Box<Number>),
    Ceil(Box<Number>),
    If(Box<Test>, Box<Number>, Box<Number>),
}

/// What gives yes, no, or that it cannot be computed.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Compare(Box<Compare>),
    /// Another clause.
    Clause(usize),
    /// All of these clauses.
    All(Vec<usize>),
    /// A test with a name of its own.
    Defined(Arc<Test>),
    /// Something about the member that is looked at.
    Is(Is),
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    If(Box<Test>, Box<Test>, Box<Test>),
}

/// A comparison.
#[derive(Clone, Debug)]
pub(super) struct Compare {
    pub(super) left: Number,
    pub(super) by: By,
    pub(super) right: Number,
    /// The left side as it is written.
    pub(super) name: String,
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    AtLeast,
    Above,
    AtMost,
    Below,
    Equal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extreme {
    Min,
    Max,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Members,
    Meetings,
}

/// A figure of a group.
#[derive(Clone, Copy, Debug)]
pub(super) enum Group {
    /// An indicator, or one of its parts.
    Indicator(&'static Indicator, &'static str),
    /// n.
    Members,
    /// Members whose word counts in common decisions.
    Voices,
    /// How many of them it takes to accept a version.
    VoicesNeeded,
    /// Members on the day the adopted version was adopted.
    MembersThen,
    /// Of those, who stand by it by the day of the judgement.
    SignedSince,
    /// The most that one member wrote of what members wrote.
    LargestShare,
    /// What members wrote of the adopted text.
    OwnShare,
    /// T.
    Written,
    /// Counted scalars of the adopted text.
    Characters,
    /// Those of its longest section of a kind.
    Section(SectionKind),
}

/// A figure of one of those that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Minutes,
    CharactersWritten,
    Attested,
    Attended,
    MembersThatDay,
    DaysAfterAdoption,
}

/// Whether a member is or did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Author,
    Signed,
    Citizen,
    Professional,
    Voice,
}

impl Sign {
    /// `None` if it would divide by zero.
    pub(super) fn of(self, left: &Ratio, right: &Ratio) -> Option<Ratio> {
        Some(match self {
            Self::Plus => (left.reduced() + right.reduced()).into(),
            Self::Minus => (left.reduced() - right.reduced()).into(),
            Self::Times => (left.reduced() * right.reduced()).into(),
            Self::Divide => left.by(right)?,
        })
    }
}

impl By {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
            Self::Equal => "=",
        }
    }

    pub(super) fn holds(self, left: &Ratio, right: &Ratio) -> bool {
        match self {
            Self::AtLeast => left >= right,
            Self::Above => left > right,
            Self::AtMost => left <= right,
            Self::Below => left < right,
            Self::Equal => left == right,
        }
    }
}
