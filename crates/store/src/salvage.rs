//! What could be saved of a damaged store, and a new store of it in the place of the old one.

use std::fs;
use std::path::{Path, PathBuf};

use copact_core::ids::GroupId;

use crate::batch::Batch;
use crate::check::Checked;
use crate::error::StoreError;
use crate::key::StoreKey;
use crate::lock::{FolderLock, sync_folder};
use crate::store::Store;

/// What could be saved of a damaged store. The store's lock is held for as long as this lives.
#[derive(Debug)]
pub struct Salvage {
    /// The group.
    pub group: GroupId,
    /// Everything that is in order, to make a new store with: envelopes whose signatures verify
    /// and whose ancestors are all there, texts, profiles, settings. Caches are left out.
    pub batch: Batch,
    /// What was found, and what the new store therefore lacks until a peer sends it again.
    pub checked: Checked,
    folder: PathBuf,
    _lock: FolderLock,
}

impl Store {
    /// Reads whatever is in order of a store that does not open, or not wholly.
    ///
    /// # Errors
    /// There is no database, it is in use, the key does not fit, the file is damaged where it says
    /// what it is, or the disk fails.
    pub fn salvage(folder: &Path, key: &StoreKey) -> Result<Salvage, StoreError> {
        let (store, problems) = Self::open_leniently(folder, key)?;
        let (batch, checked) = store.saved(problems);
        // What the disk refused to give now may be in order, and would be left out.
        if store.usable().is_err() {
            let (doing, reason) = ("reading", "the disk gave an error".to_owned());
            return Err(StoreError::Io { doing, path: folder.to_owned(), reason });
        }
        let (group, folder, lock) = store.close();
        Ok(Salvage { group, batch, checked, folder, _lock: lock })
    }
}

impl Salvage {
    /// Moves the damaged store's folder to `kept` and puts a new store of what is in order in its
    /// place. The new one is made whole in `making` first, which must be on the same disk: if this
    /// ends after the damaged store was moved, renaming `making` completes it.
    ///
    /// # Errors
    /// The system refuses; the damaged store is where it was, or already in `kept`.
    pub fn replace(self, key: &StoreKey, making: &Path, kept: &Path) -> Result<(), StoreError> {
        remove_folder(making)?;
        let made = Store::create(making, key, self.group, &self.batch).map(drop);
        if let Err(error) = made {
            // The first error is the one to tell; what stays is removed by the next attempt.
            let _ = remove_folder(making);
            return Err(error);
        }
        self.move_to(kept)?;
        match rename(making, &self.folder) {
            // Another process saw that it was missing, and completed it.
            Err(_) if !making.exists() && self.folder.exists() => Ok(()),
            renamed => renamed,
        }
    }

    /// Moves the damaged store's folder to `kept`, and puts nothing in its place.
    ///
    /// # Errors
    /// The system refuses.
    pub fn set_aside(self, kept: &Path) -> Result<(), StoreError> {
        self.move_to(kept)
    }

    fn move_to(&self, kept: &Path) -> Result<(), StoreError> {
        if let Some(folder) = kept.parent() {
            crate::store::make_folder(folder)?;
        }
        rename(&self.folder, kept)
    }
}

/// Renames a folder, durably.
fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut parents = [from.parent(), to.parent()].into_iter().flatten();
    fs::rename(from, to)
        .and_then(|()| parents.try_for_each(sync_folder))
        .map_err(|error| StoreError::io("moving", from, &error))
}

fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("removing", folder, &error))
        }
        _ => Ok(()),
    }
}
