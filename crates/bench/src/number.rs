//! Counts as numbers that can be divided: bytes and entries, all far below 2^52.

/// A count as a fraction's part.
pub(crate) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A count as SQLite and seeds have it.
pub(crate) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Every byte a different hash or seed in need of one.
pub(crate) fn spread(number: usize) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(wide(number).to_le_bytes()) {
        *to = from;
    }
    bytes
}
