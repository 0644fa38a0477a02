//! A disk that fails at a chosen moment, under the real store: `fiu-run` is told when.
#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command};

use copact_node::doctor;
use copact_node::group::Group;

use crate::{faults, writer};

/// Asks the parent to change what the disk does, and waits until it has.
fn ask(what: &str) {
    writer::say(what);
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    assert_eq!(line, "done\n");
}

/// The words of a result, for the parent.
fn word<T>(result: Result<T, copact_node::error::NodeError>) -> &'static str {
    result.map_or_else(|error| error.code, |_| "written")
}

/// Starts a test of this file as a writer, does what it asks for, and returns what it said.
fn run(test: &str, folder: &Path, point: &str) -> Vec<String> {
    let control = folder.join("control");
    let words = ["fiu-run", "-x", "-f"].map(OsString::from).into_iter();
    let before: Vec<OsString> = words.chain([control.clone().into_os_string()]).collect();
    let mut child = writer::start(test, folder, 1, &before);
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.as_str() {
            "fail." => tell(&control, &format!("enable name={point},failinfo=5"), &mut child),
            "work." => tell(&control, &format!("disable name={point}"), &mut child),
            _ => said.extend(line.strip_prefix("then ").map(str::to_owned)),
        }
    }
    let status = child.wait_with_output().unwrap();
    assert!(status.status.success(), "{said:?} {}", String::from_utf8_lossy(&status.stderr));
    said
}

fn tell(control: &Path, what: &str, child: &mut Child) {
    let mut command = Command::new("fiu-ctrl");
    command.arg("-f").arg(control).args(["-c", what]).arg(child.id().to_string());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    child.stdin.as_mut().unwrap().write_all(b"done\n").unwrap();
}

fn log(group: &Group) -> String {
    serde_json::to_string(&group.log()).unwrap()
}

/// Ends a writer before the test harness says more.
fn end() -> ! {
    std::process::exit(0)
}

#[test]
fn a_failed_sync_ends_the_handle_although_the_disk_works_again() {
    let name = "moments::a_failed_sync_ends_the_handle_although_the_disk_works_again";
    if let Some((folder, _)) = writer::asked() {
        let mut group = writer::open(&writer::home(&folder)).unwrap();
        group.note("Before", None).unwrap();
        ask("fail");
        writer::say(&format!("then {}", word(group.note("While it failed", None))));
        ask("work");
        writer::say(&format!("then {}", word(group.note("After", None))));
        drop(group);
        let mut group = writer::open(&writer::home(&folder)).unwrap();
        writer::say(&format!("then {}", word(group.note("Opened again", None))));
        end();
    }
    if !faults::can_fail() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let said = run(name, folder.path(), "posix/io/sync/*");
    assert_eq!(said, ["disk_failed.", "reopen.", "written."]);
    let home = writer::home(folder.path());
    let log = log(&home.open(None).unwrap());
    assert!(log.contains("Before") && log.contains("Opened again") && !log.contains("After"));
    assert!(doctor::examine(&home, None).unwrap().ok);
}

#[test]
fn what_is_durable_is_acknowledged_although_the_log_cannot_be_cut() {
    let name = "moments::what_is_durable_is_acknowledged_although_the_log_cannot_be_cut";
    if let Some((folder, _)) = writer::asked() {
        let mut group = writer::open(&writer::home(&folder)).unwrap();
        let note = group.note("To be erased", None).unwrap().id.to_string();
        ask("fail");
        writer::say(&format!("then {}", word(group.erase_text(&note))));
        writer::say(&format!("then {}", group.erasing_waits()));
        writer::say(&format!("then {}", word(group.note("After", None))));
        end();
    }
    if !faults::can_fail() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let said = run(name, folder.path(), "posix/io/rw/ftruncate");
    assert_eq!(said, ["written.", "true.", "reopen."]);
    let home = writer::home(folder.path());
    let group = home.open(None).unwrap();
    assert!(!group.erasing_waits() && !log(&group).contains("To be erased"));
    let left = home.group_folders().unwrap()[0].join("ledger.db-wal");
    assert_eq!(std::fs::metadata(left).unwrap().len(), 0, "opening took it out");
    drop(group);
    assert!(doctor::examine(&home, None).unwrap().ok);
}
