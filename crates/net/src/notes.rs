//! Lines for the log, few enough to be read: who is refused decides how often, not how much is
//! written.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lines that may be written at once.
const BURST: u32 = 20;
/// And one more each time this has passed.
const REFILL: Duration = Duration::from_secs(3);
/// Characters of what another device says that are shown.
const SAID: usize = 200;

#[derive(Debug)]
struct State {
    left: u32,
    since: Instant,
    kept_back: u64,
}

/// A tap for lines.
#[derive(Debug)]
pub(crate) struct Notes(Mutex<State>);

impl Notes {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(State { left: BURST, since: now, kept_back: 0 }))
    }

    /// The line as it is to be written now, if it is.
    pub(crate) fn write(&self, line: &str, now: Instant) -> Option<String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(state.since).as_millis() / REFILL.as_millis();
        let come = u32::try_from(passed).unwrap_or(u32::MAX);
        state.since += REFILL.saturating_mul(come);
        state.left = state.left.saturating_add(come).min(BURST);
        if state.left == 0 {
            state.kept_back += 1;
            return None;
        }
        state.left -= 1;
        Some(match std::mem::take(&mut state.kept_back) {
            0 => line.to_owned(),
            more => format!("{line} (and {more} more lines like this before it)"),
        })
    }
}

/// What another device says, as it can be shown: one short line of visible characters.
pub(crate) fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let shown = text.chars().filter(|c| !c.is_control() && !turns_text(*c)).take(SAID);
    shown.collect::<String>().trim().to_owned()
}

/// Characters that change the order or the look of the others, and those that cannot be seen.
const fn turns_text(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_lines_is_cut_and_counted() {
        let start = Instant::now();
        let notes = Notes::new(start);
        let written = (0..1_000).filter_map(|_| notes.write("refused", start)).count();
        assert_eq!(written, 20);
        let next = notes.write("refused", start + REFILL);
        assert_eq!(next, Some("refused (and 980 more lines like this before it)".into()));
        assert_eq!(notes.write("refused", start + REFILL), None);
    }

    #[test]
    fn what_others_say_is_one_short_visible_line() {
        assert_eq!(said(b"good\nbye \x1b[31m\xff"), "goodbye [31m");
        assert_eq!(said("a\u{202e}b\u{200b}c".as_bytes()), "abc");
        assert_eq!(said("x".repeat(1_000).as_bytes()).len(), SAID);
    }
}
