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
use copact_core::keys::DeviceSecret;
use copact_core::ledger::{Ledger, PersonIx};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_core::views::{Labels, Views};
use copact_store::{Batch, Store};
use copact_sync::box_key::BoxSecret;
use zeroize::Zeroizing;

use crate::error::{NodeError, Result};
use crate::home::{Clock, Home, random};

mod due;
mod intake;
mod parting;
mod saving;
mod writing;

pub use intake::TakenIn;
pub use parting::{Parted, WhyParted};

pub(crate) const DEVICE: &str = "device";
pub(crate) const BOX: &str = "box";
pub(crate) const PRESENCE: &str = "presence";
pub(crate) const INCARNATION: &str = "incarnation";

/// The secrets of this device in one group.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Signs.
    pub device: DeviceSecret,
    /// Opens what is sealed to this device.
    pub sealed: BoxSecret,
    /// Makes presence codes.
    pub presence: [u8; 32],
}

impl Secrets {
    /// Fresh ones, for one group only.
    ///
    /// # Errors
    /// The platform gives no random bytes.
    pub fn fresh() -> Result<Self> {
        Ok(Self {
            device: DeviceSecret::from_bytes(&random()?),
            sealed: BoxSecret::from_bytes(&random()?),
            presence: random()?,
        })
    }

    /// Those that a store or a request kept.
    pub(crate) fn of(device: &[u8; 32], sealed: &[u8; 32], presence: [u8; 32]) -> Self {
        let (device, sealed) = (DeviceSecret::from_bytes(device), BoxSecret::from_bytes(sealed));
        Self { device, sealed, presence }
    }
}

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
    /// A save failed, so the ledger has what the store may not have.
    unsaved: bool,
}

impl Group {
    /// Opens the group in a store's folder.
    ///
    /// # Errors
    /// The store cannot be opened or read.
    pub(crate) fn open(home: &Home, folder: &Path) -> Result<Self> {
        let store = Store::open(folder, &home.key()?)?;
        let ledger = Ledger::of(store.load()?)?;
        let texts = store.texts()?.into_iter().collect();
        let profiles = store.profiles()?;
        let secrets = read_secrets(&store)?;
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
        named.unwrap_or_else(|| {
            let id = self.ledger.group().to_string();
            id.get(..8).unwrap_or(&id).to_owned()
        })
    }

    /// Whether a person could mean this group by that name or start of an id.
    #[must_use]
    pub fn is_called(&self, named: &str) -> bool {
        let named = named.trim().to_lowercase();
        self.name().to_lowercase() == named
            || (named.len() >= 4 && self.ledger.group().to_string().starts_with(&named))
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

fn read_secrets(store: &Store) -> Result<Secrets> {
    let read = |name: &'static str| -> Result<[u8; 32]> {
        let bytes = store.setting(name)?;
        bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).ok_or_else(|| {
            NodeError::failed(
                "no_keys",
                format_args!("the store has lost this device's {name} key"),
            )
            .hint("restore the home from a backup; the group's envelopes are still there")
        })
    };
    Ok(Secrets::of(&read(DEVICE)?, &read(BOX)?, read(PRESENCE)?))
}

/// Whether the home has this group already.
pub(crate) fn exists(home: &Home, group: GroupId) -> bool {
    home.group_folder(group).join("ledger.db").exists()
}
