//! The digest of a contract's text that people read out to each other.

use crate::ids::{bytes_type, tagged_hash};

bytes_type!(
    /// The hash of a contract's written text: who reads the same words has the same digest.
    ContractDigest,
    32
);

/// Crockford's base 32: no I, L, O or U, which are easily misread or misheard.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

impl ContractDigest {
    /// The digest of a written text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::from_bytes(tagged_hash("copact contract text 1", &[text.as_bytes()]))
    }

    /// The first 80 bits as four groups of four letters and digits, to be read out loud.
    #[must_use]
    pub fn words(&self) -> String {
        let bits = self.as_bytes().iter().take(10).fold(0u128, |all, &b| all << 8 | u128::from(b));
        let mut words = String::with_capacity(19);
        for place in 0..16u32 {
            if place > 0 && place % 4 == 0 {
                words.push('-');
            }
            let five = usize::try_from(bits >> (75 - 5 * place) & 31).unwrap_or_default();
            words.extend(LETTERS.get(five));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn words_are_the_first_eighty_bits() {
        let mut bytes = [0xFF; 32];
        bytes[..10].copy_from_slice(&[0, 0, 0, 0, 0, 0x08, 0x42, 0x10, 0x84, 0x3F]);
        assert_eq!(ContractDigest::from_bytes(bytes).words(), "0000-0000-1111-111Z");
        assert_eq!(ContractDigest::from_bytes([0xFF; 32]).words(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_ne!(ContractDigest::of("a"), ContractDigest::of("b"));
    }
}
