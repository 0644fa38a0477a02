//! One open group database.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use copact_core::codec;
use copact_core::ids::GroupId;
use rusqlite::{Connection, OptionalExtension as _};
use zeroize::Zeroizing;

use crate::batch::Batch;
use crate::database;
use crate::error::StoreError;
use crate::extent::Extent;
use crate::height::{self, Height};
use crate::key::StoreKey;
use crate::lock::FolderLock;
use crate::rows::Kind;
use crate::seal::Sealer;
use crate::write::{self, EXTENT, GROUP, RECORDS};

/// One group's ledger on disk, open. It owns the folder's lock until it is dropped.
pub struct Store {
    pub(crate) folder: PathBuf,
    pub(crate) group: GroupId,
    pub(crate) sealer: Sealer,
    pub(crate) extent: Extent,
    pub(crate) lost_commits: u64,
    height: Height,
    /// Set by a failure after which the file may hold something else than this handle knows.
    failed: Cell<bool>,
    /// What was erased is still in the write-ahead log, until the next opening.
    erasing_waits: bool,
    pub(crate) connection: Connection,
    /// Last, so that the database is closed before the lock is given back.
    lock: FolderLock,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).field("group", &self.group).finish()
    }
}

impl Store {
    /// Makes the database of a group in a folder (made too, for this user only), with a first
    /// batch: a founding envelope, a device's secrets. It is there with all of it, or not at all.
    ///
    /// # Errors
    /// There is one already or the rest of one, another process is at work there, an envelope is
    /// of another group, or the system refuses.
    pub fn create(
        folder: &Path,
        key: &StoreKey,
        group: GroupId,
        first: &Batch,
    ) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let folder = resolve(folder)?;
        let lock = FolderLock::take(&folder)?;
        if folder.join(database::FILE).exists() {
            return Err(StoreError::Exists { folder });
        }
        for name in ["ledger.db-wal", "ledger.db-journal"] {
            let file = folder.join(name);
            if file.exists() {
                return Err(StoreError::Remains { file });
            }
        }
        match std::fs::remove_file(folder.join(height::FILE)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("removing the old height in", &folder, &error));
            }
            _ => {}
        }
        let sealer = Sealer::new(key);
        database::make(&folder, |transaction| {
            write::found(transaction, &folder, &sealer, group)?;
            write::batch(transaction, &folder, &sealer, group, Extent::default(), first)?;
            Ok(())
        })?;
        let (mut store, problems) = Self::attach(folder, sealer, lock)?;
        store.note_height();
        store.strict(problems)
    }

    /// Opens the database in a folder: takes the lock, checks format, key and record of extent.
    ///
    /// # Errors
    /// None there, in use, a newer version's, another key's, or damaged.
    pub fn open(folder: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let (store, problems) = Self::open_leniently(folder, key)?;
        store.strict(problems)
    }

    /// Opens also what is damaged, as long as there is a database that the key fits.
    pub(crate) fn open_leniently(
        folder: &Path,
        key: &StoreKey,
    ) -> Result<(Self, Vec<StoreError>), StoreError> {
        let absent = || StoreError::Absent { folder: folder.to_owned() };
        if !folder.is_dir() {
            return Err(absent());
        }
        let folder = resolve(folder)?;
        if !folder.join(database::FILE).exists() {
            return Err(absent());
        }
        let lock = FolderLock::take(&folder)?;
        Self::attach(folder, Sealer::new(key), lock)
    }

    fn attach(
        folder: PathBuf,
        sealer: Sealer,
        lock: FolderLock,
    ) -> Result<(Self, Vec<StoreError>), StoreError> {
        let connection = database::open(&folder)?;
        let mut height = Height::open(&folder)?;
        let mut problems = Vec::new();
        let group = record(&connection, &folder, &sealer, GROUP)?;
        let extent = record(&connection, &folder, &sealer, EXTENT)?;
        if group.is_none() && extent.is_none() {
            return Err(StoreError::WrongKey { folder });
        }
        let extent = extent
            .and_then(|bytes| codec::decode(&bytes, "the record of extent", 1_024).ok())
            .unwrap_or_else(|| {
                problems.push(damaged(&folder, "the record of how much it holds cannot be read"));
                Extent::default()
            });
        let group = group.and_then(|bytes| GroupId::from_slice(&bytes));
        let group = match group {
            Some(group) => group,
            None => {
                problems.push(damaged(&folder, "the record of which group it is cannot be read"));
                write::founded_group(&connection, &sealer)
                    .ok_or_else(|| damaged(&folder, "the group cannot be told"))?
            }
        };
        let known = height.read(&sealer, group);
        let lost_commits = known.saturating_sub(extent.commits);
        let failed = Cell::new(false);
        let store = Self {
            folder,
            group,
            sealer,
            extent,
            lost_commits,
            height,
            failed,
            erasing_waits: false,
            connection,
            lock,
        };
        store.find_gaps(&mut problems);
        Ok((store, problems))
    }

    /// The cheap part of the check of extent: the number of envelopes, and the settings.
    fn find_gaps(&self, problems: &mut Vec<StoreError>) {
        let (expected, sql) = (self.extent.envelopes.count, "SELECT max(place) FROM envelopes");
        match self.connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)) {
            Ok(found) if found.unwrap_or(0) == write::number(expected) => {}
            Ok(found) => problems.push(damaged(
                &self.folder,
                &format!(
                    "it should hold {expected} envelopes, and its last is number {}",
                    found.unwrap_or(0)
                ),
            )),
            Err(error) => problems.push(self.reading(&error)),
        }
        problems.extend(self.values(Kind::Setting).err());
    }

    fn strict(self, problems: Vec<StoreError>) -> Result<Self, StoreError> {
        problems.into_iter().next().map_or(Ok(self), Err)
    }

    /// The group whose ledger this is.
    #[must_use]
    pub const fn group(&self) -> GroupId {
        self.group
    }

    /// How many envelopes are stored.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.extent.envelopes.count
    }

    /// How many acknowledged commits are gone since the file was last in use: by damage at the end
    /// of the write-ahead log, or because an older copy was put back. 0 is what is normal; if not,
    /// tell the member, and start a new incarnation. Known until the next commit.
    #[must_use]
    pub const fn lost_commits(&self) -> u64 {
        self.lost_commits
    }

    /// Whether what was erased is still in a file of the store, because the disk failed when it
    /// was to be taken out, or was full. The next opening tries again.
    #[must_use]
    pub const fn erasing_waits(&self) -> bool {
        self.erasing_waits
    }

    /// Stores a batch. When this returns without an error, all of it is durable; texts and
    /// profiles that it erases are in no file of the store any more (what a disk keeps of
    /// overwritten blocks is beyond it, and was encrypted), unless [`Self::erasing_waits`].
    ///
    /// # Errors
    /// An envelope of another group, a full disk (nothing is stored and reading goes on), or a
    /// failure after which the store must be opened again: whether the batch is there, that shows.
    pub fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.usable()?;
        if batch.is_empty() {
            return Ok(());
        }
        self.extent = self.write(batch).map_err(|error| self.stop(error))?;
        self.lost_commits = 0;
        self.note_height();
        if batch.erases() {
            self.finish_erasing();
        }
        Ok(())
    }

    /// Takes the erased bytes out of the write-ahead log. The batch is durable before, so a failure
    /// here is none of the commit's: it may end the handle, and opening the store tries again.
    fn finish_erasing(&mut self) {
        let emptied = database::empty_log(&self.connection, &self.folder);
        self.erasing_waits = emptied.map_err(|error| self.stop(error)).is_err();
    }

    fn write(&mut self, batch: &Batch) -> Result<Extent, StoreError> {
        let failed =
            |error: rusqlite::Error| StoreError::database("writing to", &self.folder, &error);
        let extent = self.extent.clone();
        let transaction = database::begin(&mut self.connection).map_err(failed)?;
        let extent =
            write::batch(&transaction, &self.folder, &self.sealer, self.group, extent, batch)?;
        transaction.commit().map_err(failed)?;
        Ok(extent)
    }

    /// A height that was not written lags behind, which is allowed: the commit itself is durable.
    fn note_height(&mut self) {
        let _ = self.height.write(&self.sealer, self.group, self.extent.commits);
    }

    /// Closes the database, and hands over the lock that is still held.
    pub(crate) fn close(self) -> (GroupId, PathBuf, FolderLock) {
        let Self { connection, group, folder, lock, .. } = self;
        drop(connection);
        (group, folder, lock)
    }

    /// After most failures the handle is done with. Not after a refusal before writing, nor when
    /// the disk was full and the transaction is known to be undone.
    pub(crate) fn stop(&self, error: StoreError) -> StoreError {
        let harmless = matches!(error, StoreError::Full { .. } | StoreError::OtherGroup { .. });
        if !harmless || !self.connection.is_autocommit() {
            self.failed.set(true);
            database::leave_as_it_is(&self.connection);
        }
        error
    }

    pub(crate) fn usable(&self) -> Result<(), StoreError> {
        if self.failed.get() {
            Err(StoreError::Reopen { folder: self.folder.clone() })
        } else {
            Ok(())
        }
    }
}

pub(crate) fn damaged(folder: &Path, what: &str) -> StoreError {
    StoreError::Damaged { folder: folder.to_owned(), what: what.to_owned() }
}

/// The absolute path: SQLite would read some relative ones as addresses.
fn resolve(folder: &Path) -> Result<PathBuf, StoreError> {
    folder.canonicalize().map_err(|error| StoreError::io("finding", folder, &error))
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StoreError::io("making", folder, &error))
}

/// A record of the store itself; `None` if it is missing or does not open.
fn record(
    connection: &Connection,
    folder: &Path,
    sealer: &Sealer,
    name: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let sealed: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM store WHERE name = ?1", [name], |row| row.get(0))
        .optional()
        .map_err(|error| StoreError::database("reading", folder, &error))?;
    Ok(sealed.and_then(|sealed| sealer.open(RECORDS, name.as_bytes(), &sealed).ok()))
}

#[cfg(test)]
mod tests;
