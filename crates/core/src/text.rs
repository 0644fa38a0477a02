//! Text that people typed, held in types that only valid text fits in.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Serialize, Serializer};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::limits;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to see in it.
    #[error("{what} is empty; write at least one visible character")]
    Empty {
        /// What the text was for.
        what: &'static str,
    },
    /// Longer than the limit.
    #[error("{what} is {bytes} bytes long; at most {limit} fit, so shorten it")]
    TooLong {
        /// What the text was for.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
    /// A character that could hide or reorder what people read.
    #[error(
        "{what} has an invisible or text-reordering character (U+{code:04X}) in it; remove that character"
    )]
    Hidden {
        /// What the text was for.
        what: &'static str,
        /// The character.
        code: u32,
    },
    /// Not in Unicode normal form C. Only foreign bytes can be: what people type is normalised.
    #[error(
        "{what} is not in Unicode normal form C; write it again on a current version of copact"
    )]
    NotNormal {
        /// What the text was for.
        what: &'static str,
    },
}

/// Characters that reorder what follows, so that a name could pose as another.
const fn reorders(c: char) -> bool {
    matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether a character could hide or reorder what people read. Line breaks and tabs pass where
/// `lines` says that the text may have several lines.
pub(crate) fn hides(c: char, lines: bool) -> bool {
    let line_control = lines && matches!(c, '\n' | '\t');
    (c.is_control() && !line_control) || reorders(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

fn check(text: &str, what: &'static str, limit: usize, lines: bool) -> Result<(), TextError> {
    if text.len() > limit {
        return Err(TextError::TooLong { what, bytes: text.len(), limit });
    }
    if !text.chars().any(visible) {
        return Err(TextError::Empty { what });
    }
    match text.chars().find(|&c| hides(c, lines)) {
        Some(c) => Err(TextError::Hidden { what, code: u32::from(c) }),
        None if !is_nfc(text) => Err(TextError::NotNormal { what }),
        None => Ok(()),
    }
}

fn visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c.general_category(),
            GeneralCategory::Format | GeneralCategory::Control | GeneralCategory::Unassigned
        )
}

macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident, $what:literal, $limit:expr, lines: $lines:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Trims, normalises to NFC and checks what a person typed.
            ///
            /// # Errors
            /// Empty, too long, or with characters that hide or reorder text.
            pub fn new(text: &str) -> Result<Self, TextError> {
                // Normalising can grow a text threefold, so a far too long one is refused before.
                if text.len() > 4 * $limit {
                    let bytes = text.len();
                    return Err(TextError::TooLong { what: $what, bytes, limit: $limit });
                }
                let text: String = text.trim().nfc().collect();
                check(&text, $what, $limit, $lines)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                e.str(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let text = d.str()?;
                check(text, $what, $limit, $lines).map_err(decode::Error::message)?;
                if text.trim().len() != text.len() {
                    return Err(decode::Error::message(concat!($what, ": white space around it")));
                }
                Ok(Self(text.to_owned()))
            }
        }
    };
}

text_type!(
    /// A name of a person, group or meeting: one line, at most 200 bytes, NFC, nothing hidden.
    Name, "the name", limits::NAME_BYTES, lines: false
);
text_type!(
    /// Free text: at most 16 KiB, NFC, line breaks and tabs allowed, nothing hidden.
    FreeText, "the text", limits::TEXT_BYTES, lines: true
);
text_type!(
    /// The group's own word for a role.
    RoleWord, "the role", limits::ROLE_BYTES, lines: false
);
text_type!(
    /// What a permission is for.
    Purpose, "the purpose", limits::PURPOSE_BYTES, lines: false
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_normalised_and_nothing_hides_in_them() {
        assert_eq!(Name::new("  Zoe\u{308} ").unwrap().as_str(), "Zoë");
        assert!(matches!(Name::new(" \u{200D} "), Err(TextError::Empty { .. })));
        assert!(matches!(Name::new("a\u{202E}b"), Err(TextError::Hidden { code: 0x202E, .. })));
        assert!(matches!(Name::new("a\nb"), Err(TextError::Hidden { .. })));
        assert!(matches!(
            Name::new(&"x".repeat(10_000)),
            Err(TextError::TooLong { bytes: 10_000, .. })
        ));
        assert!(FreeText::new("one\n\ttwo").is_ok());
        let foreign = minicbor::to_vec("Zoe\u{308}").unwrap();
        assert!(minicbor::decode::<Name>(&foreign).is_err());
    }
}
