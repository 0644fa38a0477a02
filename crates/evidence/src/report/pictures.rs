//! What pictures are drawn from: series and shares, without anybody's name.

use std::collections::BTreeMap;

use copact_core::act::RoleKind;
use copact_core::day::Day;
use copact_core::views::Grade;
use serde::Serialize;

use crate::case::Case;
use crate::facts::Who;
use crate::figure::count;

/// People of whom a breakdown has fewer are not told apart in what outsiders get.
pub const SMALL: usize = 5;

/// A meeting in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MeetingPoint {
    /// Its day.
    pub day: Day,
    /// Who attended.
    pub present: u64,
    /// Of these, whom two or more others witnessed.
    pub attested: u64,
    /// Members on its day.
    pub members: u64,
}

/// A meeting at which no names were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Headcount {
    /// Its day.
    pub day: Day,
}

/// Confirmed work of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthPoint {
    /// For example `2026-03`.
    pub month: String,
    /// Minutes that count, of whoever is a member on the window's last day.
    pub minutes: u64,
}

/// A member on the window's last day, by number: 1 has the lowest key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MemberPoint {
    /// Scalars they wrote of the adopted text.
    pub written: u64,
    /// Minutes that count in the window.
    pub minutes: u64,
    /// Held meetings in the window that they attended.
    pub meetings: u64,
}

/// Minutes of one member for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// Who gave, a number of a member from 1.
    pub from: usize,
    /// Who got.
    pub to: usize,
    /// How much.
    pub minutes: u64,
}

/// Whose the adopted text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Authorship {
    /// Counted scalars of it.
    pub counted: u64,
    /// Those of members.
    pub members: u64,
    /// Those taken over from a file.
    pub imported: u64,
    /// The rest: of departed members, and what nobody confirmed.
    pub others: u64,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pictures {
    /// Held meetings of the window, by day.
    pub meetings: Vec<MeetingPoint>,
    /// Meetings of the window without names.
    pub headcounts: Vec<Headcount>,
    /// Work by month; months without any too.
    pub months: Vec<MonthPoint>,
    /// One a member; empty if there are fewer than five.
    pub members: Vec<MemberPoint>,
    /// Who gave whom; empty if there are fewer than five members.
    pub ties: Vec<Tie>,
    /// Whose the adopted text is; `None` if none is adopted.
    pub authorship: Option<Authorship>,
    /// Members who are citizens. With the next, it says which breakdowns by role are of so few that
    /// outsiders do not get them.
    pub citizens: u64,
    /// Members who are professionals.
    pub professionals: u64,
    /// How many wrote any of it, of the members.
    pub wrote: u64,
    /// Breakdowns by person are left out, because there are fewer than five.
    pub suppressed: bool,
}

impl Pictures {
    pub(super) fn of(case: &Case<'_>) -> Self {
        let text = case.adopted().map(|(_, text)| text);
        let written = text.map(|text| case.written(text)).unwrap_or_default();
        let suppressed = case.members.len() < SMALL;
        let authorship = text.map(|text| {
            let members = written.iter().sum();
            let others = text.counted.saturating_sub(text.imported).saturating_sub(members);
            Authorship { counted: text.counted, members, imported: text.imported, others }
        });
        let number: BTreeMap<Who, usize> = case.members.iter().copied().zip(1..).collect();
        let ties = case.ties.iter().filter_map(|((from, to), minutes)| {
            Some(Tie { from: *number.get(from)?, to: *number.get(to)?, minutes: *minutes })
        });
        let of_role = |role| {
            let all = case.members.iter();
            count(all.filter(|who| case.facts.role(**who, case.window.to) == Some(role)).count())
        };
        Self {
            citizens: of_role(RoleKind::Citizen),
            professionals: of_role(RoleKind::Professional),
            meetings: meetings(case),
            headcounts: headcounts(case),
            months: months(case),
            members: if suppressed { Vec::new() } else { members(case, &written) },
            ties: if suppressed { Vec::new() } else { ties.collect() },
            authorship,
            wrote: count(written.iter().filter(|one| **one > 0).count()),
            suppressed,
        }
    }
}

fn meetings(case: &Case<'_>) -> Vec<MeetingPoint> {
    let point = |one: &crate::facts::Meeting| MeetingPoint {
        day: one.day,
        present: count(one.present.len()),
        attested: count(one.present.iter().filter(|(_, g, _)| *g == Grade::Attested).count()),
        members: count(case.facts.count(one.day)),
    };
    let mut all: Vec<MeetingPoint> = case.held().map(point).collect();
    all.sort_by_key(|one| one.day);
    all
}

fn headcounts(case: &Case<'_>) -> Vec<Headcount> {
    let all = case.facts.meetings.iter().filter(|one| one.headcount_only);
    all.filter(|one| case.window.has(one.day)).map(|one| Headcount { day: one.day }).collect()
}

fn members(case: &Case<'_>, written: &[u64]) -> Vec<MemberPoint> {
    let point = |(at, who): (usize, &Who)| MemberPoint {
        written: written.get(at).copied().unwrap_or_default(),
        minutes: case.minutes.get(who).copied().unwrap_or_default(),
        meetings: count(
            case.held().filter(|one| one.present.iter().any(|(there, ..)| there == who)).count(),
        ),
    };
    case.members.iter().enumerate().map(point).collect()
}

fn months(case: &Case<'_>) -> Vec<MonthPoint> {
    let name = |day: Day| day.to_string().get(..7).unwrap_or_default().to_owned();
    let mut months: BTreeMap<String, u64> = BTreeMap::new();
    let mut day = case.window.from;
    while day <= case.window.to {
        months.entry(name(day)).or_default();
        day = day.plus(1);
    }
    for work in case.counted().filter(|one| case.has(one.who)) {
        *months.entry(name(work.date)).or_default() += work.minutes;
    }
    months.into_iter().map(|(month, minutes)| MonthPoint { month, minutes }).collect()
}
