//! W2: opening a group to its first screen, and verifying all of it again.

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use copact_store::Store;

use crate::failure::Measured;
use crate::floor::{self, Database};
use crate::group::Generated;
use crate::home::{self, OnDisk};
use crate::number::real;
use crate::peers;
use crate::row::Row;
use crate::screen;
use crate::time::{median, millis, timed};

/// Openings whose middle is the figure.
const OPENINGS: usize = 41;
/// Bytes of a first screen: forty names, a meeting, some counts.
const BLOB: usize = 8_192;
/// Signatures verified for the floor.
const VERIFIED: usize = 4_000;

pub(crate) fn run(group: &Generated, n: usize) -> Measured<Vec<Row>> {
    let disk = OnDisk::new(group)?;
    let (mut times, mut least) = (Vec::new(), Vec::new());
    // A device keeps the screen from the first time it shows it.
    screen::open(&disk)?;
    let blob = Blob::new()?;
    // In turns, so that load of the machine falls on both.
    for _ in 0..OPENINGS {
        let (opened, time) = timed(|| screen::open(&disk));
        std::hint::black_box(opened?);
        times.push(time);
        let (opened, time) = timed(|| blob.open());
        std::hint::black_box(opened?);
        least.push(time);
    }
    let key = |what| ("w2", what, n);
    let opened = (millis(median(times)), "ms");
    let what = "opened to the first screen";
    let first = Row::ratio(key(what), opened, millis(median(least)), Some(2.0));
    Ok(vec![first.beside(peers::load(n)?), verified(group, &disk, n)?])
}

/// What is opened for the floor: a database with one sealed blob in it.
struct Blob {
    folder: tempfile::TempDir,
    cipher: XChaCha20Poly1305,
}

impl Blob {
    fn new() -> Measured<Self> {
        let folder = home::folder()?;
        let cipher = XChaCha20Poly1305::new(&[1; 32].into());
        let sealed = cipher.encrypt(&[2; 24].into(), [3; BLOB].as_slice());
        let sealed = sealed.map_err(|_| "sealing failed")?;
        Database::open(folder.path())?.put_blob(&sealed)?;
        Ok(Self { folder, cipher })
    }

    /// Opening SQLite and reading one sealed blob.
    fn open(&self) -> Measured<Vec<u8>> {
        let blob = Database::open(self.folder.path())?.blob()?;
        let opened = self.cipher.decrypt(&[2; 24].into(), blob.as_slice());
        Ok(opened.map_err(|_| "not opened")?)
    }
}

/// Every hash and every signature again, as `copact doctor` does.
fn verified(group: &Generated, disk: &OnDisk, n: usize) -> Measured<Row> {
    let store = Store::open(&disk.store, &disk.home.key()?)?;
    let (checked, time) = timed(|| store.check());
    if !checked?.problems.is_empty() {
        return Err("a fresh store has problems".into());
    }
    let some = group.envelopes.get(..VERIFIED.min(group.envelopes.len())).unwrap_or_default();
    let (all, least) = timed(|| floor::verify_on_all_cores(some));
    all?;
    let least = millis(least) * real(group.envelopes.len()) / real(some.len());
    let what = "full verification (floor: strict verifications on all cores)";
    Ok(Row::ratio(("w2", what, n), (millis(time), "ms"), least, Some(1.2)))
}
