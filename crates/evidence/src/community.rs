//! Many groups over many quarters: the community table.
//!
//! Two steps. [`rows::of_group`] makes one [`GroupQuarter`] a quarter of one group, from nothing
//! but that group, so that as many groups as there are cores can be done at once. [`Community::of`]
//! adds rows up; it needs nothing but rows, which is why the same table can be computed from a file
//! of rows by an engine for such files.
//!
//! Nobody is counted as a person: keys differ from group to group, on purpose, so that somebody in
//! two groups is two memberships.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::quarter::Quarter;
use serde::Serialize;

use crate::figure::count;
use crate::trends::Claim;

mod panel;
pub mod rows;
mod spread;
mod total;

pub use panel::{QuarterTrend, in_panel};
pub use rows::{Group, GroupQuarter, Ratios};
pub use spread::Spread;
pub use total::{Newcomers, Total};

/// What must be read beside the figures, in the order in which people should hear it.
pub const SAYS: &[&str] = &[
    "Groups chose to report: these are not all groups, and not a sample of them.",
    "There is no comparison area: what rose here may have risen everywhere.",
    "Memberships are not people: who is a member of two groups is counted twice.",
    "Trends are of the panel's totals only: of groups that were there before the first quarter and \
     have an entry in the first and in the last. Groups that gave up are not in it.",
    "Season not excluded: with fewer than eight quarters, what rises or falls may be the time of \
     the year.",
];

/// Groups by what is claimed of their minutes over all quarters, month by month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Minutes {
    /// A rise is shown.
    pub rise: u64,
    /// Neither is shown, which is not the same as neither.
    pub not_shown: u64,
    /// A fall is shown.
    pub fall: u64,
}

/// What is said of many groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Community {
    /// The first quarter.
    pub from: Quarter,
    /// The last one.
    pub to: Quarter,
    /// Groups that reported.
    pub groups: u64,
    /// Of these, teams: they name the group that they are a team of.
    pub teams: u64,
    /// Of the groups, those of the panel: see [`in_panel`].
    pub panel: u64,
    /// All groups' totals, a quarter each.
    pub totals: Vec<Total>,
    /// The same of the panel.
    pub panel_totals: Vec<Total>,
    /// What rose and fell of the panel's totals.
    pub trends: Vec<QuarterTrend>,
    /// Quartiles of ratios over groups, by quarter, then by ratio.
    pub spreads: Vec<Spread>,
    /// Groups by what is claimed of their minutes.
    pub minutes: Minutes,
    /// [`SAYS`].
    pub says: &'static [&'static str],
}

/// Why rows make no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommunityError {
    /// Two copies of a group, which are one group in two states.
    #[error(
        "The group {group} is here twice for {quarter}; bring its copies together first, then \
         count it once."
    )]
    Twice {
        /// The group's id.
        group: String,
        /// A quarter of which there are two rows.
        quarter: Quarter,
    },
    /// There is nothing to add up.
    #[error("There is no group to report on in these quarters; name other groups or quarters.")]
    Nothing,
}

impl Community {
    /// Adds up the rows of `from` to `to`, both inclusive; others are left out. The order of rows
    /// does not matter.
    ///
    /// # Errors
    /// No rows, and two rows of one group for one quarter.
    pub fn of(rows: &[GroupQuarter], from: Quarter, to: Quarter) -> Result<Self, CommunityError> {
        let mut sorted: Vec<&GroupQuarter> =
            rows.iter().filter(|one| from <= one.quarter && one.quarter <= to).collect();
        sorted.sort_by(|a, b| (&a.group, a.quarter).cmp(&(&b.group, b.quarter)));
        for (one, next) in sorted.iter().zip(sorted.iter().skip(1)) {
            if one.group == next.group && one.quarter == next.quarter {
                let (group, quarter) = (one.group.clone(), one.quarter);
                return Err(CommunityError::Twice { group, quarter });
            }
        }
        let mut of_group: BTreeMap<&str, Vec<&GroupQuarter>> = BTreeMap::new();
        for row in &sorted {
            of_group.entry(&row.group).or_default().push(row);
        }
        if of_group.is_empty() {
            return Err(CommunityError::Nothing);
        }
        let panel: BTreeSet<&str> = of_group
            .iter()
            .filter(|(_, rows)| in_panel(rows, from, to))
            .map(|(id, _)| *id)
            .collect();
        let quarters = rows::quarters(from, to);
        let total = |of: &dyn Fn(&GroupQuarter) -> bool| -> Vec<Total> {
            let one = |quarter: &Quarter| {
                let here = sorted.iter().filter(|row| row.quarter == *quarter && of(row));
                Total::of(*quarter, here.copied())
            };
            quarters.iter().map(one).collect()
        };
        let panel_totals = total(&|row| panel.contains(row.group.as_str()));
        let trends = if panel.is_empty() { Vec::new() } else { panel::trends(&panel_totals) };
        Ok(Self {
            from,
            to,
            groups: count(of_group.len()),
            teams: count(of_group.values().filter(|rows| rows.iter().any(|one| one.team)).count()),
            panel: count(panel.len()),
            totals: total(&|_| true),
            panel_totals,
            trends,
            spreads: quarters.iter().flat_map(|one| spread::of(*one, &sorted)).collect(),
            minutes: minutes(of_group.values()),
            says: SAYS,
        })
    }
}

/// By the last row of each group: all of them say the same if they were made together.
fn minutes<'a>(groups: impl Iterator<Item = &'a Vec<&'a GroupQuarter>>) -> Minutes {
    let mut all = Minutes::default();
    for claim in groups.filter_map(|rows| rows.last()).map(|row| row.minutes_claim) {
        match claim {
            Claim::Rise => all.rise += 1,
            Claim::NotShown => all.not_shown += 1,
            Claim::Fall => all.fall += 1,
        }
    }
    all
}
