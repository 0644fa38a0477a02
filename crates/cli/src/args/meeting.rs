//! Meetings and being there.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use copact_core::limits;

use super::Behalf;

/// `copact meeting …`
#[derive(Debug, Subcommand)]
pub enum MeetingCommand {
    /// Plan a meeting, or record one that was
    #[command(after_help = examples!(
        "copact meeting new \"Spring meeting\" --day 2026-03-01",
        "copact meeting new \"Soup kitchen\" --headcount 23",
    ))]
    New(NewMeeting),
    /// Open a meeting, so that people can tap in
    #[command(after_help = examples!("copact meeting open \"Spring meeting\""))]
    Open(NamedMeeting),
    /// Close a meeting
    #[command(after_help = examples!("copact meeting close \"Spring meeting\""))]
    Close(NamedMeeting),
    /// List the meetings, with who was there
    #[command(after_help = examples!("copact meeting list"))]
    List,
    /// Show one meeting
    #[command(after_help = examples!("copact meeting show \"Spring meeting\""))]
    Show(NamedMeeting),
    /// Say that two records are one meeting
    ///
    /// When a meeting was opened on two phones. Everybody at both was there once.
    #[command(after_help = examples!("copact meeting same 4e11 a07d"))]
    Same(SameMeeting),
}

/// What meeting.
#[derive(Debug, Args)]
pub struct NewMeeting {
    /// What it is called
    pub title: String,
    /// Its day, e.g. 2026-03-01; today unless told otherwise
    #[arg(long, allow_hyphen_values = true)]
    pub day: Option<String>,
    /// Count people only: nobody taps, no names are kept
    #[arg(long, value_name = "PEOPLE", allow_hyphen_values = true, value_parser = people)]
    pub headcount: Option<u32>,
}

/// Which meeting.
#[derive(Debug, Args)]
pub struct NamedMeeting {
    /// The meeting: its title, or the start of its id
    pub meeting: String,
}

/// Which two.
#[derive(Debug, Args)]
pub struct SameMeeting {
    /// The record that you made, or either if both are yours
    #[arg(value_name = "A")]
    pub one: String,
    /// The other record
    #[arg(value_name = "B")]
    pub other: String,
}

/// Where, and how it is known.
#[derive(Debug, Args)]
pub struct Tap {
    /// The meeting; the one that is open unless told otherwise
    pub meeting: Option<String>,
    /// The code that a device at the meeting shows
    #[arg(long, value_name = "LINK")]
    pub code: Option<String>,
    /// The assisted member who is there.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What is true.
#[derive(Debug, Args)]
pub struct Attest {
    /// The entries, each by the start of its id
    #[arg(value_name = "ENTRY", required = true)]
    pub entries: Vec<String>,
    /// The assisted member who saw it.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// Which minutes.
#[derive(Debug, Args)]
pub struct Minutes {
    /// The meeting: its title, or the start of its id
    pub meeting: String,
    /// Write the minutes from this file; only what differs is written
    #[arg(long)]
    pub file: Option<PathBuf>,
}

/// Reads a number of people.
pub(super) fn people(typed: &str) -> Result<u32, String> {
    let number = typed.parse().ok().filter(|number| (1..=limits::HEADCOUNT).contains(number));
    number.ok_or_else(|| format!("write a number of people from 1 to {}", limits::HEADCOUNT))
}
