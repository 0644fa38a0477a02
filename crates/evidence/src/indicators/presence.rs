//! P1–P6: who was there.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::day::Day;
use copact_core::views::Grade;

use crate::case::{Case, NEW, NOBODY_NEW, held};
use crate::facts::Who;
use crate::figure::{Figure, Why, count};
use crate::window::Window;

const NO_MEETING: Why = Why::Nothing("no meeting with names was held in the window");

/// P1, attendance: over held meetings, attendances ÷ members on the day. Gamed by pruning the
/// absent.
#[must_use]
pub fn p1(case: &Case<'_>) -> Figure {
    let there: usize = case.held().map(|one| one.present.len()).sum();
    let members: usize = case.held().map(|one| case.facts.count(one.day)).sum();
    Figure::share(count(there), count(members), NO_MEETING)
}

/// P2, attestation: attendances that two or more others witnessed ÷ attendances. Gamed by
/// collusion.
#[must_use]
pub fn p2(case: &Case<'_>) -> Figure {
    let all = || case.held().flat_map(|one| &one.present);
    let attested = all().filter(|(_, grade, _)| *grade == Grade::Attested).count();
    Figure::share(count(attested), count(all().count()), NO_MEETING)
}

/// P3, core share: of the members who could be at a meeting, those who were at half or more. Gamed
/// by tiny meetings.
#[must_use]
pub fn p3(case: &Case<'_>) -> Figure {
    let (mut core, mut could) = (0, 0);
    for who in &case.members {
        let Some(person) = case.facts.people.get(*who) else { continue };
        let open: Vec<_> = case.held().filter(|one| one.day >= person.since).collect();
        let there = open.iter().filter(|one| was_at(&one.present, *who)).count();
        could += u64::from(!open.is_empty());
        core += u64::from(!open.is_empty() && 2 * there >= open.len());
    }
    Figure::share(core, could, NO_MEETING)
}

/// P4, retention: of those active in a quarter, who were active in the next, over the quarters
/// wholly in the window. Gamed by an easy “active”.
#[must_use]
pub fn p4(case: &Case<'_>) -> Figure {
    let quarters = case.window.quarters();
    if quarters.len() < 2 {
        return Figure::none(Why::Nothing("fewer than two quarters lie in the window"));
    }
    let active: Vec<BTreeSet<Who>> = quarters.iter().map(|one| active(case, *one)).collect();
    let (mut stayed, mut all) = (0, 0);
    for (now, next) in active.iter().zip(active.iter().skip(1)) {
        stayed += now.intersection(next).count();
        all += now.len();
    }
    Figure::share(count(stayed), count(all), Why::Nothing("nobody was active in those quarters"))
}

/// Who was at a meeting or did confirmed work in a quarter, since left or not.
fn active(case: &Case<'_>, quarter: Window) -> BTreeSet<Who> {
    let there = held(case.facts, quarter).flat_map(|one| one.present.iter().map(|(who, ..)| *who));
    let worked = case.counted().filter(|one| quarter.has(one.date)).map(|one| one.who);
    there.chain(worked).collect()
}

/// P5, newcomers who return: who came and was at meetings on two days or more in the ninety days
/// after. Gamed by invented people.
#[must_use]
pub fn p5(case: &Case<'_>) -> Figure {
    let newcomers = case.newcomers();
    let days = |who: Who, since: Day| {
        let after = Window { from: since.plus(1), to: since.plus(NEW) };
        let there = held(case.facts, after).filter(move |one| was_at(&one.present, who));
        there.map(|one| one.day).collect::<BTreeSet<Day>>().len()
    };
    let back = newcomers.iter().filter(|(who, since)| days(*who, *since) >= 2).count();
    Figure::share(count(back), count(newcomers.len()), NOBODY_NEW)
}

/// P6, co-presence: pairs of members who were at two meetings together or more ÷ all pairs. Gamed
/// by large events.
#[must_use]
pub fn p6(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let mut together: BTreeMap<(Who, Who), u32> = BTreeMap::new();
    for meeting in case.held() {
        let here: Vec<Who> =
            meeting.present.iter().map(|(who, ..)| *who).filter(|who| case.has(*who)).collect();
        for (at, one) in here.iter().enumerate() {
            for other in here.iter().skip(at + 1) {
                *together.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    let often = together.values().filter(|times| **times >= 2).count();
    Figure::share(count(often), case.n() * (case.n() - 1) / 2, Why::OneMember)
}

fn was_at(present: &[(Who, Grade, Option<Who>)], who: Who) -> bool {
    present.binary_search_by_key(&who, |(who, ..)| *who).is_ok()
}
