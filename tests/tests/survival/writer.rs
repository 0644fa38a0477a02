//! A process that founds a group if there is none and writes on without end, saying what was
//! acknowledged; and what must hold of its home however it ended.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use copact_core::day::Day;
use copact_core::envelope::Chain;
use copact_core::ids::EnvelopeId;
use copact_node::error::NodeError;
use copact_node::group::{Group, OpenGroup};
use copact_node::home::{Clock, Home};
use copact_node::{doctor, founding};

const FOLDER: &str = "COPACT_SURVIVAL_FOLDER";
const NUMBER: &str = "COPACT_SURVIVAL_NUMBER";

/// Numbers that are the same for the same seed.
pub struct Drawn(u64);

impl Drawn {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// A number that the environment sets, for long runs and to repeat a failure.
pub fn set(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |typed| typed.parse().unwrap())
}

/// The home in a folder, with the state folder beside it.
pub fn home(folder: &Path) -> Home {
    let day = Day::parse("2026-03-01").unwrap();
    let clock = Clock { seconds: 1_772_384_400, day };
    Home::new(folder.join("home"), Some(folder.join("state")), clock)
}

/// The folder and number that this process was started with, if it is a writer.
pub fn asked() -> Option<(PathBuf, u64)> {
    let folder = std::env::var_os(FOLDER)?;
    Some((PathBuf::from(folder), set(NUMBER, 0)))
}

/// Runs one test of this file again, as a writer; `before` are the words in front of the command.
pub fn start(test: &str, folder: &Path, number: u64, before: &[OsString]) -> Child {
    let me = std::env::current_exe().unwrap();
    let mut words = before.iter().cloned().chain([me.into_os_string()]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).args(["--exact", test, "--nocapture"]);
    command.env(FOLDER, folder).env(NUMBER, number.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Says something to the parent, in a line of its own. It is written again until it is out: the
/// disk that fails in some of these tests is under standard output, too.
pub fn say(what: &str) {
    let line = format!("\n{what}.\n");
    let mut rest = line.as_bytes();
    for _ in 0..1_000 {
        match std::io::stdout().write(rest).and_then(|n| std::io::stdout().flush().map(|()| n)) {
            Ok(written) => rest = &rest[written..],
            Err(_) => continue,
        }
        if rest.is_empty() {
            return;
        }
    }
}

/// What a writer said, for as long as it lived: the ids that were acknowledged.
pub fn acknowledged(said: &[u8]) -> Vec<EnvelopeId> {
    let text = String::from_utf8_lossy(said);
    let whole = text.lines().filter_map(|line| line.strip_prefix("wrote ")?.strip_suffix('.'));
    whole.map(|id| EnvelopeId::from_hex(id).unwrap()).collect()
}

/// Opens the group, or founds it.
pub fn open(home: &Home) -> Result<OpenGroup, NodeError> {
    match home.open(None) {
        Err(error) if error.code == "no_group" => {
            let founded = founding::found(home, "Green Lane", "Ann", None, &[], None)?;
            say(&format!("wrote {}", founded.id.founding()));
            home.open(None)
        }
        opened => opened,
    }
}

/// Writes one thing and says that it is there. A meeting, somebody there, two notes, and the first
/// of them erased.
pub fn write(
    group: &mut Group,
    number: u64,
    kept: &mut Option<EnvelopeId>,
) -> Result<(), NodeError> {
    let meeting = format!("Meeting {}", number / 5);
    let written = match number % 5 {
        0 => group.new_meeting(&meeting, None, None)?.id,
        1 if group.show_meeting(&meeting).is_ok() => group.tap(Some(&meeting), None, None)?.id,
        4 if kept.is_some() => {
            let target = kept.take().unwrap();
            group.erase_text(&target.to_string())?.id
        }
        _ => {
            let written = group.note(&format!("Soup for {number} people"), None)?.id;
            kept.get_or_insert(written);
            written
        }
    };
    say(&format!("wrote {written}"));
    Ok(())
}

/// What a home must still have.
#[derive(Default)]
pub struct Expected {
    /// Acknowledged, or seen in the store.
    kept: Vec<EnvelopeId>,
    places: BTreeMap<(Chain, u64), EnvelopeId>,
}

impl Expected {
    pub fn acknowledged(&mut self, ids: impl IntoIterator<Item = EnvelopeId>) {
        self.kept.extend(ids);
    }

    /// All that was acknowledged is there and in order, no place of a chain was written twice, and
    /// the home goes on.
    pub fn must_hold(&mut self, home: &Home) {
        let mut group = match home.open(None) {
            Ok(group) => group,
            Err(error) => {
                assert_eq!(error.code, "no_group", "{error}");
                assert!(self.kept.is_empty(), "the group is gone");
                return;
            }
        };
        assert_eq!(group.lost_commits(), 0);
        self.compare(&group);
        let written = group.note("I looked after it", None).unwrap().id;
        self.kept.push(written);
        drop(group);
        let found = doctor::examine(home, None).unwrap();
        assert!(found.ok, "{:?}", found.problems);
        self.compare(&home.open(None).unwrap());
    }

    fn compare(&mut self, group: &Group) {
        for (_, placed) in group.ledger().envelopes() {
            let header = placed.envelope().header();
            let id = *self.places.entry((header.chain, header.seq)).or_insert(placed.id());
            assert_eq!(id, placed.id(), "place {} of the chain has two envelopes", header.seq);
        }
        for id in self.kept.iter().chain(self.places.values()) {
            assert!(group.ledger().get(*id).is_some(), "{id} was acknowledged and is gone");
        }
    }
}
