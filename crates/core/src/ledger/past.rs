//! Who is whose ancestor.

use std::collections::HashSet;

use super::{Ledger, Place};

/// A set of envelopes that is closed under ancestors, over which standing and consent are asked.
#[derive(Clone, Debug)]
pub enum Closed {
    /// Everything in the ledger.
    All,
    /// The strict ancestors of one envelope.
    Past(HashSet<Place>),
}

impl Closed {
    /// Whether the envelope at that place is in the set.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        match self {
            Self::All => true,
            Self::Past(places) => places.contains(&place),
        }
    }
}

impl Ledger {
    /// The past of an envelope, written out. Costs as much as the past is long.
    #[must_use]
    pub fn past(&self, of: Place) -> Closed {
        let mut past = HashSet::new();
        let mut next = vec![of];
        while let Some(place) = next.pop() {
            for before in self.before(place) {
                if past.insert(*before) {
                    next.push(*before);
                }
            }
        }
        Closed::Past(past)
    }

    /// Whether `ancestor` is in the past of `of`.
    #[must_use]
    pub fn in_past(&self, ancestor: Place, of: Place) -> bool {
        self.all_in_past(&[ancestor], of)
    }

    /// Whether all of these are in the past of `of`. Walks back no further than the shallowest
    /// one, and stops once all are found, so that naming something recent is cheap.
    #[must_use]
    pub fn all_in_past(&self, ancestors: &[Place], of: Place) -> bool {
        let mut wanted: HashSet<Place> = ancestors.iter().copied().collect();
        let depth = |place: Place| self.at(place).map_or(0, |at| at.depth);
        let shallowest = wanted.iter().map(|place| depth(*place)).min().unwrap_or(0);
        let mut seen = HashSet::new();
        let mut next = vec![of];
        while let Some(place) = next.pop() {
            if wanted.is_empty() {
                return true;
            }
            for before in self.before(place) {
                if seen.insert(*before) {
                    wanted.remove(before);
                    if depth(*before) > shallowest {
                        next.push(*before);
                    }
                }
            }
        }
        wanted.is_empty()
    }

    /// Those of `places` that none of the others has in its past.
    pub(super) fn latest(&self, places: &[Place]) -> Vec<Place> {
        let covered = |place: Place| {
            places.iter().any(|other| *other != place && self.in_past(place, *other))
        };
        places.iter().copied().filter(|place| !covered(*place)).collect()
    }
}
