//! W7: bytes on disk, on the wire, and in memory.

use copact_core::keys::BoxKey;
use copact_store::{Batch, Store};
use copact_sync::bundle::{self, Parcel, Sealing};

use crate::ALLOCATOR;
use crate::failure::Measured;
use crate::group::Generated;
use crate::home::OnDisk;
use crate::number::real;
use crate::peers;
use crate::row::Row;

/// Meetings whose taps are weighed, 39 each.
const MEETINGS: usize = 100;
/// Signature, link, body hash, salt, and five bytes of what is said.
const FLOOR: f64 = 64.0 + 32.0 + 32.0 + 16.0 + 5.0;
const MEBIBYTE: f64 = 1_048_576.0;
/// Entries of the group whose memory has a limit.
const LIMITED: f64 = 100_000.0;

pub(crate) fn run(group: &mut Generated, n: usize) -> Measured<Vec<Row>> {
    let disk = OnDisk::new(group)?;
    let memory = memory(&disk, n)?;
    let new = group.more_taps(MEETINGS)?;
    let taps = real(new.len());
    let empty = disk.bytes()?;
    let mut store = Store::open(&disk.store, &disk.home.key()?)?;
    let mut batch = Batch::new();
    new.iter().for_each(|one| batch.add_envelope(one.clone()));
    store.commit(&batch)?;
    drop(store);
    drop(Store::open(&disk.store, &disk.home.key()?)?);
    let grown = real(usize::try_from(disk.bytes()? - empty)?);
    let parcel =
        Parcel { envelopes: new.iter().map(|one| one.wire()).collect(), ..Parcel::default() };
    let recipients: Vec<BoxKey> =
        group.writers.iter().map(|one| one.box_secret().public()).collect();
    let sealing = Sealing { group: group.id, recipients: &recipients, random: &[6; 32] };
    let sent = real(bundle::seal(&parcel, &sealing)?.len());
    let key = |what| ("w7", what, n);
    let mut disk_row = Row::limit(key("bytes of a tap on disk"), (grown / taps, "B"), Some(400.0));
    let mut wire = Row::limit(key("bytes of a tap in a bundle"), (sent / taps, "B"), Some(260.0));
    for row in [&mut disk_row, &mut wire] {
        row.floor = Some(FLOOR);
        row.ratio = Some(row.figure / FLOOR);
    }
    Ok(vec![disk_row.beside(peers::weight(n)?), wire, memory])
}

/// What the allocator has given out for an open group, screens apart.
fn memory(disk: &OnDisk, n: usize) -> Measured<Row> {
    let before = ALLOCATOR.current_usage();
    let group = disk.home.open(None)?;
    let held = real(ALLOCATOR.current_usage().saturating_sub(before));
    let entries = real(group.ledger().len());
    drop(group);
    let goal = 32.0 * (entries / LIMITED).max(0.1);
    let what = "memory of an open group (goal: 32 MiB at 100 000)";
    Ok(Row::limit(("w7", what, n), (held / MEBIBYTE, "MiB"), Some(goal)))
}
