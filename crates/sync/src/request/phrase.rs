//! The phrase that two people compare.

use copact_core::ids::tagged_hash;

/// Digits and letters without I, L, O (read as 1 and 0) and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS: usize = 16;
const GROUP: usize = 4;

/// `K7QM 03XV …`: five bits a character, from the first 80 bits of the hash.
pub(super) fn of(bytes: &[u8]) -> String {
    let hash = tagged_hash("copact request phrase 1", &[bytes]);
    let bits = hash
        .iter()
        .take(CHARACTERS * 5 / 8)
        .fold(0_u128, |bits, &byte| bits << 8 | u128::from(byte));
    let mut phrase = String::new();
    for place in 0..CHARACTERS {
        if place > 0 && place % GROUP == 0 {
            phrase.push(' ');
        }
        let five = usize::try_from(bits >> (5 * (CHARACTERS - 1 - place)) & 31).unwrap_or_default();
        phrase.push(ALPHABET.get(five).copied().map_or(' ', char::from));
    }
    phrase
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_phrase_has_eighty_bits_that_all_count() {
        let phrase = of(b"request");
        assert_eq!(phrase.split(' ').map(str::len).collect::<Vec<_>>(), [4; 4]);
        // Read back as a number, it is the beginning of the hash: no bit was lost.
        let read = phrase.bytes().filter(|&c| c != b' ').fold(0_u128, |bits, c| {
            bits << 5 | ALPHABET.iter().position(|&a| a == c).unwrap() as u128
        });
        let hash = tagged_hash("copact request phrase 1", &[b"request"]);
        assert_eq!(read.to_be_bytes()[6..], hash[..10]);
        assert!(!ALPHABET.iter().any(|c| b"ILOU".contains(c)));
    }
}
