//! An envelope whose ancestors are all here, and where it lies.

use super::Void;
use super::past::Reach;
use crate::act::Act;
use crate::day::Day;
use crate::entry::Entry;
use crate::envelope::{Content, Verified};
use crate::ids::EnvelopeId;

/// Where an envelope lies in this ledger: the order of arrival, so a device's own affair. Nothing
/// that leaves the ledger may depend on it; what does goes by [`super::Ledger::canonical`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub(super) u32);

impl Place {
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// An envelope whose ancestors are all here.
#[derive(Clone, Debug)]
pub struct Placed {
    pub(super) envelope: Verified,
    pub(super) before: Vec<Place>,
    pub(super) depth: u32,
    pub(super) latest_day: Day,
    pub(super) reach: Reach,
    pub(super) void: Option<Void>,
    pub(super) voice: bool,
}

impl Placed {
    /// The envelope.
    #[must_use]
    pub const fn envelope(&self) -> &Verified {
        &self.envelope
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> EnvelopeId {
        self.envelope.id()
    }

    /// The latest day that it or any of its ancestors claims.
    #[must_use]
    pub const fn latest_day(&self) -> Day {
        self.latest_day
    }

    /// Why it can never count, judged from its past alone.
    #[must_use]
    pub const fn void(&self) -> Option<&Void> {
        self.void.as_ref()
    }

    /// Whether its author had voice in its past; known of what is somebody's word: admissions,
    /// attestations, confirmations.
    #[must_use]
    pub const fn voice(&self) -> bool {
        self.voice
    }

    /// The entry it carries, if it is one.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        match self.envelope.content() {
            Content::Entry(entry) => Some(entry),
            _ => None,
        }
    }

    /// The act it carries, if it is one.
    #[must_use]
    pub fn act(&self) -> Option<&Act> {
        match self.envelope.content() {
            Content::Act(act) => Some(act),
            _ => None,
        }
    }
}
