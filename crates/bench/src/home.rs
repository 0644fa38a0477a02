//! A home folder with a generated group in it, on the disk that the workspace is built on.

use std::path::{Path, PathBuf};

use copact_core::day::Day;
use copact_node::home::{Clock, Home};
use copact_store::{Batch, Marker, Store};
use tempfile::TempDir;

use crate::failure::Measured;
use crate::group::Generated;

/// A folder for files of one run, gone with it. Not the system's own, which may be in memory, where
/// making something last costs nothing.
pub(crate) fn folder() -> Measured<TempDir> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-homes");
    std::fs::create_dir_all(&target)?;
    Ok(tempfile::tempdir_in(target)?)
}

/// A home on disk; its first person is the one measured.
pub(crate) struct OnDisk {
    pub(crate) home: Home,
    pub(crate) store: PathBuf,
    _folder: TempDir,
}

impl OnDisk {
    /// Stores the group, as of its generation.
    pub(crate) fn new(group: &Generated) -> Measured<Self> {
        let folder = folder()?;
        let day = Day::parse("2036-03-02")?;
        let clock = Clock { seconds: i64::from(day.number()) * 86_400 + 68_400, day };
        let state = folder.path().join("state");
        let home = Home::new(folder.path().join("home"), Some(state.clone()), clock);
        let name: String = group.id.to_string().chars().take(16).collect();
        let store = home.folder().join("groups").join(name);
        let mut batch = Batch::new();
        group.envelopes.iter().for_each(|one| batch.add_envelope(one.clone()));
        group.texts.iter().for_each(|one| batch.add_text(one));
        group.profiles.iter().for_each(|one| batch.add_profile(one));
        let me = group.writers.first().ok_or("no writers")?;
        batch.set_setting("device", me.secret.to_bytes().as_slice());
        batch.set_setting("box", me.box_secret().to_bytes().as_slice());
        batch.set_setting("presence", &[5; 32]);
        batch.set_setting("incarnation", me.incarnation.as_bytes());
        drop(Store::create(&store, &home.key()?, group.id, &batch)?);
        let marker = Marker::path(&state, &home.folder().canonicalize()?, group.id);
        let mine = group
            .envelopes
            .iter()
            .map(|one| one.header())
            .filter(|header| header.chain.device == me.secret.public());
        let seq = mine.map(|header| header.seq).max().unwrap_or(0);
        (Marker { incarnation: me.incarnation, seq }).write(&marker)?;
        Ok(Self { home, store, _folder: folder })
    }

    /// Bytes of the database when nothing is left in its log.
    pub(crate) fn bytes(&self) -> Measured<u64> {
        Ok(std::fs::metadata(self.store.join("ledger.db"))?.len())
    }
}
