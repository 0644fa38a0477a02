//! Making what was written last, and the marker that says how far this device's chain goes.

use std::path::PathBuf;

use copact_core::envelope::Chain;
use copact_core::ids::Incarnation;
use copact_store::{Marker, Store, StoreError, may_continue};

use super::{Disk, Group, INCARNATION};
use crate::error::Result;

impl Group {
    /// The incarnation to go on in, if the marker says that no copy of this home went on in it.
    pub(super) fn continued(&self) -> Result<Option<Incarnation>> {
        let Some(bytes) = self.setting(INCARNATION)? else { return Ok(None) };
        let Some(incarnation) = Incarnation::from_slice(&bytes) else { return Ok(None) };
        let chain = Chain { device: self.secrets.device.public(), incarnation };
        let mut tips = self.ledger.frontier().tips(&chain);
        let stored = tips.next().map(|tip| (incarnation, tip.seq));
        if tips.next().is_some() {
            return Ok(None);
        }
        if self.store().is_some_and(|store| store.lost_commits() > 0) {
            return Ok(None);
        }
        let Some(path) = self.marker_path() else { return Ok(None) };
        let marker = Marker::read(&path);
        if !may_continue(marker, stored) {
            return Ok(None);
        }
        // One that lags (a kill came between commit and marker) would vouch for an older copy.
        if let (Some(marker), Some((_, seq))) = (marker, stored)
            && marker.seq < seq
            && (Marker { incarnation, seq }).write(&path).is_err()
        {
            let _ = Marker::remove(&path);
        }
        Ok(Some(incarnation))
    }

    fn marker_path(&self) -> Option<PathBuf> {
        let state = self.home.state()?;
        let home = self.home.folder().canonicalize().ok()?;
        Some(Marker::path(state, &home, self.ledger.group()))
    }

    /// Enacts what reached its need, shows that it has seen whom the group gave voice, heeds
    /// erasures and makes everything last: one transaction.
    ///
    /// # Errors
    /// It cannot be stored, and nothing was changed; or the disk failed, and opening the group
    /// again shows whether it was. This group is done with then.
    pub fn save(&mut self) -> Result<()> {
        if self.unsaved {
            let folder = self.home.group_folder(self.ledger.group());
            return Err(StoreError::Reopen { folder }.into());
        }
        if !self.written.is_empty() {
            self.write_due()?;
        }
        self.heed_erasures();
        let screen = (!self.batch.is_empty()).then(|| self.put_first_screen());
        // What comes after an envelope that was not stored could not be stored either.
        self.unsaved = true;
        self.commit_batch()?;
        self.unsaved = false;
        self.shown = screen.or(self.shown.take());
        self.written.clear();
        if let (Some(path), Some(incarnation)) = (self.marker_path(), self.incarnation) {
            let chain = Chain { device: self.secrets.device.public(), incarnation };
            if let Some(tip) = self.ledger.frontier().tips(&chain).next() {
                // Without a marker the next start begins a new chain. One that stayed behind would
                // vouch for an older store, so what cannot be written is removed.
                if (Marker { incarnation, seq: tip.seq }).write(&path).is_err() {
                    let _ = Marker::remove(&path);
                }
            }
        }
        Ok(())
    }

    /// Whether all that is in memory is on the disk, and nothing else is.
    pub(crate) fn is_as_stored(&self) -> bool {
        let stored = self.store().map(Store::count);
        !self.unsaved
            && self.batch.is_empty()
            && self.written.is_empty()
            && self.ledger.waiting() == 0
            && stored == u64::try_from(self.ledger.len()).ok()
    }

    /// Makes what is in the batch last.
    pub(crate) fn commit_batch(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            self.shown = None;
        }
        #[cfg(test)]
        if disk_of_a_test::is_full(self.home.folder()) {
            return Err(StoreError::Full { folder: self.home.folder().to_owned() }.into());
        }
        match &mut self.disk {
            Disk::Open(store) => store.commit(&batch)?,
            Disk::New(folder) => {
                let key = self.home.key()?;
                self.disk = Disk::Open(Store::create(folder, &key, self.ledger.group(), &batch)?);
            }
        }
        Ok(())
    }
}

/// Disks that tests fill up; what a full one does to a store is tested with the program.
#[cfg(test)]
pub(crate) mod disk_of_a_test {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    thread_local! {
        static FULL: RefCell<BTreeSet<PathBuf>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(crate) fn is_full(home: &Path) -> bool {
        FULL.with_borrow(|full| full.contains(home))
    }

    pub(crate) fn fill(home: &Path, full: bool) {
        FULL.with_borrow_mut(|all| match full {
            true => all.insert(home.to_owned()),
            false => all.remove(home),
        });
    }
}
