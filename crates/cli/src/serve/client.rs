//! The end of a command that acts through the holder of its home.

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::SOCKET;
use super::frame::{self, ANSWER_BYTES, Kind, Typed};
use crate::args::Global;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::home;
use crate::output::{Console, Stream, write_out};

/// How long the holder may be silent: other commands come first, and some take long.
const PATIENCE: Duration = Duration::from_secs(600);

/// Whether some process holds the home.
pub(super) fn answers(folder: &Path) -> Option<UnixStream> {
    UnixStream::connect(folder.join(SOCKET)).ok()
}

/// Whether a process holds the home that is meant.
#[must_use]
pub fn is_held(global: &Global) -> bool {
    home::home(global.home.as_deref()).is_ok_and(|folder| answers(&folder).is_some())
}

/// Does what was typed through the holder of the home, if there is one: the exit code.
///
/// # Errors
/// The holder ends, or takes no such command.
pub fn through(
    global: &Global,
    words: &[OsString],
    console: &Console,
) -> Result<Option<u8>, Failure> {
    let folder = home::home(global.home.as_deref())?;
    let Some(mut stream) = answers(&folder) else { return Ok(None) };
    let clock = Clock::read(global.now.as_deref())?;
    let here = std::env::current_dir().map_err(|error| {
        Failure::failed("no_folder", format_args!("the present folder cannot be used: {error}"))
    })?;
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    let mut typed = Typed {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        words: words.iter().map(|word| word.as_bytes().to_vec()).collect(),
        folder: bytes(&here),
        home: bytes(&folder),
        seconds: clock.seconds,
        day: clock.day.to_string(),
        streams: console.streams(),
        answers: Vec::new(),
        closed: false,
        shown: 0,
    };
    loop {
        let (said, end) = exchange(&mut stream, &typed).map_err(|error| gone(&error))?;
        typed.shown += said.len();
        for (stream, bytes) in said {
            show(stream, &bytes)?;
        }
        match end {
            End::Exit(code) => return Ok(Some(code)),
            End::Refused(why) => return Err(Failure::failed("held", why)),
            End::Question(prompt) => {
                let line = ask(&prompt).map_err(|error| gone(&error))?;
                typed.closed = line.is_none();
                typed.answers.extend(line);
                stream = answers(&folder).ok_or_else(|| gone(&"it has ended"))?;
            }
        }
    }
}

enum End {
    Exit(u8),
    Question(String),
    Refused(String),
}

type Said = Vec<(Stream, Vec<u8>)>;

fn exchange(stream: &mut UnixStream, typed: &Typed) -> io::Result<(Said, End)> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let command = serde_json::to_vec(typed)?;
    frame::write(stream, Kind::Command, &command)?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let mut said = Vec::new();
    loop {
        match frame::read(stream, ANSWER_BYTES)? {
            (Kind::Out, bytes) => said.push((Stream::Out, bytes)),
            (Kind::Error, bytes) => said.push((Stream::Error, bytes)),
            (Kind::Question, bytes) => return Ok((said, End::Question(text(bytes)))),
            (Kind::Refused, bytes) => return Ok((said, End::Refused(text(bytes)))),
            (Kind::Exit, bytes) => {
                let code = bytes.first().copied().unwrap_or(Failure::FAILED);
                return Ok((said, End::Exit(code)));
            }
            (Kind::Command, _) => return Err(io::Error::other("not an answer")),
        }
    }
}

fn show(stream: Stream, bytes: &[u8]) -> Result<(), Failure> {
    match stream {
        Stream::Out => write_out(io::stdout().lock(), String::from_utf8_lossy(bytes)),
        Stream::Error => {
            // An aside that nobody can read is no reason to stop.
            drop(io::stderr().lock().write_all(bytes));
            Ok(())
        }
    }
}

fn ask(prompt: &str) -> io::Result<Option<String>> {
    let mut to = io::stderr().lock();
    to.write_all(prompt.as_bytes())?;
    to.flush()?;
    let mut line = String::new();
    Ok((io::stdin().lock().read_line(&mut line)? > 0).then_some(line))
}

fn gone(why: &impl std::fmt::Display) -> Failure {
    Failure::failed(
        "holder_gone",
        format_args!("the `copact serve` that holds this home does not answer any more: {why}"),
    )
    .hint("look with `copact log` or `copact status` whether it was done, and try again")
}
