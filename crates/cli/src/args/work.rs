//! Work, what others say about it, and other entries.

use clap::{ArgGroup, Args, Subcommand};
use copact_core::entry::{GoalState, Phase};

use super::meeting::people;
use super::{Behalf, one_of};

/// What was done.
#[derive(Debug, Args)]
pub struct Contribute {
    /// What was done
    pub text: String,
    /// How long it took, e.g. 1.5; at most 24
    #[arg(long, allow_hyphen_values = true)]
    pub hours: String,
    /// Whom it was for: a member, `group` or `outside`; the group unless told otherwise
    #[arg(long = "for", value_name = "MEMBER|group|outside", default_value = "group")]
    #[arg(hide_default_value = true)]
    pub beneficiary: String,
    /// Whose work it was, when you write it down for somebody, who may refuse it
    #[arg(long, value_name = "MEMBER")]
    pub by: Option<String>,
    /// What it was part of: a meeting, a goal or a task
    #[arg(long, value_name = "MEETING|GOAL|TASK")]
    pub on: Option<String>,
    /// Deciding what to do, working out how, doing it, or seeing what came of it
    #[arg(long, value_parser = one_of(Phase::ALL, Phase::word))]
    pub phase: Option<Phase>,
    /// Its day, e.g. 2026-03-01; today unless told otherwise
    #[arg(long, allow_hyphen_values = true)]
    pub day: Option<String>,
}

/// What is confirmed.
#[derive(Debug, Args)]
pub struct Confirm {
    /// The entry, by the start of its id
    pub entry: String,
    /// The assisted member who confirms.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What is disputed.
#[derive(Debug, Args)]
pub struct Dispute {
    /// The entry, by the start of its id
    pub entry: String,
    /// Why it is not true
    #[arg(long)]
    pub reason: String,
    /// The assisted member who disputes it.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What is refused.
#[derive(Debug, Args)]
pub struct Refuse {
    /// The entry about you, by the start of its id
    pub entry: String,
    /// The assisted member whom it is about.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What is corrected.
#[derive(Debug, Args)]
#[command(override_usage = "copact correct <ENTRY> --reason <REASON> <--WHAT IS>...")]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args(
    ["text", "hours", "beneficiary", "on", "phase", "day", "headcount", "same_as"],
))]
pub struct Correct {
    /// The entry, by the start of its id
    pub entry: String,
    /// Why it was wrong
    #[arg(long)]
    pub reason: String,
    /// The right text: a title, what was done, a note or a task
    #[arg(long)]
    pub text: Option<String>,
    /// How long it really took, e.g. 1.5; at most 24
    #[arg(long, allow_hyphen_values = true)]
    pub hours: Option<String>,
    /// Whom it really was for
    #[arg(long = "for", value_name = "MEMBER|group|outside")]
    pub beneficiary: Option<String>,
    /// What it really was part of
    #[arg(long, value_name = "MEETING|GOAL|TASK")]
    pub on: Option<String>,
    /// The right phase
    #[arg(long, value_parser = one_of(Phase::ALL, Phase::word))]
    pub phase: Option<Phase>,
    /// The right day, e.g. 2026-03-01
    #[arg(long, allow_hyphen_values = true)]
    pub day: Option<String>,
    /// How many people there really were
    #[arg(long, value_name = "PEOPLE", allow_hyphen_values = true, value_parser = people)]
    pub headcount: Option<u32>,
    /// It is the same as this entry, which stands
    #[arg(long, value_name = "ENTRY", conflicts_with_all = [
        "text", "hours", "beneficiary", "on", "phase", "day", "headcount",
    ])]
    pub same_as: Option<String>,
}

/// `copact task …`
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// Write down a task
    #[command(after_help = examples!("copact task new \"Find a plumber\""))]
    New(WriteTask),
    /// List the tasks, with the work done on each
    #[command(after_help = examples!("copact task list"))]
    List,
}

/// What is to be done.
#[derive(Debug, Args)]
pub struct WriteTask {
    /// What is to be done
    pub text: String,
    /// The assisted member whose task it is.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// `copact goal …`
#[derive(Debug, Subcommand)]
pub enum GoalCommand {
    /// List the contract's goals
    #[command(after_help = examples!("copact goal list"))]
    List,
    /// Say that a goal is open, done or dropped
    #[command(after_help = examples!("copact goal state \"A warm hall\" done"))]
    State(SetGoalState),
}

/// Which goal, and where it stands.
#[derive(Debug, Args)]
pub struct SetGoalState {
    /// The goal: its text, or the start of its id
    pub goal: String,
    /// Where it stands
    #[arg(value_parser = one_of(GoalState::ALL, GoalState::word))]
    pub state: GoalState,
    /// The assisted member who says so.
    #[command(flatten)]
    pub behalf: Behalf,
}

/// What is noted.
#[derive(Debug, Args)]
pub struct Note {
    /// What everybody in the group may read
    pub text: String,
    /// The assisted member whose note it is.
    #[command(flatten)]
    pub behalf: Behalf,
}
