//! Members, devices, names and permissions.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::Behalf;

/// `copact member …`
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// List the members, also those who left
    #[command(after_help = examples!("copact member list", "copact member list --json"))]
    List,
    /// Bring in somebody without a device, whom you help
    ///
    /// You record for them with `--for`. What you sign for them is marked so, and another member
    /// has to confirm their answers.
    #[command(after_help = examples!("copact member assist Dora --role citizen"))]
    Assist(AssistMember),
    /// Say what you are here from now on
    #[command(after_help = examples!(
        "copact member role professional",
        "copact member role citizen --for Dora",
    ))]
    Role(SayRole),
    /// Leave the group
    ///
    /// What you wrote and did stays. Whoever comes back does so as a new member.
    #[command(after_help = examples!("copact member leave", "copact member leave --yes"))]
    Leave,
}

/// Who is helped.
#[derive(Debug, Args)]
pub struct AssistMember {
    /// What they are called
    pub name: String,
    /// What they are here: citizen, professional, or a word of their own, which may
    /// say which of the two it is: neighbour=citizen
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
}

/// Which role.
#[derive(Debug, Args)]
pub struct SayRole {
    /// Citizen, professional, or a word of your own, which may say which of the two it
    /// is: neighbour=citizen
    pub role: String,
    /// The assisted member whose role it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// `copact device …`
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// List your devices in this group
    #[command(after_help = examples!("copact device list"))]
    List,
    /// Add another device of yours
    ///
    /// Without a file, makes a ticket for the new device. There, `copact join TICKET --request
    /// FILE` writes a request; here, `copact device add FILE` accepts it.
    #[command(after_help = examples!(
        "copact device add --qr ticket.png",
        "copact device add phone.req",
    ))]
    Add(AddDevice),
}

/// Which device.
#[derive(Debug, Args)]
pub struct AddDevice {
    /// The request that the new device wrote
    #[arg(conflicts_with_all = ["out", "qr"])]
    pub request: Option<PathBuf>,
    /// Write the ticket into this file
    #[arg(short = 'o', value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the ticket as a QR code into this file
    #[arg(long, value_name = "FILE.png")]
    pub qr: Option<PathBuf>,
}

/// `copact profile …`
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Set the name that others see
    #[command(after_help = examples!(
        "copact profile set \"Ann Archer\"",
        "copact profile set \"Dora D.\" --for Dora",
    ))]
    Set(SetProfile),
    /// Erase the name from every device that syncs
    ///
    /// Copies elsewhere, such as old bundles, may survive. What was signed stays, without a name.
    #[command(after_help = examples!("copact profile erase", "copact profile erase --yes"))]
    Erase(Behalf),
}

/// Which name.
#[derive(Debug, Args)]
pub struct SetProfile {
    /// What you are called
    pub name: String,
    /// The assisted member whose name it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What may be done. Without a purpose, what is recorded is listed.
#[derive(Debug, Args)]
pub struct Permission {
    /// What it is for; leave it out to list what is recorded
    #[arg(requires = "answer")]
    pub purpose: Option<String>,
    /// Whether it may be done
    #[arg(value_parser = PossibleValuesParser::new(["yes", "no"]).map(|word| word == "yes"))]
    pub answer: Option<bool>,
    /// The assisted member whose permission it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// Which text.
#[derive(Debug, Args)]
pub struct EraseText {
    /// The entry, by the start of its id
    #[arg(value_name = "ID")]
    pub id: String,
}
