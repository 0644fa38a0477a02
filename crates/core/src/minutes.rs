//! The minutes of a meeting: one text that people write together, an Automerge document.

use automerge::{ObjType, ROOT, ReadDoc, Value};

use crate::contract::{EditError, Editor, checked_text};
use crate::limits;

/// The text at the root of the document, made by its base change.
pub const TEXT: &str = "text";

/// What the minutes say; empty if nothing was written yet.
#[must_use]
pub fn read<D: ReadDoc>(doc: &D) -> String {
    match doc.get(ROOT, TEXT) {
        Ok(Some((Value::Object(ObjType::Text), text))) => doc.text(text).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Makes the minutes equal to `new_text`, touching only the scalars that differ; false if none
/// does. Line breaks are written as one line feed, and the text in Unicode normal form C.
///
/// # Errors
/// A text beyond the limit or with characters that hide or reorder; a document that is not one of
/// minutes.
pub fn edit_minutes(editor: &mut Editor, new_text: &str) -> Result<bool, EditError> {
    let new_text = checked_text("the minutes", new_text, limits::MINUTES_BYTES)?;
    let found = editor.doc()?.get(ROOT, TEXT)?;
    let Some((Value::Object(ObjType::Text), text)) = found else {
        return Err(EditError::NotOurs { missing: "text" });
    };
    editor.write(&text, &new_text)
}
