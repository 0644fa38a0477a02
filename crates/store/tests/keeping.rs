//! What is stored is read again, and what is erased is gone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod group;

use copact_core::entry::{Record, ShownCode};
use copact_core::presence::PresenceNonce;
use copact_store::{Batch, Marker, Store, StoreError, StoreKey, may_continue};
use group::*;

#[test]
fn everything_is_read_again_in_the_order_of_storing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("group");
    let (store, all) = store(&folder, 5);
    let look = |store: &Store| {
        let loaded = store.load().unwrap();
        assert_eq!(ids(&loaded), ids(&all));
        for (found, expected) in loaded.iter().zip(&all) {
            assert_eq!(found.wire(), expected.wire());
            assert_eq!(found.content(), expected.content());
        }
        assert_eq!(store.count(), 6);
        assert_eq!(store.group(), all[0].group());
        assert_eq!(store.envelope(3).unwrap().unwrap().id(), all[2].id());
        assert!(store.envelope(0).unwrap().is_none() && store.envelope(7).unwrap().is_none());
        let texts = store.texts().unwrap();
        assert_eq!(texts.len(), 6);
        assert!(texts.contains(&(text(4).hash(), text(4))));
        assert_eq!(store.profiles().unwrap(), [profile("Rosa")]);
        assert_eq!(&**store.setting("device").unwrap().unwrap(), b"a secret seed");
        assert_eq!(store.setting("other").unwrap(), None);
        let checked = store.check().unwrap();
        assert_eq!(checked.problems, Vec::<String>::new());
        assert_eq!((checked.envelopes, checked.signatures), (6, 7));
        assert_eq!((checked.texts, checked.profiles, checked.settings), (6, 1, 1));
        assert_eq!(store.lost_commits(), 0);
    };
    look(&store);
    drop(store);
    look(&Store::open(&folder, &key()).unwrap());
    assert!(!folder.join("ledger.db-wal").exists(), "a closed store is one file");
}

#[test]
fn what_says_the_same_is_in_memory_once() {
    let home = tempfile::tempdir().unwrap();
    let (mut store, mut all) = store(home.path(), 1);
    for number in [7, 7, 8] {
        let record = Record::Note(text(number).hash());
        all.push(next(all.last().unwrap(), vec![], record));
    }
    store.commit(&batch(&all[2..])).unwrap();
    let loaded = store.load().unwrap();
    assert!(std::ptr::eq(loaded[2].content(), loaded[3].content()));
    assert!(!std::ptr::eq(loaded[3].content(), loaded[4].content()));
    for (found, expected) in loaded.iter().zip(&all) {
        assert_eq!((found.wire(), found.content()), (expected.wire(), expected.content()));
    }
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let (mut store, all) = store(home.path(), 1);
    let mut mixed = batch(&[note(&all[1]), founding(2)]);
    mixed.set_setting("device", b"new");
    assert!(matches!(store.commit(&mixed), Err(StoreError::OtherGroup { .. })));
    assert_eq!(ids(&store.load().unwrap()), ids(&all));
    assert_eq!(&**store.setting("device").unwrap().unwrap(), b"a secret seed");
    store.commit(&batch(&[note(&all[1])])).unwrap();
    assert_eq!(store.count(), 3);
}

#[test]
fn later_words_win_and_settings_and_caches_can_be_replaced() {
    let home = tempfile::tempdir().unwrap();
    let (mut store, _) = store(home.path(), 0);
    let mut more = Batch::new();
    more.set_setting("device", b"one");
    more.set_setting("device", b"two");
    more.set_setting("gone", b"x");
    more.remove_setting("gone");
    more.add_text(&text(0));
    more.set_cache("roster", b"cached");
    store.commit(&more).unwrap();
    drop(store);
    let mut store = Store::open(home.path(), &key()).unwrap();
    assert_eq!(&**store.setting("device").unwrap().unwrap(), b"two");
    assert_eq!(store.setting("gone").unwrap(), None);
    assert_eq!(store.texts().unwrap().len(), 1, "the same text twice is one");
    assert_eq!(&**store.cache("roster").unwrap().unwrap(), b"cached");
    let mut newer = Batch::new();
    newer.set_cache("roster", b"again");
    store.commit(&newer).unwrap();
    assert_eq!(&**store.cache("roster").unwrap().unwrap(), b"again");
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    assert_eq!(store.check().unwrap().caches, 1);
}

/// The sealed bytes of every text and profile.
fn sealed_values(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    let mut statement =
        connection.prepare("SELECT value FROM sealed WHERE kind IN (1, 2)").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    files(folder).iter().any(|(_, file)| file.windows(bytes.len()).any(|part| part == bytes))
}

#[test]
fn what_is_erased_is_in_no_file_even_before_the_store_is_closed() {
    let home = tempfile::tempdir().unwrap();
    let (store_before, _) = store(home.path(), 3);
    drop(store_before);
    let sealed = sealed_values(home.path());
    assert_eq!(sealed.len(), 5);
    let mut store = Store::open(home.path(), &key()).unwrap();
    assert!(sealed.iter().all(|value| holds(home.path(), value)));

    // Also what stands in the write-ahead log only; the same record is sealed to the same bytes.
    let twin = tempfile::tempdir().unwrap();
    let mut late = Batch::new();
    late.add_profile(&profile("Rosa Maria"));
    drop(Store::create(twin.path(), &key(), store.group(), &late).unwrap());
    let late_sealed = sealed_values(twin.path()).remove(0);
    store.commit(&late).unwrap();
    assert!(holds(home.path(), &late_sealed));

    let mut erase = Batch::new();
    for n in [0, 2, 3, 4] {
        erase.erase_text(text(n).hash());
    }
    erase.erase_profile(&profile("Rosa"));
    erase.erase_profile(&profile("Rosa Maria"));
    store.commit(&erase).unwrap();
    for value in sealed.iter().chain([&late_sealed]) {
        assert!(value.windows(16).all(|part| !holds(home.path(), part)));
    }
    assert_eq!(std::fs::read(home.path().join("ledger.db-wal")).unwrap().len(), 0);
    assert!(store.texts().unwrap().is_empty() && store.profiles().unwrap().is_empty());
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn nothing_but_headers_and_signatures_is_in_clear() {
    let home = tempfile::tempdir().unwrap();
    let (store, all) = store(home.path(), 3);
    let look = || {
        for hidden in ["Soup for", "Rosa", "cook", "a secret seed"] {
            assert!(!holds(home.path(), hidden.as_bytes()), "{hidden}");
        }
        assert!(!holds(home.path(), &all[2].wire().body));
        assert!(holds(home.path(), all[2].wire().signature.as_bytes()));
    };
    look();
    drop(store);
    look();
}

#[test]
fn a_tap_takes_at_most_400_bytes_of_disk() {
    let home = tempfile::tempdir().unwrap();
    let (mut store, all) = store(home.path(), 1);
    let meeting = all[1].id();
    let mut taps = Vec::new();
    for n in 0..2_000u16 {
        let [low, high] = n.to_le_bytes();
        let mut nonce = [7; 10];
        nonce[..2].copy_from_slice(&[low, high]);
        let code = ShownCode { device: secret().public(), nonce: PresenceNonce::from_bytes(nonce) };
        let record = Record::Tap { meeting, code: Some(code), imported: false };
        let last = taps.last().unwrap_or(&all[1]);
        let parents = if last.id() == meeting { vec![] } else { vec![meeting] };
        taps.push(next(last, parents, record));
    }
    drop(store);
    let before = std::fs::metadata(home.path().join("ledger.db")).unwrap().len();
    store = Store::open(home.path(), &key()).unwrap();
    store.commit(&batch(&taps)).unwrap();
    drop(store);
    let after = std::fs::metadata(home.path().join("ledger.db")).unwrap().len();
    let each = (after - before) / 2_000;
    println!("{each} bytes a tap");
    assert!(each <= 400, "{each} bytes a tap");
}

#[test]
fn an_older_copy_opens_is_named_and_does_not_go_on_with_its_chain() {
    let home = tempfile::tempdir().unwrap();
    let (folder, state) = (home.path().join("group"), home.path().join("state"));
    let (open, _) = store(&folder, 2);
    drop(open);
    let backup = files(&folder);
    let mut open = Store::open(&folder, &key()).unwrap();
    let last = open.load().unwrap().pop().unwrap();
    open.commit(&batch(&[note(&last)])).unwrap();
    let path = Marker::path(&state, &folder, open.group());
    Marker { incarnation: INCARNATION, seq: 4 }.write(&path).unwrap();
    assert!(may_continue(Marker::read(&path), Some((INCARNATION, 4))));
    drop(open);

    // The whole folder: nothing in it tells that it is old.
    put(&folder, &backup);
    let open = Store::open(&folder, &key()).unwrap();
    assert_eq!((open.count(), open.lost_commits()), (3, 0));
    let highest = open.load().unwrap().last().unwrap().header().seq;
    assert!(!may_continue(Marker::read(&path), Some((INCARNATION, highest))));
    drop(open);

    // The database alone: the height beside it tells, until the next commit.
    let mut open = Store::open(&folder, &key()).unwrap();
    open.commit(&batch(&[note(&last)])).unwrap();
    drop(open);
    for (name, bytes) in &backup {
        if name == "ledger.db" {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
    let mut open = Store::open(&folder, &key()).unwrap();
    assert_eq!(open.lost_commits(), 1);
    assert_eq!(open.check().unwrap().problems.len(), 1);
    open.commit(&batch(&[note(&last)])).unwrap();
    assert_eq!(open.lost_commits(), 0);
    drop(open);
    assert_eq!(Store::open(&folder, &key()).unwrap().lost_commits(), 0);
}

#[test]
fn a_key_file_is_made_once_private_and_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("store.key");
    assert!(StoreKey::load(&path).unwrap().is_none());
    std::fs::write(home.path().join("store.key.new"), b"left over by a killed process").unwrap();
    let made = StoreKey::load_or_create(&path, [1; 32]).unwrap();
    assert!(made.created && !made.readable_by_others);
    assert_eq!(std::fs::read(&path).unwrap(), [1; 32]);
    assert!(!home.path().join("store.key.new").exists());
    let again = StoreKey::load_or_create(&path, [2; 32]).unwrap();
    assert!(!again.created);
    assert_eq!(std::fs::read(&path).unwrap(), [1; 32]);
    assert!(!format!("{made:?}").contains("1, 1"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(StoreKey::load(&path).unwrap().unwrap().readable_by_others);
    }
    for wrong in [&[1; 31][..], &[1; 33], &[], &[1; 100_000]] {
        std::fs::write(&path, wrong).unwrap();
        let error = StoreKey::load_or_create(&path, [2; 32]).unwrap_err().to_string();
        assert!(error.contains(&format!("{} bytes long", wrong.len())), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), wrong);
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let error = StoreKey::load_or_create(&path, [2; 32]).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
    let under_file = home.path().join("file");
    std::fs::write(&under_file, b"").unwrap();
    let error = StoreKey::load_or_create(&under_file.join("store.key"), [2; 32]).unwrap_err();
    assert!(error.to_string().contains("cannot be"), "{error}");
}

#[test]
fn of_processes_that_make_a_key_file_at_once_all_get_the_same_key() {
    for _ in 0..20 {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("store.key");
        let made: Vec<bool> = std::thread::scope(|scope| {
            let path = &path;
            let threads: Vec<_> = (1..=8u8)
                .map(|n| {
                    scope.spawn(move || {
                        let file = StoreKey::load_or_create(path, [n; 32]).unwrap();
                        assert_eq!(file.created, std::fs::read(path).unwrap() == [n; 32]);
                        file.created
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.iter().filter(|made| **made).count(), 1);
    }
}

#[test]
fn a_cache_is_read_beside_what_it_was_made_from_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let (mut open, all) = store(home.path(), 1);
    let next = note(&all[1]);
    let changes: [&dyn Fn(&mut Batch); 4] = [
        &|batch| batch.add_envelope(next.clone()),
        &|batch| batch.add_text(&text(7)),
        &|batch| batch.erase_text(text(7).hash()),
        &|batch| batch.add_profile(&profile("Rosa Luz")),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        // Made from what the batch leaves, whatever stands behind it in the batch.
        let mut with = Batch::new();
        with.set_cache("roster", b"cached");
        with.add_text(&text(20 + number as u64));
        open.commit(&with).unwrap();
        assert_eq!(&**open.cache("roster").unwrap().unwrap(), b"cached");
        let mut without = Batch::new();
        change(&mut without);
        open.commit(&without).unwrap();
        assert_eq!(open.cache("roster").unwrap(), None, "change {number}");
    }
    let mut setting = Batch::new();
    setting.set_cache("roster", b"cached");
    open.commit(&setting).unwrap();
    let mut setting = Batch::new();
    setting.set_setting("invite", b"x");
    open.commit(&setting).unwrap();
    drop(open);
    let open = Store::open(home.path(), &key()).unwrap();
    assert_eq!(&**open.cache("roster").unwrap().unwrap(), b"cached", "no setting is in it");
}
