//! From the arguments to the exit code.

use std::any::Any;
use std::ffi::OsString;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use copact_node::home::Home;
use serde_json::json;

use crate::args::{Cli, Command, ContractCommand, command};
use crate::failure::Failure;
use crate::output::{Console, write_out};
use crate::run::{self, Live};
#[cfg(unix)]
use crate::serve::client;

/// Where and why the latest panic happened, for the sentence that [`guarded`] makes of it.
static FAULT: Mutex<Option<String>> = Mutex::new(None);

/// Runs `copact` with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    remember_faults();
    let typed: Vec<OsString> = std::env::args_os().collect();
    let console = Console::own();
    let json = wants_json(&typed);
    match guarded(|| obey(&typed, &console, json)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            console.fail(&failure, json);
            ExitCode::from(failure.exit)
        }
    }
}

/// Does what was typed at the other end of a socket, and says it there: the exit code.
pub(crate) fn obey_in(
    typed: &[OsString],
    console: &Console,
    home: &Home,
    live: Option<&Live>,
) -> u8 {
    let json = wants_json(typed);
    let done = guarded(|| match parse(typed) {
        Ok(cli) => run::dispatch_in(cli, console, home.clone(), live),
        Err(error) => Err(usage(&error)),
    });
    done.map_or_else(
        |failure| {
            console.fail(&failure, json);
            failure.exit
        },
        |()| 0,
    )
}

fn parse(typed: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(typed);
    matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches))
}

fn obey(typed: &[OsString], console: &Console, json: bool) -> Result<u8, Failure> {
    let cli = match parse(typed) {
        Ok(cli) => cli,
        Err(error) => return not_a_command(&error, json).map(|()| 0),
    };
    #[cfg(unix)]
    if let Some(code) = through_the_holder(&cli, typed, console)? {
        return Ok(code);
    }
    run::dispatch(cli, console).map(|()| 0)
}

/// Whoever holds the home does what needs it. The demo has homes of its own.
#[cfg(unix)]
fn through_the_holder(
    cli: &Cli,
    typed: &[OsString],
    console: &Console,
) -> Result<Option<u8>, Failure> {
    match &cli.command {
        Command::Demo(_) | Command::Serve | Command::Verify(_) => Ok(None),
        // It waits for people elsewhere, and makes a store that nobody holds yet.
        Command::Join(join) if join.request.is_none() => Ok(None),
        // An editor needs this terminal, for as long as somebody types.
        Command::Contract(ContractCommand::Edit(_)) if client::is_held(&cli.global) => {
            Err(Failure::input("held", "`copact serve` holds this home, so no editor opens here")
                .hint(
                    "end it with Ctrl-C where it runs, or write a section from a file: \
                     copact contract set SECTION --file FILE",
                ))
        }
        _ => client::through(&cli.global, typed, console),
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
        // Given, or set in COPACT_HOME; nobody has to type it there.
        .map(|part| part.replacen(" --home <DIR>", "", 1))
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
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
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
        let failure = guarded::<()>(|| panic!("lost\nmyself")).unwrap_err();
        assert_eq!((failure.code, failure.exit), ("fault", 1));
        assert!(failure.message.contains("lost myself"), "{failure}");
        assert_eq!(guarded(|| Ok(7)), Ok(7));
    }

    #[test]
    fn json_is_noticed_among_wrong_arguments_but_not_after_two_dashes() {
        assert!(wants_json(&typed(&["tap", "--bogus", "--json"])));
        assert!(!wants_json(&typed(&["note", "--", "--json"])));
    }

    #[test]
    fn usage_errors_say_what_is_wrong_and_what_to_type() {
        let wrong = |words: &[&str]| obey(&typed(words), &Console::own(), true).unwrap_err();
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
