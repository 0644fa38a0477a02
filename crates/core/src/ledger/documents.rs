//! The documents inside the ledger: which changes each is made of.

use std::collections::BTreeMap;

use super::{Ledger, Place, Standing};
use crate::change::DocumentId;
use crate::document::{Document, DocumentError, Selection};
use crate::envelope::Content;
use crate::ids::{ChangeHash, MemberId};
use crate::proposal::Version;

impl Ledger {
    /// The documents that anybody wrote in.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.gates.keys().copied()
    }

    /// The envelopes, none void, that carry a change.
    #[must_use]
    pub fn carriers(&self, document: DocumentId, change: ChangeHash) -> &[Place] {
        self.carriers.get(&(document, change)).map(Vec::as_slice).unwrap_or_default()
    }

    /// What can be told of every change to the contract that passed the gate, in place of its
    /// words: the change, and what it builds on.
    #[must_use]
    pub fn contract_changes(&self) -> BTreeMap<Place, (ChangeHash, Vec<ChangeHash>)> {
        let document = DocumentId::Contract;
        let Some(gate) = self.gates.get(&document) else { return BTreeMap::new() };
        let from = (document, ChangeHash::from_bytes([0; 32]));
        let to = (document, ChangeHash::from_bytes([0xff; 32]));
        let carriers = self.carriers.range(from..=to);
        let told = carriers.flat_map(|((_, hash), places)| {
            let deps = gate.deps_of(*hash);
            places.iter().map(move |place| (*place, (*hash, deps.clone())))
        });
        told.collect()
    }

    /// The changes that a document is made of: those that count, and all that they build on;
    /// where a chain was continued twice, one continuation, the one inside `adopted` first.
    #[must_use]
    pub fn selection(
        &self,
        document: DocumentId,
        standing: &Standing,
        adopted: &[ChangeHash],
    ) -> Selection {
        let Some(gate) = self.gates.get(&document) else { return Selection::default() };
        let mut counted: BTreeMap<ChangeHash, MemberId> = BTreeMap::new();
        let from = (document, ChangeHash::from_bytes([0; 32]));
        let to = (document, ChangeHash::from_bytes([0xff; 32]));
        for ((_, hash), places) in self.carriers.range(from..=to) {
            let authors = places.iter().filter_map(|place| standing.verdict(*place).ok());
            if let Some(member) = authors.filter_map(|author| standing.id(author)).min() {
                counted.insert(*hash, member);
            }
        }
        gate.selection(&counted, adopted)
    }

    /// The changes of a version, ancestors first; none if it is no version of this contract.
    #[must_use]
    pub fn version_changes(&self, version: &Version) -> Vec<ChangeHash> {
        let gate = self.gates.get(&DocumentId::Contract);
        gate.and_then(|gate| gate.closure(version.heads())).unwrap_or_default()
    }

    /// Whether one version has another in it.
    #[must_use]
    pub fn version_contains(&self, outer: &Version, inner: &Version) -> bool {
        let gate = self.gates.get(&DocumentId::Contract);
        gate.is_some_and(|gate| gate.contains(outer.heads(), inner.heads()))
    }

    /// Builds the Automerge document of these changes, ancestors first.
    ///
    /// # Errors
    /// Automerge broke on changes that passed the gate; the document without them is in the error.
    pub fn materialise(
        &self,
        id: DocumentId,
        changes: &[ChangeHash],
    ) -> Result<Document, DocumentError> {
        Document::build(&id, changes, &|hash| self.change_bytes(id, hash))
    }

    /// A document with further changes, ancestors first; see [`Document::extended`].
    #[must_use]
    pub fn extended(
        &self,
        id: DocumentId,
        document: Document,
        changes: &[ChangeHash],
    ) -> Option<Document> {
        document.extended(changes, &|hash| self.change_bytes(id, hash))
    }

    fn change_bytes(&self, document: DocumentId, hash: ChangeHash) -> Option<&[u8]> {
        let place = self.carriers(document, hash).first()?;
        match self.at(*place)?.envelope().content() {
            Content::Change(change) => Some(change.bytes.as_slice()),
            _ => None,
        }
    }
}
