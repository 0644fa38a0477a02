//! Where the words of a command go, and where answers come from: this process's own streams, or
//! those of a command that runs through the holder of a home.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Screen, visible, write_out};
use crate::failure::Failure;

/// What the streams of a command can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streams {
    /// Standard output.
    pub screen: Screen,
    /// Whether colours are wanted on standard error.
    pub color_on_error: bool,
    /// Whether there is somebody to ask.
    pub terminal: bool,
}

impl Streams {
    /// Looks at the streams of this process.
    #[must_use]
    pub fn detect() -> Self {
        let choice = anstream::AutoStream::choice(&io::stderr());
        Self {
            screen: Screen::detect(),
            color_on_error: choice != anstream::ColorChoice::Never,
            terminal: io::stdin().is_terminal() && io::stderr().is_terminal(),
        }
    }
}

/// One of the two streams that a command writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Error,
}

/// What a command said that ran for somebody else, and the answers it may count on.
#[derive(Debug, Default)]
pub struct Relay {
    /// What was said, in order.
    pub said: Vec<(Stream, Vec<u8>)>,
    /// Lines that were typed, in order of the questions.
    pub answers: VecDeque<String>,
    /// No further line will be typed.
    pub closed: bool,
    /// A question that has no answer yet, as it is to be shown. The command stops there, having
    /// done nothing; it is run again once there is an answer.
    pub asked: Option<String>,
    prompt: Vec<u8>,
}

impl Relay {
    /// For a command that has these answers, and if `closed` gets no others.
    #[must_use]
    pub fn new(answers: Vec<String>, closed: bool) -> Self {
        Self { answers: answers.into(), closed, ..Self::default() }
    }
}

/// Where a command writes and asks.
#[derive(Clone, Debug)]
pub struct Console {
    streams: Streams,
    relay: Option<Rc<RefCell<Relay>>>,
}

impl Console {
    /// The streams of this process.
    #[must_use]
    pub fn own() -> Self {
        Self { streams: Streams::detect(), relay: None }
    }

    /// The streams of another one.
    #[must_use]
    pub const fn relayed(streams: Streams, relay: Rc<RefCell<Relay>>) -> Self {
        Self { streams, relay: Some(relay) }
    }

    /// What the streams can show.
    #[must_use]
    pub const fn streams(&self) -> Streams {
        self.streams
    }

    /// Whether the streams are this process's own.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.relay.is_none()
    }

    /// Writes to standard output.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        match &self.relay {
            None => write_out(io::stdout().lock(), text),
            Some(relay) => {
                say(relay, Stream::Out, text.as_bytes().to_vec());
                Ok(())
            }
        }
    }

    /// Writes a page with colours to standard output.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn write_page(&self, text: &str) -> Result<(), Failure> {
        match &self.relay {
            None => write_out(anstream::stdout().lock(), text),
            Some(_) => self.write(text),
        }
    }

    /// Writes a line to standard error; an aside that nobody can read is no reason to stop.
    pub fn note(&self, sentence: &str) {
        let line = format!("{}\n", visible(sentence));
        match &self.relay {
            None => drop(anstream::stderr().lock().write_all(line.as_bytes())),
            Some(relay) => say(relay, Stream::Error, line.into_bytes()),
        }
    }

    /// Writes to standard error why a command was not done.
    pub fn fail(&self, failure: &Failure, json: bool) {
        let mut bytes = Vec::new();
        // Writing into memory cannot fail.
        let _ = match (json, self.streams.color_on_error) {
            (true, _) => failure.write_json(&mut bytes),
            (false, true) => failure.write_sentence(&mut bytes),
            (false, false) => failure.write_sentence(anstream::StripStream::new(&mut bytes)),
        };
        match &self.relay {
            // When even standard error is gone, the exit code is all that is left to say.
            None => drop(io::stderr().lock().write_all(&bytes)),
            Some(relay) => say(relay, Stream::Error, bytes),
        }
    }

    /// What is typed.
    pub(super) fn typed(&self) -> Box<dyn BufRead> {
        match &self.relay {
            None => Box::new(io::stdin().lock()),
            Some(relay) => Box::new(Typed { relay: Rc::clone(relay), line: Vec::new(), read: 0 }),
        }
    }

    /// Where questions are shown.
    pub(super) fn prompt(&self) -> Box<dyn Write> {
        match &self.relay {
            None => Box::new(io::stderr().lock()),
            Some(relay) => Box::new(Prompt(Rc::clone(relay))),
        }
    }
}

fn say(relay: &RefCell<Relay>, stream: Stream, bytes: Vec<u8>) {
    if let Ok(mut relay) = relay.try_borrow_mut() {
        relay.said.push((stream, bytes));
    }
}

struct Prompt(Rc<RefCell<Relay>>);

impl Write for Prompt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut relay = self.0.try_borrow_mut().map_err(io::Error::other)?;
        relay.prompt.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that were typed at the other end; where there are no more, the question is asked.
struct Typed {
    relay: Rc<RefCell<Relay>>,
    line: Vec<u8>,
    read: usize,
}

impl Read for Typed {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Typed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read >= self.line.len() {
            let mut relay = self.relay.try_borrow_mut().map_err(io::Error::other)?;
            let shown = std::mem::take(&mut relay.prompt);
            match relay.answers.pop_front() {
                Some(line) => (self.line, self.read) = (line.into_bytes(), 0),
                None if relay.closed => (self.line, self.read) = (Vec::new(), 0),
                None => {
                    relay.asked = Some(String::from_utf8_lossy(&shown).into_owned());
                    return Err(io::Error::other("the question is passed on"));
                }
            }
        }
        Ok(self.line.get(self.read..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.read = self.read.saturating_add(count);
    }
}
