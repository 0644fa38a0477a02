//! `copact contract edit`: the draft in the person's own editor.

use std::io::{Read, Seek, Write};
use std::process::{Command, ExitStatus};

use copact_node::contract::Edited;
use copact_node::error::NodeError;

use super::contract::{tell_what_stays, written};
use super::{Done, Session};
use crate::failure::Failure;

/// What stands in the editor when nothing is written yet.
const FIRST: &str = "# The name of our group\n\n## Who we are {#identity}\n\n\
                     ## Why we are here {#purpose}\n\n## What we hold to {#principles}\n\n\
                     ## How we work together {#rules}\n\n## What we want to reach {#goals}\n";

pub(super) fn run(session: Session, behalf: Option<&str>) -> Done {
    let editor = editor()?;
    // The store stays open, and so locked: nothing else changes the draft under the editor.
    let mut group = session.open()?;
    group.must_stand()?;
    group.assisted(behalf)?;
    tell_what_stays(&session, &group);
    let shown = group.show_contract("draft")?;
    let begin = if shown.version.is_none() { FIRST } else { &shown.text };
    let failed = |error: std::io::Error| {
        Failure::failed("editor", format_args!("the editor’s file cannot be used: {error}"))
            .hint("check that your folder for temporary files exists and has room")
    };
    let mut file =
        tempfile::Builder::new().prefix("contract-").suffix(".md").tempfile().map_err(failed)?;
    file.write_all(begin.as_bytes()).and_then(|()| file.flush()).map_err(failed)?;
    let status = open_in(&editor, file.path()).map_err(|error| {
        Failure::failed("editor", format_args!("“{editor}” does not start: {error}")).hint(HINT)
    })?;
    if !status.success() {
        return Err(Failure::failed(
            "editor",
            format_args!("“{editor}” ended with an error, so nothing was written"),
        ));
    }
    // Many editors put a new file in the old one's place, so it is read by its name.
    let mut text = String::new();
    let read = std::fs::File::open(file.path())
        .and_then(|mut edited| edited.rewind().and_then(|()| edited.read_to_string(&mut text)));
    if let Err(error) = read {
        return Err(keep(file, failed(error)));
    }
    if text.trim().is_empty() || (text == begin && shown.version.is_none()) {
        return Err(Failure::failed(
            "nothing_written",
            "no text was typed, so nothing was written",
        ));
    }
    if text == begin {
        let unchanged = Edited { id: None, envelopes: Vec::new(), version: shown.version };
        return written(session, &group, &unchanged);
    }
    match group.edit_contract(&text, behalf) {
        Ok(edited) => written(session, &group, &edited),
        Err(error) => Err(keep(file, error.into())),
    }
}

/// Keeps what was typed for another try.
fn keep(file: tempfile::NamedTempFile, failure: Failure) -> Failure {
    match file.keep() {
        Ok((_, path)) => {
            let hint = failure.hint.as_deref().map_or_else(String::new, |hint| format!("{hint}; "));
            let path = path.display();
            failure.hint(format_args!("{hint}what you typed is kept in {path}"))
        }
        Err(_) => failure,
    }
}

const HINT: &str = "name your editor, as in `EDITOR=nano copact contract edit`, or write a section \
                    from a file with `copact contract set SECTION --file FILE`";

fn editor() -> Result<String, Failure> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.map(|name| name.trim().to_owned()).find(|name| !name.is_empty()).ok_or_else(|| {
        Failure::from(NodeError::input("no_editor", "no editor is named to write the contract in"))
            .hint(HINT)
    })
}

/// People put arguments, too, into the variable that names their editor; the shell reads them.
#[cfg(unix)]
fn open_in(editor: &str, file: &std::path::Path) -> std::io::Result<ExitStatus> {
    Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(file).status()
}

#[cfg(not(unix))]
fn open_in(editor: &str, file: &std::path::Path) -> std::io::Result<ExitStatus> {
    let mut words = editor.split_whitespace();
    Command::new(words.next().unwrap_or(editor)).args(words).arg(file).status()
}
