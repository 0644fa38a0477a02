//! Edits to honest bytes, as a script of bytes says.

/// Bytes at the beginning that are edited more often.
const HEAD: usize = 96;
/// Values at the edges of number formats.
const EDGES: [u8; 8] = [0, 1, 0x17, 0x18, 0x7f, 0x80, 0xfe, 0xff];

/// Takes the first byte off, or 0.
#[must_use]
pub fn first(script: &[u8]) -> (u8, &[u8]) {
    script.split_first().map_or((0, script), |(first, rest)| (*first, rest))
}

/// Edits `honest`. The script's first byte says how many edits are made, mostly one or two, since
/// much more is refused at the first check; every four bytes after it are one edit: what, where
/// (two bytes), with what. An empty script changes nothing.
#[must_use]
pub fn mutate(honest: &[u8], script: &[u8]) -> Vec<u8> {
    let mut bytes = honest.to_vec();
    let (many, edits) = first(script);
    for edit in
        edits.chunks_exact(4).take(1 + (0..8).take_while(|bit| many >> bit & 1 == 1).count())
    {
        let &[what, high, low, with] = edit else { continue };
        if bytes.is_empty() {
            bytes.push(with);
        }
        // Half of the edits are made where headers are.
        let within = if what >= 128 { bytes.len().min(HEAD) } else { bytes.len() };
        let at = usize::from(u16::from_be_bytes([high, low])) % within;
        let end = bytes.len().min(at + 1 + usize::from(with));
        match what % 10 {
            0 => bytes[at] = with,
            1 => bytes[at] ^= 1 << (with % 8),
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => bytes[at] = bytes[at].wrapping_sub(1),
            4 => bytes[at] = EDGES[usize::from(with) % EDGES.len()],
            5 => bytes.insert(at, with),
            6 => drop(bytes.drain(at..end)),
            7 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(end..end, again);
            }
            8 => bytes.truncate(at),
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
        assert_eq!(mutate(b"abc", &[0, 0, 0, 1, b'x']), b"axc");
        assert_eq!(mutate(b"abc", &[0, 5, 0, 1, b'x']), b"axbc");
        assert_eq!(mutate(b"abc", &[0, 6, 0, 1, 9]), b"a");
        assert_eq!(mutate(b"abc", &[0, 7, 0, 1, 9]), b"abcbc");
        assert_eq!(mutate(b"abc", &[0, 8, 0, 1, 0, 0, 0, 0, b'x']), b"a", "one edit");
        assert_eq!(mutate(b"abc", &[1, 8, 0, 1, 0, 0, 0, 0, b'x']), b"x", "two edits");
        assert_eq!(mutate(b"", &[0, 0, 0, 0, 7]), [7]);
    }
}
