//! A frontier in a few bytes: ids cut short under a key that only the two ends of one connection
//! have, so that nobody can make ids that look the same there.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Chain;
use copact_core::frontier::Tip;
use copact_core::ids::EnvelopeId;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::limits;

/// A chain, cut short.
pub type ShortChain = ByteArray<5>;
/// An envelope's id, cut short, where its chain and place are known besides.
pub type ShortId = ByteArray<5>;
/// An envelope's id, cut less short, where nothing else is known.
pub type ListedId = ByteArray<8>;
/// A digest of a whole frontier.
pub type ShortDigest = ByteArray<16>;

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct ShortTip {
    /// Its place in the chain, from 1.
    #[n(0)]
    pub seq: u64,
    /// Its id.
    #[n(1)]
    pub id: ShortId,
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Ends {
    /// Its tips: one, unless it was forked; none if nothing of it is there.
    #[n(0)]
    Tips(#[n(0)] BTreeSet<ShortTip>),
    /// More than [`limits::TIPS`], as a digest.
    #[n(1)]
    Many(#[n(0)] ListedId),
}

impl Ends {
    /// Bytes that it has in a message at most, with its chain.
    pub(super) fn most_bytes(&self) -> usize {
        match self {
            Self::Tips(tips) => 16 + tips.len() * 16,
            Self::Many(_) => 32,
        }
    }
}

/// Some or all chains of a frontier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Summary(#[n(0)] pub BTreeMap<ShortChain, Ends>);

impl Summary {
    /// Whether it keeps the limits.
    #[must_use]
    pub fn is_within_limits(&self) -> bool {
        let few = |ends: &Ends| match ends {
            Ends::Tips(tips) => tips.len() <= limits::TIPS,
            Ends::Many(_) => true,
        };
        self.0.len() <= limits::CHAINS && self.0.values().all(few)
    }
}

/// What cuts ids short on one connection.
#[derive(Clone, Debug)]
pub(super) struct ShortKey([u8; 32]);

impl ShortKey {
    pub(super) const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn cut<const N: usize>(&self, parts: [&[u8]; 2]) -> ByteArray<N> {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        let [tag, bytes] = parts;
        hasher.update(tag).update(bytes);
        let mut short = [0; N];
        hasher.finalize_xof().fill(&mut short);
        short.into()
    }

    pub(super) fn chain(&self, chain: &Chain) -> ShortChain {
        let mut bytes = [0; 40];
        let whole = chain.device.as_bytes().iter().chain(chain.incarnation.as_bytes());
        bytes.iter_mut().zip(whole).for_each(|(to, from)| *to = *from);
        self.cut([b"chain", &bytes])
    }

    pub(super) fn id(&self, id: EnvelopeId) -> ShortId {
        self.cut([b"envelope", id.as_bytes()])
    }

    pub(super) fn listed(&self, id: EnvelopeId) -> ListedId {
        self.cut([b"listed", id.as_bytes()])
    }

    pub(super) fn profile(&self, signature: &[u8; 64]) -> ListedId {
        self.cut([b"profile", signature])
    }

    /// The digest of all profile records.
    pub(super) fn records(&self, digest: &[u8; 32]) -> ListedId {
        self.cut([b"records", digest])
    }

    pub(super) fn digest(&self, digest: &[u8; 32]) -> ShortDigest {
        self.cut([b"frontier", digest])
    }

    pub(super) fn tip(&self, tip: &Tip) -> ShortTip {
        ShortTip { seq: tip.seq, id: self.id(tip.id) }
    }

    /// The ends of one chain.
    pub(super) fn ends(&self, tips: &BTreeSet<Tip>) -> Ends {
        if tips.len() <= limits::TIPS {
            return Ends::Tips(tips.iter().map(|tip| self.tip(tip)).collect());
        }
        let all: Vec<u8> = tips.iter().flat_map(|tip| *tip.id.as_bytes()).collect();
        Ends::Many(self.cut([b"tips", &all]))
    }
}
