//! What was said about bad input, and the checks that hold for every such sentence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::world::{Answer, Device};

/// A sentence is not read to its end if it is longer; the hint can be as long again.
const LONGEST: usize = 260;

/// The sentences of one family of bad input.
pub struct Told {
    page: String,
    faults: Vec<String>,
}

impl Told {
    pub fn new(title: &str) -> Self {
        Self { page: format!("# {title}\n"), faults: Vec::new() }
    }

    /// All sentences; every case must have gone as it should.
    pub fn page(self) -> String {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        self.page
    }

    /// What was typed or handed over is wrong: exit code 2.
    pub fn input(&mut self, case: &str, device: &Device, words: &[&str], code: &str) {
        self.refused(case, device.world(), (2, code), || device.command(words));
    }

    /// Runs the command for a script and for a person: both are told the same, and afterwards
    /// every file and folder of the world is byte by byte what it was before.
    pub fn refused(
        &mut self,
        case: &str,
        world: &Path,
        (exit, code): (i32, &str),
        command: impl Fn() -> Command,
    ) {
        match refusal(world, exit, code, command) {
            Ok((message, hint)) => {
                self.page += &format!("\n{case} ({code}, exit {exit})\n  {message}\n  > {hint}\n");
            }
            Err(fault) => {
                let title = self.page.lines().next().unwrap_or_default();
                self.faults.push(format!("{title}, {case}: {fault}"));
            }
        }
    }
}

fn refusal(
    world: &Path,
    exit: i32,
    code: &str,
    command: impl Fn() -> Command,
) -> Result<(String, String), String> {
    let before = files(world);
    let mut script = command();
    script.arg("--json");
    let script = Answer::of(script);
    let person = Answer::of(command());
    let changed = changed(&before, &files(world));
    if !changed.is_empty() {
        return Err(format!("changed {changed:?} and said {}", script.err));
    }
    if (script.code, script.out.as_str(), person.code) != (exit, "", exit) {
        return Err(format!("{script:?} {person:?}"));
    }
    let (message, hint) = sentence(&script.err, code)?;
    let (message, hint) = (redacted(&message, world), redacted(&hint, world));
    // A usage line repeats what was typed.
    let hint = if code == "usage" { hint.replace(" --json", "") } else { hint };
    let ending = format!("error: {message}\n hint: {hint}");
    if !redacted(&person.err, world).ends_with(&ending) {
        return Err(format!("a person is told {}, a script {}", person.err, script.err));
    }
    Ok((message, hint))
}

/// The message and hint of an error for scripts, which must be fit for people.
fn sentence(line: &str, code: &str) -> Result<(String, String), String> {
    let wrong = |what: &str| Err(format!("{what}: {line}"));
    if line.matches('\n').count() != 1 {
        return wrong("not one line");
    }
    let Ok(document) = serde_json::from_str::<Value>(line) else { return wrong("no JSON") };
    let Some(fields) = document["error"].as_object() else { return wrong("no error") };
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    if names != ["code", "hint", "message"] && names != ["code", "message", "hint"] {
        return wrong("other fields");
    }
    if fields["code"] != code {
        return wrong("another code");
    }
    let mut texts = Vec::new();
    for name in ["message", "hint"] {
        let Some(text) = fields[name].as_str() else { return wrong(&format!("no {name}")) };
        // A question is asked in as many sentences as it needs.
        let said = text.split_once(": ").filter(|_| code == "needs_answer" && name == "message");
        let text = said.map_or(text, |(said, _)| said);
        if text.trim().is_empty() || text.contains('\n') || text.ends_with('.') {
            return wrong(&format!("the {name} is no sentence"));
        }
        if text.chars().count() > LONGEST {
            return wrong(&format!("the {name} is too long to be read"));
        }
        // A message says one thing; what to do, and another thing to do, is the hint's.
        let slips = ["Some(", "Err(", "Error {", "os error", "\\u", "SQL", ". ", "; "];
        let slips = &slips[..if name == "hint" { 6 } else { 8 }];
        if let Some(slip) = slips.iter().find(|slip| text.contains(**slip)) {
            return wrong(&format!("“{slip}” in the {name}"));
        }
        texts.push(fields[name].as_str().unwrap_or_default().to_owned());
    }
    let hint = texts.pop().unwrap_or_default();
    Ok((texts.pop().unwrap_or_default(), hint))
}

/// Every file below a folder with its bytes, every folder and link without.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path.clone());
                found.insert(path, None);
            } else {
                let bytes = std::fs::read(&path).ok();
                found.insert(path, bytes);
            }
        }
    }
    found
}

/// What is not the same, was added, or is gone.
pub fn changed(
    before: &BTreeMap<PathBuf, Option<Vec<u8>>>,
    after: &BTreeMap<PathBuf, Option<Vec<u8>>>,
) -> Vec<PathBuf> {
    let all = before.keys().chain(after.keys());
    let mut changed: Vec<PathBuf> =
        all.filter(|path| before.get(*path) != after.get(*path)).cloned().collect();
    changed.sort();
    changed.dedup();
    changed
}

/// Folders and ids, which are others each time, by what they are.
fn redacted(text: &str, world: &Path) -> String {
    let canonical = world.canonicalize().unwrap();
    let mut text = without_phrase(text);
    for folder in [canonical.as_path(), world] {
        text = text.replace(&format!("{}/", folder.display()), "");
    }
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        let hex = word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        // Somebody typed the start of one.
        let start = word.len() == 3 && out.ends_with('“') && c == '”';
        out += if hex && (start || matches!(word.len(), 8 | 16 | 64)) { "[id]" } else { &word };
        word.clear();
        out.push(c);
    }
    // How many ids begin alike is chance.
    while out.contains("[id], [id], [id]") {
        out = out.replace("[id], [id], [id]", "[id], [id]");
    }
    out.trim_end().to_owned()
}

/// Quoted words, without the phrase that people compare.
fn without_phrase(text: &str) -> String {
    let phrase = |quoted: &str| {
        let words: Vec<&str> = quoted.split(' ').collect();
        words.len() == 4 && words.iter().all(|word| word.len() == 4)
    };
    let mut parts = text.split('“');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (quoted, rest) = part.split_once('”').unwrap_or((part, ""));
        let quoted = if phrase(quoted) { "[phrase]" } else { quoted };
        out += &format!("“{quoted}”{rest}");
    }
    out
}
