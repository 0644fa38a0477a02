//! Newcomers have no voice before the group gives it to them.

use crate::world::{Device, World, carry, exchange, same_views};

/// Somebody joins by an invite and two files; what whoever let them in was told.
pub fn join(sponsor: &Device, newcomer: &Device, name: &str) -> serde_json::Value {
    sponsor.json(&["invite", "-o", "ticket.txt"]);
    let ticket = std::fs::read_to_string(sponsor.world().join("ticket.txt")).unwrap();
    newcomer.json(&["join", ticket.trim(), "--as", name, "--request", "newcomer.req"]);
    let admitted = sponsor.json(&["admit", "newcomer.req", "--yes"]);
    sponsor.json(&["bundle", "export", "enter.copact"]);
    assert_eq!(newcomer.json(&["bundle", "import", "enter.copact"])["joined"], true);
    admitted
}

#[test]
fn a_voice_takes_more_than_half_and_starts_once_more_than_half_have_seen_it() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Dora"]);
    let [ann, ben, cem, dora] = [0, 1, 2, 3].map(|at| &devices[at]);
    let eva = world.device("Eva");
    let admitted = join(ann, &eva, "Eva");
    assert_eq!((&admitted["voice"]["have"], &admitted["voice"]["need"]), (&1.into(), &3.into()));
    assert_eq!(eva.member("Eva")["voice"], false);
    let list = ann.page(&["member", "list"]);
    assert!(list.contains("Eva has no voice yet: 1 of 3 say yes."), "{list}");

    // Her answer is kept, and does not count.
    let page = eva.page(&["propose", "We meet on Tuesdays"]);
    assert!(page.contains("You have no voice yet") && page.contains("0 of 3"), "{page}");
    let (_, error) = ann.error(&["member", "voice", "Eva"]);
    assert_eq!(error["code"], "answered_already");
    carry(ann, ben);
    assert_eq!(ben.json(&["member", "voice", "Eva"])["joined"], true);
    carry(ben, cem);
    assert_eq!(cem.json(&["member", "voice", "Eva"])["adopted"], true);
    assert_eq!(cem.member("Eva")["voice"], false, "only Cem has seen that");
    let question = cem.proposal("voice");
    assert_eq!((&question["waits"], &question["unseen"]["more"]), (&true.into(), &2.into()));
    let list = cem.page(&["member", "list"]);
    assert!(list.contains("it starts later. Needed: 2 more of "), "{list}");
    let (_, error) = cem.error(&["member", "voice", "Eva"]);
    assert_eq!(error["code"], "has_voice");

    // Taking in a bundle is enough to have seen it.
    carry(cem, dora);
    assert_eq!(dora.member("Eva")["voice"], false);
    carry(dora, ann);
    assert_eq!(ann.member("Eva")["voice"], true);
    exchange(&[ann, ben, cem, dora, &eva]);
    same_views(&[ann, ben, cem, dora, &eva]);
    assert_eq!(eva.json(&["status"])["voices"], 5);
    let row = eva.proposal("text");
    assert_eq!((&row["have"], &row["need"]), (&1.into(), &3.into()), "it counts now: {row}");
}

#[test]
fn whom_a_member_without_voice_lets_in_is_one_once_the_group_gives_them_voice() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let [ann, ben] = [0, 1].map(|at| &devices[at]);
    let (eva, finn) = (world.device("Eva"), world.device("Finn"));
    join(ann, &eva, "Eva");
    eva.json(&["invite", "-o", "ticket.txt"]);
    let ticket = std::fs::read_to_string(world.path("ticket.txt")).unwrap();
    finn.json(&["join", ticket.trim(), "--as", "Finn", "--request", "finn.req"]);
    let page = eva.page(&["admit", "finn.req", "--yes"]);
    assert!(page.contains("You have no voice yourself"), "{page}");
    carry(&eva, ann);
    assert_eq!(ann.json(&["status"])["members"], 3);
    let by = eva.me();
    let question = ann.row(&["proposals"], "proposals", |row| row["by"] == by.as_str());
    let finns = question["id"].as_str().unwrap();
    ann.json(&["answer", finns, "yes"]);
    carry(ann, ben);
    assert_eq!(ben.json(&["answer", finns, "yes"])["adopted"], true);
    assert_eq!(ben.json(&["status"])["members"], 4);
    ben.json(&["bundle", "export", "enter.copact"]);
    assert_eq!(finn.json(&["bundle", "import", "enter.copact"])["joined"], true);
}
