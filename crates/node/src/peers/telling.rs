//! What people and scripts are told of peers.

use std::collections::BTreeSet;
use std::time::Instant;

use copact_core::ids::{GroupId, MemberId};
use copact_core::keys::DeviceKey;
use copact_net::Link;
use serde::Serialize;

use super::pairing::Asks;

/// Something happened between this device and others. As JSON each is an object with its kind
/// under `event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happened {
    /// A device of a group is connected, or is no more.
    Peer {
        /// The group.
        group: GroupId,
        /// The device.
        device: DeviceKey,
        /// The name of the member whose it is, if it is known.
        name: Option<String>,
        /// Where it answers.
        address: String,
        /// Whether it is connected.
        connected: bool,
        /// If not, why.
        why: Option<String>,
    },
    /// New things came in, and are on the disk.
    Received {
        /// The group.
        group: GroupId,
        /// The names of the members whose devices brought them, as far as they are known.
        from: Vec<String>,
        /// New envelopes.
        envelopes: usize,
        /// New texts.
        texts: usize,
        /// New names.
        profiles: usize,
    },
    /// Somebody asks to join by an invite of this device; both sides show the code.
    Asks(Asks),
    /// They broke off before they were answered.
    AskedNoMore {
        /// The code that was shown.
        code: String,
    },
    /// This device asks to join; both sides show the code.
    Code {
        /// The code.
        code: String,
    },
    /// This device was let in; what the group has is on its way.
    LetIn,
    /// This device was not let in, or could not ask.
    NotLetIn {
        /// Why, as a sentence.
        why: String,
    },
    /// This device has entered a group: its ledger is on the disk.
    Entered {
        /// The group.
        group: GroupId,
        /// Its name.
        name: String,
    },
    /// Something worth a line.
    Note {
        /// A sentence.
        line: String,
    },
}

/// How far this device and those it met since it began are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Devices that it met.
    pub found: usize,
    /// Those that are connected now.
    pub connected: usize,
    /// Those that have all that it has, and it all that they have, as far as was heard.
    pub up_to_date: usize,
}

/// How far a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Something is under way, or was when it went.
    Syncing,
    /// Both have the same.
    UpToDate,
    /// It is of the group no more, and gets what led to that.
    Parted,
    /// What is missing comes another day.
    Delayed,
}

/// One device that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerRow {
    /// The device.
    pub device: DeviceKey,
    /// The member whose it is, if that is known.
    pub member: Option<MemberId>,
    /// Their name.
    pub name: Option<String>,
    /// The group.
    pub group: GroupId,
    /// Where it answers.
    pub address: String,
    /// Whether it is connected.
    pub connected: bool,
    /// How far it is.
    pub state: State,
    /// Seconds since it was connected, or since it went.
    pub seconds: u64,
    /// Envelopes that came in from it.
    pub received: usize,
    /// Why the last connection ended.
    pub error: Option<String>,
}

/// What is known of a device that was met.
#[derive(Debug)]
pub(super) struct Met {
    pub(super) address: String,
    pub(super) links: BTreeSet<Link>,
    /// People were told of it; before that it counts for nothing.
    pub(super) told: bool,
    pub(super) since: Instant,
    pub(super) received: usize,
    pub(super) error: Option<String>,
    /// How far it was last.
    pub(super) state: State,
    /// How much was here when both had the same last.
    pub(super) even_at: Option<usize>,
}

impl Met {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            address: String::new(),
            links: BTreeSet::new(),
            told: false,
            since: now,
            received: 0,
            error: None,
            state: State::Syncing,
            even_at: None,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        !self.links.is_empty()
    }

    /// How far it is; who went up to date is that until something is written here.
    pub(super) fn state(&self, envelopes: usize) -> State {
        let even = self.even_at == Some(envelopes);
        match self.state {
            State::UpToDate if !self.is_connected() && !even => State::Syncing,
            State::Syncing if !self.is_connected() && even => State::UpToDate,
            state => state,
        }
    }
}
