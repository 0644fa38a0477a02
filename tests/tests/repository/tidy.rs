//! The form of the repository: what a reviewer would otherwise have to say again and again.

use crate::files::{Tracked, root, tracked};

/// Lines of a source file.
const LINES: usize = 400;
/// Characters of a line.
const COLUMNS: usize = 100;

/// Names that say nothing about what is in a file.
const EMPTY_NAMES: [&str; 8] =
    ["common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"];

fn sources() -> Vec<Tracked> {
    let sources: Vec<_> = tracked().into_iter().filter(|file| file.path.ends_with(".rs")).collect();
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    sources
}

fn text(file: &Tracked) -> &str {
    file.text.as_deref().unwrap_or_else(|| panic!("{} is no UTF-8", file.path))
}

fn report(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = text(&file).lines().count();
        if lines > LINES {
            wrong.push(format!("{} has {lines} lines", file.path));
        }
    }
    report("split these along their subjects (300 lines are aimed at)", &wrong);
}

#[test]
fn lines_fit_beside_each_other() {
    let mut wrong = Vec::new();
    for file in sources() {
        // A sentence for people stays whole, so that it is found by searching for it.
        let wide = |line: &&str| line.chars().count() > COLUMNS && !line.contains('"');
        let wide: Vec<_> = text(&file).lines().filter(wide).collect();
        wrong.extend(wide.into_iter().map(|line| format!("{}: {}", file.path, line.trim())));
    }
    report("break these lines, or their comments", &wrong);
}

#[test]
fn files_are_named_for_their_subject() {
    let mut wrong = Vec::new();
    for file in tracked() {
        let parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
            wrong.push(format!("{}: `{part}`", file.path));
        }
    }
    report("name these for what is in them", &wrong);
}

#[test]
fn nothing_is_left_for_later() {
    // Written apart, so that this file is not found.
    let words = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("dbg", "!("),
    ];
    let mut wrong = Vec::new();
    for file in sources() {
        for (number, line) in (1..).zip(text(&file).lines()) {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number} has `{word}`", file.path));
            }
        }
    }
    report("do these now, or file an issue", &wrong);
}

#[test]
fn nothing_is_bound_to_one_machine() {
    let words = [
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("index.crates", ".io"),
        concat!("static.crates", ".io"),
        concat!("pypi", ".org"),
        concat!("registry.npm", "js"),
        concat!("proxy.gol", "ang"),
        concat!("repo1.ma", "ven"),
        concat!("deb.deb", "ian.org"),
    ];
    let mut wrong = Vec::new();
    for file in tracked() {
        let Some(text) = file.text else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number} has `{word}`", file.path));
            }
        }
    }
    report("paths of a machine and hosts of registries do not belong into the repository", &wrong);
}

#[test]
fn every_folder_of_a_crate_stands_beside_its_module() {
    let files = sources();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let wrong: Vec<String> = paths
        .iter()
        .filter(|path| path.contains("/src/") && path.ends_with("/mod.rs"))
        .map(|path| format!("{path}: write the module beside its folder instead"))
        .collect();
    report("one way to lay out modules", &wrong);
}

/// The commands of a document's `sh` blocks, one a line.
fn commands(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let mut found = Vec::new();
    let mut within = false;
    for line in text.lines() {
        match line {
            "```sh" => within = true,
            "```" => within = false,
            _ if within => found.push(line.to_owned()),
            _ => {}
        }
    }
    found
}

/// Splits a line at spaces, but not within double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn the_readme_begins_with_two_commands_that_exist() {
    let commands = commands("README.md");
    assert_eq!(commands[0], "cargo run --bin copact -- demo");
    assert_eq!(commands[1], "tests/run");
    let first_screen = std::fs::read_to_string(root().join("README.md")).unwrap();
    let fences = first_screen.lines().take(40).filter(|line| *line == "```sh").count();
    assert_eq!(fences, 2, "the first screen has these two commands and no other");
}

#[test]
fn every_command_in_the_readme_is_understood() {
    let mut seen = 0;
    for line in commands("README.md") {
        let words = words(&line);
        match words[0].as_str() {
            "copact" => {
                seen += 1;
                let read = copact_cli::args::command().try_get_matches_from(words);
                assert!(read.is_ok(), "{line}\n{}", read.unwrap_err());
            }
            "cargo" => {
                let typed = words.iter().skip_while(|word| *word != "--").skip(1).cloned();
                let typed = std::iter::once("copact".to_owned()).chain(typed);
                assert!(copact_cli::args::command().try_get_matches_from(typed).is_ok(), "{line}");
            }
            script => assert!(root().join(script).is_file(), "there is no {script}"),
        }
    }
    assert!(seen > 10, "only {seen} commands were looked at");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut wrong = Vec::new();
    for file in tracked().into_iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for link in text(&file).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://");
            if !elsewhere && !folder.join(target).exists() {
                wrong.push(format!("{}: {link}", file.path));
            }
        }
    }
    report("these links lead nowhere", &wrong);
}
