//! How a group stands on this device.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::ids::{GroupId, MemberId, VersionId};
use copact_core::views::ProposalRow;
use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::error::Result;
use crate::group::Group;
use crate::home::Home;

/// The status of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The day it was founded.
    pub founded: Day,
    /// The digest of how far the ledger goes.
    pub frontier_digest: String,
    /// The digest of all views: equal on devices that have the same envelopes.
    pub view_digest: String,
    /// Envelopes.
    pub envelopes: usize,
    /// Members.
    pub members: usize,
    /// Those with voice.
    pub voices: usize,
    /// Entries that count.
    pub entries: usize,
    /// Envelopes that do not.
    pub set_aside: usize,
    /// Entries with a flag.
    pub flags: usize,
    /// The adopted version of the contract.
    pub adopted: Option<VersionId>,
    /// The share that ratifying needs, from when.
    pub policy: Vec<Policy>,
    /// The group that this one is a team of.
    pub parent: Option<GroupId>,
    /// Who this device belongs to.
    pub me: Option<MemberId>,
    /// Their name.
    pub my_name: Option<String>,
    /// How far the ledger goes, for `bundle export --since`.
    pub frontier: String,
    /// The meeting that is open.
    pub open_meetings: Vec<String>,
    /// Proposals that wait for this member's answer.
    pub to_answer: usize,
}

/// A policy, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The first day.
    pub from: Day,
    /// The share.
    pub share: String,
}

/// One group of a home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupRow {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Members.
    pub members: usize,
    /// The adopted version of its contract.
    pub adopted: Option<VersionId>,
}

/// The groups of a home.
///
/// # Errors
/// A store cannot be opened.
pub fn groups(home: &Home) -> Result<Vec<GroupRow>> {
    let mut rows = Vec::new();
    for folder in home.group_folders()? {
        let one = home.screen_in(&folder)?;
        rows.push(GroupRow {
            id: one.screen.group,
            name: one.name(),
            members: one.screen.members(),
            adopted: one.screen.adopted,
        });
    }
    Ok(rows)
}

impl Group {
    /// How the group stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let views = self.views();
        let counts = views.counts();
        let founding = self.ledger().get(self.ledger().group().founding());
        let founded = founding.map_or(self.clock().day, |at| at.envelope().header().day);
        let parent = match founding.and_then(|at| at.act()) {
            Some(Act::Found(found)) => found.parent,
            _ => None,
        };
        let me = self.me().ok().map(|(_, id)| id);
        let open = self.meetings().meetings.into_iter().filter(|row| row.open);
        Status {
            group: self.ledger().group(),
            name: self.name(),
            founded,
            frontier_digest: HEXLOWER.encode(&self.ledger().frontier().digest()),
            view_digest: HEXLOWER.encode(&views.digest()),
            envelopes: counts.envelopes,
            members: counts.members,
            voices: counts.voices,
            entries: counts.entries,
            set_aside: counts.set_aside,
            flags: counts.flags,
            adopted: views.adopted().map(copact_core::proposal::Version::id),
            policy: vec![Policy { from: founded, share: self.ledger().share().to_string() }],
            parent,
            me,
            my_name: me.and_then(|me| self.names().remove(&me)),
            frontier: self.ledger().frontier().to_text(),
            open_meetings: open
                .map(|row| row.title.unwrap_or_else(|| row.id.to_string()))
                .collect(),
            to_answer: self.to_answer().len(),
        }
    }

    /// The open proposals that this device's member has not answered.
    #[must_use]
    pub fn to_answer(&self) -> Vec<ProposalRow> {
        let me = self.me().ok().map(|(_, id)| id);
        let mut rows = self.proposals();
        rows.retain(|row| {
            !row.adopted
                && row.closes.is_none_or(|last| self.clock().day <= last)
                && !row.answers.iter().any(|one| Some(one.member) == me)
        });
        rows
    }
}
