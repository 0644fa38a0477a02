//! The home: a folder with one store a group, the key file, and the device keys that wait for a
//! group.
//!
//! ```text
//! HOME/key                    the store key, mode 0600
//! HOME/groups/<16 hex>/       one group's store
//! HOME/waiting/<16 hex>       a sealed device key that asked to join
//! HOME/endpoint               the sealed secret of the day's endpoint on the network
//! HOME/outsider               the sealed key that signs anchors for other groups
//! HOME/repairing/<16 hex>/    a store that a repair makes, until it is whole
//! HOME/damaged/<16 hex>-<n>/  what a repair put aside
//! ```
//! The chain markers lie elsewhere, in a state folder that copies of the home do not take along.

use std::fs;
use std::path::{Path, PathBuf};

use copact_core::day::Day;
use copact_core::ids::GroupId;
use copact_store::StoreKey;

use crate::error::{NodeError, Result};
use crate::group::{Group, Held, OpenGroup};

/// The moment that this device claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// The civil day.
    pub day: Day,
}

/// A home folder.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
    state: Option<PathBuf>,
    clock: Clock,
    held: Option<Held>,
}

/// Random bytes from the platform.
///
/// # Errors
/// The platform has none to give.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        NodeError::failed(
            "no_randomness",
            format_args!("this device gives no random bytes: {error}"),
        )
        .hint("restart the device and try again; without them no key is safe")
    })?;
    Ok(bytes)
}

impl Home {
    /// A home at `folder`; `state` is where chain markers are kept, `None` if the platform has no
    /// such place (every start then begins a new chain, which is safe, and costs a little).
    #[must_use]
    pub const fn new(folder: PathBuf, state: Option<PathBuf>, clock: Clock) -> Self {
        Self { folder, state, clock, held: None }
    }

    /// The same home, whose groups stay in memory between commands.
    #[must_use]
    pub fn holding(mut self, held: Held) -> Self {
        self.held = Some(held);
        self
    }

    /// The same home as it is named elsewhere, and at another moment.
    #[must_use]
    pub fn as_named(&self, folder: PathBuf, clock: Clock) -> Self {
        Self { folder, clock, ..self.clone() }
    }

    pub(crate) fn without_holding(&self) -> Self {
        Self { held: None, ..self.clone() }
    }

    pub(crate) const fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The state folder for chain markers.
    #[must_use]
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    /// The claimed moment.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// Creates the folder if need be and reads the key file, or makes one.
    ///
    /// # Errors
    /// The folder cannot be made, the key file cannot be read or written, or is none.
    pub fn key(&self) -> Result<StoreKey> {
        let path = self.folder.join("key");
        // A fresh key opens nothing that an older one sealed, and would hide that it is missing.
        let missing = matches!(path.try_exists(), Ok(false));
        if missing
            && !(self.group_folders()?.is_empty() && list(&self.waiting_folder())?.is_empty())
        {
            return Err(NodeError::input(
                "bad_key_file",
                format_args!("the key file {} is missing", path.display()),
            )
            .hint(
                "put it back, or copy the whole home again: without it, nothing here can be read",
            ));
        }
        make_private(&self.folder)?;
        Ok(StoreKey::load_or_create(&path, random()?)?.key)
    }

    pub(crate) fn group_folder(&self, group: GroupId) -> PathBuf {
        let name: String = group.to_string().chars().take(16).collect();
        self.folder.join("groups").join(name)
    }

    pub(crate) fn waiting_folder(&self) -> PathBuf {
        self.folder.join("waiting")
    }

    /// The folders of all groups, sorted.
    ///
    /// # Errors
    /// The home cannot be read.
    pub fn group_folders(&self) -> Result<Vec<PathBuf>> {
        let groups = self.folder.join("groups");
        let mut folders = list(&groups)?;
        if self.finish_repairs(&groups)? {
            folders = list(&groups)?;
        }
        folders.retain(|folder| folder.join("ledger.db").exists());
        Ok(folders)
    }

    /// Groups that had a store here whose main file is gone. A folder in which none was ever made
    /// whole is none of them.
    pub(crate) fn missing_ledgers(&self) -> Result<Vec<(String, NodeError)>> {
        let mut folders = list(&self.folder.join("groups"))?;
        folders.retain(|one| {
            !one.join("ledger.db").exists()
                && ["ledger.height", "ledger.db-wal"].iter().any(|name| one.join(name).exists())
        });
        let missing = folders.iter().filter_map(|one| {
            let whole = one.file_name()?.to_str()?;
            let id = whole.get(..8)?;
            let message = format!(
                "the ledger of group {id} is missing: {} is not there",
                one.join("ledger.db").display()
            );
            let error = NodeError::input("missing_ledger", message).hint(
                "put a backup of this home back; or join again and have your member moved to the \
                 new device: ask a member for `copact invite --recover`",
            );
            Some((whole.to_owned(), error))
        });
        Ok(missing.collect())
    }

    /// Puts a group's new store in its place if a repair was interrupted after it had moved the
    /// damaged one away. Returns whether it did.
    fn finish_repairs(&self, groups: &Path) -> Result<bool> {
        let mut finished = false;
        for made in list(&self.repairing_folder())? {
            let Some(name) = made.file_name() else { continue };
            let place = groups.join(name);
            if made.join("ledger.db").exists() && !place.exists() {
                fs::rename(&made, &place).map_err(|error| NodeError::unwritable(&place, &error))?;
                finished = true;
            }
        }
        Ok(finished)
    }

    /// Reads every group into memory, for a home that holds them. One that does not open is told
    /// when it is asked for.
    ///
    /// # Errors
    /// The home cannot be read, or another process is at work in it.
    pub fn hold_all(&self) -> Result<()> {
        for folder in self.group_folders()? {
            if let Err(error) = Group::open(self, &folder)
                && error.code == "in_use"
            {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Opens the group that is meant: by name, id or unique start of an id; the only one if none
    /// is named.
    ///
    /// # Errors
    /// No group, several, or none of that name; or its store cannot be opened.
    pub fn open(&self, named: Option<&str>) -> Result<OpenGroup> {
        let folders = self.group_folders()?;
        let missing = self.missing_ledgers()?;
        let meant = |(id, _): &&(String, NodeError)| {
            // A whole id is longer than the folder's name.
            let fits = |named: &str| id.starts_with(named) || named.starts_with(id.as_str());
            folders.is_empty() || named.is_some_and(|named| named.len() >= 3 && fits(named))
        };
        if let Some((_, error)) = missing.iter().find(meant) {
            return Err(error.clone());
        }
        match (folders.as_slice(), named) {
            ([], _) => Err(NodeError::input(
                "no_group",
                format_args!("there is no group in {}", self.folder.display()),
            )
            .hint("found one with `copact group new NAME --as YOURNAME`, join one with `copact join`, or name its folder with --home")),
            ([only], None) => Group::open(self, only),
            (several, named) => self.pick(several, named),
        }
    }

    fn pick(&self, folders: &[PathBuf], named: Option<&str>) -> Result<OpenGroup> {
        let mut labels = Vec::new();
        let mut fitting = Vec::new();
        let mut broken = None;
        for folder in folders {
            // A store that does not open keeps nobody from the other groups.
            let group = match Group::open(self, folder) {
                Ok(group) => group,
                Err(error) => {
                    broken = Some(error);
                    continue;
                }
            };
            let (id, name) = (group.ledger().group().to_string(), group.name());
            labels.push(format!("{} ({})", name, id.get(..8).unwrap_or(&id)));
            if named.is_some_and(|named| group.is_called(named)) {
                fitting.push(group);
            }
        }
        labels.sort();
        let list = labels.join(", ");
        if let Some(error) = broken.filter(|_| fitting.is_empty()) {
            return Err(error);
        }
        match (fitting.len(), named) {
            (1, _) => fitting.pop().ok_or_else(|| NodeError::failed("no_group", "no group")),
            (0, None) => Err(NodeError::input(
                "which_group",
                format_args!("this device has several groups: {list}"),
            )
            .hint("say which one with --group: its name, or the start of its id")),
            (0, Some(named)) => Err(NodeError::input(
                "unknown_group",
                format_args!("no group here is called “{named}”"),
            )
            .hint(format_args!("name one with --group: there is {list}"))),
            (_, named) => Err(NodeError::input(
                "ambiguous_group",
                format_args!("“{}” fits several groups: {list}", named.unwrap_or_default()),
            )
            .hint("use more of the id with --group")),
        }
    }
}

/// Makes a folder for this user only, with those that it lies in; one that is there stays as it is.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| NodeError::unwritable(folder, &error))
}

/// The entries of a folder, sorted; none if there is no such folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(NodeError::unreadable(folder, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| NodeError::unreadable(folder, &error))?.path());
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{bundle, founding};

    #[test]
    fn a_damaged_group_keeps_nobody_from_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let home = Home::new(folder.path().join("home"), None, clock);
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let whole = home.group_folders().unwrap();
        founding::found(&home, "Mill Creek", "Ann", None, &[], None).unwrap();
        let damaged = home.group_folders().unwrap().into_iter().find(|one| !whole.contains(one));
        let database = damaged.unwrap().join("ledger.db");
        let file = folder.path().join("green.copact");
        home.open(Some("Green Lane")).unwrap().export(&file, None).unwrap();
        let mut bytes = fs::read(&database).unwrap();
        bytes.truncate(bytes.len() / 2);
        fs::write(&database, bytes).unwrap();

        assert_eq!(home.open(Some("Green Lane")).unwrap().name(), "Green Lane");
        assert_eq!(bundle::import(&home, &file).unwrap().name, "Green Lane");
        let error = home.open(Some("Mill Creek")).err().unwrap();
        assert_eq!(error.code, "damaged_store", "{error}");
    }
}
