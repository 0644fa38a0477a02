//! Proposals and answers: one mechanism for every common decision.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::codec;
use crate::ids::{ChangeHash, ProposalId, TextHash, VersionId, tagged_hash};
use crate::limits;

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

/// The heads of a contract version: 1 to 24 changes, sorted, none twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<ChangeHash>);

impl Version {
    /// Sorts the heads. `None` if there is none, or more than a proposal can name.
    #[must_use]
    pub fn new(mut heads: Vec<ChangeHash>) -> Option<Self> {
        heads.sort_unstable();
        heads.dedup();
        (1..=limits::VERSION_HEADS).contains(&heads.len()).then_some(Self(heads))
    }

    /// The heads, sorted.
    #[must_use]
    pub fn heads(&self) -> &[ChangeHash] {
        &self.0
    }

    /// BLAKE3("copact version 1" ‖ heads).
    #[must_use]
    pub fn id(&self) -> VersionId {
        let parts: Vec<&[u8]> = self.0.iter().map(|head| head.as_bytes().as_slice()).collect();
        VersionId::from_bytes(tagged_hash("copact version 1", &parts))
    }
}

impl<C> Encode<C> for Version {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Version {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let heads: Vec<ChangeHash> = Vec::decode(d, ctx)?;
        let sorted = heads.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        Self::new(heads)
            .filter(|_| sorted)
            .ok_or_else(|| decode::Error::message("version: heads unsorted or too many"))
    }
}

/// What a proposal is about: kind, target and value together, so that only what belongs together
/// fits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub enum Matter {
    /// Adopt a version of the contract.
    #[n(0)]
    Ratify(#[n(0)] Version),
    /// Anything else, in words.
    #[n(1)]
    Text(#[n(0)] TextHash),
}

/// A common decision asked for. Equal content is one proposal, whoever proposes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Proposal {
    /// Kind, target and value.
    #[n(0)]
    pub matter: Matter,
    /// The proposal that it replaces.
    #[n(1)]
    pub basis: Option<ProposalId>,
}

impl Proposal {
    /// A proposal that replaces none.
    #[must_use]
    pub const fn new(matter: Matter) -> Self {
        Self { matter, basis: None }
    }

    /// The hash of the content.
    #[must_use]
    pub fn id(&self) -> ProposalId {
        ProposalId::from_bytes(tagged_hash("copact proposal 1", &[&codec::encode(self)]))
    }

    /// The side text that holds its words.
    #[must_use]
    pub const fn text(&self) -> Option<TextHash> {
        match self.matter {
            Matter::Text(text) => Some(text),
            Matter::Ratify(_) => None,
        }
    }

    /// The word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.matter {
            Matter::Ratify(_) => "ratify",
            Matter::Text(_) => "text",
        }
    }
}

/// A member's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum AnswerWord {
    /// For it.
    #[n(0)]
    Yes,
    /// Against it.
    #[n(1)]
    No,
    /// Neither.
    #[n(2)]
    Abstain,
}

impl AnswerWord {
    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
        }
    }
}
