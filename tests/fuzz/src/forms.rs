//! Putting the checksums of copact's files right after an edit.

use copact_core::ids::tagged_hash;

const MAGIC: usize = 15;
const LENGTH: usize = 9;
const CHECKSUM: usize = 16;

/// A file with the record that `edit` makes of its record, its length and checksum right, and with
/// what follows.
///
/// # Panics
/// `file` is no file of copact's.
#[must_use]
pub fn with_record(file: &[u8], tag: &str, edit: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let magic = &file[..MAGIC];
    let start = MAGIC + 1 + LENGTH;
    let len: [u8; 4] = file[MAGIC + 2..MAGIC + 6].try_into().expect("four bytes");
    let end = start + usize::try_from(u32::from_be_bytes(len)).expect("a length");
    let record = edit(&file[start..end]);
    let mut out = file[..=MAGIC].to_vec();
    let len = u32::try_from(record.len()).expect("a length").to_be_bytes();
    out.push(1);
    out.extend(len);
    out.extend(&tagged_hash("copact length 1", &[magic, &[1], &len])[..4]);
    out.extend(record);
    let checksum = tagged_hash(tag, &[&out]);
    out.extend(&checksum[..CHECKSUM]);
    out.extend(&file[end + CHECKSUM..]);
    out
}

#[cfg(test)]
mod tests {
    use super::with_record;
    use crate::honest;

    #[test]
    fn without_an_edit_the_file_stays_as_it_is() {
        let bundle = &*honest::BUNDLE;
        assert_eq!(&with_record(bundle, "copact bundle header 1", <[u8]>::to_vec), bundle);
        for request in honest::REQUESTS.iter() {
            let file = request.to_bytes();
            assert_eq!(with_record(&file, "copact request 1", <[u8]>::to_vec), file);
        }
    }
}
