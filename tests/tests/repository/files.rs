//! The repository's own files, as the tests of its form read them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One tracked file.
#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// Its content; `None` if it is no text.
    pub(crate) text: Option<String>,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a folder").into()
}

/// Every file that git tracks or would track, so that a new file is judged before it is committed.
/// In a copy without git: every file outside folders of build results.
pub(crate) fn tracked() -> Vec<Tracked> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let paths: Vec<String> = match listed {
        Ok(out) if out.status.success() => {
            let names = String::from_utf8(out.stdout).expect("paths are UTF-8");
            names.split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(&root(), ""),
    };
    let read = |path: String| {
        // A file that was deleted but not yet from git's index is no file.
        let bytes = std::fs::read(root().join(&path)).ok()?;
        Some(Tracked { path, text: String::from_utf8(bytes).ok() })
    };
    paths.into_iter().filter_map(read).collect()
}

fn walk(folder: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().into_string().expect("paths are UTF-8");
        if matches!(name.as_str(), ".git" | "target") {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.path().is_dir() {
            found.extend(walk(&entry.path(), &path));
        } else {
            found.push(path);
        }
    }
    found
}

/// What `cargo metadata` says of the workspace's own packages.
pub(crate) fn packages() -> Vec<serde_json::Value> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let all: serde_json::Value = serde_json::from_slice(&out.stdout).expect("cargo prints JSON");
    all["packages"].as_array().expect("a list of packages").clone()
}

/// Whether a path of a crate's sources holds tests only: `tests.rs`, a folder `tests`, or a module
/// that its parent declares under `cfg(test)` or for the feature `testing`.
pub(crate) fn is_test_source(path: &str, all: &[Tracked]) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else { return false };
    let module = file.trim_end_matches(".rs");
    if module == "tests" || path.split('/').any(|part| part == "tests") {
        return true;
    }
    let parents = [format!("{folder}.rs"), format!("{folder}/lib.rs")];
    let declared_for_tests = parents.iter().any(|parent| {
        let parent = all.iter().find(|file| file.path == *parent);
        let text = parent.and_then(|file| file.text.as_deref()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.windows(2).any(|two| {
            let [attribute, declaration] = two else { return false };
            attribute.starts_with("#[cfg(")
                && attribute.contains("test")
                && declaration.trim_start_matches("pub ").starts_with(&format!("mod {module};"))
        })
    });
    // What is below a module for tests is for tests.
    let below = folder.contains("/src/");
    declared_for_tests || below && is_test_source(&format!("{folder}.rs"), all)
}

/// The lines of a source that are neither comments nor in its module of unit tests, with their
/// numbers from 1.
pub(crate) fn code_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let (mut after_cfg_test, mut within_tests) = (false, false);
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim_start();
        within_tests |= after_cfg_test && bare.starts_with("mod tests {");
        after_cfg_test = bare == "#[cfg(test)]";
        if !within_tests && !bare.starts_with("//") {
            lines.push((number, line));
        }
        // The module stands at the left, as rustfmt has it, and so does the bracket at its end.
        within_tests &= line != "}";
    }
    lines
}
