//! Bytes of a small database and of a bundle flipped: reported, or the views are the same.

use std::path::Path;

use copact_core::day::Day;
use copact_node::bundle;
use copact_node::error::NodeError;
use copact_node::home::{Clock, Home};
use serde_json::Value;

use crate::world::{Device, World, copy_folder};

const PLACES: usize = 200;
const CONTRACT: &str = "# Green Lane\n\n## Purpose {#purpose}\nNobody eats alone.\n";

/// A group with something of everything in it.
fn story(world: &World) -> Vec<Device> {
    let devices = world.founded(&["Ann", "Ben"]);
    let ann = &devices[0];
    world.write("contract.md", CONTRACT);
    ann.json(&["contract", "import", "contract.md"]);
    ann.json(&["contract", "ratify"]);
    ann.json(&["member", "assist", "Dora"]);
    ann.json(&["meeting", "new", "Spring"]);
    ann.json(&["tap", "Spring", "--for", "Dora"]);
    ann.json(&["contribute", "Soup", "--hours", "1.5"]);
    ann.json(&["note", "It rained"]);
    devices
}

fn home_at(folder: &Path) -> Home {
    let day = Day::parse("2026-03-01").unwrap();
    Home::new(folder.to_owned(), None, Clock { seconds: 1_772_384_400, day })
}

fn digest(home: &Home) -> Result<String, NodeError> {
    Ok(home.open(None)?.status().view_digest)
}

/// Places spread over the whole, each with another bit of its byte.
fn places(len: usize) -> impl Iterator<Item = (usize, u8)> {
    let bits = [0, 3, 7, 5, 1, 6, 2, 4];
    (0..PLACES)
        .map(move |number| (number * len / PLACES + number % 7, 1 << bits[number % 8]))
        .map(move |(at, bit)| (at.min(len - 1), bit))
}

#[test]
fn a_flipped_byte_of_a_database_is_reported_or_changes_no_view() {
    let world = World::new();
    story(&world);
    let folder = world.path("copy");
    copy_folder(&world.path("Ann"), &folder);
    let home = home_at(&folder);
    let whole = digest(&home).unwrap();
    let groups = std::fs::read_dir(folder.join("groups")).unwrap();
    let group = groups.map(|one| one.unwrap().path()).next().unwrap();
    let database = group.join("ledger.db");
    let bytes = std::fs::read(&database).unwrap();
    let (mut reported, mut same) = (0, 0);
    for (at, bit) in places(bytes.len()) {
        let mut flipped = bytes.clone();
        flipped[at] ^= bit;
        std::fs::write(&database, &flipped).unwrap();
        match digest(&home) {
            Ok(found) => {
                assert_eq!(found, whole, "byte {at} bit {bit}: nothing was reported");
                same += 1;
            }
            Err(error) => {
                let codes = ["damaged_store", "foreign_store", "newer_version"];
                assert!(codes.contains(&error.code), "byte {at} bit {bit}: {error:?}");
                reported += 1;
            }
        }
        let left = std::fs::read_dir(&group).unwrap().map(|one| one.unwrap().file_name());
        let mut left: Vec<_> = left.collect();
        left.sort();
        assert_eq!(left, ["ledger.db", "ledger.height", "lock"], "byte {at} bit {bit}");
    }
    std::fs::write(&database, &bytes).unwrap();
    assert_eq!(digest(&home).unwrap(), whole);
    assert!(reported > PLACES / 4, "only {reported} reported, {same} the same");
}

#[test]
fn a_flipped_byte_of_a_bundle_is_reported_and_changes_nothing() {
    let world = World::new();
    let devices = story(&world);
    devices[0].json(&["bundle", "export", "whole.copact"]);
    let bytes = std::fs::read(world.path("whole.copact")).unwrap();
    let home = home_at(&devices[1].home);
    let before = digest(&home).unwrap();
    let bundle = world.path("flipped.copact");
    for (at, bit) in places(bytes.len()) {
        let mut flipped = bytes.clone();
        flipped[at] ^= bit;
        std::fs::write(&bundle, &flipped).unwrap();
        let error = bundle::import(&home, &bundle).unwrap_err();
        assert_eq!(error.code, "bad_bundle", "byte {at} bit {bit}: {error:?}");
        assert_eq!(digest(&home).unwrap(), before, "byte {at} bit {bit}");
    }
    std::fs::write(&bundle, &bytes).unwrap();
    assert!(bundle::import(&home, &bundle).unwrap().new.envelopes > 5);
    assert_eq!(digest(&home).unwrap(), digest(&home_at(&devices[0].home)).unwrap());
}

/// Alters the seal of the last envelope's row, which the next opening would read.
#[test]
fn the_doctor_lists_what_is_wrong_with_an_altered_database() {
    let world = World::new();
    let devices = story(&world);
    let ann = &devices[0];
    let envelopes = ann.json(&["status"])["envelopes"].as_u64().unwrap();
    let database = ann.group_folder().join("ledger.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    let altered = connection.execute(
        "UPDATE envelopes SET sealed = zeroblob(length(sealed)) \
         WHERE place = (SELECT max(place) FROM envelopes)",
        [],
    );
    assert_eq!(altered.unwrap(), 1);
    connection.close().unwrap();
    let altered = super::told::files(ann.world());

    let answer = ann.run(&["doctor", "--json"]);
    let found: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((answer.code, &found["ok"]), (1, &false.into()));
    assert_eq!(found["checked"]["envelopes"], envelopes - 1);
    let problems = found["problems"].as_array().unwrap();
    let last = format!("envelope number {envelopes}");
    assert!(problems.iter().any(|one| one.as_str().unwrap().contains(&last)), "{found}");
    let error: Value = serde_json::from_str(&answer.err).unwrap();
    assert_eq!(error["error"]["code"], "problems_found");
    assert!(error["error"]["hint"].as_str().unwrap().contains("bundle import"), "{error}");

    let page = ann.run(&["doctor"]);
    assert_eq!(page.code, 1);
    for problem in problems {
        assert!(page.out.contains(problem.as_str().unwrap()), "{}", page.out);
    }
    let changed = super::told::changed(&altered, &super::told::files(ann.world()));
    assert!(changed.is_empty(), "the doctor looks and does not touch: {changed:?}");
}

/// However a database is broken, the doctor lists what is wrong; it never only names itself as the
/// one to ask.
#[test]
fn the_doctor_has_a_list_for_every_damage_that_a_command_reports() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    ann.json(&["note", "It rained"]);
    let database = ann.group_folder().join("ledger.db");
    let whole = std::fs::read(&database).unwrap();
    let half = whole.len() / 2;
    let altered = |sql: &str| {
        std::fs::write(&database, &whole).unwrap();
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.execute_batch(sql).unwrap();
        connection.close().unwrap();
        std::fs::read(&database).unwrap()
    };
    for (case, bytes) in [
        ("half is missing", whole[..half].to_vec()),
        ("half is something else", [&whole[..half], &vec![b'x'; whole.len() - half]].concat()),
        ("an envelope is missing", altered("DELETE FROM envelopes WHERE place = 2")),
        ("the names are gone", altered("DELETE FROM sealed WHERE kind = 2")),
        ("a table is added", altered("CREATE TABLE x (y)")),
        ("a table is missing", altered("DROP TABLE sealed")),
    ] {
        std::fs::write(&database, bytes).unwrap();
        let (code, error) = ann.error(&["log"]);
        assert_eq!((code, &error["code"]), (2, &"damaged_store".into()), "{case}: {error}");
        let answer = ann.run(&["doctor", "--json"]);
        assert_eq!(answer.code, 1, "{case}: {}", answer.err);
        let found: Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(found["ok"], false, "{case}");
        let problems = found["problems"].as_array().unwrap();
        assert!(!problems.is_empty(), "{case}");
        for problem in problems {
            assert!(!problem.as_str().unwrap().contains("copact doctor"), "{case}: {problem}");
        }
    }
    std::fs::write(&database, whole).unwrap();
    assert_eq!(ann.json(&["doctor"])["ok"], true);
}
