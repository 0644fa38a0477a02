//! Common decisions.

use clap::{Args, Subcommand};
use copact_core::proposal::AnswerWord;

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
}
