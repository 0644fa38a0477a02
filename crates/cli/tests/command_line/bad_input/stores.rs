//! Stores and key files that are not what they were, and folders that cannot be used.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::told::Told;
use crate::world::{Device, NOW, World};

/// Where SQLite keeps a number that says which program's file it is, and which version's.
const APPLICATION: usize = 68;
const VERSION: usize = 60;

pub fn stores(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    ann.json(&["note", "It rained"]);
    two_at_once(told, &world, &ann);
    let database = ann.group_folder().join("ledger.db");
    with(
        &database,
        |bytes| bytes[VERSION + 3] += 1,
        || {
            for words in [&["status"][..], &["note", "More"], &["doctor"]] {
                let case = format!("a newer copact wrote the ledger: {}", words[0]);
                told.input(&case, &ann, words, "newer_version");
            }
        },
    );
    with(
        &database,
        |bytes| bytes[APPLICATION] ^= 1,
        || {
            told.input("another program’s database", &ann, &["status"], "foreign_store");
            told.input("another program’s database: doctor", &ann, &["doctor"], "foreign_store");
        },
    );
    with(
        &database,
        |bytes| *bytes = b"Dear all,\n".to_vec(),
        || {
            told.input("no database at all", &ann, &["status"], "foreign_store");
        },
    );
    with(
        &database,
        |bytes| bytes.truncate(bytes.len() / 2),
        || {
            told.input("half of the database is missing", &ann, &["status"], "damaged_store");
        },
    );
    with(
        &database,
        |bytes| wreck(bytes),
        || {
            told.input("an altered database", &ann, &["status"], "damaged_store");
            told.input("an altered database: tap", &ann, &["note", "More"], "damaged_store");
        },
    );

    std::fs::rename(&database, world.path("kept")).unwrap();
    for words in [&["status"][..], &["doctor"], &["doctor", "--repair"]] {
        told.input(&format!("no ledger: {}", words.join(" ")), &ann, words, "missing_ledger");
    }
    std::fs::rename(world.path("kept"), &database).unwrap();

    let key = ann.home.join("key");
    with(
        &key,
        |bytes| bytes[0] ^= 1,
        || {
            told.input("another key", &ann, &["status"], "wrong_key");
            told.input("another key: doctor", &ann, &["doctor"], "wrong_key");
        },
    );
    with(
        &key,
        |bytes| bytes.push(b'\n'),
        || {
            told.input("a key with a line end", &ann, &["status"], "bad_key_file");
        },
    );
    with(&key, Vec::clear, || {
        told.input("an empty key file", &ann, &["status"], "bad_key_file");
    });
    std::fs::rename(&key, world.path("kept")).unwrap();
    told.input("no key file", &ann, &["status"], "bad_key_file");
    told.input("no key file: doctor", &ann, &["doctor"], "bad_key_file");
    let join = ["join", "--found", "Hall", "--as", "Ann", "--request", "ann.req"];
    told.input("no key file: join", &ann, &join, "bad_key_file");
    std::fs::create_dir(&key).unwrap();
    told.input("a folder for a key", &ann, &["status"], "bad_key_file");
    std::fs::remove_dir(&key).unwrap();
    std::fs::rename(world.path("kept"), &key).unwrap();
    waiting(told, &world);
    below_a_file(told, &world);
    assert_eq!(ann.json(&["doctor"])["ok"], true, "all was put back as it was");
}

/// Overwrites the second half with something else, from within the sealed rows on.
fn wreck(bytes: &mut [u8]) {
    let half = bytes.len() / 2;
    bytes[half..].iter_mut().for_each(|byte| *byte = b'x');
}

/// Has a file altered while something is done.
fn with(path: &PathBuf, alter: impl FnOnce(&mut Vec<u8>), done: impl FnOnce()) {
    let whole = std::fs::read(path).unwrap();
    let mut altered = whole.clone();
    alter(&mut altered);
    assert_ne!(altered, whole);
    std::fs::write(path, altered).unwrap();
    done();
    std::fs::write(path, whole).unwrap();
}

/// The keys of whoever asked to join, when the home's key is no longer theirs.
fn waiting(told: &mut Told, world: &World) {
    let (ben, eve) = (world.device("Ben"), world.device("Eve"));
    eve.json(&["group", "new", "Elsewhere", "--as", "Eve"]);
    eve.json(&["bundle", "export", "b.copact"]);
    ben.json(&["join", "--found", "Hall", "--as", "Ben", "--request", "ben.req"]);
    let import = ["bundle", "import", "b.copact"];
    with(
        &ben.home.join("key"),
        |bytes| bytes[0] ^= 1,
        || {
            told.input("another key than that of a request", &ben, &import, "bad_waiting");
        },
    );
    std::fs::remove_file(ben.home.join("key")).unwrap();
    told.input("no key for a request", &ben, &import, "bad_key_file");
}

/// Where no folder can be, because a file is there.
fn below_a_file(told: &mut Told, world: &World) {
    world.write("letter.txt", "Dear all");
    let nowhere = world.device("letter.txt/home");
    let new = ["group", "new", "Hall", "--as", "Ann"];
    told.input("a home below a file", &nowhere, &new, "unwritable_file");
    told.input("a home below a file: status", &nowhere, &["status"], "unreadable_file");
    let file = world.device("letter.txt");
    told.input("a file for a home", &file, &new, "unwritable_file");
}

/// One window has the contract in an editor, and in another one somebody goes on.
fn two_at_once(told: &mut Told, world: &World, ann: &Device) {
    let mut edit = ann.command(&["contract", "edit"]);
    let (open, go) = (world.path("open"), world.path("go"));
    let wait = format!(
        "touch {}; while [ ! -e {} ]; do sleep 0.02; done; true",
        open.display(),
        go.display()
    );
    let mut edit = edit.env("EDITOR", wait).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..1_500 {
        if open.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(open.exists(), "the editor did not start within half a minute");
    for words in [&["note", "More"][..], &["status"], &["doctor"]] {
        let case = format!("the group is open elsewhere: {}", words[0]);
        told.refused(&case, ann.world(), (1, "in_use"), || ann.command(words));
    }
    std::fs::write(&go, "").unwrap();
    edit.wait().unwrap();
    ann.json(&["status"]);
}

/// A folder that may be read and not written to, also by whoever may do everything: mounted so,
/// in a name space of the one process. Where that is not allowed, an ordinary person runs the
/// tests, to whom the folder's mode says it.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_is_told_and_left_alone() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let mut told = Told::new("A read-only folder");
    let mounted = |words: &[&str]| {
        let mut command = Command::new("unshare");
        let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(&ann.home);
        command
            .arg(env!("CARGO_BIN_EXE_copact"))
            .arg("--home")
            .arg(&ann.home)
            .args(["--now", NOW])
            .args(words)
            .env("COPACT_STATE", world.path("state"))
            .stdin(Stdio::null());
        command
    };
    let can_mount = mounted(&["--version"]).output().is_ok_and(|output| output.status.success());
    let locked = if can_mount { None } else { Some(ReadOnly::of(&ann)) };
    for words in [&["note", "More"][..], &["status"], &["group", "new", "Hall", "--as", "Ann"]] {
        let run = || if can_mount { mounted(words) } else { ann.command(words) };
        told.refused(words[0], ann.world(), (2, "forbidden"), run);
    }
    drop(locked);
    insta::assert_snapshot!("a_read_only_folder", told.page());
    ann.json(&["note", "More"]);
}

/// Takes the right to write from the folders and files of a home until it is dropped.
#[cfg(target_os = "linux")]
struct ReadOnly(Vec<(PathBuf, std::fs::Permissions)>);

#[cfg(target_os = "linux")]
impl ReadOnly {
    fn of(device: &Device) -> Self {
        let mut paths: Vec<PathBuf> = super::told::files(&device.home).into_keys().collect();
        paths.push(device.home.clone());
        let before = paths.into_iter().map(|path| {
            let before = std::fs::metadata(&path).unwrap().permissions();
            let mut now = before.clone();
            now.set_readonly(true);
            std::fs::set_permissions(&path, now).unwrap();
            (path, before)
        });
        Self(before.collect())
    }
}

#[cfg(target_os = "linux")]
impl Drop for ReadOnly {
    fn drop(&mut self) {
        for (path, before) in self.0.drain(..) {
            std::fs::set_permissions(path, before).unwrap();
        }
    }
}
