//! The gate before Automerge.

use automerge::{Automerge, LoadOptions, TextEncoding};
use copact_core::change::DocumentId;
use copact_core::document::{Document, Gate};
use copact_core::ids::ChangeHash;
use sha2::{Digest, Sha256};

use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// A change passed of which Automerge makes no document, or none that loads again.
pub fn target(bytes: &[u8]) {
    judge(&honest::CHANGES, bytes);
    let (which, script) = first(bytes);
    let changes = &*honest::CHANGES;
    let which = usize::from(which) % changes.len();
    let change = with_fields(&changes[which], |fields| mutate(fields, script));
    judge(&changes[..which], &change);
}

/// Judges a change after others, and if it is ok makes the document.
fn judge(before: &[Vec<u8>], change: &[u8]) {
    let mut gate = Gate::new(&DocumentId::Contract);
    let mut known: Vec<(ChangeHash, &[u8])> = Vec::new();
    for bytes in before {
        let hash = gate.judge(honest::ACTOR, bytes, &|_| true).expect("an honest change is ok");
        known.push((hash, bytes));
    }
    let again = |gate: &mut Gate| gate.judge(honest::ACTOR, change, &|_| true);
    let verdict = again(&mut gate);
    assert_eq!(again(&mut gate), verdict, "a verdict is final");
    let hash = match verdict {
        Ok(hash) => hash,
        Err(void) => {
            assert!(!void.to_string().is_empty());
            return;
        }
    };
    known.push((hash, change));
    let heads = gate.closure(&[hash]).expect("the change and what it builds on");
    let bytes = |hash| known.iter().find(|(known, _)| *known == hash).map(|(_, bytes)| *bytes);
    let document = Document::build(&DocumentId::Contract, &heads, &bytes);
    let document = document.expect("what passed the gate makes a document");
    saves_and_loads(document.automerge());
}

fn saves_and_loads(doc: &Automerge) {
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    let loaded = Automerge::load_with_options(&doc.save(), options).expect("it loads again");
    assert_eq!(loaded.get_heads(), doc.get_heads());
    assert_eq!(loaded.hydrate(None), doc.hydrate(None));
}

/// The change chunk with its fields edited, and length and checksum put right.
fn with_fields(change: &[u8], edit: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let length = change[9..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let fields = edit(&change[9 + length..]);
    let mut hashed = vec![1];
    let mut rest = fields.len();
    loop {
        let bits = u8::try_from(rest & 0x7f).expect("seven bits");
        rest >>= 7;
        hashed.push(if rest > 0 { bits | 0x80 } else { bits });
        if rest == 0 {
            break;
        }
    }
    hashed.extend(fields);
    let mut out = change[..4].to_vec();
    out.extend(&Sha256::digest(&hashed)[..4]);
    out.extend(hashed);
    out
}

#[cfg(test)]
mod tests {
    use super::{judge, with_fields};
    use crate::honest;

    #[test]
    fn without_an_edit_the_change_stays_as_it_is_and_is_ok() {
        for (place, change) in honest::CHANGES.iter().enumerate() {
            assert_eq!(&with_fields(change, <[u8]>::to_vec), change);
            judge(&honest::CHANGES[..place], change);
        }
    }
}
