//! How much of one author is taken in on one day.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Chain;
use copact_core::keys::DeviceKey;

use crate::limits;

/// What was taken in of each author today.
#[derive(Clone, Debug, Default)]
pub struct Quota {
    day: i64,
    used: BTreeMap<DeviceKey, (u32, u64)>,
    /// Chains of which something was left for another day.
    held: BTreeSet<Chain>,
}

impl Quota {
    /// What was counted before on that day.
    #[must_use]
    pub const fn on(day: i64, used: BTreeMap<DeviceKey, (u32, u64)>) -> Self {
        Self { day, used, held: BTreeSet::new() }
    }

    /// The day, and of each author envelopes and bytes.
    #[must_use]
    pub const fn used(&self) -> (i64, &BTreeMap<DeviceKey, (u32, u64)>) {
        (self.day, &self.used)
    }

    /// Begins another day, when it is one. A clock that goes back changes nothing: it would be a way
    /// to ask for more.
    pub(super) fn begin(&mut self, day: i64) -> bool {
        let another = day > self.day;
        if another {
            *self = Self { day, ..Self::default() };
        }
        another
    }

    /// Whether an envelope of that size may come in today; if not, its chain is held.
    pub(super) fn allows(&mut self, chain: &Chain, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let (envelopes, used) = self.used.get(&chain.device).copied().unwrap_or_default();
        let fits =
            envelopes < limits::DAY_ENVELOPES && used.saturating_add(bytes) <= limits::DAY_BYTES;
        if !fits {
            self.held.insert(*chain);
        }
        fits
    }

    pub(super) fn count(&mut self, device: DeviceKey, bytes: usize) {
        let (envelopes, used) = self.used.entry(device).or_default();
        *envelopes = envelopes.saturating_add(1);
        *used = used.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Chains of which something was left for another day.
    #[must_use]
    pub const fn held(&self) -> &BTreeSet<Chain> {
        &self.held
    }
}
