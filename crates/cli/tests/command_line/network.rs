//! Devices that sync and let each other in over the network, as processes on this computer. All of
//! it stays on loopback, where the LAN is not searched.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::world::{Device, World, same_views};

#[cfg(target_os = "linux")]
mod terminal;

const HERE: [&str; 2] = ["--listen", "127.0.0.1:0"];
/// Far more than anything takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A process whose standard output is read as it comes.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(device: &Device, words: &[&str]) -> Self {
        let mut child = device
            .command(&[words, &HERE].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (to, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines() {
                if to.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// `sync --watch` with those addresses.
    fn watch(device: &Device, with: &[&str]) -> Self {
        let with = with.iter().flat_map(|address| ["--with", address]);
        let words: Vec<&str> = ["sync", "--watch", "--json"].into_iter().chain(with).collect();
        Self::start(device, &words)
    }

    /// The next event that is wanted.
    fn event(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut seen = Vec::new();
        let until = Instant::now() + PATIENCE;
        while let Ok(line) =
            self.lines.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            let event: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
            assert!(event["event"].is_string(), "{event}");
            if wanted(&event) {
                return event;
            }
            seen.push(line);
        }
        panic!("it never came; instead: {seen:#?}");
    }

    fn address(&self) -> String {
        self.event(|one| one["event"] == "listening")["address"].as_str().unwrap().to_owned()
    }

    /// Until all that were met have the same.
    fn even(&self) {
        self.event(|one| {
            one["event"] == "progress" && one["found"] != 0 && one["up_to_date"] == one["found"]
        });
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// What it printed by its end, which must come soon.
    fn end(mut self) -> (Option<i32>, String) {
        let mut out = String::new();
        let until = Instant::now() + PATIENCE;
        while let Ok(line) =
            self.lines.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            out.push_str(&line);
            out.push('\n');
        }
        let code = self.child.wait().unwrap().code();
        (code, out)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn soon<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "it did not happen in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The ticket in a file, once it is there.
fn ticket(world: &World, name: &str) -> String {
    soon(|| std::fs::read_to_string(world.path(name)).ok().filter(|text| text.ends_with('\n')))
        .trim()
        .to_owned()
}

#[test]
fn a_tap_in_one_shows_in_the_other_while_both_watch() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["meeting", "new", "Spring"]);
    let mut there = Running::watch(ann, &[]);
    let mut here = Running::watch(ben, &[&there.address()]);
    here.event(|one| one["event"] == "peer" && one["connected"] == true && one["name"] == "Ann");
    let came = here.event(|one| one["event"] == "received");
    assert_eq!((&came["from"][0], &came["envelopes"]), (&"Ann".into(), &1.into()), "{came}");
    here.even();
    // Commands act through the watchers, and what they write goes to the other at once.
    ann.json(&["tap", "Spring"]);
    here.event(|one| one["event"] == "received");
    assert_eq!(ben.json(&["meeting", "show", "Spring"])["present"], 1);
    ben.json(&["tap", "Spring"]);
    there.event(|one| one["event"] == "received" && one["envelopes"] != 0);
    assert_eq!(ann.json(&["meeting", "show", "Spring"])["present"], 2);

    let peers = ann.json(&["peers"]);
    let row = &peers["peers"][0];
    assert_eq!((&row["name"], &row["connected"]), (&"Ben".into(), &true.into()), "{peers}");
    assert!(ann.page(&["peers"]).contains("Ben"));
    assert_eq!(ann.error(&["sync", "--watch"]).1["code"], "already_watching");
    assert_eq!(ann.json(&["sync"])["watching"], true);
    assert_eq!((there.signal("-INT"), here.signal("-TERM")), (Some(0), Some(0)));
    same_views(&[ann, ben]);
    assert!(!ann.home.join("socket").exists());
    let (code, error) = ann.error(&["peers"]);
    assert_eq!((code, &error["code"]), (1, &"not_watching".into()));
    assert!(error["hint"].as_str().unwrap().contains("copact sync --watch"));
}

#[test]
fn a_home_named_by_a_relative_path_stays_the_one_that_was_meant() {
    let world = World::new();
    let mut devices = world.founded(&["Ann", "Ben"]);
    let whole = devices[0].home.clone();
    devices[0].home = whole.strip_prefix(&devices[0].folder).unwrap().to_owned();
    let (ann, ben) = (&devices[0], &devices[1]);
    let there = Running::watch(ann, &[]);
    let address = there.address();
    // A command that goes through the watcher changes its folder.
    ann.json(&["meeting", "new", "Spring"]);
    let here = Running::watch(ben, &[&address]);
    here.event(|one| one["event"] == "received");
    ben.json(&["tap", "Spring"]);
    there.event(|one| one["event"] == "received");
    assert_eq!(ann.json(&["meeting", "show", "Spring"])["present"], 1);
    assert!(!whole.join(&ann.home).exists(), "no second home in the first");
}

#[test]
fn sync_ends_when_both_have_the_same_and_says_what_came() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    for text in ["one", "two", "three"] {
        ann.json(&["note", text]);
    }
    ben.json(&["note", "four"]);
    let there = Running::watch(ann, &[]);
    let address = there.address();
    let with = ["sync", "--with", &address, HERE[0], HERE[1]];
    let synced = ben.json(&with);
    assert_eq!(synced["received"]["envelopes"], 3, "{synced}");
    assert_eq!(synced["progress"]["up_to_date"], 1, "{synced}");
    same_views(&[ann, ben]);
    let page = ben.page(&with);
    assert_eq!(page, "1 device found; nothing new came in; all are up to date.\n");
}

#[test]
fn a_newcomer_joins_over_the_network_and_nobody_does_so_twice_with_one_ticket() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let eva = world.device("Eva");
    let words = ["invite", "-o", "ticket.txt", "--wait", "--yes", "--json"];
    let invite = Running::start(ann, &words);
    let ticket = ticket(&world, "ticket.txt");
    let join = ["join", &ticket, "--as", "Eva", HERE[0], HERE[1]];
    let joined = eva.json(&join);
    let (code, out) = invite.end();
    assert_eq!(code, Some(0), "{out}");
    let invited: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&invited["name"], &invited["code"]), (&"Eva".into(), &joined["code"]), "{out}");
    assert_eq!(
        (&joined["name"], &invited["ticket"]),
        (&"Green Lane".into(), &ticket.as_str().into())
    );
    assert_eq!(eva.me(), invited["member"], "{invited}");
    same_views(&[ann, &eva]);
    assert_eq!(eva.error(&join).1["code"], "already_here");
}

#[test]
fn whoever_watches_is_told_who_asks_and_lets_them_in_by_the_code() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, eva) = (&devices[0], world.device("Eva"));
    let watch = Running::watch(ann, &[]);
    watch.address();
    let ticket = ann.json(&["invite"])["ticket"].as_str().unwrap().to_owned();
    let join = ["join", &ticket, "--as", "Eva", "--role", "professional"];
    let joining = Running::start(&eva, &join);
    let not_of_peers = |one: &Value| assert_ne!(one["event"], "peer", "{one}");
    let asks = watch.event(|one| {
        not_of_peers(one);
        one["event"] == "asks"
    });
    assert_eq!((&asks["name"], &asks["role"]), (&"Eva".into(), &"professional".into()), "{asks}");
    assert_eq!(ann.error(&["admit", "000000", "--yes"]).1["code"], "nobody_asks");
    let code: String = asks["code"].as_str().unwrap().replace(' ', "");
    assert_eq!(code.len(), 6);
    assert_eq!(ann.error(&["admit", &code]).1["code"], "needs_answer");
    assert_eq!(ann.error(&["admit", &code[..5], "--yes"]).1["code"], "bad_code");
    // As it is shown: in two words.
    assert_eq!(ann.json(&["admit", &code[..3], &code[3..], "--yes"])["name"], "Eva");
    // Who only asks is no device of the group, and is not told of as one.
    assert_eq!(watch.event(|one| one["event"] == "peer")["name"], "Eva");
    let (end, out) = joining.end();
    assert_eq!(end, Some(0), "{out}");
    assert!(out.contains("You are in “Green Lane”."), "{out}");
    assert_eq!(eva.json(&["status"])["members"], 3, "{}", ann.json(&["status"]));
    // The ticket was used up, which somebody else is told.
    let finn = world.device("Finn");
    let (code, error) = finn.error(&["join", &ticket, "--as", "Finn", HERE[0], HERE[1]]);
    assert_eq!((code, &error["code"]), (1, &"not_answered".into()), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--request"), "{error}");
}

#[test]
fn who_breaks_off_while_asking_is_told_of_and_says_so() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let eva = world.device("Eva");
    let watch = Running::watch(ann, &[]);
    watch.address();
    ann.json(&["invite", "-o", "ticket.txt"]);
    // The ticket as the file that it is in.
    let mut joining = Running::start(&eva, &["join", "ticket.txt", "--as", "Eva", "--json"]);
    let asks = watch.event(|one| one["event"] == "asks");
    assert_eq!(joining.signal("-INT"), Some(1));
    let mut said = String::new();
    joining.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("broken_off") && said.contains("new ticket"), "{said}");
    let gone = watch.event(|one| one["event"] == "asked_no_more");
    assert_eq!(gone["code"], asks["code"]);
    let code = asks["code"].as_str().unwrap();
    assert_eq!(ann.error(&["admit", code, "--yes"]).1["code"], "nobody_asks");
}

#[test]
fn one_that_was_killed_in_the_middle_goes_on_where_it_was() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    let mut list = String::from("date,meeting,member\n");
    for number in 0..600 {
        list.push_str(&format!(
            "2025-02-{:02},Meeting {}, Person {}\n",
            1 + number % 28,
            number / 20,
            number % 20
        ));
    }
    world.write("2025.csv", list);
    ann.json(&["import", "attendance", "2025.csv"]);
    let there = Running::watch(ann, &[]);
    let address = there.address();
    let mut here = Running::watch(ben, &[&address]);
    here.event(|one| one["event"] == "received");
    here.signal("-KILL");
    let had = ben.json(&["status"])["envelopes"].as_u64().unwrap();
    assert!(had > 2, "what came before the end is there: {had}");
    assert_eq!(ben.json(&["doctor"])["ok"], true);
    let again = Running::watch(ben, &[&address]);
    again.even();
    same_views(&[ann, ben]);
    assert_eq!(ben.json(&["doctor"])["ok"], true);
}

#[test]
fn what_cannot_be_done_gets_its_sentence() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, eva) = (&devices[0], world.device("Eva"));
    let at = |device: &Device, words: &[&str]| {
        let (exit, error) = device.error(&[words, &HERE].concat());
        assert!(error["hint"].is_string(), "{words:?}: {error}");
        (exit, error["code"].as_str().unwrap().to_owned())
    };
    let said = |exit, code: &str| (exit, code.to_owned());
    assert_eq!(at(ann, &["sync"]), said(1, "nobody_found"));
    assert_eq!(at(ann, &["sync", "--with", "house"]), said(2, "bad_address"));
    assert_eq!(at(ann, &["sync", "--with", "copact:join/ABC"]), said(2, "bad_ticket"));
    assert_eq!(at(&eva, &["sync"]), said(2, "no_group"));
    assert_eq!(ann.error(&["sync", "--listen", "4433"]).1["code"], "bad_address");
    assert_eq!(ann.error(&["sync", "--listen", "192.0.2.1:0"]).1["code"], "no_network");
    assert_eq!(at(ann, &["invite", "--wait"]), said(2, "needs_answer"));
    assert_eq!(at(ann, &["invite", "--wait", "--yes"]), said(2, "needs_out"));
    assert_eq!(ann.error(&["admit", "123456"]).1["code"], "nobody_asks");

    let ticket = ann.json(&["invite"])["ticket"].as_str().unwrap().to_owned();
    assert_eq!(at(&eva, &["join", &ticket]), said(2, "no_name"));
    assert_eq!(at(&eva, &["join", "copact:join/", "--as", "Eva"]), said(2, "bad_ticket"));
    assert_eq!(at(&devices[1], &["join", &ticket, "--as", "Ben"]), said(2, "already_here"));
    eva.at("2026-03-09T18:00:00+01:00");
    assert_eq!(at(&eva, &["join", &ticket, "--as", "Eva"]), said(2, "expired_ticket"));
    eva.at(super::world::NOW);
    // Nobody waits for whoever uses it.
    assert_eq!(at(&eva, &["join", &ticket, "--as", "Eva"]), said(1, "not_answered"));
    // By file it is good all the same.
    eva.json(&["join", &ticket, "--as", "Eva", "--request", "eva.req"]);
    assert_eq!(ann.json(&["admit", "eva.req", "--yes"])["name"], "Eva");
}

#[test]
fn a_home_that_serve_holds_says_what_to_run_in_its_place() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let mut child = ann.command(&["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let (code, error) = ann.error(&["sync", HERE[0], HERE[1]]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((code, &error["code"]), (2, &"served".into()), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("copact sync --watch"), "{error}");
}
