//! A full check of a home: every hash, every signature, every view made again.

use std::path::Path;

use copact_core::ledger::Ledger;
use copact_core::views::Views;
use copact_store::Store;
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::group::Group;
use crate::home::Home;

/// What was checked, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Whether all is in order.
    pub ok: bool,
    /// How much was checked.
    pub checked: Checked,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
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

impl Diagnosis {
    fn add(&mut self, other: Self) {
        self.ok &= other.ok;
        self.checked.envelopes += other.checked.envelopes;
        self.checked.signatures += other.checked.signatures;
        self.checked.caches += other.checked.caches;
        self.problems.extend(other.problems);
    }
}

/// Checks the group that is named, or all of a home, also those that cannot be opened any more.
///
/// # Errors
/// There is no group, none of that name, or another program is at work in one.
pub fn examine(home: &Home, named: Option<&str>) -> Result<Diagnosis> {
    let folders = home.group_folders()?;
    if named.is_some() || folders.is_empty() {
        return home.open(named)?.check();
    }
    let mut all = Diagnosis { ok: true, ..Diagnosis::default() };
    for folder in folders {
        all.add(match Group::open(home, &folder) {
            Ok(group) => group.check()?,
            Err(error) if error.code == "in_use" => return Err(error),
            Err(error) => remains(home, &folder, error)?,
        });
    }
    Ok(all)
}

/// What is in order of a store that does not open.
fn remains(home: &Home, folder: &Path, why: NodeError) -> Result<Diagnosis> {
    let mut problems = vec![why.message];
    let mut checked = Checked::default();
    match Store::salvage(folder, &home.key()?) {
        Ok(saved) => {
            checked = Checked {
                envelopes: saved.checked.envelopes,
                signatures: saved.checked.signatures,
                caches: saved.checked.caches,
            };
            problems.extend(saved.checked.problems);
        }
        Err(error) => problems.push(error.to_string()),
    }
    problems.dedup();
    Ok(Diagnosis { ok: false, checked, problems })
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
        problems.extend(self.views().quarantined());
        Ok(Diagnosis {
            ok: problems.is_empty(),
            checked: Checked {
                envelopes: found.envelopes,
                signatures: found.signatures,
                caches: found.caches,
            },
            problems,
        })
    }
}
