//! Evidence: figures, reports, their verification, anchors and rules.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Over which days, by which rules, and where to.
#[derive(Debug, Args)]
pub struct Evidence {
    /// The first day of the window
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, requires = "to")]
    pub from: Option<String>,
    /// The last day of the window
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, requires = "from")]
    pub to: Option<String>,
    /// A window of so many days up to today
    ///
    /// 90d unless told otherwise; with --all the last four quarters.
    #[arg(long, value_name = "DAYS", conflicts_with = "from")]
    pub window: Option<String>,
    /// Many groups, by quarter: homes, and folders with reports that groups gave away
    #[arg(
        long,
        value_name = "DIR",
        num_args = 1..,
        conflicts_with_all = ["html", "csv", "sealed", "audit"]
    )]
    pub all: Vec<PathBuf>,
    /// Judge by the rules in this file, not by copro-min/1.0
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Write a page to read and print
    #[arg(long, value_name = "FILE", help_heading = "What is written")]
    pub html: Option<PathBuf>,
    /// Write tables for spreadsheets into this folder
    #[arg(long, value_name = "DIR", help_heading = "What is written")]
    pub csv: Option<PathBuf>,
    /// Write a row a quarter for other engines, as Parquet
    #[arg(long, value_name = "FILE", help_heading = "What is written")]
    pub parquet: Option<PathBuf>,
    /// Write what outsiders can verify; asks the group first whether to share it
    #[arg(long, value_name = "FILE", help_heading = "What is written")]
    pub sealed: Option<PathBuf>,
    /// The same with all texts and the whole history of the contract
    #[arg(long, value_name = "FILE", help_heading = "What is written")]
    pub audit: Option<PathBuf>,
}

/// A report bundle.
#[derive(Debug, Args)]
pub struct Verify {
    /// The file
    pub file: PathBuf,
}

/// `copact report …`
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Sign a report of your group, so that outsiders see who stands by it
    #[command(after_help = examples!("copact report sign spring.report"))]
    Sign(SignReport),
}

/// Which report.
#[derive(Debug, Args)]
pub struct SignReport {
    /// The file; the signature is added to it
    pub file: PathBuf,
}

/// `copact anchor …`
#[derive(Debug, Subcommand)]
pub enum AnchorCommand {
    /// Write what an outsider is to sign: all that the group has up to now
    #[command(after_help = examples!("copact anchor request for-the-library.txt"))]
    Request(RequestAnchor),
    /// Sign a group's request as an outsider
    ///
    /// It says that what the request names existed on this day. Without a request it makes a number
    /// that the group can record, which shows that what came after it came later.
    #[command(after_help = examples!(
        "copact anchor sign for-the-library.txt -o signed.txt --people 7",
        "copact anchor sign --number -o number.txt",
    ))]
    Sign(SignAnchor),
    /// Record what an outsider signed
    #[command(after_help = examples!("copact anchor add signed.txt"))]
    Add(AddAnchor),
}

/// Where to.
#[derive(Debug, Args)]
pub struct RequestAnchor {
    /// The file to write
    pub file: PathBuf,
}

/// What is signed.
#[derive(Debug, Args)]
pub struct SignAnchor {
    /// The group's request
    #[arg(required_unless_present = "number")]
    pub request: Option<PathBuf>,
    /// Make a new number, for a group to record
    #[arg(long, conflicts_with = "request")]
    pub number: bool,
    /// How many people of the group you met
    #[arg(long, value_name = "COUNT")]
    pub people: Option<u32>,
    /// The file to write, for the group
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// From where.
#[derive(Debug, Args)]
pub struct AddAnchor {
    /// What the outsider wrote
    pub file: PathBuf,
}

/// `copact rules …`
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Show what rules ask, in plain words
    ///
    /// Those of copro-min/1.0, or of a file. Scripts get the file itself, too.
    #[command(after_help = examples!("copact rules show", "copact rules show our-rules.toml"))]
    Show(ShowRules),
    /// Check a file of rules
    #[command(after_help = examples!("copact rules check our-rules.toml"))]
    Check(CheckRules),
}

/// Which rules.
#[derive(Debug, Args)]
pub struct ShowRules {
    /// The rules; copro-min/1.0 unless told otherwise
    pub file: Option<PathBuf>,
    /// Print the rules' file as it is, to begin one of your own
    #[arg(long)]
    pub source: bool,
}

/// Which file.
#[derive(Debug, Args)]
pub struct CheckRules {
    /// The rules
    pub file: PathBuf,
}

/// About whom, and over which days.
#[derive(Debug, Args)]
pub struct Credential {
    /// An assisted member whose helper you are; yourself unless told otherwise
    pub member: Option<String>,
    /// The first day of the window
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, requires = "to")]
    pub from: Option<String>,
    /// The last day of the window
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, requires = "from")]
    pub to: Option<String>,
    /// A window of so many days up to today; 90d unless told otherwise
    #[arg(long, value_name = "DAYS", conflicts_with = "from")]
    pub window: Option<String>,
    /// Put the member's name in
    #[arg(long)]
    pub name: bool,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
