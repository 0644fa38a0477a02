//! Rule sets: what the built-in one says, that its file alone decides, and that no file does harm.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod group;
mod hostile;
mod wrong;

use copact_evidence::rules::{Judged, RuleSet, Shown, Verdict};
use serde_json::json;

/// The built-in file with something else in it.
fn changed(from: &str, to: &str) -> RuleSet {
    let text = RuleSet::minimum().unwrap().text();
    assert!(text.contains(from), "{from}");
    RuleSet::parse(&text.replace(from, to)).unwrap_or_else(|error| panic!("{to}: {error}"))
}

fn status(judged: &Judged, id: &str) -> Verdict {
    judged.clauses.iter().find(|one| one.id == id).unwrap().status
}

#[test]
fn the_minimum_is_read_and_passed() {
    let rules = RuleSet::minimum().unwrap();
    let judged = rules.judge(&group::sustained(), group::to());
    for clause in &judged.clauses {
        assert_eq!(clause.status, Verdict::Pass, "{clause:?}");
    }
    assert_eq!((judged.level.as_str(), judged.rank), ("sustained", 4));
    assert_eq!(judged.label, "public-service");
    assert_eq!(rules.hash(), blake3::hash(rules.text().as_bytes()).to_hex().as_str());
    for rule in rules.clauses() {
        assert!(rules.explain().contains(&rule.asks));
    }
}

#[test]
fn every_threshold_is_in_the_file() {
    // Clause, what the file says, what it says instead so that the clause fails.
    let turns = [
        ("formed.members", "\"n >= 3\"", "\"n >= 7\""),
        ("formed.identity", "section(identity) >= 20", "section(identity) >= 101"),
        ("formed.purpose", "section(purpose) >= 20", "section(purpose) >= 101"),
        ("formed.authors", "C1.num >= max(2,", "C1.num >= max(7,"),
        ("formed.authors", "min(n, 12) / 2", "min(n, 12) * 2"),
        ("formed.share", "largest_share <= 4/5", "largest_share <= 1/7"),
        ("formed.own", "own_share >= 1/2", "own_share >= 4/5"),
        ("formed.ratified", "C4 >= 2/3", "C4 >= 6/7"),
        ("formed.ratified", "members_then < 5", "members_then < 7"),
        ("formed.amend", "voices_needed >= 2", "voices_needed >= 5"),
        ("coproducing.formed", "\"n >= 3\"", "\"n >= 7\""),
        ("coproducing.meetings", "meetings(witnessed) >= 2", "meetings(witnessed) >= 14"),
        ("coproducing.meetings", "max(3, ceil(members / 3))", "max(7, ceil(members / 3))"),
        ("coproducing.meetings", "members / 3", "members * 2"),
        ("coproducing.meetings", "window = \"90d\"", "window = \"1d\""),
        ("coproducing.apart", "days_apart(witnessed) >= 7", "days_apart(witnessed) >= 90"),
        ("coproducing.after", "days_after_adoption >= 1", "days_after_adoption >= 1000"),
        ("coproducing.workers", "minutes >= 30", "minutes >= 301"),
        ("coproducing.workers", "max(3, ceil(n / 2))", "max(7, ceil(n / 2))"),
        ("coproducing.mutual", "R3 >= 1/3", "R3 > 1"),
        ("sustained.quarters", "all(coproducing)) >= 3", "all(coproducing)) >= 5"),
        ("sustained.quarters", "quarters(4,", "quarters(2,"),
    ];
    let facts = group::sustained();
    let minimum = RuleSet::minimum().unwrap();
    for (clause, from, to) in turns {
        let rules = changed(from, to);
        let judged = rules.judge(&facts, group::to());
        assert_eq!(status(&judged, clause), Verdict::Fail, "{clause}: {to}");
        assert_ne!(rules.hash(), minimum.hash());
    }
    for rule in minimum.clauses() {
        assert!(turns.iter().any(|(clause, ..)| *clause == rule.id), "{} is not tried", rule.id);
    }
}

#[test]
fn levels_and_labels_are_in_the_file() {
    let facts = group::sustained();
    let of = |rules: &RuleSet| {
        let judged = rules.judge(&facts, group::to());
        (judged.level, judged.label)
    };
    let pair = |level: &str, label: &str| (level.to_owned(), label.to_owned());
    assert_eq!(of(&changed("C4 >= 2/3", "C4 >= 6/7")), pair("none", "public-service"));
    assert_eq!(of(&changed("minutes >= 30", "minutes >= 301")), pair("formed", "community"));
    let later = changed("all(coproducing)) >= 3", "all(coproducing)) >= 5");
    assert_eq!(of(&later), pair("co-producing", "public-service"));
    assert_eq!(
        of(&changed("professional and", "not citizen and not professional and")).1,
        "public-service"
    );
    let two = |rules: &RuleSet| rules.judge(&group::two(), group::to()).level;
    assert_eq!(two(&changed("C1.num >= max(2", "C1.num >= max(1")), "pair");
    assert_eq!(two(&changed("\"n = 2 and", "\"n = 1 and")), "none");
}

#[test]
fn a_window_of_its_own_is_a_clauses_own() {
    let rules =
        changed("id = \"coproducing.apart\"", "id = \"coproducing.apart\"\nwindow = \"7d\"");
    let judged = rules.judge(&group::sustained(), group::to());
    assert_eq!(status(&judged, "coproducing.apart"), Verdict::Fail);
    assert_eq!(status(&judged, "coproducing.meetings"), Verdict::Pass);
}

#[test]
fn what_is_not_there_is_not_nought() {
    let judged = RuleSet::minimum().unwrap().judge(&group::founder(), group::to());
    let rows = serde_json::to_value(&judged).unwrap();
    let row = |id: &str| {
        rows["clauses"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
    };
    assert_eq!((judged.level.as_str(), judged.label.as_str()), ("none", "community"));
    assert_eq!(row("formed.members")["value"], 1);
    assert_eq!(row("formed.members")["status"], "fail");
    for id in ["formed.identity", "formed.share", "formed.ratified", "coproducing.after"] {
        let row = row(id);
        assert_eq!((&row["status"], &row["value"]), (&json!("not_computable"), &json!(null)));
        assert!(row["reason"].as_str().unwrap().contains("adopted"), "{row}");
        assert!(row["threshold"].is_number(), "{row}");
    }
    assert_eq!(row("coproducing.workers")["threshold"], 3);
    assert_eq!(row("coproducing.apart")["value"], 0);
    assert_eq!(row("coproducing.mutual")["status"], "not_computable");
}

#[test]
fn figures_are_shown_with_their_parts() {
    let judged = RuleSet::minimum().unwrap().judge(&group::sustained(), group::to());
    let row = |id: &str| {
        serde_json::to_value(judged.clauses.iter().find(|one| one.id == id).unwrap()).unwrap()
    };
    let ratified = row("formed.ratified");
    assert_eq!((&ratified["num"], &ratified["den"]), (&json!(5), &json!(6)));
    assert_eq!(
        (&ratified["value"], &ratified["threshold"]),
        (&json!(5.0 / 6.0), &json!(2.0 / 3.0))
    );
    assert_eq!(row("coproducing.mutual")["value"], json!({ "R3": 1, "R6": 0 }));
    assert_eq!(row("coproducing.mutual")["threshold"], json!(1.0 / 3.0));
    assert_eq!(row("coproducing.formed")["value"], 8);
    assert_eq!(row("formed.members").get("num"), None);
    assert_eq!(row("formed.share")["compare"], "<=");
    let share = judged.clauses.iter().find(|one| one.id == "formed.share").unwrap();
    let Some(Shown::One(share)) = &share.value else { panic!("{share:?}") };
    assert_eq!(share.to_string(), "50/300");
}

/// A rule set of one clause.
fn of(test: &str) -> String {
    format!(
        "format = 1\nname = \"own/1\"\ntitle = \"\"\nabout = \"\"\nwindow = \"90d\"\n\
         [[clause]]\nid = \"a.b\"\nasks = \"\"\nnext = \"\"\nsource = \"\"\ntest = '{test}'\n\
         [[level]]\nname = \"none\"\nmeans = \"\"\n[[label]]\nname = \"any\"\nmeans = \"\"\n"
    )
}

#[test]
fn three_values_go_together_as_they_should() {
    // C1 cannot be computed of the founder alone; n is 1.
    let cases = [
        ("n = 1 or C1 > 0", Verdict::Pass),
        ("n = 2 or C1 > 0", Verdict::Fail),
        ("C1 > 0 or n = 2", Verdict::Fail),
        ("C1 > 0 or C3 > 0", Verdict::NotComputable),
        ("n = 1 and C1 > 0", Verdict::NotComputable),
        ("C1 > 0 and n = 2", Verdict::Fail),
        ("not C1 > 0", Verdict::NotComputable),
        ("not not n = 1", Verdict::Pass),
        ("if C1 > 0 then n = 1 else n = 1", Verdict::NotComputable),
        ("n / (n - 1) > 0", Verdict::NotComputable),
        ("2 + 3 * 4 - 1 = 13 and 1/2 + 1/3 = 5/6 and -1 < 0", Verdict::Pass),
        (
            "floor(7/2) = 3 and ceil(7/2) = 4 and min(3, n, 2) = 1 and (n + 1) / 2 = 1",
            Verdict::Pass,
        ),
        ("members(citizen and voice) = 1 and members(professional) = 0", Verdict::Pass),
        ("J1.net = 0 and meetings(attended >= 1) = 0", Verdict::Pass),
    ];
    for (test, verdict) in cases {
        let rules = RuleSet::parse(&of(test)).unwrap_or_else(|error| panic!("{test}: {error}"));
        let judged = rules.judge(&group::founder(), group::to());
        assert_eq!(status(&judged, "a.b"), verdict, "{test}");
        let reason = judged.clauses[0].reason;
        assert_eq!(reason.is_some(), verdict == Verdict::NotComputable, "{test}: {reason:?}");
    }
}

#[test]
fn every_name_can_be_used() {
    for (name, _) in RuleSet::vocabulary() {
        let tries = [
            format!("{name} >= 0"),
            format!("members({name} >= 0) >= 0"),
            format!("meetings({name} >= 0) >= 0"),
            format!("members({name}) >= 0"),
        ];
        let read = tries.iter().find_map(|one| RuleSet::parse(&of(one)).ok());
        let call = name.chars().all(|one| one.is_ascii_lowercase() || one == '_');
        assert!(read.is_some() || call, "{name}");
        if let Some(rules) = read {
            let judged = rules.judge(&group::sustained(), group::to());
            let clause = &judged.clauses[0];
            let below = clause.status == Verdict::Fail;
            assert!(!below || ["R1", "R1.value"].contains(&name.as_str()), "{name}: {clause:?}");
        }
    }
    // Sixty minutes each after meetings 4 weeks apart: 20 hours, of which each has 10/3 of one.
    let rules = RuleSet::parse(&of("H1.per_member = H1.total / n and C2 = 1")).unwrap();
    let judged = rules.judge(&group::sustained(), group::to());
    assert_eq!(judged.clauses[0].status, Verdict::Pass, "{:?}", judged.clauses[0]);
}
