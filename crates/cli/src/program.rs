//! From the arguments to the exit code.

use std::any::Any;
use std::ffi::OsString;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use serde_json::json;

use crate::args::{Cli, command};
use crate::failure::Failure;
use crate::output::write_out;
use crate::run;

/// Where and why the latest panic happened, for the sentence that [`guarded`] makes of it.
static FAULT: Mutex<Option<String>> = Mutex::new(None);

/// Runs `copact` with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    remember_faults();
    let typed: Vec<OsString> = std::env::args_os().collect();
    let json = wants_json(&typed);
    let Err(failure) = guarded(|| obey(&typed, json)) else {
        return ExitCode::SUCCESS;
    };
    // When even standard error is gone, the exit code is all that is left to say.
    let _ = if json {
        failure.write_json(io::stderr().lock())
    } else {
        failure.write_sentence(anstream::stderr().lock())
    };
    ExitCode::from(failure.exit)
}

fn obey(typed: &[OsString], json: bool) -> Result<(), Failure> {
    let parsed = command()
        .try_get_matches_from(typed)
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    match parsed {
        Ok(cli) => run::dispatch(cli),
        Err(error) => not_a_command(&error, json),
    }
}

/// Help and version that were asked for are an answer; everything else is bad input.
fn not_a_command(error: &clap::Error, json: bool) -> Result<(), Failure> {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp if json => document(&json!({ "help": text.to_string() })),
        ErrorKind::DisplayVersion if json => {
            document(&json!({ "version": env!("CARGO_PKG_VERSION") }))
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            write_out(anstream::stdout().lock(), text.ansi())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !json => {
            write_out(anstream::stderr().lock(), format_args!("{}\n", text.ansi()))?;
            Err(usage(error))
        }
        _ => Err(usage(error)),
    }
}

fn document(value: &serde_json::Value) -> Result<(), Failure> {
    write_out(io::stdout().lock(), format_args!("{value}\n"))
}

/// Turns what the argument parser says into a [`Failure`]: its first paragraph is the message, the
/// tips and the usage line are the hint.
fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::input("usage", "a command is missing after what you typed")
            .hint("`copact --help` lists all commands");
    }
    let text = error.render().to_string();
    let mut paragraphs =
        text.split("\n\n").map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = paragraphs.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(&first);
    let hints: Vec<String> = paragraphs
        .filter(|part| part.starts_with("tip: ") || part.starts_with("Usage: "))
        .map(|part| part.replacen("tip: ", "", 1).replacen("Usage: ", "usage: ", 1))
        .chain(["`--help` explains it".to_owned()])
        .collect();
    Failure::input("usage", message).hint(hints.join("; "))
}

/// Whether the answer is for a script, known even when the arguments are wrong.
fn wants_json(typed: &[OsString]) -> bool {
    typed.iter().skip(1).take_while(|word| *word != "--").any(|word| word == "--json")
}

/// Keeps quiet about panics, which the node may catch and recover from; only those that reach
/// [`guarded`] are told.
fn remember_faults() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}: ", at.file(), at.line()));
        let fault = format!("{}{}", place.unwrap_or_default(), said(info.payload()));
        if let Ok(mut kept) = FAULT.lock() {
            *kept = Some(fault);
        }
    }));
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason given").lines().collect::<Vec<_>>().join(" ")
}

/// Runs a command so that a fault in the program ends in a sentence.
fn guarded(work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let kept = FAULT.lock().ok().and_then(|mut kept| kept.take());
        let fault = kept.unwrap_or_else(|| said(&*payload));
        Err(Failure::failed(
            "fault",
            format_args!("copact has a fault and had to stop here ({fault})"),
        )
        .hint("what was saved before is kept; run `copact doctor`, and report this message"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn typed(words: &[&str]) -> Vec<OsString> {
        ["copact"].iter().chain(words).map(OsString::from).collect()
    }

    #[test]
    fn a_panic_becomes_a_sentence_and_exit_one() {
        let failure = guarded(|| panic!("lost\nmyself")).unwrap_err();
        assert_eq!((failure.code, failure.exit), ("fault", 1));
        assert!(failure.message.contains("lost myself"), "{failure}");
        assert_eq!(guarded(|| Ok(())), Ok(()));
    }

    #[test]
    fn json_is_noticed_among_wrong_arguments_but_not_after_two_dashes() {
        assert!(wants_json(&typed(&["tap", "--bogus", "--json"])));
        assert!(!wants_json(&typed(&["note", "--", "--json"])));
    }

    #[test]
    fn usage_errors_say_what_is_wrong_and_what_to_type() {
        let wrong = |words: &[&str]| obey(&typed(words), true).unwrap_err();
        let failure = wrong(&["contribute", "Painted the hall"]);
        assert_eq!((failure.code, failure.exit), ("usage", 2));
        assert_eq!(
            failure.message,
            "the following required arguments were not provided: --hours <HOURS>"
        );
        assert_eq!(
            failure.hint.unwrap(),
            "usage: copact contribute --hours <HOURS> <TEXT>; `--help` explains it"
        );

        let failure = wrong(&["contribute", "x", "--hors", "2"]);
        assert_eq!(failure.message, "unexpected argument '--hors' found");
        let hint = failure.hint.unwrap();
        assert!(hint.starts_with("a similar argument exists: '--hours'; usage: "), "{hint}");

        let failure = wrong(&["answer", "1a2b", "maybe"]);
        assert_eq!(
            failure.message,
            "invalid value 'maybe' for '<ANSWER>' [possible values: yes, no, abstain]"
        );
        assert_eq!(wrong(&["group"]).exit, 2);
        assert!(wrong(&["group"]).hint.unwrap().contains("copact --help"));
    }
}
