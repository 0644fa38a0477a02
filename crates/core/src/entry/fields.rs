//! The fields that entries have, in types that hold only valid values.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId, PartId, TextHash};
use crate::limits;

/// Minutes of one contribution: 1 to 1 440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minutes(u16);

/// Why hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” cannot be the hours of one contribution; write a number above 0 and up to 24, for example 1.5"
)]
pub struct HoursError(pub String);

impl Minutes {
    /// Checks the range.
    #[must_use]
    pub fn new(minutes: u32) -> Option<Self> {
        let fits = (1..=limits::CONTRIBUTION_MINUTES).contains(&minutes);
        u16::try_from(minutes).ok().filter(|_| fits).map(Self)
    }

    /// Reads decimal hours such as `1.5` (a comma also separates), exactly, rounding halves of a
    /// minute up.
    ///
    /// # Errors
    /// Anything but digits with one separator, or out of range.
    pub fn from_hours(text: &str) -> Result<Self, HoursError> {
        let error = || HoursError(text.chars().take(40).collect());
        let trimmed = text.trim();
        let (whole, fraction) = trimmed.split_once(['.', ',']).unwrap_or((trimmed, "0"));
        let digits = |part: &str, most| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, 4) || !digits(fraction, 6) {
            return Err(error());
        }
        let hours: u64 = whole.parse().map_err(|_| error())?;
        let mut millionths: u64 = fraction.parse().map_err(|_| error())?;
        for _ in fraction.len()..6 {
            millionths *= 10;
        }
        let minutes = hours * 60 + (millionths * 60 + 500_000) / 1_000_000;
        u32::try_from(minutes).ok().and_then(Self::new).ok_or_else(error)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<C> Encode<C> for Minutes {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.u16(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Minutes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Self::new(d.u32()?).ok_or_else(|| decode::Error::message("minutes out of range"))
    }
}

/// A phase of common work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Phase {
    /// Deciding what is to be done.
    #[n(0)]
    Commission,
    /// Working out how.
    #[n(1)]
    Design,
    /// Doing it.
    #[n(2)]
    Deliver,
    /// Seeing what came of it.
    #[n(3)]
    Assess,
}

impl Phase {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Commission, Self::Design, Self::Deliver, Self::Assess];

    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Commission => "commission",
            Self::Design => "design",
            Self::Deliver => "deliver",
            Self::Assess => "assess",
        }
    }
}

/// Whom a contribution is for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Beneficiary {
    /// A member.
    #[n(0)]
    Member(#[n(0)] MemberId),
    /// The group.
    #[n(1)]
    Group,
    /// Somebody outside.
    #[n(2)]
    Outside,
}

/// What a contribution was done on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub enum Occasion {
    /// A meeting.
    #[n(0)]
    Meeting(#[n(0)] EnvelopeId),
    /// A goal of the contract.
    #[n(1)]
    Goal(#[n(0)] PartId),
    /// A task.
    #[n(2)]
    Task(#[n(0)] EnvelopeId),
}

/// Where a goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum GoalState {
    /// Not reached yet.
    #[n(0)]
    Open,
    /// Reached.
    #[n(1)]
    Done,
    /// Given up.
    #[n(2)]
    Dropped,
}

impl GoalState {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Dropped];

    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// The fields that a correction replaces; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Corrected {
    /// The event's day (a meeting's, a contribution's).
    #[n(0)]
    pub day: Option<Day>,
    /// The title, the what, the note's or the task's text.
    #[n(1)]
    pub text: Option<TextHash>,
    /// A contribution's minutes.
    #[n(2)]
    pub minutes: Option<Minutes>,
    /// A contribution's phase.
    #[n(3)]
    pub phase: Option<Phase>,
    /// Whom a contribution is for.
    #[n(4)]
    pub beneficiary: Option<Beneficiary>,
    /// What a contribution was done on.
    #[n(5)]
    pub on: Option<Occasion>,
    /// People present at a headcount-only meeting.
    #[n(6)]
    pub headcount: Option<u32>,
}

/// What a correction does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Correction {
    /// Replaces fields; by the author of the entry.
    #[n(0)]
    Fields(#[n(0)] Corrected),
    /// The entry is the same event as this one, which stands; by the author of either.
    #[n(1)]
    SameAs(#[n(0)] EnvelopeId),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hours_are_read_exactly() {
        for (text, minutes) in [
            ("1", 60),
            ("1.5", 90),
            ("0,25", 15),
            ("24", 1440),
            ("0.0084", 1),
            ("1.008333", 60),
            ("0.0083333", 0),
        ] {
            match Minutes::from_hours(text) {
                Ok(read) => assert_eq!(u32::from(read.get()), minutes, "{text}"),
                Err(_) => assert_eq!(minutes, 0, "{text}"),
            }
        }
        for text in ["", "-1", "0", "25", "24.01", "1e3", "NaN", "two", "1.5.2", ".", "99999"] {
            assert!(Minutes::from_hours(text).is_err(), "{text}");
        }
    }
}
