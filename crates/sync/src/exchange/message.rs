//! What two exchanges say to each other. A message is one record of canonical CBOR.

use copact_core::codec;
use copact_core::ids::{Incarnation, TextHash};
use minicbor::{Decode, Encode};

use super::summary::{ListedId, ShortChain, ShortDigest, ShortTip, Summary};
use crate::bundle::Parcel;
use crate::limits;

/// The version of the exchange.
pub const VERSION: u8 = 1;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Message {
    /// The first one of each side.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// What the sender has now.
    #[n(1)]
    Now(#[n(0)] Now),
    /// Send me what I lack.
    #[n(2)]
    Go(#[n(0)] Go),
    /// Envelopes with their texts, or profile records.
    #[n(3)]
    Data(#[n(0)] Data),
    /// So many bytes of data more may be sent.
    #[n(4)]
    More(#[n(0)] u32),
    /// The profile records that the sender has: send me the others.
    #[n(5)]
    Records(#[n(0)] Vec<ListedId>),
    /// Texts that the sender lacks: send them when they are there.
    #[n(6)]
    Want(#[n(0)] Vec<TextHash>),
}

/// The first message of each side.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Hello {
    /// [`VERSION`].
    #[n(0)]
    pub version: u8,
    /// What the sender has.
    #[n(1)]
    pub now: Now,
    /// Whether to send at once what the sender lacks.
    #[n(2)]
    pub go: Option<Go>,
    /// The sender's own chains. Who knows them can tell what only the sender has, also when
    /// nothing of such a chain is there yet: other chains have other short names with each peer.
    #[n(3)]
    pub own: Vec<Incarnation>,
}

/// What the sender has now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Now {
    /// The digest of its whole frontier.
    #[n(0)]
    pub digest: ShortDigest,
    /// The digest of its profile records.
    #[n(1)]
    pub profiles: ListedId,
    /// Chains that changed since it last told, as far as the receiver may lack something of them.
    #[n(2)]
    pub changed: Summary,
}

/// A request for what the sender of it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Go {
    /// Counts the requests of this connection, from 1.
    #[n(0)]
    pub number: u32,
    /// Whether the summary names every chain.
    #[n(1)]
    pub complete: bool,
    /// What is there; when not complete, only of chains where something lacks.
    #[n(2)]
    pub summary: Summary,
    /// Of chains whose tips told too little.
    #[n(3)]
    pub ladders: Vec<Ladder>,
    /// Every id that is there, cut short, instead of any of the above.
    #[n(4)]
    pub everything: Option<Vec<ListedId>>,
    /// Chains of which nothing is wanted now, nor what builds on it.
    #[n(5)]
    pub hold: Vec<ShortChain>,
}

/// Envelopes of one chain at doubling distances from its tips downward.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Ladder {
    /// The chain.
    #[n(0)]
    pub chain: ShortChain,
    /// Envelopes that are there.
    #[n(1)]
    pub rungs: Vec<ShortTip>,
}

/// Envelopes, texts and profiles.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Data {
    /// The request that it answers; `None` for what is sent unasked.
    #[n(0)]
    pub go: Option<u32>,
    /// Whether the answer ends with it.
    #[n(1)]
    pub last: bool,
    /// Whether what follows is deflated.
    #[n(2)]
    pub deflated: bool,
    /// A parcel.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub parcel: Vec<u8>,
}

/// Why a message was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not a record, or beyond a limit.
    #[error("it sent a message that no copact writes ({0})")]
    Malformed(&'static str),
    /// Another version.
    #[error(
        "it speaks version {0} of the exchange, and this device {VERSION}; update the older one"
    )]
    Version(u8),
}

impl Message {
    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads one; limits first.
    ///
    /// # Errors
    /// Too long, malformed, not canonical, or with too much of something.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let message: Self = codec::decode(bytes, "a message", limits::MESSAGE_BYTES)
            .map_err(|_| MessageError::Malformed("unreadable"))?;
        message.check()?;
        Ok(message)
    }

    fn check(&self) -> Result<(), MessageError> {
        let too_much = |what| Err(MessageError::Malformed(what));
        match self {
            Self::Hello(hello) if hello.version != VERSION => {
                Err(MessageError::Version(hello.version))
            }
            Self::Hello(hello) if hello.own.len() > limits::OWN_CHAINS => {
                too_much("too many chains of its own")
            }
            Self::Hello(Hello { now, go, .. }) => {
                check_now(now)?;
                go.as_ref().map_or(Ok(()), check_go)
            }
            Self::Now(now) => check_now(now),
            Self::Go(go) => check_go(go),
            Self::Records(ids) if ids.len() > limits::RECORDS => too_much("too many records"),
            Self::Want(texts) if texts.len() > limits::WANTED => too_much("too many texts"),
            Self::Data(_) | Self::More(_) | Self::Records(_) | Self::Want(_) => Ok(()),
        }
    }
}

fn check_now(now: &Now) -> Result<(), MessageError> {
    let fits = now.changed.is_within_limits();
    if fits { Ok(()) } else { Err(MessageError::Malformed("too many chains")) }
}

fn check_go(go: &Go) -> Result<(), MessageError> {
    let listed = go.everything.as_ref().map_or(0, Vec::len) <= limits::LISTED;
    let rungs = |one: &Ladder| one.rungs.len() <= limits::RUNGS;
    let fits = go.summary.is_within_limits()
        && go.ladders.len() <= limits::CHAINS
        && go.ladders.iter().all(rungs)
        && go.hold.len() <= limits::CHAINS;
    if fits && listed { Ok(()) } else { Err(MessageError::Malformed("too long a request")) }
}

impl Data {
    /// Packs a parcel, deflated if that pays.
    pub(super) fn pack(go: Option<u32>, last: bool, parcel: &Parcel) -> Self {
        let plain = codec::encode(parcel);
        if plain.len() < limits::DEFLATE_FROM {
            return Self { go, last, deflated: false, parcel: plain };
        }
        let parcel = miniz_oxide::deflate::compress_to_vec(&plain, 6);
        Self { go, last, deflated: true, parcel }
    }

    /// Reads the parcel; never more than a frame's bytes are made of it.
    ///
    /// # Errors
    /// It inflates beyond that, or is no parcel.
    pub fn unpack(&self) -> Result<Parcel, MessageError> {
        let inflated;
        let plain = if self.deflated {
            let limit = limits::FRAME_BYTES;
            inflated = miniz_oxide::inflate::decompress_to_vec_with_limit(&self.parcel, limit)
                .map_err(|_| MessageError::Malformed("data that does not inflate"))?;
            &inflated
        } else {
            &self.parcel
        };
        codec::decode(plain, "a parcel", limits::FRAME_BYTES)
            .map_err(|_| MessageError::Malformed("data that is no parcel"))
    }
}
