//! What happened in a run, line by line: its digest is what a replay must have again.

use std::collections::VecDeque;
use std::fmt::{Arguments, Write as _};

/// So many lines are told of a run that failed.
const LAST: usize = 40;

/// The lines of a run: all of them where asked for, else the last ones.
#[derive(Debug)]
pub struct Trace {
    hasher: blake3::Hasher,
    lines: VecDeque<String>,
    whole: bool,
}

impl Trace {
    /// An empty one, which keeps every line if it is `whole`.
    #[must_use]
    pub fn new(whole: bool) -> Self {
        Self { hasher: blake3::Hasher::new(), lines: VecDeque::new(), whole }
    }

    /// Adds what happened at a moment, in milliseconds.
    pub fn line(&mut self, now: u64, what: Arguments<'_>) {
        let full = !self.whole && self.lines.len() >= LAST;
        let mut line = if full { self.lines.pop_front() } else { None }.unwrap_or_default();
        line.clear();
        // Writing to a String does not fail.
        let _ = write!(line, "{:>9}.{:03} {what}", now / 1_000, now % 1_000);
        self.hasher.update(line.as_bytes()).update(b"\n");
        self.lines.push_back(line);
    }

    /// The digest of all lines so far.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }

    /// The lines that were kept.
    #[must_use]
    pub fn into_lines(self) -> Vec<String> {
        self.lines.into()
    }
}
