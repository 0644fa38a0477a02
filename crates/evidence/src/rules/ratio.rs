//! Exact numbers, which remember of what they are the quotient: "3 of 5" is shown as that.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// A number without rounding, not reduced.
#[derive(Clone, Debug)]
pub struct Ratio {
    num: BigInt,
    /// Above 0.
    den: BigInt,
    /// Whether it is a count of so many.
    parts: bool,
}

impl Ratio {
    /// A whole number.
    #[must_use]
    pub fn whole(number: impl Into<BigInt>) -> Self {
        Self { num: number.into(), den: BigInt::one(), parts: false }
    }

    /// So many of so many; `None` of none.
    #[must_use]
    pub fn of(num: impl Into<BigInt>, den: impl Into<BigInt>) -> Option<Self> {
        let (num, den) = (num.into(), den.into());
        den.is_positive().then_some(Self { num, den, parts: true })
    }

    /// The simplest fraction that a computer writes as this number: of all that lie nearer to it
    /// than to its neighbours in binary64, the one of the least denominator. A quotient of counts
    /// below 2²⁶ that was divided once comes back exactly; a logarithm comes back as a fraction
    /// that rounds to the same number. `None` of what is no number.
    #[must_use]
    pub fn simplest(number: f64) -> Option<Self> {
        let exact = BigRational::from_float(number)?;
        if exact.is_integer() {
            return Some(exact.into());
        }
        let size = number.abs();
        let two = BigRational::from_integer(2.into());
        let between = |other: f64| Some((BigRational::from_float(other)? + exact.abs()) / &two);
        let least = simplest_between(between(size.next_down())?, between(size.next_up())?);
        Some(if number < 0.0 { (-least).into() } else { least.into() })
    }

    /// What is counted.
    #[must_use]
    pub const fn num(&self) -> &BigInt {
        &self.num
    }

    /// Of how many; 1 of a whole number.
    #[must_use]
    pub const fn den(&self) -> &BigInt {
        &self.den
    }

    /// Whether it is a count of so many, as opposed to a plain number.
    #[must_use]
    pub const fn has_parts(&self) -> bool {
        self.parts
    }

    /// The nearest number in binary64.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.reduced().to_f64().unwrap_or(f64::NAN)
    }

    /// The whole number that it is, if it is one that fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        let exact = self.reduced();
        if exact.is_integer() { exact.to_integer().to_i64() } else { None }
    }

    pub(super) fn reduced(&self) -> BigRational {
        BigRational::new(self.num.clone(), self.den.clone())
    }

    /// One by another; `None` by 0. Of two whole numbers the parts are kept.
    pub(super) fn by(&self, other: &Self) -> Option<Self> {
        if other.num.is_zero() {
            return None;
        }
        if self.den.is_one() && other.den.is_one() {
            let sign = BigInt::from(if other.num.is_negative() { -1 } else { 1 });
            return Self::of(&self.num * &sign, &other.num * sign);
        }
        Some((self.reduced() / other.reduced()).into())
    }
}

impl From<BigRational> for Ratio {
    fn from(exact: BigRational) -> Self {
        let (num, den) = exact.into_raw();
        Self { num, den, parts: false }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.num * &other.den).cmp(&(&other.num * &self.den))
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.den.is_one() {
            write!(f, "{}", self.num)
        } else {
            write!(f, "{}/{}", self.num, self.den)
        }
    }
}

/// The fraction of the least denominator between two positive ones, by their continued fractions.
fn simplest_between(mut low: BigRational, mut high: BigRational) -> BigRational {
    let mut whole = Vec::new();
    loop {
        let floor = low.floor();
        let next = &floor + BigRational::one();
        whole.push(floor.clone());
        if next < high {
            // A whole number lies between.
            let mut exact = next;
            whole.pop();
            for floor in whole.into_iter().rev() {
                exact = floor + exact.recip();
            }
            return exact;
        }
        let (above, below) = (low - &floor, high - &floor);
        if above.is_zero() {
            // Just above a whole number: the reciprocal has no upper end.
            let last = below.recip().floor() + BigRational::one();
            let mut exact = last;
            for floor in whole.into_iter().rev() {
                exact = floor + exact.recip();
            }
            return exact;
        }
        (low, high) = (below.recip(), above.recip());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn quotients_come_back_from_their_nearest_number() {
        for den in 1..60_i32 {
            for num in -70..70_i32 {
                let back = Ratio::simplest(f64::from(num) / f64::from(den)).unwrap();
                assert_eq!(back, BigRational::new(num.into(), den.into()).into());
            }
        }
        let (num, den) = (33_554_393, 67_108_859);
        let back = Ratio::simplest(f64::from(num) / f64::from(den)).unwrap();
        assert_eq!((back.num().to_i32(), back.den().to_i32()), (Some(num), Some(den)));
        let entropy = std::f64::consts::LN_2;
        assert_eq!(Ratio::simplest(entropy).unwrap().to_f64().to_bits(), entropy.to_bits());
        assert!(Ratio::simplest(f64::NAN).is_none());
    }

    #[test]
    fn parts_are_kept_and_values_compared() {
        let six_of_nine = Ratio::of(6, 9).unwrap();
        assert_eq!(six_of_nine, Ratio::whole(2).by(&Ratio::whole(3)).unwrap());
        assert_eq!(six_of_nine.to_string(), "6/9");
        assert!(Ratio::of(1, 0).is_none() && Ratio::whole(1).by(&Ratio::whole(0)).is_none());
        assert!(Ratio::whole(-1).by(&Ratio::whole(-2)).unwrap() > Ratio::whole(0));
    }
}
