//! What is kept beside a ledger is shown without reading it, and never when it is of yesterday.

use super::world::World;

fn database(device: &super::world::Device) -> rusqlite::Connection {
    rusqlite::Connection::open(device.group_folder().join("ledger.db")).unwrap()
}

#[test]
fn groups_are_listed_from_what_is_kept_beside_their_ledgers() {
    let world = World::new();
    let ann = &world.founded(&["Ann", "Ben"])[0];
    ann.json(&["member", "assist", "Dora"]);
    let listed = ann.json(&["group", "list"]);
    assert_eq!(listed["groups"][0]["name"], "Green Lane");
    assert_eq!(listed["groups"][0]["members"], 3);
    // Nothing of the ledger can be read any more, and nothing of it is.
    database(ann).execute_batch("UPDATE envelopes SET signature = zeroblob(64)").unwrap();
    assert_eq!(ann.json(&["group", "list"]), listed);
    assert_eq!(ann.error(&["status"]).1["code"], "damaged_store");
}

#[test]
fn one_that_is_missing_is_made_again_and_kept_and_the_doctor_compares_it() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let listed = ann.json(&["group", "list"]);
    let kept = |ann| -> i64 {
        let count = "SELECT count(*) FROM sealed WHERE kind = 4";
        database(ann).query_row(count, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(kept(ann), 1);
    database(ann).execute_batch("DELETE FROM sealed WHERE kind = 4").unwrap();
    assert_eq!(ann.json(&["doctor"])["checked"]["caches"], 0);
    assert_eq!(ann.json(&["group", "list"]), listed);
    assert_eq!(kept(ann), 1);
    let checked = ann.json(&["doctor"]);
    assert_eq!((&checked["ok"], &checked["checked"]["caches"]), (&true.into(), &1.into()));
}
