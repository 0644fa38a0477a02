//! Entries: the log's immutable records, with their types and limits.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId, PartId, TextHash};
use crate::keys::{DeviceKey, KeyError, Purpose as Signing, SignatureBytes};
use crate::limits;
use crate::presence::PresenceNonce;
use crate::text::Purpose;

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

    /// Reads decimal hours such as `1.5` (a comma also separates), exactly, rounding halves of a minute up.
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
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
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

/// One record of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entry {
    /// The member it is about when somebody else recorded it.
    #[n(0)]
    pub on_behalf_of: Option<MemberId>,
    /// What is recorded.
    #[n(1)]
    pub record: Record,
}

/// The kinds of entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Record {
    /// A meeting.
    #[n(0)]
    Meeting {
        /// The agreed day.
        #[n(0)]
        day: Day,
        /// Its title, as a side text.
        #[n(1)]
        title: TextHash,
        /// People present, when no names are taken; such a meeting has no taps.
        #[n(2)]
        headcount: Option<u32>,
        /// Taken over from an attendance list.
        #[n(3)]
        imported: bool,
    },
    /// The meeting begins.
    #[n(1)]
    Open(#[n(0)] EnvelopeId),
    /// The meeting ends.
    #[n(2)]
    Close(#[n(0)] EnvelopeId),
    /// A member's own record of being at a meeting.
    #[n(3)]
    Tap {
        /// The meeting.
        #[n(0)]
        meeting: EnvelopeId,
        /// The code that a device at the meeting showed.
        #[n(1)]
        code: Option<ShownCode>,
        /// Taken over from an attendance list.
        #[n(2)]
        imported: bool,
    },
    /// The author's word that entries are true.
    #[n(4)]
    Attest(#[n(0)] Vec<EnvelopeId>),
    /// Work done.
    #[n(5)]
    Contribution(#[n(0)] Contribution),
    /// The author's word on an entry, or on words recorded for an assisted member.
    #[n(6)]
    Confirm(#[n(0)] EnvelopeId),
    /// The author says an entry is wrong.
    #[n(7)]
    Dispute {
        /// The entry.
        #[n(0)]
        entry: EnvelopeId,
        /// Why, as a side text.
        #[n(1)]
        reason: TextHash,
    },
    /// The member it is about says it never happened.
    #[n(8)]
    Refuse(#[n(0)] EnvelopeId),
    /// Replaces an earlier entry's meaning.
    #[n(9)]
    Correct {
        /// The entry.
        #[n(0)]
        entry: EnvelopeId,
        /// What is different.
        #[n(1)]
        correction: Correction,
        /// Why, as a side text.
        #[n(2)]
        reason: TextHash,
    },
    /// A goal's new state.
    #[n(10)]
    Goal {
        /// The goal.
        #[n(0)]
        goal: PartId,
        /// Its state.
        #[n(1)]
        state: GoalState,
    },
    /// Something to be done.
    #[n(11)]
    Task(#[n(0)] TextHash),
    /// An outsider's signature that bounds when something existed.
    #[n(12)]
    Anchor(#[n(0)] Anchor),
    /// A member permits something, or takes it back.
    #[n(13)]
    Permission {
        /// What for.
        #[n(0)]
        purpose: Purpose,
        /// Yes or no.
        #[n(1)]
        granted: bool,
    },
    /// Free text.
    #[n(14)]
    Note(#[n(0)] TextHash),
}

/// The presence code that a tap carries: which device showed it, and its nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ShownCode {
    /// The device that showed it.
    #[n(0)]
    pub device: DeviceKey,
    /// What it showed.
    #[n(1)]
    pub nonce: PresenceNonce,
}

/// Work done by the author's member, or by the member on whose behalf it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Contribution {
    /// What, as a side text.
    #[n(0)]
    pub what: TextHash,
    /// How long.
    #[n(1)]
    pub minutes: Minutes,
    /// The day it was done.
    #[n(2)]
    pub day: Day,
    /// Its phase.
    #[n(3)]
    pub phase: Option<Phase>,
    /// Whom it is for.
    #[n(4)]
    pub beneficiary: Beneficiary,
    /// What it was done on.
    #[n(5)]
    pub on: Option<Occasion>,
}

/// An outsider's signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Anchor {
    /// The outsider's key.
    #[n(0)]
    pub key: DeviceKey,
    /// What was signed: a frontier digest with the outsider's day, or a nonce of theirs.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub statement: Vec<u8>,
    /// Their signature.
    #[n(2)]
    pub signature: SignatureBytes,
}

/// Why an entry is refused whatever its past.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Nothing, or too much at once.
    #[error("an attestation names 1 to {} different entries", limits::ATTESTED)]
    Attested,
    /// A headcount out of range.
    #[error("a headcount is a number from 1 to {}", limits::HEADCOUNT)]
    Headcount,
    /// A correction that changes nothing, or an entry that is the same as itself.
    #[error("a correction changes at least one field, and no entry is the same as itself")]
    Empty,
    /// The anchor's signature is wrong or its statement too long.
    #[error("the anchor is not in order: {0}")]
    Anchor(#[from] KeyError),
    /// The anchor's statement is empty or too long.
    #[error("an anchor's statement is 1 to {} bytes long", limits::ANCHOR_BYTES)]
    Statement,
}

impl Entry {
    /// What can be checked without any past.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), EntryError> {
        let headcount = |count: Option<u32>| match count {
            Some(count) if !(1..=limits::HEADCOUNT).contains(&count) => Err(EntryError::Headcount),
            _ => Ok(()),
        };
        match &self.record {
            Record::Meeting { headcount: count, .. } => headcount(*count),
            Record::Attest(entries) => {
                let mut sorted = entries.clone();
                sorted.sort_unstable();
                sorted.dedup();
                let distinct = sorted.len() == entries.len() && !entries.is_empty();
                if distinct && entries.len() <= limits::ATTESTED {
                    Ok(())
                } else {
                    Err(EntryError::Attested)
                }
            }
            Record::Correct { entry, correction, .. } => match correction {
                Correction::Fields(fields) if *fields == Corrected::default() => {
                    Err(EntryError::Empty)
                }
                Correction::Fields(fields) => headcount(fields.headcount),
                Correction::SameAs(other) if other == entry => Err(EntryError::Empty),
                Correction::SameAs(_) => Ok(()),
            },
            Record::Anchor(anchor)
                if !(1..=limits::ANCHOR_BYTES).contains(&anchor.statement.len()) =>
            {
                Err(EntryError::Statement)
            }
            Record::Anchor(anchor) => {
                anchor.key.admissible()?;
                Ok(anchor.key.verify(Signing::Anchor, &anchor.statement, &anchor.signature)?)
            }
            _ => Ok(()),
        }
    }

    /// The word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.record {
            Record::Meeting { .. } => "meeting",
            Record::Open(_) => "open",
            Record::Close(_) => "close",
            Record::Tap { .. } => "tap",
            Record::Attest(_) => "attest",
            Record::Contribution(_) => "contribution",
            Record::Confirm(_) => "confirm",
            Record::Dispute { .. } => "dispute",
            Record::Refuse(_) => "refuse",
            Record::Correct { .. } => "correction",
            Record::Goal { .. } => "goal",
            Record::Task(_) => "task",
            Record::Anchor(_) => "anchor",
            Record::Permission { .. } => "permission",
            Record::Note(_) => "note",
        }
    }

    /// The side texts it names.
    #[must_use]
    pub fn texts(&self) -> Vec<TextHash> {
        match &self.record {
            Record::Meeting { title: text, .. }
            | Record::Contribution(Contribution { what: text, .. })
            | Record::Dispute { reason: text, .. }
            | Record::Task(text)
            | Record::Note(text) => vec![*text],
            Record::Correct { correction: Correction::Fields(fields), reason, .. } => {
                std::iter::once(*reason).chain(fields.text).collect()
            }
            Record::Correct { reason, .. } => vec![*reason],
            _ => Vec::new(),
        }
    }

    /// The envelopes it is about, which must be in its past.
    #[must_use]
    pub fn refers_to(&self) -> Vec<EnvelopeId> {
        let on = |on: &Option<Occasion>| match on {
            Some(Occasion::Meeting(id) | Occasion::Task(id)) => Some(*id),
            _ => None,
        };
        match &self.record {
            Record::Open(id)
            | Record::Close(id)
            | Record::Tap { meeting: id, .. }
            | Record::Confirm(id)
            | Record::Dispute { entry: id, .. }
            | Record::Refuse(id) => vec![*id],
            Record::Attest(ids) => ids.clone(),
            Record::Contribution(contribution) => on(&contribution.on).into_iter().collect(),
            Record::Correct { entry, correction, .. } => match correction {
                Correction::Fields(fields) => {
                    std::iter::once(*entry).chain(on(&fields.on)).collect()
                }
                Correction::SameAs(other) => vec![*entry, *other],
            },
            _ => Vec::new(),
        }
    }
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
