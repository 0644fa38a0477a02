//! When to ask and when to answer on one LAN.
//!
//! Every endpoint is told of every few seconds without being asked, and others' questions stand
//! for this device's own, so that a room does not ask by everybody. Answers wait a random moment
//! and keep a distance that grows with the crowd, up to a limit: what a LAN carries is bounded, and
//! a stranger who asks all the time gets no more answers for it.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

/// About how often an endpoint is told of without being asked.
pub(super) const PERIOD: Duration = Duration::from_secs(6);
/// About how often the LAN is asked.
const ASK: Duration = Duration::from_secs(9);
/// Pauses after the first sendings, as packets are lost: at 0, 0.5, 1.5 and 4 seconds.
const FIRST: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_millis(2500)];
/// The distance between answers: alone, and in the greatest crowd.
const GAP: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(4));
/// The random wait before an answer: alone, and in the greatest crowd.
const WAIT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How many devices are the greatest crowd.
const CROWD: u32 = 200;

/// What is due now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    pub ask: bool,
    pub answer: bool,
}

/// The state of one LAN.
#[derive(Clone, Debug)]
pub(super) struct Cadence {
    ask_at: Instant,
    asked: usize,
    answer_at: Instant,
    answered: usize,
    last_answer: Option<Instant>,
}

fn between((least, most): (Duration, Duration), crowd: usize) -> Duration {
    let crowd = u32::try_from(crowd).unwrap_or(CROWD).min(CROWD);
    least + most.saturating_sub(least) * crowd / CROWD
}

/// A random duration below `most`, of no use to anybody who guesses it.
fn up_to(most: Duration) -> Duration {
    let drawn = RandomState::new().build_hasher().finish();
    let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX).max(1);
    Duration::from_micros(drawn % most)
}

impl Cadence {
    /// A LAN that has just come up.
    pub(super) fn new(now: Instant) -> Self {
        let answer_at = now + up_to(WAIT.0);
        Self { ask_at: now, asked: 0, answer_at, answered: 0, last_answer: None }
    }

    /// What this process announces has changed: tell, soon and a few times.
    pub(super) fn changed(&mut self, now: Instant) {
        self.answered = 0;
        self.answer_at = self.answer_at.min(self.earliest(now));
    }

    /// Somebody asked.
    pub(super) fn question(&mut self, now: Instant, crowd: usize) {
        // The first questions are never left to others: who came knows nobody yet.
        if self.asked > FIRST.len() {
            self.ask_at = now + ASK + up_to(ASK / 2);
        }
        let gap = self.last_answer.map_or(now, |last| last + between(GAP, crowd));
        let at = now.max(gap) + up_to(between(WAIT, crowd));
        self.answer_at = self.answer_at.min(at);
    }

    fn earliest(&self, now: Instant) -> Instant {
        self.last_answer.map_or(now, |last| now.max(last + GAP.0))
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Instant {
        self.ask_at.min(self.answer_at)
    }

    /// Takes what is due. `speaks`: there is something to answer.
    pub(super) fn due(&mut self, now: Instant, speaks: bool) -> Due {
        let due = Due { ask: self.ask_at <= now, answer: speaks && self.answer_at <= now };
        if due.ask {
            let pause = FIRST.get(self.asked).copied();
            self.ask_at = now + pause.unwrap_or_else(|| ASK + up_to(ASK / 2));
            self.asked = self.asked.saturating_add(1);
        }
        if due.answer {
            let pause = FIRST.get(self.answered).copied();
            self.answer_at = now + pause.unwrap_or_else(|| PERIOD + up_to(PERIOD / 4));
            self.answered = self.answered.saturating_add(1);
            self.last_answer = Some(now);
        } else if self.answer_at <= now {
            self.answer_at = now + PERIOD;
        }
        due
    }
}
