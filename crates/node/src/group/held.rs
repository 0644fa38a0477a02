//! Groups that stay in memory between the commands of a process that holds a home.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Group;
use crate::home::Home;

/// The open groups of a home, by the folder that each is stored in. Each is lent to one command at
/// a time.
#[derive(Clone, Default)]
pub struct Held(Rc<RefCell<BTreeMap<PathBuf, Group>>>);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups = self.0.try_borrow().map_or(0, |groups| groups.len());
        f.debug_struct("Held").field("groups", &groups).finish()
    }
}

impl Held {
    /// How many groups are held now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.try_borrow().map_or(0, |groups| groups.len())
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn take(&self, folder: &Path) -> Option<Group> {
        self.0.try_borrow_mut().ok()?.remove(folder)
    }

    fn put(&self, folder: PathBuf, group: Group) {
        if let Ok(mut groups) = self.0.try_borrow_mut() {
            groups.insert(folder, group);
        }
    }
}

/// A group, open for a command. Where groups are held, it goes back when the command is done, as
/// long as all that it has in memory is on the disk; else it is read again when it is next needed.
pub struct OpenGroup {
    /// Always there until this is dropped.
    group: Option<Group>,
    back: Option<(Held, PathBuf)>,
}

impl OpenGroup {
    pub(super) fn lent(home: &Home, folder: &Path) -> Option<Self> {
        let held = home.held()?;
        let folder = folder.canonicalize().ok()?;
        let mut group = held.take(&folder)?;
        group.home = home.clone();
        Some(Self { group: Some(group), back: Some((held.clone(), folder)) })
    }

    pub(crate) fn new(home: &Home, folder: &Path, group: Group) -> Self {
        let back = home.held().cloned().zip(folder.canonicalize().ok());
        Self { group: Some(group), back }
    }
}

impl Drop for OpenGroup {
    fn drop(&mut self) {
        let (Some(mut group), Some((held, folder))) = (self.group.take(), self.back.take()) else {
            return;
        };
        // What a fault left half done is not to be trusted.
        if !std::thread::panicking() && group.is_as_stored() {
            // Else the groups would hold themselves, and no store would ever be closed.
            group.home = group.home.without_holding();
            held.put(folder, group);
        }
    }
}

impl Deref for OpenGroup {
    type Target = Group;

    fn deref(&self) -> &Group {
        match &self.group {
            Some(group) => group,
            None => unreachable!("it is taken out only when this is dropped"),
        }
    }
}

impl DerefMut for OpenGroup {
    fn deref_mut(&mut self) -> &mut Group {
        match &mut self.group {
            Some(group) => group,
            None => unreachable!("it is taken out only when this is dropped"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use copact_core::act::Act;
    use copact_core::day::Day;

    use super::*;
    use crate::founding;
    use crate::home::Clock;

    fn held(folder: &Path) -> (Home, Held) {
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let home = Home::new(folder.join("home"), Some(folder.join("state")), clock);
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let held = Held::default();
        (home.holding(held.clone()), held)
    }

    #[test]
    fn a_group_goes_back_with_what_was_saved_and_is_never_there_twice() {
        let folder = tempfile::tempdir().unwrap();
        let (home, held) = held(folder.path());
        home.open(None).unwrap().note("one", None).unwrap();
        assert_eq!(held.len(), 1);
        let mut lent = home.open(None).unwrap();
        assert!(held.is_empty());
        assert_eq!(home.open(None).err().unwrap().code, "in_use");
        lent.note("two", None).unwrap();
        drop(lent);
        let count = home.open(None).unwrap().ledger().len();
        drop(held);
        let alone = Home::new(home.folder().to_owned(), None, home.clock());
        drop(home);
        assert_eq!(alone.open(None).unwrap().ledger().len(), count);
    }

    #[test]
    fn what_was_not_saved_and_what_a_fault_left_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (home, held) = held(folder.path());
        let stored = home.open(None).unwrap().ledger().len();
        let mut group = home.open(None).unwrap();
        group.write_act(Act::Link, &[]).unwrap();
        drop(group);
        assert!(held.is_empty(), "a link that was not saved");
        assert_eq!(home.open(None).unwrap().ledger().len(), stored);
        let mut group = home.open(None).unwrap();
        group.put_text("said and not saved").unwrap();
        drop(group);
        assert!(held.is_empty(), "a text that was not saved");
        let fault = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _group = home.open(None).unwrap();
            panic!("a fault in a command");
        }));
        assert!(fault.is_err() && held.is_empty());
        assert_eq!(home.open(None).unwrap().ledger().len(), stored);
    }
}
