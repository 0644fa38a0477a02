//! `copact serve` with real processes: what others see of it, and what becomes of it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use super::world::{Answer, Device, World};

struct Holder(Child);

impl Holder {
    /// Runs until it takes commands.
    fn of(device: &Device) -> Self {
        let mut child = device
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        let mut holder = Self(child);
        assert!(first.starts_with("copact holds "), "{first} {:?}", holder.0.try_wait());
        holder
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn said(answer: &Answer) -> (i32, &str, &str) {
    (answer.code, &answer.out, &answer.err)
}

#[test]
fn commands_say_through_the_holder_what_they_say_alone() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let ann = &devices[0];
    ann.json(&["meeting", "new", "Spring"]);
    ann.json(&["tap", "Spring"]);
    ann.json(&["contribute", "Painted the hall", "--hours", "2"]);
    let commands: [&[&str]; 14] = [
        &["status"],
        &["status", "--json"],
        &["log"],
        &["log", "--json"],
        &["meeting", "list"],
        &["meeting", "show", "Spring"],
        &["member", "list", "--json"],
        &["group", "list"],
        &["proposals"],
        &["doctor", "--json"],
        &["tap", "Autumn"],
        &["tap", "Autumn", "--json"],
        &["profile", "erase"],
        &["bundle", "import", "missing.copact"],
    ];
    let alone: Vec<Answer> = commands.iter().map(|words| ann.run(words)).collect();
    let holder = Holder::of(ann);
    for (words, alone) in commands.iter().zip(&alone) {
        assert_eq!(said(&ann.run(words)), said(alone), "{words:?}");
    }
    assert!(alone.iter().any(|one| one.code == 2) && alone.iter().any(|one| one.code == 0));
    // What is written there is in the same folder, and in the store when the holder is gone.
    ann.json(&["note", "said through the holder"]);
    ann.json(&["bundle", "export", "held.copact"]);
    assert!(world.path("held.copact").exists());
    let log = ann.json(&["log"]);
    assert!(log.to_string().contains("said through the holder"));
    drop(holder);
    assert_eq!(ann.json(&["log"]), log);
    assert_eq!(ann.json(&["doctor"])["ok"], true);
    devices[1].json(&["bundle", "import", "held.copact"]);
}

#[test]
fn it_ends_when_asked_and_nobody_misses_it_when_it_was_killed() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let socket = ann.home.join("socket");
    for signal in ["-TERM", "-INT"] {
        let mut holder = Holder::of(ann);
        let found = std::fs::symlink_metadata(&socket).unwrap();
        assert!(found.file_type().is_socket());
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
        ann.json(&["note", "held"]);
        assert_eq!(holder.signal(signal), Some(0));
        assert!(!socket.exists());
        assert!(!ann.group_folder().join("ledger.db-wal").exists(), "the store was closed");
        ann.json(&["note", "alone"]);
    }
    let mut holder = Holder::of(ann);
    ann.json(&["note", "last"]);
    holder.signal("-KILL");
    assert!(std::fs::symlink_metadata(&socket).is_ok(), "nobody took it away");
    assert_eq!(ann.json(&["log"])["entries"].as_array().unwrap().len(), 5);
    ann.json(&["note", "alone again"]);
    let _holder = Holder::of(ann);
    assert_eq!(ann.json(&["log"])["entries"].as_array().unwrap().len(), 6);
    let chains = ann.json(&["device", "list"])["devices"][0]["chains"].clone();
    assert_eq!(chains, 1, "the holder goes on in the chain of the commands, and they in its");
}

#[test]
fn there_is_one_holder_and_nothing_else_is_taken_for_a_socket() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let holder = Holder::of(ann);
    assert_eq!(ann.error(&["serve"]).1["code"], "already_served");
    assert_eq!(ann.json(&["status"])["members"], 1, "the first one was not disturbed");
    let refused = ann.error(&["contract", "edit"]);
    assert_eq!((refused.0, &refused.1["code"]), (2, &"held".into()));
    drop(holder);
    std::fs::remove_file(ann.home.join("socket")).unwrap();
    std::fs::write(ann.home.join("socket"), "a file of somebody's").unwrap();
    assert_eq!(ann.error(&["serve"]).1["code"], "no_socket");
    assert_eq!(std::fs::read(ann.home.join("socket")).unwrap(), b"a file of somebody's");
    assert_eq!(ann.json(&["status"])["members"], 1);
}

#[test]
fn a_home_too_deep_for_a_socket_is_told_so() {
    let world = World::new();
    let deep = world.device(&"deep".repeat(30));
    deep.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let (code, error) = deep.error(&["serve"]);
    assert_eq!((code, &error["code"]), (1, &"no_socket".into()));
    assert!(error["hint"].as_str().unwrap().contains("shorter"), "{error}");
    assert_eq!(deep.json(&["status"])["members"], 1);
    let left = std::fs::read_dir(&deep.home).unwrap().map(|one| one.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().starts_with("socket")));
}

#[test]
fn peers_that_say_nothing_or_nonsense_keep_nobody_waiting() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let _holder = Holder::of(ann);
    let connect = || UnixStream::connect(ann.home.join("socket")).unwrap();
    let silent: Vec<UnixStream> = (0..5).map(|_| connect()).collect();
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[1, 0xff, 0xff, 0xff, 0xff],
        &[1, 0, 0, 0, 2, b'{', b'}'],
        &[1, 0, 0, 1, 0, b'{'],
        &[3, 0, 0, 0, 0],
    ] {
        connect().write_all(bytes).unwrap();
        assert_eq!(ann.json(&["status"])["members"], 1);
    }
    // One that sends a command and does not wait for what it says.
    let mut leaves = ann.command(&["log"]).stdout(Stdio::null()).spawn().unwrap();
    leaves.kill().unwrap();
    leaves.wait().unwrap();
    assert_eq!(ann.json(&["status"])["members"], 1);
    drop(silent);
}

#[test]
fn many_at_once_are_taken_one_after_another() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let _holder = Holder::of(ann);
    let start = |number: usize| {
        let text = format!("note {number}");
        ann.command(&["note", &text, "--json"]).stdout(Stdio::piped()).spawn().unwrap()
    };
    let all: Vec<Child> = (0..12).map(start).collect();
    for child in all {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(ann.json(&["log"])["entries"].as_array().unwrap().len(), 12);
    assert_eq!(ann.json(&["doctor"])["ok"], true);
}

/// What a person sees who types that at a terminal, and how it ends. The terminal is made by
/// `script` of util-linux.
#[cfg(target_os = "linux")]
fn at_a_terminal(device: &Device, words: &[&str], typed: &str) -> (Option<i32>, String) {
    typed_at(terminal(device, words), typed)
}

/// A command with a terminal around it, not started yet.
#[cfg(target_os = "linux")]
pub fn terminal(device: &Device, words: &[&str]) -> Command {
    let plain = device.command(words);
    let quoted: Vec<String> = std::iter::once(plain.get_program())
        .chain(plain.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    let mut command = Command::new("script");
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(plain.get_current_dir().unwrap());
    // Without `exec` a shell may stay in between, and a Ctrl-C end it instead of the command.
    command.args(["-qec", &format!("exec {}", quoted.join(" ")), "/dev/null"]).env("TERM", "dumb");
    command
}

#[cfg(target_os = "linux")]
pub fn typed_at(mut command: Command, typed: &str) -> (Option<i32>, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn questions_are_asked_where_the_command_was_typed() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let ask = |typed: &str| at_a_terminal(ann, &["member", "leave"], typed);
    let alone = ask("hm\nn\n");
    let holder = Holder::of(ann);
    let through = ask("hm\nn\n");
    assert_eq!(through, alone);
    assert!(alone.1.contains("[y/N]") && alone.1.contains("Please answer"), "{}", alone.1);
    assert_eq!(alone.0, Some(1));
    assert_eq!(ann.json(&["status"])["members"], 1);
    assert_eq!(ask("y\n").0, Some(0));
    assert_eq!(ann.json(&["status"])["members"], 0);
    drop(holder);
    assert_eq!(ann.json(&["status"])["members"], 0);
}
