//! A sign of life for work that takes more than a second.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Console, Output, visible_line};
use crate::failure::Failure;

const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error, shown once the work has taken a second, and only to a person at a
/// terminal. It goes away when dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    due: Option<Instant>,
}

impl Progress {
    /// Starts to count. `total` in the same unit as [`Progress::reach`], if it is known.
    #[must_use]
    pub fn new(what: &str, total: Option<u64>, output: &Output) -> Self {
        let watched = output.console().is_own() && io::stderr().is_terminal() && !output.is_json();
        Self::due_at(what, total, watched.then(|| Instant::now() + PATIENCE))
    }

    fn due_at(what: &str, total: Option<u64>, due: Option<Instant>) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let template =
            if total.is_some() { "{msg} {wide_bar} {pos}/{len}" } else { "{spinner} {msg} {pos}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(visible_line(what));
        Self { bar, due }
    }

    /// Says how far the work is.
    pub fn reach(&mut self, done: u64) {
        if self.due.is_some_and(|due| Instant::now() >= due) {
            self.due = None;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// One line at the bottom that says how things stand, as long as a command runs; where there is no
/// terminal, a line each time it changes.
#[derive(Debug)]
pub struct Live {
    bar: Option<ProgressBar>,
}

impl Live {
    /// A line for a person, of the process's own terminal if there is one.
    #[must_use]
    pub fn new(output: &Output) -> Self {
        let watched = output.console().is_own() && io::stderr().is_terminal() && !output.is_json();
        let bar = watched.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar }
    }

    /// Says how things stand.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn show(&self, console: &Console, words: &str) -> Result<(), Failure> {
        match &self.bar {
            Some(bar) => {
                bar.set_message(visible_line(words));
                bar.tick();
                Ok(())
            }
            None => console.write(&format!("{}\n", visible_line(words))),
        }
    }

    /// Says something that stays, above the line.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn above(&self, console: &Console, words: &str) -> Result<(), Failure> {
        let write = || console.write(&format!("{}\n", visible_line(words)));
        self.bar.as_ref().map_or_else(write, |bar| bar.suspend(write))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_appears_only_when_its_time_has_come() {
        let shown = |due| {
            let mut progress = Progress::due_at("reading", Some(10), due);
            progress.reach(3);
            assert_eq!(progress.bar.position(), 3);
            progress.due != due
        };
        assert!(!shown(None));
        assert!(!shown(Some(Instant::now() + Duration::from_secs(600))));
        assert!(shown(Some(Instant::now())));
    }
}
