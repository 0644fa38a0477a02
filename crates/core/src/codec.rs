//! Deterministic CBOR: one value has one encoding, and only that one is read.

use minicbor::{Decode, Encode};

/// Why bytes were not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// More bytes than the kind of record may have.
    #[error(
        "{what} is {bytes} bytes long; at most {limit} are allowed, so it was not made by copact"
    )]
    TooLong {
        /// The kind of record.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Not a well-formed record of that kind.
    #[error("{what} cannot be read ({reason}); it is damaged or not made by copact")]
    Malformed {
        /// The kind of record.
        what: &'static str,
        /// What the decoder found.
        reason: String,
    },
    /// Readable, but not the one encoding that is signed.
    #[error("{what} is not in its canonical form; it is damaged or not made by copact")]
    NotCanonical {
        /// The kind of record.
        what: &'static str,
    },
}

/// Encodes a record. Encoding into memory cannot fail.
#[must_use]
pub fn encode<T: Encode<()>>(record: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    match minicbor::encode(record, &mut bytes) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// Reads a record: the length is checked first, and the record must encode back to the same bytes.
///
/// # Errors
/// Too long, malformed, or not canonical.
pub fn decode<'b, T>(bytes: &'b [u8], what: &'static str, limit: usize) -> Result<T, CodecError>
where
    T: Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > limit {
        return Err(CodecError::TooLong { what, bytes: bytes.len(), limit });
    }
    let record: T = minicbor::decode(bytes)
        .map_err(|error| CodecError::Malformed { what, reason: error.to_string() })?;
    if encode(&record) == bytes { Ok(record) } else { Err(CodecError::NotCanonical { what }) }
}
