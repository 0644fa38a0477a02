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
}

impl Told {
    pub fn new(title: &str) -> Self {
        Self { page: format!("# {title}\n") }
    }

    pub fn page(self) -> String {
        self.page
    }

    /// What was typed or handed over is wrong: exit code 2.
    pub fn input(&mut self, case: &str, device: &Device, words: &[&str], code: &str) {
        self.refused(case, device.world(), 2, code, || device.command(words));
    }

    /// What was typed is right, and cannot be done: exit code 1.
    pub fn failure(&mut self, case: &str, device: &Device, words: &[&str], code: &str) {
        self.refused(case, device.world(), 1, code, || device.command(words));
    }

    /// Runs the command for a script and for a person: both are told the same, and afterwards
    /// every file and folder of the world is byte by byte what it was before.
    pub fn refused(
        &mut self,
        case: &str,
        world: &Path,
        exit: i32,
        code: &str,
        command: impl Fn() -> Command,
    ) {
        let before = files(world);
        let mut script = command();
        script.arg("--json");
        let script = Answer::of(script);
        let person = Answer::of(command());
        assert_eq!(changed(&before, &files(world)), Vec::<PathBuf>::new(), "{case}: left changed");

        assert_eq!((script.code, script.out.as_str()), (exit, ""), "{case}: {}", script.err);
        let (message, hint) = sentence(case, &script.err, code);
        assert_eq!(person.code, exit, "{case}");
        let ending = format!("error: {message}\n hint: {hint}\n");
        assert!(person.err.ends_with(&ending), "{case}: {}\nis not\n{ending}", person.err);
        let redacted = |text: &str| redacted(text, world);
        let (message, hint) = (redacted(&message), redacted(&hint));
        self.page += &format!("\n{case} ({code}, exit {exit})\n  {message}\n  > {hint}\n");
    }
}

/// The message and hint of an error for scripts, which must be fit for people.
fn sentence(case: &str, line: &str, code: &str) -> (String, String) {
    assert_eq!(line.matches('\n').count(), 1, "{case}: one line: {line}");
    let document: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{case}: {line}"));
    let fields = document["error"].as_object().unwrap_or_else(|| panic!("{case}: {line}"));
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "hint", "message"], "{case}");
    assert_eq!(fields["code"], code, "{case}: {line}");
    let text = |name: &str| {
        let text = fields[name].as_str().unwrap_or_else(|| panic!("{case}: no {name}: {line}"));
        assert!(!text.trim().is_empty() && !text.contains('\n'), "{case}: {line}");
        assert!(text.chars().count() <= LONGEST, "{case}: too long to be read: {text}");
        for slip in ["Some(", "Err(", "Error {", "os error", "\\u", ". ", "SQL"] {
            assert!(!text.contains(slip), "{case}: “{slip}” is nothing to say to people: {text}");
        }
        assert!(!text.ends_with('.'), "{case}: {text}");
        text.to_owned()
    };
    (text("message"), text("hint"))
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
    let mut text = text.to_owned();
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
        out += if hex && matches!(word.len(), 3 | 8 | 16 | 64) && word != "100" && word != "600" {
            "[id]"
        } else {
            &word
        };
        word.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}
