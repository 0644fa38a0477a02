//! Common decisions.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use copact_core::proposal::AnswerWord;
use copact_node::decisions::Ask;

use super::{Behalf, one_of};

/// What is asked for.
#[derive(Debug, Args)]
pub struct Propose {
    /// What the group is to decide, in words
    pub text: String,
    /// The last day to answer; 30 days from now unless told otherwise
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub closes: Option<String>,
    /// The assisted member whose idea it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// How the group is asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "How the group is asked")]
pub struct Asking {
    /// Why, for those who answer
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The last day to answer; 30 days from now unless told otherwise
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub closes: Option<String>,
    /// The assisted member whose yes it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

impl Asking {
    /// For the node.
    #[must_use]
    pub fn ask(&self) -> Ask<'_> {
        Ask {
            reason: self.reason.as_deref(),
            closes: self.closes.as_deref(),
            behalf: self.behalf.member.as_deref(),
        }
    }
}

/// What is answered.
#[derive(Debug, Args)]
pub struct AnswerProposal {
    /// The proposal, by the start of its id
    pub proposal: String,
    /// Your answer
    #[arg(value_parser = one_of(
        [AnswerWord::Yes, AnswerWord::No, AnswerWord::Abstain],
        AnswerWord::word,
    ))]
    pub answer: AnswerWord,
    /// The assisted member who answers.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// `copact set-aside …`
#[derive(Debug, Subcommand)]
pub enum SetAsideCommand {
    /// List what is set aside, and why
    #[command(after_help = examples!("copact set-aside list"))]
    List,
    /// Ask the group to count some of it again
    ///
    /// What a removal or a lost device set aside counts again once more than half of the voices say
    /// yes. If that is asked already, this answers yes.
    #[command(after_help = examples!(
        "copact set-aside restore 5d0e 7b1c --reason \"She was there\"",
        "copact set-aside restore --of Mallory",
    ))]
    Restore(RestoreAside),
}

/// What is to count again.
#[derive(Debug, Args)]
pub struct RestoreAside {
    /// Entries, acts or changes, by the start of their ids
    #[arg(value_name = "ID", required_unless_present = "of")]
    pub ids: Vec<String>,
    /// All of this member that a decision set aside
    #[arg(long, value_name = "MEMBER")]
    pub of: Option<String>,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// What is settled.
#[derive(Debug, Args)]
pub struct Settle {
    /// The contribution, by the start of its id
    pub entry: String,
    /// Whether it counts
    #[arg(
        action = clap::ArgAction::Set,
        value_parser = PossibleValuesParser::new(["counts", "does-not"]).map(|word| word == "counts")
    )]
    pub verdict: bool,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// `copact policy …`
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Ask for another share of the voices
    ///
    /// It is what adopting a contract, closing a quarter and sharing a report take: 2/3 unless the
    /// group decides otherwise, and always more than half. Changing it takes the share that holds
    /// until then.
    #[command(after_help = examples!("copact policy set --share 3/4"))]
    Set(SetPolicy),
}

/// Which share.
#[derive(Debug, Args)]
pub struct SetPolicy {
    /// A fraction from 1/2 to 4/5
    #[arg(long, value_name = "SHARE")]
    pub share: String,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}

/// `copact quarter …`
#[derive(Debug, Subcommand)]
pub enum QuarterCommand {
    /// List the quarters of the log, and which are closed
    #[command(after_help = examples!("copact quarter list", "copact quarter list --json"))]
    List,
    /// Ask the group to close a quarter
    ///
    /// What this device does not know of it then comes late: it is shown, and not counted. So take
    /// in everybody's bundles first. If it is asked already, this answers yes.
    #[command(after_help = examples!("copact quarter close 2026-Q1"))]
    Close(CloseQuarter),
}

/// Which quarter.
#[derive(Debug, Args)]
pub struct CloseQuarter {
    /// The quarter, as 2026-Q1
    pub quarter: String,
    /// How the group is asked.
    #[command(flatten)]
    pub asking: Asking,
}
