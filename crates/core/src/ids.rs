//! Identifiers: 32-byte BLAKE3 hashes, each in a type of its own so that they cannot be mixed up.
//!
//! Their text form is lowercase hexadecimal; people type any unique prefix of it.

/// Hashes the parts under a domain tag, so that no hash of one purpose can stand for another.
/// Each part is preceded by its length, which makes the concatenation unambiguous.
#[must_use]
pub fn tagged_hash(tag: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(tag.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Defines a fixed-size byte string with hexadecimal text form and CBOR coding as a byte string of
/// exactly that length.
macro_rules! bytes_type {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Wraps raw bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Wraps a slice of exactly the right length.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Reads the full hexadecimal text form.
            #[must_use]
            pub fn from_hex(text: &str) -> Option<Self> {
                Self::from_slice(&data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?)
            }

            /// The raw bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let hex = data_encoding::HEXLOWER.encode(&self.0);
                write!(f, "{}({})", stringify!($name), hex.get(..8).unwrap_or(&hex))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes = d.bytes()?;
                Self::from_slice(bytes)
                    .ok_or_else(|| minicbor::decode::Error::message(concat!(stringify!($name), ": wrong length")))
            }
        }
    };
}
pub(crate) use bytes_type;

bytes_type!(
    /// An envelope: BLAKE3 of its signed header (header bytes, then signature).
    EnvelopeId,
    32
);
bytes_type!(
    /// A group: the id of its founding envelope.
    GroupId,
    32
);
bytes_type!(
    /// A member: the act (and place in it) that brought them in; see [`crate::act`].
    MemberId,
    32
);
bytes_type!(
    /// The hash of an envelope's salted body.
    BodyHash,
    32
);
bytes_type!(
    /// The hash that names a salted side text.
    TextHash,
    32
);
bytes_type!(
    /// A proposal: the hash of its content.
    ProposalId,
    32
);
bytes_type!(
    /// A version of the contract: the hash of its sorted heads.
    VersionId,
    32
);
bytes_type!(
    /// The hash of an Automerge change, as Automerge computes it.
    ChangeHash,
    32
);
bytes_type!(
    /// The hash of a report that outsiders may get.
    ReportHash,
    32
);
bytes_type!(
    /// Random bytes that keep a low-entropy content from being guessed from its hash.
    Salt,
    16
);
bytes_type!(
    /// Random bytes drawn by a device when it starts a new chain.
    Incarnation,
    8
);
bytes_type!(
    /// Random bytes that make a signed request good for one use.
    Nonce,
    16
);
bytes_type!(
    /// A section or goal of the contract: 8 random bytes, the key in the Automerge map.
    PartId,
    8
);

impl GroupId {
    /// The group that an envelope founds.
    #[must_use]
    pub const fn of(founding: EnvelopeId) -> Self {
        Self(founding.0)
    }

    /// The founding envelope.
    #[must_use]
    pub const fn founding(self) -> EnvelopeId {
        EnvelopeId(self.0)
    }
}

impl MemberId {
    /// A first member: their place in the founding act.
    #[must_use]
    pub fn first(founding: EnvelopeId, place: u8) -> Self {
        Self(tagged_hash("copact member 1", &[founding.as_bytes(), &[place]]))
    }

    /// A member brought in by an Admit or Assist.
    #[must_use]
    pub const fn brought_in_by(act: EnvelopeId) -> Self {
        Self(act.0)
    }
}
