//! Who may read a home, and what a person without the right to is told.
#![cfg(target_os = "linux")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use super::world::{Answer, Device, World};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_home_and_all_in_it_are_for_their_owner_only() {
    let world = World::new();
    let (ann, ben) = (world.device("Ann"), world.device("Ben"));
    // Whatever the shell allows to others.
    let run = |device: &Device, words: &[&str]| {
        let command = device.command(words);
        let mut open = Command::new("sh");
        open.args(["-c", "umask 000; exec \"$0\" \"$@\""]).arg(command.get_program());
        open.args(command.get_args()).current_dir(device.world());
        open.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let answer = Answer::of(open);
        assert_eq!(answer.code, 0, "{}", answer.err);
    };
    run(&ann, &["group", "new", "Green Lane", "--as", "Ann"]);
    run(&ben, &["join", "--found", "Hall", "--as", "Ben", "--request", "ben.req"]);
    for home in [&ann.home, &ben.home] {
        assert_eq!(mode(home), 0o700, "{}", home.display());
        assert_eq!(mode(&home.join("key")), 0o600);
    }
    assert_eq!(mode(&ann.home.join("groups")), 0o700);
    assert_eq!(mode(&ann.group_folder()), 0o700);
    let waiting = ben.home.join("waiting");
    assert_eq!(mode(&waiting), 0o700);
    for key in std::fs::read_dir(waiting).unwrap() {
        assert_eq!(mode(&key.unwrap().path()), 0o600);
    }
}

/// Root may do everything, so it gives its rights up.
fn as_somebody(command: &Command) -> Command {
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]);
    other.args(["--inh-caps=-all"]).arg(command.get_program()).args(command.get_args());
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    other
}

#[test]
fn a_key_file_that_may_not_be_read_is_told() {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let key = ann.home.join("key");
    let root = std::fs::metadata(&key).unwrap().uid() == 0;
    let program = world.path("copact");
    std::fs::copy(env!("CARGO_BIN_EXE_copact"), &program).unwrap();
    for folder in [ann.world(), ann.home.as_path()] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = ann.command(&["status", "--json"]);
    if root {
        let words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let envs: Vec<_> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        let mut same = Command::new(&program);
        same.args(words).envs(envs);
        command = as_somebody(&same);
    }
    // The groups must be seen for the key to matter.
    for folder in [ann.home.join("groups"), ann.group_folder()] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let answer = Answer::of(command);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{}", answer.err);
    assert!(answer.err.contains("bad_key_file"), "{}", answer.err);
    assert!(answer.err.contains("cannot be read (Permission denied)"), "{}", answer.err);
    assert!(answer.err.contains("make it readable for you (mode 600)"), "{}", answer.err);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    ann.json(&["status"]);
}
