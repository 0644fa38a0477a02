//! What the same work costs at least: SQLite, signatures and sealing with nothing around them.

use std::path::Path;

use copact_core::envelope::Verified;
use copact_core::keys::Purpose;
use rusqlite::{Connection, params};

use crate::failure::Measured;

/// A database with the tables and settings of a store.
pub(crate) struct Database {
    connection: Connection,
    place: i64,
}

/// What the store adds to a body: its salt and the tag of its encryption.
const SEALING: usize = 16 + 16;
/// The group, which is in no row.
const FOLDED: usize = 32;
/// The store's record of extent, which every commit writes.
const EXTENT: usize = 160;

impl Database {
    pub(crate) fn open(folder: &Path) -> Measured<Self> {
        let connection = Connection::open(folder.join("floor.db"))?;
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA synchronous = FULL;
             PRAGMA temp_store = MEMORY;
             PRAGMA journal_mode = WAL;
             CREATE TABLE IF NOT EXISTS envelopes (place INTEGER PRIMARY KEY, header BLOB NOT NULL,
                 signature BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
             CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL)
                 STRICT, WITHOUT ROWID;",
        )?;
        let last = "SELECT coalesce(max(place), 0) FROM envelopes";
        let place = connection.query_row(last, [], |row| row.get(0))?;
        Ok(Self { connection, place })
    }

    /// One commit of as many bytes as the store writes for these envelopes.
    pub(crate) fn commit(&mut self, envelopes: &[Verified]) -> Measured<()> {
        let transaction = self.connection.transaction()?;
        for envelope in envelopes {
            let wire = envelope.wire();
            self.place += 1;
            let header = wire.header.get(FOLDED..).unwrap_or_default();
            let sealed = [wire.body.as_slice(), &[0; SEALING]].concat();
            let sql =
                "INSERT INTO envelopes (place, header, signature, sealed) VALUES (?1, ?2, ?3, ?4)";
            let mut statement = transaction.prepare_cached(sql)?;
            statement.execute(params![self.place, header, wire.signature.as_bytes(), sealed])?;
        }
        let sql = "INSERT OR REPLACE INTO store (name, value) VALUES ('extent', ?1)";
        transaction.prepare_cached(sql)?.execute([vec![0_u8; EXTENT]])?;
        transaction.commit()?;
        Ok(())
    }

    /// Puts a blob there, to be read by [`Self::blob`].
    pub(crate) fn put_blob(&self, bytes: &[u8]) -> Measured<()> {
        let sql = "INSERT OR REPLACE INTO store (name, value) VALUES ('blob', ?1)";
        self.connection.execute(sql, [bytes])?;
        Ok(())
    }

    pub(crate) fn blob(&self) -> Measured<Vec<u8>> {
        let sql = "SELECT value FROM store WHERE name = 'blob'";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

/// Strict verification of the signature, and nothing else.
pub(crate) fn verify(envelope: &Verified) -> Measured<()> {
    let wire = envelope.wire();
    let device = envelope.header().chain.device;
    Ok(device.verify(Purpose::Envelope, &wire.header, &wire.signature)?)
}

/// The same of all of them, spread over the cores: what the cores give while others use them too is
/// less than one alone, times their number.
pub(crate) fn verify_on_all_cores(envelopes: &[Verified]) -> Measured<()> {
    let cores = std::thread::available_parallelism()?.get();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || -> bool {
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(envelope) = envelopes.get(at) else { return true };
            if verify(envelope).is_err() {
                return false;
            }
        }
    };
    let right = std::thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
        let mine = work();
        others.into_iter().all(|one| one.join().is_ok_and(|right| right)) && mine
    });
    if right { Ok(()) } else { Err("a signature is not right".into()) }
}
