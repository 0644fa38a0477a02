//! The other implementation, and where it says something else.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

const NEAR: f64 = 1e-9;

/// What it says to each case.
pub fn say(cases: &[Value]) -> Vec<Value> {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/evidence/main.py");
    let mut child = Command::new("python3")
        .args(["-B", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let lines: Vec<String> = cases.iter().map(ToString::to_string).collect();
    let writing = std::thread::spawn(move || {
        for line in lines {
            writeln!(to, "{line}").unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said.len(), cases.len());
    said
}

/// Notes where the two differ.
pub fn compare(which: &str, ours: &Value, theirs: &Value, to: &mut Vec<String>) {
    for key in ["n", "level", "label"] {
        one(&format!("{which}: {key}"), &ours[key], &theirs[key], to);
    }
    for (id, figure) in ours["indicators"].as_object().unwrap() {
        let other = &theirs["indicators"][id];
        for key in ["status", "value"] {
            one(&format!("{which}: {id} {key}"), &figure[key], &other[key], to);
        }
    }
    for clause in ours["clauses"].as_array().unwrap() {
        let all = theirs["clauses"].as_array().unwrap();
        let Some(other) = all.iter().find(|other| other["id"] == clause["id"]) else {
            to.push(format!("{which}: no clause {}", clause["id"]));
            continue;
        };
        one(&format!("{which}: {} status", clause["id"]), &clause["status"], &other["status"], to);
    }
    for trend in ours["trends"].as_array().unwrap() {
        let all = theirs["trends"].as_array().unwrap();
        let other = all.iter().find(|other| other["id"] == trend["id"]).unwrap();
        for key in ["primary", "months", "values", "s", "p", "p_adjusted", "slope", "claim"] {
            one(&format!("{which}: trend {} {key}", trend["id"]), &trend[key], &other[key], to);
        }
    }
}

fn one(what: &str, ours: &Value, theirs: &Value, to: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            if (a - b).abs() > NEAR {
                to.push(format!("{what}: {a}, and there {b}"));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (a, b) in a.iter().zip(b) {
                one(what, a, b, to);
            }
        }
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys()) {
                let (a, b) =
                    (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                one(&format!("{what}.{key}"), a, b, to);
            }
        }
        (a, b) if a == b => {}
        (a, b) => to.push(format!("{what}: {a}, and there {b}")),
    }
}
