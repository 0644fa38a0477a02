//! H1–H5: who worked, by what another confirmed.

use num_rational::BigRational;

use crate::case::Case;
use crate::figure::{Figure, Value, Why, count, exact, quotient};

const MINUTES: u64 = 60;
const NO_MINUTES: Why = Why::Nothing("no minute of a member counts in the window");

/// H1, confirmed hours: of all members, and of each on average (time banks). Gamed by mutual
/// inflation.
#[must_use]
pub fn h1(case: &Case<'_>) -> Figure {
    if !case.has_work() {
        return Figure::none(Why::NoWork);
    }
    if case.n() == 0 {
        return Figure::none(Why::NoMembers);
    }
    let all: u64 = case.minutes.values().sum();
    let per_member = exact(all.into(), (MINUTES * case.n()).into());
    Figure::of(Value::Hours { total: quotient(all, MINUTES), per_member })
}

/// H2, confirmation: confirmed ÷ claimed minutes of members, disputed ones in neither. Gamed by
/// confirming automatically.
#[must_use]
pub fn h2(case: &Case<'_>) -> Figure {
    let claimed = case.facts.work.iter().filter(|one| {
        let was_member = case.facts.people.get(one.who).is_some_and(|who| who.covers(one.date));
        let open = !one.disputed && !one.future;
        case.window.has(one.date) && open && was_member && case.has(one.who)
    });
    let claimed: u64 = claimed.map(|one| one.minutes).sum();
    let confirmed: u64 = case.minutes.values().sum();
    Figure::share(confirmed, claimed, Why::Nothing("no work was claimed in the window"))
}

/// H3, equality: 1 − G·n ÷ (n−1), G the Gini coefficient of the members' minutes, zeros included
/// (Deltas 2003). Gamed by splitting hours.
#[must_use]
pub fn h3(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let all: u64 = case.minutes.values().sum();
    if all == 0 {
        return Figure::none(NO_MINUTES);
    }
    let mut sorted: Vec<u64> = case.minutes.values().copied().collect();
    sorted.sort_unstable();
    // ΣΣ|hᵢ−hⱼ| over ordered pairs, from the running sum of the smaller ones.
    let (mut differences, mut smaller) = (0_u128, 0_u128);
    for (at, one) in (0_u128..).zip(&sorted) {
        differences += 2 * (at * u128::from(*one) - smaller);
        smaller += u128::from(*one);
    }
    let most = 2 * u128::from(all) * u128::from(case.n() - 1);
    Figure::rational(BigRational::new((most - differences).into(), most.into()))
}

/// H4, contributing share: members with any minute ÷ n (time banks). Gamed by token hours.
#[must_use]
pub fn h4(case: &Case<'_>) -> Figure {
    if !case.has_work() {
        return Figure::none(Why::NoWork);
    }
    let any = case.minutes.values().filter(|minutes| **minutes > 0).count();
    Figure::share(count(any), case.n(), Why::NoMembers)
}

/// H5, dependence: the most of one member ÷ all. Gamed by a leader who logs too little.
#[must_use]
pub fn h5(case: &Case<'_>) -> Figure {
    let most = case.minutes.values().copied().max().unwrap_or_default();
    Figure::share(most, case.minutes.values().sum(), NO_MINUTES)
}
