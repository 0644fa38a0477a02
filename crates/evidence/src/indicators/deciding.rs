//! D1–D5, G1, B1, J1 and J2: who decides, what came of it, who comes and goes.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::RoleKind;
use copact_core::entry::Phase;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::case::{Case, NEW, NOBODY_NEW};
use crate::facts::{Decision, Who};
use crate::figure::{Figure, Value, Why, count, exact};

const NO_DECISION: Why = Why::Nothing("no decision closed in the window");

fn closed<'f>(case: &Case<'f>) -> impl Iterator<Item = &'f Decision> {
    let window = case.window;
    case.facts.decisions.iter().filter(move |one| window.has(one.closed))
}

/// D1, turnout: the mean, over decisions that closed in the window, of voters ÷ members on the day
/// it was proposed (Arnstein 1969). Gamed by trivial votes.
#[must_use]
pub fn d1(case: &Case<'_>) -> Figure {
    let (mut sum, mut decisions) = (BigRational::zero(), 0_u64);
    for one in closed(case) {
        let members = case.facts.count(one.proposed);
        if members > 0 {
            sum += BigRational::new(one.voters.len().into(), members.into());
            decisions += 1;
        }
    }
    if decisions == 0 {
        return Figure::none(NO_DECISION);
    }
    Figure::rational(sum / BigRational::from(BigInt::from(decisions)))
}

/// The smaller role's sum per head over the larger's.
fn parity(case: &Case<'_>, much: impl Fn(Who) -> u64) -> Option<f64> {
    let mut of_role: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for who in &case.members {
        let Some(role) = case.facts.role(*who, case.window.to) else { continue };
        let (sum, heads) = of_role.entry(role.word()).or_default();
        *sum += much(*who);
        *heads += 1;
    }
    let [(one, of_one), (other, of_other)] =
        of_role.into_values().collect::<Vec<_>>().try_into().ok()?;
    let (a, b) = (u128::from(one) * u128::from(of_other), u128::from(other) * u128::from(of_one));
    (a.max(b) > 0).then(|| exact(a.min(b).into(), a.max(b).into()))
}

/// D2, role parity: of what is written, decided and worked, the one role's per head over the
/// other's (nef, equal). Gamed by false roles.
#[must_use]
pub fn d2(case: &Case<'_>) -> Figure {
    let text = case.adopted().map(|(_, text)| text);
    let written = |who| text.and_then(|text| text.written.get(&who)).copied().unwrap_or_default();
    let votes = |who| count(closed(case).filter(|one| one.voters.contains(&who)).count());
    let minutes = |who| case.minutes.get(&who).copied().unwrap_or_default();
    let (authorship, decisions, hours) =
        (parity(case, written), parity(case, votes), parity(case, minutes));
    if authorship.or(decisions).or(hours).is_none() {
        return Figure::none(Why::Nothing(
            "there are fewer than two roles, or nobody of either wrote, decided or worked",
        ));
    }
    Figure::of(Value::Parity { authorship, decisions, hours })
}

/// D3, citizen initiative: adopted decisions that a citizen proposed ÷ adopted ones (Wales
/// network). Gamed by ghost-writing.
#[must_use]
pub fn d3(case: &Case<'_>) -> Figure {
    let adopted = || closed(case).filter(|one| one.adopted);
    let theirs = adopted().filter(|one| one.role == Some(RoleKind::Citizen)).count();
    let why = Why::Nothing("no decision was adopted in the window");
    Figure::share(count(theirs), count(adopted().count()), why)
}

/// D4, four phases: phases with counted work of two members or more, one a citizen, ÷ 4 (Loeffler).
/// Gamed by labels.
#[must_use]
pub fn d4(case: &Case<'_>) -> Figure {
    if !case.has_work() {
        return Figure::none(Why::NoWork);
    }
    let shared = Phase::ALL.iter().filter(|phase| {
        let work = case.counted().filter(|one| one.phase == Some(**phase) && case.has(one.who));
        let who: BTreeSet<Who> = work.map(|one| one.who).collect();
        let citizen = |who: &Who| case.facts.role(*who, case.window.to) == Some(RoleKind::Citizen);
        who.len() >= 2 && who.iter().any(citizen)
    });
    Figure::share(count(shared.count()), count(Phase::ALL.len()), Why::NoWork)
}

/// D5, rotation: 1 − Σ f², f the share of held meetings that a member opened first, with the most
/// that it can be (nef, roles). Gamed by a chair in name.
#[must_use]
pub fn d5(case: &Case<'_>) -> Figure {
    let mut opened: BTreeMap<Who, u64> = BTreeMap::new();
    for who in case.held().filter_map(|one| one.opened_by).filter(|who| case.has(*who)) {
        *opened.entry(who).or_default() += 1;
    }
    let all: u64 = opened.values().sum();
    if all == 0 {
        return Figure::none(Why::Nothing("no member opened a held meeting in the window"));
    }
    let squares: u128 = opened.values().map(|one| u128::from(*one).pow(2)).sum();
    let square = u128::from(all).pow(2);
    let most = case.n().min(all);
    Figure::of(Value::Rotation {
        value: exact((square - squares).into(), square.into()),
        ceiling: exact((most - 1).into(), most.into()),
    })
}

/// G1, goals met: goals due in the window that were said to be reached by their day, which two
/// others confirmed, ÷ goals due (WorkingWithNotTo). Gamed by easy goals.
#[must_use]
pub fn g1(case: &Case<'_>) -> Figure {
    let (mut due, mut met) = (0, 0);
    for version in &case.facts.versions {
        let Some(text) = case.facts.texts.get(&version.id) else { continue };
        for goal in &text.goals {
            let Some(day) = goal.due.filter(|day| case.window.has(*day)) else { continue };
            if case.facts.adopted(day).map(|one| one.id) != Some(version.id) {
                continue;
            }
            due += 1;
            let mut words = case.facts.goal_states.iter();
            let last = words.rfind(|word| word.goal == goal.id && word.signed <= day);
            met += u64::from(last.is_some_and(|word| word.done && word.confirmed_by >= 2));
        }
    }
    Figure::share(met, due, Why::Nothing("no goal was due in the window"))
}

/// B1, bridging: ties between the two roles ÷ ties, with what chance would give (Putnam). Gamed by
/// labels.
#[must_use]
pub fn b1(case: &Case<'_>) -> Figure {
    let role = |who: Who| case.facts.role(who, case.window.to);
    let pairs: BTreeSet<(Who, Who)> =
        case.ties.keys().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
    let pairs = pairs.into_iter().filter_map(|(a, b)| Some((role(a)?, role(b)?)));
    let (mut cross, mut ties) = (0, 0);
    for (a, b) in pairs {
        ties += 1;
        cross += u64::from(a != b);
    }
    let mut of_role: BTreeMap<&str, u64> = BTreeMap::new();
    for role in case.members.iter().filter_map(|who| role(*who)) {
        *of_role.entry(role.word()).or_default() += 1;
    }
    let n: u64 = of_role.values().sum();
    let twos = |n: u64| u128::from(n) * u128::from(n.saturating_sub(1)) / 2;
    if ties == 0 || twos(n) == 0 {
        return Figure::none(Why::Nothing("no tie of members with a role counts in the window"));
    }
    let same: u128 = of_role.values().map(|one| twos(*one)).sum();
    let value = exact(cross.into(), ties.into());
    let chance = exact((twos(n) - same).into(), twos(n).into());
    let value = Value::Bridging { value, chance };
    Figure { num: Some(cross), den: Some(ties), ..Figure::of(value) }
}

/// J1, joining: who joined, who left, and the difference, in the window (Budak 2015). Who was taken
/// over from a list did neither. Gamed by invented people.
#[must_use]
pub fn j1(case: &Case<'_>) -> Figure {
    let (joined, left) = joined_and_left(case);
    Figure::of(Value::Joining { joined, left, net: j1_net(case) })
}

fn joined_and_left(case: &Case<'_>) -> (u64, u64) {
    let people = || case.facts.people.iter().filter(|one| !one.imported);
    let joined = people().filter(|one| case.window.has(one.since)).count();
    let left = people().filter(|one| one.until.is_some_and(|until| case.window.has(until)));
    (count(joined), count(left.count()))
}

/// Who joined less who left.
pub(crate) fn j1_net(case: &Case<'_>) -> i64 {
    let (joined, left) = joined_and_left(case);
    i64::try_from(i128::from(joined) - i128::from(left)).unwrap_or_default()
}

/// J2, joining that leads to doing: newcomers who signed a version or did counted work in the
/// ninety days after they came ÷ newcomers (Budak 2015). Gamed by tokens.
#[must_use]
pub fn j2(case: &Case<'_>) -> Figure {
    let newcomers = case.newcomers();
    let did = newcomers.iter().filter(|(who, since)| {
        let window = crate::window::Window { from: *since, to: since.plus(NEW) };
        let signatures = case.facts.versions.iter().flat_map(|one| &one.signatures);
        let signed = signatures.clone().any(|one| one.who == *who && window.has(one.day));
        let mut work = case.facts.work.iter().filter(|one| one.who == *who);
        signed || work.any(|one| window.has(one.date) && crate::case::counts(case.facts, one))
    });
    Figure::share(count(did.count()), count(newcomers.len()), NOBODY_NEW)
}
