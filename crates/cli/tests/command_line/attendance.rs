//! Taking over an attendance list, once, again, and with one line more.

use std::path::{Path, PathBuf};

use crate::world::World;

/// The list lies in `shared/data` beside the repository, or beside what the repository lies in.
pub fn list() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lists = here.ancestors().map(|one| one.join("shared/data/southern-women.csv"));
    lists.find(|list| list.is_file()).expect(
        "this test reads southern-women.csv in a folder shared/data beside the repository; put it \
         there",
    )
}

#[test]
fn a_list_is_taken_over_once_and_a_longer_one_adds_what_is_new() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Natchez", "--as", "Ann"]);
    let path = list();
    let path = path.to_str().unwrap();
    let taken = ann.json(&["import", "attendance", path]);
    assert_eq!(
        (&taken["lines"], &taken["members"], &taken["meetings"], &taken["attendances"]),
        (&89.into(), &18.into(), &14.into(), &89.into())
    );

    let meetings = ann.json(&["meeting", "list"]);
    let totals = serde_json::json!({ "meetings": 14, "attendances": 89, "members": 18 });
    assert_eq!(meetings["totals"], totals);
    let rows = meetings["meetings"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["imported"] == true && row["held"] == true));
    let days: Vec<&str> = rows.iter().map(|row| row["day"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days[0] == "1936-02-23", "{days:?}");

    let before = ann.json(&["status"]);
    let again = ann.json(&["import", "attendance", path]);
    assert_eq!((&again["envelopes"], &again["known"]), (&0.into(), &89.into()));
    let after = ann.json(&["status"]);
    assert_eq!(before["envelopes"], after["envelopes"]);
    assert_eq!(before["frontier_digest"], after["frontier_digest"]);

    let text = std::fs::read_to_string(path).unwrap();
    world.write("more.csv", format!("{}\n1936-02-23,E11,Brenda Rogers\n", text.trim_end()));
    let more = ann.json(&["import", "attendance", "more.csv"]);
    assert_eq!(
        (&more["envelopes"], &more["attendances"], &more["members"], &more["meetings"]),
        (&1.into(), &1.into(), &0.into(), &0.into())
    );
    assert_eq!(ann.json(&["meeting", "list"])["totals"]["attendances"], 90);

    let checked = ann.json(&["doctor"]);
    assert_eq!((&checked["ok"], &checked["problems"]), (&true.into(), &serde_json::json!([])));
    let envelopes = ann.json(&["status"])["envelopes"].clone();
    assert_eq!(checked["checked"]["envelopes"], envelopes);
}

#[test]
fn a_list_with_a_wrong_line_changes_nothing_and_names_the_line() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Natchez", "--as", "Ann"]);
    let before = ann.json(&["status"]);
    world.write("bad.csv", "date,meeting,member\n2026-02-01,Spring,Ben\n1.3.2026,Spring,Cem\n");
    let (code, error) = ann.error(&["import", "attendance", "bad.csv"]);
    assert_eq!((code, &error["code"]), (2, &"bad_cell".into()));
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("bad.csv: line 3, column “date”"), "{message}");
    assert_eq!(ann.json(&["status"]), before);
}
