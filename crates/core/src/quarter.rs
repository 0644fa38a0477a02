//! Calendar quarters of the log.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Serialize, Serializer};

use crate::day::Day;

/// A calendar quarter between the years 1900 and 2999, for example `2026-Q1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i16,
    number: i8,
}

/// Why a quarter was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a quarter; write it as year-Q and a number from 1 to 4, for example 2026-Q1")]
pub struct QuarterError(pub String);

impl Quarter {
    /// Checks the range.
    #[must_use]
    pub fn new(year: i16, number: i8) -> Option<Self> {
        let fits = (1900..=2999).contains(&year) && (1..=4).contains(&number);
        fits.then_some(Self { year, number })
    }

    /// The quarter of a day.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let date = day.date();
        Self { year: date.year(), number: (date.month() - 1) / 3 + 1 }
    }

    /// Reads `2026-Q1`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, QuarterError> {
        let error = || QuarterError(text.chars().take(20).collect());
        let (year, number) = text.trim().split_once("-Q").ok_or_else(error)?;
        let (year, number) =
            (year.parse().map_err(|_| error())?, number.parse().map_err(|_| error())?);
        Self::new(year, number).ok_or_else(error)
    }

    /// Its first day.
    ///
    /// # Errors
    /// Never for a quarter within range.
    pub fn first_day(self) -> Result<Day, crate::day::DayError> {
        Day::new(jiff::civil::date(self.year, self.number * 3 - 2, 1))
    }

    /// Its last day.
    ///
    /// # Errors
    /// Never for a quarter within range.
    pub fn last_day(self) -> Result<Day, crate::day::DayError> {
        let month = jiff::civil::date(self.year, self.number * 3, 1);
        Day::new(month.last_of_month())
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

impl Serialize for Quarter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<C> Encode<C> for Quarter {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.i16(self.year)?.i8(self.number)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Quarter {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(decode::Error::message("quarter: year and number"));
        }
        let (year, number) = (d.i16()?, d.i8()?);
        Self::new(year, number).ok_or_else(|| decode::Error::message("quarter out of range"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_quarter_is_its_days_and_nothing_else_is_one() {
        for (text, first, last) in [
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2024-Q2", "2024-04-01", "2024-06-30"),
            ("2999-Q4", "2999-10-01", "2999-12-31"),
        ] {
            let quarter = Quarter::parse(text).unwrap();
            assert_eq!(quarter.to_string(), text);
            assert_eq!(quarter.first_day().unwrap().to_string(), first);
            assert_eq!(quarter.last_day().unwrap().to_string(), last);
            for day in [quarter.first_day().unwrap(), quarter.last_day().unwrap()] {
                assert_eq!(Quarter::of(day), quarter);
            }
        }
        for text in ["", "2026", "2026-Q0", "2026-Q5", "26-Q1", "3000-Q1", "2026-q1", "Q1-2026"] {
            assert!(Quarter::parse(text).is_err(), "{text}");
        }
    }
}
