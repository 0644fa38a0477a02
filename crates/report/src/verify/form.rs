//! What a bundle of each form has in it, and must not have: what is beside the figures is read,
//! too, and whoever made the file chose it.

use std::collections::BTreeSet;

use copact_core::change::Withheld;
use copact_core::entry::Record;
use copact_core::envelope::{Content, Verified};
use copact_core::limits;
use copact_core::views::Views;

use super::{Failed, failed};
use crate::bundle::{Bundle, Form, is_theirs};

/// Bytes of the shortest body that has a change, void ones too: those of a Leave are fewer.
const LEAST: usize = 8;
/// Bytes of a change beside its dependencies, and of one of these.
const HASH: usize = 32;
/// Bytes of a note or permission beside its purpose, at most.
const ENTRY: usize = 92;

/// Before any row is looked at.
pub(super) fn whole(bundle: &Bundle) -> Result<(), Failed> {
    let (beside, expected) = match bundle.form {
        Form::Sealed => {
            (!bundle.texts.is_empty() || !bundle.profiles.is_empty(), "no free text and no name")
        }
        Form::Audit => (!bundle.tables.is_empty(), "the text, and no table in place of it"),
    };
    if beside { Err(failed("form", "the bundle", expected, "some")) } else { Ok(()) }
}

/// A sealed bundle withholds words and nothing else: else its tables would stand beside the text
/// that they are in place of. What is withheld is as long as what it is said to be.
pub(super) fn row(form: Form, place: &str, envelope: &Verified) -> Result<(), Failed> {
    let bytes = usize::try_from(envelope.header().body_len).unwrap_or(usize::MAX);
    let words = match envelope.content() {
        Content::Withheld(withheld) => return length(place, withheld, bytes),
        Content::Change(_) => true,
        Content::Entry(entry) => {
            matches!(entry.record, Record::Note(_) | Record::Permission { .. })
        }
        Content::Act(_) => false,
    };
    if words && form == Form::Sealed {
        return Err(failed("withheld", place, "words withheld, as a sealed bundle does", "words"));
    }
    Ok(())
}

fn length(place: &str, withheld: &Withheld, bytes: usize) -> Result<(), Failed> {
    let fits = match withheld {
        Withheld::Entry { .. } => (LEAST..=ENTRY + limits::PURPOSE_BYTES).contains(&bytes),
        Withheld::Change { void: true } => bytes >= LEAST,
        Withheld::Change { void: false } => bytes >= 2 * HASH,
        // Each of them stands in the change.
        Withheld::Passed { deps, .. } => bytes / HASH > deps.len(),
    };
    let found = || format!("one of {bytes} bytes, which is something else");
    let expected = "a body that can be what is told in its place";
    if fits { Ok(()) } else { Err(failed("withheld", place, expected, found())) }
}

/// What an audit adds is named by the ledger, and signed.
pub(super) fn words(bundle: &Bundle, views: &Views<'_>) -> Result<(), Failed> {
    let named = views.ledger.named_texts();
    let mut seen = BTreeSet::new();
    for (number, text) in (1..).zip(&bundle.texts) {
        if !named.contains(&text.hash()) || !seen.insert(text.hash()) {
            let expected = "one that an entry names, once";
            return Err(failed("text", format!("text {number}"), expected, "another"));
        }
    }
    for (number, profile) in (1..).zip(&bundle.profiles) {
        if !is_theirs(views, profile) {
            let expected = "a name that its member signed";
            return Err(failed("profile", format!("name {number}"), expected, "another"));
        }
    }
    Ok(())
}
