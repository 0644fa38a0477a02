//! Three people who found a group, write its contract at the same time and sign it, and a fourth
//! who joins: by files only.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::{Device, World, exchange, same_views};

const CONTRACT: &str = "# Green Lane\n\n## Purpose {#purpose}\nwe meet on mondays\nwe bring soup\n\
                        we sing\n\n## Rules {#rules}\nnobody pays\n";

/// The scalars of a section's body with the member that blame names for each, in order.
fn authors(device: &Device, kind: &str) -> Vec<(char, Option<String>)> {
    let shown = device.json(&["contract", "show"]);
    let sections = shown["sections"].as_array().unwrap();
    let section = sections.iter().find(|one| one["kind"] == kind).unwrap();
    let blame = device.json(&["contract", "blame"]);
    let spans = blame["spans"].as_array().unwrap();
    let mut named = Vec::new();
    for span in spans.iter().filter(|span| span["section"] == section["id"]) {
        let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        assert_eq!(number("from"), named.len(), "spans cover every scalar once, in order");
        assert_eq!(span["imported"].as_bool().unwrap(), span["member"].is_null());
        let member = span["member"].as_str().map(str::to_owned);
        named.resize(number("to"), member);
    }
    let body = section["body"].as_str().unwrap();
    assert_eq!(body.chars().count(), named.len());
    body.chars().zip(named).collect()
}

#[test]
fn three_write_at_once_and_sign_and_a_fourth_joins() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let all: Vec<&Device> = devices.iter().collect();
    let members: Vec<String> = all.iter().map(|one| one.me()).collect();
    world.write("contract.md", CONTRACT);
    all[0].json(&["contract", "import", "contract.md"]);
    exchange(&all);

    write_at_once(&world, &all);
    exchange(&all);
    same_views(&all);
    // What everybody wrote has a digit of their own, so each scalar tells its author.
    let mut text = String::new();
    for (scalar, member) in authors(all[1], "purpose").into_iter().chain(authors(all[1], "rules")) {
        let author = scalar.to_digit(10).map(|digit| &members[usize::try_from(digit).unwrap()]);
        assert_eq!(member.as_ref(), author, "“{scalar}” after “{text}”");
        text.push(scalar);
    }
    for digit in '0'..='2' {
        assert_eq!(text.matches(digit).count(), 8, "{text}: nothing is lost");
    }

    let digest = sign_at_once(&all, &members);

    // An edit makes a new version and leaves the signatures where they are.
    world.write("purpose.txt", "we meet on sundays\n");
    all[2].json(&["contract", "set", "purpose", "--file", "purpose.txt"]);
    let status = all[2].json(&["contract", "status"]);
    assert_eq!((&status["differs"], &status["have"]), (&true.into(), &0.into()));
    assert_ne!(status["draft"], status["adopted"]);
    assert_eq!(all[2].json(&["contract", "show", "--version", "adopted"])["digest"], digest);
    assert_ne!(all[2].json(&["contract", "show"])["digest"], digest);
    let page = all[2].page(&["contract", "status"]);
    assert!(page.contains(" signed an earlier version."), "{page}");
    let diff = all[2].page(&["contract", "diff"]);
    assert!(diff.contains("\n- ") && diff.contains("\n+ we meet on sundays\n"), "{diff}");

    let dora = world.device("Dora");
    join(&all, &dora);
    let four = [all[0], all[1], all[2], &dora];
    exchange(&four);
    same_views(&four);
    assert_eq!(dora.json(&["contract", "show", "--version", "adopted"])["digest"], digest);
    let list = dora.json(&["member", "list"]);
    let names = list["members"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap());
    assert_eq!(BTreeSet::from_iter(names), BTreeSet::from(["Ann", "Ben", "Cem", "Dora"]));
}

/// Each writes four digits of their own into the same sentence, and four elsewhere.
fn write_at_once(world: &World, all: &[&Device]) {
    let sentence = ["we meet0000 on mondays", "we meet 1111on mondays", "we meet on 2222mondays"];
    for (number, device) in all.iter().enumerate() {
        let own = number.to_string().repeat(4);
        let (mut soup, mut rules) = ("we bring soup".to_owned(), "nobody pays".to_owned());
        if number == 1 {
            rules = format!("nobody {own}pays")
        } else {
            soup.push_str(&own)
        }
        world.write("set.txt", format!("{}\n{soup}\nwe sing\n", sentence[number]));
        device.json(&["contract", "set", "purpose", "--file", "set.txt"]);
        world.write("set.txt", &rules);
        device.json(&["contract", "set", "rules", "--file", "set.txt"]);
    }
}

/// All sign before they hear of each other; the digest of what they adopted.
fn sign_at_once(all: &[&Device], members: &[String]) -> Value {
    for device in all {
        let answered = device.json(&["contract", "ratify"]);
        assert_eq!((&answered["have"], &answered["need"]), (&1.into(), &2.into()));
        assert_eq!(answered["adopted"], false);
    }
    exchange(all);
    same_views(all);
    let status = all[0].json(&["contract", "status"]);
    assert_eq!((&status["differs"], &status["have"]), (&false.into(), &3.into()));
    assert_eq!(status["draft"], status["adopted"]);
    let versions = status["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 1, "all signed one version: {versions:?}");
    assert_eq!(versions[0]["adopted"], "2026-03-01");
    let signatures = versions[0]["signatures"].as_array().unwrap();
    let mut signers: Vec<&str> =
        signatures.iter().map(|one| one["member"].as_str().unwrap()).collect();
    let mut expected: Vec<&str> = members.iter().map(String::as_str).collect();
    signers.sort_unstable();
    expected.sort_unstable();
    assert_eq!(signers, expected);
    assert!(all[1].page(&["status"]).contains("contract   adopted, "));
    all[2].json(&["contract", "show", "--version", "adopted"])["digest"].clone()
}

/// The newcomer's phrase is the one that the inviter sees.
fn join(all: &[&Device], dora: &Device) {
    all[0].json(&["invite", "-o", "ticket.txt"]);
    let ticket = std::fs::read_to_string(dora.home.with_file_name("ticket.txt")).unwrap();
    let ticket = ticket.trim();
    let asked = dora.json(&["join", ticket, "--as", "Dora", "--request", "dora.req"]);
    let phrase = asked["phrase"].as_str().unwrap();
    let (code, unasked) = all[0].error(&["admit", "dora.req"]);
    assert_eq!((code, &unasked["code"]), (2, &"needs_answer".into()));
    assert!(unasked["message"].as_str().unwrap().contains(phrase), "{unasked}");
    assert!(unasked["hint"].as_str().unwrap().contains("--yes"), "{unasked}");
    let admitted = all[0].json(&["admit", "dora.req", "--yes"]);
    assert_eq!((&admitted["name"], &admitted["phrase"]), (&"Dora".into(), &asked["phrase"]));
    assert!(admitted["id"].is_string() && admitted["member"].is_string());
    let (_, again) = all[0].error(&["admit", "dora.req", "--yes"]);
    assert_eq!(again["code"], "used_ticket");
    all[0].json(&["bundle", "export", "dora.copact"]);
    assert_eq!(dora.json(&["bundle", "import", "dora.copact"])["joined"], true);
}
