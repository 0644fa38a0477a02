//! Files that carry a group, lists from before copact, and the check of what is here.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `copact bundle …`
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Write what this device has of the group into a file
    ///
    /// Every member's devices can read it. Whom the group removed cannot; for them, `--to-removed`
    /// writes what led to that decision, and nothing that came since.
    #[command(after_help = examples!(
        "copact bundle export green-lane.copact",
        "copact bundle export told.copact --to-removed Mallory",
    ))]
    Export(ExportBundle),
    /// Read what a file has of a group
    ///
    /// Everything is checked before it is kept. What is here already stays as it is.
    #[command(after_help = examples!("copact bundle import green-lane.copact"))]
    Import(ImportBundle),
}

/// Whether to mend what is damaged.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Make a new store of what is in order in a damaged one
    ///
    /// The damaged files are kept. What is lost here comes back with a full bundle of another
    /// member.
    #[arg(long)]
    pub repair: bool,
}

/// Where to, and how much.
#[derive(Debug, Args)]
pub struct ExportBundle {
    /// The file to write
    pub file: PathBuf,
    /// Leave out what a device with this frontier has already
    #[arg(long, value_name = "FRONTIER")]
    pub since: Option<String>,
    /// Write only what this removed member has to know, for nobody but them
    #[arg(long, value_name = "MEMBER", conflicts_with = "since")]
    pub to_removed: Option<String>,
}

/// From where.
#[derive(Debug, Args)]
pub struct ImportBundle {
    /// The file to read
    pub file: PathBuf,
}

/// `copact import …`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Take over an attendance list
    ///
    /// A CSV file with the columns date, meeting and member. People who are not members yet become
    /// members whom you help; all of it is marked as imported.
    #[command(after_help = examples!("copact import attendance 2025.csv"))]
    Attendance(ImportAttendance),
}

/// From where.
#[derive(Debug, Args)]
pub struct ImportAttendance {
    /// The list
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
}
