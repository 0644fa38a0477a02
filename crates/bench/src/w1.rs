//! W1: one tap in an open group.

use copact_core::entry::Record;
use copact_core::envelope::Wire;
use copact_core::keys::Purpose;
use copact_core::ledger::Ledger;
use copact_store::{Batch, Store};

use crate::failure::Measured;
use crate::floor::{self, Database};
use crate::group::Generated;
use crate::home::{self, OnDisk};
use crate::peers;
use crate::row::Row;
use crate::screen;
use crate::time::{median, micros, timed};

/// Taps whose middle is the figure.
const TAPS: usize = 101;
/// Batches whose middle is the figure.
const BATCHES: usize = 11;
/// Received taps come in batches of about that many meetings, 39 taps each.
const BATCH: usize = 5;

pub(crate) fn run(group: &mut Generated, n: usize) -> Measured<Vec<Row>> {
    let disk = OnDisk::new(group)?;
    let scratch = home::folder()?;
    let mut floor = Database::open(scratch.path())?;
    let mut rows = own_tap(group, &disk, &mut floor, n)?;
    drop(disk);
    rows.push(received(group, &mut floor, n)?);
    Ok(rows)
}

fn own_tap(
    generated: &Generated,
    disk: &OnDisk,
    floor: &mut Database,
    n: usize,
) -> Measured<Vec<Row>> {
    let mut group = disk.home.open(None)?;
    let meeting = group.meeting(None)?;
    let secret = &generated.writers.first().ok_or("no writers")?.secret;
    let (mut taps, mut least, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TAPS {
        let tap = Record::Tap { meeting, code: None, imported: false };
        let (written, time) = timed(|| -> Measured<_> {
            let id = group.write_entry(None, tap)?;
            group.save()?;
            Ok(id)
        });
        let id = written?;
        taps.push(time);
        let (seen, screen) = timed(|| screen::first(&mut group));
        std::hint::black_box(seen);
        shown.push(time + screen);
        let envelope = group.ledger().get(id).ok_or("a tap is lost")?.envelope().clone();
        let (committed, time) = timed(|| {
            std::hint::black_box(secret.sign(Purpose::Envelope, &envelope.wire().header));
            floor.commit(std::slice::from_ref(&envelope))
        });
        committed?;
        least.push(time);
    }
    let least = micros(median(least));
    let key = |what| ("w1", what, n);
    let durable = micros(median(taps));
    let whole = micros(median(shown));
    Ok(vec![
        Row::ratio(key("one tap: signed, placed, durable"), (durable, "µs"), least, None),
        Row::ratio(key("one tap, and the home screen"), (whole, "µs"), least, Some(1.25))
            .beside(peers::one_tap(n)?),
    ])
}

/// A batch of others' taps, from their bytes to disk.
fn received(group: &mut Generated, floor: &mut Database, n: usize) -> Measured<Row> {
    let folder = home::folder()?;
    let key = copact_store::StoreKey::from_bytes([1; 32]);
    let mut batch = Batch::new();
    group.envelopes.iter().for_each(|one| batch.add_envelope(one.clone()));
    let mut store = Store::create(&folder.path().join("store"), &key, group.id, &batch)?;
    let mut ledger = Ledger::of(group.envelopes.iter().cloned())?;
    let (mut taken, mut least) = (Vec::new(), Vec::new());
    let mut count = 1;
    for _ in 0..BATCHES {
        let new = group.more_taps(BATCH)?;
        count = u32::try_from(new.len())?;
        let wires: Vec<Wire> = new.iter().map(|one| one.wire()).collect();
        let (all, time) = timed(|| -> Measured<()> {
            let mut batch = Batch::new();
            for wire in wires {
                let envelope = wire.parse()?.verify()?;
                ledger.insert(envelope.clone())?;
                batch.add_envelope(envelope);
            }
            Ok(store.commit(&batch)?)
        });
        all?;
        taken.push(time / count);
        let (all, time) = timed(|| -> Measured<()> {
            new.iter().try_for_each(floor::verify)?;
            floor.commit(&new)
        });
        all?;
        least.push(time / count);
    }
    debug_assert!(count > 1);
    let (taken, least) = (micros(median(taken)), micros(median(least)));
    let what = "a received tap, 200 in a batch: verified, placed, durable";
    Ok(Row::ratio(("w1", what, n), (taken, "µs"), least, Some(2.0)))
}
