//! What was worked out of one bundle, to be taken up the next time.
//!
//! ```text
//! "copact rows" | format (1) | key (32) | CBOR | BLAKE3 of all before (32)
//! ```

use copact_core::codec;
use copact_core::ids::{EnvelopeId, GroupId, tagged_hash};
use copact_evidence::community::{GroupQuarter, rows};
use minicbor::{Decode, Encode};

use super::Asked;
use crate::bundle::Form;

const MAGIC: &[u8] = b"copact rows";
/// Raised when what is in it changes, or when the same file gives other rows.
const FORMAT: u8 = 1;
const DIGEST: usize = 32;
/// Largest one that is read: rows of a group over a thousand years.
pub const CHECKPOINT_BYTES: usize = 4 * 1_024 * 1_024;

/// What a ledger was read from; the better one first, of equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ReadFrom {
    /// A home.
    #[n(0)]
    Home,
    /// A bundle with everything in it.
    #[n(1)]
    Audit,
    /// A bundle without words.
    #[n(2)]
    Sealed,
}

impl ReadFrom {
    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Audit => Form::Audit.word(),
            Self::Sealed => Form::Sealed.word(),
        }
    }

    pub(super) const fn of(form: Form) -> Self {
        match form {
            Form::Audit => Self::Audit,
            Form::Sealed => Self::Sealed,
        }
    }
}

/// The rows of one bundle or ledger, with what is said of it beside them.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct Checkpoint {
    /// The group.
    #[n(0)]
    pub group: GroupId,
    /// What it was read from.
    #[n(1)]
    pub form: ReadFrom,
    /// Envelopes in its ledger.
    #[n(2)]
    pub envelopes: u64,
    /// Those that no other one builds on, by id.
    #[n(3)]
    pub heads: Vec<EnvelopeId>,
    /// Members who signed the report.
    #[n(4)]
    pub signed_by: u64,
    /// Of how many.
    #[n(5)]
    pub of: u64,
    /// One row a quarter.
    #[n(6)]
    pub rows: Vec<GroupQuarter>,
}

/// What a checkpoint is of.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The hash of a file.
    File(&'a [u8; 32]),
    /// The digest of a ledger's frontier.
    Frontier(&'a [u8; 32]),
}

/// The name under which a checkpoint is kept: a hash of all that its rows follow from.
#[must_use]
pub fn key_of(content: Content<'_>, asked: &Asked<'_>) -> [u8; 32] {
    let (what, hash): (&[u8], _) = match content {
        Content::File(hash) => (b"file", hash),
        Content::Frontier(digest) => (b"frontier", digest),
    };
    let quarters = codec::encode(&(asked.from, asked.to));
    let (program, rules) = (asked.program.as_bytes(), asked.rules.text().as_bytes());
    let rules = blake3::hash(rules);
    let parts = [&[FORMAT], program, what, hash, rules.as_bytes(), &quarters];
    tagged_hash("copact rows key 1", &parts.map(|one: &[u8]| one))
}

/// Why bytes are no checkpoint of what is asked: it is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Not whole, or of another format.
    #[error("what was kept is damaged, or was kept by another version")]
    Damaged,
    /// Of something else.
    #[error("what was kept is of another file, other rules, or other quarters")]
    Other,
}

impl Checkpoint {
    /// The bytes to keep under a key.
    #[must_use]
    pub fn to_bytes(&self, key: &[u8; 32]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(FORMAT);
        bytes.extend(key);
        bytes.extend(codec::encode(self));
        let digest = blake3::hash(&bytes);
        bytes.extend(digest.as_bytes());
        bytes
    }

    /// Reads what is kept under a key.
    ///
    /// # Errors
    /// It is damaged, of another key, or has not one row for each of the quarters.
    pub fn from_bytes(bytes: &[u8], key: &[u8; 32], asked: &Asked<'_>) -> Result<Self, Unusable> {
        if bytes.len() > CHECKPOINT_BYTES {
            return Err(Unusable::Damaged);
        }
        let (covered, digest) = bytes.split_last_chunk::<DIGEST>().ok_or(Unusable::Damaged)?;
        if blake3::hash(covered).as_bytes() != digest {
            return Err(Unusable::Damaged);
        }
        let inner = covered.strip_prefix(MAGIC).ok_or(Unusable::Damaged)?;
        let inner = inner.strip_prefix(&[FORMAT]).ok_or(Unusable::Damaged)?;
        let (of, inner) = inner.split_first_chunk::<DIGEST>().ok_or(Unusable::Damaged)?;
        if of != key {
            return Err(Unusable::Other);
        }
        let read: Self = codec::decode(inner, "what was kept", CHECKPOINT_BYTES)
            .map_err(|_| Unusable::Damaged)?;
        let group = read.group.to_string();
        let quarters = rows::quarters(asked.from, asked.to);
        let fits = read.rows.len() == quarters.len()
            && read
                .rows
                .iter()
                .zip(&quarters)
                .all(|(row, quarter)| row.quarter == *quarter && row.group == group);
        if fits { Ok(read) } else { Err(Unusable::Other) }
    }
}
