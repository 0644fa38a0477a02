//! `copact sync --watch --lan` in a host, and what it says.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lan::{Host, Process};
use crate::world::Device;

/// Far more than anything takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The same command in a host.
pub fn in_host(host: &Host<'_>, command: &Command) -> Command {
    let mut there = host.command(command.get_program());
    there.args(command.get_args()).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => there.env(name, value),
            None => there.env_remove(name),
        };
    }
    there.current_dir(command.get_current_dir().unwrap());
    there
}

/// A process that watches, and its events.
pub struct Watch {
    process: Process,
    lines: Receiver<String>,
    said: Vec<Value>,
}

impl Watch {
    /// Starts it, and waits until it listens: from then on commands act through it.
    pub fn start(host: &Host<'_>, device: &Device) -> Self {
        let mut command = in_host(host, &device.command(&["sync", "--watch", "--lan", "--json"]));
        let mut process = host.start(command.stdout(Stdio::piped()));
        let out = BufReader::new(process.child().stdout.take().unwrap());
        let (to, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if to.send(line).is_err() {
                    return;
                }
            }
        });
        let mut watch = Self { process, lines, said: Vec::new() };
        watch.event("that it listens", |event| event["event"] == "listening");
        watch
    }

    /// Waits for an event, the earliest since the last that was waited for.
    fn event(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left);
            let line = line.unwrap_or_else(|_| panic!("it never said {what}: {:#?}", self.said));
            let event: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
            self.said.push(event.clone());
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Waits until somebody's device is connected, if it is not yet. Where it is.
    pub fn meets(&mut self, name: &str) -> String {
        let is = |event: &Value| {
            event["event"] == "peer" && event["connected"] == true && event["name"] == name
        };
        let event = match self.said.iter().find(|event| is(event)) {
            Some(event) => event.clone(),
            None => self.event(&format!("that it met {name}"), is),
        };
        event["address"].as_str().unwrap().to_owned()
    }

    /// Waits until something comes in from somebody.
    pub fn receives(&mut self, name: &str) {
        self.event(&format!("that something came from {name}"), |event| {
            event["event"] == "received" && event["from"][0] == name
        });
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Looks again and again; what it was like at last if it never comes true.
pub fn soon<T, E: std::fmt::Debug>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        match look() {
            Ok(found) => return found,
            Err(instead) => assert!(Instant::now() < until, "{what}: never, but {instead:?}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The digests of what each shows.
pub fn views(devices: &[&Device]) -> Vec<String> {
    let view = |one: &&Device| one.json(&["status"])["view_digest"].as_str().unwrap().to_owned();
    devices.iter().map(view).collect()
}

/// Waits until all show the same.
pub fn even(devices: &[&Device]) {
    soon("equal views", || {
        let views = views(devices);
        if views.iter().all(|one| *one == views[0]) { Ok(()) } else { Err(views) }
    });
}
