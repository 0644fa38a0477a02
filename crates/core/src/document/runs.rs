//! Run-length encoded columns. Lengths are bounded before anything is expanded: a few bytes can
//! claim 2^60 rows.

use super::VoidChange;
use super::chunk::Reader;

/// Appends `count` times, refusing to pass the limit before a single one is made.
fn extend<T: Clone>(
    out: &mut Vec<T>,
    value: T,
    count: u64,
    limit: usize,
) -> Result<(), VoidChange> {
    let count = usize::try_from(count).map_err(|_| VoidChange::TooManyOps)?;
    match out.len().checked_add(count) {
        Some(len) if len <= limit => out.resize(len, value),
        _ => return Err(VoidChange::TooManyOps),
    }
    Ok(())
}

/// A run-length column: positive counts repeat one value, negative ones list values, zero is nulls.
pub(super) fn runs<'a, T: Clone>(
    bytes: &'a [u8],
    what: &'static str,
    limit: usize,
    read: impl Fn(&mut Reader<'a>) -> Result<T, VoidChange>,
) -> Result<Vec<Option<T>>, VoidChange> {
    let mut reader = Reader::new(bytes, what);
    let mut out = Vec::new();
    while !reader.is_empty() {
        let count = reader.signed()?;
        if count > 0 {
            let value = read(&mut reader)?;
            extend(&mut out, Some(value), count.unsigned_abs(), limit)?;
        } else if count < 0 {
            for _ in 0..count.unsigned_abs() {
                let value = read(&mut reader)?;
                extend(&mut out, Some(value), 1, limit)?;
            }
        } else {
            let nulls = reader.unsigned()?;
            if nulls == 0 {
                return Err(reader.malformed());
            }
            extend(&mut out, None, nulls, limit)?;
        }
    }
    Ok(out)
}

/// Alternating runs of false and true, false first; an empty column is all false.
pub(super) fn flags(
    bytes: &[u8],
    what: &'static str,
    rows: usize,
) -> Result<Vec<bool>, VoidChange> {
    let mut reader = Reader::new(bytes, what);
    let mut out = Vec::new();
    let mut value = false;
    while !reader.is_empty() {
        let count = reader.unsigned()?;
        if count == 0 && (value || !out.is_empty()) {
            return Err(reader.malformed());
        }
        extend(&mut out, value, count, rows)?;
        value = !value;
    }
    if out.is_empty() {
        out.resize(rows, false);
    }
    if out.len() == rows { Ok(out) } else { Err(reader.malformed()) }
}

/// Sums up the differences of a delta column. Ids are positive and small, so that what overflows or
/// goes negative refers to nothing.
pub(super) fn sums(deltas: Vec<Option<i64>>) -> Result<Vec<Option<u64>>, VoidChange> {
    let mut at = 0_i64;
    deltas
        .into_iter()
        .map(|delta| {
            delta
                .map(|delta| {
                    at = at.checked_add(delta).ok_or(VoidChange::Malformed("counters"))?;
                    u64::try_from(at).map_err(|_| VoidChange::Malformed("counters"))
                })
                .transpose()
        })
        .collect()
}

/// Fills up an absent column with nulls; a present one has a value or null for every row.
pub(super) fn exactly<T: Clone>(
    mut column: Vec<Option<T>>,
    rows: usize,
    what: &'static str,
) -> Result<Vec<Option<T>>, VoidChange> {
    if column.is_empty() {
        column.resize(rows, None);
    }
    if column.len() == rows { Ok(column) } else { Err(VoidChange::Malformed(what)) }
}
