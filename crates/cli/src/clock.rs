//! The moment and the civil day that this device claims.
//!
//! Only the day is ever signed, and it is a claim: nothing that counts depends on it alone.

use std::time::Instant;

use copact_core::day::{Day, DayError};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::DateTime};

use crate::failure::Failure;

/// A moment, and the day that people there call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// The civil day: local, or as written in `--now`.
    pub day: Day,
}

impl Clock {
    /// Reads `--now`, or else the system's clock and time zone (UTC where there is none).
    ///
    /// # Errors
    /// What was given is not a moment of RFC 3339, or the day is outside 1900 to 2999.
    pub fn read(now: Option<&str>) -> Result<Self, Failure> {
        match now {
            Some(text) => Self::parse(text),
            None => {
                Self::at(Timestamp::now(), &TimeZone::try_system().unwrap_or(TimeZone::UTC))
                    .map_err(|DayError(day)| {
                        Failure::failed(
                    "bad_clock",
                    format_args!("this computer's clock says {day}, which cannot be"),
                )
                .hint("set the clock, or give the moment with `--now 2026-03-01T18:30:00+01:00`")
                    })
            }
        }
    }

    fn at(moment: Timestamp, zone: &TimeZone) -> Result<Self, DayError> {
        let day = Day::new(zone.to_datetime(moment).date())?;
        Ok(Self { seconds: moment.as_second(), day })
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let refused = || {
            let shown: String = text.chars().take(60).collect();
            Failure::input("bad_now", format_args!("“{shown}” is not a moment for --now")).hint(
                "write day, time and offset, from 1900 to 2999, for example \
                 2026-03-01T18:30:00+01:00 or 2026-03-01T17:30:00Z",
            )
        };
        let pieces = Pieces::parse(text).map_err(|_| refused())?;
        // An offset is asked for, and nothing but an offset: a zone's rules could change later.
        let (Some(time), Some(offset), None) =
            (pieces.time(), pieces.to_numeric_offset(), pieces.time_zone_annotation())
        else {
            return Err(refused());
        };
        let written = DateTime::from_parts(pieces.date(), time);
        let moment = offset.to_timestamp(written).map_err(|_| refused())?;
        let day = Day::new(written.date()).map_err(|_| refused())?;
        Ok(Self { seconds: moment.as_second(), day })
    }
}

/// A clock that goes on while a command runs: the system's, or from the moment that `--now` gave.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    first: Clock,
    claimed: bool,
    began: Instant,
}

impl Running {
    /// From `first` on; it was given if `claimed`.
    #[must_use]
    pub fn from(first: Clock, claimed: bool) -> Self {
        Self { first, claimed, began: Instant::now() }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Clock {
        if !self.claimed {
            // A clock that was put beyond all days while this runs stands still.
            return Clock::read(None).unwrap_or(self.first);
        }
        let passed = i64::try_from(self.began.elapsed().as_secs()).unwrap_or_default();
        let days = i32::try_from(passed / 86_400).unwrap_or_default();
        let seconds = self.first.seconds.saturating_add(passed);
        Clock { seconds, day: self.first.day.plus(days) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_day_is_the_one_written_and_the_seconds_are_universal() {
        let clock = |text| Clock::read(Some(text)).map(|clock| (clock.seconds, clock.day));
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(clock("1970-01-01T00:00:00Z"), Ok((0, day("1970-01-01"))));
        // 00:30 in Vienna is still the day before in London, but the day is Vienna's.
        assert_eq!(clock("1970-01-02T00:30:00+01:00"), Ok((84_600, day("1970-01-02"))));
        assert_eq!(clock("1969-12-31T23:59:59.5-00:30"), Ok((1_799, day("1969-12-31"))));
    }

    #[test]
    fn a_bad_moment_gets_a_sentence_with_an_example() {
        for text in [
            "",
            "now",
            "2026-03-01",
            "2026-03-01T18:30:00",
            "2026-03-01T25:00:00Z",
            "2026-02-30T10:00:00Z",
            "-009999-01-02T10:00:00Z",
            "3000-01-01T00:00:00Z",
            "2026-03-01T18:30:00+01:00[Europe/Vienna]",
            "2026-03-01T18:30:00+99:00",
        ] {
            let failure = Clock::read(Some(text)).unwrap_err();
            assert_eq!((failure.code, failure.exit), ("bad_now", 2), "{text}");
            assert!(failure.message.contains(text), "{failure}");
            assert!(failure.hint.unwrap().contains("2026-03-01T18:30:00+01:00"));
        }
    }

    #[test]
    fn without_now_the_day_is_local() {
        let noon = Timestamp::from_second(43_200).unwrap();
        let kiritimati = TimeZone::fixed(jiff::tz::offset(14));
        let clock = Clock::at(noon, &kiritimati).unwrap();
        assert_eq!((clock.seconds, clock.day), (43_200, Day::parse("1970-01-02").unwrap()));
        let read = Clock::read(None).unwrap();
        assert!(read.seconds.abs_diff(Timestamp::now().as_second()) < 60);
    }
}
