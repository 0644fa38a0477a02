//! The commands: each opens what it needs, lets the node do the work, and shows what came of it.

mod admitting;
mod anchors;
mod aside;
mod authorship;
mod contract;
mod decisions;
mod demo;
mod differences;
mod doctor;
mod edit;
mod evidence;
mod files;
mod groups;
mod holding;
mod inviting;
mod joining;
mod log;
mod meetings;
mod members;
mod network;
mod overview;
mod peers;
mod people;
mod quarters;
mod rules;
mod sentence;
#[cfg(unix)]
mod syncing;
mod verifying;
#[cfg(not(unix))]
mod syncing {
    use super::{Done, Session};
    use crate::args::SyncDevices;
    use crate::failure::Failure;

    pub(super) fn sync(_: Session, _: &SyncDevices) -> Done {
        Err(Failure::failed(
            "no_socket",
            "this system has no sockets that copact could hold a home by",
        )
        .hint("carry a file to the other device: copact bundle export FILE"))
    }
}
mod work;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::rc::Rc;

use copact_core::day::Day;
use copact_core::ids::MemberId;
use copact_node::group::{Group, OpenGroup};
use copact_node::home::{Clock, Home};
use copact_node::peers::Peers;
use serde::Serialize;

use crate::args::{Cli, Command, Global};
use crate::clock::{self, Running};
use crate::failure::Failure;
use crate::home;
use crate::output::{Asker, Console, Output, faint, good, short};

type Done = Result<(), Failure>;

/// What a command works with.
struct Session {
    home: Home,
    output: Output,
    asker: Asker,
    named: Option<String>,
    /// The peers of a home that is held by a process on the network.
    live: Option<Live>,
    /// The moment was given with `--now`.
    claimed: bool,
    yes: bool,
}

/// The peers of a home that is held: one thing after another uses them.
pub(crate) type Live = Rc<RefCell<Peers>>;

/// Does what was typed.
///
/// # Errors
/// Whatever the command says; nothing was changed then, unless it says so.
pub fn dispatch(cli: Cli, console: &Console) -> Done {
    let clock::Clock { seconds, day } = clock::Clock::read(cli.global.now.as_deref())?;
    let folder = home::home(cli.global.home.as_deref())?;
    let state = home::state(&folder);
    dispatch_in(cli, console, Home::new(folder, state, Clock { seconds, day }), None)
}

/// Does what was typed in a home, whose peers are `live` if it is held by a process on the network.
///
/// # Errors
/// As [`dispatch`].
pub fn dispatch_in(cli: Cli, console: &Console, home: Home, live: Option<&Live>) -> Done {
    let session = Session::new(&cli.global, console, home, live.cloned());
    match cli.command {
        Command::Demo(demo) => demo::run(session, &demo),
        Command::Group(command) => groups::run(session, command),
        Command::Invite(invite) => inviting::invite(session, &invite),
        Command::Join(join) => joining::join(session, &join),
        Command::Admit(admit) => admitting::admit(session, &admit.whom),
        Command::Contract(command) => contract::run(session, command),
        Command::Propose(propose) => decisions::propose(session, &propose),
        Command::Proposals => decisions::proposals(session),
        Command::Answer(answer) => decisions::answer(session, &answer),
        Command::Settle(settle) => decisions::settle(session, &settle),
        Command::Policy(command) => decisions::policy(session, command),
        Command::Quarter(command) => quarters::run(session, command),
        Command::Evidence(typed) => evidence::run(session, &typed),
        Command::Verify(typed) => verifying::verify(session, &typed.file),
        Command::Report(command) => evidence::report(session, command),
        Command::Rules(command) => rules::run(session, command),
        Command::Credential(typed) => evidence::credential(session, &typed),
        Command::Anchor(command) => anchors::run(session, command),
        Command::Meeting(command) => meetings::run(session, command),
        Command::Presence(meeting) => meetings::presence(session, &meeting.meeting),
        Command::Tap(tap) => meetings::tap(session, &tap),
        Command::Attest(attest) => meetings::attest(session, &attest),
        Command::Minutes(minutes) => meetings::minutes(session, &minutes),
        Command::Contribute(work) => work::contribute(session, &work),
        Command::Confirm(confirm) => work::confirm(session, &confirm),
        Command::Dispute(dispute) => work::dispute(session, &dispute),
        Command::Refuse(refuse) => work::refuse(session, &refuse),
        Command::Correct(correct) => work::correct(session, &correct),
        Command::Task(command) => work::task(session, command),
        Command::Goal(command) => work::goal(session, command),
        Command::Note(note) => work::note(session, &note),
        Command::Member(command) => members::run(session, command),
        Command::Device(command) => inviting::device(session, command),
        Command::Profile(command) => people::profile(session, command),
        Command::Permission(permission) => people::permission(session, &permission),
        Command::Erase(erase) => people::erase(session, &erase.id),
        Command::Status => overview::status(session),
        Command::Log => log::run(session),
        Command::SetAside(command) => aside::run(session, command),
        Command::Doctor(asked) => doctor::doctor(session, asked.repair),
        Command::Serve => holding::run(session),
        Command::Sync(sync) => syncing::sync(session, &sync),
        Command::Peers => peers::peers(session),
        Command::Bundle(command) => files::bundle(session, command),
        Command::Import(command) => files::import(session, command),
    }
}

impl Session {
    fn new(global: &Global, console: &Console, home: Home, live: Option<Live>) -> Self {
        Self {
            home,
            output: Output::new(global.json, console.clone()),
            asker: Asker::new(global.yes, console.clone()),
            named: global.group.clone(),
            live,
            claimed: global.now.is_some(),
            yes: global.yes,
        }
    }

    /// A clock that goes on from the moment of this command.
    fn clock(&self) -> Running {
        let Clock { seconds, day } = self.home.clock();
        Running::from(clock::Clock { seconds, day }, self.claimed)
    }

    /// The day this device claims.
    const fn today(&self) -> Day {
        self.home.clock().day
    }

    /// Opens the group that is meant.
    fn open(&self) -> Result<OpenGroup, Failure> {
        self.open_named(self.named.as_deref())
    }

    fn open_named(&self, named: Option<&str>) -> Result<OpenGroup, Failure> {
        let group = self.home.open(named)?;
        self.tell_of_loss(group.lost_commits());
        Ok(group)
    }

    /// Says that an older copy of the data was put back, or its end was damaged.
    fn tell_of_loss(&self, lost: u64) {
        if lost > 0 {
            self.output.note(&format!(
                "Note: the last {lost} things that were stored here are gone; an older copy was \
                 put back, or the file's end is damaged.\nWhat others have already comes back with \
                 their next bundle: copact bundle import FILE"
            ));
        }
    }

    /// Says that what was erased is not out of the files yet.
    fn tell_of_waiting(&self, group: &Group) {
        if group.erasing_waits() {
            self.output.note(
                "Note: it is erased for everybody, but the disk failed or was full before it was \
                 taken out of this device's files.\nThe next command that opens the group does \
                 that; check the disk, then: copact status",
            );
        }
    }

    /// Asks before something that cannot be taken back.
    fn sure(&self, question: &str) -> Done {
        if self.asker.confirm(question)? {
            return Ok(());
        }
        Err(Failure::failed("declined", "nothing was done, because the answer was no"))
    }

    /// Shows that something was written, with the id by which people can name it.
    fn wrote(self, document: &impl Serialize, id: impl Display, sentence: &str) -> Done {
        let id = id.to_string();
        self.output.show(document, |page| {
            page.line([good(sentence), faint(format_args!("  {}", short(&id)))]);
        })
    }
}

/// Everybody's names, to speak of them.
struct Names(BTreeMap<MemberId, String>);

impl Names {
    fn of(group: &Group) -> Self {
        Self(group.names())
    }

    /// The name, or how to tell a member without one from others.
    fn name(&self, member: MemberId) -> String {
        self.0.get(&member).cloned().unwrap_or_else(|| nameless(member))
    }

    fn or_nobody(&self, member: Option<MemberId>) -> String {
        member.map_or_else(|| "somebody".to_owned(), |member| self.name(member))
    }
}

/// What a member is called whose name was erased or has not arrived.
fn nameless(member: MemberId) -> String {
    format!("member {}", short(&member.to_string()))
}

/// A number of things, for [`crate::output::count`].
fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
