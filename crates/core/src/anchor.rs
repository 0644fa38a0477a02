//! Anchors: what an outsider signs, so that something is known of *when* things happened.
//!
//! Causal order proves sequence, never dates. An outsider who signs the newest envelopes of a group
//! on some day has signed, by their hashes, that all before them existed by then; a group that
//! records an outsider's number shows that all after it came later.

use minicbor::{Decode, Encode};

use crate::codec::{self, CodecError};
use crate::day::Day;
use crate::entry::Anchor;
use crate::ids::{EnvelopeId, GroupId};
use crate::keys::{DeviceSecret, Purpose};
use crate::limits;

/// What an outsider states.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Witnessed {
    /// These envelopes, and with them all that they build on, existed.
    #[n(0)]
    Seen {
        /// The group.
        #[n(0)]
        group: GroupId,
        /// Its newest envelopes, 1 to 24, sorted.
        #[n(1)]
        heads: Vec<EnvelopeId>,
    },
    /// A number that nobody knew before; whatever builds on its record came later.
    #[n(1)]
    Number(#[n(0)] [u8; 16]),
}

/// A statement with its day.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Statement {
    /// What.
    #[n(0)]
    pub witnessed: Witnessed,
    /// The outsider's day.
    #[n(1)]
    pub day: Day,
    /// How many people of the group the outsider met.
    #[n(2)]
    pub people: Option<u32>,
}

/// Why a statement was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not in the form of one.
    #[error("what the outsider signed cannot be read: {0}")]
    Codec(#[from] CodecError),
    /// Too many or unsorted heads.
    #[error("an anchor names 1 to {} envelopes, sorted, none twice", limits::ANCHOR_HEADS)]
    Heads,
    /// A number of people that cannot be.
    #[error(
        "the number of people met is 1 to {}; say how many of the group you met, or nothing",
        limits::HEADCOUNT
    )]
    People,
}

impl Statement {
    /// Reads what an anchor holds; its signature was checked with its entry.
    ///
    /// # Errors
    /// Not a statement.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        let statement: Self = codec::decode(bytes, "an anchor", limits::ANCHOR_BYTES)?;
        statement.check()?;
        Ok(statement)
    }

    fn check(&self) -> Result<(), StatementError> {
        if let Witnessed::Seen { heads, .. } = &self.witnessed {
            let sorted = heads.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
            if !sorted || !(1..=limits::ANCHOR_HEADS).contains(&heads.len()) {
                return Err(StatementError::Heads);
            }
        }
        let fits = |people: u32| (1..=limits::HEADCOUNT).contains(&people);
        if self.people.is_none_or(fits) { Ok(()) } else { Err(StatementError::People) }
    }

    /// Signs it.
    ///
    /// # Errors
    /// It is none that would be read again.
    pub fn sign(&self, secret: &DeviceSecret) -> Result<Anchor, StatementError> {
        self.check()?;
        let statement = codec::encode(self);
        let signature = secret.sign(Purpose::Anchor, &statement);
        Ok(Anchor { key: secret.public(), statement, signature })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn seen(heads: Vec<EnvelopeId>) -> Statement {
        let group = GroupId::from_bytes([7; 32]);
        let day = Day::parse("2026-03-04").unwrap();
        Statement { witnessed: Witnessed::Seen { group, heads }, day, people: Some(9) }
    }

    /// Breaks when: a statement is signed that would not be read, or comes back as another.
    #[test]
    fn a_statement_comes_back_as_it_was_signed() {
        let secret = DeviceSecret::from_bytes(&[3; 32]);
        let ids = |n: u8| (0..n).map(|one| EnvelopeId::from_bytes([one; 32])).collect();
        let anchor = seen(ids(24)).sign(&secret).unwrap();
        assert!(anchor.statement.len() <= limits::ANCHOR_BYTES);
        assert_eq!(Statement::read(&anchor.statement), Ok(seen(ids(24))));
        assert_eq!(seen(ids(25)).sign(&secret), Err(StatementError::Heads));
        assert_eq!(seen(Vec::new()).sign(&secret), Err(StatementError::Heads));
        let twice = vec![EnvelopeId::from_bytes([1; 32]); 2];
        assert_eq!(seen(twice).sign(&secret), Err(StatementError::Heads));
        let nobody = Statement { people: Some(0), ..seen(ids(1)) };
        assert_eq!(nobody.sign(&secret), Err(StatementError::People));
        assert!(Statement::read(b"something else").is_err());
    }
}
