//! What is new since somebody looked.

use super::{Ledger, Place, Placed};

impl Ledger {
    /// The envelopes placed since there were `count` of them, ancestors first, at a cost of only
    /// these.
    pub fn since(&self, count: usize) -> impl Iterator<Item = (Place, &Placed)> {
        let number = |at: usize| u32::try_from(at).ok().map(Place);
        let new = self.placed.iter().enumerate().skip(count);
        new.filter_map(move |(at, placed)| Some((number(at)?, placed)))
    }
}
