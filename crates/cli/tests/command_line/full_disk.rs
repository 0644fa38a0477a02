//! A disk that fills up, at every step: a clear sentence, nothing half-written, reading goes on,
//! and with room again everything that was acknowledged is there.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use copact_core::day::Day;
use copact_node::home::{Clock, Home};
use serde_json::Value;

use crate::world::{Answer, NOW, World};

/// Notes whose pages take some hundred kilobytes in a log.
const NOTES: u64 = 25;

/// A small disk in memory, mounted in a name space of its own. It goes with the process.
struct Disk {
    keeper: Child,
    _until: ChildStdin,
    place: PathBuf,
}

impl Disk {
    /// `None` where the system does not let an ordinary person mount one, which is said.
    fn of(world: &World, kilobytes: u32) -> Option<Self> {
        let place = world.path("disk");
        std::fs::create_dir_all(&place).unwrap();
        let script = "mount -t tmpfs -o size=${0}k,mode=0755 none \"$1\" && echo ready && exec cat";
        let mut keeper = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
            .arg(kilobytes.to_string())
            .arg(&place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line != "ready\n" {
            let said = keeper.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&said.stderr).into_owned();
            println!("No small disk can be mounted here, so none was filled: {said}");
            return None;
        }
        let until = keeper.stdin.take().unwrap();
        Some(Self { keeper, _until: until, place })
    }

    /// The disk as seen from outside.
    fn seen(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        root.join(self.place.strip_prefix("/").unwrap()).join(name)
    }

    fn command(&self, world: &World, words: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--user", "--mount", "--preserve-credentials", "--target"])
            .arg(self.keeper.id().to_string())
            .arg(env!("CARGO_BIN_EXE_copact"))
            .args(["--now", NOW, "--home"])
            .arg(self.place.join("home"))
            .args(words)
            .env("COPACT_STATE", self.place.join("state"))
            .env("TMPDIR", world.path("temporary"))
            .env_remove("COPACT_HOME")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, world: &World, words: &[&str]) -> Answer {
        Answer::of(self.command(world, &[words, &["--json"]].concat()))
    }

    /// The document that a command prints, or the error.
    fn json(&self, world: &World, words: &[&str]) -> Result<Value, Value> {
        let answer = self.run(world, words);
        let document = |text: &str| serde_json::from_str::<Value>(text);
        match answer.code {
            0 => Ok(document(&answer.out).unwrap()),
            _ => Err(document(&answer.err).unwrap_or_else(|_| panic!("{words:?}: {answer:?}"))),
        }
    }

    /// Fills the disk but for so many bytes, which are rounded to pages.
    fn fill(&self, leave: u64) {
        self.free();
        let file = std::fs::File::create(self.seen("filling")).unwrap();
        let mut file = std::io::BufWriter::with_capacity(4096, file);
        // Until there is no room at all, and then a little less.
        let full = std::io::copy(&mut std::io::repeat(1), &mut file).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");
        let file = file.into_parts().0;
        let len = file.metadata().unwrap().len();
        file.set_len(len.saturating_sub(leave)).unwrap();
    }

    fn free(&self) {
        let _ = std::fs::remove_file(self.seen("filling"));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// What a person is told when there is no room.
fn is_full(answer: &Answer, what: &str) {
    assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{what}: {answer:?}");
    let error = serde_json::from_str::<Value>(&answer.err).unwrap()["error"].clone();
    assert_eq!(error["code"], "disk_full", "{what}: {error}");
    assert!(error["message"].as_str().unwrap().contains("the disk is full"), "{what}: {error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.contains("free some space") && hint.contains("nothing was lost"),
        "{what}: {hint}"
    );
}

#[test]
fn founding_on_a_full_disk_leaves_no_group_and_a_later_try_founds_it() {
    let world = World::new();
    let Some(disk) = Disk::of(&world, 512) else { return };
    let new = ["group", "new", "Green Lane", "--as", "Ann"];
    for (refused, leave) in (0..256).step_by(4).enumerate() {
        disk.fill(leave * 1_024);
        let answer = disk.run(&world, &new);
        if answer.code == 0 {
            assert!(refused > 3, "a disk with {leave} KB is enough");
            disk.free();
            assert_eq!(disk.json(&world, &["doctor"]).unwrap()["ok"], true);
            disk.json(&world, &["note", "Begun"]).unwrap();
            return;
        }
        is_full(&answer, &format!("{leave} KB left"));
        let there = disk.json(&world, &["status"]).unwrap_err();
        assert_eq!(there["error"]["code"], "no_group", "{leave} KB left: {there}");
    }
    panic!("256 KB are not enough for a group");
}

/// Writes until there is no room, for every amount of room between none and enough.
#[test]
fn on_a_full_disk_nothing_is_half_written_and_reading_goes_on() {
    let world = World::new();
    let ann = world.founded(&["Ann", "Ben"]).remove(1);
    for number in 0..40 {
        ann.json(&["note", &format!("Soup {number}")]);
    }
    let Some(disk) = Disk::of(&world, 1_024) else { return };
    crate::world::copy_folder(&world.path("Ann"), &disk.seen("home"));
    disk.json(&world, &["meeting", "new", "Spring"]).unwrap();
    let mut bundle = vec!["bundle", "import"];
    ann.json(&["bundle", "export", "notes.copact"]);
    let file = world.path("notes.copact");
    bundle.push(file.to_str().unwrap());

    let mut full = [0, 0];
    let (mut envelopes, mut imported) = (count(&disk, &world), false);
    for leave in (0..320).step_by(16) {
        disk.fill(leave * 1_024);
        let what = format!("{leave} KB left");
        let (note, mut noted) = (["note", what.as_str()], false);
        for (number, words) in [&note[..], &bundle].into_iter().enumerate() {
            let answer = disk.run(&world, words);
            match answer.code {
                0 if number == 0 => {
                    envelopes += 1;
                    noted = true;
                }
                0 => {
                    let new = serde_json::from_str::<Value>(&answer.out).unwrap();
                    envelopes += new["new"]["envelopes"].as_u64().unwrap();
                    imported = true;
                }
                _ => {
                    is_full(&answer, &what);
                    full[number] += 1;
                }
            }
            // Reading needs no room.
            assert_eq!(count(&disk, &world), envelopes, "{what}");
            let log = disk.json(&world, &["log"]).unwrap().to_string();
            assert_eq!(log.contains(&what), noted, "{what}");
            assert_eq!(disk.json(&world, &["doctor"]).unwrap()["ok"], true, "{what}");
        }
    }
    assert!(full[0] > 0 && full[1] > full[0] && imported, "{full:?} {imported}");
    disk.free();
    assert_eq!(count(&disk, &world), envelopes);
    disk.json(&world, &["note", "There is room again"]).unwrap();
    assert_eq!(disk.json(&world, &["doctor"]).unwrap()["ok"], true);
}

/// The log that a killed process left is larger than the room to bring it into the database.
#[test]
fn a_log_that_finds_no_room_at_opening_is_read_as_it_is() {
    let world = World::new();
    let ann = world.founded(&["Ann"]).remove(0);
    let Some(disk) = Disk::of(&world, 1_024) else { return };
    crate::world::copy_folder(&world.path("Ann"), &disk.seen("home"));
    let database = disk.seen("home/groups").join(ann.group_folder().file_name().unwrap());
    // What is left of a process that wrote on and was killed: the log beside the database.
    let day = Day::parse("2026-03-01").unwrap();
    let clock = Clock { seconds: 1_772_384_400, day };
    let mut group = Home::new(ann.home.clone(), None, clock).open(None).unwrap();
    for number in 0..NOTES {
        group.note(&format!("Soup {number}"), None).unwrap();
    }
    for name in ["ledger.db", "ledger.db-wal", "ledger.height"] {
        std::fs::copy(ann.group_folder().join(name), database.join(name)).unwrap();
    }
    drop(group);
    let log = || std::fs::metadata(database.join("ledger.db-wal")).map(|log| log.len());
    assert!(log().unwrap() > 200_000);
    disk.fill(0);
    assert_eq!(count(&disk, &world), 1 + NOTES);
    is_full(&disk.run(&world, &["note", "No room"]), "a note");
    assert_eq!(disk.json(&world, &["doctor"]).unwrap()["ok"], true);
    assert!(log().unwrap() > 200_000);
    disk.free();
    assert_eq!(count(&disk, &world), 1 + NOTES);
    disk.json(&world, &["note", "There is room again"]).unwrap();
    assert_eq!(disk.json(&world, &["doctor"]).unwrap()["ok"], true);
    assert!(log().is_err(), "and the log is in the database");
}

fn count(disk: &Disk, world: &World) -> u64 {
    disk.json(world, &["status"]).unwrap()["envelopes"].as_u64().unwrap()
}
