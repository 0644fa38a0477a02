//! Entries: the log's immutable records, with their types and limits.

use minicbor::{Decode, Encode};

use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId, PartId, TextHash};
use crate::keys::{DeviceKey, KeyError, Purpose as Signing, SignatureBytes};
use crate::limits;
use crate::presence::PresenceNonce;
use crate::text::Purpose;

mod fields;

pub use fields::{
    Beneficiary, Corrected, Correction, GoalState, HoursError, Minutes, Occasion, Phase,
};

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
