//! Which groups of a home are in exchange, and what the network knows of them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use copact_core::ids::GroupId;
use copact_sync::exchange::Quota;

use super::here::{Coming, Keeps};
use super::joined::Joined;
use super::{Peers, membership, quota};
use crate::group::Group;
use crate::home::Home;
use crate::waiting;

impl Peers {
    /// Finds the groups of the home that are not in exchange yet, and devices that wait to enter
    /// one.
    pub(super) fn find_groups(&mut self, home: &Home) {
        let before = self.members.len();
        // By what they are called: a command may name the home by another path.
        let stored = self.joined.iter().filter(|(_, one)| one.keeps.is_stored());
        let known: BTreeSet<PathBuf> = stored.map(|(id, _)| home.group_folder(*id)).collect();
        let folders = home.group_folders().unwrap_or_default();
        // Others may be held by another process.
        let only = self.options.only.map(|group| home.group_folder(group));
        let meant = |folder: &PathBuf| {
            !known.contains(folder) && only.as_ref().is_none_or(|only| only == folder)
        };
        for folder in folders.into_iter().filter(meant) {
            // A store that does not open keeps nobody from the other groups.
            let Ok(group) = Group::open(home, &folder) else { continue };
            let (id, device) = (group.ledger().group(), group.secrets().device.public());
            let Some(membership) = group.membership().filter(|_| self.is_meant(id)) else {
                continue;
            };
            let quota = quota::kept(&group);
            drop(group);
            self.members.insert(id, membership);
            self.joined.insert(id, Joined::new(id, device, quota, Keeps::Stored(id)));
        }
        for waiting in waiting::all(home).unwrap_or_default() {
            let Some(membership) = membership::of_newcomer(&waiting) else { continue };
            let (id, device) = (membership.group, membership.device.public());
            if self.is_meant(id) && !self.joined.contains_key(&id) {
                let keeps = Keeps::Coming(Box::new(Coming::new(id, waiting)));
                self.joined.insert(id, Joined::new(id, device, Quota::default(), keeps));
                self.members.insert(id, membership);
            }
        }
        if self.members.len() != before {
            self.on_net(|net| net.set_groups(self.members.values().cloned().collect()));
        }
    }

    fn is_meant(&self, group: GroupId) -> bool {
        self.options.only.is_none_or(|only| only == group)
    }

    /// Tells the network who this device is in a group by now.
    pub(super) fn know(&mut self, home: &Home, group: GroupId) {
        let opened = Group::open(home, &home.group_folder(group)).ok();
        if let Some(membership) = opened.and_then(|group| group.membership()) {
            self.members.insert(group, membership);
            self.on_net(|net| net.set_groups(self.members.values().cloned().collect()));
        }
    }
}
