//! Repairing a damaged group: what is in order makes a new store, and the damaged files are kept.

use std::path::{Path, PathBuf};

use copact_core::ids::{GroupId, Incarnation};
use copact_store::{Batch, Salvage, Store, StoreError, StoreKey};
use serde::Serialize;

use crate::doctor::Diagnosis;
use crate::error::{NodeError, Result};
use crate::group::{BOX, DEVICE, Group, INCARNATION, PRESENCE, Secrets};
use crate::home::{Home, random};
use crate::waiting::{self, Waiting};

/// A group that was repaired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// The group.
    pub group: GroupId,
    /// Where the damaged files are now.
    pub kept: PathBuf,
    /// Envelopes that were saved.
    pub envelopes: u64,
    /// Texts that were saved.
    pub texts: u64,
    /// Profile records that were saved.
    pub profiles: u64,
    /// What became of this device's own keys.
    pub keys: Keys,
    /// What was wrong and is not here any more, a sentence each.
    pub lost: Vec<String>,
}

/// What became of a device's own keys in a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keys {
    /// They are in the new store.
    Saved,
    /// One is lost, and another is in its place: the group can be read here, and this device is not
    /// known in it any more, or cannot open what was sealed to it.
    Lost,
    /// They are there and nothing of the ledger is: they wait, as after asking to join, for a
    /// bundle of the group.
    Waiting,
}

impl Home {
    /// Where a group's new store is made, before it comes to its place.
    pub(crate) fn repairing_folder(&self) -> PathBuf {
        self.folder().join("repairing")
    }

    /// A place for a damaged group's files.
    fn kept_folder(&self, folder: &Path) -> Result<PathBuf> {
        let name = name(folder)?;
        let kept = (1u32..).map(|n| self.folder().join("damaged").join(format!("{name}-{n}")));
        kept.into_iter().find(|kept| !kept.exists()).ok_or_else(|| nameless(folder))
    }
}

fn name(folder: &Path) -> Result<&str> {
    folder.file_name().and_then(|name| name.to_str()).ok_or_else(|| nameless(folder))
}

fn nameless(folder: &Path) -> NodeError {
    NodeError::failed("disk_failed", format_args!("there is no place beside {}", folder.display()))
        .hint("copy the home to another disk and try again there")
}

/// Makes a new store of what is in order in the damaged one of a group, and begins a new chain.
/// Checks the result.
///
/// # Errors
/// Nothing of it can be read, or the system refuses.
pub(crate) fn repair(home: &Home, folder: &Path) -> Result<Diagnosis> {
    let key = home.key()?;
    let salvage = match Store::salvage(folder, &key) {
        Err(error @ StoreError::Damaged { .. }) => return Err(hopeless(error.into())),
        salvage => salvage?,
    };
    let found = &salvage.checked;
    // The disk failed only for a moment.
    if found.problems.is_empty() {
        drop(salvage);
        return Group::open(home, folder)?.check();
    }
    let mut repaired = Repaired {
        group: salvage.group,
        kept: home.kept_folder(folder)?,
        envelopes: found.envelopes,
        texts: found.texts,
        profiles: found.profiles,
        keys: Keys::Saved,
        lost: found.problems.clone(),
    };
    if found.envelopes == 0 {
        keep_for_a_bundle(home, salvage, &mut repaired)?;
        return Ok(Diagnosis { ok: true, repaired: vec![repaired], ..Diagnosis::default() });
    }
    repaired.keys = replace(home, &key, folder, salvage, &repaired.kept)?;
    let group = Group::open(home, folder)?;
    Ok(Diagnosis { repaired: vec![repaired], ..group.check()? })
}

fn hopeless(error: NodeError) -> NodeError {
    NodeError::failed("beyond_repair", format_args!("nothing can be saved: {}", error.message)).hint(
        "nothing was changed; put a backup of this home back, which is safe, or join again with a \
         home of its own",
    )
}

fn replace(
    home: &Home,
    key: &StoreKey,
    folder: &Path,
    mut salvage: Salvage,
    kept: &Path,
) -> Result<Keys> {
    let mut keys = Keys::Saved;
    let fresh = Secrets::fresh()?;
    let own: [(&str, &[u8; 32]); 3] = [
        (DEVICE, &fresh.device.to_bytes()),
        (BOX, &fresh.sealed.to_bytes()),
        (PRESENCE, &fresh.presence),
    ];
    for (name, fresh) in own {
        if saved(&salvage.batch, name).is_none() {
            salvage.batch.set_setting(name, fresh);
            // Codes that were shown with the old one are over anyway.
            if name != PRESENCE {
                keys = Keys::Lost;
            }
        }
    }
    // The end of the own chain may be lost, and nobody must find one place of it written twice.
    salvage.batch.set_setting(INCARNATION, Incarnation::from_bytes(random()?).as_bytes());
    salvage.replace(key, &home.repairing_folder().join(name(folder)?), kept)?;
    Ok(keys)
}

/// Nothing of the ledger is left: what the device needs to come in again waits for a bundle.
fn keep_for_a_bundle(home: &Home, salvage: Salvage, repaired: &mut Repaired) -> Result<()> {
    let read = |name| saved(&salvage.batch, name);
    let (Some(device), Some(sealed)) = (read(DEVICE), read(BOX)) else {
        return Err(hopeless(NodeError::failed(
            "damaged_store",
            "neither the ledger nor this device's keys can be read",
        )));
    };
    let presence = read(PRESENCE).map_or_else(random, Ok)?;
    let secrets = Secrets::of(&device, &sealed, presence);
    waiting::keep(home, &Waiting::new(Some(repaired.group), &secrets))?;
    repaired.keys = Keys::Waiting;
    Ok(salvage.set_aside(&repaired.kept)?)
}

fn saved(batch: &Batch, name: &str) -> Option<[u8; 32]> {
    batch.setting(name)?.try_into().ok()
}
