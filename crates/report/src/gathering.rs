//! The rows of many groups, from the report bundles that they gave, and from ledgers that are here.
//!
//! Of each bundle every signature is verified, strictly, and the ledger, the facts and the rows are
//! made from what was verified. Its figures are not looked at: what is not used need not be
//! trusted. A bundle that is not in order is listed, and the others are counted.
//!
//! Groups are independent of each other, so all cores work at once; this is the only module that
//! has threads. What was worked out once is kept as a [`Checkpoint`] and taken up the next time if
//! file, rules, quarters and program are the same to the last byte.

use std::borrow::Cow;

use copact_core::ids::GroupId;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use copact_evidence::community::GroupQuarter;
use copact_evidence::rules::RuleSet;
use serde::Serialize;

mod checkpoint;
mod spread;
mod twice;
mod work;

pub use checkpoint::{CHECKPOINT_BYTES, Checkpoint, Content, ReadFrom, Unusable, key_of};

/// Reads a file; called whenever its bytes are needed, on any thread, so that few of them are in
/// memory at once. An error is a sentence.
pub type Reading<'a> = Box<dyn Fn() -> Result<Cow<'a, [u8]>, String> + Send + Sync + 'a>;
/// Opens a group and shows its views; called on any thread. An error is a sentence.
pub type Opening<'a> =
    Box<dyn Fn(&mut dyn FnMut(&Views<'_>)) -> Result<(), String> + Send + Sync + 'a>;

/// Where rows come from.
pub enum Source<'a> {
    /// A file, which should be a report bundle.
    Bundle(Reading<'a>),
    /// A group of which the ledger is here, verified when it was stored.
    Home {
        /// The digest of how far it goes, if that is known without opening it; else its rows are
        /// worked out each time.
        frontier: Option<[u8; 32]>,
        /// Opens it.
        open: Opening<'a>,
    },
}

/// Something to count.
pub struct Given<'a> {
    /// What people call it: a path, or a group's name. No two have the same.
    pub name: String,
    /// Where its rows come from.
    pub source: Source<'a>,
}

/// What is asked of all of them.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The first quarter.
    pub from: Quarter,
    /// The last one.
    pub to: Quarter,
    /// The rules by which all are judged.
    pub rules: &'a RuleSet,
    /// The program and its version: another one's checkpoints are not taken up.
    pub program: &'a str,
    /// How many threads work; with one, only the one that asks.
    pub threads: usize,
}

/// Where checkpoints are kept. Who can write there can lie to whoever reads it, as with any file of
/// theirs, and to nobody else.
pub trait Kept: Sync {
    /// What is kept under a key; nothing if it is longer than [`CHECKPOINT_BYTES`].
    fn load(&self, key: &[u8; 32]) -> Option<Vec<u8>>;
    /// Keeps it, if that can be done.
    fn keep(&self, key: &[u8; 32], bytes: &[u8]);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Kept for Nothing {
    fn load(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}
}

/// A group that is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Which of those given.
    pub name: String,
    /// The group.
    pub group: GroupId,
    /// `sealed`, `audit` or `home`.
    pub form: &'static str,
    /// Envelopes in its ledger.
    pub envelopes: u64,
    /// Members who signed the report; none of a ledger that is here.
    pub signed_by: u64,
    /// Of how many on the report's last day.
    pub of: u64,
    /// Whether its rows were worked out before.
    pub again: bool,
}

/// What is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Which of those given.
    pub name: String,
    /// For scripts, for example `signature` or `contained`.
    pub code: &'static str,
    /// Why.
    pub sentence: String,
    /// What is counted in its place: the same group.
    pub instead: Option<String>,
}

/// What came of it; the same in whatever order they were given, and by however many threads.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    /// The rows, by group, then quarter.
    pub rows: Vec<GroupQuarter>,
    /// The groups, by id.
    pub taken: Vec<Taken>,
    /// The others, by name.
    pub left_out: Vec<LeftOut>,
}

/// Makes the rows of all of them. `on_done` is told how many are done, of how many.
#[must_use]
pub fn gather(
    given: &[Given<'_>],
    asked: &Asked<'_>,
    kept: &dyn Kept,
    on_done: &mut dyn FnMut(usize, usize),
) -> Gathered {
    let one = |number: usize| given.get(number).map(|one| work::worked(one, asked, kept));
    let done = spread::spread(given.len(), asked.threads, &one, on_done);
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for (given, done) in given.iter().zip(done) {
        match done.flatten() {
            Some(Ok(worked)) => found.push((given, worked)),
            Some(Err(why)) => left_out.push(why.of(&given.name)),
            None => left_out.push(work::Trouble::stopped().of(&given.name)),
        }
    }
    let (once, others) = twice::once(found);
    left_out.extend(others);
    left_out.sort_by(|a, b| a.name.cmp(&b.name));
    let (mut rows, mut taken) = (Vec::new(), Vec::new());
    for (given, worked) in once {
        let Checkpoint { group, form, envelopes, signed_by, of, .. } = worked.known;
        let (name, form) = (given.name.clone(), form.word());
        taken.push(Taken { name, group, form, envelopes, signed_by, of, again: worked.again });
        rows.extend(worked.known.rows);
    }
    Gathered { rows, taken, left_out }
}
