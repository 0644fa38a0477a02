//! One group and the peers it has: what arrives goes into its exchange, what comes out is done.

use std::time::{Duration, Instant};

use copact_core::ids::GroupId;
use copact_core::keys::DeviceKey;
use copact_net::{Link, Room};
use copact_sync::exchange::{Moment, Peer, Quota};

use super::here::Keeps;
use super::talk::Talk;
use super::telling::Happened;
use crate::error::Result;
use crate::home::Home;

/// How long nobody is answered after what came in could not be stored.
const REST: Duration = Duration::from_secs(5);

/// What arrives for one group.
pub(super) enum Input {
    Opened {
        link: Link,
        peer: Peer,
        address: String,
    },
    Message {
        link: Link,
        bytes: Vec<u8>,
        room: Room,
    },
    Closed {
        link: Link,
        why: String,
    },
    /// Time passed.
    Tick,
    /// Somebody may have written.
    Look,
}

/// What is to be done on the network.
#[derive(Debug)]
pub(super) enum Out {
    Send(Link, Vec<u8>),
    Close(Link, String),
}

/// What came of a turn.
#[derive(Default)]
pub(super) struct Done {
    pub(super) out: Vec<Out>,
    pub(super) happened: Vec<Happened>,
    /// This device came in, so that what the network knows of it is new.
    pub(super) entered: bool,
}

/// The moment of a turn.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) at: Instant,
    pub(super) moment: Moment,
    pub(super) day: i64,
}

/// One group and its peers.
pub(super) struct Joined {
    pub(super) keeps: Keeps,
    pub(super) talk: Talk,
    /// Nobody is answered before.
    rests_until: Option<Instant>,
}

impl Joined {
    pub(super) fn new(group: GroupId, me: DeviceKey, quota: Quota, keeps: Keeps) -> Self {
        Self { keeps, talk: Talk::new(group, me, quota), rests_until: None }
    }

    /// Does what follows from what arrived. Nothing is sent before all that was taken in is on the
    /// disk.
    pub(super) fn turn(&mut self, home: &Home, inputs: Vec<Input>, now: Now) -> Done {
        let mut done = Done::default();
        let inputs = self.awake(inputs, now, &mut done);
        if let Err(error) = self.answer(home, inputs, now, &mut done) {
            tracing::warn!(group = %self.talk.group, %error, "what came in could not be stored");
            // What was to be sent speaks of what is not stored.
            done.out.clear();
            self.talk.fail(&error, now, &mut done);
            self.rests_until = Some(now.at + REST);
        }
        self.talk.end_turn();
        done
    }

    /// While it rests, connections are closed with a sentence; they come again.
    fn awake(&mut self, inputs: Vec<Input>, now: Now, done: &mut Done) -> Vec<Input> {
        if self.rests_until.is_none_or(|until| now.at >= until) {
            self.rests_until = None;
            return inputs;
        }
        let rests = |input: &Input| match input {
            Input::Opened { link, .. } => Some(*link),
            _ => None,
        };
        let why = "this device cannot store anything now; try again later";
        done.out
            .extend(inputs.iter().filter_map(rests).map(|link| Out::Close(link, why.to_owned())));
        Vec::new()
    }

    fn answer(&mut self, home: &Home, inputs: Vec<Input>, now: Now, done: &mut Done) -> Result<()> {
        if self.rests_until.is_some() {
            return Ok(());
        }
        let talk = &mut self.talk;
        let mut here = self.keeps.here(home)?;
        talk.begin(&here, now);
        // People may have written since the last turn: what arrives is judged by all that is here.
        talk.look(&mut here, now, done)?;
        // Held to the end, so that whoever sends faster than this device works is slowed down.
        let mut rooms = Vec::new();
        for mut input in inputs {
            if let Input::Message { room, .. } = &mut input {
                rooms.push(std::mem::replace(room, Room::none()));
            }
            talk.input(input, &mut here, now, done)?;
        }
        here.settle(talk.quota())?;
        talk.look(&mut here, now, done)?;
        talk.account(&here, done);
        drop(here);
        if let Some(name) = self.keeps.enter(home)? {
            done.happened.push(Happened::Entered { group: talk.group, name });
            done.entered = true;
            let mut here = self.keeps.here(home)?;
            talk.look(&mut here, now, done)?;
        }
        Ok(())
    }

    /// When it wants a turn of its own accord.
    pub(super) fn next_tick(&self) -> Option<Moment> {
        self.talk.next_tick()
    }
}
