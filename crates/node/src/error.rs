//! What went wrong, as a sentence for a person and a word for a script.

use std::fmt::Display;
use std::path::Path;

use copact_core::envelope::EnvelopeError;
use copact_core::ledger::RefusedEnvelope;
use copact_store::{KeyFileError, StoreError};

/// Whose fault it is, which decides the exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What was typed or handed over is wrong.
    Input,
    /// It should have worked, and did not.
    Failed,
}

/// Something could not be done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NodeError {
    /// A stable word, in snake case.
    pub code: &'static str,
    /// What is wrong, and where.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Whose fault it is.
    pub fault: Fault,
}

/// What a command gives.
pub type Result<T> = std::result::Result<T, NodeError>;

impl NodeError {
    /// Bad input.
    #[must_use]
    pub fn input(code: &'static str, message: impl Display) -> Self {
        Self { code, message: message.to_string(), hint: None, fault: Fault::Input }
    }

    /// A failure.
    #[must_use]
    pub fn failed(code: &'static str, message: impl Display) -> Self {
        Self { code, message: message.to_string(), hint: None, fault: Fault::Failed }
    }

    /// Bad input that another crate puts in words: what is wrong, then what to do next, after a
    /// semicolon.
    #[must_use]
    pub fn told(code: &'static str, sentence: impl Display) -> Self {
        let sentence = sentence.to_string();
        match sentence.rsplit_once("; ") {
            Some((what, next)) => Self::input(code, what).hint(next),
            None => Self::input(code, sentence),
        }
    }

    /// Says which file it is about.
    #[must_use]
    pub fn of_file(mut self, path: &Path) -> Self {
        self.message = format!("{}: {}", path.display(), self.message);
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// A file that cannot be read.
    #[must_use]
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let message = format_args!("{} cannot be read: {}", path.display(), reason(error));
        Self::input("unreadable_file", message)
            .hint("check the file's name and folder, and that you may read it")
    }

    /// A file or folder that cannot be written: bad input if there cannot be one of that name, a
    /// failure if the disk is full or broken.
    #[must_use]
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let message = format!("{} cannot be written: {}", path.display(), reason(error));
        if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            return Self::failed("disk_full", message)
                .hint("free some space and do the last step again (nothing was lost)");
        }
        match whose(error) {
            Fault::Input => Self::input("unwritable_file", message)
                .hint("name another file, in a folder that is there and that you may write in"),
            Fault::Failed => Self::failed("unwritable_file", message)
                .hint("check the disk and the room on it, or name another folder"),
        }
    }
}

/// Whose fault it is that a file cannot be written.
#[must_use]
pub fn whose(error: &std::io::Error) -> Fault {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound
        | ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::AlreadyExists
        | ErrorKind::InvalidFilename
        | ErrorKind::PermissionDenied
        | ErrorKind::ReadOnlyFilesystem => Fault::Input,
        _ => Fault::Failed,
    }
}

/// Why the system refused, in words for people where it is a common case.
#[must_use]
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a file is where a folder should be".to_owned(),
        ErrorKind::AlreadyExists => "something else is there already".to_owned(),
        ErrorKind::PermissionDenied => "you have no right to".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => {
            let said = error.to_string();
            // The number is for programmers.
            said.split_once(" (os error").map_or(said.clone(), |(words, _)| words.to_owned())
        }
    }
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        let (code, fault) = match error {
            StoreError::Absent { .. } => ("no_store", Fault::Input),
            StoreError::Exists { .. } => ("already_here", Fault::Input),
            StoreError::Remains { .. } => ("store_remains", Fault::Input),
            StoreError::InUse { .. } => ("in_use", Fault::Failed),
            StoreError::WrongKey { .. } => ("wrong_key", Fault::Input),
            StoreError::Newer { .. } => ("newer_version", Fault::Input),
            StoreError::Foreign { .. } => ("foreign_store", Fault::Input),
            StoreError::Damaged { .. } => ("damaged_store", Fault::Input),
            StoreError::Forbidden { .. } => ("forbidden", Fault::Input),
            StoreError::OtherGroup { .. } => ("other_group", Fault::Input),
            StoreError::Full { .. } => ("disk_full", Fault::Failed),
            StoreError::Io { .. } => ("disk_failed", Fault::Failed),
            StoreError::Reopen { .. } => ("reopen", Fault::Failed),
        };
        Self { fault, ..Self::told(code, error) }
    }
}

impl From<KeyFileError> for NodeError {
    fn from(error: KeyFileError) -> Self {
        match error {
            KeyFileError::Full { .. } => {
                Self { fault: Fault::Failed, ..Self::told("disk_full", error) }
            }
            _ => Self::told("bad_key_file", error),
        }
    }
}

impl From<EnvelopeError> for NodeError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::NewerVersion { .. } => Self::told("newer_version", error),
            _ => Self::told("bad_envelope", error),
        }
    }
}

impl From<RefusedEnvelope> for NodeError {
    fn from(error: RefusedEnvelope) -> Self {
        Self::told("refused_envelope", error)
    }
}

macro_rules! input_error {
    ($($error:ty => $code:literal),+ $(,)?) => {
        $(impl From<$error> for NodeError {
            fn from(error: $error) -> Self {
                Self::told($code, error)
            }
        })+
    };
}

input_error! {
    copact_core::text::TextError => "bad_text",
    copact_core::day::DayError => "bad_day",
    copact_core::entry::HoursError => "bad_hours",
    copact_core::proposal::ShareError => "bad_share",
    copact_core::quarter::QuarterError => "bad_quarter",
    copact_core::presence::PresenceError => "bad_code",
    copact_core::frontier::FrontierError => "bad_frontier",
    copact_sync::bundle::BundleError => "bad_bundle",
    copact_sync::ticket::TicketError => "bad_ticket",
    copact_sync::request::RequestError => "bad_request",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_next_stands_behind_the_last_semicolon_of_a_sentence() {
        let told = NodeError::told("bad_day", "“a; b” is not a day; write it as 2026-03-01");
        assert_eq!(
            told,
            NodeError::input("bad_day", "“a; b” is not a day").hint("write it as 2026-03-01")
        );
        assert_eq!(NodeError::told("x", "it is wrong"), NodeError::input("x", "it is wrong"));
    }
}
