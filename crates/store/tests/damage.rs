//! Damage of every kind is reported, or changes nothing of what is read; nothing panics.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod group;

use std::path::Path;

use copact_core::envelope::Wire;
use copact_core::ids::TextHash;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_store::{Batch, Store, StoreError};
use group::*;

type Files = Vec<(String, Vec<u8>)>;

/// Everything that people get from a store.
#[derive(Debug, PartialEq)]
struct Content {
    wires: Vec<Wire>,
    texts: Vec<(TextHash, SideText)>,
    profiles: Vec<Profile>,
    setting: Option<Vec<u8>>,
}

fn read(store: &Store) -> Result<Content, StoreError> {
    Ok(Content {
        wires: store.load()?.iter().map(|envelope| envelope.wire()).collect(),
        texts: store.texts()?,
        profiles: store.profiles()?,
        setting: store.setting("device")?.map(|setting| setting.to_vec()),
    })
}

/// Opens the files as they are: `None` if the damage was reported, and then with a sentence.
/// Otherwise what is read must be `expected`. Returns whether it was reported.
fn reported(folder: &Path, damaged: &Files, expected: &Content, what: &str) -> bool {
    put(folder, damaged);
    let store = match Store::open(folder, &key()) {
        Ok(store) => store,
        Err(error) => {
            assert!(error.to_string().contains(';'), "{what}: {error}");
            return true;
        }
    };
    let checked = store.check();
    let content = read(&store);
    match (&content, store.lost_commits()) {
        (Ok(content), 0) => assert_eq!(content, expected, "{what}"),
        (Ok(_), _) => assert!(!checked.as_ref().unwrap().problems.is_empty(), "{what}"),
        (Err(_), _) => {}
    }
    let clean = content.is_ok() && checked.is_ok_and(|checked| checked.problems.is_empty());
    !clean
}

/// A store as a killed process leaves it: part in the database, part in the write-ahead log.
fn killed(home: &Path) -> (Files, Content) {
    let folder = home.join("made");
    let (store_made, _) = store(&folder, 2);
    drop(store_made);
    let mut store = Store::open(&folder, &key()).unwrap();
    let last = store.load().unwrap().pop().unwrap();
    let mut more = batch(&[note(&last)]);
    more.add_text(&text(4));
    store.commit(&more).unwrap();
    (files(&folder), read(&store).unwrap())
}

/// The same, closed.
fn closed(home: &Path) -> (Files, Content) {
    let (store, _) = store(home, 2);
    let content = read(&store).unwrap();
    drop(store);
    (files(home), content)
}

/// Tries changed bytes of one file: all of the first 100, then every `stride`th, and far fewer of
/// the zeros that fill pages. Returns how many bytes other than zero were tried and reported.
fn flip(files: &Files, name: &str, stride: usize, expected: &Content) -> (usize, usize) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("group");
    let index = files.iter().position(|(file, _)| file == name).unwrap();
    let (mut tried, mut seen) = (0, 0);
    for at in 0..files[index].1.len() {
        let byte = files[index].1[at];
        let step = if at < 100 { 1 } else { stride };
        if !at.is_multiple_of(if byte == 0 { step * 11 } else { step }) {
            continue;
        }
        let mut damaged = files.clone();
        damaged[index].1[at] ^= [0x01, 0xFF, 0x80, 0x03, 0x10][at % 5];
        let what = format!("{name} byte {at}");
        let was_reported = reported(&folder, &damaged, expected, &what);
        if byte != 0 {
            tried += 1;
            seen += usize::from(was_reported);
        }
    }
    (tried, seen)
}

#[test]
fn a_flipped_byte_of_the_database_is_reported_or_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (files, expected) = closed(home.path());
    let scratch = tempfile::tempdir().unwrap();
    assert!(!reported(&scratch.path().join("group"), &files, &expected, "no damage"));
    let (tried, seen) = flip(&files, "ledger.db", 3, &expected);
    println!("{seen} of {tried} reported");
    // All but some fields of SQLite's own that say nothing about the content.
    assert!(seen + 30 > tried && tried > 600, "{seen} of {tried} reported");
}

#[test]
fn a_flipped_byte_beside_a_write_ahead_log_is_reported_or_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (files, expected) = killed(home.path());
    let scratch = tempfile::tempdir().unwrap();
    assert!(!reported(&scratch.path().join("group"), &files, &expected, "no damage"));
    let (tried, seen) = flip(&files, "ledger.db-wal", 23, &expected);
    println!("log: {seen} of {tried} reported");
    // A log that is cut short ends in silence for SQLite; the height beside it tells.
    assert_eq!(seen, tried, "in the log");
    // These are healed from the log, or say nothing by themselves.
    flip(&files, "ledger.db", 61, &expected);
    flip(&files, "ledger.height", 1, &expected);
}

#[test]
fn a_truncated_file_is_reported_or_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (files, expected) = killed(home.path());
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("group");
    for (index, (name, bytes)) in files.iter().enumerate() {
        let step = if bytes.len() < 100 { 1 } else { 379 };
        for length in (0..bytes.len()).step_by(step) {
            let mut damaged = files.clone();
            damaged[index].1.truncate(length);
            let what = format!("{name} cut to {length}");
            let seen = reported(&folder, &damaged, &expected, &what);
            // The log has the newest pages of the database, and restores it.
            assert!(seen || name != "ledger.db-wal", "{what}");
        }
        let mut damaged = files.clone();
        damaged.remove(index);
        let seen = reported(&folder, &damaged, &expected, &format!("{name} removed"));
        assert!(seen || matches!(name.as_str(), "ledger.height" | "lock"), "{name} removed");
    }
}

/// Pages of an older copy among those of a newer: every single one, and every first part.
#[test]
fn a_mixture_of_older_and_newer_pages_is_reported_or_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("made");
    let (mut open, _) = store(&folder, 2);
    drop(open);
    let older = files(&folder);
    open = Store::open(&folder, &key()).unwrap();
    let mut last = open.load().unwrap().pop().unwrap();
    let mut more = Batch::new();
    more.set_setting("device", b"a later seed!");
    for n in 0..30 {
        last = note(&last);
        more.add_envelope(last.clone());
        more.add_text(&text(100 + n));
    }
    more.erase_text(text(2).hash());
    open.commit(&more).unwrap();
    let expected = read(&open).unwrap();
    drop(open);
    let newer = files(&folder);
    let index = newer.iter().position(|(name, _)| name == "ledger.db").unwrap();
    let (old, new) = (&older[index].1, &newer[index].1);
    let page = 4096;
    assert!(old.len() >= 4 * page && new.len() > old.len());
    let scratch = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for n in 0..old.len() / page {
        for from in [0, n * page] {
            let range = from..(n + 1) * page;
            let mut mixed = newer.clone();
            mixed[index].1[range.clone()].copy_from_slice(&old[range.clone()]);
            let what = format!("old bytes {range:?}");
            seen += usize::from(reported(&scratch.path().join("group"), &mixed, &expected, &what));
        }
    }
    assert!(seen >= old.len() / page, "{seen} reported");
}

/// Whoever can write the file but has no key cannot remove, reorder, double or exchange rows.
#[test]
fn rows_that_were_tampered_with_are_reported() {
    let home = tempfile::tempdir().unwrap();
    let (files, expected) = closed(home.path());
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("group");
    let tampering = [
        "DELETE FROM envelopes WHERE place = 3",
        "DELETE FROM envelopes WHERE place = 2",
        "DELETE FROM envelopes",
        "UPDATE envelopes SET place = 10 - place",
        "UPDATE envelopes SET place = place + 1000000000000 WHERE place = 3",
        "INSERT INTO envelopes SELECT 4, header, signature, sealed FROM envelopes WHERE place = 3",
        "UPDATE envelopes SET sealed = (SELECT sealed FROM envelopes WHERE place = 2)",
        "UPDATE envelopes SET signature = zeroblob(64) WHERE place = 2",
        "UPDATE envelopes SET signature = zeroblob(900000) WHERE place = 2",
        "UPDATE envelopes SET header = x'' WHERE place = 2",
        "DELETE FROM sealed WHERE kind = 1 AND key = (SELECT min(key) FROM sealed WHERE kind = 1)",
        "DELETE FROM sealed WHERE kind = 2",
        "DELETE FROM sealed WHERE kind = 3",
        "UPDATE sealed SET kind = 2 WHERE kind = 3",
        "UPDATE sealed SET value = x'00'",
        "UPDATE sealed SET key = x'00' WHERE kind = 3",
        "DELETE FROM store WHERE name = 'group'",
        "DELETE FROM store WHERE name = 'extent'",
        "UPDATE store SET value = zeroblob(80) WHERE name = 'extent'",
        "CREATE TRIGGER t AFTER INSERT ON envelopes BEGIN DELETE FROM envelopes; END",
        "CREATE TABLE more (a)",
        "CREATE INDEX i ON envelopes (signature)",
        "DROP TABLE sealed",
        "PRAGMA user_version = 2",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -1",
        "PRAGMA application_id = 7",
    ];
    for sql in tampering {
        put(&folder, &files);
        let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let tampered = group::files(&folder);
        assert!(reported(&folder, &tampered, &expected, sql), "{sql}");
    }
}

#[test]
fn of_a_damaged_store_whatever_is_in_order_makes_a_new_one() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("old");
    let (open, all) = store(&folder, 5);
    drop(open);
    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    connection
        .execute_batch(
            "UPDATE envelopes SET signature = zeroblob(64) WHERE place = 5;
             DELETE FROM store;
             DELETE FROM sealed WHERE kind = 2",
        )
        .unwrap();
    drop(connection);
    assert!(matches!(Store::open(&folder, &key()), Err(StoreError::WrongKey { .. })));
    // With one of the two records the key is known to fit.
    let (open, _) = store(&home.path().join("twin"), 5);
    drop(open);
    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    let twin = home.path().join("twin/ledger.db");
    connection.execute("ATTACH ?1 AS twin", [twin.to_str().unwrap()]).unwrap();
    connection
        .execute_batch("INSERT INTO store SELECT * FROM twin.store WHERE name = 'extent'")
        .unwrap();
    drop(connection);
    assert!(matches!(Store::open(&folder, &key()), Err(StoreError::Damaged { .. })));

    let salvage = Store::salvage(&folder, &key()).unwrap();
    assert_eq!(salvage.group, all[0].group(), "told by the founding envelope");
    let problems = salvage.checked.problems.join("\n");
    for expected in ["which group", "number 5", "number 6: what it builds on", "profiles"] {
        assert!(problems.contains(expected), "{expected} in {problems}");
    }
    let new = home.path().join("new");
    let store = Store::create(&new, &key(), salvage.group, &salvage.batch).unwrap();
    assert_eq!(ids(&store.load().unwrap()), ids(&all[..4]));
    assert_eq!(store.texts().unwrap().len(), 6);
    assert_eq!(&**store.setting("device").unwrap().unwrap(), b"a secret seed");
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_damaged_cache_is_made_again_and_no_error() {
    let home = tempfile::tempdir().unwrap();
    let (mut open, _) = store(home.path(), 1);
    let mut more = Batch::new();
    more.set_cache("roster", b"cached");
    open.commit(&more).unwrap();
    drop(open);
    for sql in [
        "UPDATE sealed SET value = zeroblob(90) WHERE kind = 4",
        "DELETE FROM sealed WHERE kind = 4",
    ] {
        let connection = rusqlite::Connection::open(home.path().join("ledger.db")).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let open = Store::open(home.path(), &key()).unwrap();
        assert_eq!(open.cache("roster").unwrap(), None);
        assert_eq!(open.load().unwrap().len(), 2);
        assert_eq!(open.check().unwrap().caches, 0);
    }
}

/// What this device itself stored wrongly, the doctor finds although every seal is in order.
#[test]
fn a_full_check_verifies_signatures_and_that_nothing_is_there_twice_or_too_early() {
    let home = tempfile::tempdir().unwrap();
    let all = chain(2);
    let mut forged = all[1].wire();
    forged.signature = copact_core::keys::SignatureBytes::from_bytes([0; 64]);
    let id = forged.id();
    let forged = forged.parse().unwrap().verified_before(id).unwrap();
    let [found, one, two] = all.as_slice() else { unreachable!() };
    let cases = [
        ("signature", vec![found, one, &forged], 2),
        ("twice", vec![found, one, one, two], 3),
        ("what it builds on is not before it", vec![found, two, one], 2),
    ];
    for (n, (problem, envelopes, sound)) in cases.into_iter().enumerate() {
        let envelopes: Vec<_> = envelopes.into_iter().cloned().collect();
        let folder = home.path().join(n.to_string());
        let store = Store::create(&folder, &key(), found.group(), &batch(&envelopes)).unwrap();
        assert_eq!(store.load().unwrap().len(), envelopes.len(), "sealed as it is");
        let checked = store.check().unwrap();
        assert_eq!(checked.envelopes, sound, "{problem}");
        assert_eq!(checked.problems.len(), 1, "{:?}", checked.problems);
        assert!(checked.problems[0].contains(problem), "{:?}", checked.problems);
    }
}

/// A full check verifies many envelopes at a time, on all cores; it tells of them one by one, as
/// they were stored.
#[test]
fn a_full_check_of_thousands_tells_what_is_wrong_in_the_order_of_storing() {
    let home = tempfile::tempdir().unwrap();
    let all = chain(2_100);
    drop(Store::create(home.path(), &key(), all[0].group(), &batch(&all)).unwrap());
    let store = Store::open(home.path(), &key()).unwrap();
    let checked = store.check().unwrap();
    assert_eq!((checked.envelopes, checked.signatures), (2_101, 2_101));
    assert_eq!(checked.problems, Vec::<String>::new());
    drop(store);
    let connection = rusqlite::Connection::open(home.path().join("ledger.db")).unwrap();
    connection
        .execute_batch(
            "UPDATE envelopes SET signature = zeroblob(64) WHERE place = 2099;
             UPDATE envelopes SET sealed = zeroblob(5000000) WHERE place = 2101;
             DELETE FROM envelopes WHERE place = 2100",
        )
        .unwrap();
    drop(connection);
    let store = Store::open(home.path(), &key()).unwrap();
    let (again, checked) = (store.check().unwrap(), store.check().unwrap());
    assert_eq!(again, checked);
    let changed = "its bytes are not those that were stored";
    let told = [(2_099, changed), (2_100, "it is missing"), (2_101, changed)];
    let told = told.map(|(place, why)| format!("envelope number {place}: {why}"));
    assert_eq!(checked.problems, told);
    assert_eq!((checked.envelopes, checked.signatures), (2_098, 2_098));
    drop(store);
    let connection = rusqlite::Connection::open(home.path().join("ledger.db")).unwrap();
    let sql = "UPDATE envelopes SET signature = zeroblob(64) WHERE place IN (2048, 2049)";
    connection.execute_batch(sql).unwrap();
    drop(connection);
    let checked = Store::open(home.path(), &key()).unwrap().check().unwrap();
    let parts = ["2048: its bytes", "2049: its bytes", "2050: what it builds on"];
    for (problem, part) in checked.problems.iter().zip(parts) {
        assert!(problem.contains(part), "{problem}");
    }
    assert_eq!((checked.envelopes, checked.signatures), (2_047, 2_096));
    assert_eq!(checked.problems.len(), 2_101 - 2_047);
}
