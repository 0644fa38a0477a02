//! `copro-min/1.0`: the minimum that is called co-production, clause by clause.
//!
//! In plain words: an agreement written by more than one of us, accepted by us, then work one did
//! and another confirmed.

use std::collections::BTreeSet;

use copact_core::act::RoleKind;
use copact_core::contract::SectionKind;
use copact_core::day::Day;
use copact_core::views::Grade;
use serde::Serialize;

use crate::case::Case;
use crate::facts::{Facts, Meeting, Who};
use crate::figure::count;
use crate::indicators::contract::{c4, is_author};
use crate::indicators::reciprocity::{r3, r6};
use crate::window::{DAYS, Window};

/// Whether a clause holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// There is nothing to judge.
    NotComputable,
}

impl Verdict {
    const fn of(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Fail }
    }

    /// Fails if one fails, else is not computable if one is.
    pub(crate) fn and(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<Self> = all.into_iter().collect();
        if all.contains(&Self::Fail) {
            Self::Fail
        } else if all.contains(&Self::NotComputable) {
            Self::NotComputable
        } else {
            Self::Pass
        }
    }

    /// Passes if one does, is not computable if none can be computed, else fails.
    pub(crate) fn or(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<Self> = all.into_iter().collect();
        if all.contains(&Self::Pass) {
            Self::Pass
        } else if all.iter().all(|one| *one == Self::NotComputable) {
            Self::NotComputable
        } else {
            Self::Fail
        }
    }
}

/// A clause with its figure and threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clause {
    /// Its id, for example `formed.members`.
    pub id: &'static str,
    /// Whether it holds.
    pub status: Verdict,
    /// The figure, as exact as it is: a count, or a count of so many.
    pub value: Option<(u64, u64)>,
    /// What it must reach, in the same form; of a share that must not be exceeded, the most.
    pub threshold: (u64, u64),
    /// Why it cannot be judged.
    pub reason: Option<&'static str>,
}

impl Clause {
    /// A count that must be reached.
    fn count(id: &'static str, value: u64, least: u64) -> Self {
        let status = Verdict::of(value >= least);
        Self { id, status, value: Some((value, 1)), threshold: (least, 1), reason: None }
    }

    /// A share that must be reached.
    fn share(id: &'static str, value: (u64, u64), least: (u64, u64)) -> Self {
        let wide = |one: u64| u128::from(one);
        let holds = value.1 > 0 && wide(value.0) * wide(least.1) >= wide(least.0) * wide(value.1);
        Self { id, status: Verdict::of(holds), value: Some(value), threshold: least, reason: None }
    }

    const fn none(id: &'static str, threshold: (u64, u64), reason: &'static str) -> Self {
        Self { id, status: Verdict::NotComputable, value: None, threshold, reason: Some(reason) }
    }
}

/// How far a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not even formed.
    None,
    /// Two who agreed; nobody outside an exchange can witness it.
    Pair,
    /// It has an agreement.
    Formed,
    /// And work that one did and another confirmed.
    CoProducing,
    /// And has kept at it.
    Sustained,
}

/// The verdict on a group at the end of a window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// How far it is.
    pub level: Level,
    /// `public-service` or `community`.
    pub label: &'static str,
    /// Clause by clause.
    pub clauses: Vec<Clause>,
}

const NOT_ADOPTED: &str = "no version of the contract was adopted by then";
const NO_WORK: &str = "no work is dated by then";
/// Counted scalars that a section must have.
const SECTION: u64 = 20;
/// Minutes that make somebody a worker.
const WORKER: u64 = 30;
/// Days that lie between first and last attested meeting.
const APART: u64 = 7;
/// Members from which two thirds suffice to ratify; in a smaller group all sign.
const LARGE: usize = 5;
/// Quarters that are looked at for what is sustained, and how many must pass.
const QUARTERS: (usize, u64) = (4, 3);

/// Judges a group at the end of a day.
#[must_use]
pub fn judge(facts: &Facts, to: Day) -> Judged {
    let case = Case::new(facts, Window::up_to(to, DAYS));
    let formed = formed(&case);
    let working = coproducing(&case, &formed);
    let sustained = sustained(facts, to);
    let holds = |clauses: &[Clause]| Verdict::and(clauses.iter().map(|one| one.status));
    let all_but_members =
        formed.iter().filter(|one| one.id != "formed.members").map(|one| one.status);
    let level = if holds(&working) == Verdict::Pass {
        if sustained.status == Verdict::Pass { Level::Sustained } else { Level::CoProducing }
    } else if holds(&formed) == Verdict::Pass {
        Level::Formed
    } else if case.members.len() == 2 && Verdict::and(all_but_members) == Verdict::Pass {
        Level::Pair
    } else {
        Level::None
    };
    let label = if is_public_service(&case) { "public-service" } else { "community" };
    let clauses = formed.into_iter().chain(working).chain([sustained]).collect();
    Judged { level, label, clauses }
}

fn formed(case: &Case<'_>) -> Vec<Clause> {
    let n = case.n();
    let voices = case.members.iter().filter(|who| case.facts.has_voice(**who, case.window.to));
    let amend = Clause::count("formed.amend", count(voices.count()) / 2 + 1, 2);
    let authors_needed = (n.min(12)).div_ceil(2).max(2);
    let Some((version, text)) = case.adopted() else {
        let none = |id, threshold| Clause::none(id, threshold, NOT_ADOPTED);
        return vec![
            Clause::count("formed.members", n, 3),
            none("formed.identity", (SECTION, 1)),
            none("formed.purpose", (SECTION, 1)),
            none("formed.authors", (authors_needed, 1)),
            none("formed.share", (4, 5)),
            none("formed.own", (1, 2)),
            none("formed.ratified", (2, 3)),
            amend,
        ];
    };
    let written = case.written(text);
    let all: u64 = written.iter().sum();
    let section = |kind| {
        let of_kind = text.sections.iter().filter(|(one, _)| *one == kind);
        of_kind.map(|(_, scalars)| *scalars).max().unwrap_or_default()
    };
    let authors = count(written.iter().filter(|one| is_author(**one, all, n)).count());
    let most = written.iter().max().copied().unwrap_or_default();
    let most_holds = u128::from(most) * 5 <= u128::from(all) * 4;
    let share = if all == 0 {
        Clause::none("formed.share", (4, 5), "no member wrote any of the adopted text")
    } else {
        let status = Verdict::of(most_holds);
        Clause {
            id: "formed.share",
            status,
            value: Some((most, all)),
            threshold: (4, 5),
            reason: None,
        }
    };
    let ratified = match (c4(case).num.zip(c4(case).den), version.adopted) {
        (Some(signed), Some(day)) => ratified(case, version, signed, day),
        _ => Clause::none("formed.ratified", (2, 3), NOT_ADOPTED),
    };
    let own = if text.counted == 0 {
        Clause::none("formed.own", (1, 2), "the adopted text is empty")
    } else {
        Clause::share("formed.own", (all, text.counted), (1, 2))
    };
    vec![
        Clause::count("formed.members", n, 3),
        Clause::count("formed.identity", section(SectionKind::Identity), SECTION),
        Clause::count("formed.purpose", section(SectionKind::Purpose), SECTION),
        Clause::count("formed.authors", authors, authors_needed),
        share,
        own,
        ratified,
        amend,
    ]
}

/// Two thirds of the members had signed on the adoption day; of fewer than five all of them by now.
fn ratified(
    case: &Case<'_>,
    version: &crate::facts::Version,
    signed: (u64, u64),
    day: Day,
) -> Clause {
    let then = case.facts.members(day);
    if then.len() >= LARGE {
        return Clause::share("formed.ratified", signed, (2, 3));
    }
    let signers = version.signers(case.window.to);
    let signed = then.iter().filter(|who| signers.binary_search(who).is_ok()).count();
    Clause::share("formed.ratified", (count(signed), count(then.len())), (1, 1))
}

fn coproducing(case: &Case<'_>, formed: &[Clause]) -> Vec<Clause> {
    let passed = formed.iter().filter(|one| one.status == Verdict::Pass).count();
    let status = Verdict::and(formed.iter().map(|one| one.status));
    let attested: Vec<&Meeting> = case.held().filter(|one| is_attested(case.facts, one)).collect();
    let days: BTreeSet<Day> = attested.iter().map(|one| one.day).collect();
    let span = days.first().zip(days.last()).map_or(0, |(first, last)| last.since(*first));
    let first = case.facts.first_adoption().filter(|day| *day <= case.window.to);
    let after = match first {
        None => Clause::none("coproducing.after", (1, 1), NOT_ADOPTED),
        Some(day) => {
            let later = attested.iter().filter(|one| one.day > day).count();
            Clause::count("coproducing.after", count(later), 1)
        }
    };
    let needed = case.n().div_ceil(2).max(3);
    let workers = if case.has_work() {
        let workers = case.minutes.values().filter(|one| **one >= WORKER).count();
        Clause::count("coproducing.workers", count(workers), needed)
    } else {
        Clause::none("coproducing.workers", (needed, 1), NO_WORK)
    };
    vec![
        Clause {
            id: "coproducing.formed",
            status,
            value: Some((count(passed), 1)),
            threshold: (count(formed.len()), 1),
            reason: None,
        },
        Clause::count("coproducing.meetings", count(attested.len()), 2),
        Clause::count("coproducing.apart", u64::try_from(span).unwrap_or_default(), APART),
        after,
        workers,
        mutual(case),
    ]
}

/// A third gave and got, or worked for the group together.
fn mutual(case: &Case<'_>) -> Clause {
    let either = [r3(case), r6(case)];
    let status = Verdict::or(
        either.iter().map(|one| one.reaches((1, 3)).map_or(Verdict::NotComputable, Verdict::of)),
    );
    let best = either.iter().filter_map(|one| one.num.zip(one.den)).max();
    Clause {
        id: "coproducing.mutual",
        status,
        value: best,
        threshold: (1, 3),
        reason: if best.is_none() { Some(NO_WORK) } else { None },
    }
}

/// Enough of a meeting is witnessed: max(3, a third of the members on its day).
fn is_attested(facts: &Facts, meeting: &Meeting) -> bool {
    let attested = meeting.present.iter().filter(|(_, grade, _)| *grade == Grade::Attested).count();
    attested >= facts.count(meeting.day).div_ceil(3).max(3)
}

/// Co-producing at the ends of three of the last four quarters, each over its own ninety days.
fn sustained(facts: &Facts, to: Day) -> Clause {
    let mut ends = Vec::new();
    let mut day = to;
    while ends.len() < QUARTERS.0 {
        let quarter = copact_core::quarter::Quarter::of(day);
        let (Ok(first), Ok(last)) = (quarter.first_day(), quarter.last_day()) else { break };
        if last <= to {
            ends.push(last);
        }
        let before = first.plus(-1);
        if before == first {
            break;
        }
        day = before;
    }
    let passed = ends.iter().filter(|end| {
        let case = Case::new(facts, Window::up_to(**end, DAYS));
        let formed = formed(&case);
        let all = coproducing(&case, &formed);
        Verdict::and(all.iter().map(|one| one.status)) == Verdict::Pass
    });
    Clause::count("sustained.quarters", count(passed.count()), QUARTERS.1)
}

/// One citizen and one professional each wrote, signed and worked.
fn is_public_service(case: &Case<'_>) -> bool {
    let Some((version, text)) = case.adopted() else { return false };
    let written = case.written(text);
    let all: u64 = written.iter().sum();
    let signers = version.signers(case.window.to);
    let did_all = case.members.iter().zip(written).filter(|(who, written)| {
        is_author(*written, all, case.n())
            && signers.binary_search(who).is_ok()
            && case.minutes.get(who).is_some_and(|minutes| *minutes >= WORKER)
    });
    let who: Vec<Who> = did_all.map(|(who, _)| *who).collect();
    let any = |role| who.iter().any(|who| case.facts.role(*who, case.window.to) == Some(role));
    any(RoleKind::Citizen) && any(RoleKind::Professional)
}
