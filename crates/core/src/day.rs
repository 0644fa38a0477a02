//! A civil day, without time or time zone: all that is signed about *when*.

use std::fmt;

use jiff::civil::Date;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Serialize, Serializer};

/// A civil date between the years 1900 and 2999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a day was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not a day; write it as year-month-day, for example 2026-03-01, from 1900 to 2999"
)]
pub struct DayError(pub String);

impl Day {
    /// Checks the range.
    ///
    /// # Errors
    /// Years before 1900 or after 2999.
    pub fn new(date: Date) -> Result<Self, DayError> {
        if (1900..=2999).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(DayError(date.to_string()))
        }
    }

    /// Reads `YYYY-MM-DD`, and nothing looser.
    ///
    /// # Errors
    /// Anything that is not such a date within range.
    pub fn parse(text: &str) -> Result<Self, DayError> {
        let shown = || DayError(text.chars().take(40).collect());
        if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(shown());
        }
        Self::new(text.parse::<Date>().map_err(|_| shown())?).map_err(|_| shown())
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// The day that many days later (earlier if negative), within range.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        let moved = self.0.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default());
        Self::new(moved).unwrap_or(self)
    }

    /// Days from `earlier` to `self`; negative if it is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.number() - earlier.number()
    }

    /// Days since 1970-01-01, the number that is signed.
    #[must_use]
    pub fn number(self) -> i32 {
        let epoch = jiff::civil::date(1970, 1, 1);
        self.0.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days())
    }

    fn from_number(number: i32) -> Option<Self> {
        let span = jiff::Span::new().try_days(number).ok()?;
        Self::new(jiff::civil::date(1970, 1, 1).checked_add(span).ok()?).ok()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<C> Encode<C> for Day {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.i32(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Day {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Self::from_number(d.i32()?).ok_or_else(|| decode::Error::message("day out of range"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn days_keep_their_number_and_refuse_what_is_no_day() {
        for text in ["1900-01-01", "1936-02-23", "1970-01-01", "2024-02-29", "2999-12-31"] {
            let day = Day::parse(text).unwrap();
            assert_eq!(day.to_string(), text);
            assert_eq!(Day::from_number(day.number()), Some(day));
            assert_eq!(day.plus(1).since(day), i32::from(text != "2999-12-31"));
        }
        for text in [
            "",
            "2026-2-1",
            "2026-02-30",
            "1899-12-31",
            "3000-01-01",
            "23/02/1936",
            "2026-02-01T10:00",
        ] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
    }
}
