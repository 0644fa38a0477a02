//! Envelopes: a signed header and its salted body, the unit of sync and of proof.
//!
//! Bytes become an envelope in steps, each a type: [`Signed`] has the form of one, [`Verified`]
//! has its author's signature and a body that the header names. Whether its ancestors are known,
//! and what it counts for, is the [`crate::ledger`]'s to say.

use std::sync::Arc;

use minicbor::{Decode, Encode};

use crate::act::{Act, ActError};
use crate::change::{Change, Withheld};
use crate::codec::{self, CodecError};
use crate::day::Day;
use crate::entry::{Entry, EntryError};
use crate::ids::{BodyHash, EnvelopeId, GroupId, Incarnation, Salt};
use crate::keys::{DeviceKey, KeyError, KnownKeys, Purpose, SignatureBytes};
use crate::limits;

mod draft;
mod withheld;

pub use draft::Draft;

/// The version of the protocol that this code speaks.
pub const PROTOCOL_VERSION: u8 = 1;

/// One device's own succession of envelopes since it last lost track of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Chain {
    /// The device.
    #[n(0)]
    pub device: DeviceKey,
    /// The incarnation, drawn at random.
    #[n(1)]
    pub incarnation: Incarnation,
}

impl Chain {
    /// The Automerge actor id of this chain: the first 16 bytes of
    /// BLAKE3("copact actor 1" ‖ group ‖ device ‖ incarnation).
    #[must_use]
    pub fn actor(&self, group: GroupId) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"copact actor 1").update(group.as_bytes());
        hasher.update(self.device.as_bytes()).update(self.incarnation.as_bytes());
        let mut actor = [0; 16];
        hasher.finalize_xof().fill(&mut actor);
        actor
    }
}

/// What the author signs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// The protocol's version.
    #[n(0)]
    pub version: u8,
    /// The group; `None` in the founding envelope, which cannot know its own hash.
    #[n(1)]
    pub group: Option<GroupId>,
    /// Whose it is.
    #[n(2)]
    pub chain: Chain,
    /// Its place in the chain, from 1.
    #[n(3)]
    pub seq: u64,
    /// The chain's envelope before it.
    #[n(4)]
    pub prev: Option<EnvelopeId>,
    /// What else its author builds on; at most 32, none twice, not `prev`.
    #[n(5)]
    pub parents: Vec<EnvelopeId>,
    /// The day that the author claims.
    #[n(6)]
    pub day: Day,
    /// BLAKE3(salt ‖ body).
    #[n(7)]
    pub body: BodyHash,
    /// Bytes of the body, without its salt.
    #[n(8)]
    pub body_len: u32,
}

/// What an envelope says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Content {
    /// Membership and consent.
    #[n(0)]
    Act(#[n(0)] Act),
    /// One log record.
    #[n(1)]
    Entry(#[n(0)] Entry),
    /// One Automerge change.
    #[n(2)]
    Change(#[n(0)] Change),
    /// Kept from whoever has this copy; in no envelope that travels between members.
    #[n(3)]
    Withheld(#[n(0)] Withheld),
}

/// Why bytes are no envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Made by a later copact.
    #[error(
        "it was made by a newer version of copact (protocol {found}, this one speaks {PROTOCOL_VERSION}); update copact on this device"
    )]
    NewerVersion {
        /// The version it says.
        found: u8,
    },
    /// Header or body cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The header's parts contradict each other.
    #[error("an envelope's header contradicts itself ({0}); it was not made by copact")]
    Header(&'static str),
    /// The body is not the one that the header names.
    #[error(
        "an envelope's body is not the one that was signed; the file was altered, so ask for it again"
    )]
    Body,
    /// The signature is wrong.
    #[error("an envelope is not in order: {0}")]
    Signature(#[from] KeyError),
    /// A malformed act.
    #[error("an act is not in order: {0}")]
    Act(#[from] ActError),
    /// A malformed entry.
    #[error("an entry is not in order: {0}")]
    Entry(#[from] EntryError),
}

/// An envelope's bytes as they travel and rest.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Wire {
    /// The encoded header.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// The author's signature of it.
    #[n(1)]
    pub signature: SignatureBytes,
    /// The body's salt.
    #[n(2)]
    pub salt: Salt,
    /// The encoded body.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// Something in the form of an envelope: a readable, consistent header and a body of the right
/// hash.
#[derive(Clone, Debug)]
pub struct Signed {
    id: EnvelopeId,
    header: Header,
    wire: Wire,
}

/// An envelope whose author's signature was verified and whose body was read. Copies share it. Both
/// encodings are canonical: [`Self::wire`] makes the bytes again, and they are not kept.
#[derive(Clone, Debug)]
pub struct Verified(Arc<Contained>);

#[derive(Debug)]
struct Contained {
    id: EnvelopeId,
    header: Header,
    signature: SignatureBytes,
    salt: Salt,
    content: Arc<Content>,
}

impl Wire {
    /// The id that an envelope with these bytes has: BLAKE3 of header and signature.
    #[must_use]
    pub fn id(&self) -> EnvelopeId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.header).update(self.signature.as_bytes());
        EnvelopeId::from_bytes(*hasher.finalize().as_bytes())
    }

    /// Checks form, limits and the body's hash; cheap checks first.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn parse(self) -> Result<Signed, EnvelopeError> {
        check_version(&self.header)?;
        let header: Header =
            codec::decode(&self.header, "an envelope's header", limits::HEADER_BYTES)?;
        header.check()?;
        if self.body.len() > limits::BODY_BYTES
            || usize::try_from(header.body_len) != Ok(self.body.len())
        {
            return Err(EnvelopeError::Body);
        }
        if body_hash(&self.salt, &self.body) != header.body {
            return Err(EnvelopeError::Body);
        }
        Ok(Signed { id: self.id(), header, wire: self })
    }
}

/// The version stands first, so that a later protocol is recognised whatever else it changes.
fn check_version(header: &[u8]) -> Result<(), EnvelopeError> {
    let mut decoder = minicbor::Decoder::new(header);
    let version = decoder.array().ok().and_then(|_| decoder.u8().ok());
    match version {
        Some(found) if found > PROTOCOL_VERSION => Err(EnvelopeError::NewerVersion { found }),
        _ => Ok(()),
    }
}

fn body_hash(salt: &Salt, body: &[u8]) -> BodyHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(salt.as_bytes()).update(body);
    BodyHash::from_bytes(*hasher.finalize().as_bytes())
}

impl Header {
    fn check(&self) -> Result<(), EnvelopeError> {
        let mut parents = self.parents.clone();
        parents.extend(self.prev);
        parents.sort_unstable();
        parents.dedup();
        let distinct = parents.len() == self.parents.len() + usize::from(self.prev.is_some());
        match () {
            () if self.version != PROTOCOL_VERSION => Err(EnvelopeError::Header("its version")),
            () if self.parents.len() > limits::PARENTS => {
                Err(EnvelopeError::Header("too many parents"))
            }
            () if !distinct => Err(EnvelopeError::Header("a parent twice")),
            () if (self.seq == 1) != self.prev.is_none() || self.seq == 0 => {
                Err(EnvelopeError::Header("its place in the chain"))
            }
            () if self.group.is_none() != parents.is_empty() => Err(EnvelopeError::Header(
                "a founding envelope, and no other, has nothing before it",
            )),
            () => Ok(()),
        }
    }
}

impl Signed {
    /// The envelope's id.
    #[must_use]
    pub const fn id(&self) -> EnvelopeId {
        self.id
    }

    /// The header, unverified.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Strict verification of the signature, then reads the body.
    ///
    /// # Errors
    /// A wrong signature, or a body that is no valid content.
    pub fn verify(self) -> Result<Verified, EnvelopeError> {
        self.header.chain.device.verify(
            Purpose::Envelope,
            &self.wire.header,
            &self.wire.signature,
        )?;
        self.read_body()
    }

    /// The same for one of many, by few devices.
    ///
    /// # Errors
    /// A wrong signature, or a body that is no valid content.
    pub fn verify_among(self, known: &mut KnownKeys) -> Result<Verified, EnvelopeError> {
        let (device, wire) = (&self.header.chain.device, &self.wire);
        known.verify(device, Purpose::Envelope, &wire.header, &wire.signature)?;
        self.read_body()
    }

    /// Reads an envelope that this device verified before it stored it. The id that the store
    /// keeps apart covers header and signature, so they are still the verified ones.
    ///
    /// # Errors
    /// The id is another, or the body is no valid content.
    pub fn verified_before(self, id: EnvelopeId) -> Result<Verified, EnvelopeError> {
        if self.id == id {
            self.read_body()
        } else {
            Err(EnvelopeError::Signature(KeyError::Forged))
        }
    }

    fn read_body(self) -> Result<Verified, EnvelopeError> {
        let content: Content =
            codec::decode(&self.wire.body, "an envelope's body", limits::BODY_BYTES)?;
        let founding = matches!(content, Content::Act(Act::Found(_)));
        if founding != self.header.group.is_none() {
            return Err(EnvelopeError::Header("only a founding act founds"));
        }
        match &content {
            Content::Act(act) => {
                act.check(self.header.group)?;
                if let Act::Found(found) = act
                    && found.members.first().map(|first| first.device.device)
                        != Some(self.header.chain.device)
                {
                    return Err(EnvelopeError::Header("the founder is not its first member"));
                }
            }
            Content::Entry(entry) => entry.check()?,
            Content::Change(_) => {}
            Content::Withheld(_) => return Err(EnvelopeError::Header("its body is withheld")),
        }
        let Self { id, mut header, wire: Wire { signature, salt, .. } } = self;
        header.parents.shrink_to_fit();
        let content = Arc::new(content);
        Ok(Verified(Arc::new(Contained { id, header, signature, salt, content })))
    }
}

impl Verified {
    /// The author's signature of the header.
    #[must_use]
    pub fn signature(&self) -> SignatureBytes {
        self.0.signature
    }

    /// The envelope's id.
    #[must_use]
    pub fn id(&self) -> EnvelopeId {
        self.0.id
    }

    /// The signed header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.0.content
    }

    /// Has it share what it says with an envelope that says the same, as the taps at one meeting
    /// do: then that takes memory once. Does nothing to one that was copied already.
    pub fn share_content(&mut self, other: &Self) {
        if let Some(this) = Arc::get_mut(&mut self.0)
            && this.content == other.0.content
        {
            this.content = Arc::clone(&other.0.content);
        }
    }

    /// Its bytes, made again: those that were signed and read.
    #[must_use]
    pub fn wire(&self) -> Wire {
        Wire {
            header: codec::encode(&self.0.header),
            signature: self.0.signature,
            salt: self.0.salt,
            body: codec::encode(self.content()),
        }
    }

    /// The group it belongs to.
    #[must_use]
    pub fn group(&self) -> GroupId {
        self.0.header.group.unwrap_or(GroupId::of(self.0.id))
    }
}
