//! The height: how many commits the store acknowledged, kept beside the database.
//!
//! SQLite drops the end of a damaged write-ahead log without a word, as if it had never been
//! acknowledged. So after each commit its number is written here, without a sync. As the commit
//! was durable before, the height can lag behind the database after a power cut, and is ahead of it
//! only if acknowledged commits are gone: by damage, or because an older copy was put back.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use copact_core::ids::GroupId;

use crate::error::StoreError;
use crate::seal::Sealer;

/// The file beside the database.
pub(crate) const FILE: &str = "ledger.height";
const BYTES: usize = 8 + 16;

/// The open file.
#[derive(Debug)]
pub(crate) struct Height(File);

impl Height {
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        file.map(Self).map_err(|error| StoreError::io("opening", &path, &error))
    }

    /// The number of commits; 0 if the file is new, damaged, or of another store. It is only ever
    /// a witness for loss, so a damaged one says nothing.
    pub(crate) fn read(&mut self, sealer: &Sealer, group: GroupId) -> u64 {
        let mut bytes = [0; BYTES];
        let read = self.0.seek(SeekFrom::Start(0)).and_then(|_| self.0.read_exact(&mut bytes));
        let Some((number, mark)) = bytes.split_first_chunk::<8>().filter(|_| read.is_ok()) else {
            return 0;
        };
        let commits = u64::from_le_bytes(*number);
        if mark == check(sealer, group, commits) { commits } else { 0 }
    }

    pub(crate) fn write(
        &mut self,
        sealer: &Sealer,
        group: GroupId,
        commits: u64,
    ) -> io::Result<()> {
        let mut bytes = commits.to_le_bytes().to_vec();
        bytes.extend(check(sealer, group, commits));
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&bytes)
    }
}

fn check(sealer: &Sealer, group: GroupId, commits: u64) -> [u8; 16] {
    let mark = sealer.mark(&[b"height", group.as_bytes(), &commits.to_le_bytes()]);
    let mut check = [0; 16];
    check.iter_mut().zip(mark).for_each(|(to, from)| *to = from);
    check
}
