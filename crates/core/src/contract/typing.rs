//! A section's text while somebody types in it.
//!
//! [`super::make_change`] compares whole texts, which is right for a file edited elsewhere. Who
//! types says where, so a burst of typing costs what was typed and not what the text is long.

use automerge::transaction::{CommitOptions, OwnedTransaction, Transactable};
use automerge::{ActorId, Automerge, ObjId, ReadDoc, TextEncoding};

use super::content::Reading;
use super::editor::EditError;
use super::schema;
use crate::ids::PartId;
use crate::limits;
use crate::text::hides;

/// Bytes of a change beside its body's operations: header, actors, dependencies.
const FRAME: usize = 1_024;
/// Bytes that a deleted scalar takes at most.
const DELETED: usize = 20;
/// Bytes that an inserted scalar takes at most beside its own.
const INSERTED: usize = 24;

/// A section's body, open for typing. Places are counted in UTF-16 code units, as phones do.
pub struct Typing {
    /// `None` only while a burst is being closed, or after that failed.
    open: Option<OwnedTransaction>,
    body: ObjId,
    /// The most that the open burst can take, in bytes.
    spent: usize,
    done: Vec<Vec<u8>>,
}

impl Typing {
    /// Opens the body of a section of a document, to write as `actor`, which must not have
    /// written a change that `doc` does not have.
    ///
    /// # Errors
    /// No such section, or a document of another text encoding.
    pub fn open(mut doc: Automerge, actor: [u8; 16], section: PartId) -> Result<Self, EditError> {
        if doc.text_encoding() != TextEncoding::Utf16CodeUnit {
            return Err(EditError::NotOurs { missing: "text in UTF-16 code units" });
        }
        let reading = Reading::now(&doc);
        let found = reading.sections().into_iter().find(|one| one.part.id == section);
        let section = found.ok_or(EditError::NoSection { id: section })?;
        let body = reading.text_object(&section.object, schema::BODY);
        let body = body.ok_or(EditError::NotOurs { missing: "body of that section" })?;
        doc.set_actor(ActorId::from(actor));
        Ok(Self { open: Some(begin(doc)?), body, spent: 0, done: Vec::new() })
    }

    /// Replaces `deleted` units from `at` on by a text.
    ///
    /// # Errors
    /// A place outside the text, or a character that hides or reorders what people read.
    pub fn replace(&mut self, at: usize, deleted: usize, inserted: &str) -> Result<(), EditError> {
        if let Some(c) = inserted.chars().find(|&c| hides(c, true)) {
            return Err(EditError::Hidden { what: "the text", line: 1, code: u32::from(c) });
        }
        let bytes = DELETED * deleted + INSERTED * inserted.len();
        let limit = limits::BODY_BYTES - FRAME;
        if bytes > limit {
            return Err(EditError::ChangeTooBig { bytes, limit });
        }
        if self.spent + bytes > limit {
            self.close_burst()?;
        }
        self.spent += bytes;
        let deleted = isize::try_from(deleted).unwrap_or(isize::MAX);
        let open = self.open.as_mut().ok_or(EditError::NotOurs { missing: "open change" })?;
        Ok(open.splice_text(&self.body, at, deleted, inserted)?)
    }

    /// The text that is typed in.
    #[must_use]
    pub const fn body(&self) -> &ObjId {
        &self.body
    }

    /// Ends a burst: the changes since the last one, uncompressed, in the order in which they have
    /// to be applied; usually one, none if nothing was typed.
    ///
    /// # Errors
    /// Never, unless an earlier call failed.
    pub fn pause(&mut self) -> Result<Vec<Vec<u8>>, EditError> {
        self.close_burst()?;
        Ok(std::mem::take(&mut self.done))
    }

    /// The document with all bursts that have ended.
    ///
    /// # Errors
    /// Never, unless an earlier call failed.
    pub fn close(mut self) -> Result<Automerge, EditError> {
        self.close_burst()?;
        let open = self.open.take().ok_or(EditError::NotOurs { missing: "open change" })?;
        Ok(open.commit().0)
    }

    fn close_burst(&mut self) -> Result<(), EditError> {
        let open = self.open.take().ok_or(EditError::NotOurs { missing: "open change" })?;
        let (doc, hash, _) = open.commit_with(CommitOptions::default().with_time(0));
        if let Some(change) = hash.and_then(|hash| doc.get_change_by_hash(&hash)) {
            self.done.push(change.raw_bytes().to_vec());
        }
        self.spent = 0;
        self.open = Some(begin(doc)?);
        Ok(())
    }
}

fn begin(doc: Automerge) -> Result<OwnedTransaction, EditError> {
    doc.into_transaction(None, None)
        .map_err(|_| EditError::NotOurs { missing: "history of its own" })
}
