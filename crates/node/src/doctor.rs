//! A full check of a home: every hash, every signature, every view made again.

use copact_core::ledger::Ledger;
use copact_core::views::Views;
use serde::Serialize;

use crate::error::Result;
use crate::group::Group;

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
