//! What went wrong, said so that a person can act on it and a script can tell it apart.

use std::fmt::Display;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use copact_node::error::{Fault, NodeError};
use serde::Serialize;

use crate::output::visible;

/// A command that could not be done. With `--json` it is printed as one line on standard error,
/// `{"error":{"code","message","hint"}}`; otherwise as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// A stable word for scripts, in snake case.
    pub code: &'static str,
    /// What is wrong and where, as a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The exit code: [`Failure::INPUT`] or [`Failure::FAILED`].
    #[serde(skip)]
    pub exit: u8,
}

impl Failure {
    /// The exit code when a command was right but could not be done.
    pub const FAILED: u8 = 1;
    /// The exit code when what was typed, or a file that was handed over, is wrong.
    pub const INPUT: u8 = 2;

    /// Something was done wrongly by whoever typed the command or made the file.
    #[must_use]
    pub fn input(code: &'static str, message: impl Display) -> Self {
        Self { code, message: message.to_string(), hint: None, exit: Self::INPUT }
    }

    /// Something went wrong that the command as typed could not know.
    #[must_use]
    pub fn failed(code: &'static str, message: impl Display) -> Self {
        Self { code, message: message.to_string(), hint: None, exit: Self::FAILED }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// Writes the failure for a script: one line of JSON.
    ///
    /// # Errors
    /// The stream cannot be written to.
    pub fn write_json(&self, mut to: impl Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            error: &'a Failure,
        }
        let line = serde_json::to_string(&Line { error: self })?;
        writeln!(to, "{line}")
    }

    /// Writes the failure for a person.
    ///
    /// # Errors
    /// The stream cannot be written to.
    pub fn write_sentence(&self, mut to: impl Write) -> io::Result<()> {
        let (red, faint) = (AnsiColor::Red.on_default().bold(), Style::new().dimmed());
        writeln!(to, "{red}error:{red:#} {}", visible(&self.message))?;
        match &self.hint {
            Some(hint) => writeln!(to, " {faint}hint:{faint:#} {}", visible(hint)),
            None => Ok(()),
        }
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        let exit = match error.fault {
            Fault::Input => Self::INPUT,
            Fault::Failed => Self::FAILED,
        };
        Self { code: error.code, message: error.message, hint: error.hint, exit }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_the_node_says_keeps_its_words_and_whose_fault_it_is() {
        let typed = Failure::from(NodeError::input("unknown_member", "nobody").hint("look"));
        assert_eq!(typed, Failure::input("unknown_member", "nobody").hint("look"));
        let failed = Failure::from(NodeError::failed("disk_full", "no room"));
        assert_eq!(failed, Failure::failed("disk_full", "no room"));
    }

    #[test]
    fn a_failure_is_one_line_of_json_with_code_message_and_hint() {
        let mut bytes = Vec::new();
        let failure = Failure::input("no_such_member", "no member is called “A\nB”");
        failure.clone().hint("see `copact member list`").write_json(&mut bytes).unwrap();
        failure.write_json(&mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"error\":{\"code\":\"no_such_member\",\"message\":\"no member is called “A\\nB”\",\
             \"hint\":\"see `copact member list`\"}}\n\
             {\"error\":{\"code\":\"no_such_member\",\"message\":\"no member is called “A\\nB”\",\
             \"hint\":null}}\n"
        );
    }

    #[test]
    fn a_sentence_cannot_carry_terminal_commands() {
        let mut bytes = Vec::new();
        let failure = Failure::failed("x", "the name “\u{1b}[2J”").hint("rename it");
        failure.write_sentence(anstream::StripStream::new(&mut bytes)).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "error: the name “\u{FFFD}[2J”\n hint: rename it\n"
        );
    }
}
