//! The record of extent: how much the store holds, so that a lost row or an older page is noticed.

use copact_core::codec;
use copact_core::ids::{EnvelopeId, tagged_hash};
use minicbor::{Decode, Encode};

use crate::rows::Kind;
use crate::seal::Sealer;

/// How much a store holds. Sealed in the same transaction as what it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Extent {
    /// Commits since the store was made.
    #[n(0)]
    pub(crate) commits: u64,
    /// The envelopes.
    #[n(1)]
    pub(crate) envelopes: Run,
    #[n(2)]
    texts: Tally,
    #[n(3)]
    profiles: Tally,
    #[n(4)]
    settings: Tally,
}

/// A sequence that only grows: its length, and a chain of hashes over ids in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Run {
    #[n(0)]
    pub(crate) count: u64,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    chain: [u8; 32],
}

/// A set that also shrinks: its size, and the sum (exclusive or) of its rows' marks. The marks are
/// keyed, so rows cannot be chosen to cancel out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Tally {
    #[n(0)]
    pub(crate) count: u64,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    sum: [u8; 32],
}

impl Run {
    pub(crate) fn push(&mut self, id: EnvelopeId) {
        self.count += 1;
        self.chain = tagged_hash("copact store 1 run", &[&self.chain, id.as_bytes()]);
    }
}

impl Tally {
    pub(crate) fn add(&mut self, sealer: &Sealer, kind: Kind, key: &[u8], sealed: &[u8]) {
        self.count = self.count.wrapping_add(1);
        self.mix(sealer, kind, key, sealed);
    }

    pub(crate) fn remove(&mut self, sealer: &Sealer, kind: Kind, key: &[u8], sealed: &[u8]) {
        self.count = self.count.wrapping_sub(1);
        self.mix(sealer, kind, key, sealed);
    }

    fn mix(&mut self, sealer: &Sealer, kind: Kind, key: &[u8], sealed: &[u8]) {
        let mark = sealer.mark(&[kind.name().as_bytes(), key, sealed]);
        for (sum, byte) in self.sum.iter_mut().zip(mark) {
            *sum ^= byte;
        }
    }
}

impl Extent {
    /// What caches are made from: the envelopes in their order, texts and profiles. It says more
    /// than a frontier does, and costs nothing to know.
    pub(crate) fn made_from(&self) -> [u8; 32] {
        let parts = (&self.envelopes, &self.texts, &self.profiles);
        tagged_hash("copact store 1 made from", &[&codec::encode(&parts)])
    }

    /// The tally of a kind; none of caches, which may be lost at any time.
    pub(crate) const fn tally(&self, kind: Kind) -> Option<&Tally> {
        match kind {
            Kind::Text => Some(&self.texts),
            Kind::Profile => Some(&self.profiles),
            Kind::Setting => Some(&self.settings),
            Kind::Cache => None,
        }
    }

    pub(crate) const fn tally_mut(&mut self, kind: Kind) -> Option<&mut Tally> {
        match kind {
            Kind::Text => Some(&mut self.texts),
            Kind::Profile => Some(&mut self.profiles),
            Kind::Setting => Some(&mut self.settings),
            Kind::Cache => None,
        }
    }
}
