//! The process that holds a home.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel};
use std::thread;
use std::time::Duration;

use copact_core::day::Day;
use copact_node::group::Held;
use copact_node::home::{Clock, Home};
use copact_node::peers::{Arrived, Happened, Options, Peers};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::door::{self, Door, no_socket};
use super::frame::{Kind, Typed};
use crate::clock::Running;
use crate::failure::Failure;
use crate::output::{Console, Relay, Stream};
use crate::program;
use crate::run::Live;

/// Events of the network that are handled together: what they bring is stored at once.
const TOGETHER: usize = 256;
/// The clock is looked at this often.
const LONGEST: Duration = Duration::from_secs(30);

/// What the holder is asked.
pub(super) enum Asked {
    /// To run a command, and say where what it says goes.
    Run(Box<Typed>, SyncSender<Answer>),
    /// To take what the network tells.
    Arrived(Arrived),
    /// What the person at the terminal typed; `None` if they never will.
    Line(Option<String>),
    /// To end.
    End,
}

pub(super) type Answer = Vec<(Kind, Vec<u8>)>;

/// Whether the holder goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    On,
    End,
}

/// Looks on while a home is held, and says when it is over.
pub(crate) trait Watcher {
    /// Something may have happened, or time passed.
    ///
    /// # Errors
    /// It is over, and failed.
    fn look(&mut self, held: &Holding, happened: Vec<Happened>) -> Result<Flow, Failure>;

    /// The person at the terminal typed something; see [`Holding::ask`].
    ///
    /// # Errors
    /// It is over, and failed.
    fn typed(&mut self, _held: &Holding, _line: Option<String>) -> Result<Flow, Failure> {
        Ok(Flow::On)
    }

    /// How long it can wait for something to happen.
    fn patience(&self) -> Duration {
        LONGEST
    }
}

/// Holds on until a signal.
pub(crate) struct Nothing;

impl Watcher for Nothing {
    fn look(&mut self, _: &Holding, _: Vec<Happened>) -> Result<Flow, Failure> {
        Ok(Flow::On)
    }
}

/// A home that this process holds.
pub(crate) struct Holding {
    home: Home,
    absolute: PathBuf,
    clock: Running,
    live: Option<Live>,
    asks: Sender<Asked>,
    asked: Receiver<Asked>,
    _door: Door,
}

impl Holding {
    /// Begins to hold a home: its groups are read, and commands are let in from now on.
    ///
    /// # Errors
    /// Another process holds the home, or no socket can be made in it.
    pub(crate) fn begin(home: Home, clock: Running) -> Result<Self, Failure> {
        fs::create_dir_all(home.folder()).map_err(|error| no_socket(home.folder(), &error))?;
        let door = door::open(home.folder())?;
        let absolute =
            home.folder().canonicalize().map_err(|error| no_socket(&door.path, &error))?;
        let home = home.holding(Held::default());
        home.hold_all()?;
        let (asks, asked) = channel();
        let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(|e| no_socket(&door.path, &e))?;
        let ends = asks.clone();
        thread::spawn(move || {
            if signals.forever().next().is_some() {
                drop(ends.send(Asked::End));
            }
        });
        let listener = door.listener.try_clone().map_err(|e| no_socket(&door.path, &e))?;
        let lets_in = asks.clone();
        thread::spawn(move || door::receive(&listener, &lets_in));
        // By its whole path: commands change the present folder, and their homes are named as they
        // name them.
        let home = home.as_named(absolute.clone(), home.clock());
        Ok(Self { home, absolute, clock, live: None, asks, asked, _door: door })
    }

    /// Starts the network for the groups that are held.
    ///
    /// # Errors
    /// Nothing can be bound.
    pub(crate) fn meet_peers(&mut self, options: Options) -> Result<Live, Failure> {
        let tell = self.asks.clone();
        let peers = Peers::start(&self.home(), options, move |arrived| {
            // Once the holder has ended nobody wants to know.
            drop(tell.send(Asked::Arrived(arrived)));
        })?;
        let live: Live = Rc::new(RefCell::new(peers));
        self.live = Some(Rc::clone(&live));
        Ok(live)
    }

    /// The home, at the present moment.
    pub(crate) fn home(&self) -> Home {
        let now = self.clock.now();
        let clock = Clock { seconds: now.seconds, day: now.day };
        self.home.as_named(self.home.folder().to_owned(), clock)
    }

    /// The peers, where there is a network.
    pub(crate) fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// Asks the person at the terminal, without keeping the rest waiting: what they type comes to
    /// [`Watcher::typed`].
    pub(crate) fn ask(&self, console: &Console, question: &str) {
        console.note(question);
        let asks = self.asks.clone();
        thread::spawn(move || {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            drop(asks.send(Asked::Line(read.is_ok_and(|read| read > 0).then_some(line))));
        });
    }

    /// Does one thing after another until a signal, or the watcher, ends it.
    ///
    /// # Errors
    /// What the watcher says.
    pub(crate) fn work(&self, watcher: &mut dyn Watcher) -> Result<(), Failure> {
        let mut next = None;
        loop {
            if self.look(watcher)? == Flow::End {
                return Ok(());
            }
            let asked = match next.take() {
                Some(asked) => Ok(asked),
                None => self.asked.recv_timeout(self.patience(watcher)),
            };
            match asked {
                Ok(Asked::Run(typed, to)) => {
                    let answer = self.run(*typed);
                    // Whoever asked may be gone; what was done is done.
                    drop(to.send(answer));
                    // No folder is kept from being taken away.
                    drop(std::env::set_current_dir(&self.absolute));
                }
                Ok(Asked::Arrived(first)) => next = self.handle(first),
                Ok(Asked::Line(line)) => {
                    if watcher.typed(self, line)? == Flow::End {
                        return Ok(());
                    }
                }
                Ok(Asked::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn patience(&self, watcher: &dyn Watcher) -> Duration {
        let live = self.live.as_ref().and_then(|live| live.try_borrow().ok());
        let due = live.map_or(LONGEST, |live| live.next_tick());
        due.min(watcher.patience()).min(LONGEST)
    }

    fn look(&self, watcher: &mut dyn Watcher) -> Result<Flow, Failure> {
        let happened = match &self.live {
            Some(live) => {
                let mut live = live.borrow_mut();
                if live.next_tick().is_zero() || live.is_other_day(&self.home()) {
                    live.tick(&self.home());
                }
                live.happened()
            }
            None => Vec::new(),
        };
        watcher.look(self, happened)
    }

    /// Hands on what the network told by now; what came behind it is next.
    fn handle(&self, first: Arrived) -> Option<Asked> {
        let mut batch = vec![first];
        let mut next = None;
        while batch.len() < TOGETHER {
            match self.asked.try_recv() {
                Ok(Asked::Arrived(arrived)) => batch.push(arrived),
                Ok(other) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        if let Some(live) = &self.live {
            live.borrow_mut().handle(&self.home(), batch);
        }
        next
    }

    fn run(&self, typed: Typed) -> Answer {
        let answer = run(&self.home, &self.absolute, self.live.as_ref(), typed);
        if let Some(live) = &self.live {
            live.borrow_mut().wrote(&self.home());
        }
        answer
    }
}

fn run(home: &Home, absolute: &Path, live: Option<&Live>, typed: Typed) -> Answer {
    let refused = |why: &str| vec![(Kind::Refused, why.as_bytes().to_vec())];
    if typed.version != env!("CARGO_PKG_VERSION") {
        return refused("the `copact serve` that holds this home is of another version; end it");
    }
    let path = |bytes| PathBuf::from(OsString::from_vec(bytes));
    let here = path(typed.folder);
    if let Err(error) = std::env::set_current_dir(&here) {
        return refused(&format!("the folder {} cannot be used: {error}", here.display()));
    }
    let named = path(typed.home);
    let Ok(day) = Day::parse(&typed.day) else { return refused("that is no day") };
    if named.canonicalize().ok().as_deref() != Some(absolute) {
        return refused("the `copact serve` that answers holds another home");
    }
    let clock = Clock { seconds: typed.seconds, day };
    let relay = Relay::new(typed.answers, typed.closed);
    let relay = Rc::new(RefCell::new(relay));
    let console = Console::relayed(typed.streams, Rc::clone(&relay));
    let words: Vec<OsString> = typed.words.into_iter().map(OsString::from_vec).collect();
    let code = program::obey_in(&words, &console, &home.as_named(named, clock), live);
    let said = relay.take();
    let streams = |(stream, bytes)| match stream {
        Stream::Out => (Kind::Out, bytes),
        Stream::Error => (Kind::Error, bytes),
    };
    match said.asked {
        // What it said last is why it could not go on without an answer.
        Some(question) => {
            let before = said.said.len().saturating_sub(1);
            let mut answer: Answer =
                said.said.into_iter().take(before).skip(typed.shown).map(streams).collect();
            answer.push((Kind::Question, question.into_bytes()));
            answer
        }
        None => {
            let mut answer: Answer = said.said.into_iter().skip(typed.shown).map(streams).collect();
            answer.push((Kind::Exit, vec![code]));
            answer
        }
    }
}
