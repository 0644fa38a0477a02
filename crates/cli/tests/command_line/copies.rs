//! Copies of a home and older states of one go on without ever writing in one chain twice.

use serde_json::Value;

use crate::world::{Device, World, copy_folder, exchange};

fn notes(device: &Device) -> Vec<String> {
    let log = device.json(&["log"]);
    let entries = log["entries"].as_array().unwrap();
    let mut notes: Vec<String> = entries
        .iter()
        .filter(|one| one["kind"] == "note" && one["set_aside"] == false)
        .map(|one| one["text"].as_str().unwrap().to_owned())
        .collect();
    notes.sort();
    notes
}

/// The chains of the device's own member, none of them continued twice.
fn chains(device: &Device) -> u64 {
    let list = device.json(&["device", "list"]);
    let devices: &Vec<Value> = list["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 1);
    assert_eq!(devices[0]["forked"], false, "a chain was written in twice");
    devices[0]["chains"].as_u64().unwrap()
}

fn same(devices: &[&Device]) {
    let views: Vec<Value> = devices.iter().map(|one| one.json(&["status"])).collect();
    assert!(views.iter().all(|one| one["view_digest"] == views[0]["view_digest"]), "{views:?}");
}

#[test]
fn a_copied_home_and_the_first_one_both_go_on_and_have_the_same_in_the_end() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["note", "a"]);
    copy_folder(&ann.home, &world.path("copy"));
    let copy = world.device("copy");
    for (device, note) in [(ann, "b"), (&copy, "c"), (ann, "d"), (&copy, "e")] {
        device.json(&["note", note]);
    }
    exchange(&[ann, &copy, ben]);
    for device in [ann, &copy, ben] {
        assert_eq!(notes(device), ["a", "b", "c", "d", "e"]);
    }
    assert_eq!(chains(ann), 2);
    assert_eq!(chains(&copy), 2);
    for (device, note) in [(ann, "f"), (&copy, "g")] {
        device.json(&["note", note]);
    }
    exchange(&[ann, &copy, ben]);
    same(&[ann, &copy, ben]);
    assert_eq!(notes(ben), ["a", "b", "c", "d", "e", "f", "g"]);
    chains(ann);
    assert_eq!(ann.json(&["status"])["set_aside"], 0);
}

#[test]
fn an_older_home_put_back_begins_a_new_chain() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["note", "a"]);
    copy_folder(&ann.home, &world.path("backup"));
    ann.json(&["note", "b"]);
    ann.json(&["bundle", "export", "b.copact"]);
    ben.json(&["bundle", "import", "b.copact"]);
    std::fs::remove_dir_all(&ann.home).unwrap();
    copy_folder(&world.path("backup"), &ann.home);

    assert_eq!(notes(ann), ["a"]);
    ann.json(&["note", "c"]);
    exchange(&[ann, ben]);
    same(&[ann, ben]);
    assert_eq!(notes(ann), ["a", "b", "c"]);
    assert_eq!(notes(ben), ["a", "b", "c"]);
    assert_eq!(chains(ann), 2);
}

#[test]
fn an_older_database_put_back_is_told_and_mended_by_a_bundle() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["note", "a"]);
    let groups = std::fs::read_dir(ann.home.join("groups")).unwrap();
    let database = groups.map(|one| one.unwrap().path().join("ledger.db")).next().unwrap();
    std::fs::copy(&database, world.path("older.db")).unwrap();
    ann.json(&["note", "b"]);
    ann.json(&["bundle", "export", "b.copact"]);
    ben.json(&["bundle", "import", "b.copact"]);
    std::fs::copy(world.path("older.db"), &database).unwrap();

    let told = ann.run(&["log"]);
    assert_eq!(told.code, 0);
    assert!(told.err.contains("an older copy was put back"), "{}", told.err);
    let ill = ann.run(&["doctor", "--json"]);
    let found: Value = serde_json::from_str(&ill.out).unwrap();
    assert_eq!((ill.code, &found["ok"]), (1, &false.into()));
    assert!(ill.err.contains("problems_found"), "{}", ill.err);
    assert_eq!(found["problems"].as_array().unwrap().len(), 1, "{found}");

    ann.json(&["note", "c"]);
    exchange(&[ann, ben]);
    same(&[ann, ben]);
    assert_eq!(notes(ann), ["a", "b", "c"]);
    assert_eq!(chains(ann), 2);
    assert_eq!(ann.json(&["doctor"])["ok"], true);
}

#[test]
fn without_a_place_to_remember_each_command_writes_a_chain_of_its_own() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let state = world.path("state");
    std::fs::remove_dir_all(&state).unwrap();
    // A file where the folder should be: nothing can be remembered.
    std::fs::write(&state, "").unwrap();
    ann.json(&["note", "a"]);
    ann.json(&["note", "b"]);
    assert_eq!(notes(&ann), ["a", "b"]);
    assert_eq!(chains(&ann), 3);
}
