//! Questions: nothing that cannot be taken back is done without an answer.

use std::process::Command;

use crate::world::World;

const PLAIN: &str = "# Hall\n\n## Purpose\nWe share.\n\n## Odds and ends\nTea.\n";

#[test]
fn what_cannot_be_taken_back_needs_an_answer_and_changes_nothing_without() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Hall", "--as", "Ann"]);
    let note = ann.json(&["note", "a secret"])["id"].as_str().unwrap().to_owned();
    let before = ann.json(&["status"]);
    for words in [&["member", "leave"][..], &["profile", "erase"], &["erase", &note]] {
        let (code, error) = ann.error(words);
        assert_eq!((code, &error["code"]), (2, &"needs_answer".into()), "{words:?}");
        assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
        assert_eq!(ann.json(&["status"]), before, "{words:?}");
    }
    ann.json(&["erase", &note, "--yes"]);
    assert!(ann.json(&["log"])["entries"][0]["text"].is_null());
    ann.json(&["profile", "erase", "--yes"]);
    assert!(ann.json(&["member", "list"])["members"][0]["name"].is_null());
    ann.json(&["member", "leave", "--yes"]);
    let (code, error) = ann.error(&["note", "more"]);
    assert_eq!((code, &error["code"]), (1, &"left".into()));
}

#[test]
fn the_kinds_of_sections_are_answered_in_the_file_or_by_a_flag() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Hall", "--as", "Ann"]);
    world.write("plain.md", PLAIN);
    let (code, error) = ann.error(&["contract", "import", "plain.md"]);
    assert_eq!((code, &error["code"]), (2, &"needs_answer".into()));
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("--yes") && hint.contains("{#purpose}"), "{hint}");
    assert!(ann.json(&["contract", "show"])["version"].is_null());

    let kinds = |device: &crate::world::Device| -> Vec<serde_json::Value> {
        let shown = device.json(&["contract", "show"]);
        shown["sections"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect()
    };
    ann.json(&["contract", "import", "plain.md", "--yes"]);
    assert_eq!(kinds(&ann), ["purpose", "other"]);

    let ben = world.device("ben");
    ben.json(&["group", "new", "Hall", "--as", "Ben"]);
    world.write("given.md", "# Hall\n\n## Purpose {#rules}\nWe share.\n\n## Odds {#principles}\n");
    ben.json(&["contract", "import", "given.md"]);
    assert_eq!(kinds(&ben), ["rules", "principles"]);
}

#[cfg(unix)]
#[test]
fn the_editor_gets_the_draft_and_what_it_leaves_is_the_draft() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Hall", "--as", "Ann"]);
    let edit = |editor: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_copact"))
            .env("COPACT_STATE", world.path("state"))
            .env_remove("VISUAL")
            .env("EDITOR", editor)
            .env("TMPDIR", world.path(""))
            .stdin(std::process::Stdio::null())
            .args(["contract", "edit", "--home"])
            .arg(&ann.home)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, error) = ann.error(&["contract", "edit"]);
    assert_eq!((code, &error["code"]), (2, &"no_editor".into()));
    assert!(error["hint"].as_str().unwrap().contains("EDITOR="), "{error}");

    // The page to begin with, left as it is, is no contract.
    let (code, said) = edit("true");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("stays in its history") && said.contains("nothing was written"),
        "{said}"
    );
    assert!(ann.json(&["contract", "show"])["version"].is_null());

    let (code, said) = edit("sed -i -e 's/^# .*/# Hall/' -e 's/^## Why.*/&\\nWe share./'");
    assert_eq!(code, Some(0), "{said}");
    let shown = ann.json(&["contract", "show"]);
    assert_eq!(
        (&shown["title"], &shown["sections"][1]["body"]),
        (&"Hall".into(), &"We share.".into())
    );

    let (code, said) = edit("true");
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("stays in its history"), "only before the first edit: {said}");
    assert_eq!(ann.json(&["contract", "show"]), shown);

    // What does not fit is kept for another try.
    let (code, said) = edit("sed -i '1d'");
    assert_eq!(code, Some(2), "{said}");
    let (_, kept) = said.split_once("what you typed is kept in ").unwrap();
    assert!(std::fs::read_to_string(kept.trim()).unwrap().contains("We share."));
    assert_eq!(ann.json(&["contract", "show"]), shown);
    let (code, said) = edit("no-such-editor-here");
    assert_eq!(code, Some(1), "{said}");
}
