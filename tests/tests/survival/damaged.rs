//! Files cut, mixed with those of another moment, and flipped bytes: reported by opening or by the
//! doctor, or nothing that people see is another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use copact_node::doctor;
use copact_node::error::NodeError;
use copact_node::group::Group;
use copact_node::home::Home;

use crate::writer;

/// One byte in so many is flipped, unless `COPACT_FLIP_EVERY` says otherwise; of the zeros that
/// fill pages, far fewer. A long run flips each: `COPACT_FLIP_EVERY=1`.
const EVERY: u64 = 16;
const ZEROS: usize = 11;

const PAGE: usize = 4_096;
const LOG_HEADER: usize = 32;
const FRAME: usize = 24 + PAGE;

type Files = BTreeMap<&'static str, Vec<u8>>;

const DATABASE: &str = "ledger.db";
const LOG: &str = "ledger.db-wal";
const HEIGHT: &str = "ledger.height";

/// A moment in the life of a home: what its files held, and what people saw.
struct Moment {
    files: Files,
    seen: String,
}

fn files(group: &Path) -> Files {
    let read = |name| Some((name, std::fs::read(group.join(name)).ok()?));
    [DATABASE, LOG, HEIGHT].into_iter().filter_map(read).collect()
}

/// All that people see.
fn seen(group: &Group) -> String {
    let log = serde_json::to_string(&group.log()).unwrap();
    let status = serde_json::to_string(&group.status()).unwrap();
    format!("{status} {:?} {log}", group.names())
}

/// A group at four moments: closed; open twice, so that its newest part is in the log only; closed
/// again. And its folder.
fn story(folder: &Path) -> ([Moment; 4], PathBuf) {
    let home = writer::home(folder);
    let mut kept = None;
    let mut group = writer::open(&home).unwrap();
    let place = home.group_folders().unwrap()[0].clone();
    let mut write = |group: &mut Group, numbers: std::ops::Range<u64>| {
        numbers.for_each(|number| writer::write(group, number, &mut kept).unwrap());
        Moment { files: files(&place), seen: seen(group) }
    };
    write(&mut group, 0..4);
    drop(group);
    let group = home.open(None).unwrap();
    let closed = Moment { seen: seen(&group), files: Files::new() };
    drop(group);
    let closed = Moment { files: files(&place), ..closed };
    let mut group = home.open(None).unwrap();
    let open = write(&mut group, 4..6);
    let later = write(&mut group, 6..11);
    drop(group);
    let mut group = home.open(None).unwrap();
    let last = write(&mut group, 11..13);
    drop(group);
    let last = Moment { files: files(&place), ..last };
    assert!(open.files.contains_key(LOG) && !last.files.contains_key(LOG));
    ([closed, open, later, last], place)
}

/// A home whose files are replaced, again and again.
struct Bench {
    home: Home,
    place: PathBuf,
    tried: usize,
    reported: usize,
}

impl Bench {
    fn of(folder: &Path, place: &Path) -> Self {
        let home = writer::home(folder);
        Self { home, place: place.to_owned(), tried: 0, reported: 0 }
    }

    /// Opens a home with these files. Returns whether the damage was reported; if not, people see
    /// what they saw when the height was written.
    fn look(&mut self, files: &Files, expected: &str, what: &str) -> bool {
        for name in [DATABASE, LOG, HEIGHT] {
            let path = self.place.join(name);
            match files.get(name) {
                Some(bytes) => std::fs::write(path, bytes).unwrap(),
                None => drop(std::fs::remove_file(path)),
            }
        }
        let reported = match self.home.open(None) {
            Err(error) => told(&error, what),
            Ok(group) => {
                let same = seen(&group) == expected;
                drop(group);
                match doctor::examine(&self.home, None) {
                    Err(error) => told(&error, what),
                    Ok(found) => {
                        assert!(same || !found.ok, "{what}: nothing was reported");
                        !found.ok
                    }
                }
            }
        };
        self.tried += 1;
        self.reported += usize::from(reported);
        reported
    }
}

/// Whether an error is a sentence about the store, with what to do next.
fn told(error: &NodeError, what: &str) -> bool {
    let codes = ["damaged_store", "foreign_store", "newer_version", "wrong_key", "no_group"];
    assert!(codes.contains(&error.code), "{what}: {error:?}");
    assert!(!error.message.is_empty() && error.hint.is_some(), "{what}: {error:?}");
    true
}

fn changed(files: &Files, name: &'static str, change: impl FnOnce(&mut Vec<u8>)) -> Files {
    let mut files = files.clone();
    change(files.get_mut(name).unwrap());
    files
}

#[test]
fn files_cut_at_every_page_are_reported_or_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ([_, _, later, last], place) = story(folder.path());
    let mut bench = Bench::of(folder.path(), &place);
    assert!(!bench.look(&later.files, &later.seen, "no damage"));
    assert!(!bench.look(&last.files, &last.seen, "no damage"));
    for moment in [&later, &last] {
        for length in (0..moment.files[DATABASE].len()).step_by(PAGE) {
            let cut = changed(&moment.files, DATABASE, |bytes| bytes.truncate(length));
            let reported = bench.look(&cut, &moment.seen, &format!("database cut to {length}"));
            assert!(reported || moment.files.contains_key(LOG), "database cut to {length}");
        }
    }
    let frames = (LOG_HEADER..later.files[LOG].len()).step_by(FRAME);
    for length in [0].into_iter().chain(frames) {
        let cut = changed(&later.files, LOG, |bytes| bytes.truncate(length));
        let what = format!("log cut to {length}");
        assert!(bench.look(&cut, &later.seen, &what), "{what} was not reported");
    }
    println!("{} of {} reported", bench.reported, bench.tried);
}

#[test]
fn files_and_pages_of_two_moments_are_reported_or_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ([closed, open, later, last], place) = story(folder.path());
    let other = tempfile::tempdir().unwrap();
    let ([_, foreign, ..], _) = story(other.path());
    let mut bench = Bench::of(folder.path(), &place);
    let log = |moment: &Moment| moment.files.get(LOG).cloned();
    for (what, database, log, of) in [
        ("an older log", &later, log(&open), &later),
        ("no log", &later, None, &later),
        ("an older database", &closed, log(&later), &later),
        ("the log of before it was closed", &last, log(&later), &last),
        ("the log of long before", &last, log(&open), &last),
        ("another group's log", &later, log(&foreign), &later),
        ("another group's log beside a closed one", &last, log(&foreign), &last),
        ("an older database and no log", &closed, None, &last),
    ] {
        let mut files = of.files.clone();
        files.insert(DATABASE, database.files[DATABASE].clone());
        files.remove(LOG);
        files.extend(log.map(|log| (LOG, log)));
        let reported = bench.look(&files, &of.seen, what);
        // The log has all pages that changed since, so an older database beside it is as good.
        assert_eq!(reported, what != "an older database", "{what}");
    }
    let old = &closed.files[DATABASE];
    for moment in [&later, &last] {
        for page in 0..old.len() / PAGE {
            for from in [0, page * PAGE] {
                let range = from..(page + 1) * PAGE;
                let mixed = changed(&moment.files, DATABASE, |bytes| {
                    bytes[range.clone()].copy_from_slice(&old[range.clone()]);
                });
                bench.look(&mixed, &moment.seen, &format!("old bytes {range:?}"));
            }
        }
    }
    // And single frames of the older log in the newer one.
    let old = log(&open).unwrap();
    for from in (LOG_HEADER..old.len()).step_by(FRAME) {
        let mixed = changed(&later.files, LOG, |bytes| {
            let at = LOG_HEADER + (bytes.len() - LOG_HEADER) / FRAME / 2 * FRAME;
            bytes[at..at + FRAME].copy_from_slice(&old[from..from + FRAME]);
        });
        assert!(bench.look(&mixed, &later.seen, "a frame twice"), "frame at {from}");
    }
    println!("{} of {} reported", bench.reported, bench.tried);
}

/// Flips one byte in so many of a file, beginning with a part of them.
fn flip(moment: &Moment, name: &'static str, part: usize, folder: &Path, place: &Path) -> Bench {
    let mut bench = Bench::of(folder, place);
    let every = usize::try_from(writer::set("COPACT_FLIP_EVERY", EVERY)).unwrap();
    for at in (part * every..moment.files[name].len()).step_by(2 * every) {
        let zero = moment.files[name][at] == 0;
        if zero && every > 1 && !(at / every).is_multiple_of(ZEROS) {
            continue;
        }
        let bits = [0x01, 0xFF, 0x80, 0x03, 0x10][at % 5];
        let flipped = changed(&moment.files, name, |bytes| bytes[at] ^= bits);
        bench.look(&flipped, &moment.seen, &format!("{name} byte {at}"));
    }
    bench
}

#[test]
fn flipped_bytes_are_reported_or_change_nothing() {
    let halves = [0, 1].map(|part| {
        std::thread::spawn(move || {
            let folder = tempfile::tempdir().unwrap();
            let ([_, _, later, last], place) = story(folder.path());
            let database = flip(&last, DATABASE, part, folder.path(), &place);
            let log = flip(&later, LOG, part, folder.path(), &place);
            [database, log].map(|bench| (bench.tried, bench.reported))
        })
    });
    let [first, second] = halves.map(|half| half.join().unwrap());
    for (name, (one, other)) in [DATABASE, LOG].iter().zip(first.into_iter().zip(second)) {
        let (tried, reported) = (one.0 + other.0, one.1 + other.1);
        println!("{name}: {reported} of {tried} reported");
        assert!(tried > 300 && reported > tried / 3, "{name}: {reported} of {tried} reported");
    }
}
