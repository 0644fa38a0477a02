//! Files that commands read and write beside the store.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use copact_node::error::{NodeError, reason};

use crate::failure::Failure;

/// Writes a file as a whole: it has all of the bytes, or what it had before.
///
/// # Errors
/// The folder is missing or closed to us, or the disk is full.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let refused = |error: std::io::Error| Failure::from(NodeError::unwritable(path, &error));
    // A device or a pipe is written to as it is; putting a file in its place would be wrong.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return File::options()
            .write(true)
            .open(path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(refused);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // It may never have come to be; the error that matters is the one before.
        let _ = std::fs::remove_file(&part);
        refused(error)
    })
}

/// Reads a file of at most `limit` bytes, and no byte more.
///
/// # Errors
/// The file is missing, closed to us or too large.
pub fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let refused = |error: std::io::Error| {
        Failure::input(
            "read_file",
            format_args!("{} cannot be read: {}", path.display(), reason(&error)),
        )
        .hint("check the name and folder of the file")
    };
    let more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(more).read_to_end(&mut bytes)).map_err(refused)?;
    if bytes.len() > limit {
        return Err(Failure::input(
            "file_too_large",
            format_args!("{} is larger than the {limit} bytes that fit", path.display()),
        )
        .hint("check that this is the file you mean"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ticket.txt");
        write_file(&path, b"first, and longer").unwrap();
        write_file(&path, b"second").unwrap();
        assert_eq!(read_file(&path, 6).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);

        let failure = write_file(&folder.path().join("missing").join("x"), b"x").unwrap_err();
        assert_eq!((failure.code, failure.exit), ("unwritable_file", 2));
        assert!(write_file(folder.path(), b"x").is_err());
        // Here the part is written, and cannot take the place of what is named.
        assert!(write_file(&folder.path().join("no-folder/"), b"x").is_err());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_missing_or_too_large_is_bad_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big");
        let missing = read_file(&path, 9).unwrap_err();
        assert_eq!((missing.code, missing.exit), ("read_file", 2));
        std::fs::write(&path, b"0123456789").unwrap();
        let large = read_file(&path, 9).unwrap_err();
        assert_eq!((large.code, large.exit), ("file_too_large", 2));
        assert_eq!(read_file(&path, 10).unwrap().len(), 10);
    }
}
