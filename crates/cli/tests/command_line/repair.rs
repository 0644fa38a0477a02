//! `doctor --repair`: what is in order makes a new store, what is lost is told, nothing is thrown
//! away, and a bundle of another member brings back what they have.

use std::path::Path;

use serde_json::Value;

use crate::world::{Device, World, copy_folder, exchange};

/// Ann and Ben have all of it, but Ann's last note, which only she has.
fn story(world: &World) -> Vec<Device> {
    let devices = world.founded(&["Ann", "Ben"]);
    devices[0].json(&["meeting", "new", "Spring"]);
    devices[1].json(&["note", "From Ben"]);
    devices[0].json(&["tap", "Spring"]);
    devices[0].json(&["note", "Known to both"]);
    exchange(&[&devices[0], &devices[1]]);
    devices[0].json(&["note", "Not handed over yet"]);
    devices
}

fn alter(folder: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.close().unwrap();
}

/// The incarnations that a device wrote in, by the chains of its store's headers.
fn chains(device: &Device) -> usize {
    let status = device.json(&["status"]);
    let frontier = status["frontier"].as_str().unwrap();
    let frontier = copact_core::frontier::Frontier::from_text(frontier).unwrap();
    frontier.chains().len()
}

fn digest(device: &Device) -> Value {
    device.json(&["status"])["view_digest"].clone()
}

#[test]
fn a_repaired_store_has_what_was_in_order_and_gets_the_rest_from_another_member() {
    let world = World::new();
    let [ann, ben] = story(&world).try_into().unwrap_or_else(|_| panic!("two devices"));
    let folder = ann.group_folder();
    let (envelopes, before) = (ann.json(&["status"])["envelopes"].as_u64().unwrap(), chains(&ann));
    let lost = "UPDATE envelopes SET sealed = zeroblob(length(sealed)) WHERE place = 4";
    alter(&folder, lost);
    let database = std::fs::read(folder.join("ledger.db")).unwrap();
    assert_eq!(ann.error(&["status"]).1["code"], "damaged_store");
    let answer = ann.run(&["doctor", "--json"]);
    assert_eq!(answer.code, 1);
    let hint = serde_json::from_str::<Value>(&answer.err).unwrap()["error"]["hint"].clone();
    assert!(hint.as_str().unwrap().contains("copact doctor --repair"), "{hint}");

    let found = ann.json(&["doctor", "--repair"]);
    assert_eq!((&found["ok"], &found["problems"]), (&true.into(), &Value::Array(vec![])));
    let repaired = &found["repaired"][0];
    assert_eq!(found["repaired"].as_array().unwrap().len(), 1);
    assert_eq!(repaired["keys"], "saved");
    let saved = repaired["envelopes"].as_u64().unwrap();
    assert!(3 <= saved && saved < envelopes, "{saved} of {envelopes}");
    assert_eq!(found["checked"]["envelopes"], saved);
    let told = repaired["lost"].to_string();
    assert!(told.contains("envelope number 4"), "{told}");
    let kept = Path::new(repaired["kept"].as_str().unwrap());
    assert_eq!(std::fs::read(kept.join("ledger.db")).unwrap(), database, "kept as it was");
    assert!(!ann.home.join("repairing").join(folder.file_name().unwrap()).exists());

    // She writes before she gets anything: in a new chain, so no place is written twice.
    ann.json(&["note", "After the repair"]);
    exchange(&[&ann, &ben]);
    assert_eq!(digest(&ann), digest(&ben));
    assert_eq!(chains(&ann), before + 1);
    let log = ann.page(&["log"]);
    for kept in ["Known to both", "From Ben", "After the repair"] {
        assert!(log.contains(kept), "{kept} in {log}");
    }
    assert_eq!(ann.json(&["doctor", "--repair"])["repaired"], Value::Array(vec![]));
    assert_eq!(ben.json(&["status"])["flags"], 0, "nothing looks like a fork");
}

#[test]
fn of_a_ledger_without_its_beginning_the_keys_wait_for_a_bundle() {
    let world = World::new();
    let [ann, ben] = story(&world).try_into().unwrap_or_else(|_| panic!("two devices"));
    let me = ann.me();
    alter(&ann.group_folder(), "DELETE FROM envelopes WHERE place = 1");
    let found = ann.json(&["doctor", "--repair"]);
    assert_eq!(found["repaired"][0]["keys"], "waiting");
    assert_eq!(found["repaired"][0]["envelopes"], 0);
    assert_eq!(ann.error(&["status"]).1["code"], "no_group");
    ben.json(&["bundle", "export", "full.copact"]);
    assert_eq!(ann.json(&["bundle", "import", "full.copact"])["joined"], true);
    assert_eq!(ann.me(), me);
    ann.json(&["note", "Here again"]);
    exchange(&[&ann, &ben]);
    assert_eq!(digest(&ann), digest(&ben));
    assert_eq!(ben.json(&["status"])["flags"], 0, "nothing looks like a fork");
}

#[test]
fn without_its_keys_a_repaired_store_can_be_read() {
    let world = World::new();
    let [ann, _] = story(&world).try_into().unwrap_or_else(|_| panic!("two devices"));
    alter(&ann.group_folder(), "DELETE FROM sealed WHERE kind = 3");
    let page = ann.page(&["doctor", "--repair"]);
    assert!(page.contains("A key of this device is lost"), "{page}");
    assert!(page.contains("The damaged files are kept in"), "{page}");
    assert!(ann.page(&["log"]).contains("Not handed over yet"));
    let (code, error) = ann.error(&["note", "More"]);
    assert_eq!((code, &error["code"]), (1, &"no_member".into()));
    assert_eq!(ann.json(&["doctor"])["ok"], true);
}

/// What cannot be saved at all is left exactly as it is.
#[test]
fn where_nothing_can_be_saved_nothing_is_touched() {
    let world = World::new();
    let [ann, _] = story(&world).try_into().unwrap_or_else(|_| panic!("two devices"));
    let folder = ann.group_folder();
    copy_folder(&folder, &world.path("whole"));
    for sql in [
        "DROP TABLE envelopes",
        "DELETE FROM envelopes WHERE place = 1; DELETE FROM sealed WHERE kind = 3",
    ] {
        std::fs::copy(world.path("whole/ledger.db"), folder.join("ledger.db")).unwrap();
        alter(&folder, sql);
        let before = std::fs::read(folder.join("ledger.db")).unwrap();
        let (code, error) = ann.error(&["doctor", "--repair"]);
        assert_eq!((code, &error["code"]), (1, &"beyond_repair".into()), "{sql}: {error}");
        assert!(error["hint"].as_str().unwrap().contains("backup"), "{error}");
        assert_eq!(std::fs::read(folder.join("ledger.db")).unwrap(), before, "{sql}");
        assert!(!ann.home.join("damaged").exists(), "{sql}");
    }
}

/// Killed between its two renames, the next command of any kind completes the repair.
#[test]
fn a_repair_that_was_interrupted_is_completed_or_begun_again() {
    let world = World::new();
    let [ann, _] = story(&world).try_into().unwrap_or_else(|_| panic!("two devices"));
    let folder = ann.group_folder();
    let whole = digest(&ann);
    let making = ann.home.join("repairing").join(folder.file_name().unwrap());
    copy_folder(&folder, &making);
    std::fs::create_dir(ann.home.join("damaged")).unwrap();
    std::fs::rename(&folder, ann.home.join("damaged/one")).unwrap();
    assert_eq!(digest(&ann), whole);
    assert!(folder.exists() && !making.exists());

    // Killed before, the half-made one is no use to anybody.
    std::fs::create_dir_all(&making).unwrap();
    std::fs::write(making.join("ledger.db"), "half").unwrap();
    assert_eq!(digest(&ann), whole);
    alter(&folder, "DELETE FROM sealed WHERE kind = 2");
    assert_eq!(ann.json(&["doctor", "--repair"])["repaired"][0]["profiles"], 0);
    assert!(folder.exists() && !making.exists());
}
