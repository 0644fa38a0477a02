//! How much of one author is taken in on one day.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Chain;
use copact_core::keys::DeviceKey;

use crate::limits;

/// On whose account an envelope is taken in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Account {
    /// Its author's, a device of the group.
    Author(DeviceKey),
    /// Nobody let its author in, as far as is known here, and keys cost nothing: that of the device
    /// that brings it.
    Bringer(DeviceKey),
}

/// What was taken in of each author today.
#[derive(Clone, Debug, Default)]
pub struct Quota {
    day: i64,
    used: BTreeMap<DeviceKey, (u32, u64)>,
    /// What each device brought of authors whom nobody let in.
    brought: BTreeMap<DeviceKey, (u32, u64)>,
    /// Chains of which something was left for another day.
    held: BTreeSet<Chain>,
}

impl Quota {
    /// What was counted before on that day.
    #[must_use]
    pub const fn on(day: i64, used: BTreeMap<DeviceKey, (u32, u64)>) -> Self {
        Self { day, used, brought: BTreeMap::new(), held: BTreeSet::new() }
    }

    /// The day, and of each author envelopes and bytes.
    #[must_use]
    pub const fn used(&self) -> (i64, &BTreeMap<DeviceKey, (u32, u64)>) {
        (self.day, &self.used)
    }

    /// Begins another day, when it is one. A clock that goes back by one changes nothing; one that
    /// goes back further was wrong, and what it counted must not count until that day comes.
    pub(super) fn begin(&mut self, day: i64) -> bool {
        let another = day > self.day || day < self.day.saturating_sub(1);
        if another {
            *self = Self { day, ..Self::default() };
        }
        another
    }

    /// Whether an envelope of that size may come in today; if not, its chain is held.
    pub(super) fn allows(&mut self, account: Account, chain: &Chain, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let counted = match &account {
            Account::Author(device) => self.used.get(device),
            Account::Bringer(device) => self.brought.get(device),
        };
        let (envelopes, used) = counted.copied().unwrap_or_default();
        let fits =
            envelopes < limits::DAY_ENVELOPES && used.saturating_add(bytes) <= limits::DAY_BYTES;
        if !fits && self.held.len() < limits::CHAINS {
            self.held.insert(*chain);
        }
        fits
    }

    pub(super) fn count(&mut self, account: Account, bytes: usize) {
        let (envelopes, used) = match account {
            Account::Author(device) => self.used.entry(device).or_default(),
            Account::Bringer(device) => self.brought.entry(device).or_default(),
        };
        *envelopes = envelopes.saturating_add(1);
        *used = used.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Chains of which something was left for another day.
    #[must_use]
    pub const fn held(&self) -> &BTreeSet<Chain> {
        &self.held
    }
}
