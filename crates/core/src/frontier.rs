//! The frontier: per chain the set of tips, which says exactly how far a ledger goes.
//!
//! A chain has one tip, unless it was forked. Its text form is what people pass to
//! `bundle export --since`.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE32_NOPAD;
use minicbor::{Decode, Encode};

use crate::codec::{self, CodecError};
use crate::envelope::Chain;
use crate::ids::{EnvelopeId, tagged_hash};

/// The end of a chain: its place and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Tip {
    /// The last envelope's place in its chain, from 1.
    #[n(0)]
    pub seq: u64,
    /// The last envelope.
    #[n(1)]
    pub id: EnvelopeId,
}

/// Per chain its tips.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Frontier(#[n(0)] BTreeMap<Chain, BTreeSet<Tip>>);

/// Why a frontier was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// Not in the form of one.
    #[error(
        "this is not a frontier; copy the whole word that `copact status --json` shows as “frontier”"
    )]
    NotAFrontier,
    /// Readable base32, but the content is not.
    #[error("the frontier cannot be read: {0}")]
    Codec(#[from] CodecError),
}

const PREFIX: &str = "frontier-";
/// About 10 000 chains.
const FRONTIER_BYTES: usize = 1_024 * 1_024;

impl Frontier {
    /// Adds a tip; what it replaces is named by `prev`.
    pub fn advance(&mut self, chain: Chain, prev: Option<Tip>, tip: Tip) {
        let tips = self.0.entry(chain).or_default();
        if let Some(prev) = prev {
            tips.remove(&prev);
        }
        tips.insert(tip);
    }

    /// The tips of every chain.
    #[must_use]
    pub const fn chains(&self) -> &BTreeMap<Chain, BTreeSet<Tip>> {
        &self.0
    }

    /// The tips of one chain; none if it is unknown.
    pub fn tips(&self, chain: &Chain) -> impl Iterator<Item = &Tip> {
        self.0.get(chain).into_iter().flatten()
    }

    /// BLAKE3 of the canonical encoding.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        tagged_hash("copact frontier 1", &[&codec::encode(self)])
    }

    /// The text form.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&codec::encode(self)).to_ascii_lowercase())
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// Not a frontier, or damaged.
    pub fn from_text(text: &str) -> Result<Self, FrontierError> {
        let coded = text.trim().strip_prefix(PREFIX).ok_or(FrontierError::NotAFrontier)?;
        if coded.len() > 2 * FRONTIER_BYTES {
            return Err(FrontierError::NotAFrontier);
        }
        let bytes = BASE32_NOPAD
            .decode(coded.to_ascii_uppercase().as_bytes())
            .map_err(|_| FrontierError::NotAFrontier)?;
        Ok(codec::decode(&bytes, "the frontier", FRONTIER_BYTES)?)
    }
}
