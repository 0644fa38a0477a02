//! Envelopes whose ancestors are missing, for a while.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Signed;
use copact_core::ids::EnvelopeId;

use super::PeerId;
use crate::limits;

/// One that waits; its signature is not verified before its ancestors are here.
#[derive(Debug)]
pub(super) struct Orphan {
    pub(super) from: PeerId,
    pub(super) bytes: usize,
    pub(super) signed: Signed,
}

/// Those of all peers.
#[derive(Debug, Default)]
pub(super) struct Orphans {
    all: BTreeMap<EnvelopeId, Orphan>,
    waiting_for: BTreeMap<EnvelopeId, BTreeSet<EnvelopeId>>,
    of: BTreeMap<PeerId, (usize, usize)>,
}

impl Orphans {
    /// Keeps one, unless its peer has too many here.
    pub(super) fn keep(&mut self, orphan: Orphan, missing: EnvelopeId) -> bool {
        let (count, bytes) = self.of.get(&orphan.from).copied().unwrap_or_default();
        if count >= limits::ORPHANS || bytes.saturating_add(orphan.bytes) > limits::ORPHAN_BYTES {
            return false;
        }
        self.of.insert(orphan.from, (count + 1, bytes + orphan.bytes));
        self.waiting_for.entry(missing).or_default().insert(orphan.signed.id());
        self.all.insert(orphan.signed.id(), orphan);
        true
    }

    pub(super) fn has(&self, id: EnvelopeId) -> bool {
        self.all.contains_key(&id)
    }

    /// Those that waited for an envelope that is here now; they may lack others still.
    pub(super) fn freed_by(&mut self, id: EnvelopeId) -> Vec<Orphan> {
        let freed = self.waiting_for.remove(&id).unwrap_or_default();
        let freed: Vec<Orphan> = freed.iter().filter_map(|id| self.all.remove(id)).collect();
        freed.iter().for_each(|orphan| self.uncount(orphan.from, orphan.bytes));
        freed
    }

    /// Forgets what came from a peer.
    pub(super) fn forget(&mut self, peer: PeerId) {
        self.all.retain(|_, orphan| orphan.from != peer);
        let all = &self.all;
        self.waiting_for.retain(|_, waiting| {
            waiting.retain(|id| all.contains_key(id));
            !waiting.is_empty()
        });
        self.of.remove(&peer);
    }

    fn uncount(&mut self, peer: PeerId, bytes: usize) {
        if let Some((count, held)) = self.of.get_mut(&peer) {
            *count = count.saturating_sub(1);
            *held = held.saturating_sub(bytes);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
