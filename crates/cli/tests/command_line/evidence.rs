//! What the log is evidence of, given to outsiders who verify it.

use std::process::Command;

use serde_json::{Value, json};

use crate::attendance::list;
use crate::world::{Answer, Device, World, agree, carry, exchange};

const DAYS: [&str; 4] = ["--from", "1936-02-23", "--to", "1936-11-21"];

fn part(document: &Value, id: &str) -> (Value, Value) {
    let one = &document["indicators"][id];
    (one["num"].clone(), one["den"].clone())
}

/// Breaks when: figures of a known list are others than those that were computed by hand.
#[test]
fn a_list_of_1936_has_its_known_figures() {
    let world = World::new();
    let ann = world.device("ann");
    ann.json(&["group", "new", "Natchez", "--as", "Ann"]);
    ann.json(&["import", "attendance", list().to_str().unwrap()]);
    let told = ann.json(&[&["evidence"], &DAYS[..]].concat());
    assert_eq!(told["n"], 18);
    assert_eq!(part(&told, "P1"), (89.into(), 252.into()));
    assert_eq!(part(&told, "P2"), (0.into(), 89.into()));
    assert_eq!(part(&told, "P3"), (6.into(), 18.into()));
    assert_eq!(part(&told, "P6"), (95.into(), 153.into()));
    assert_eq!(told["indicators"]["J1"]["value"]["joined"], 0);
    let window = &told["window"];
    assert_eq!(
        (&window["from"], &window["chosen_by_sender"]),
        (&"1936-02-23".into(), &true.into())
    );
    assert_eq!(told["indicators"].as_object().unwrap().len(), 32);
    let reason = &told["indicators"]["C1"];
    assert_eq!((&reason["status"], &reason["value"]), (&"not_computable".into(), &Value::Null));
    assert!(reason["reason"].as_str().unwrap().contains("adopted"));
}

/// The program, somewhere without a home, a key or a group.
fn verify(device: &Device, file: &str) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copact"));
    command.env_clear().env("HOME", "/nonexistent").current_dir(device.world());
    Answer::of({
        command.args(["verify", file, "--json"]);
        command
    })
}

/// Breaks when: a report goes out before the group agreed, or is another than the one agreed on, or
/// outsiders cannot check it.
#[test]
fn a_report_is_shared_by_decision_and_verified_by_outsiders() {
    let world = World::new();
    let all = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = all.each_ref_of_three();
    ann.json(&["meeting", "new", "Spring meeting", "--day", "2026-03-01"]);
    exchange(&[ann, ben, cem]);
    for one in [ann, ben, cem] {
        one.json(&["tap", "Spring meeting"]);
    }
    exchange(&[ann, ben, cem]);
    let share = ["evidence", "--sealed", "spring.report"];
    let asked = ann.json(&share);
    let shared = &asked["shared"][0];
    assert_eq!(
        (&shared["adopted"], &shared["have"], &shared["need"]),
        (&false.into(), &1.into(), &2.into())
    );
    assert!(!world.path("spring.report").exists());
    let frontier = asked["frontier_digest"].clone();

    // What comes afterwards is not in it.
    carry(ann, ben);
    ben.json(&["note", "Something new"]);
    let given = ben.json(&share);
    let shared = &given["shared"][0];
    assert_eq!((&shared["adopted"], &shared["signatures"]), (&true.into(), &2.into()), "{given}");
    assert_ne!(given["frontier_digest"], frontier);
    let answer = verify(ben, "spring.report");
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{}", answer.out);
    let verdict: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((&verdict["result"], &verdict["first_failure"]), (&"PASS".into(), &Value::Null));
    assert_eq!((&verdict["signed_by"], &verdict["of"]), (&2.into(), &3.into()));
    assert_eq!(verdict["report"]["frontier_digest"], frontier);
    assert_eq!(part(&verdict["report"], "P1"), (3.into(), 3.into()));

    // Who did not answer signs the file.
    carry(ben, cem);
    let signed = cem.json(&["report", "sign", "spring.report"]);
    assert_eq!((&signed["signed_by"], &signed["of"]), (&3.into(), &3.into()));
    let again = cem.json(&["report", "sign", "spring.report"]);
    assert_eq!(again["signed_by"], 3);
    let verdict: Value = serde_json::from_str(&verify(cem, "spring.report").out).unwrap();
    let codes: Vec<&Value> =
        verdict["unproven"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(!codes.contains(&&json!("signatures")) && codes.contains(&&json!("completeness")));

    let mut bytes = std::fs::read(world.path("spring.report")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    world.write("altered.report", bytes);
    let answer = verify(cem, "altered.report");
    let verdict: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((answer.code, &verdict["result"]), (1, &"FAIL".into()));
    assert_eq!(verdict["first_failure"]["code"], "altered");
    let answer = verify(cem, "first.copact");
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("not_a_report"), "{}", answer.err);
}

trait Three {
    fn each_ref_of_three(&self) -> [&Device; 3];
}

impl Three for Vec<Device> {
    fn each_ref_of_three(&self) -> [&Device; 3] {
        [&self[0], &self[1], &self[2]]
    }
}

/// Breaks when: names, words or times of day leave with a sealed report; or an audit lacks some.
#[test]
fn a_sealed_report_has_no_names_and_no_words_and_an_audit_has_them() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Annabel"]);
    ann.json(&["contribute", "Painted the lighthouse", "--hours", "2"]);
    ann.json(&["note", "Remember the lighthouse"]);
    world.write("c.md", "# Ours\n\n## Purpose {#purpose}\nA lighthouse for everybody here.\n");
    ann.json(&["contract", "import", "c.md"]);
    for (flag, file) in [("--sealed", "s.report"), ("--audit", "a.report")] {
        let told = ann.json(&["evidence", flag, file]);
        assert_eq!(told["shared"][0]["adopted"], true, "a group of one decides at once");
    }
    let words = ["Annabel", "lighthouse", "Green Lane"];
    let plain = |file: &str| {
        let bytes = std::fs::read(world.path(file)).unwrap();
        let packed = &bytes["copact report".len() + 1..bytes.len() - 42];
        let plain = miniz_oxide::inflate::decompress_to_vec(packed).unwrap();
        String::from_utf8_lossy(&plain).into_owned()
    };
    let (sealed, audit) = (plain("s.report"), plain("a.report"));
    for word in words {
        assert!(!sealed.contains(word), "{word} is in the sealed report");
        assert!(audit.contains(word), "{word} is not in the audit");
    }
    assert!(!sealed.contains("18:00") && !sealed.contains("17:00"));
    for file in ["s.report", "a.report"] {
        assert_eq!(verify(&ann, file).code, 0, "{file}");
    }
}

/// Breaks when: an outsider's signature cannot be had, or bounds nothing.
#[test]
fn an_outsider_bounds_when_things_happened() {
    let world = World::new();
    let (ann, library) = (world.device("Ann"), world.device("library"));
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    ann.json(&["meeting", "new", "Spring meeting"]);
    let codes = |device: &Device| {
        let told = device.json(&["evidence"]);
        let all = told["warnings"].as_array().unwrap().clone();
        let codes: Vec<String> =
            all.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        (codes, told["anchors"].clone())
    };
    assert!(codes(&ann).0.contains(&"time_unproven".to_owned()));
    ann.json(&["anchor", "request", "request.txt"]);
    let signed =
        library.json(&["anchor", "sign", "request.txt", "-o", "signed.txt", "--people", "1"]);
    let again = library.json(&["anchor", "sign", "--number", "-o", "number.txt"]);
    assert_eq!(signed["key"], again["key"], "an outsider has one key");
    ann.wrote(&["anchor", "add", "signed.txt"]);
    ann.wrote(&["anchor", "add", "number.txt"]);
    let (codes, anchors) = codes(&ann);
    assert!(!codes.contains(&"time_unproven".to_owned()), "{codes:?}");
    assert!(!codes.contains(&"people_unproven".to_owned()), "{codes:?}");
    let kinds: Vec<&Value> = anchors.as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert!(kinds.contains(&&json!("seen")) && kinds.contains(&&json!("number")));
    assert_eq!(anchors[0]["key"], signed["key"]);
}

/// Breaks when: rules of a group's own do not change the verdict, or are not named in the report.
#[test]
fn rules_of_ones_own_give_verdicts_of_their_own() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let clause = |told: &Value| {
        let all = told["clauses"].as_array().unwrap();
        all.iter().find(|one| one["id"] == "formed.members").unwrap()["status"].clone()
    };
    let usual = ann.json(&["evidence"]);
    assert_eq!(
        (&usual["ruleset"]["name"], clause(&usual)),
        (&"copro-min/1.0".into(), "fail".into())
    );
    let source = ann.page(&["rules", "show", "--source"]);
    let changed = source.replace("n >= 3", "n >= 1").replace("copro-min/1.0\"", "ours/1\"");
    world.write("ours.toml", changed);
    let checked = ann.json(&["rules", "check", "ours.toml"]);
    let own = ann.json(&["evidence", "--rules", "ours.toml"]);
    assert_eq!((&own["ruleset"]["name"], clause(&own)), (&"ours/1".into(), "pass".into()));
    assert_eq!(own["ruleset"]["hash"], checked["hash"]);
    assert_ne!(own["ruleset"]["hash"], usual["ruleset"]["hash"]);
    let page = ann.page(&["rules", "show"]);
    assert!(page.contains("The group has three members or more."), "{page}");
}

/// Breaks when: a file that was asked for is missing or empty.
#[test]
fn a_page_and_tables_are_written() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green <b>Lane</b>", "--as", "Ann"]);
    let words = ["evidence", "--from", "2026-01-01", "--to", "2026-03-31"];
    let files = ["--html", "page.html", "--csv", "tables", "--parquet", "rows.parquet"];
    ann.json(&[&words[..], &files[..]].concat());
    let page = std::fs::read_to_string(world.path("page.html")).unwrap();
    assert!(page.contains("Green &lt;b&gt;Lane&lt;/b&gt;") && !page.contains("<b>Lane"));
    let package = std::fs::read_to_string(world.path("tables/datapackage.json")).unwrap();
    let package: Value = serde_json::from_str(&package).unwrap();
    for one in package["resources"].as_array().unwrap() {
        let path = world.path("tables").join(one["path"].as_str().unwrap());
        assert!(path.metadata().unwrap().len() > 0, "{}", path.display());
    }
    assert!(std::fs::read(world.path("rows.parquet")).unwrap().starts_with(b"PAR1"));
}

/// Breaks when: a decision about one report is taken for one about another.
#[test]
fn a_yes_to_one_report_is_none_to_another() {
    let world = World::new();
    let all = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&all[0], &all[1]);
    agree(&[ann, ben], &["policy", "set", "--share", "3/5"]);
    exchange(&[ann, ben]);
    ann.json(&["evidence", "--sealed", "a.report"]);
    carry(ann, ben);
    let other = ben.json(&["evidence", "--window", "30d", "--sealed", "b.report"]);
    assert_eq!(other["shared"][0]["adopted"], false);
    let audit = ben.json(&["evidence", "--audit", "c.report"]);
    assert_eq!(audit["shared"][0]["adopted"], false);
    let same = ben.json(&["evidence", "--sealed", "a.report"]);
    assert_eq!(same["shared"][0]["adopted"], true, "{same}");
    let rows = ben.json(&["proposals"]);
    let shares = rows["proposals"].as_array().unwrap().iter().filter(|one| one["kind"] == "share");
    assert_eq!(shares.count(), 3);
}

/// Breaks when: a home or a folder of reports is not counted, one that is not in order stops the
/// others, or a second run gives something else.
#[test]
fn many_groups_are_counted_together() {
    let world = World::new();
    let (ann, ben) = (world.device("ann"), world.device("ben"));
    for (device, name) in [(&ann, "Green Lane"), (&ben, "Mill Creek")] {
        device.at("2026-01-10T18:00:00+01:00");
        device.json(&["group", "new", name, "--as", "Somebody"]);
        device.json(&["meeting", "new", "Evening", "--day", "2026-02-10"]);
        device.json(&["tap", "Evening"]);
        device.at("2026-04-05T18:00:00+02:00");
    }
    std::fs::create_dir(world.path("reports")).unwrap();
    ben.json(&["evidence", "--sealed", "reports/ben.report"]);
    world.write("reports/notes.txt", "not a report");
    let words =
        ["evidence", "--all", "ann", "reports", "--from", "2026-01-01", "--to", "2026-03-31"];
    let funder = world.device("funder");
    let told = funder.json(&words);
    assert_eq!(
        (&told["groups"], &told["totals"][0]["attendances"]),
        (&2.into(), &2.into()),
        "{told}"
    );
    assert_eq!(told["totals"][0]["joined"], 2);
    let left: Vec<&Value> = told["left_out"].as_array().unwrap().iter().collect();
    assert_eq!((left.len(), &left[0]["name"]), (1, &json!("reports/notes.txt")));
    let mut again = funder.json(&words);
    let taken = again["taken"].as_array().unwrap();
    let report = taken.iter().find(|one| one["form"] == "sealed").unwrap();
    assert_eq!(report["again"], true, "what was worked out is kept: {taken:?}");
    let mut before = told;
    for one in [&mut before, &mut again] {
        one["taken"] = Value::Null;
    }
    assert_eq!(before, again);
    let page = funder.page(&words);
    assert!(page.contains("2 groups") && page.contains("no comparison area"), "{page}");
    let (code, error) = funder.error(&["evidence", "--all", "nowhere"]);
    assert_eq!((code, &error["code"]), (2, &"unreadable_file".into()));
}

/// Breaks when: a credential is not that of the member, or is believed though it was changed.
#[test]
fn a_credential_tells_what_a_member_did_and_is_checked_anywhere() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Annabel"]);
    ann.json(&["meeting", "new", "Evening"]);
    ann.json(&["tap", "Evening"]);
    let made = ann.json(&["credential", "-o", "mine.json"]);
    assert!(made["type"].to_string().contains("VerifiableCredential"), "{made}");
    let text = std::fs::read_to_string(world.path("mine.json")).unwrap();
    assert!(!text.contains("Annabel"), "a name is in it only when asked for");
    let named = ann.json(&["credential", "--name"]);
    assert!(named.to_string().contains("Annabel"));
    let answer = verify(&ann, "mine.json");
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    world.write("altered.json", text.replacen("2026", "2025", 1));
    let answer = verify(&ann, "altered.json");
    let verdict: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((answer.code, &verdict["result"]), (1, &"FAIL".into()), "{}", answer.out);
}
