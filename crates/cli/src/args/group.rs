//! Founding a group and joining one.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Listen;

/// `copact group …`
#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    /// Found a group
    ///
    /// Who founds it together is a first member with voice. The others ask with `copact join
    /// --found NAME --as NAME --request FILE`, hand you those files, and afterwards import your
    /// first bundle.
    #[command(after_help = examples!(
        "copact group new \"Green Lane\" --as Ann",
        "copact group new \"Green Lane\" --as Ann --role citizen --with ben.req cem.req",
    ))]
    New(NewGroup),
    /// Found a group in which this one goes on
    ///
    /// For a group that can no longer decide, because too many of its voices are gone. Who founds
    /// the new one together has voice in it from the start; everybody else joins by invite. Nothing
    /// is taken over: the old group stays on this device as it is, to be read and copied from.
    #[command(after_help = examples!(
        "copact group continue \"Green Lane\" --with ben.req",
        "copact group continue \"Green Lane 2\" --as Ann --role citizen",
    ))]
    Continue(ContinueGroup),
    /// List the groups on this device
    #[command(after_help = examples!("copact group list"))]
    List,
    /// Show one group
    #[command(after_help = examples!("copact group show \"Green Lane\""))]
    Show(ShowGroup),
}

/// Who founds what.
#[derive(Debug, Args)]
pub struct NewGroup {
    /// What the group is called
    pub name: String,
    /// What you are called
    #[arg(long = "as", value_name = "NAME")]
    pub as_name: String,
    /// What you are here: citizen, professional, or a word of your own, which may
    /// say which of the two it is: neighbour=citizen
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Requests of the people who found it with you
    #[arg(long, value_name = "REQUEST", num_args = 1..)]
    pub with: Vec<PathBuf>,
    /// The group that this one is a team of
    #[arg(long, value_name = "GROUP")]
    pub parent: Option<String>,
}

/// Who goes on.
#[derive(Debug, Args)]
pub struct ContinueGroup {
    /// What the new group is called
    pub name: String,
    /// What you are called; as in the old group unless told otherwise
    #[arg(long = "as", value_name = "NAME")]
    pub as_name: Option<String>,
    /// What you are here: citizen, professional, or a word of your own, which may
    /// say which of the two it is: neighbour=citizen
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Requests of the people who found it with you: `copact join --found NAME --as
    /// NAME --request FILE`
    #[arg(long, value_name = "REQUEST", num_args = 1..)]
    pub with: Vec<PathBuf>,
}

/// Which group.
#[derive(Debug, Args)]
pub struct ShowGroup {
    /// The group, when this device has several
    #[arg(value_name = "NAME|ID")]
    pub named: Option<String>,
}

/// Where the ticket goes.
#[derive(Debug, Args)]
pub struct Invite {
    /// Make it for a new device of this member, whose phone is lost or who had none
    #[arg(long, value_name = "MEMBER")]
    pub recover: Option<String>,
    /// Write the ticket into this file
    #[arg(short = 'o', value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the ticket as a QR code into this file
    #[arg(long, value_name = "FILE.png")]
    pub qr: Option<PathBuf>,
    /// Wait until somebody asks to join over the network, also where there is no terminal to ask at
    #[arg(long, conflicts_with = "recover")]
    pub wait: bool,
    /// Where to be reached over the network
    #[command(flatten)]
    pub listen: Listen,
}

/// How to get in.
#[derive(Debug, Args)]
pub struct Join {
    /// The ticket, from whoever invited you, or the file that it is in
    #[arg(required_unless_present = "found", conflicts_with = "found")]
    pub ticket: Option<String>,
    /// Ask to found a group of this name together, instead of joining one
    #[arg(long, value_name = "NAME", requires = "request")]
    pub found: Option<String>,
    /// What you are called; not needed with a ticket for a new device of yours
    #[arg(long = "as", value_name = "NAME", required_unless_present = "ticket")]
    pub as_name: Option<String>,
    /// What you are here: citizen, professional, or a word of your own, which may
    /// say which of the two it is: neighbour=citizen
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Write your request into this file, to be handed over, instead of using the network
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// Where to be reached over the network
    #[command(flatten)]
    pub listen: Listen,
}

/// Who is let in.
#[derive(Debug, Args)]
pub struct Admit {
    /// The request that the newcomer's `copact join` wrote; or the code that both screens show,
    /// while `copact sync --watch` runs
    #[arg(value_name = "FILE|CODE", num_args = 1..=2, required = true)]
    pub whom: Vec<PathBuf>,
}
