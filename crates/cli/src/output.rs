//! What comes back: one JSON document for scripts, or a page for people.
//!
//! Whatever other people wrote passes [`visible`] or [`visible_line`] on its way to a terminal, so
//! that no name or text can move the cursor, change colours or reverse what is read.

mod ask;
mod console;
mod file;
mod page;
mod progress;
mod qr;
mod table;
mod words;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

pub use ask::Asker;
pub use console::{Console, Relay, Stream, Streams};
pub use file::{read_file, write_file};
pub use page::{Page, Piece, author, bad, faint, good, plain, strong, warn};
pub use progress::{Live, Progress};
pub use qr::write_png;
pub use table::{Column, Table, left, right};
pub use words::{count, date, duration, list, short, when};

/// What standard output can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// It is a terminal: tables get borders.
    pub terminal: bool,
    /// Colours are wanted: a terminal, and `NO_COLOR` is not set.
    pub color: bool,
    /// Its columns; `None` when nothing is to be fitted.
    pub width: Option<u16>,
}

impl Screen {
    /// A file or a pipe.
    pub const PIPE: Self = Self { terminal: false, color: false, width: None };

    /// Looks at standard output.
    #[must_use]
    pub fn detect() -> Self {
        let terminal = io::stdout().is_terminal();
        let choice = anstream::AutoStream::choice(&io::stdout());
        Self {
            terminal,
            color: choice != anstream::ColorChoice::Never,
            width: comfy_table::Table::new().width(),
        }
    }
}

/// The one answer of a command. [`Output::show`] uses it up, so there is never a second document.
#[derive(Debug)]
pub struct Output {
    json: bool,
    console: Console,
}

impl Output {
    /// An answer there, for a script if `json`.
    #[must_use]
    pub const fn new(json: bool, console: Console) -> Self {
        Self { json, console }
    }

    /// Where it goes.
    #[must_use]
    pub const fn console(&self) -> &Console {
        &self.console
    }

    /// Whether a script reads it.
    #[must_use]
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the document for a script, or the page that `people` fills for a person.
    ///
    /// # Errors
    /// Standard output cannot be written to. A reader that went away (a closed pipe) is none.
    pub fn show(
        self,
        document: &impl Serialize,
        people: impl FnOnce(&mut Page),
    ) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string(document).map_err(|error| {
                Failure::failed("fault", format_args!("the answer does not fit JSON: {error}"))
            })?;
            return self.console.write(&format!("{text}\n"));
        }
        let mut page = Page::new(self.console.streams().screen);
        people(&mut page);
        self.console.write_page(page.as_str())
    }

    /// Like [`Output::show`] for a text that people keep: where standard output is no terminal,
    /// only
    /// the text goes there, so that a file has nothing else in it; what is said about it goes to
    /// standard error.
    ///
    /// # Errors
    /// As [`Output::show`].
    pub fn show_text(
        self,
        document: &impl Serialize,
        text: &str,
        about: impl FnOnce(&mut Page),
    ) -> Result<(), Failure> {
        if self.json || self.console.streams().screen.terminal {
            return self.show(document, |page| {
                page.text(text);
                page.blank();
                about(page);
            });
        }
        let mut kept = Page::new(Screen::PIPE);
        kept.text(text);
        let mut said = Page::new(Screen::PIPE);
        about(&mut said);
        self.console.note(said.as_str().trim_end());
        self.console.write(kept.as_str())
    }

    /// An empty page as wide as what it goes to, for what is said before the answer.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::new(self.console.streams().screen)
    }

    /// Tells a person something on the way, on standard error; scripts are not told.
    pub fn note(&self, sentence: &str) {
        if !self.json {
            self.console.note(sentence);
        }
    }
}

/// Writes everything, or says why not. A reader that went away has what it wanted.
pub(crate) fn write_out(mut to: impl Write, text: impl Display) -> Result<(), Failure> {
    match write!(to, "{text}").and_then(|()| to.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::failed(
            "output",
            format_args!("the answer could not be written to standard output: {error}"),
        )
        .hint("the command itself was done; make room, and ask for its result again")),
        _ => Ok(()),
    }
}

/// Text as it may be shown: characters that steer a terminal or reorder what is read become
/// `U+FFFD`. Line breaks and tabs stay.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if steers(c) && !matches!(c, '\n' | '\t') { '\u{FFFD}' } else { c })
        .collect()
}

/// Like [`visible`], on one line: line breaks and tabs become spaces.
#[must_use]
pub fn visible_line(text: &str) -> String {
    let on_one_line = |c| if matches!(c, '\n' | '\t') { ' ' } else { c };
    visible(text).chars().map(on_one_line).collect()
}

fn steers(c: char) -> bool {
    let reorders = matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    c.is_control() || reorders || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_failure_and_a_full_disk_is() {
        assert_eq!(write_out(Broken(io::ErrorKind::BrokenPipe), "x"), Ok(()));
        let full = write_out(Broken(io::ErrorKind::StorageFull), "x").unwrap_err();
        assert_eq!((full.code, full.exit), ("output", 1));
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_shown() {
        assert_eq!(
            visible("a\u{1b}[31m\u{202E}b\u{7}\n\tc\u{9b}"),
            "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}\n\tc\u{FFFD}"
        );
        assert_eq!(visible_line("one\n\ttwo\r"), "one  two\u{FFFD}");
        assert_eq!(visible_line("Zoë 👩‍👩‍👧 हिन्दी"), "Zoë 👩‍👩‍👧 हिन्दी");
    }
}
