//! Sums over groups.

use std::collections::BTreeMap;

use copact_core::quarter::Quarter;
use serde::Serialize;

use super::GroupQuarter;
use crate::figure::quotient;

/// J2 of all groups together: newcomers are added up, then divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Newcomers {
    /// Newcomers who signed or worked.
    pub num: u64,
    /// Newcomers.
    pub den: u64,
    /// The one by the other; `None` if there are none.
    pub value: Option<f64>,
}

/// Many groups in one quarter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// The quarter.
    pub quarter: Quarter,
    /// Groups that were founded by its end.
    pub groups: u64,
    /// Of these, teams.
    pub teams: u64,
    /// Of the groups, those with an attendance or counted work in it.
    pub active: u64,
    /// The groups by level at its end, each at one; a level at which none is, is not here.
    pub levels: BTreeMap<String, u64>,
    /// Who joined.
    pub joined: u64,
    /// Who left.
    pub left: u64,
    /// The one less the other.
    pub net: i64,
    /// Members at its end, once for each group.
    pub memberships: u64,
    /// Joining that leads to doing.
    pub j2: Newcomers,
    /// Minutes that count.
    pub minutes: u64,
    /// Attendances at held meetings.
    pub attendances: u64,
    /// Goals due in it.
    pub goals_due: u64,
    /// Goals met.
    pub goals_met: u64,
}

impl Total {
    pub(super) fn of<'a>(quarter: Quarter, rows: impl Iterator<Item = &'a GroupQuarter>) -> Self {
        let mut all = Self::nothing(quarter);
        for row in rows {
            if row.is_founded {
                all.groups += 1;
                all.teams += u64::from(row.team);
                all.active += u64::from(row.active);
                *all.levels.entry(row.level.clone()).or_default() += 1;
            }
            all.joined += row.joined;
            all.left += row.left;
            all.memberships += row.memberships;
            all.j2.num += row.j2_num;
            all.j2.den += row.j2_den;
            all.minutes += row.minutes;
            all.attendances += row.attendances;
            all.goals_due += row.goals_due;
            all.goals_met += row.goals_met;
        }
        let net = i128::from(all.joined) - i128::from(all.left);
        all.net = i64::try_from(net).unwrap_or_default();
        all.j2.value = (all.j2.den > 0).then(|| quotient(all.j2.num, all.j2.den));
        all
    }

    fn nothing(quarter: Quarter) -> Self {
        Self {
            quarter,
            groups: 0,
            teams: 0,
            active: 0,
            levels: BTreeMap::new(),
            joined: 0,
            left: 0,
            net: 0,
            memberships: 0,
            j2: Newcomers::default(),
            minutes: 0,
            attendances: 0,
            goals_due: 0,
            goals_met: 0,
        }
    }
}
