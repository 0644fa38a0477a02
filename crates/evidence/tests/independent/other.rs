//! The other implementation, and where it says something else.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::seen::Seen;

/// Two numbers that are one.
const NEAR: f64 = 1e-9;

/// What it says to each case.
pub fn say(cases: &[&Value]) -> Vec<Value> {
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

fn with_id<'v>(all: &'v Value, id: &Value) -> &'v Value {
    let all = all.as_array().unwrap();
    all.iter().find(|one| one["id"] == *id).unwrap_or_else(|| panic!("it has no {id}"))
}

/// Notes where the two differ.
pub fn compare(which: &str, ours: &Value, theirs: &Value, seen: &mut Seen) {
    let mut told = Told { which, of: String::new(), seen };
    for key in ["n", "level", "label"] {
        told.one(key, &ours[key], &theirs[key]);
    }
    for (id, figure) in ours["indicators"].as_object().unwrap() {
        told.of.clone_from(id);
        for key in ["status", "value", "num", "den"] {
            told.one(&format!("{id} {key}"), &figure[key], &theirs["indicators"][id][key]);
        }
    }
    told.of = "clauses".into();
    for clause in ours["clauses"].as_array().unwrap() {
        let (id, other) = (&clause["id"], with_id(&theirs["clauses"], &clause["id"]));
        told.one(&format!("{id} status"), &clause["status"], &other["status"]);
        for key in ["value", "threshold"] {
            told.one(&format!("{id} {key}"), &clause[key], &other[key]);
        }
    }
    told.of = "trends".into();
    for trend in ours["trends"].as_array().unwrap() {
        let other = with_id(&theirs["trends"], &trend["id"]);
        for key in ["primary", "months", "values", "s", "p", "p_adjusted", "slope", "claim"] {
            told.one(&format!("trend {} {key}", trend["id"]), &trend[key], &other[key]);
        }
    }
}

struct Told<'s> {
    which: &'s str,
    of: String,
    seen: &'s mut Seen,
}

impl Told<'_> {
    fn one(&mut self, what: &str, ours: &Value, theirs: &Value) {
        match (ours, theirs) {
            (Value::Number(a), Value::Number(b)) => {
                let apart = (a.as_f64().unwrap() - b.as_f64().unwrap()).abs();
                self.seen.apart(&self.of, apart);
                if apart > NEAR {
                    self.differ(what, ours, theirs);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).for_each(|(a, b)| self.one(what, a, b));
            }
            (Value::Object(a), Value::Object(b)) => {
                for key in a.keys().chain(b.keys()) {
                    self.one(&format!("{what}.{key}"), &ours[key], &theirs[key]);
                }
            }
            (a, b) if a == b => {}
            (a, b) => self.differ(what, a, b),
        }
    }

    fn differ(&mut self, what: &str, ours: &Value, theirs: &Value) {
        self.seen.differences.push(format!("{}: {what}: {ours}, and there {theirs}", self.which));
    }
}
