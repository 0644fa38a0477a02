//! Members, devices, names and permissions.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::{Asking, Behalf, Listen};

/// `copact member …`
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// List the members, also the departed, and who has voice
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
    /// Ask the group to give a member voice
    ///
    /// Their yes and no then count in common decisions. It takes more than half of the voices, and
    /// starts once more than half have seen it. If it is asked already, this answers yes.
    #[command(after_help = examples!("copact member voice Ben"))]
    Voice(AboutMember),
    /// Ask the group to remove a member
    ///
    /// It takes more than half of the voices, and at least two. What they wrote and you know of
    /// stays; what they write later is kept and shown, and does not count. If it is asked already,
    /// this answers yes.
    #[command(after_help = examples!(
        "copact member remove Mallory --reason \"Took money from the till\"",
    ))]
    Remove(AboutMember),
    /// Ask the group who can move you to a new phone
    ///
    /// If yours is lost, so many of them do it without asking everybody. Name people who are not
    /// easily lost together.
    #[command(after_help = examples!(
        "copact member trustees Ben Cem Eva --need 2",
        "copact member trustees Ann Ben --need 2 --of Cem",
    ))]
    Trustees(NameTrustees),
    /// Ask the group to move a member to a new phone
    ///
    /// It ends their devices so far as lost: what these write later does not count. It takes more
    /// than half of the voices, or as many of the member's trustees as were said. With files:
    /// `copact invite --recover M` makes a ticket, `copact join TICKET --request FILE` on the new
    /// phone a request, and this, with that file, asks the group. Others answer it, or run it
    /// without the file.
    #[command(after_help = examples!(
        "copact member recover Mia --request mia.req",
        "copact member recover Mia --reason \"Her phone was stolen\"",
        "copact member recover Dora --request dora.req --for Dora",
    ))]
    Recover(RecoverMember),
    /// Ask the group to let somebody else sign for an assisted member
    #[command(after_help = examples!("copact member helper Dora --to Cem"))]
    Helper(ChangeHelper),
    /// Ask the group to count two members as the one person they are
    ///
    /// They count once, and go on under the name and role of the second. If both of them say yes,
    /// that is enough.
    #[command(after_help = examples!("copact member merge \"Ben (old phone)\" Ben"))]
    Merge(MergeMembers),
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

/// Whom it is about.
#[derive(Debug, Args)]
pub struct AboutMember {
    /// The member
    #[arg(value_name = "MEMBER")]
    pub about: String,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// Who is trusted.
#[derive(Debug, Args)]
pub struct NameTrustees {
    /// Two or more members
    #[arg(value_name = "MEMBER", required = true)]
    pub members: Vec<String>,
    /// How many of them it takes, at least 2
    #[arg(long, value_name = "NUMBER")]
    pub need: u8,
    /// The member whom they can move; you, unless told otherwise
    #[arg(long, value_name = "MEMBER")]
    pub of: Option<String>,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// Who is moved.
#[derive(Debug, Args)]
pub struct RecoverMember {
    /// The member
    #[arg(value_name = "MEMBER")]
    pub about: String,
    /// The request that the new device wrote
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// Who helps from now on.
#[derive(Debug, Args)]
pub struct ChangeHelper {
    /// The assisted member
    #[arg(value_name = "MEMBER")]
    pub about: String,
    /// Who signs for them from now on
    #[arg(long, value_name = "MEMBER")]
    pub to: String,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// Who is one person.
#[derive(Debug, Args)]
pub struct MergeMembers {
    /// The one who goes on as the other
    #[arg(value_name = "MEMBER")]
    pub about: String,
    /// The other, whose name and role stay
    pub into: String,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
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
    /// Wait until the device asks over the network, also where there is no terminal to ask at
    #[arg(long, conflicts_with = "request")]
    pub wait: bool,
    /// Where to be reached over the network
    #[command(flatten)]
    pub listen: Listen,
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
