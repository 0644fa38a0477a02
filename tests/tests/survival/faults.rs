//! A disk that fails now and then: errors of reading, writing, syncing, cutting, renaming and
//! opening, injected by `fiu-run` under the real store.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

use copact_core::ids::EnvelopeId;
use copact_node::error::NodeError;
use copact_node::home::Home;

use crate::writer::{self, Drawn, Expected};

/// The failing calls, and the errors that they fail with: input and output, no room.
const POINTS: [&str; 8] = [
    "posix/io/sync/fdatasync",
    "posix/io/rw/write",
    "posix/io/rw/pwrite",
    "posix/io/rw/pread",
    "posix/io/sync/fsync",
    "posix/io/rw/ftruncate",
    "posix/io/dir/rename",
    "posix/io/oc/open",
];
const ERRORS: [i32; 2] = [5, 28];

/// Set for a writer whose disk fails at reading.
const READING: &str = "COPACT_SURVIVAL_READING";

/// What people are told, as words for scripts. No fault of the disk is told as anything else, but
/// that SQLite takes some pages that it cannot read for damaged ones.
const TOLD: [&str; 6] =
    ["disk_failed", "disk_full", "reopen", "unwritable_file", "unreadable_file", "bad_key_file"];

/// Whether `fiu-run` is here; if not, that is said.
pub fn can_fail() -> bool {
    let there = Command::new("fiu-run").arg("-h").output().is_ok();
    if !there {
        println!("fiu-run (Debian: fiu-utils) is not here, so no disk failed.");
    }
    there
}

/// The words in front of a command that make its disk fail.
fn failing(point: &str, error: i32, per_mille: u64) -> Vec<OsString> {
    let how = format!("enable_random name={point},probability=0.{per_mille:03},failinfo={error}");
    let mut words = ["fiu-run", "-x", "-f", "", "-c", &how].map(OsString::from).to_vec();
    if point == "posix/io/rw/pread" {
        words.extend(["env".into(), format!("{READING}=1").into()]);
    }
    words
}

/// What was said to the parent about an error, which must be a sentence with what to do next.
fn refused(error: &NodeError) {
    let unread = error.code == "damaged_store" && std::env::var_os(READING).is_some();
    let sentence = !error.message.is_empty() && !error.message.contains("os error");
    if sentence && error.hint.is_some() && (unread || TOLD.contains(&error.code)) {
        writer::say(&format!("refused {} {error}", error.code));
    } else {
        writer::say(&format!("badly {error:?}"));
    }
}

/// Writes while the disk fails now and then; starts again after each error, a few times.
fn write_on(folder: &Path, number: u64) -> ! {
    let home = writer::home(folder);
    let mut number = number << 20;
    for _ in 0..6 {
        let attempt = AssertUnwindSafe(|| write_until_it_fails(&home, &mut number));
        match catch_unwind(attempt) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => refused(&error),
            Err(_) => writer::say("badly panicked"),
        }
    }
    // Before the test harness speaks, whose words the failing disk can keep from standard output.
    std::process::exit(0);
}

fn write_until_it_fails(home: &Home, number: &mut u64) -> Result<(), NodeError> {
    let mut group = writer::open(home)?;
    let mut kept: Option<EnvelopeId> = None;
    for _ in 0..8 {
        *number += 1;
        if let Err(error) = writer::write(&mut group, *number, &mut kept) {
            // Whatever comes after an envelope that may not be there must not be stored.
            match group.note("After an error", None) {
                Err(again) if again.code == "reopen" => {}
                again => writer::say(&format!("badly went on after {error:?}: {again:?}")),
            }
            return Err(error);
        }
    }
    Ok(())
}

/// Has a writer found a group and write on a disk that fails, and looks at what it left. Returns
/// what it said.
fn run(point: &str, error: i32, per_mille: u64, round: u64, acknowledged: &mut usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let before = failing(point, error, per_mille);
    let child = writer::start(NAME, folder.path(), round + 1, &before);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let what = format!("{point} with error {error} in {per_mille} of 1000 calls:\n{said}");
    assert!(!said.contains("badly "), "{what}");
    let ids = writer::acknowledged(&output.stdout);
    *acknowledged += ids.len();
    let mut expected = Expected::default();
    expected.acknowledged(ids);
    expected.must_hold(&writer::home(folder.path()));
    said
}

const NAME: &str = "faults::a_disk_that_fails_loses_nothing_that_was_acknowledged";

#[test]
fn a_disk_that_fails_loses_nothing_that_was_acknowledged() {
    if let Some((folder, number)) = writer::asked() {
        write_on(&folder, number);
    }
    if !can_fail() {
        return;
    }
    let random = u64::from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos());
    let seed = writer::set("COPACT_SEED", random);
    println!("COPACT_SEED={seed}");
    let mut drawn = Drawn::new(seed);
    let (mut acknowledged, mut told) = (0, BTreeMap::<String, u64>::new());
    let rounds = writer::set("COPACT_ROUNDS", 2 * POINTS.len() as u64);
    for (round, point) in (0..rounds).zip(POINTS.iter().cycle()) {
        let error = ERRORS[round as usize / POINTS.len() % 2];
        // A home is renamed into place twice, and read and written all the time.
        let often = *point == "posix/io/dir/rename";
        let per_mille = if often { 600 } else { [20, 100, 300][drawn.below(3) as usize] };
        let said = run(point, error, per_mille, round, &mut acknowledged);
        let refused =
            said.lines().filter_map(|line| line.strip_prefix("refused ")?.split(' ').next());
        for code in refused {
            *told.entry(format!("{point} {code}")).or_insert(0) += 1;
        }
    }
    println!("{acknowledged} acknowledged; {told:#?}");
    assert!(acknowledged > 100, "only {acknowledged} were acknowledged");
    let times: u64 = told.values().sum();
    assert!(times >= rounds / 2, "the disk failed only {times} times");
}
