//! What was worked out of other groups' reports, kept so that it need not be worked out again.

use std::path::PathBuf;

use copact_report::gathering::{CHECKPOINT_BYTES, Kept};

use crate::file;
use crate::home::{Home, make_private};

/// A folder of the home, with a file for each report that was read.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    /// Those of a home.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self { folder: home.folder().join("checkpoints") }
    }

    fn path(&self, key: &[u8; 32]) -> PathBuf {
        self.folder.join(data_encoding::HEXLOWER.encode(key))
    }
}

impl Kept for Checkpoints {
    fn load(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        file::read(&self.path(key), CHECKPOINT_BYTES).ok()
    }

    /// What cannot be kept is worked out again the next time.
    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        if make_private(&self.folder).is_ok() {
            drop(file::write_private(&self.path(key), bytes));
        }
    }
}
