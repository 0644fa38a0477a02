//! Making the Automerge document out of the changes that passed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change, ReadDoc, TextEncoding};

use super::base;
use crate::change::DocumentId;
use crate::ids::ChangeHash;

/// Why a document could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The store lacks a change's bytes.
    #[error("the bytes of change {0} are missing; run `copact doctor` to fetch them again")]
    Missing(ChangeHash),
    /// Automerge broke on changes that passed the gate. Nothing is void for that; `document` lacks
    /// them, and what builds on them, on this device.
    #[error(
        "{} changes cannot be shown by this version of copact and are left out here; \
         nothing is lost: update copact and open the document again", .left_out.len()
    )]
    Quarantined {
        /// The document without them.
        document: Box<Document>,
        /// The changes without which the rest works, and those that build on them.
        left_out: Vec<ChangeHash>,
    },
}

/// An Automerge document; text is counted in UTF-16 code units, as phones do.
#[derive(Clone)]
pub struct Document(Automerge);

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Document").field(&self.0.get_heads()).finish()
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.0.get_heads() == other.0.get_heads()
    }
}

impl Eq for Document {}

impl Document {
    /// The document of nothing but its first change.
    ///
    /// # Errors
    /// None, unless Automerge breaks on the fixed first change.
    pub fn new(document: &DocumentId) -> Result<Self, DocumentError> {
        Self::build(document, &[], &|_| None)
    }

    /// Makes the document of its first change and `changes`, in one batch. They are in causal
    /// order, closed under dependencies, and passed the gate, as in [`super::Selection::kept`]; the
    /// first change may be among them. `bytes` looks the bytes of a change up.
    ///
    /// # Errors
    /// Bytes are missing, or Automerge broke: then what works is in the error.
    pub fn build<'a>(
        document: &DocumentId,
        changes: &[ChangeHash],
        bytes: &dyn Fn(ChangeHash) -> Option<&'a [u8]>,
    ) -> Result<Self, DocumentError> {
        Self::build_with(document, changes, bytes, &apply)
    }

    /// As [`Self::build`], with another way to apply a batch, so that a test can break it.
    pub(super) fn build_with<'a>(
        document: &DocumentId,
        changes: &[ChangeHash],
        bytes: &dyn Fn(ChangeHash) -> Option<&'a [u8]>,
        apply: &Apply,
    ) -> Result<Self, DocumentError> {
        let first = base::of(document);
        let mut batch = vec![(first.hash, first.bytes)];
        for &hash in changes.iter().filter(|&&hash| hash != first.hash) {
            batch.push((hash, bytes(hash).ok_or(DocumentError::Missing(hash))?));
        }
        let empty = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        let mut left_out = Vec::new();
        let made = add(empty, &batch, &mut left_out, apply);
        if left_out.is_empty() {
            Ok(Self(made))
        } else {
            Err(DocumentError::Quarantined { document: Box::new(Self(made)), left_out })
        }
    }

    /// The document with further changes, which passed the gate too and follow those that it has:
    /// costs what is new. `None` if bytes are missing or Automerge broke; then [`Self::build`] all
    /// of it anew, which finds out what to leave out.
    #[must_use]
    pub fn extended<'a>(
        self,
        changes: &[ChangeHash],
        bytes: &dyn Fn(ChangeHash) -> Option<&'a [u8]>,
    ) -> Option<Self> {
        let batch: Option<Vec<_>> =
            changes.iter().map(|&hash| Some((hash, bytes(hash)?))).collect();
        let batch = batch?;
        let made = catch_unwind(AssertUnwindSafe(|| attempt(self.0, &batch, &apply)));
        made.ok().flatten().map(Self)
    }

    /// The Automerge document, to read.
    #[must_use]
    pub const fn automerge(&self) -> &Automerge {
        &self.0
    }

    /// The Automerge document, to edit. Set the actor of the chain first, and never use
    /// `isolate` or `transaction_at`: they invent actors, and the gate refuses the change.
    #[must_use]
    pub fn into_automerge(self) -> Automerge {
        self.0
    }
}

/// A way to apply a batch; it may panic.
type Apply = dyn Fn(&mut Automerge, Vec<Change>) -> bool;

fn apply(document: &mut Automerge, batch: Vec<Change>) -> bool {
    document.apply_changes(batch).is_ok()
}

/// Applies all of a batch, or, if Automerge breaks, each half, so that finding one bad change among
/// thousands takes some dozen attempts. What breaks alone is left out, with what builds on it.
fn add(
    document: Automerge,
    batch: &[(ChangeHash, &[u8])],
    left_out: &mut Vec<ChangeHash>,
    apply: &Apply,
) -> Automerge {
    if batch.is_empty() {
        return document;
    }
    // An attempt that fails leaves the document broken, so it gets a copy, which is cheap at first:
    // the document is empty.
    let attempt = catch_unwind(AssertUnwindSafe(|| attempt(document.clone(), batch, apply)));
    if let Ok(Some(made)) = attempt {
        return made;
    }
    if let [(hash, _)] = batch {
        left_out.push(*hash);
        return document;
    }
    let (early, late) = batch.split_at(batch.len() / 2);
    let document = add(document, early, left_out, apply);
    add(document, late, left_out, apply)
}

/// One attempt; none if a change does not decode or was not taken in, as when it builds on what was
/// left out: then Automerge has it wait.
fn attempt(
    mut document: Automerge,
    batch: &[(ChangeHash, &[u8])],
    apply: &Apply,
) -> Option<Automerge> {
    let mut changes = Vec::with_capacity(batch.len());
    for (hash, bytes) in batch {
        let change = Change::try_from(*bytes).ok()?;
        if change.hash().0 != *hash.as_bytes() {
            return None;
        }
        changes.push(change);
    }
    let applied = apply(&mut document, changes) && document.get_missing_deps(&[]).is_empty();
    applied.then_some(document)
}
