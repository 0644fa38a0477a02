//! Windows, rules, reports and anchors that cannot be.

use super::told::Told;
use crate::world::World;

pub fn evidence(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    let other = world.device("Other");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    other.json(&["group", "new", "Mill Creek", "--as", "Ben"]);
    for (case, words, code) in [
        ("an empty window", &["--from", "2026-02-02", "--to", "2026-02-01"][..], "empty_window"),
        ("a day that is none", &["--from", "2026-02-30", "--to", "2026-03-01"], "bad_day"),
        ("one end of a window only", &["--from", "2026-02-01"], "usage"),
        ("a window of no days", &["--window", "0d"], "bad_window"),
        ("a window in weeks", &["--window", "12w"], "bad_window"),
        ("a window of a century", &["--window", "36500d"], "bad_window"),
        ("two windows", &["--from", "2026-01-01", "--to", "2026-01-02", "--window", "9d"], "usage"),
        ("rows without a whole quarter", &["--parquet", "rows.parquet"], "no_quarter"),
        ("rules that are not there", &["--rules", "none.toml"], "unreadable_file"),
        (
            "a page into a folder that is not there",
            &["--html", "none/page.html"],
            "unwritable_file",
        ),
    ] {
        told.input(case, &ann, &[&["evidence"], words].concat(), code);
    }
    let minimum = ann.page(&["rules", "show", "--source"]);
    for (case, old, new) in [
        ("rules with an unknown indicator", "C1.num >=", "C9.num >="),
        ("rules with a threshold out of range", "C4 >= 2/3", "C4 >= 7/3"),
        ("rules with a threshold of a wrong type", "n >= 3", "n >= \\\"three\\\""),
        ("rules with a field that is none", "asks = \"The group has", "ask = \"The group has"),
    ] {
        world.write("rules.toml", minimum.replacen(old, new, 1));
        told.input(case, &ann, &["rules", "check", "rules.toml"], "bad_rules");
    }
    world.write("rules.toml", "format = ");
    told.input("rules that are cut off", &ann, &["evidence", "--rules", "rules.toml"], "bad_rules");
}

pub fn reports(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    let other = world.device("Other");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    other.json(&["group", "new", "Mill Creek", "--as", "Ben"]);
    other.json(&["evidence", "--sealed", "theirs.report"]);
    told.input("verifying nothing", &ann, &["verify", "none.report"], "unreadable_file");
    world.write("page.html", "<!doctype html>");
    told.input("verifying a page", &ann, &["verify", "page.html"], "not_a_report");
    let sign = ["report", "sign", "theirs.report"];
    told.input("signing another group's report", &ann, &sign, "other_group");
    let mut bytes = std::fs::read(world.path("theirs.report")).unwrap();
    bytes[40] ^= 1;
    world.write("altered.report", bytes);
    let sign = ["report", "sign", "altered.report"];
    told.input("signing an altered report", &other, &sign, "report_not_in_order");

    other.json(&["anchor", "request", "theirs.txt"]);
    ann.json(&["anchor", "sign", "theirs.txt", "-o", "theirs-signed.txt"]);
    let add = ["anchor", "add", "theirs-signed.txt"];
    told.input("another group's anchor", &ann, &add, "other_group");
    let signed = std::fs::read_to_string(world.path("theirs-signed.txt")).unwrap();
    let mut altered: Vec<char> = signed.trim().chars().collect();
    let at = altered.len() - 20;
    altered[at] = if altered[at] == 'a' { 'b' } else { 'a' };
    world.write("altered.txt", altered.into_iter().collect::<String>());
    told.input("an altered anchor", &other, &["anchor", "add", "altered.txt"], "bad_anchor");
    world.write("words.txt", "we were there");
    told.input("an anchor of words", &other, &["anchor", "add", "words.txt"], "not_an_anchor");
    let sign = ["anchor", "sign", "words.txt", "-o", "x.txt"];
    told.input("a request of words", &other, &sign, "not_an_anchor");
    let sign = ["anchor", "sign", "theirs.txt", "-o", "x.txt", "--people", "0"];
    told.input("an anchor by somebody who met nobody", &ann, &sign, "bad_anchor");
}
