//! Profiles: names and pictures, outside the history, signed, erasable.
//!
//! Records of one member are ordered by the newest envelope of their author that each names, never
//! by a clock. Nothing in the ledger needs a name, and no digest covers one.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::ids::{EnvelopeId, MemberId};
use crate::keys::{DeviceKey, DeviceSecret, KeyError, Purpose, SignatureBytes};
use crate::limits;
use crate::text::Name;

/// One signed record. A device key belongs to one group, so the signature binds the group too.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Profile {
    /// What is signed.
    #[n(0)]
    pub statement: Statement,
    /// The author device's signature.
    #[n(1)]
    pub signature: SignatureBytes,
}

/// The signed part of a profile record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Statement {
    /// The device that wrote it.
    #[n(0)]
    pub author: DeviceKey,
    /// The assisted member it is about; `None` for the author's own member.
    #[n(1)]
    pub about: Option<MemberId>,
    /// The newest envelope that the author device had made; `None` before its first.
    #[n(2)]
    pub after: Option<EnvelopeId>,
    /// The name to show.
    #[n(3)]
    pub name: Name,
    /// A small picture.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub picture: Option<Vec<u8>>,
    /// Where the device can be found through a relay that the group chose.
    #[n(5)]
    pub endpoint: Option<String>,
}

/// Why a profile record was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Too large a picture or endpoint.
    #[error(
        "a profile's picture is at most {} bytes, its endpoint {}",
        limits::PICTURE_BYTES,
        limits::ENDPOINT_BYTES
    )]
    TooLong,
    /// Not signed by its author.
    #[error("the profile record is not in order: {0}")]
    Signature(#[from] KeyError),
}

impl Profile {
    /// Signs a record.
    #[must_use]
    pub fn sign(statement: Statement, secret: &DeviceSecret) -> Self {
        let signature = secret.sign(Purpose::Profile, &codec::encode(&statement));
        Self { statement, signature }
    }

    /// Checks limits and signature.
    ///
    /// # Errors
    /// Too long, or not signed by its author.
    pub fn check(&self) -> Result<(), ProfileError> {
        let picture = self.statement.picture.as_ref().map_or(0, Vec::len);
        let endpoint = self.statement.endpoint.as_ref().map_or(0, String::len);
        if picture > limits::PICTURE_BYTES || endpoint > limits::ENDPOINT_BYTES {
            return Err(ProfileError::TooLong);
        }
        let message = codec::encode(&self.statement);
        Ok(self.statement.author.verify(Purpose::Profile, &message, &self.signature)?)
    }
}
