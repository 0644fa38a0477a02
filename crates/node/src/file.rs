//! Files that people hand over: read within a limit, written whole or not at all.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::error::{NodeError, Result};

/// A request to join.
pub const REQUEST_BYTES: usize = 256 * 1_024;
/// A bundle.
pub const BUNDLE_BYTES: usize = 1_024 * 1_024 * 1_024;
/// A text that somebody wrote.
pub const TEXT_BYTES: usize = 1_024 * 1_024;
/// An attendance list.
pub const LIST_BYTES: usize = 16 * 1_024 * 1_024;

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
            format_args!("{} is larger than {limit} bytes", path.display()),
        )
        .hint("check that this is the right file"));
    }
    Ok(bytes)
}

/// Reads a text file in UTF-8; a byte order mark is forgiven.
///
/// # Errors
/// It cannot be read, is too large, or is in another encoding.
pub fn read_text(path: &Path, limit: usize) -> Result<String> {
    let bytes = read(path, limit)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        NodeError::input(
            "bad_encoding",
            format_args!("{} is not in UTF-8 (first at line {line})", path.display()),
        )
        .hint("save the file again with the encoding UTF-8")
    })?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// Writes a file under a temporary name beside it and renames it, so that it is whole or not there.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, bytes, false)
}

/// Like [`write()`], for the owner's eyes only.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, bytes, true)
}

fn put(path: &Path, bytes: &[u8], private: bool) -> Result<()> {
    let unwritable = |error: &std::io::Error| NodeError::unwritable(path, error);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| unwritable(&error))?;
    file.write_all(bytes).map_err(|error| unwritable(&error))?;
    if !private {
        readable(&file).map_err(|error| unwritable(&error))?;
    }
    file.as_file().sync_all().map_err(|error| unwritable(&error))?;
    file.persist(path).map_err(|error| unwritable(&error.error))?;
    Ok(())
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
