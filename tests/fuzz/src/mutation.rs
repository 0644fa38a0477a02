//! Edits to honest bytes, as a script of bytes says.

/// Values at the edges of number formats.
const EDGES: [u8; 8] = [0, 1, 0x17, 0x18, 0x7f, 0x80, 0xfe, 0xff];

/// Takes the first byte off, or 0.
#[must_use]
pub fn first(script: &[u8]) -> (u8, &[u8]) {
    script.split_first().map_or((0, script), |(first, rest)| (*first, rest))
}

/// Edits `honest`. Every four bytes of the script are one edit: what, where (two bytes), with what.
/// An empty script changes nothing; at most 16 edits are made.
#[must_use]
pub fn mutate(honest: &[u8], script: &[u8]) -> Vec<u8> {
    let mut bytes = honest.to_vec();
    for edit in script.chunks_exact(4).take(16) {
        let &[what, high, low, with] = edit else { continue };
        if bytes.is_empty() {
            bytes.push(with);
        }
        let at = usize::from(u16::from_be_bytes([high, low])) % bytes.len();
        let end = bytes.len().min(at + 1 + usize::from(with));
        match what % 9 {
            0 => bytes[at] = with,
            1 => bytes[at] ^= 1 << (with % 8),
            2 => bytes[at] = bytes[at].wrapping_add(with),
            3 => bytes[at] = EDGES[usize::from(with) % EDGES.len()],
            4 => bytes.insert(at, with),
            5 => drop(bytes.drain(at..end)),
            6 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(end..end, again);
            }
            7 => bytes.truncate(at),
            _ => {
                let other = usize::from(with) * bytes.len() / 256;
                bytes.swap(at, other);
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::mutate;

    #[test]
    fn a_script_edits_and_an_empty_one_does_not() {
        assert_eq!(mutate(b"abc", b""), b"abc");
        assert_eq!(mutate(b"abc", &[0, 0, 1, b'x']), b"axc");
        assert_eq!(mutate(b"abc", &[4, 0, 1, b'x']), b"axbc");
        assert_eq!(mutate(b"abc", &[5, 0, 1, 9]), b"a");
        assert_eq!(mutate(b"abc", &[6, 0, 1, 9]), b"abcbc");
        assert_eq!(mutate(b"abc", &[7, 0, 1, 0]), b"a");
        assert_eq!(mutate(b"", &[0, 0, 0, 7]), [7]);
    }
}
