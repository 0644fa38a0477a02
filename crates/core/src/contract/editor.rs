//! Turning an edit into Automerge changes.

use automerge::transaction::{CommitOptions, OwnedTransaction, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ReadDoc, TextEncoding};

use super::scalars::{self, Hunk};
use crate::ids::PartId;
use crate::limits;

/// Why an edit was refused. The document is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// No such section.
    #[error("the contract has no section {id} any more; look at `contract show` and try again")]
    NoSection {
        /// What was asked for.
        id: PartId,
    },
    /// A text that does not fit.
    #[error("{what} is {bytes} bytes long; at most {limit} fit, so shorten it")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
    /// A character that could hide or reorder what people read.
    #[error(
        "line {line} of {what} has an invisible or text-reordering character (U+{code:04X}); \
         remove that character"
    )]
    Hidden {
        /// Which text.
        what: &'static str,
        /// Counted from 1.
        line: usize,
        /// The character.
        code: u32,
    },
    /// The source of fresh ids gave only ids that are taken.
    #[error("no fresh id for a new section or goal; the random source repeats itself, try again")]
    NoFreshId,
    /// Not a document of this group's.
    #[error("the document has no {missing}; it was not made from this group's first change")]
    NotOurs {
        /// What should be there.
        missing: &'static str,
    },
    /// One change cannot be made small enough.
    #[error(
        "the change is {bytes} bytes long; at most {limit} fit, so make it in several smaller steps"
    )]
    ChangeTooBig {
        /// Its length.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
    /// Automerge refused.
    #[error("the document could not be changed ({0}); run `copact doctor`, then try again")]
    Document(#[from] AutomergeError),
}

/// Bytes of a change that hold no operation: header, actors, column table.
const FRAME: usize = 1_024;
/// Bytes that one operation takes at most beside its value: its object, key, predecessor.
const OPERATION: usize = 40;
/// Bytes that one deleted scalar takes at most.
const DELETED: usize = 20;
/// Bytes that one inserted scalar takes at most beside its own, when it follows another one.
const INSERTED: usize = 4;
/// Scalars inserted or deleted by one call to Automerge.
const PIECE: usize = 2_048;

/// A copy of a document that is being edited.
pub struct Editor {
    /// `None` only while a change is being closed.
    transaction: Option<OwnedTransaction>,
    /// The most that the operations of the open change can take, in bytes.
    spent: usize,
    budget: usize,
    changes: Vec<Vec<u8>>,
}

/// Edits a copy of `doc` as `actor` and returns the new changes, uncompressed, in the order in
/// which they have to be applied: usually one, several if they would not fit into an envelope, none
/// if the edit changes nothing. Each has time 0 and no message. `doc` itself is left alone.
///
/// `actor` must not have written a change that `doc` does not have.
///
/// # Errors
/// What `edit` returns; a change that is too big; a document of another text encoding.
pub fn make_change<E: From<EditError>>(
    doc: &Automerge,
    actor: [u8; 16],
    edit: impl FnOnce(&mut Editor) -> Result<(), E>,
) -> Result<Vec<Vec<u8>>, E> {
    let mut editor = Editor::open(doc, actor)?;
    edit(&mut editor)?;
    Ok(editor.close()?)
}

impl Editor {
    fn open(doc: &Automerge, actor: [u8; 16]) -> Result<Self, EditError> {
        if doc.text_encoding() != TextEncoding::Utf16CodeUnit {
            return Err(EditError::NotOurs { missing: "text in UTF-16 code units" });
        }
        let heads = doc.get_heads().len();
        let mut copy = doc.clone();
        copy.set_actor(ActorId::from(actor));
        Ok(Self {
            transaction: Some(begin(copy)?),
            spent: 0,
            budget: limits::BODY_BYTES.saturating_sub(2 * FRAME + 40 * heads),
            changes: Vec::new(),
        })
    }

    fn close(mut self) -> Result<Vec<Vec<u8>>, EditError> {
        self.commit()?;
        Ok(self.changes)
    }

    /// The document with everything edited so far.
    ///
    /// # Errors
    /// Never, unless an earlier call failed.
    pub(crate) fn doc(&self) -> Result<&OwnedTransaction, EditError> {
        self.transaction.as_ref().ok_or(EditError::NotOurs { missing: "open change" })
    }

    fn open_change(&mut self) -> Result<&mut OwnedTransaction, EditError> {
        self.transaction.as_mut().ok_or(EditError::NotOurs { missing: "open change" })
    }

    /// Closes the open change, if it holds anything.
    fn commit(&mut self) -> Result<Automerge, EditError> {
        let open = self.transaction.take();
        let open = open.ok_or(EditError::NotOurs { missing: "open change" })?;
        let (doc, hash, _) = open.commit_with(CommitOptions::default().with_time(0));
        if let Some(change) = hash.and_then(|hash| doc.get_change_by_hash(&hash)) {
            let bytes = change.raw_bytes().to_vec();
            let limit = limits::BODY_BYTES - FRAME;
            if bytes.len() > limit {
                return Err(EditError::ChangeTooBig { bytes: bytes.len(), limit });
            }
            self.changes.push(bytes);
        }
        self.spent = 0;
        Ok(doc)
    }

    /// Makes room for operations of at most that many bytes, in a new change if need be.
    fn spend(&mut self, bytes: usize) -> Result<&mut OwnedTransaction, EditError> {
        if self.spent > 0 && self.spent + bytes > self.budget {
            let doc = self.commit()?;
            self.transaction = Some(begin(doc)?);
        }
        self.spent += bytes;
        self.open_change()
    }

    pub(crate) fn put(&mut self, map: &ObjId, key: &str, value: &str) -> Result<(), EditError> {
        let bytes = OPERATION + key.len() + value.len();
        Ok(self.spend(bytes)?.put(map, key, value)?)
    }

    pub(crate) fn delete(&mut self, map: &ObjId, key: &str) -> Result<(), EditError> {
        Ok(self.spend(OPERATION + key.len())?.delete(map, key)?)
    }

    pub(crate) fn make(
        &mut self,
        map: &ObjId,
        key: &str,
        kind: ObjType,
    ) -> Result<ObjId, EditError> {
        Ok(self.spend(OPERATION + key.len())?.put_object(map, key, kind)?)
    }

    /// Makes a text equal to `target`, touching only the scalars that differ; false if none does.
    ///
    /// # Errors
    /// Not a text of this document.
    pub(crate) fn write(&mut self, text: &ObjId, target: &str) -> Result<bool, EditError> {
        let current = self.doc()?.text(text)?;
        if current == target {
            return Ok(false);
        }
        let old: Vec<char> = current.chars().collect();
        let new: Vec<char> = target.chars().collect();
        let mut at = 0;
        let mut kept = 0;
        for Hunk { old: gone, new: added } in scalars::hunks(&old, &new) {
            at += units(old.get(kept..gone.start).unwrap_or(&[]));
            kept = gone.end;
            let added = new.get(added).unwrap_or(&[]);
            self.replace(text, at, old.get(gone).unwrap_or(&[]), added)?;
            at += units(added);
        }
        // An element of several scalars, which only a foreign program writes, goes as a whole.
        if self.doc()?.text(text)? != target {
            let length = self.doc()?.length(text);
            let deleted = isize::try_from(length).unwrap_or(isize::MAX);
            self.spend(DELETED * length)?.splice_text(text, 0, deleted, "")?;
            self.replace(text, 0, &[], &new)?;
        }
        Ok(true)
    }

    /// Inserts before what it deletes, both from UTF-16 code unit `at` on.
    fn replace(
        &mut self,
        text: &ObjId,
        at: usize,
        gone: &[char],
        added: &[char],
    ) -> Result<(), EditError> {
        let mut place = at;
        for piece in added.chunks(PIECE) {
            let inserted: String = piece.iter().collect();
            let bytes = OPERATION + INSERTED * piece.len() + inserted.len();
            self.spend(bytes)?.splice_text(text, place, 0, &inserted)?;
            place += units(piece);
        }
        for piece in gone.chunks(PIECE) {
            let deleted = isize::try_from(units(piece)).unwrap_or(isize::MAX);
            self.spend(DELETED * piece.len())?.splice_text(text, place, deleted, "")?;
        }
        Ok(())
    }
}

fn begin(doc: Automerge) -> Result<OwnedTransaction, EditError> {
    doc.into_transaction(None, None)
        .map_err(|_| EditError::NotOurs { missing: "history of its own" })
}

fn units(text: &[char]) -> usize {
    text.iter().map(|c| c.len_utf16()).sum()
}
