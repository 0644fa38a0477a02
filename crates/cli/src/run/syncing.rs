//! `copact sync`.

use std::time::{Duration, Instant};

use copact_node::peers::{Happened, Progress};
use serde_json::json;

use super::network;
use super::{Done, Session};
use crate::args::SyncDevices;
use crate::failure::Failure;
use crate::output::{Console, Live as Line, Output, count, good, plain, warn};
use crate::serve::holder::{Flow, Holding, Watcher};

/// How long others on the LAN have to show themselves.
const FINDING: Duration = Duration::from_secs(3);
/// How long a device has that was named, and how long nothing may happen while all are not even.
const ANSWERING: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(60);
/// Everything is even if nothing happens for that long.
const QUIET: Duration = Duration::from_millis(400);

pub(super) fn sync(session: Session, sync: &SyncDevices) -> Done {
    let with = network::whom(&sync.with)?;
    if let Some(live) = &session.live {
        if sync.watch {
            return Err(Failure::input("already_watching", "`copact sync --watch` runs already")
                .hint("look what it does: copact peers"));
        }
        with.into_iter().for_each(|whom| live.borrow_mut().dial(whom));
        let progress = live.borrow().progress();
        return session.output.show(&json!({ "watching": true, "progress": progress }), |page| {
            let words = network::progress(progress);
            page.line([plain(format_args!("`copact sync --watch` is at it: {words}."))]);
        });
    }
    if !session.output.console().is_own() {
        return Err(Failure::input(
            "served",
            "`copact serve` holds this home, and uses no network",
        )
        .hint("end it with Ctrl-C where it runs, and run this in its place: copact sync --watch"));
    }
    if session.home.group_folders()?.is_empty() {
        // The sentence that every command has for it.
        session.home.open(None)?;
    }
    let options = network::options(&sync.listen, sync.lan || with.is_empty())?;
    let (lan, named) = (options.lan, with.len());
    let mut held = Holding::begin(session.home.clone(), session.clock())?;
    let live = held.meet_peers(options)?;
    with.into_iter().for_each(|whom| live.borrow_mut().dial(whom));
    if sync.watch {
        let mut watching = Watching::new(&session.output);
        watching.begin(&held)?;
        return held.work(&mut watching);
    }
    let mut once = Once::new(lan, named);
    held.work(&mut once)?;
    once.tell(session)
}

/// Syncs until all that are there have the same.
struct Once {
    lan: bool,
    named: usize,
    began: Instant,
    changed: Instant,
    progress: Progress,
    envelopes: usize,
    beside: usize,
    notes: Vec<String>,
    done: bool,
}

impl Once {
    fn new(lan: bool, named: usize) -> Self {
        Self {
            lan,
            named,
            began: Instant::now(),
            changed: Instant::now(),
            progress: Progress::default(),
            envelopes: 0,
            beside: 0,
            notes: Vec::new(),
            done: false,
        }
    }

    fn is_over(&self) -> bool {
        let Progress { found, up_to_date, .. } = self.progress;
        let (passed, quiet) = (self.began.elapsed(), self.changed.elapsed());
        // Whoever is still to be found is waited for a little longer.
        let finding = self.lan && passed < FINDING;
        let naming = found < self.named && passed < ANSWERING;
        if finding || naming {
            return false;
        }
        if found == 0 {
            return passed >= FINDING + FINDING.saturating_sub(QUIET);
        }
        (up_to_date == found && quiet >= QUIET) || quiet >= SILENCE
    }

    fn tell(self, session: Session) -> Done {
        let Progress { found, up_to_date, .. } = self.progress;
        if found == 0 {
            return Err(self.nobody());
        }
        let document = json!({
            "progress": self.progress,
            "received": { "envelopes": self.envelopes, "texts_and_names": self.beside },
        });
        session.output.show(&document, |page| {
            let met = count(super::number(found), "device found", "devices found");
            let came = match (self.envelopes, self.beside) {
                (0, 0) => "nothing new came in".to_owned(),
                (0, beside) => count(
                    super::number(beside),
                    "new text or name came in",
                    "new texts and names came in",
                ),
                (new, _) => {
                    count(super::number(new), "new envelope came in", "new envelopes came in")
                }
            };
            let end = match up_to_date {
                all if all == found => good("all are up to date."),
                some => warn(format_args!("{some} of {found} are up to date.")),
            };
            page.line([plain(format_args!("{met}; {came}; ")), end]);
            if up_to_date < found {
                page.line(["Keep the devices near each other and awake, and run it again."]);
            }
            for note in &self.notes {
                page.line([warn(note)]);
            }
        })
    }

    fn nobody(&self) -> Failure {
        let why = self.notes.last().map_or_else(String::new, |note| format!(" ({note})"));
        let failure = Failure::failed(
            "nobody_found",
            format_args!("no other device of your groups was found{why}"),
        );
        failure.hint(if self.named > 0 {
            "let `copact sync --watch` run there, and copy the address again: `copact peers` shows it"
        } else {
            "let `copact sync --watch` run on another device on the same Wi-Fi or hotspot; or name \
             it: copact sync --with ADDRESS; or carry a file: copact bundle export FILE"
        })
    }
}

impl Watcher for Once {
    fn look(&mut self, held: &Holding, happened: Vec<Happened>) -> Result<Flow, Failure> {
        for one in &happened {
            match one {
                Happened::Received { envelopes, texts, profiles, .. } => {
                    self.envelopes += envelopes;
                    self.beside += texts + profiles;
                }
                Happened::Note { line } if !self.notes.contains(line) => {
                    self.notes.push(line.clone());
                }
                _ => {}
            }
        }
        let progress = held.live().map(|live| live.borrow().progress()).unwrap_or_default();
        if !happened.is_empty() || progress != self.progress {
            (self.changed, self.progress) = (Instant::now(), progress);
        }
        self.done = self.is_over();
        Ok(if self.done { Flow::End } else { Flow::On })
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(100)
    }
}

/// Shows what happens until a signal ends it.
pub(super) struct Watching {
    json: bool,
    console: Console,
    line: Line,
    progress: Option<Progress>,
}

impl Watching {
    fn new(output: &Output) -> Self {
        Self {
            json: output.is_json(),
            console: output.console().clone(),
            line: Line::new(output),
            progress: None,
        }
    }

    fn begin(&mut self, held: &Holding) -> Done {
        let address = held.live().and_then(|live| live.borrow().address());
        if self.json {
            return self.event(&json!({ "event": "listening", "address": address }));
        }
        self.say(&format!("This device answers at {}", address.unwrap_or_default()))?;
        self.say("Other commands on this computer act through it. Ctrl-C ends it.")
    }

    fn event(&self, event: &impl serde::Serialize) -> Done {
        let text = serde_json::to_string(event).map_err(|error| {
            Failure::failed("fault", format_args!("an event does not fit JSON: {error}"))
        })?;
        self.console.write(&format!("{text}\n"))
    }

    fn say(&self, sentence: &str) -> Done {
        self.line.above(&self.console, sentence)
    }
}

impl Watcher for Watching {
    fn look(&mut self, held: &Holding, happened: Vec<Happened>) -> Result<Flow, Failure> {
        for one in &happened {
            if self.json {
                self.event(one)?;
            } else if let Some(sentence) = network::sentence(one) {
                self.say(&sentence)?;
            }
        }
        let progress = held.live().map(|live| live.borrow().progress()).unwrap_or_default();
        if self.progress != Some(progress) {
            let before = self.progress.replace(progress);
            let words = network::progress(progress);
            if self.json {
                let mut event = serde_json::to_value(progress).unwrap_or_default();
                if let Some(fields) = event.as_object_mut() {
                    fields.insert("event".to_owned(), "progress".into());
                }
                self.event(&event)?;
            } else if before.map(network::progress) != Some(words.clone()) {
                self.line.show(&self.console, &words)?;
            }
        }
        Ok(Flow::On)
    }
}
