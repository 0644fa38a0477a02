//! What the system does to a store: locks, wrong keys, refusals, I/O errors, kill −9.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod group;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use copact_store::{Batch, Store, StoreError, StoreKey};
use group::*;

/// Every sentence says what to do, after a semicolon.
fn sentence(error: &StoreError, part: &str) {
    let text = error.to_string();
    assert!(text.contains(part) && text.contains(';'), "{part} in {text}");
}

#[test]
fn one_handle_owns_a_store_until_it_is_dropped() {
    let home = tempfile::tempdir().unwrap();
    let (open, all) = store(home.path(), 1);
    let second = Store::open(home.path(), &key()).unwrap_err();
    assert!(matches!(second, StoreError::InUse { .. }));
    sentence(&second, "another copact");
    let again = Store::create(home.path(), &key(), open.group(), &Batch::new()).unwrap_err();
    assert!(matches!(again, StoreError::InUse { .. }));
    drop(open);
    let open = Store::open(home.path(), &key()).unwrap();
    assert_eq!(ids(&open.load().unwrap()), ids(&all));
}

#[test]
fn what_is_not_this_store_is_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("group");
    let open = |key: &StoreKey| Store::open(&folder, key).unwrap_err();
    sentence(&open(&key()), "no group's ledger");
    std::fs::create_dir(&folder).unwrap();
    sentence(&open(&key()), "no group's ledger");
    assert!(files(&folder).is_empty(), "asking leaves nothing behind");
    let (made, _) = store(&folder, 1);
    let group = made.group();
    drop(made);

    let wrong = open(&StoreKey::from_bytes([1; 32]));
    assert!(matches!(wrong, StoreError::WrongKey { .. }));
    sentence(&wrong, "key file does not fit");
    let exists = Store::create(&folder, &key(), group, &Batch::new()).unwrap_err();
    sentence(&exists, "already");

    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    connection.pragma_update(None, "user_version", 9).unwrap();
    drop(connection);
    let newer = open(&key());
    assert!(matches!(newer, StoreError::Newer { found: 9, .. }));
    sentence(&newer, "update copact");

    for bytes in [&b"not a database at all, but some text"[..], b"", &[0; 9000]] {
        std::fs::write(folder.join("ledger.db"), bytes).unwrap();
        let foreign = open(&key());
        assert!(matches!(foreign, StoreError::Foreign { .. }), "{foreign}");
        assert_eq!(std::fs::read(folder.join("ledger.db")).unwrap(), bytes, "left as it was");
    }
}

#[test]
fn a_new_store_never_takes_over_the_rest_of_a_lost_one() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("ledger.db-wal"), b"pages").unwrap();
    let error = Store::create(home.path(), &key(), founding(1).group(), &Batch::new()).unwrap_err();
    assert!(matches!(error, StoreError::Remains { .. }));
    sentence(&error, "ledger.db-wal is left");
}

#[test]
fn a_create_that_fails_or_was_killed_leaves_nothing_in_the_way() {
    let home = tempfile::tempdir().unwrap();
    let stray = Store::create(home.path(), &key(), founding(1).group(), &batch(&[founding(2)]));
    assert!(matches!(stray, Err(StoreError::OtherGroup { .. })));
    let names: Vec<_> = files(home.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["lock"]);
    std::fs::write(home.path().join("ledger.db.new"), b"half of a database").unwrap();
    std::fs::write(home.path().join("ledger.db.new-journal"), b"and its journal").unwrap();
    let (made, _) = store(home.path(), 3);
    drop(made);
    // Its height is still there, and speaks of another database.
    std::fs::remove_file(home.path().join("ledger.db")).unwrap();
    let (made, all) = store(home.path(), 1);
    assert_eq!(ids(&made.load().unwrap()), ids(&all));
    assert!(!home.path().join("ledger.db.new").exists());
    let group = made.group();
    drop(made);
    std::fs::remove_file(home.path().join("ledger.db")).unwrap();
    let made = Store::create(home.path(), &key(), group, &Batch::new()).unwrap();
    assert_eq!(made.lost_commits(), 0, "an older height is not about this database");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let group = founding(1).group();
    let error = Store::create(&file.join("group"), &key(), group, &Batch::new()).unwrap_err();
    sentence(&error, "file/group");
    sentence(&Store::open(&file.join("group"), &key()).unwrap_err(), "no group's ledger");

    // A folder where a file should be: an error of the system's that even root gets.
    let (open, _) = store(&home.path().join("group"), 0);
    drop(open);
    for name in ["ledger.height", "ledger.db", "lock"] {
        let path = home.path().join("group").join(name);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        sentence(&Store::open(&home.path().join("group"), &key()).unwrap_err(), "group");
    }
}

/// Runs one test of this file again as another process, with a folder to work in.
fn child(test: &str, folder: &Path, limit: Option<u32>) -> Child {
    let me = std::env::current_exe().unwrap();
    let mut command = match limit {
        None => Command::new(me),
        Some(blocks) => {
            let mut shell = Command::new("sh");
            // The signal is ignored, so a file above the limit is an error of writing.
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            shell.args(["-c", &script]).arg(me);
            shell
        }
    };
    command.args(["--exact", test, "--nocapture"]).env(FOLDER, folder).stdout(Stdio::piped());
    command.stderr(Stdio::null()).spawn().unwrap()
}

const FOLDER: &str = "COPACT_STORE_TEST_FOLDER";

fn in_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Says on standard output what was acknowledged, once it was. After a line break, because the test
/// harness wrote its own words in this line.
fn say(count: u64) {
    println!("\nstored {count}.");
}

/// The numbers that a child said.
fn said(child: &mut Child, mut each: impl FnMut(&mut Child, u64)) {
    let out = BufReader::new(child.stdout.take().unwrap());
    for line in out.lines() {
        let line = line.unwrap();
        if let Some(number) = line.strip_prefix("stored ").and_then(|rest| rest.strip_suffix('.')) {
            each(child, number.parse().unwrap());
        }
    }
}

/// Commits notes without end.
fn write_on(mut store: Store) -> StoreError {
    let mut last = store.load().unwrap().pop().unwrap();
    loop {
        last = note(&last);
        let mut next = batch(std::slice::from_ref(&last));
        next.add_text(&text(last.header().seq));
        if last.header().seq.is_multiple_of(5) {
            next.erase_text(text(last.header().seq - 1).hash());
        }
        if let Err(error) = store.commit(&next) {
            assert!(matches!(store.load(), Err(StoreError::Reopen { .. })));
            assert!(matches!(store.texts(), Err(StoreError::Reopen { .. })));
            assert!(matches!(store.setting("device"), Err(StoreError::Reopen { .. })));
            assert!(matches!(store.check(), Err(StoreError::Reopen { .. })));
            assert!(matches!(store.commit(&next), Err(StoreError::Reopen { .. })));
            return error;
        }
        say(store.count());
    }
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    if let Some(folder) = in_child() {
        let error = write_on(Store::open(&folder, &key()).unwrap());
        unreachable!("{error}");
    }
    let home = tempfile::tempdir().unwrap();
    let (open, _) = store(home.path(), 0);
    drop(open);
    let mut acknowledged = 1;
    for round in 0..12u64 {
        let mut child =
            child("a_killed_process_loses_nothing_that_it_acknowledged", home.path(), None);
        let until = acknowledged + 1 + (round * 7919) % 23;
        said(&mut child, |child, count| {
            acknowledged = count;
            if count == until {
                child.kill().unwrap();
            }
        });
        child.wait().unwrap();
        assert!(acknowledged >= until, "round {round}: the child stopped by itself");
        let open = Store::open(home.path(), &key()).unwrap();
        assert!(open.count() >= acknowledged, "{} of {acknowledged}", open.count());
        assert_eq!(open.lost_commits(), 0);
        assert_eq!(open.load().unwrap().len() as u64, open.count());
        assert_eq!(open.check().unwrap().problems, Vec::<String>::new());
        acknowledged = open.count();
    }
    assert!(acknowledged > 100);
}

#[test]
#[cfg(target_os = "linux")]
fn after_an_error_of_the_disk_the_handle_is_done_with_and_nothing_acknowledged_is_lost() {
    if let Some(folder) = in_child() {
        let error = write_on(Store::open(&folder, &key()).unwrap());
        match error {
            StoreError::Io { .. } => sentence(&error, "check the disk"),
            // What failed was to take erased bytes out of the log, after an acknowledged commit.
            _ => sentence(&error, "failed before and cannot be used further"),
        }
        println!("\nstored 0.");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (open, _) = store(home.path(), 0);
    drop(open);
    let (mut acknowledged, mut ended) = (1, false);
    // 512-byte blocks: less than SQLite's log grows to before it starts again.
    let name =
        "after_an_error_of_the_disk_the_handle_is_done_with_and_nothing_acknowledged_is_lost";
    let mut child = child(name, home.path(), Some(400));
    said(&mut child, |_, count| match count {
        0 => ended = true,
        count => acknowledged = count,
    });
    assert!(child.wait().unwrap().success() && ended);
    assert!(acknowledged > 3);
    let open = Store::open(home.path(), &key()).unwrap();
    assert!(open.count() >= acknowledged);
    assert_eq!(open.lost_commits(), 0);
    assert_eq!(open.check().unwrap().problems, Vec::<String>::new());
}
