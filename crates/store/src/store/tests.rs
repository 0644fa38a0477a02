//! What only the inside of a store can show: a full disk, its terms with SQLite, values that do not
//! fit their keys.
#![allow(clippy::unwrap_used)]
use super::*;

#[test]
fn a_full_disk_stores_nothing_and_leaves_reading_and_a_later_try() {
    let home = tempfile::tempdir().unwrap();
    let key = StoreKey::from_bytes([1; 32]);
    let mut batch = Batch::new();
    batch.set_setting("small", b"kept");
    let group = GroupId::from_bytes([2; 32]);
    let mut store = Store::create(home.path(), &key, group, &batch).unwrap();
    let pages = |store: &Store, most: i64| {
        store.connection.pragma_update(None, "max_page_count", most).unwrap();
    };
    pages(&store, 6);
    let mut large = Batch::new();
    large.set_setting("small", b"changed");
    large.set_setting("large", &[7; 100_000]);
    let error = store.commit(&large).unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert_eq!(&**store.setting("small").unwrap().unwrap(), b"kept");
    assert_eq!(store.setting("large").unwrap(), None);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    pages(&store, 1_000);
    store.commit(&large).unwrap();
    assert_eq!(&**store.setting("small").unwrap().unwrap(), b"changed");
}

/// What no test can provoke, a power cut, is left to SQLite; these are its terms.
#[test]
fn the_database_is_set_to_be_durable_and_to_forget() {
    let home = tempfile::tempdir().unwrap();
    let key = StoreKey::from_bytes([1; 32]);
    let group = GroupId::from_bytes([2; 32]);
    drop(Store::create(home.path(), &key, group, &Batch::new()).unwrap());
    let store = Store::open(home.path(), &key).unwrap();
    let set = |name| {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        match store.connection.pragma_query_value(None, name, read).unwrap() {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(set("journal_mode"), "wal");
    assert_eq!(set("locking_mode"), "exclusive");
    assert_eq!(set("synchronous"), "2", "full");
    assert_eq!(set("fullfsync"), "1");
    assert_eq!(set("checkpoint_fullfsync"), "1");
    assert_eq!(set("secure_delete"), "1");
    assert_eq!(set("trusted_schema"), "0");
    assert_eq!(set("foreign_keys"), "1");
    assert_eq!(set("cell_size_check"), "1");
}

#[test]
fn a_failed_sync_ends_the_handle() {
    let home = tempfile::tempdir().unwrap();
    let key = StoreKey::from_bytes([1; 32]);
    let group = GroupId::from_bytes([2; 32]);
    let store = Store::create(home.path(), &key, group, &Batch::new()).unwrap();
    assert!(store.setting("a").is_ok());
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
    let failure = rusqlite::Error::SqliteFailure(code, None);
    let error = store.stop(StoreError::database("writing to", &store.folder, &failure));
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    assert!(matches!(store.setting("a"), Err(StoreError::Reopen { .. })));
}

#[test]
fn a_value_that_is_not_what_its_key_says_is_reported() {
    let home = tempfile::tempdir().unwrap();
    let key = StoreKey::from_bytes([1; 32]);
    let group = GroupId::from_bytes([2; 32]);
    for kind in [Kind::Text, Kind::Profile] {
        let folder = home.path().join(kind.name());
        let mut batch = Batch::new();
        let text = copact_core::side::SideText {
            salt: copact_core::ids::Salt::from_bytes([1; 16]),
            text: copact_core::text::FreeText::new("sealed under another's hash").unwrap(),
        };
        batch.put(kind, [7; 32], codec::encode(&text));
        let store = Store::create(&folder, &key, group, &batch).unwrap();
        assert!(!store.check().unwrap().problems.is_empty());
        let refused = match kind {
            Kind::Text => store.texts().is_err(),
            _ => store.profiles().is_err(),
        };
        assert!(refused, "{kind:?}");
    }
}
