//! A full check of a home: every hash, every signature, every view made again.

use std::path::Path;

use copact_core::ledger::Ledger;
use copact_core::views::Views;
use serde::Serialize;

use copact_store::{Store, StoreError};

use crate::error::{NodeError, Result};
use crate::group::{Group, OpenGroup};
use crate::home::Home;
use crate::repair::{self, Repaired};

/// Checks the group that is named, or all groups of a home. A store that no longer opens is read as
/// far as it can be.
///
/// # Errors
/// There is no group, none of that name, or a store is in use or of another key.
pub fn examine(home: &Home, named: Option<&str>) -> Result<Diagnosis> {
    each(home, named, |group| group.check(), |folder, error| examine_damaged(home, folder, error))
}

/// Like [`examine`], and makes a new store of what is in order in each that is damaged. The damaged
/// files are kept; the device begins a new chain.
///
/// # Errors
/// As [`examine`]; a store of which nothing can be saved, or the system refuses.
pub fn repair(home: &Home, named: Option<&str>) -> Result<Diagnosis> {
    let open = |group: OpenGroup| match group.store().map(|store| store.check()).transpose()? {
        Some(found) if !found.problems.is_empty() => {
            let folder = home.group_folder(group.ledger().group());
            drop(group);
            repair::repair(home, &folder)
        }
        _ => group.check(),
    };
    each(home, named, open, |folder, _| repair::repair(home, folder))
}

fn each(
    home: &Home,
    named: Option<&str>,
    open: impl Fn(OpenGroup) -> Result<Diagnosis>,
    damaged: impl Fn(&Path, &NodeError) -> Result<Diagnosis>,
) -> Result<Diagnosis> {
    let folders = home.group_folders()?;
    if folders.is_empty() {
        home.open(named)?;
    }
    let mut found = Diagnosis { ok: true, ..Diagnosis::default() };
    let mut fitting = 0;
    for folder in folders {
        let one = match Group::open(home, &folder) {
            Ok(group) if named.is_some_and(|named| !group.is_called(named)) => continue,
            Ok(group) => open(group)?,
            Err(error) if error.code == "damaged_store" => damaged(&folder, &error)?,
            Err(error) => return Err(error),
        };
        fitting += 1;
        found.ok &= one.ok;
        found.checked.envelopes += one.checked.envelopes;
        found.checked.signatures += one.checked.signatures;
        found.checked.caches += one.checked.caches;
        found.problems.extend(one.problems);
        found.repaired.extend(one.repaired);
    }
    if named.is_none() {
        for (_, missing) in home.missing_ledgers()? {
            found.ok = false;
            found.problems.push(missing.message);
        }
    }
    if fitting == 0 {
        home.open(named)?;
    }
    Ok(found)
}

fn examine_damaged(home: &Home, folder: &Path, error: &NodeError) -> Result<Diagnosis> {
    let found = match Store::salvage(folder, &home.key()?) {
        Ok(salvage) => salvage.checked,
        // Not even the tables can be read; the error that led here says why.
        Err(StoreError::Damaged { .. }) => copact_store::Checked::default(),
        Err(error) => return Err(error.into()),
    };
    let mut problems = found.problems;
    if problems.is_empty() {
        problems.push(error.message.clone());
    }
    Ok(Diagnosis {
        ok: false,
        checked: Checked {
            envelopes: found.envelopes,
            signatures: found.signatures,
            caches: found.caches,
        },
        problems,
        repaired: Vec::new(),
    })
}

/// What was checked, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Whether all is in order.
    pub ok: bool,
    /// How much was checked.
    pub checked: Checked,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
    /// What was repaired.
    pub repaired: Vec<Repaired>,
}

/// How much was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Envelopes whose hashes were made again.
    pub envelopes: u64,
    /// Signatures verified: of envelopes and of profile records.
    pub signatures: u64,
    /// Caches compared with what they were made from.
    pub caches: u64,
}

impl Group {
    /// Checks everything that is stored, and that the views are the same when the ledger is built
    /// again in another order.
    ///
    /// # Errors
    /// The store cannot be read at all.
    pub fn check(&self) -> Result<Diagnosis> {
        let found = match self.store() {
            Some(store) => store.check()?,
            None => copact_store::Checked::default(),
        };
        let mut problems = found.problems;
        let backwards: Vec<_> =
            self.ledger().envelopes().map(|(_, placed)| placed.envelope().clone()).collect();
        let rebuilt = Ledger::of(backwards.into_iter().rev())?;
        if Views::of(&rebuilt).digest() != self.views().digest() {
            problems.push(
                "the views are not the same when the ledger is built again; report this".to_owned(),
            );
        }
        if !self.kept_screen_is_right()? {
            problems.push(
                "the first screen that is kept is not the one made anew; report this, and it is \
                 replaced with the next thing that you write"
                    .to_owned(),
            );
        }
        problems.extend(self.views().quarantined());
        Ok(Diagnosis {
            ok: problems.is_empty(),
            checked: Checked {
                envelopes: found.envelopes,
                signatures: found.signatures,
                caches: found.caches,
            },
            problems,
            repaired: Vec::new(),
        })
    }
}
