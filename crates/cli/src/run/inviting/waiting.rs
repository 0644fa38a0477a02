//! Waiting for whoever uses a ticket.

use std::time::{Duration, Instant};

use copact_node::decisions::Moment;
use copact_node::inviting::{Admitted, Invited, Invitee};
use copact_node::peers::{Asks, Happened};
use serde::Serialize;

use super::{Making, by_file, make, shown};
use crate::failure::Failure;
use crate::output::{Console, faint, plain};
use crate::run::admitting::{LetIn, code_question, let_in};
use crate::run::network;
use crate::run::{Done, Session};
use crate::serve::holder::{Flow, Holding, Watcher};

/// How long whoever was let in has to come for the group.
const COMING: Duration = Duration::from_secs(20);
/// Answers that are neither yes nor no before it is a no.
const TRIES: usize = 3;

/// The one document: the ticket, and who came in with it.
#[derive(Serialize)]
struct Came<'a> {
    #[serde(flatten)]
    invited: &'a Invited,
    #[serde(flatten)]
    let_in: LetIn,
}

pub(super) fn wait(mut session: Session, making: &Making<'_>) -> Done {
    let options = network::options(making.listen, true)?;
    // Refuses what it will refuse before anything is begun.
    drop(session.open()?);
    let mut held = Holding::begin(session.home.clone(), session.clock())?;
    let live = held.meet_peers(options)?;
    session.home = held.home();
    let invited = make(&session, making, Some(&live))?;
    let group = session.open()?;
    let (named, before) = (group.ledger().group().to_string(), group.moment());
    drop(group);
    if !session.output.is_json() {
        let mut page = session.output.page();
        shown(&mut page, making, &invited);
        page.line([plain("There, on the same Wi-Fi or hotspot:")]);
        let name = if making.whom == Invitee::Newcomer { " --as NAME" } else { "" };
        page.line([faint(format_args!("  copact join TICKET{name}"))]);
        page.line([plain("Waiting for that here; Ctrl-C ends it, and the ticket stays good.")]);
        session.output.console().write_page(page.as_str())?;
    }
    let console = session.output.console().clone();
    let mut waits = Waits {
        console,
        yes: session.yes,
        json: session.output.is_json(),
        asking: Vec::new(),
        asked: None,
        tries: 0,
        admitted: None,
    };
    held.work(&mut waits)?;
    if let (None, Some(code)) = (&waits.admitted, &waits.asked) {
        // Ctrl-C instead of an answer: this ticket was tried, and opens to nobody over the network.
        waits.decline(&held, code)?;
    }
    let Some((admitted, code, _)) = waits.admitted else {
        return session.output.show(&invited, |page| {
            page.line([plain("Nobody came. The ticket stays good, also by file.")]);
            by_file(page, making.whom);
        });
    };
    let group = held.home().open(Some(&named))?;
    let came = Came {
        invited: &invited,
        let_in: LetIn { admitted: admitted.clone(), phrase: None, code: Some(code) },
    };
    let before: Moment = before;
    session.output.show(&came, |page| let_in(page, &group, &admitted, &before))
}

struct Waits {
    console: Console,
    yes: bool,
    json: bool,
    /// Those who ask, the one whom the person is asked about first.
    asking: Vec<Asks>,
    asked: Option<String>,
    tries: usize,
    admitted: Option<(Admitted, String, Instant)>,
}

impl Waits {
    fn tell(&self, line: &str) {
        if !self.json {
            self.console.note(line);
        }
    }

    fn question(asks: &Asks) -> String {
        code_question(asks.name.as_deref(), asks.role.as_deref(), &asks.code)
    }

    /// Asks about the first who asks, or lets them in unasked.
    fn go_on(&mut self, held: &Holding) -> Result<(), Failure> {
        if self.asked.is_some() || self.admitted.is_some() {
            return Ok(());
        }
        let Some(asks) = self.asking.first() else { return Ok(()) };
        let (code, question) = (asks.code.clone(), Self::question(asks));
        if self.yes {
            self.tell(&format!("{question} yes (--yes)"));
            return self.admit(held, &code);
        }
        self.asked = Some(code);
        held.ask(&self.console, &format!("{question} [y/N]"));
        Ok(())
    }

    fn admit(&mut self, held: &Holding, code: &str) -> Result<(), Failure> {
        let Some(live) = held.live() else { return Ok(()) };
        let admitted = live.borrow_mut().admit(&held.home(), code)?;
        self.asking.retain(|one| one.code != code);
        self.admitted = Some((admitted, code.to_owned(), Instant::now()));
        Ok(())
    }
}

impl Watcher for Waits {
    fn look(&mut self, held: &Holding, happened: Vec<Happened>) -> Result<Flow, Failure> {
        for one in happened {
            match one {
                Happened::Asks(asks) => self.asking.push(asks),
                Happened::AskedNoMore { code } => {
                    self.asking.retain(|one| one.code != code);
                    self.tell(&format!("Whoever asked with the code {code} broke off. {BY_FILE}"));
                    if self.asked.as_ref() == Some(&code) {
                        // What is typed next answers nothing any more.
                        return Err(Failure::failed(
                            "asked_no_more",
                            "whoever asked broke off before they were answered",
                        )
                        .hint("make a new ticket for them: copact invite"));
                    }
                }
                Happened::Note { line } => self.tell(&line),
                _ => {}
            }
        }
        self.go_on(held)?;
        let Some((.., since)) = &self.admitted else { return Ok(Flow::On) };
        let progress = held.live().map(|live| live.borrow().progress()).unwrap_or_default();
        let came = progress.found > 0 && progress.up_to_date == progress.found;
        Ok(if came || since.elapsed() >= COMING { Flow::End } else { Flow::On })
    }

    fn typed(&mut self, held: &Holding, line: Option<String>) -> Result<Flow, Failure> {
        let Some(code) = self.asked.clone() else { return Ok(Flow::On) };
        let word = line.as_ref().map(|line| line.trim().to_lowercase()).unwrap_or_default();
        self.tries += 1;
        match word.as_str() {
            "y" | "yes" => {
                self.asked = None;
                self.admit(held, &code)?;
                Ok(Flow::On)
            }
            "" | "n" | "no" => self.decline(held, &code),
            _ if self.tries >= TRIES => self.decline(held, &code),
            _ => {
                held.ask(&self.console, "Please answer y or n.");
                Ok(Flow::On)
            }
        }
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(250)
    }
}

impl Waits {
    fn decline(&self, held: &Holding, code: &str) -> Result<Flow, Failure> {
        if let Some(live) = held.live() {
            live.borrow_mut().decline(code)?;
        }
        Err(Failure::failed("declined", "nobody was let in, because the answer was no")
            .hint("make a new ticket for whoever is to come in: copact invite"))
    }
}

const BY_FILE: &str = "They can ask by file with this ticket, or over the network with a new one.";
