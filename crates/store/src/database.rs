//! The database file: its tables, its settings, and how it comes to be.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::StoreError;

/// The file in a group's folder.
pub(crate) const FILE: &str = "ledger.db";
/// The file while it is being made.
const NEW_FILE: &str = "ledger.db.new";
/// What an interrupted making leaves.
const LEFT_OVER: [&str; 3] = [NEW_FILE, "ledger.db.new-journal", "ledger.db.new-wal"];
/// "cpct", in the field that SQLite reserves for telling formats apart.
const APPLICATION_ID: i64 = 0x6370_6374;
/// The version of this format.
pub(crate) const FORMAT: i64 = 1;

/// The tables. Bodies, texts, names and settings are sealed; only headers (without the group) and
/// signatures are in clear. `place` is the order of storing: an envelope's parents are before it.
/// There is no index by id: the id is computed, and the open ledger knows it.
const TABLES: [(&str, &str); 3] = [
    (
        "envelopes",
        "CREATE TABLE envelopes (place INTEGER PRIMARY KEY, header BLOB NOT NULL, \
         signature BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",
    ),
    (
        "sealed",
        "CREATE TABLE sealed (kind INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, \
         PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID",
    ),
    (
        "store",
        "CREATE TABLE store (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) \
         STRICT, WITHOUT ROWID",
    ),
];

/// Makes a database under a temporary name, fills it in one transaction, and renames it, so that
/// whatever interrupts this leaves no half-made store. The caller holds the folder's lock.
pub(crate) fn make(
    folder: &Path,
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let new = folder.join(NEW_FILE);
    remove_left_over(folder)?;
    let failed = |error: rusqlite::Error| StoreError::database("making", folder, &error);
    let flags = OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_READ_WRITE;
    let mut connection = Connection::open_with_flags(&new, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(failed)?;
    harden(&connection).map_err(failed)?;
    let made = fill_new(&mut connection, folder, fill);
    let closed = connection.close().map_err(|(_, error)| failed(error));
    if let Err(error) = made.and(closed) {
        // The first error is the one to tell; what stays is removed by the next attempt.
        let _ = remove_left_over(folder);
        return Err(error);
    }
    std::fs::rename(&new, folder.join(FILE))
        .and_then(|()| crate::lock::sync_folder(folder))
        .map_err(|error| StoreError::io("naming the database in", folder, &error))
}

fn fill_new(
    connection: &mut Connection,
    folder: &Path,
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| StoreError::database("making", folder, &error);
    let transaction = begin(connection).map_err(failed)?;
    for (_, sql) in TABLES {
        transaction.execute_batch(sql).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
    fill(&transaction)?;
    transaction.commit().map_err(failed)?;
    // Now, so that nobody finds a store that it takes room to open.
    use_log(connection, folder, "making")
}

/// Has the database written through a write-ahead log from now on, which its file remembers.
fn use_log(connection: &Connection, folder: &Path, doing: &'static str) -> Result<(), StoreError> {
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(|error| StoreError::database(doing, folder, &error))?;
    if mode == "wal" {
        return Ok(());
    }
    let what = format!("it is in journal mode {mode}");
    Err(StoreError::Damaged { folder: folder.to_owned(), what })
}

fn remove_left_over(folder: &Path) -> Result<(), StoreError> {
    for name in LEFT_OVER {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("removing", &path, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Opens an existing database: checks that it is one of this format with exactly these tables, and
/// brings what a killed process left in the write-ahead log into the file.
pub(crate) fn open(folder: &Path) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => foreign(folder),
        _ => StoreError::database("opening the database in", folder, &error),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(FILE), flags).map_err(failed)?;
    harden(&connection).map_err(failed)?;
    let number = |name| {
        connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed)
    };
    if number("application_id")? != APPLICATION_ID {
        return Err(foreign(folder));
    }
    match number("user_version")? {
        FORMAT => {}
        found if found > FORMAT => {
            return Err(StoreError::Newer { folder: folder.to_owned(), found, reads: FORMAT });
        }
        _ => return Err(foreign(folder)),
    }
    check_tables(&connection, folder)?;
    use_log(&connection, folder, "opening the database in")?;
    match empty_log(&connection, folder) {
        // Then the log stays and is read with the database: reading needs no room.
        Err(StoreError::Full { .. }) | Ok(()) => Ok(connection),
        Err(error) => Err(error),
    }
}

fn foreign(folder: &Path) -> StoreError {
    StoreError::Foreign { file: folder.join(FILE) }
}

/// Settings of the connection; none is kept in the file.
fn harden(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch(
        // One process owns the store: no shared memory beside it.
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA secure_delete = ON;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;",
    )
}

/// A trigger or view that somebody put into the file would run as part of this crate's statements,
/// so the tables must be the expected ones to the letter.
fn check_tables(connection: &Connection, folder: &Path) -> Result<(), StoreError> {
    let read = || -> Result<bool, rusqlite::Error> {
        let mut statement =
            connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
        let mut rows = statement.query([])?;
        for (name, sql) in TABLES {
            let Some(row) = rows.next()? else { return Ok(false) };
            if row.get_ref(0)?.as_str()? != name || row.get_ref(1)?.as_str()? != sql {
                return Ok(false);
            }
        }
        Ok(rows.next()?.is_none())
    };
    match read() {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::Damaged {
            folder: folder.to_owned(),
            what: "its tables are not those of a ledger".to_owned(),
        }),
        Err(error) => Err(StoreError::database("reading the database in", folder, &error)),
    }
}

/// Begins a transaction that writes.
pub(crate) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Brings the write-ahead log into the database and cuts it to nothing, so that no file holds what
/// was erased.
pub(crate) fn empty_log(connection: &Connection, folder: &Path) -> Result<(), StoreError> {
    let busy: i64 =
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(|error| StoreError::database("writing to the database in", folder, &error))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::InUse { folder: folder.to_owned() }) }
}

/// Keeps the connection from writing to the database when it closes: after a failure of the disk
/// that is for the next opening, which reads everything anew.
pub(crate) fn leave_as_it_is(connection: &Connection) {
    // If even this is refused, closing does what it always does, which loses nothing.
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
}
