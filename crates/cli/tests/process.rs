//! What scripts see of the program from outside: streams and exit codes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn copact(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copact"));
    command.args(words).stdin(Stdio::null()).env_remove("COPACT_HOME").env_remove("NO_COLOR");
    command
}

fn run(words: &[&str]) -> (Output, String, String) {
    let output = copact(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

#[test]
fn help_and_version_are_answers_without_colour_in_a_pipe() {
    for words in [&["--help"][..], &["-h"], &["help", "group", "new"], &["contribute", "--help"]] {
        let (output, out, err) = run(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert!(out.contains("Usage: copact") && err.is_empty(), "{out}{err}");
        assert!(!out.contains('\u{1b}'), "{out}");
    }
    let (output, out, _) = run(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out, concat!("copact ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn json_is_one_document_on_standard_output_or_one_line_on_standard_error() {
    for (words, field) in
        [(&["tap", "--help", "--json"][..], "help"), (&["--json", "-V"], "version")]
    {
        let (output, out, err) = run(words);
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""));
        assert!(serde_json::from_str::<Value>(&out).unwrap()[field].is_string(), "{out}");
    }
    for words in [
        &["tap", "--bogus", "--json"][..],
        &["--json"],
        &["group", "--json"],
        &["--json", "answer", "1a", "maybe"],
        &["--json", "meeting", "new", "x", "--headcount", "-5"],
    ] {
        let (output, out, err) = run(words);
        assert_eq!((output.status.code(), out.as_str()), (Some(2), ""), "{words:?}");
        assert_eq!(err.matches('\n').count(), 1, "{err}");
        let error = &serde_json::from_str::<Value>(&err).unwrap()["error"];
        assert_eq!(error["code"], "usage", "{err}");
        assert!(error["message"].is_string() && error["hint"].is_string(), "{err}");
    }
}

#[test]
fn people_get_a_sentence_and_bare_words_the_help_too() {
    let (output, out, err) = run(&["contribute", "x"]);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: the following required arguments"), "{err}");
    assert!(err.contains("\n hint: usage: copact contribute"), "{err}");
    let (output, out, err) = run(&["meeting"]);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""));
    assert!(err.contains("Usage: copact meeting") && err.contains("error: a command is missing"));
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    for words in [&["--help"][..], &["--json", "--version"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = copact(words).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }
    // Nor is an error that nobody reads: its exit code still tells.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = copact(&["tap", "--bogus"]).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_answer_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = copact(&["--help"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("error: the answer could not be written"), "{err}");
}
