//! Side texts: what people typed into entries, salted, named by hash, kept beside the ledger and
//! erasable.

use minicbor::{Decode, Encode};

use crate::ids::{Salt, TextHash, tagged_hash};
use crate::text::FreeText;

/// A salted text. The salt keeps a short text from being guessed from the hash that stays behind
/// when the text is erased.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SideText {
    /// Random.
    #[n(0)]
    pub salt: Salt,
    /// What was typed.
    #[n(1)]
    pub text: FreeText,
}

impl SideText {
    /// The hash by which entries name it.
    #[must_use]
    pub fn hash(&self) -> TextHash {
        TextHash::from_bytes(tagged_hash(
            "copact text 1",
            &[self.salt.as_bytes(), self.text.as_str().as_bytes()],
        ))
    }
}
