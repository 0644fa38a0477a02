//! One process owns a store.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::StoreError;

/// The lock on a store's folder, held as long as this lives; the system releases it when the
/// process ends, however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock(File);

impl Drop for FolderLock {
    /// Given back expressly: a child process that is just being started still shares the open file,
    /// and would hold the lock until its program begins.
    fn drop(&mut self) {
        // Closing, which follows, gives it back too.
        let _ = self.0.unlock();
    }
}

impl FolderLock {
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::io("opening", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) => Err(StoreError::io("locking", &path, &error)),
        }
    }
}

/// Makes a rename in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and renames are durable by themselves.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_lock_is_given_back_although_a_starting_child_process_still_has_the_file() {
        let home = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(home.path()).unwrap();
        let of_the_child = lock.0.try_clone().unwrap();
        assert!(matches!(FolderLock::take(home.path()), Err(StoreError::InUse { .. })));
        drop(lock);
        assert!(FolderLock::take(home.path()).is_ok());
        drop(of_the_child);
    }
}
