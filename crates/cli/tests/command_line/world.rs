//! A folder with devices in it, each a home, and the files that people hand each other.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The moment of every command, unless a device was told another.
pub const NOW: &str = "2026-03-01T18:00:00+01:00";

pub struct World {
    folder: tempfile::TempDir,
}

/// One home, and what the computer it is on remembers beside it.
pub struct Device {
    pub folder: PathBuf,
    pub home: PathBuf,
    state: PathBuf,
    now: RefCell<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("temporary")).unwrap();
        Self { folder }
    }

    pub fn device(&self, name: &str) -> Device {
        let folder = self.folder.path().to_owned();
        let (home, state) = (folder.join(name), folder.join("state"));
        Device { folder, home, state, now: RefCell::new(NOW.to_owned()) }
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Devices of a group that these people founded together, by files only.
    pub fn founded(&self, names: &[&str]) -> Vec<Device> {
        let devices: Vec<Device> = names.iter().map(|name| self.device(name)).collect();
        let mut new = vec!["group", "new", "Green Lane", "--as", names[0]];
        let requests: Vec<String> = names.iter().map(|name| format!("{name}.req")).collect();
        for (device, (name, request)) in devices.iter().zip(names.iter().zip(&requests)).skip(1) {
            device.json(&["join", "--found", "Green Lane", "--as", name, "--request", request]);
        }
        if names.len() > 1 {
            new.push("--with");
            new.extend(requests.iter().skip(1).map(String::as_str));
        }
        devices[0].json(&new);
        devices[0].json(&["bundle", "export", "first.copact"]);
        for device in devices.iter().skip(1) {
            let entered = device.json(&["bundle", "import", "first.copact"]);
            assert_eq!(entered["joined"], true);
        }
        devices
    }
}

impl Answer {
    pub fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Hands bundles around in a ring until all have the same; what is taken in can lead to a new word,
/// such as that a decision was reached.
pub fn exchange(devices: &[&Device]) {
    for _ in 0..5 {
        for (number, from) in devices.iter().enumerate() {
            let to = devices[(number + 1) % devices.len()];
            from.json(&["bundle", "export", "ring.copact"]);
            to.json(&["bundle", "import", "ring.copact"]);
        }
        let frontiers = devices.iter().map(|one| one.json(&["status"])["frontier_digest"].clone());
        let mut frontiers: Vec<String> = frontiers.map(|one| one.to_string()).collect();
        frontiers.dedup();
        if frontiers.len() == 1 {
            return;
        }
    }
    panic!("after five rounds the devices still have different envelopes");
}

/// Hands one bundle over.
pub fn carry(from: &Device, to: &Device) {
    from.json(&["bundle", "export", "carried.copact"]);
    to.json(&["bundle", "import", "carried.copact"]);
}

/// Each says yes, one after the other, with the same command: the first makes the proposal, the
/// others join it. What the last one is told.
pub fn agree(devices: &[&Device], words: &[&str]) -> Value {
    let mut told = Value::Null;
    for (number, device) in devices.iter().enumerate() {
        if let Some(before) = number.checked_sub(1) {
            carry(devices[before], device);
        }
        told = device.json(words);
        assert_eq!(told["joined"], number > 0, "{words:?}: {told}");
        assert_eq!(told["have"], number + 1, "{words:?}: {told}");
    }
    assert_eq!(told["adopted"], true, "{words:?}: {told}");
    told
}

/// All show the same; the digest of it.
pub fn same_views(devices: &[&Device]) -> Value {
    let digests: Vec<Value> =
        devices.iter().map(|one| one.json(&["status"])["view_digest"].clone()).collect();
    assert!(digests.iter().all(|one| *one == digests[0]), "{digests:?}");
    digests[0].clone()
}

impl Device {
    /// The device's clock from now on.
    pub fn at(&self, now: &str) -> &Self {
        now.clone_into(&mut self.now.borrow_mut());
        self
    }

    pub fn run(&self, words: &[&str]) -> Answer {
        Answer::of(self.command(words))
    }

    /// The process, not started yet. Whatever it leaves behind lies in the world's folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copact"));
        command
            .current_dir(&self.folder)
            .env("COPACT_STATE", &self.state)
            .env("TMPDIR", self.folder.join("temporary"))
            .env_remove("COPACT_HOME")
            .env_remove("VISUAL")
            .env_remove("EDITOR")
            .stdin(Stdio::null())
            .args(["--now", &self.now.borrow()])
            .arg("--home")
            .arg(&self.home)
            .args(words);
        command
    }

    /// The folder of the device's only group.
    pub fn group_folder(&self) -> PathBuf {
        let groups = std::fs::read_dir(self.home.join("groups")).unwrap();
        let groups: Vec<PathBuf> = groups.map(|one| one.unwrap().path()).collect();
        assert_eq!(groups.len(), 1, "{groups:?}");
        groups[0].clone()
    }

    /// The folder that all devices of the world lie in.
    pub fn world(&self) -> &Path {
        &self.folder
    }

    /// The document that a command prints; it must succeed and print nothing else.
    pub fn json(&self, words: &[&str]) -> Value {
        let answer = self.run(&[words, &["--json"]].concat());
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{words:?}: {}", answer.err);
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{words:?}: {}", answer.out))
    }

    /// The error that a command prints, with its exit code.
    pub fn error(&self, words: &[&str]) -> (i32, Value) {
        let answer = self.run(&[words, &["--json"]].concat());
        assert_ne!(answer.code, 0, "{words:?}: {}", answer.out);
        let line: Value = serde_json::from_str(&answer.err)
            .unwrap_or_else(|_| panic!("{words:?}: {}", answer.err));
        (answer.code, line["error"].clone())
    }

    /// The page that a command shows people.
    pub fn page(&self, words: &[&str]) -> String {
        let answer = self.run(words);
        assert_eq!(answer.code, 0, "{words:?}: {}", answer.err);
        answer.out
    }

    /// The id of what a command wrote.
    pub fn wrote(&self, words: &[&str]) -> String {
        self.json(words)["id"].as_str().unwrap().to_owned()
    }

    /// One entry of the log.
    pub fn entry(&self, id: &str) -> Value {
        self.row(&["log"], "entries", |row| row["id"] == id)
    }

    /// One member, by name.
    pub fn member(&self, name: &str) -> Value {
        self.row(&["member", "list"], "members", |row| row["name"] == name)
    }

    /// The last proposal of a kind.
    pub fn proposal(&self, kind: &str) -> Value {
        self.row(&["proposals"], "proposals", |row| row["kind"] == kind)
    }

    /// The last row of a list that is wanted.
    pub fn row(&self, words: &[&str], list: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let document = self.json(words);
        let rows = document[list].as_array().unwrap();
        rows.iter().rfind(|row| wanted(row)).unwrap_or_else(|| panic!("{document}")).clone()
    }

    /// The id of this device's member.
    pub fn me(&self) -> String {
        self.json(&["status"])["me"].as_str().unwrap().to_owned()
    }
}

/// Copies a folder with all in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
