//! What people type: whom and what they mean, hours, days, roles, names.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::told::Told;
use crate::world::{Device, World, exchange};

/// The id of a note.
fn noted(device: &Device, text: &str) -> String {
    let log = device.json(&["log"]);
    let mut entries = log["entries"].as_array().unwrap().iter();
    let entry = entries.find(|one| one["text"] == text).unwrap();
    entry["id"].as_str().unwrap().to_owned()
}

/// A start of an id that fits more than one entry.
fn shared_start(device: &Device) -> String {
    let log = device.json(&["log"]);
    let mut seen = BTreeSet::new();
    let entries = log["entries"].as_array().unwrap().iter();
    let mut starts = entries.map(|one| one["id"].as_str().unwrap()[..3].to_owned());
    starts.find(|start| !seen.insert(start.clone())).unwrap()
}

pub fn names(told: &mut Told) {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    told.input("no meeting", ann, &["tap", "Spring"], "unknown_meeting");
    told.input("no meeting is open", ann, &["tap"], "no_open_meeting");
    told.input("no contract", ann, &["contract", "ratify"], "no_contract");
    told.input("no proposal", ann, &["answer", "Tuesdays", "yes"], "unknown_proposal");
    // Two devices that do not hear of each other bring in somebody of the same name.
    ann.json(&["member", "assist", "Dora"]);
    ben.json(&["member", "assist", "Dora"]);
    exchange(&[ann, ben]);
    for day in ["2026-02-01", "2026-02-08"] {
        ann.json(&["meeting", "new", "Spring", "--day", day]);
    }
    let mut list = "date,meeting,member\n".to_owned();
    for number in 0..400 {
        writeln!(list, "2026-01-{:02},Winter,Member {}", number / 20 + 1, number % 20).unwrap();
    }
    world.write("list.csv", list);
    ann.json(&["import", "attendance", "list.csv"]);
    let start = shared_start(ann);
    let note = ann.json(&["note", "It rained"])["id"].as_str().unwrap().to_owned();
    world.write("contract.md", "# Hall\n\n## Tea {#rules}\nYes.\n\n## Tea {#other}\nNo.\n");
    ann.json(&["contract", "import", "contract.md"]);

    let long = "x".repeat(10_000);
    let mine = note.as_str();
    ben.json(&["note", "It snowed"]);
    exchange(&[ann, ben]);
    let bens = noted(ann, "It snowed");
    let work =
        |more: [&'static str; 2]| [&["contribute", "Sang", "--hours", "1"], &more[..]].concat();
    let set = |section| ["contract", "set", section, "--file", "contract.md"];
    for (case, words, code) in [
        ("an unknown member", &work(["--by", "Zoe"])[..], "unknown_member"),
        ("an ambiguous member", &work(["--by", "Dora"]), "ambiguous_member"),
        (
            "a member of 10 000 letters",
            &["permission", "photos", "yes", "--for", &long],
            "unknown_member",
        ),
        ("work that is not done yet", &work(["--day", "2026-03-02"]), "future_day"),
        ("work for nobody", &work(["--for", "Zoe"]), "unknown_member"),
        ("who has a device", &["contract", "ratify", "--for", "Ben"], "not_the_helper"),
        ("an unknown meeting", &["tap", "Sprung"], "unknown_meeting"),
        ("an ambiguous meeting", &["tap", "Spring"], "ambiguous_meeting"),
        ("a meeting twice", &["meeting", "same", &long, "Spring"], "unknown_meeting"),
        ("an unknown entry", &["confirm", "ffffffff"], "unknown_entry"),
        ("the start of two entries", &["confirm", &start], "ambiguous_entry"),
        ("too short a start", &["confirm", "1a"], "unknown_entry"),
        ("an entry to erase, unknown", &["erase", "Monday", "--yes"], "unknown_entry"),
        ("one’s own entry to confirm", &["confirm", mine], "ones_own"),
        ("an entry about somebody else", &["refuse", &bens], "not_about_you"),
        (
            "somebody else’s entry to correct",
            &["correct", &bens, "--reason", "x", "--text", "y"],
            "not_yours",
        ),
        ("somebody else’s text to erase", &["erase", &bens, "--yes"], "not_yours"),
        (
            "a field that it does not have",
            &["correct", mine, "--reason", "x", "--hours", "2"],
            "wrong_field",
        ),
        (
            "the same as itself",
            &["correct", mine, "--reason", "x", "--same-as", mine],
            "same_already",
        ),
        ("an unknown goal", &["goal", "state", "Peace", "done"], "unknown_goal"),
        ("work on what is not there", &work(["--on", "Peace"]), "unknown_occasion"),
        ("an unknown section", &set("Coffee"), "unknown_section"),
        ("an ambiguous section", &set("Tea"), "ambiguous_section"),
        ("an unknown version", &["contract", "show", "--version", "first"], "unknown_version"),
        ("nothing adopted", &["contract", "show", "--version", "adopted"], "not_adopted"),
        ("a name that is taken", &["member", "assist", "Ben"], "name_taken"),
        ("a code that is none", &["tap", "Winter", "--code", "hello"], "bad_code"),
        ("nobody to ask", &["member", "leave"], "needs_answer"),
        ("nobody to ask about a name", &["profile", "erase"], "needs_answer"),
        ("nobody to ask about a text", &["erase", mine], "needs_answer"),
        ("no editor", &["contract", "edit"], "no_editor"),
    ] {
        told.input(case, ann, words, code);
    }
    groups(told, &world, ann);
}

fn groups(told: &mut Told, world: &World, ann: &Device) {
    let nobody = world.device("nobody");
    told.input("no group at all", &nobody, &["status"], "no_group");
    told.input("nothing to check", &nobody, &["doctor"], "no_group");
    told.input("no such group, of one", ann, &["--group", "Hill", "status"], "unknown_group");
    ann.json(&["group", "new", "Hall", "--as", "Ann"]);
    told.input("one of two groups", ann, &["status"], "which_group");
    told.input("no such group, of two", ann, &["--group", "Hill", "status"], "unknown_group");
    ann.json(&["group", "new", "Hall", "--as", "Ann"]);
    told.input("two groups of a name", ann, &["--group", "Hall", "status"], "ambiguous_group");
    told.input(
        "no such parent",
        ann,
        &["group", "new", "X", "--as", "Ann", "--parent", "Y"],
        "unknown_group",
    );
}

pub fn values(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let long = "9".repeat(10_000);
    for (case, hours) in [
        ("negative hours", "-1"),
        ("no hours", "0"),
        ("more hours than a day has", "25"),
        ("absurd hours", "1e30"),
        ("hours of 10 000 digits", &long),
        ("hours that are no number", "a lot"),
        ("not a number", "NaN"),
        ("endless hours", "inf"),
        ("hours left empty", ""),
        ("two commas", "1,5,0"),
        ("hours below a minute", "0.001"),
    ] {
        told.input(case, &ann, &["contribute", "Sang", "--hours", hours], "bad_hours");
    }
    let name = "x".repeat(10_000);
    for (case, words, code) in [
        ("a day that is none", &["meeting", "new", "M", "--day", "2026-02-30"][..], "bad_day"),
        ("a day in words", &["meeting", "new", "M", "--day", "tomorrow"], "bad_day"),
        ("a day long ago", &["meeting", "new", "M", "--day", "0001-01-01"], "bad_day"),
        ("a day of 10 000 digits", &["meeting", "new", "M", "--day", &long], "bad_day"),
        ("a past day to close", &["propose", "Tea", "--closes", "2026-02-01"], "past_day"),
        ("a far day to close", &["propose", "Tea", "--closes", "3000-01-01"], "bad_day"),
        ("a moment that is none", &["status", "--now", "yesterday"], "bad_now"),
        ("a moment without offset", &["status", "--now", "2026-03-01T18:00:00"], "bad_now"),
        ("a moment of 10 000 digits", &["status", "--now", &long], "bad_now"),
        ("nobody present", &["meeting", "new", "M", "--headcount", "0"], "usage"),
        ("minus five present", &["meeting", "new", "M", "--headcount", "-5"], "usage"),
        ("a role mapped to nothing", &["member", "role", "nurse=doctor"], "bad_role"),
        ("a role without a word", &["member", "role", "=citizen"], "bad_text"),
        ("an empty name", &["member", "assist", " "], "bad_text"),
        ("a name of 10 000 characters", &["member", "assist", &name], "bad_text"),
        ("a name that reads backwards", &["profile", "set", "A\u{202e}nn"], "bad_text"),
        ("a group without a name", &["group", "new", "", "--as", "Ann"], "bad_text"),
        ("a founder without a name", &["group", "new", "Hall", "--as", ""], "bad_text"),
        ("an empty note", &["note", "\u{200b}"], "bad_text"),
        ("a permission for nothing", &["permission", "", "yes"], "bad_text"),
        ("a flag that there is not", &["tap", "--bogus"], "usage"),
        ("hours left out", &["contribute", "Sang"], "usage"),
        ("an answer that is none", &["answer", "1a2b", "maybe"], "usage"),
        ("half a command", &["meeting", "new"], "usage"),
    ] {
        told.input(case, &ann, words, code);
    }
}
