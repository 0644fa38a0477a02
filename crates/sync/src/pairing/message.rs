//! The messages of a pairing.

use copact_core::codec;
use copact_core::ids::EnvelopeId;
use copact_core::text::FreeText;
use minicbor::{Decode, Encode};

use super::PairingError;
use crate::limits;

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) enum Message {
    #[n(0)]
    Commit(#[n(0)] Commit),
    #[n(1)]
    Nonce(
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        [u8; 32],
    ),
    #[n(2)]
    Open(#[n(0)] Open),
    #[n(3)]
    Verdict(#[n(0)] Verdict),
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Commit {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub commit: [u8; 32],
    /// That it has the ticket.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub mac: [u8; 32],
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Open {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub request: Vec<u8>,
}

/// What the inviter says in the end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Verdict {
    /// The newcomer was let in, by this envelope.
    #[n(0)]
    Admitted(#[n(0)] EnvelopeId),
    /// It was not.
    #[n(1)]
    Refused(#[n(0)] Refusal),
}

/// Why somebody is not let in: a sentence of at most 300 bytes without line breaks, and without
/// characters that hide or reorder what people read.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Refusal(String);

/// What is said when no sentence was given that can be shown.
const REFUSED: &str = "the inviter did not accept the request; ask them for a new invite";

impl Refusal {
    /// From any text: what does not fit is left away.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // A character may take more bytes once it is normalised; of so much less, none does.
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        [limits::REFUSAL_BYTES, limits::REFUSAL_BYTES / 3]
            .into_iter()
            .find_map(|most| Self::checked(beginning(&line, most)))
            .unwrap_or_else(|| Self(REFUSED.to_owned()))
    }

    /// The sentence. The inviter's device chose it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn checked(sentence: &str) -> Option<Self> {
        let text = FreeText::new(sentence).ok()?;
        let text = text.as_str();
        let fits = text.len() <= limits::REFUSAL_BYTES && !text.contains(['\n', '\t']);
        fits.then(|| Self(text.to_owned()))
    }
}

/// As many whole characters as fit.
fn beginning(text: &str, most: usize) -> &str {
    let end = text.floor_char_boundary(most);
    text.get(..end).unwrap_or_default()
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'b, C> Decode<'b, C> for Refusal {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::checked(d.str()?)
            .ok_or_else(|| minicbor::decode::Error::message("no sentence of at most 300 bytes"))
    }
}

impl Message {
    pub(super) fn write(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads a message whose place is known, so that the limit is that of the one which belongs
    /// there.
    pub(super) fn read(bytes: &[u8], limit: usize) -> Result<Self, PairingError> {
        Ok(codec::decode(bytes, "a pairing message", limit)?)
    }

    pub(super) const fn out_of_place(&self, wanted: &'static str) -> PairingError {
        let found = match self {
            Self::Commit(_) => "commitment",
            Self::Nonce(_) => "nonce",
            Self::Open(_) => "join request",
            Self::Verdict(_) => "verdict",
        };
        PairingError::OutOfPlace { found, wanted }
    }
}
