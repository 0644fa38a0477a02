//! The key that a store is sealed with, and the file that holds it where a platform has no key
//! store.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::seal::Sealer;

use crate::error::said;
use crate::lock::sync_folder;

const KEY_BYTES: usize = 32;

/// 32 bytes that seal one device's stores. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; KEY_BYTES]>);

/// A key file that was read or made.
#[derive(Debug)]
pub struct KeyFile {
    /// The key.
    pub key: StoreKey,
    /// The file was not there and was made.
    pub created: bool,
    /// Other accounts of this computer may read the file: say so, and how to change it
    /// (`chmod 600`). Always `false` where the system has no such modes.
    pub readable_by_others: bool,
}

/// Why a key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Not the length of a key.
    #[error(
        "the key file {} is {bytes} bytes long, a key has {KEY_BYTES}; put back the copy that you kept (a new key cannot open old ledgers)",
        path.display()
    )]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// It is there and cannot be read.
    #[error("the key file {} cannot be read ({reason}); make it readable for you (mode 600)", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is not there, and there is no room to make it.
    #[error(
        "the disk is full, so the key file {} could not be made; free some space and do the last step again (nothing was lost)",
        path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// It is not there and cannot be made.
    #[error(
        "the key file {} cannot be made ({reason}); make its folder writable, or name another folder",
        path.display()
    )]
    NotMade {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(secret)")
    }
}

impl StoreKey {
    /// A key from the platform's key store.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Seals a small file beside the stores, for what has no group yet. `place` is bound to it.
    #[must_use]
    pub fn seal(&self, place: &str, content: &[u8]) -> Vec<u8> {
        Sealer::new(self).seal("file", place.as_bytes(), content)
    }

    /// Opens what [`Self::seal`] made for the same place; `None` if the key or the bytes are
    /// others.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        Sealer::new(self).open("file", place.as_bytes(), sealed).ok()
    }

    /// Reads the key file, or makes one of `random`: mode 0600, whole or not at all, and durable
    /// before it is used, because what is sealed with a lost key is lost. Of several processes that
    /// make it at once one does, and all get its key.
    ///
    /// # Errors
    /// See [`KeyFileError`]. A file of the wrong length is never replaced.
    pub fn load_or_create(path: &Path, random: [u8; KEY_BYTES]) -> Result<KeyFile, KeyFileError> {
        let random = Self::from_bytes(random);
        if let Some(found) = Self::load(path)? {
            return Ok(found);
        }
        make(path, &random).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                KeyFileError::Full { path: path.to_owned() }
            }
            _ => KeyFileError::NotMade { path: path.to_owned(), reason: said(&error) },
        })?;
        let made = Self::load(path)?.ok_or_else(|| KeyFileError::NotMade {
            path: path.to_owned(),
            reason: "it disappeared".to_owned(),
        })?;
        Ok(KeyFile { created: made.key.bytes() == random.bytes(), ..made })
    }

    /// Reads the key file; `None` if there is none.
    ///
    /// # Errors
    /// Unreadable, or not a key.
    pub fn load(path: &Path) -> Result<Option<KeyFile>, KeyFileError> {
        let unreadable = |error: io::Error| KeyFileError::Unreadable {
            path: path.to_owned(),
            reason: said(&error),
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        let meta = file.metadata().map_err(unreadable)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_BYTES + 1));
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice())
            .map_err(|_| KeyFileError::Length { path: path.to_owned(), bytes: meta.len() })?;
        let key = Self::from_bytes(key);
        Ok(Some(KeyFile { key, created: false, readable_by_others: others_may_read(&meta) }))
    }
}

/// Writes a temporary file and renames it. Whoever holds the lock of the temporary file and sees no
/// key file is the only one to make it.
fn make(path: &Path, key: &StoreKey) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let mut file = private().create(true).truncate(false).write(true).open(&new)?;
    file.lock()?;
    if path.exists() {
        return fs::remove_file(&new).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        });
    }
    make_private(&file)?;
    file.set_len(0)?;
    let written = file.write_all(key.bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // A half-written key must not stay about; the first error is the one to tell.
        let _ = fs::remove_file(&new);
        return written;
    }
    fs::rename(&new, path)?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => sync_folder(folder),
        _ => sync_folder(Path::new(".")),
    }
}

#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn others_may_read(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &fs::Metadata) -> bool {
    false
}
