//! Why a store could not be used, in sentences that say what to do next.

use std::io;
use std::path::{Path, PathBuf};

use copact_core::ids::EnvelopeId;
use rusqlite::ErrorCode;

/// Why a store could not be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No database in the folder.
    #[error("there is no group's ledger in {}; check the path, or start or join a group", folder.display())]
    Absent {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A database is there already.
    #[error("there is a group's ledger in {} already; open it, or use another folder", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// Part of a lost database, which SQLite would mix into a new one.
    #[error(
        "{} is left of a ledger whose main file is gone; put that file or a backup of all back, or use a home of its own (--home DIR)",
        file.display()
    )]
    Remains {
        /// The file that is left.
        file: PathBuf,
    },
    /// Another process, or another handle of this one, has the store open.
    #[error(
        "another copact has the group in {} open; close it, or wait until it is done, and try again",
        folder.display()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The key opens nothing of the store.
    #[error(
        "the key file does not fit the ledger in {}; use the key file that it was made with (both move together)",
        folder.display()
    )]
    WrongKey {
        /// The folder.
        folder: PathBuf,
    },
    /// Written by a later copact.
    #[error(
        "the ledger in {} was written by a newer version of copact (format {found}, this one reads {reads}); update copact on this device",
        folder.display()
    )]
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The format's version that the file says.
        found: i64,
        /// The one that this code reads.
        reads: i64,
    },
    /// Some other program's database.
    #[error(
        "{} is not a ledger of copact, or its beginning is damaged; put a backup of it back, or join again and have your member moved to the new device: ask a member for `copact invite --recover`",
        file.display()
    )]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// Something is not as it was stored.
    #[error(
        "the ledger in {} is damaged ({what}); copy the whole folder to a safe place, then run `copact doctor`",
        folder.display()
    )]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// No room.
    #[error(
        "the disk is full, so nothing was stored in {}; free some space and do the last step again (nothing was lost, and reading still works)",
        folder.display()
    )]
    Full {
        /// The folder.
        folder: PathBuf,
    },
    /// The system forbids writing or reading.
    #[error(
        "copact may not write in {} ({reason}); make the folder and its files writable for you, or use another folder",
        path.display()
    )]
    Forbidden {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The disk or the file system failed.
    #[error(
        "{doing} {} failed ({reason}); check the disk, then look whether the last step is there before you do it again (what was confirmed before is kept)",
        path.display()
    )]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// An earlier failure made this handle's knowledge of the file uncertain.
    #[error(
        "the ledger in {} failed before and cannot be used further; start copact again, which reads it anew",
        folder.display()
    )]
    Reopen {
        /// The folder.
        folder: PathBuf,
    },
    /// An envelope that belongs elsewhere.
    #[error(
        "envelope {envelope} belongs to another group and was not stored; import it where that group's ledger is"
    )]
    OtherGroup {
        /// The envelope.
        envelope: EnvelopeId,
    },
}

impl StoreError {
    /// Puts a failure of the system in words.
    pub(crate) fn io(doing: &'static str, path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        let reason = said(error);
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Forbidden { path, reason }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Full { folder: path }
            }
            _ => Self::Io { doing, path, reason },
        }
    }

    /// Why a file could not be opened: SQLite does not say, so it is tried again.
    fn unopened(doing: &'static str, folder: &Path) -> Self {
        let file = folder.join(crate::database::FILE);
        match std::fs::OpenOptions::new().read(true).write(true).open(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Self::io(doing, &file, &error),
            _ => {
                let reason = "a file there could not be opened".to_owned();
                Self::Io { doing, path: folder.to_owned(), reason }
            }
        }
    }

    /// Puts a failure of the database in words. What is no failure of the system means that the
    /// file does not hold what was written: its statements and types are this crate's own.
    pub(crate) fn database(doing: &'static str, folder: &Path, error: &rusqlite::Error) -> Self {
        let reason = error.to_string();
        let path = folder.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { folder: path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::Forbidden { path, reason }
            }
            Some(ErrorCode::CannotOpen) => Self::unopened(doing, folder),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::InUse { folder: path }
            }
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::TooBig,
            ) => Self::Io { doing, path, reason },
            Some(ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { folder: path, what: "its structure is broken".to_owned() }
            }
            _ => Self::Damaged { folder: path, what: reason },
        }
    }
}

/// What the system says, without its number for it.
pub(crate) fn said(error: &io::Error) -> String {
    let said = error.to_string();
    said.split_once(" (os error").map_or(said.clone(), |(words, _)| words.to_owned())
}
