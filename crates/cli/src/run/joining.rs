//! Coming in: `copact join`, over the network or by a file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use copact_node::founding::{self, Asked};
use copact_node::group::Held;
use copact_node::home::Home;
use copact_node::peers::{Arrived, Entry, Happened, Options, Peers};
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::{Done, Session, network};
use crate::args::Join;
use crate::failure::Failure;
use crate::output::{Output, Page, faint, good, plain, strong};

/// How long it may take to get the group after this device was let in, with nothing happening.
const SILENCE: Duration = Duration::from_secs(60);
/// How long members have to bring in a device that was let in before, when its inviter is away.
const AGAIN: Duration = Duration::from_secs(5);
/// What comes after everybody has gone, comes another time.
const GONE: Duration = Duration::from_secs(2);
/// All has come if nothing happens for that long.
const QUIET: Duration = Duration::from_millis(400);

const BEFORE: &str = "Before you join: the others keep copies of what is shared. Your name and free texts can be \
     erased later, but copies elsewhere may survive; what you write into the contract stays in its \
     history. When the group decides to share a sealed report, it has rows under the group’s own \
     device keys, without names.\n";

pub(super) fn join(session: Session, join: &Join) -> Done {
    match &join.request {
        Some(to) => by_file(session, join, to),
        None => over_the_network(session, join),
    }
}

fn by_file(session: Session, join: &Join, to: &Path) -> Done {
    let name = join.as_name.as_deref();
    let ticket = ticket_of(join)?;
    session.output.note(BEFORE);
    let asked = match &join.found {
        Some(group) => founding::ask_to_found(
            &session.home,
            group,
            name.unwrap_or_default(),
            join.role.as_deref(),
            to,
        )?,
        None => founding::ask_to_join(&session.home, &ticket, name, join.role.as_deref(), to)?,
    };
    let founding = join.found.is_some();
    session.output.show(&asked, |page| asked_page(page, &asked, founding))
}

/// The ticket that was typed, or that is in the file of that name.
fn ticket_of(join: &Join) -> Result<String, Failure> {
    let typed = join.ticket.as_deref().unwrap_or_default();
    if Path::new(typed).is_file() {
        return Ok(founding::ticket_in(Path::new(typed))?);
    }
    Ok(typed.to_owned())
}

fn asked_page(page: &mut Page, asked: &Asked, founding: bool) {
    let group = asked.group_name.as_deref().unwrap_or("the group");
    page.line([good(format_args!("Your request is in {}.", asked.request.display()))]);
    page.blank();
    page.line([plain("Your phrase:  "), strong(&asked.phrase)]);
    page.line([faint(format_args!(
        "This device:  {}",
        super::decisions::in_fours(&asked.device.to_string())
    ))]);
    page.blank();
    if founding {
        page.line([plain(format_args!("Next: hand the file to whoever founds {group}."))]);
    } else {
        page.line([plain(format_args!("Next: hand the file to whoever invited you to {group},"))]);
        page.line(["and read your phrase to each other: theirs must be the same."]);
    }
    page.line(["Then take in the bundle that they give you back:"]);
    page.line([faint("  copact bundle import FILE")]);
}

fn over_the_network(session: Session, join: &Join) -> Done {
    let ticket = ticket_of(join)?;
    let options = network::options(&join.listen, true)?;
    let (name, role) = (join.as_name.as_deref(), join.role.as_deref());
    let entry = Entry::begin(&session.home, &ticket, name, role)?;
    session.output.note(BEFORE);
    let home = session.home.clone().holding(Held::default());
    let mut joining = Joining::begin(&home, options, &entry)?;
    joining.run(&session.output)?;
    let Some(name) = joining.entered.clone() else { return Err(not_even()) };
    let group = home.open(Some(&entry.group.to_string()))?;
    let document = json!({
        "group": entry.group,
        "name": name,
        "code": joining.code,
        "member": group.me().ok().map(|(_, member)| member),
        "envelopes": group.ledger().len(),
    });
    session.output.show(&document, |page| {
        page.line([good(format_args!("You are in “{name}”."))]);
        page.line([plain("Look around: "), faint("copact status")]);
        page.line([plain("Stay in touch with the others: "), faint("copact sync --watch")]);
    })
}

fn not_even() -> Failure {
    Failure::failed("not_complete", "you are let in, but the group has not come yet")
        .hint("stay near a device of the group, and run the same command again")
}

/// One request to join, from the asking to the group.
struct Joining<'a> {
    home: &'a Home,
    peers: Peers,
    arrived: Receiver<Arrived>,
    code: Option<String>,
    let_in: bool,
    /// Why not, and when that was said.
    refused: Option<(String, Instant)>,
    entered: Option<String>,
    changed: Instant,
    /// Set by Ctrl-C.
    broken_off: Arc<AtomicBool>,
}

impl<'a> Joining<'a> {
    fn begin(home: &'a Home, options: Options, entry: &Entry) -> Result<Self, Failure> {
        let (tell, arrived) = channel();
        let options = Options { only: Some(entry.group), ..options };
        let mut peers = Peers::start(home, options, move |one| {
            // Whoever stopped waiting is told nothing.
            drop(tell.send(one));
        })?;
        peers.ask(entry)?;
        let broken_off = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&broken_off)).map_err(|error| {
                Failure::failed("no_signals", format_args!("Ctrl-C cannot be watched: {error}"))
            })?;
        }
        Ok(Self {
            home,
            peers,
            arrived,
            code: None,
            let_in: false,
            refused: None,
            entered: None,
            changed: Instant::now(),
            broken_off,
        })
    }

    fn run(&mut self, output: &Output) -> Result<(), Failure> {
        while !self.is_over()? {
            let wait = self.peers.next_tick().min(Duration::from_millis(100));
            match self.arrived.recv_timeout(wait) {
                Ok(first) => {
                    let batch: Vec<Arrived> =
                        std::iter::once(first).chain(self.arrived.try_iter().take(256)).collect();
                    self.peers.handle(self.home, batch);
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if self.peers.next_tick().is_zero() {
                self.peers.tick(self.home);
            }
            for happened in self.peers.happened() {
                self.changed = Instant::now();
                self.note(happened, output);
            }
        }
        Ok(())
    }

    fn note(&mut self, happened: Happened, output: &Output) {
        match happened {
            Happened::Code { code } => {
                output.note(&format!(
                    "Your code: {code}\nIf whoever invited you sees the same, they can let you in."
                ));
                self.code = Some(code);
            }
            Happened::LetIn => {
                output.note("You are let in; the group is on its way.");
                self.let_in = true;
            }
            Happened::NotLetIn { why } => self.refused = Some((why, Instant::now())),
            Happened::Entered { name, .. } => self.entered = Some(name),
            Happened::Note { line } => output.note(&line),
            _ => {}
        }
    }

    fn is_over(&self) -> Result<bool, Failure> {
        if self.broken_off.load(Ordering::Relaxed) {
            return Err(Failure::failed("broken_off", "you broke off before the group had come")
                .hint(if self.let_in || self.entered.is_some() {
                    "you are let in: the same command, or `copact sync`, fetches the rest"
                } else if self.code.is_some() {
                    "whoever invited you sees that you are gone; ask them for a new ticket"
                } else {
                    "the same command tries again"
                }));
        }
        let progress = self.peers.progress();
        if self.entered.is_some() {
            let quiet = self.changed.elapsed();
            let even = progress.found > 0 && progress.up_to_date == progress.found;
            // Whoever let this device in may go as soon as it has all that they have.
            return Ok((even && quiet >= QUIET)
                || (progress.connected == 0 && quiet >= GONE)
                || quiet >= SILENCE);
        }
        match &self.refused {
            // A member may know that this device was let in before it was cut off.
            Some((why, since)) if since.elapsed() >= AGAIN || self.code.is_some() => {
                Err(self.refusal(why))
            }
            None if self.let_in && self.changed.elapsed() >= SILENCE => Err(not_even()),
            _ => Ok(false),
        }
    }

    fn refusal(&self, why: &str) -> Failure {
        let (what, next) =
            why.split_once("; ").map_or((why, None), |(what, next)| (what, Some(next)));
        if self.code.is_some() {
            return Failure::failed("not_let_in", format_args!("you were not let in: {what}"))
                .hint(next.unwrap_or("ask whoever invited you, and for a new ticket"));
        }
        let failure = Failure::failed("not_answered", format_args!("nobody lets you in: {what}"));
        let files =
            "or, if nobody came in with this ticket yet, join by file: add `--request FILE`";
        failure.hint(match next {
            Some(next) => format!("{next}; {files}"),
            None => format!(
                "be on the same Wi-Fi or hotspot as whoever invited you, while their `copact \
                 invite` or `copact sync --watch` runs; {files}"
            ),
        })
    }
}
