//! Files that people hand over: read within a limit, written whole or not at all.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{NodeError, Result};

/// A request to join.
pub const REQUEST_BYTES: usize = 256 * 1_024;
/// A bundle.
pub const BUNDLE_BYTES: usize = 1_024 * 1_024 * 1_024;
/// A text that somebody wrote.
pub const TEXT_BYTES: usize = 1_024 * 1_024;
/// An attendance list.
pub const LIST_BYTES: usize = 16 * 1_024 * 1_024;

const ENCODING: &str = "save it again as text in UTF-8; spreadsheets call it “CSV UTF-8”";

/// A number of bytes, for people.
fn size(bytes: usize) -> String {
    let (kilo, mega, giga) = (1_024, 1_024 * 1_024, 1_024 * 1_024 * 1_024);
    match bytes {
        bytes if bytes >= giga => format!("{} GB", bytes / giga),
        bytes if bytes >= mega => format!("{} MB", bytes / mega),
        bytes => format!("{} KB", bytes / kilo),
    }
}

/// Reads a whole file.
///
/// # Errors
/// It cannot be read, or is larger than `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| NodeError::unreadable(path, &error))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(|error| NodeError::unreadable(path, &error))?;
    if bytes.len() > limit {
        return Err(NodeError::input(
            "too_large",
            format_args!("{} is larger than the {} that fit", path.display(), size(limit)),
        )
        .hint("check that this is the file that you mean"));
    }
    Ok(bytes)
}

/// Reads a text file in UTF-8; a byte order mark is forgiven.
///
/// # Errors
/// It cannot be read, is too large, or is in another encoding.
pub fn read_text(path: &Path, limit: usize) -> Result<String> {
    let bytes = read(path, limit)?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(NodeError::input(
            "bad_encoding",
            format_args!("{} is in the encoding UTF-16, not in UTF-8", path.display()),
        )
        .hint(ENCODING));
    }
    if bytes.contains(&0) {
        return Err(NodeError::input(
            "bad_encoding",
            format_args!("{} is not a plain text in UTF-8", path.display()),
        )
        .hint(ENCODING));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        NodeError::input(
            "bad_encoding",
            format_args!("{}: line {line} is not in the encoding UTF-8", path.display()),
        )
        .hint(ENCODING)
    })?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// Writes a file under a temporary name beside it and renames it, so that it is whole or not there.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    prepare(path, bytes, false)?.put()
}

/// Like [`write()`], for the owner's eyes only.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    prepare(path, bytes, true)?.put()
}

/// A file that is written whole beside its place, and gone again unless it is put there.
pub(crate) struct Prepared {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Puts the file in its place.
    pub(crate) fn put(self) -> Result<()> {
        let put = self.file.persist(&self.path);
        put.map(drop).map_err(|error| NodeError::unwritable(&self.path, &error.error))
    }
}

/// Writes everything that could fail for want of a folder, a right or room.
pub(crate) fn prepare(path: &Path, bytes: &[u8], private: bool) -> Result<Prepared> {
    let unwritable = |error: &std::io::Error| NodeError::unwritable(path, error);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.is_dir() {
        return Err(unwritable(&std::io::ErrorKind::IsADirectory.into()));
    }
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| unwritable(&error))?;
    file.write_all(bytes).map_err(|error| unwritable(&error))?;
    if !private {
        readable(&file).map_err(|error| unwritable(&error))?;
    }
    file.as_file().sync_all().map_err(|error| unwritable(&error))?;
    Ok(Prepared { file, path: path.to_owned() })
}

/// Temporary files are made for their owner only; what is handed over is an ordinary file.
#[cfg(unix)]
fn readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
