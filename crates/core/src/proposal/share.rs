//! Shares of the voices.

use std::cmp::Ordering;
use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// A share of the voices, from 1/2 to 4/5, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    num: u8,
    den: u8,
}

/// Why a share was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a share from 1/2 to 4/5; write it as a fraction, for example 2/3")]
pub struct ShareError(pub String);

impl Share {
    /// Two thirds, unless the group says otherwise.
    pub const DEFAULT: Self = Self { num: 2, den: 3 };

    /// Checks range and lowest terms.
    #[must_use]
    pub fn new(num: u8, den: u8) -> Option<Self> {
        let (n, d) = (u32::from(num), u32::from(den));
        let lowest = (2..=num).all(|k| !num.is_multiple_of(k) || !den.is_multiple_of(k));
        (den <= 100 && 2 * n >= d && 5 * n <= 4 * d && lowest).then_some(Self { num, den })
    }

    /// Reads `2/3`.
    ///
    /// # Errors
    /// Anything but a fraction within range; `4/6` is read as `2/3`.
    pub fn parse(text: &str) -> Result<Self, ShareError> {
        let error = || ShareError(text.chars().take(20).collect());
        let (num, den) = text.trim().split_once('/').ok_or_else(error)?;
        let (num, den): (u8, u8) =
            (num.parse().map_err(|_| error())?, den.parse().map_err(|_| error())?);
        let divisor =
            (1..=num).rev().find(|&k| num.is_multiple_of(k) && den.is_multiple_of(k)).unwrap_or(1);
        Self::new(num / divisor, den / divisor).ok_or_else(error)
    }

    /// Which of two shares is the larger.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let cross = |one: &Self, two: &Self| u32::from(one.num) * u32::from(two.den);
        cross(self, other).cmp(&cross(other, self))
    }

    /// How many of `voices` reach this share and are more than half.
    #[must_use]
    pub fn need(self, voices: usize) -> usize {
        let share = (voices * usize::from(self.num)).div_ceil(usize::from(self.den));
        share.max(more_than_half(voices))
    }
}

/// The least whole number that is more than half.
#[must_use]
pub const fn more_than_half(voices: usize) -> usize {
    voices / 2 + 1
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl<C> Encode<C> for Share {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.u8(self.num)?.u8(self.den)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Share {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(decode::Error::message("share: two numbers"));
        }
        let (num, den) = (d.u8()?, d.u8()?);
        Self::new(num, den).ok_or_else(|| decode::Error::message("share out of range"))
    }
}
