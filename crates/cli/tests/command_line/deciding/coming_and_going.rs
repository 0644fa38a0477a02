//! Two members who are one person, leaving and coming back, and a group that goes on in another.

use super::voice::join;
use crate::world::{World, carry, exchange, same_views};

#[test]
fn who_left_comes_back_as_a_new_member_and_is_merged_with_the_one_they_were() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    let before = cem.wrote(&["contribute", "Dug the beds", "--hours", "2"]);
    cem.json(&["member", "leave", "--yes"]);
    assert_eq!(cem.json(&["status"])["parted"]["why"], "left");
    carry(cem, ann);
    carry(ann, ben);
    assert_eq!(ann.json(&["status"])["voices"], 2);
    let again = world.device("Cem again");
    join(ann, &again, "Cem C.");
    exchange(&[ann, ben, &again]);
    ben.json(&["member", "voice", "Cem C."]);
    exchange(&[ann, ben, &again]);
    assert_eq!(ben.member("Cem C.")["voice"], true);
    assert_eq!(ann.json(&["status"])["members"], 3);

    let (_, error) = ann.error(&["member", "merge", "Cem", "Cem"]);
    assert_eq!(error["code"], "one_already");
    let asked = ann.json(&["member", "merge", "Cem", "Cem C."]);
    assert_eq!(asked["need"], 2);
    exchange(&[ann, ben, &again]);
    let page = ben.page(&["member", "merge", "Cem", "Cem C."]);
    assert!(page.contains("Count Cem and Cem C. as one person, who goes on as Cem C."), "{page}");
    exchange(&[ann, ben, &again]);
    same_views(&[ann, ben, &again]);
    for device in [ann, ben, &again] {
        assert_eq!(device.member("Cem")["merged_into"], device.member("Cem C.")["id"]);
        assert_eq!(device.json(&["status"])["members"], 3);
        assert_eq!(device.json(&["status"])["voices"], 3);
        assert_eq!(device.entry(&before)["set_aside"], false);
    }
}

#[test]
fn both_members_who_are_one_say_so_and_that_is_enough() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Dora", "Eva"]);
    let all: Vec<_> = devices.iter().collect();
    let two = world.device("Eva’s tablet");
    join(all[0], &two, "Eva (tablet)");
    let words = ["member", "merge", "Eva (tablet)", "Eva"];
    let asked = two.json(&words);
    assert_eq!((&asked["need"], &asked["adopted"]), (&3.into(), &false.into()));
    carry(&two, all[4]);
    let needed = all[4].page(&["proposals"]);
    assert!(needed.contains("or the yes of both, Eva (tablet) and Eva"), "{needed}");
    assert_eq!(all[4].json(&words)["adopted"], true);
    assert_eq!(all[4].json(&["status"])["members"], 5);
}

#[test]
fn a_group_that_cannot_decide_goes_on_in_a_new_one() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben] = [0, 1].map(|at| &devices[at]);
    let old = ann.json(&["status"])["group"].as_str().unwrap().to_owned();
    ben.json(&["join", "--found", "Lane Two", "--as", "Ben", "--request", "again.req"]);
    world.write("old.md", "# Green Lane\n\n## Why {#purpose}\nWe share the hall.\n");
    ann.json(&["contract", "import", "old.md"]);
    let founded = ann.json(&["group", "continue", "Lane Two", "--with", "again.req"]);
    assert_eq!(founded["first_members"], serde_json::json!(["Ann", "Ben"]));
    let new = founded["id"].as_str().unwrap();
    let status = ann.json(&["group", "show", new]);
    assert_eq!((&status["continues"], &status["voices"]), (&old.as_str().into(), &2.into()));
    let page = ann.page(&["group", "show", new]);
    assert!(page.contains("continues  Green Lane ("), "{page}");
    let (_, error) = ann.error(&["goal", "state"]);
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("usage: copact goal state") && !hint.contains("--home"), "{hint}");
    // The contract, as the command says: by a file that has the text and nothing else.
    let text = |group| ann.json(&["contract", "show", "--group", group])["text"].clone();
    let shown = ann.run(&["contract", "show", "--group", &old]);
    assert!(shown.err.starts_with("This version is a draft, not adopted."), "{shown:?}");
    world.write("kept.md", &shown.out);
    ann.json(&["contract", "import", "kept.md", "--group", new]);
    assert_eq!(text(new), text(&old));
    assert!(shown.out.contains("We share the hall."), "{shown:?}");
    ann.json(&["bundle", "export", "two.copact", "--group", new]);
    assert_eq!(ben.json(&["bundle", "import", "two.copact"])["joined"], true);
    assert_eq!(ann.json(&["group", "list"])["groups"].as_array().unwrap().len(), 2);
    assert_eq!(ann.json(&["status", "--group", &old])["members"], 3, "the old one stays");
    let team = ["group", "new", "Gardeners", "--as", "Ann", "--parent", &old];
    let team = ann.json(&team)["id"].as_str().unwrap().to_owned();
    assert!(ann.page(&["group", "show", &team]).contains("team of  "), "its parent is shown");
}
