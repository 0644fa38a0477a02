//! The contract: its text, its history and its signatures.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Behalf;

/// `copact contract …`
#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Start the contract from a Markdown file
    ///
    /// Each heading starts a section. Its kind is asked for, or written after the heading:
    /// `## Why we are here {#purpose}`. Kinds are identity, purpose, principles, rules, goals and
    /// other; `--yes` takes the proposed ones. Imported words are marked so, not as yours.
    #[command(after_help = examples!("copact contract import contract.md"))]
    Import(ImportContract),
    /// Show the contract, the draft unless told otherwise
    ///
    /// Sent to a file, it is the text and nothing else.
    #[command(after_help = examples!(
        "copact contract show",
        "copact contract show --version adopted",
    ))]
    Show(ShowContract),
    /// Edit the contract in your editor
    ///
    /// Only what you changed is written, so edits that others make at the same time are kept.
    #[command(after_help = examples!(
        "copact contract edit",
        "EDITOR=nano copact contract edit --for Dora",
    ))]
    Edit(EditContract),
    /// Write one section from a file
    ///
    /// Only what differs is written, so edits that others make at the same time are kept.
    #[command(after_help = examples!("copact contract set purpose --file purpose.txt"))]
    Set(SetSection),
    /// List who changed the contract, and when
    #[command(after_help = examples!("copact contract history"))]
    History,
    /// Show how the draft differs from the adopted version
    #[command(after_help = examples!(
        "copact contract diff",
        "copact contract diff --version 81cc",
    ))]
    Diff(DiffContract),
    /// Show who wrote which words
    #[command(after_help = examples!(
        "copact contract blame",
        "copact contract blame --version adopted",
    ))]
    Blame(BlameContract),
    /// Sign the present draft
    ///
    /// A version that enough members signed is adopted. Editing afterwards makes a new version,
    /// and leaves the signatures with the one that was signed.
    #[command(after_help = examples!(
        "copact contract ratify",
        "copact contract ratify --for Dora",
    ))]
    Ratify(RatifyContract),
    /// Show which versions are signed, by whom, and which is adopted
    #[command(after_help = examples!("copact contract status"))]
    Status,
}

/// From where.
#[derive(Debug, Args)]
pub struct ImportContract {
    /// The Markdown file
    #[arg(value_name = "FILE.md")]
    pub file: PathBuf,
}

/// Which version.
#[derive(Debug, Args)]
pub struct ShowContract {
    /// `draft`, `adopted`, or the start of a version's digest
    #[arg(long, default_value = "draft")]
    pub version: String,
}

/// Which version.
#[derive(Debug, Args)]
pub struct DiffContract {
    /// Compare the draft with this version: `adopted`, or the start of a digest
    #[arg(long, default_value = "adopted")]
    pub version: String,
}

/// Which version.
#[derive(Debug, Args)]
pub struct BlameContract {
    /// `draft`, `adopted`, or the start of a version's digest
    #[arg(long, default_value = "draft")]
    pub version: String,
}

/// For whom.
#[derive(Debug, Args)]
pub struct EditContract {
    /// The assisted member whose words they are.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What goes where.
#[derive(Debug, Args)]
pub struct SetSection {
    /// The section: its kind, heading, or the start of its id
    pub section: String,
    /// The file with its new text
    #[arg(long)]
    pub file: PathBuf,
    /// The assisted member whose words they are.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// For whom.
#[derive(Debug, Args)]
pub struct RatifyContract {
    /// The assisted member who signs.
    #[command(flatten)]
    pub behalf: Behalf,
}
