//! Numbers and columns, as the format has them.

/// Unsigned LEB128.
pub fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let byte = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        out.push(if value == 0 { byte } else { byte | 0x80 });
        if value == 0 {
            return;
        }
    }
}

/// Signed LEB128.
pub fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        let last = (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0);
        out.push(if last { byte } else { byte | 0x80 });
        if last {
            return;
        }
    }
}

pub(super) fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend(bytes);
}

pub(super) fn deltas(values: impl Iterator<Item = Option<u64>>) -> Vec<Option<i64>> {
    let mut before = 0_u64;
    values
        .map(|value| {
            value.map(|value| {
                let delta = value.wrapping_sub(before).cast_signed();
                before = value;
                delta
            })
        })
        .collect()
}

pub(super) fn flags(values: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut value, mut count) = (false, 0);
    for next in values {
        if next != value {
            unsigned(&mut out, count);
            (value, count) = (next, 0);
        }
        count += 1;
    }
    unsigned(&mut out, count);
    out
}

/// Run-length encoding: runs of two or more, what lies between as one list, nulls counted; nothing
/// at all for a column of nulls.
pub(super) fn runs<T: PartialEq>(
    values: Vec<Option<T>>,
    write: impl Fn(&T, &mut Vec<u8>),
) -> Vec<u8> {
    let mut out = Vec::new();
    if values.iter().all(Option::is_none) {
        return out;
    }
    let mut list: Vec<&T> = Vec::new();
    for run in values.chunk_by(|a, b| a == b) {
        if let ([Some(one)], 1) = (run, run.len()) {
            list.push(one);
            continue;
        }
        list_out(&mut list, &mut out, &write);
        match &run[0] {
            None => {
                signed(&mut out, 0);
                unsigned(&mut out, run.len() as u64);
            }
            Some(value) => {
                unsigned_as_signed(&mut out, run.len());
                write(value, &mut out);
            }
        }
    }
    list_out(&mut list, &mut out, &write);
    out
}

fn list_out<T>(list: &mut Vec<&T>, out: &mut Vec<u8>, write: &impl Fn(&T, &mut Vec<u8>)) {
    if !list.is_empty() {
        signed(out, -i64::try_from(list.len()).unwrap_or(i64::MAX));
        list.drain(..).for_each(|value| write(value, out));
    }
}

fn unsigned_as_signed(out: &mut Vec<u8>, value: usize) {
    signed(out, i64::try_from(value).unwrap_or(i64::MAX));
}
