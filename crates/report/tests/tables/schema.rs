//! Reports as JSON against the published schema.

use copact_report::schema::SCHEMA;
use serde_json::{Value, json};

use crate::made;

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn published(report: &copact_evidence::report::Report) -> Value {
    serde_json::to_value(report).unwrap()
}

/// Breaks when: a report has what the schema does not know, or lacks what it asks for.
#[test]
fn every_report_is_valid() {
    let validator = validator();
    let mut reports = made::reports(40);
    reports.push(made::of_members(7));
    for (number, report) in reports.iter().enumerate() {
        let report = published(report);
        let error = validator.iter_errors(&report).next();
        assert!(error.is_none(), "report {number}: {}", error.unwrap());
    }
}

/// Objects that take no other key, and need each of theirs.
const OBJECTS: &[&str] = &[
    "",
    "/window",
    "/ruleset",
    "/clauses/0",
    "/indicators",
    "/indicators/P1",
    "/trends/0",
    "/completeness",
    "/pictures",
    "/warnings/0",
];

/// Breaks when: the schema lets anything pass.
#[test]
fn broken_reports_are_not_valid() {
    let validator = validator();
    let sound = published(&made::of_members(5));
    assert!(validator.is_valid(&sound));
    let set = |pointer: &'static str, value: Value| {
        let mut report = sound.clone();
        *report.pointer_mut(pointer).unwrap() = value;
        (pointer, report)
    };
    let mut broken = vec![
        set("/n", json!(-1)),
        set("/n", json!(2.5)),
        set("/level", json!("")),
        set("/label", json!(null)),
        set("/window/from", json!("2026-13-01")),
        set("/window/closed_quarters", json!(["2026-Q5"])),
        set("/frontier_digest", json!("AB")),
        set("/clauses", json!([])),
        set("/clauses/0/status", json!("maybe")),
        set("/clauses/0/value", json!({ "R3": "1/3" })),
        set("/clauses/0/threshold", json!([2, 3])),
        set("/clauses/0/compare", json!("≥")),
        set("/indicators/P1/status", json!("unknown")),
        set(
            "/indicators/H1",
            json!({ "status": "ok", "value": 3, "num": null, "den": null,
            "unit": "hours", "reason": null }),
        ),
        set(
            "/indicators/P1",
            json!({ "status": "not_computable", "value": 0, "num": null,
            "den": null, "unit": "share", "reason": "none" }),
        ),
        set(
            "/indicators/P1",
            json!({ "status": "not_computable", "value": null, "num": null,
            "den": null, "unit": "share", "reason": null }),
        ),
        set(
            "/indicators/P1",
            json!({ "status": "ok", "value": null, "num": null, "den": null,
            "unit": "share", "reason": null }),
        ),
        set("/trends/0/claim", json!("rises")),
        set("/trends/0/p", json!(1.5)),
        set("/pictures/suppressed", json!(true)),
        set(
            "/pictures/members",
            json!([{ "written": 1, "minutes": 1, "meetings": 1,
            "name": "Ana" }]),
        ),
    ];
    for at in OBJECTS {
        let (mut more, mut less) = (sound.clone(), sound.clone());
        more.pointer_mut(at).unwrap()["more"] = json!(1);
        broken.push((at, more));
        let less_of = less.pointer_mut(at).unwrap().as_object_mut().unwrap();
        let key = less_of.keys().next().unwrap().clone();
        less_of.remove(&key);
        broken.push((at, less));
    }
    for (pointer, report) in broken {
        assert!(!validator.is_valid(&report), "{pointer}: {}", report.pointer(pointer).unwrap());
    }
}
