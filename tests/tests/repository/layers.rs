//! Dependencies between the crates point one way, and the pure crates are pure.

use std::collections::BTreeMap;

use crate::files::{code_lines, is_test_source, packages, tracked};

/// Every crate, and which others of the workspace it may know. A new crate has to find its place
/// here before it builds on anything.
const LAYERS: [(&str, &[&str]); 8] = [
    ("copact-core", &[]),
    ("copact-evidence", &["copact-core"]),
    ("copact-report", &["copact-core", "copact-evidence"]),
    ("copact-sync", &["copact-core"]),
    ("copact-store", &["copact-core"]),
    ("copact-net", &["copact-core", "copact-sync"]),
    (
        "copact-node",
        &[
            "copact-core",
            "copact-evidence",
            "copact-report",
            "copact-sync",
            "copact-store",
            "copact-net",
        ],
    ),
    ("copact-cli", &["copact-core", "copact-evidence", "copact-report", "copact-node"]),
];

/// Packages that only hold tests or measurements see every crate; no crate sees them, but for tests
/// that need the groups which [`MADE`] makes.
const TESTS: [&str; 4] = ["copact-tests", "copact-fuzz", "copact-bench", "copact-sim"];

/// Made-up groups, for the tests of crates that judge groups.
const MADE: &str = "copact-tests";

/// Crates without a clock, randomness, threads or files.
const SANS_IO: [&str; 4] = ["core", "sync", "evidence", "report"];

/// What a pure crate may use in spite of its name: tables are written into memory.
const EXCEPTIONS: [(&str, &str); 1] = [("copact-report", "csv")];

/// The one place where a pure crate may start threads: many groups are independent of each other.
const THREADS: (&str, [&str; 2]) =
    ("crates/report/src/gathering/spread.rs", ["std::thread", "std::sync::mpsc"]);

/// What would bring one of these in.
const IMPURE_CRATES: [&str; 22] = [
    "async-std",
    "chrono",
    "csv",
    "dirs",
    "etcetera",
    "fastrand",
    "fs-err",
    "getrandom",
    "iroh",
    "mio",
    "quinn",
    "rand",
    "rand_core",
    "rayon",
    "rusqlite",
    "smol",
    "socket2",
    "tempfile",
    "time",
    "tokio",
    "uuid",
    "walkdir",
];

/// Words of source code that do.
const IMPURE_WORDS: [&str; 23] = [
    "std::env",
    "std::fs",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::sync::mpsc",
    "std::thread",
    "std::time",
    "Instant::",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "println!",
    "eprintln!",
    "print!(",
    "thread_rng",
    "getrandom",
    "OsRng",
    "rand::",
    "RandomState",
    "thread_local!",
];

fn dependencies(package: &serde_json::Value) -> Vec<(String, bool)> {
    let listed = package["dependencies"].as_array().unwrap();
    listed
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), one["kind"].as_str() == Some("dev")))
        .collect()
}

fn name(package: &serde_json::Value) -> &str {
    package["name"].as_str().unwrap()
}

#[test]
fn dependencies_between_the_crates_point_one_way() {
    let layers: BTreeMap<_, _> = LAYERS.into_iter().collect();
    let packages = packages();
    for package in &packages {
        let name = name(package);
        if TESTS.contains(&name) {
            continue;
        }
        let allowed = layers.get(name).unwrap_or_else(|| {
            panic!("{name} has no place among the layers; give it one in tests/tests/repository/layers.rs")
        });
        for (dependency, dev) in dependencies(package) {
            if dev && dependency == MADE {
                continue;
            }
            assert!(
                !dependency.starts_with("copact-") || allowed.contains(&dependency.as_str()),
                "{name} depends on {dependency}, but may know only {allowed:?}"
            );
        }
    }
    for (name, _) in LAYERS {
        let there = packages.iter().any(|package| package["name"] == name);
        assert!(there, "there is no crate {name} any more; take it out of the layers");
    }
}

#[test]
fn the_pure_crates_depend_on_nothing_impure() {
    for package in packages() {
        let name = name(&package).to_owned();
        if !SANS_IO.iter().any(|pure| name == format!("copact-{pure}")) {
            continue;
        }
        for (dependency, dev) in dependencies(&package) {
            let excepted = EXCEPTIONS.contains(&(name.as_str(), dependency.as_str()));
            assert!(
                dev || excepted || !IMPURE_CRATES.contains(&dependency.as_str()),
                "{name} is sans-IO, but depends on {dependency}; take it as an argument instead"
            );
        }
    }
}

#[test]
fn the_pure_crates_have_no_clock_randomness_thread_or_file() {
    let files = tracked();
    let mut seen = 0;
    for file in &files {
        let pure = SANS_IO.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        if !pure || !file.path.ends_with(".rs") || is_test_source(&file.path, &files) {
            continue;
        }
        seen += 1;
        for (number, line) in code_lines(file.text.as_deref().unwrap()) {
            let excepted = |word: &str| file.path == THREADS.0 && THREADS.1.contains(&word);
            let mut words = IMPURE_WORDS.iter().filter(|word| !excepted(word));
            let found = words.find(|word| line.contains(**word));
            assert!(
                found.is_none(),
                "{}:{number} has `{}` in a sans-IO crate; take it as an argument instead",
                file.path,
                found.unwrap()
            );
        }
    }
    assert!(seen > 40, "only {seen} sources were looked at");
}
