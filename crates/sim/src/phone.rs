//! A device: keys, a disk, and what is in memory while it is on.
//!
//! It takes in, writes and saves by the rules of `copact-node`, without any file.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::day::Day;
use copact_core::envelope::{Chain, Verified};
use copact_core::ids::{GroupId, Incarnation, MemberId, TextHash};
use copact_core::keys::{BoxKey, DeviceKey, DeviceSecret, SignatureBytes};
use copact_core::ledger::{Ledger, PersonIx};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_sync::exchange::{Exchange, Moment, Quota, Shelf};

mod admissions;
mod intake;
mod saving;
mod writing;

pub use admissions::admissions;
pub use intake::Broken;
pub use saving::NotSaved;
pub use writing::Refused;

const FIRST_DAY: &str = "2026-03-02";
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What was committed. Copying it is a backup.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Envelopes, ancestors first.
    pub envelopes: Vec<Verified>,
    /// Side texts.
    pub texts: BTreeMap<TextHash, SideText>,
    /// Profile records.
    pub profiles: Vec<Profile>,
    /// The chain that the device writes in.
    pub incarnation: Option<Incarnation>,
    /// What of each author was taken in on one day.
    pub quota: Quota,
}

/// What is outside of backups: how far the device knows its chain to go.
pub type Marker = Option<(Incarnation, u64)>;

/// What is in memory while the device is on.
#[derive(Debug, Default)]
pub struct Memory {
    /// The ledger; none on a newcomer's device.
    pub ledger: Option<Ledger>,
    /// The side texts that are here.
    pub texts: BTreeMap<TextHash, SideText>,
    /// Named, not here, not erased.
    pub wanted: BTreeSet<TextHash>,
    /// The profile records that are here.
    pub profiles: Vec<Profile>,
    incarnation: Option<Incarnation>,
    dirty: bool,
}

/// What tells one state of a device from another: of its envelopes, texts and profile records.
pub type Kept = (Option<[u8; 32]>, Vec<TextHash>, BTreeSet<SignatureBytes>);

impl Memory {
    /// What the exchange is shown.
    #[must_use]
    pub const fn shelf(&self, group: GroupId, day: i64) -> Shelf<'_> {
        Shelf {
            group,
            ledger: self.ledger.as_ref(),
            texts: &self.texts,
            wanted: &self.wanted,
            profiles: self.profiles.as_slice(),
            day,
        }
    }
}

/// A device.
#[derive(Debug)]
pub struct Phone {
    /// Its signing key.
    pub secret: DeviceSecret,
    /// The public one.
    pub key: DeviceKey,
    /// The group it is in, or wants to be in.
    pub group: GroupId,
    /// What was committed.
    pub disk: Disk,
    /// Beside the disk.
    pub marker: Marker,
    /// Whether the disk takes nothing at present.
    pub full: bool,
    /// Days by which its clock is wrong.
    pub clock: i32,
    /// Whether it is on.
    pub on: bool,
    /// What is in memory.
    pub memory: Memory,
    /// Its exchange.
    pub exchange: Exchange,
    /// When it is to be ticked.
    pub tick: Option<u64>,
    /// Whether it keeps to the rules that honest devices keep to.
    pub honest: bool,
    /// What its sponsor handed it: who let it in, as long as it has no ledger that says so.
    pub admissions: Vec<Vec<u8>>,
    /// How often it was given a name.
    named: u32,
}

impl Phone {
    /// What it has in memory.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let memory = &self.memory;
        let frontier = memory.ledger.as_ref().map(|ledger| ledger.frontier().digest());
        let profiles = memory.profiles.iter().map(|one| one.signature).collect();
        (frontier, memory.texts.keys().copied().collect(), profiles)
    }

    /// A device with nothing on it, switched on.
    #[must_use]
    pub fn new(secret: DeviceSecret, group: GroupId, honest: bool) -> Self {
        let key = secret.public();
        let memory = Memory::default();
        let exchange = Exchange::new(key, Quota::default(), memory.shelf(group, 0));
        Self {
            secret,
            key,
            group,
            disk: Disk::default(),
            marker: None,
            full: false,
            clock: 0,
            on: true,
            memory,
            exchange,
            admissions: Vec::new(),
            tick: None,
            honest,
            named: 0,
        }
    }

    /// The sealing key that goes with a device's key; nothing is sealed here.
    #[must_use]
    pub const fn box_key(&self) -> BoxKey {
        BoxKey::from_bytes(*self.key.as_bytes())
    }

    /// The day that it claims.
    #[must_use]
    pub fn day(&self, now: u64) -> Day {
        let days = i32::try_from(now / DAY).unwrap_or(i32::MAX);
        first_day().plus(days.saturating_add(self.clock))
    }

    /// The number of that day.
    #[must_use]
    pub fn day_number(&self, now: u64) -> i64 {
        i64::try_from(now / DAY).unwrap_or(i64::MAX).saturating_add(i64::from(self.clock))
    }

    /// Switches on: reads the disk, and knows nothing else.
    pub fn start(&mut self) {
        let ledger = (!self.disk.envelopes.is_empty())
            .then(|| Ledger::of(self.disk.envelopes.iter().cloned()))
            .and_then(Result::ok);
        self.memory = Memory {
            ledger,
            texts: self.disk.texts.clone(),
            wanted: BTreeSet::new(),
            profiles: self.disk.profiles.clone(),
            incarnation: None,
            dirty: false,
        };
        self.memory.incarnation = self.continued();
        self.look_for_texts();
        self.on = true;
    }

    /// Forgets what was written and not saved.
    pub fn forget(&mut self) {
        if self.memory.dirty {
            self.start();
        }
    }

    /// Switches on with an exchange that knows nobody.
    pub fn restart(&mut self, now: u64) {
        self.start();
        let shelf = self.memory.shelf(self.group, self.day_number(now));
        self.exchange = Exchange::new(self.key, self.disk.quota.clone(), shelf);
        self.tick = None;
    }

    /// The incarnation to go on in, if the marker vouches for it.
    fn continued(&mut self) -> Option<Incarnation> {
        let incarnation = self.disk.incarnation?;
        let ledger = self.memory.ledger.as_ref()?;
        let chain = Chain { device: self.key, incarnation };
        let mut tips = ledger.frontier().tips(&chain);
        let stored = tips.next().map(|tip| tip.seq)?;
        if tips.next().is_some() {
            return None;
        }
        let (marked, seq) = self.marker?;
        if marked != incarnation || seq > stored {
            return None;
        }
        self.marker = Some((incarnation, stored));
        Some(incarnation)
    }

    /// The ledger.
    ///
    /// # Errors
    /// A newcomer has none yet.
    pub fn ledger(&self) -> Result<&Ledger, Refused> {
        self.memory.ledger.as_ref().ok_or(Refused::NoLedger)
    }

    /// The member whose device this is.
    #[must_use]
    pub fn me(&self) -> Option<(PersonIx, MemberId)> {
        let now = self.memory.ledger.as_ref()?.now();
        let person = now.of_device(&self.key)?;
        Some((person, now.id(person)?))
    }

    /// Whether what it writes would count.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.memory.ledger.as_ref().is_some_and(|ledger| stands(ledger, &self.key))
    }

    /// How many envelopes it has in memory.
    #[must_use]
    pub fn len(&self) -> usize {
        self.memory.ledger.as_ref().map_or(0, Ledger::len)
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls the exchange with the shelf as it is.
    pub fn with_exchange<T>(
        &mut self,
        now: u64,
        call: impl FnOnce(&mut Exchange, Shelf<'_>, Moment) -> T,
    ) -> T {
        let day = self.day_number(now);
        call(&mut self.exchange, self.memory.shelf(self.group, day), Moment(now))
    }
}

/// The day on which every run begins.
#[must_use]
pub fn first_day() -> Day {
    Day::parse(FIRST_DAY).unwrap_or_else(|_| unreachable!("it is a day"))
}

/// Whether what a device writes would count: as `copact-node` asks before it writes.
#[must_use]
pub fn stands(ledger: &Ledger, device: &DeviceKey) -> bool {
    let now = ledger.now();
    now.of_device(device).is_some_and(|me| {
        !now.is_removed(me)
            && !now.is_ended(device, me)
            && now.is_device_brought_in(device)
            && now.leaves(me).is_empty()
    })
}
