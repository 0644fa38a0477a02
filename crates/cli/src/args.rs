//! Every command and flag. Names are a contract with scripts; all of it may be extended, none of
//! it renamed.
//!
//! Members, meetings and entries are named by id, unique start of an id, or unique name; days and
//! hours stay text here. The node reads both, with sentences of its own.

/// The end of a command's help. Bold as the other headings are.
macro_rules! examples {
    ($($line:literal),+ $(,)?) => {
        concat!("\u{1b}[1mExamples:\u{1b}[0m", $("\n  ", $line),+)
    };
}

mod contract;
mod decide;
mod evidence;
mod group;
mod ledger;
mod meeting;
mod network;
mod overview;
mod people;
mod work;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

pub use contract::{
    BlameContract, ContractCommand, DiffContract, EditContract, ImportContract, RatifyContract,
    SetSection, ShowContract,
};
pub use decide::{
    AnswerProposal, Asking, CloseQuarter, PolicyCommand, Propose, QuarterCommand, RestoreAside,
    SetAsideCommand, SetPolicy, Settle,
};
pub use evidence::{
    AddAnchor, AnchorCommand, CheckRules, Credential, Evidence, ReportCommand, RequestAnchor,
    RulesCommand, ShowRules, SignAnchor, SignReport, Verify,
};
pub use group::{Admit, ContinueGroup, GroupCommand, Invite, Join, NewGroup, ShowGroup};
pub use ledger::{
    BundleCommand, Doctor, ExportBundle, ImportAttendance, ImportBundle, ImportCommand,
};
pub use meeting::{Attest, MeetingCommand, Minutes, NamedMeeting, NewMeeting, SameMeeting, Tap};
pub use network::{Listen, SyncDevices};
pub use overview::command;
pub use people::{
    AboutMember, AddDevice, AssistMember, ChangeHelper, DeviceCommand, EraseText, MemberCommand,
    MergeMembers, NameTrustees, Permission, ProfileCommand, RecoverMember, SayRole, SetProfile,
};
pub use work::{
    Confirm, Contribute, Correct, Dispute, GoalCommand, Note, Refuse, SetGoalState, TaskCommand,
    WriteTask,
};

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "copact",
    version,
    about = "Keep a group's contract, its meetings and its work: signed, shared, offline.",
    after_help = "`copact COMMAND --help` explains a command, with examples."
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "For every command")]
pub struct Global {
    /// Keep data in this folder, not where COPACT_HOME says or programs keep theirs
    #[arg(long, global = true, env = "COPACT_HOME", value_name = "DIR", hide_env = true)]
    pub home: Option<PathBuf>,
    /// Print one JSON document, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    /// Take this for the present moment, e.g. 2026-03-01T18:30:00+01:00
    #[arg(long, global = true, value_name = "RFC3339", allow_hyphen_values = true)]
    pub now: Option<String>,
    /// The group that is meant, when this device has several
    #[arg(long, global = true, value_name = "NAME|ID")]
    pub group: Option<String>,
    /// Answer yes to whatever would be asked
    #[arg(long, global = true)]
    pub yes: bool,
}

/// For whom something is recorded.
#[derive(Clone, Debug, Args)]
pub struct Behalf {
    /// Record it for this assisted member, whose helper you are
    #[arg(long = "for", value_name = "MEMBER")]
    pub member: Option<String>,
}

/// Where the demo goes.
#[derive(Debug, Args)]
pub struct Demo {
    /// A new folder for it; a temporary one unless told otherwise
    pub folder: Option<PathBuf>,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try copact in a made-up group
    ///
    /// Makes a made-up group in a folder of its own, with members, a contract, meetings and work,
    /// and says where it is and what to try in it. Your own groups are not touched.
    #[command(after_help = examples!("copact demo", "copact demo my-demo"))]
    Demo(Demo),
    /// Found a group, list and show groups
    #[command(subcommand, after_help = examples!(
        "copact group new \"Green Lane\" --as Ann",
        "copact group list",
    ))]
    Group(GroupCommand),
    /// Make a ticket with which somebody can join
    ///
    /// At a terminal it shows the ticket as a QR code and waits: whoever joins with it over the
    /// network shows the same short code as you, and comes in once you say so. Ctrl-C ends the
    /// waiting; the ticket stays good for a week, by file and while `copact sync --watch` runs.
    #[command(after_help = examples!(
        "copact invite",
        "copact invite --qr ticket.png",
        "copact invite -o ticket.txt",
        "copact invite --recover Mia -o ticket.txt",
        "copact invite -o ticket.txt --wait --yes",
    ))]
    Invite(Invite),
    /// Join a group with a ticket, or ask to found one together
    ///
    /// Over the network it shows a short code, which whoever invited you must see on their screen,
    /// too. Where there is no network, `--request` writes a file to hand over.
    #[command(after_help = examples!(
        "copact join ticket.txt --as Ben",
        "copact join ticket.txt --as Ben --request ben.req",
        "copact join --found \"Green Lane\" --as Ben --role citizen --request ben.req",
    ))]
    Join(Join),
    /// Let in somebody who asks to join
    ///
    /// It also asks the group to give them voice, and says yes to that for you.
    #[command(after_help = examples!("copact admit ben.req", "copact admit 123456"))]
    Admit(Admit),

    /// Write, compare and sign the group's contract
    #[command(subcommand, after_help = examples!(
        "copact contract import contract.md",
        "copact contract show",
        "copact contract ratify",
    ))]
    Contract(ContractCommand),
    /// Ask the group for a decision
    #[command(after_help = examples!(
        "copact propose \"We meet on Tuesdays\" --closes 2026-04-30",
    ))]
    Propose(Propose),
    /// List what is being decided, and what was
    #[command(after_help = examples!("copact proposals", "copact proposals --json"))]
    Proposals,
    /// Say yes or no to a proposal, or abstain
    #[command(after_help = examples!(
        "copact answer 3f2a yes",
        "copact answer 3f2a no --for Dora",
    ))]
    Answer(AnswerProposal),
    /// Ask the group whether disputed work counts
    ///
    /// It takes more than half of the voices. If it is asked already, this answers yes.
    #[command(after_help = examples!(
        "copact settle 5d0e counts",
        "copact settle 5d0e does-not --reason \"Nobody saw it\"",
    ))]
    Settle(Settle),
    /// Ask the group to decide with another share of its voices
    #[command(subcommand, after_help = examples!("copact policy set --share 3/4"))]
    Policy(PolicyCommand),
    /// List the quarters of the log, and close one
    #[command(subcommand, after_help = examples!(
        "copact quarter list",
        "copact quarter close 2026-Q1",
    ))]
    Quarter(QuarterCommand),

    /// Plan, open, close, list and show meetings
    #[command(subcommand, after_help = examples!(
        "copact meeting new \"Spring meeting\" --day 2026-03-01",
        "copact meeting open \"Spring meeting\"",
        "copact meeting list",
    ))]
    Meeting(MeetingCommand),
    /// Show this device's code for others to scan at a meeting
    ///
    /// Shows the present code as text and as a QR code. It changes every 30 seconds; whoever taps
    /// in with it was seen by this device.
    #[command(after_help = examples!("copact presence \"Spring meeting\""))]
    Presence(NamedMeeting),
    /// Record that you are at a meeting
    #[command(after_help = examples!(
        "copact tap",
        "copact tap --for Dora",
        "copact tap --code copact:here/AEBAG...",
    ))]
    Tap(Tap),
    /// Sign that entries of others are true
    #[command(after_help = examples!("copact attest 7b1c 90aa"))]
    Attest(Attest),
    /// Show or write a meeting's minutes
    #[command(after_help = examples!(
        "copact minutes \"Spring meeting\"",
        "copact minutes \"Spring meeting\" --file minutes.md",
    ))]
    Minutes(Minutes),

    /// Record work that was done
    #[command(after_help = examples!(
        "copact contribute \"Painted the hall\" --hours 2.5",
        "copact contribute \"Drove Cem to the clinic\" --hours 1 --for Cem",
        "copact contribute \"Planned the garden\" --hours 1.5 --by Dora --phase design",
    ))]
    Contribute(Contribute),
    /// Sign that a contribution of somebody else was done
    #[command(after_help = examples!(
        "copact confirm 5d0e",
        "copact confirm 5d0e --for Dora",
    ))]
    Confirm(Confirm),
    /// Say that an entry is not true
    #[command(after_help = examples!(
        "copact dispute 5d0e --reason \"It took one hour, not ten\"",
    ))]
    Dispute(Dispute),
    /// Refuse an entry that is about you
    #[command(after_help = examples!("copact refuse 7b1c"))]
    Refuse(Refuse),
    /// Correct an entry of yours with a new one
    #[command(after_help = examples!(
        "copact correct 5d0e --hours 1.5 --reason \"I counted the break\"",
        "copact correct 5d0e --same-as 90aa --reason \"Recorded twice\"",
    ))]
    Correct(Correct),
    /// Write down and list tasks
    #[command(subcommand, after_help = examples!(
        "copact task new \"Find a plumber\"",
        "copact task list",
    ))]
    Task(TaskCommand),
    /// List the contract's goals, and say where they stand
    #[command(subcommand, after_help = examples!(
        "copact goal list",
        "copact goal state \"A warm hall\" done",
    ))]
    Goal(GoalCommand),
    /// Write something into the log
    #[command(after_help = examples!(
        "copact note \"The council promised an answer by May\"",
    ))]
    Note(Note),

    /// Show what the log is evidence of, and write reports
    ///
    /// Is this group co-producing? Answered clause by clause from what its members wrote, signed
    /// and did, by published rules, with all indicators beside it.
    #[command(after_help = examples!(
        "copact evidence",
        "copact evidence --from 2026-01-01 --to 2026-03-31 --html spring.html",
        "copact evidence --window 365d --csv tables",
        "copact evidence --sealed spring.report",
        "copact evidence --all reports --from 2026-01-01 --to 2026-12-31",
    ))]
    Evidence(Box<Evidence>),
    /// Check a report that a group gave you
    ///
    /// Needs no group, no key and no network. Says PASS, and what stays unproven; or FAIL, and the
    /// first thing that is wrong.
    #[command(after_help = examples!("copact verify spring.report"))]
    Verify(Verify),
    /// Sign a report of your group
    #[command(subcommand, after_help = examples!("copact report sign spring.report"))]
    Report(ReportCommand),
    /// Make a credential of what a member did: attendance and hours
    ///
    /// A W3C Verifiable Credential, for the member to show. `copact verify` and other programs
    /// check it without the group.
    #[command(after_help = examples!(
        "copact credential -o mine.json",
        "copact credential Dora --from 2026-01-01 --to 2026-03-31 -o dora.json",
    ))]
    Credential(Credential),
    /// Have outsiders sign what there is, to bound its dates
    #[command(subcommand, after_help = examples!(
        "copact anchor request for-the-library.txt",
        "copact anchor sign for-the-library.txt -o signed.txt --people 7",
        "copact anchor add signed.txt",
    ))]
    Anchor(AnchorCommand),
    /// Show the rules by which evidence is judged, and check your own
    #[command(subcommand, after_help = examples!(
        "copact rules show",
        "copact rules show --source",
        "copact rules check our-rules.toml",
    ))]
    Rules(RulesCommand),

    /// List members, give voice, remove, recover a lost phone, leave
    #[command(subcommand, after_help = examples!(
        "copact member list",
        "copact member voice Ben",
        "copact member assist Dora --role citizen",
    ))]
    Member(MemberCommand),
    /// List your devices, and add one
    #[command(subcommand, after_help = examples!("copact device list", "copact device add"))]
    Device(DeviceCommand),
    /// Set or erase the name that others see
    #[command(subcommand, after_help = examples!(
        "copact profile set \"Ann Archer\"",
        "copact profile erase",
    ))]
    Profile(ProfileCommand),
    /// Say what may be done with records about you
    #[command(after_help = examples!(
        "copact permission",
        "copact permission \"show my name in the report\" yes",
    ))]
    Permission(Permission),
    /// Erase the free text of an entry
    #[command(after_help = examples!("copact erase 5d0e"))]
    Erase(EraseText),

    /// Show how the group stands on this device
    #[command(after_help = examples!("copact status", "copact status --group \"Green Lane\""))]
    Status,
    /// List all entries
    #[command(after_help = examples!("copact log", "copact log --json"))]
    Log,
    /// List what is kept but not counted, and count it again
    #[command(subcommand, after_help = examples!(
        "copact set-aside list",
        "copact set-aside restore --of Mallory",
    ))]
    SetAside(SetAsideCommand),
    /// Check every hash and signature on this device
    #[command(after_help = examples!("copact doctor", "copact doctor --repair"))]
    Doctor(Doctor),
    /// Hold this home open, so that other commands are quick
    ///
    /// Reads the groups once and keeps them in memory. While it runs, other commands on this
    /// computer act through it and say what they would have said alone. Ctrl-C ends it.
    #[command(after_help = examples!("copact serve"))]
    Serve,

    /// Sync with the group's other devices over the network
    ///
    /// Finds them on the same Wi-Fi or hotspot, without internet, and goes on until all have the
    /// same. With --watch it stays: whatever is written here or there shows on the others at once.
    #[command(after_help = examples!(
        "copact sync",
        "copact sync --watch",
        "copact sync --with \"$(cat address.txt)\"",
    ))]
    Sync(SyncDevices),
    /// List the devices that `copact sync --watch` has met
    #[command(after_help = examples!("copact peers", "copact peers --json"))]
    Peers,
    /// Carry the group to another device as a file
    #[command(subcommand, after_help = examples!(
        "copact bundle export green-lane.copact",
        "copact bundle import green-lane.copact",
    ))]
    Bundle(BundleCommand),
    /// Take over lists from before copact
    #[command(subcommand, after_help = examples!("copact import attendance 2025.csv"))]
    Import(ImportCommand),
}

/// Reads one of a fixed set of words.
fn one_of<T: Copy + Send + Sync + 'static>(
    all: impl IntoIterator<Item = T>,
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let all: Vec<T> = all.into_iter().collect();
    let words: Vec<&'static str> = all.iter().map(|one| word(*one)).collect();
    PossibleValuesParser::new(words).try_map(move |typed| {
        // The list before lets nothing else through.
        all.iter().copied().find(|one| word(*one) == typed).ok_or("not one of the words")
    })
}
