//! What an indicator gives: a figure with its parts, or why there is none.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::Serialize;

/// The value of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    One(f64),
    /// C5.
    Time {
        /// Days from the founding to the first adoption.
        days: i64,
        /// Meetings held from the one to the other.
        meetings: usize,
    },
    /// H1, hours.
    Hours {
        /// Of all members.
        total: f64,
        /// Of each on average.
        per_member: f64,
    },
    /// R1.
    Reciprocity {
        /// ρ.
        value: f64,
        /// The chance of as many mutual pairs or more.
        p: f64,
        /// The share of ties that go both ways.
        r: f64,
        /// Density.
        d: f64,
        /// Directed ties.
        #[serde(rename = "L")]
        ties: u64,
        /// Mutual pairs.
        m: u64,
    },
    /// D2, each the smaller role's per head over the larger's.
    Parity {
        /// Of scalars written.
        authorship: Option<f64>,
        /// Of answers given.
        decisions: Option<f64>,
        /// Of hours.
        hours: Option<f64>,
    },
    /// D5.
    Rotation {
        /// The value.
        value: f64,
        /// The largest it can be.
        ceiling: f64,
    },
    /// B1.
    Bridging {
        /// The value.
        value: f64,
        /// What chance alone would give.
        chance: f64,
    },
    /// J1.
    Joining {
        /// Who joined.
        joined: u64,
        /// Who left.
        left: u64,
        /// The one less the other.
        net: i64,
    },
}

/// Why a figure cannot be computed. Never 0 in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is nobody.
    NoMembers,
    /// There is only one member.
    OneMember,
    /// No version was adopted by then.
    NotAdopted,
    /// No contribution is dated by then.
    NoWork,
    /// Nothing of what is counted happened in the window.
    Nothing(&'static str),
}

impl Why {
    /// A sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoMembers => "there was no member at the end of the window",
            Self::OneMember => "it takes two members",
            Self::NotAdopted => "no version of the contract was adopted by the end of the window",
            Self::NoWork => "no work is dated by the end of the window",
            Self::Nothing(what) => what,
        }
    }
}

/// A figure. As JSON `{status, value, num, den, reason}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// `ok` or `not_computable`.
    pub status: &'static str,
    /// The value, if it can be computed.
    pub value: Option<Value>,
    /// What it is the quotient of, where it is one of two counts.
    pub num: Option<u64>,
    /// And by what.
    pub den: Option<u64>,
    /// Why it cannot be computed.
    pub reason: Option<&'static str>,
    /// The value without rounding, where trends need it.
    #[serde(skip)]
    pub exact: Option<BigRational>,
}

impl Figure {
    pub(crate) const fn none(why: Why) -> Self {
        let reason = Some(why.words());
        Self { status: "not_computable", value: None, num: None, den: None, reason, exact: None }
    }

    pub(crate) const fn of(value: Value) -> Self {
        let value = Some(value);
        Self { status: "ok", value, num: None, den: None, reason: None, exact: None }
    }

    /// A quotient of counts.
    pub(crate) fn share(num: u64, den: u64, why: Why) -> Self {
        if den == 0 {
            return Self::none(why);
        }
        let exact = BigRational::new(num.into(), den.into());
        let share = Self::of(Value::One(quotient(num, den)));
        Self { num: Some(num), den: Some(den), exact: Some(exact), ..share }
    }

    /// A quotient of which the parts are no counts.
    pub(crate) fn rational(exact: BigRational) -> Self {
        let value = Value::One(exact.to_f64().unwrap_or(f64::NAN));
        Self { exact: Some(exact), ..Self::of(value) }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Some(Value::One(number)) => Some(number),
            _ => None,
        }
    }
}

/// A count as a number.
pub(crate) fn real(count: u64) -> f64 {
    count.to_f64().unwrap_or(f64::NAN)
}

pub(crate) fn quotient(num: u64, den: u64) -> f64 {
    real(num) / real(den)
}

/// An exact quotient as a number, of one division.
pub(crate) fn exact(num: BigInt, den: BigInt) -> f64 {
    BigRational::new(num, den).to_f64().unwrap_or(f64::NAN)
}

/// A length as a count.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The sum with the error of each addition carried along (Neumaier 1974).
pub(crate) fn sum(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut carried) = (0.0_f64, 0.0);
    for number in numbers {
        let next = total + number;
        carried += if total.abs() >= number.abs() {
            (total - next) + number
        } else {
            (number - next) + total
        };
        total = next;
    }
    total + carried
}
