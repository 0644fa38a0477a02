//! Running seeds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::chance::Chance;
use crate::plan::{Plan, Wish};
use crate::tally::Tally;
use crate::world::{Sabotage, World};

/// How a seed is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What whoever runs it decides.
    pub wish: Wish,
    /// Whether every line of the trace is kept.
    pub trace: bool,
    /// A fault that must be found.
    pub sabotage: Sabotage,
}

/// What came of a seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Its devices.
    pub devices: usize,
    /// The digest of its trace.
    pub digest: [u8; 32],
    /// The whole trace where asked for, else its last lines.
    pub lines: Vec<String>,
    /// Counts.
    pub tally: Tally,
    /// What is wrong, if anything is.
    pub wrong: Option<String>,
}

/// Runs a seed. A panic is a failure of that seed.
#[must_use]
pub fn run(seed: u64, options: Options) -> Outcome {
    let mut chance = Chance::of(seed);
    let plan = Plan::draw(seed, options.wish, &mut chance);
    let mut world = World::new(plan, chance, options.trace, options.sabotage);
    let ran = catch_unwind(AssertUnwindSafe(|| world.run()));
    let wrong = match ran {
        Ok(Ok(())) => None,
        Ok(Err(wrong)) => Some(wrong.0),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(format!("a panic: {}", text.unwrap_or_default()))
        }
    };
    Outcome {
        seed,
        devices: world.phones.len(),
        digest: world.trace.digest(),
        lines: world.trace.into_lines(),
        tally: world.tally,
        wrong,
    }
}
