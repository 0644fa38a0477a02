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

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// A file that cannot be read.
    #[must_use]
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::input("unreadable_file", format_args!("{} cannot be read: {error}", path.display()))
            .hint("check the file's name and that you may read it")
    }

    /// A file that cannot be written.
    #[must_use]
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::failed(
            "unwritable_file",
            format_args!("{} cannot be written: {error}", path.display()),
        )
        .hint("check that the folder exists, that you may write there, and that there is room")
    }
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        let (code, fault) = match error {
            StoreError::Absent { .. } => ("no_store", Fault::Input),
            StoreError::Exists { .. } => ("already_here", Fault::Input),
            StoreError::Remains { .. } => ("store_remains", Fault::Input),
            StoreError::InUse { .. } => ("in_use", Fault::Input),
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
        Self { code, message: error.to_string(), hint: None, fault }
    }
}

impl From<KeyFileError> for NodeError {
    fn from(error: KeyFileError) -> Self {
        Self::input("bad_key_file", error)
    }
}

impl From<EnvelopeError> for NodeError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::NewerVersion { .. } => Self::input("newer_version", error),
            _ => Self::input("bad_envelope", error),
        }
    }
}

impl From<RefusedEnvelope> for NodeError {
    fn from(error: RefusedEnvelope) -> Self {
        Self::input("refused_envelope", error)
    }
}

macro_rules! input_error {
    ($($error:ty => $code:literal),+ $(,)?) => {
        $(impl From<$error> for NodeError {
            fn from(error: $error) -> Self {
                Self::input($code, error)
            }
        })+
    };
}

input_error! {
    copact_core::text::TextError => "bad_text",
    copact_core::day::DayError => "bad_day",
    copact_core::entry::HoursError => "bad_hours",
    copact_core::proposal::ShareError => "bad_share",
    copact_core::presence::PresenceError => "bad_code",
    copact_core::frontier::FrontierError => "bad_frontier",
    copact_sync::bundle::BundleError => "bad_bundle",
    copact_sync::ticket::TicketError => "bad_ticket",
    copact_sync::request::RequestError => "bad_request",
}
