//! The threat table names tests that exist.

use crate::files::{root, tracked};

/// What stands in backquotes as `path::name`, unless `later: ` stands before it.
fn named_tests(text: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    parts
        .windows(2)
        .step_by(2)
        .filter(|two| !two[0].ends_with("later: "))
        .filter_map(|two| two[1].split_once(".rs::"))
        .map(|(path, name)| (format!("{path}.rs"), name.to_owned()))
        .collect()
}

#[test]
fn every_test_that_security_md_names_exists() {
    let table = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let files = tracked();
    let named = named_tests(&table);
    assert!(named.len() > 30, "only {} tests are named", named.len());
    let mut wrong = Vec::new();
    for (path, name) in named {
        let file = files.iter().find(|file| file.path == path);
        let text = file.and_then(|file| file.text.as_deref()).unwrap_or_default();
        // Fuzzing targets are listed in a macro.
        let listed = text.split("targets!(").nth(1).unwrap_or_default().contains(&name);
        if !text.contains(&format!("fn {name}(")) && !listed {
            wrong.push(format!("{path}::{name}"));
        }
    }
    assert!(wrong.is_empty(), "SECURITY.md names tests that are not there:\n{}", wrong.join("\n"));
}
