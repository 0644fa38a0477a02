//! The marker: how far this device knows its own chain to go, kept where backups and copies of the
//! home do not reach.
//!
//! A store that was put back from a backup, or copied to another machine, must not go on with the
//! chain that it finds: the same place could be signed twice. Such a store finds no marker, or one
//! that is ahead of it, and the device starts a new incarnation.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use copact_core::ids::{GroupId, Incarnation, tagged_hash};

/// A chain's incarnation and the highest place that was committed in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The incarnation.
    pub incarnation: Incarnation,
    /// The highest place, from 1; 0 before the first envelope.
    pub seq: u64,
}

impl Marker {
    /// The file of a group's marker. `state` is the platform's folder for state (on a phone: one
    /// that is not backed up), `home` the canonical path of the home folder, so that a copy of the
    /// home elsewhere has no marker.
    #[must_use]
    pub fn path(state: &Path, home: &Path, group: GroupId) -> PathBuf {
        let home = home.as_os_str().as_encoded_bytes();
        let name = tagged_hash("copact marker 1", &[home, group.as_bytes()]);
        let name = GroupId::from_bytes(name).to_string();
        state.join(format!("{name}.marker"))
    }

    /// Reads a marker. One that is missing, unreadable or damaged is none, which is the safe side:
    /// a new incarnation costs nothing but a few bytes.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let mut words = text.split_whitespace();
        let incarnation = Incarnation::from_hex(words.next()?)?;
        let seq = words.next()?.parse().ok()?;
        let marker = Self { incarnation, seq };
        (text == marker.line()).then_some(marker)
    }

    /// Writes the marker, after the commit that it speaks of. Without a sync: after a power cut it
    /// may be older, which is harmless, or damaged, which counts as none.
    ///
    /// # Errors
    /// The state folder cannot be written. Call [`Self::remove`] then, or start a new incarnation:
    /// a marker that stays behind would vouch for an older store.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        match self.overwrite(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(state) = path.parent() {
                    fs::create_dir_all(state)?;
                }
                self.overwrite(path)
            }
            done => done,
        }
    }

    /// Puts the line in place of the old one, which is as long: file systems flush a file to the
    /// disk that was emptied and written again, and a tap would wait for that.
    fn overwrite(&self, path: &Path) -> io::Result<()> {
        let line = self.line();
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        file.write_all(line.as_bytes())?;
        let length = u64::try_from(line.len()).map_err(io::Error::other)?;
        if file.metadata()?.len() == length { Ok(()) } else { file.set_len(length) }
    }

    /// Removes the marker: the next start takes a new incarnation.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub fn remove(path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    fn line(&self) -> String {
        let seq = self.seq.to_le_bytes();
        let check = tagged_hash("copact marker 1", &[self.incarnation.as_bytes(), &seq]);
        let [a, b, c, d, ..] = check;
        let check = u32::from_le_bytes([a, b, c, d]);
        format!("{} {:020} {check:08x}\n", self.incarnation, self.seq)
    }
}

/// Whether the device may go on with a chain of its own. `stored` is the incarnation that the store
/// holds and the highest own place of it (0 before the first).
#[must_use]
pub fn may_continue(marker: Option<Marker>, stored: Option<(Incarnation, u64)>) -> bool {
    match (marker, stored) {
        (Some(marker), Some((incarnation, seq))) => {
            marker.incarnation == incarnation && marker.seq <= seq
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const MINE: Incarnation = Incarnation::from_bytes([1; 8]);
    const OTHER: Incarnation = Incarnation::from_bytes([2; 8]);

    #[test]
    fn a_chain_goes_on_only_with_a_marker_that_is_not_ahead() {
        let marker = |incarnation, seq| Some(Marker { incarnation, seq });
        assert!(may_continue(marker(MINE, 5), Some((MINE, 5))));
        assert!(may_continue(marker(MINE, 4), Some((MINE, 5))), "a marker may lag");
        assert!(!may_continue(marker(MINE, 6), Some((MINE, 5))), "the store is an older copy");
        assert!(!may_continue(marker(OTHER, 5), Some((MINE, 5))));
        assert!(!may_continue(None, Some((MINE, 5))), "a copy elsewhere");
        assert!(!may_continue(marker(MINE, 5), None));
        assert!(!may_continue(None, None));
    }

    #[test]
    fn a_marker_belongs_to_one_home_and_one_group_and_a_damaged_one_is_none() {
        let state = tempfile::tempdir().unwrap();
        let group = GroupId::from_bytes([3; 32]);
        let path = Marker::path(&state.path().join("new"), Path::new("/home/a"), group);
        assert_ne!(path, Marker::path(&state.path().join("new"), Path::new("/home/b"), group));
        let other = GroupId::from_bytes([4; 32]);
        assert_ne!(path, Marker::path(&state.path().join("new"), Path::new("/home/a"), other));

        assert_eq!(Marker::read(&path), None);
        Marker::remove(&path).unwrap();
        let marker = Marker { incarnation: MINE, seq: 41 };
        marker.write(&path).unwrap();
        assert_eq!(Marker::read(&path), Some(marker));
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                fs::write(&path, &flipped).unwrap();
                assert_eq!(Marker::read(&path), None, "byte {at} bit {bit}");
            }
            fs::write(&path, &bytes[..at]).unwrap();
            assert_eq!(Marker::read(&path), None, "{at} bytes");
        }
        Marker { incarnation: MINE, seq: 42 }.write(&path).unwrap();
        assert_eq!(Marker::read(&path).unwrap().seq, 42);
        Marker::remove(&path).unwrap();
        assert_eq!(Marker::read(&path), None);
    }
}
