//! How a group stands on this device.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::ids::{GroupId, MemberId, VersionId};
use copact_core::views::ProposalRow;
use copact_core::views::Views;
use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::error::Result;
use crate::group::{Group, Parted};
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
    /// The share that ratifying needs, from when, the present one last.
    pub policy: Vec<Policy>,
    /// The group that this one is a team of.
    pub parent: Option<GroupId>,
    /// The group that could no longer decide, and goes on in this one.
    pub continues: Option<GroupId>,
    /// Who this device belongs to.
    pub me: Option<MemberId>,
    /// Their name.
    pub my_name: Option<String>,
    /// Set once what this device writes does not count any more: why, and since when.
    pub parted: Option<Parted>,
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
        let (parent, continues) = match founding.and_then(|at| at.act()) {
            Some(Act::Found(found)) => (found.parent, found.continues),
            _ => (None, None),
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
            policy: policies(&views, founded),
            parent,
            continues,
            me,
            my_name: me.and_then(|me| self.names().remove(&me)),
            parted: self.parted(),
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
        let Ok((me, _)) = self.me() else { return Vec::new() };
        if self.parted().is_some() {
            return Vec::new();
        }
        let now = self.ledger().now();
        let mine = |member| now.person(member).map(|one| now.goes_by(one)) == Some(now.goes_by(me));
        let mut rows = self.proposals();
        rows.retain(|row| {
            !row.adopted
                && (row.by.is_some() || !row.answers.is_empty())
                && row.closes.is_none_or(|last| self.clock().day <= last)
                && self.no_longer_needed(row.id).is_none()
                && !row.answers.iter().any(|one| mine(one.member))
        });
        rows
    }
}

fn policies(views: &Views<'_>, founded: Day) -> Vec<Policy> {
    let all = views.policies(founded).into_iter();
    all.map(|(from, share)| Policy { from, share: share.to_string() }).collect()
}
