//! One group, open for a command: its ledger, this device's place in it, and what was written but
//! not saved yet.
//!
//! A command writes envelopes, then calls [`Group::save`]: one transaction, or nothing. Whatever
//! was not saved is forgotten when the command ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use copact_core::act::Act;
use copact_core::envelope::Verified;
use copact_core::ids::{EnvelopeId, GroupId, Incarnation, MemberId, TextHash};
use copact_core::ledger::{Ledger, PersonIx};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_core::views::{Labels, Screening, Views};
use copact_store::{Batch, Store, StoreError, StoreKey};
use zeroize::Zeroizing;

use crate::error::{NodeError, Result};
use crate::first_screen::{self, GroupScreen};
use crate::home::{Clock, Home};

mod due;
mod erasing;
mod held;
mod intake;
mod parting;
mod saving;
mod secrets;
mod writing;

pub(crate) use erasing::texts_of;
pub use held::{Held, OpenGroup};
pub use intake::TakenIn;
pub use parting::{Parted, WhyParted};
#[cfg(test)]
pub(crate) use saving::disk_of_a_test;
pub use secrets::Secrets;
pub(crate) use secrets::{BOX, DEVICE, PRESENCE};

/// How often a store is asked for that another command has open, and what lies between.
const TRIES: u32 = 40;
const BETWEEN_TRIES: std::time::Duration = std::time::Duration::from_millis(50);

pub(crate) const INCARNATION: &str = "incarnation";

/// Where the group is kept: a store, or one that the first [`Group::save`] makes, whole or not at
/// all.
enum Disk {
    Open(Store),
    New(PathBuf),
}

/// An open group.
pub struct Group {
    home: Home,
    disk: Disk,
    ledger: Ledger,
    texts: BTreeMap<TextHash, SideText>,
    profiles: Vec<Profile>,
    secrets: Secrets,
    incarnation: Option<Incarnation>,
    batch: Batch,
    written: Vec<EnvelopeId>,
    /// The first screen, once asked for.
    pub(crate) screening: Option<Screening>,
    /// The first screen as it was last saved.
    pub(crate) shown: Option<GroupScreen>,
    /// Texts that are still to come.
    wanted: erasing::Wanted,
    /// What the last save looked at for erasures.
    heeded: Option<erasing::Heeded>,
    /// A save is under way, or failed, so that the ledger has what the store may not have.
    unsaved: bool,
}

impl Group {
    /// Opens the group in a store's folder.
    ///
    /// # Errors
    /// The store cannot be opened or read.
    pub(crate) fn open(home: &Home, folder: &Path) -> Result<OpenGroup> {
        match OpenGroup::lent(home, folder) {
            Some(lent) => Ok(lent),
            None => Ok(OpenGroup::new(home, folder, Self::load(home, folder)?)),
        }
    }

    fn load(home: &Home, folder: &Path) -> Result<Self> {
        let store = open_in_turn(folder, &home.key()?)?;
        let ledger = Ledger::of(store.load()?)?;
        let texts = store.texts()?.into_iter().collect();
        let profiles = store.profiles()?;
        let secrets = Secrets::read(&store)?;
        let mut group = Self {
            home: home.clone(),
            disk: Disk::Open(store),
            ledger,
            texts,
            profiles,
            secrets,
            incarnation: None,
            batch: Batch::default(),
            written: Vec::new(),
            screening: None,
            shown: None,
            wanted: erasing::Wanted::default(),
            heeded: None,
            unsaved: false,
        };
        group.incarnation = group.continued()?;
        Ok(group)
    }

    /// Founds a group in the home's store, or enters it with envelopes that came by file.
    ///
    /// # Errors
    /// There is such a group already, or the store cannot be made.
    pub(crate) fn create(
        home: &Home,
        envelopes: Vec<Verified>,
        secrets: Secrets,
        incarnation: Option<Incarnation>,
    ) -> Result<Self> {
        let ledger = Ledger::of(envelopes)?;
        if ledger.waiting() > 0 {
            return Err(intake::missing_ancestors(ledger.waiting()));
        }
        let folder = home.group_folder(ledger.group());
        let mut batch = Batch::default();
        // In the order in which they were placed: the store keeps ancestors first.
        ledger.envelopes().for_each(|(_, placed)| batch.add_envelope(placed.envelope().clone()));
        batch.set_setting(DEVICE, secrets.device.to_bytes().as_slice());
        batch.set_setting(BOX, secrets.sealed.to_bytes().as_slice());
        batch.set_setting(PRESENCE, &secrets.presence);
        if let Some(incarnation) = incarnation {
            batch.set_setting(INCARNATION, incarnation.as_bytes());
        }
        if exists(home, ledger.group()) {
            return Err(NodeError::input("already_here", "this home is in that group already")
                .hint("`copact status` shows it"));
        }
        let written = ledger.envelopes().map(|(_, placed)| placed.id()).collect();
        Ok(Self {
            home: home.clone(),
            disk: Disk::New(folder),
            ledger,
            texts: BTreeMap::new(),
            profiles: Vec::new(),
            secrets,
            incarnation,
            batch,
            written,
            screening: None,
            shown: None,
            wanted: erasing::Wanted::default(),
            heeded: None,
            unsaved: false,
        })
    }

    /// The ledger.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The views of the present state.
    #[must_use]
    pub fn views(&self) -> Views<'_> {
        Views::of(&self.ledger)
    }

    /// The home.
    #[must_use]
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The claimed moment.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.home.clock()
    }

    pub(crate) const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) const fn incarnation(&self) -> Option<Incarnation> {
        self.incarnation
    }

    /// Begins a new chain.
    pub(crate) fn begin_chain(&mut self, fresh: Incarnation) {
        self.batch.set_setting(INCARNATION, fresh.as_bytes());
        self.incarnation = Some(fresh);
    }

    /// A small value of the device's own, as it was last saved.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match &self.disk {
            Disk::Open(store) => Ok(store.setting(name)?),
            Disk::New(_) => Ok(None),
        }
    }

    /// The store, once there is one.
    pub(crate) const fn store(&self) -> Option<&Store> {
        match &self.disk {
            Disk::Open(store) => Some(store),
            Disk::New(_) => None,
        }
    }

    /// How many commits the store once had and has no more: an older copy was put back, or its end
    /// is damaged. 0 from the next save on.
    #[must_use]
    pub const fn lost_commits(&self) -> u64 {
        match &self.disk {
            Disk::Open(store) => store.lost_commits(),
            Disk::New(_) => 0,
        }
    }

    /// Whether what was erased is still in the store's files, because the disk failed or was full
    /// after it was saved that it is to go. Opening the group tries again.
    #[must_use]
    pub const fn erasing_waits(&self) -> bool {
        match &self.disk {
            Disk::Open(store) => store.erasing_waits(),
            Disk::New(_) => false,
        }
    }

    pub(crate) const fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    /// The group's name, or what there is of its id when the name has not arrived.
    #[must_use]
    pub fn name(&self) -> String {
        let named = self.ledger.get(self.ledger.group().founding()).and_then(|at| match at.act() {
            Some(Act::Found(found)) => self.text(found.name),
            _ => None,
        });
        named.unwrap_or_else(|| first_screen::short_id(self.ledger.group()))
    }

    /// Whether a person could mean this group by that name or start of an id.
    #[must_use]
    pub fn is_called(&self, named: &str) -> bool {
        first_screen::is_called(self.ledger.group(), &self.name(), named)
    }

    /// A side text, if it is here and was not erased.
    #[must_use]
    pub fn text(&self, hash: TextHash) -> Option<String> {
        self.texts.get(&hash).map(|side| side.text.as_str().to_owned())
    }

    /// The side texts that are here.
    #[must_use]
    pub const fn texts(&self) -> &BTreeMap<TextHash, SideText> {
        &self.texts
    }

    /// The profile records that are here.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Every member's name.
    #[must_use]
    pub fn names(&self) -> BTreeMap<MemberId, String> {
        let current = self.ledger.current_profiles(&self.ledger.now(), &self.profiles);
        let names = current.into_iter();
        names.map(|(member, one)| (member, one.statement.name.as_str().to_owned())).collect()
    }

    /// Shows something with names and texts filled in.
    pub fn labelled<T>(&self, show: impl FnOnce(&Views, &Labels) -> T) -> T {
        let names = self.names();
        let labels =
            Labels { name: &|member| names.get(&member).cloned(), text: &|hash| self.text(hash) };
        show(&self.views(), &labels)
    }

    /// The member whose device this is.
    ///
    /// # Errors
    /// Nobody has brought this device in yet.
    pub fn me(&self) -> Result<(PersonIx, MemberId)> {
        let now = self.ledger.now();
        let person = now.of_device(&self.secrets.device.public());
        person.and_then(|ix| Some((ix, now.id(ix)?))).ok_or_else(|| {
            NodeError::failed("no_member", "this device was not brought into the group yet")
                .hint("ask whoever invited you for a newer bundle and import it")
        })
    }
}

/// Opens a store; if another command is at work in it, waits for about two seconds.
fn open_in_turn(folder: &Path, key: &StoreKey) -> Result<Store> {
    for _ in 0..TRIES {
        match Store::open(folder, key) {
            Err(StoreError::InUse { .. }) => std::thread::sleep(BETWEEN_TRIES),
            opened => return Ok(opened?),
        }
    }
    Ok(Store::open(folder, key)?)
}

/// Whether the home has this group already.
pub(crate) fn exists(home: &Home, group: GroupId) -> bool {
    home.group_folder(group).join("ledger.db").exists()
}
