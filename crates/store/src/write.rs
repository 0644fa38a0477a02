//! Writing within one transaction.

use std::path::Path;

use copact_core::codec;
use copact_core::envelope::Verified;
use copact_core::ids::GroupId;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use zeroize::Zeroizing;

use crate::batch::{Batch, Value};
use crate::error::StoreError;
use crate::extent::Extent;
use crate::rows::{self, Kind};
use crate::seal::Sealer;

/// What the store's own records are sealed under.
pub(crate) const RECORDS: &str = "store";
/// The record of which group it is.
pub(crate) const GROUP: &str = "group";
/// The record of extent.
pub(crate) const EXTENT: &str = "extent";

/// A place or count as SQLite has it. No store comes near the largest.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Writes which group it is.
pub(crate) fn found(
    transaction: &Transaction<'_>,
    folder: &Path,
    sealer: &Sealer,
    group: GroupId,
) -> Result<(), StoreError> {
    record(transaction, sealer, GROUP, group.as_bytes())
        .map_err(|error| StoreError::database("writing to", folder, &error))
}

/// Writes a batch and the extent after it, which is returned.
pub(crate) fn batch(
    transaction: &Transaction<'_>,
    folder: &Path,
    sealer: &Sealer,
    group: GroupId,
    mut extent: Extent,
    batch: &Batch,
) -> Result<Extent, StoreError> {
    if let Some(stray) = batch.envelopes.iter().find(|envelope| envelope.group() != group) {
        return Err(StoreError::OtherGroup { envelope: stray.id() });
    }
    let mut write = || -> Result<(), rusqlite::Error> {
        for new in &batch.envelopes {
            envelope(transaction, sealer, group, &mut extent, new)?;
        }
        // Caches last: they are bound to what the others leave.
        let (caches, others): (Vec<_>, Vec<_>) =
            batch.values.iter().partition(|new| new.kind == Kind::Cache);
        for new in others.into_iter().chain(caches) {
            value(transaction, sealer, &mut extent, new)?;
        }
        extent.commits += 1;
        record(transaction, sealer, EXTENT, &codec::encode(&extent))
    };
    write().map_err(|error| StoreError::database("writing to", folder, &error))?;
    Ok(extent)
}

fn envelope(
    transaction: &Transaction<'_>,
    sealer: &Sealer,
    group: GroupId,
    extent: &mut Extent,
    new: &Verified,
) -> Result<(), rusqlite::Error> {
    let wire = new.wire();
    let header = rows::fold_header(&wire.header, group);
    let salted = [wire.salt.as_bytes().as_slice(), &wire.body].concat();
    let sealed = sealer.seal_body(&new.id(), &salted);
    extent.envelopes.push(new.id());
    let sql = "INSERT INTO envelopes (place, header, signature, sealed) VALUES (?1, ?2, ?3, ?4)";
    let place = number(extent.envelopes.count);
    let mut statement = transaction.prepare_cached(sql)?;
    statement.execute(params![place, header, wire.signature.as_bytes(), sealed])?;
    Ok(())
}

fn value(
    transaction: &Transaction<'_>,
    sealer: &Sealer,
    extent: &mut Extent,
    new: &Value,
) -> Result<(), rusqlite::Error> {
    let (kind, key) = (new.kind, new.key);
    if let Some(tally) = extent.tally_mut(kind)
        && let Some(old) = sealed(transaction, kind, &key)?
    {
        tally.remove(sealer, kind, &key, &old);
    }
    let Some(content) = &new.content else {
        let sql = "DELETE FROM sealed WHERE kind = ?1 AND key = ?2";
        transaction.prepare_cached(sql)?.execute(params![kind.number(), key])?;
        return Ok(());
    };
    let value = match kind {
        Kind::Cache => {
            let bound = Zeroizing::new([extent.made_from().as_slice(), content].concat());
            sealer.seal(kind.name(), &key, &bound)
        }
        _ => sealer.seal(kind.name(), &key, content),
    };
    if let Some(tally) = extent.tally_mut(kind) {
        tally.add(sealer, kind, &key, &value);
    }
    let sql = "INSERT OR REPLACE INTO sealed (kind, key, value) VALUES (?1, ?2, ?3)";
    transaction.prepare_cached(sql)?.execute(params![kind.number(), key, value])?;
    Ok(())
}

fn record(
    transaction: &Transaction<'_>,
    sealer: &Sealer,
    name: &str,
    content: &[u8],
) -> Result<(), rusqlite::Error> {
    let sealed = sealer.seal(RECORDS, name.as_bytes(), content);
    let sql = "INSERT OR REPLACE INTO store (name, value) VALUES (?1, ?2)";
    transaction.prepare_cached(sql)?.execute(params![name, sealed])?;
    Ok(())
}

/// A sealed value, still sealed.
pub(crate) fn sealed(
    connection: &Connection,
    kind: Kind,
    key: &[u8; 32],
) -> Result<Option<Vec<u8>>, rusqlite::Error> {
    let sql = "SELECT value FROM sealed WHERE kind = ?1 AND key = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row(params![kind.number(), key], |row| row.get(0)).optional()
}

/// The group of a ledger whose own record of it is lost, if the founding envelope is there.
pub(crate) fn founded_group(connection: &Connection, sealer: &Sealer) -> Option<GroupId> {
    let sql = format!("SELECT {} FROM envelopes WHERE place = 1", rows::COLUMNS);
    connection.query_row(&sql, [], |row| rows::founded_group(row, sealer)).ok().flatten()
}
