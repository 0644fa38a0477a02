//! R1–R6: who does something for whom.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::entry::Occasion;
use num_bigint::BigUint;
use num_traits::{One, Zero};

use crate::case::Case;
use crate::facts::{Who, Whom};
use crate::figure::{Figure, Value, Why, count, exact};

const NO_TIE: Why = Why::Nothing("no minute of a member for another counts in the window");

/// Minutes that members gave and got.
fn gave_and_got(case: &Case<'_>) -> BTreeMap<Who, (u64, u64)> {
    let mut both: BTreeMap<Who, (u64, u64)> =
        case.members.iter().map(|who| (*who, (0, 0))).collect();
    for ((from, to), minutes) in &case.ties {
        if let Some((gave, _)) = both.get_mut(from) {
            *gave += minutes;
        }
        if let Some((_, got)) = both.get_mut(to) {
            *got += minutes;
        }
    }
    both
}

fn mutual(case: &Case<'_>) -> usize {
    let mutual = case.ties.keys().filter(|(a, b)| a < b && case.ties.contains_key(&(*b, *a)));
    mutual.count()
}

/// R1, reciprocity: ρ = (r−d)/(1−d) (Garlaschelli & Loffredo 2004), with the exact chance of as
/// many mutual pairs or more among as many ties. Gamed by arranged swaps.
#[must_use]
pub fn r1(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let (ties, m) = (count(case.ties.len()), count(mutual(case)));
    let places = case.n() * (case.n() - 1);
    if ties == 0 {
        return Figure::none(NO_TIE);
    }
    if ties == places {
        return Figure::none(Why::Nothing("everybody does something for everybody"));
    }
    // ρ of integers: (2m·P − L²) ÷ (L·(P − L)).
    let (l, p) = (i128::from(ties), i128::from(places));
    let rho = exact((2 * i128::from(m) * p - l * l).into(), (l * (p - l)).into());
    Figure::of(Value::Reciprocity {
        value: rho,
        p: chance(places / 2, ties, m),
        r: exact((2 * m).into(), ties.into()),
        d: exact(ties.into(), places.into()),
        ties,
        m,
    })
}

/// The chance that at least `m` of `pairs` pairs are mutual, when `ties` directed ties lie
/// anywhere: Σ w(k) over k ≥ m ÷ Σ w(k), w(k) = C(N,k)·C(N−k, L−2k)·2^(L−2k); the sum of all is
/// C(2N, L).
fn chance(pairs: u64, ties: u64, m: u64) -> f64 {
    let least = ties.saturating_sub(pairs);
    // Common factors of all w do not matter, so the first is 1 and each follows from the one
    // before.
    let (mut w, mut all, mut as_many) = (BigUint::one(), BigUint::zero(), BigUint::zero());
    for k in least..=ties / 2 {
        all += &w;
        if k >= m {
            as_many += &w;
        }
        let left = ties - 2 * k;
        if left < 2 {
            break;
        }
        // w(k+1) = w(k)·(L−2k)(L−2k−1) ÷ (4(k+1)(N−L+k+1)); all so far is scaled by the divisor.
        let (up, down) = (
            BigUint::from(left) * (left - 1),
            BigUint::from(4_u32) * (k + 1) * (pairs + k + 1 - ties),
        );
        w *= up;
        all *= &down;
        as_many *= down;
    }
    exact(as_many.into(), all.into())
}

/// R2, weighted reciprocity: minutes that were given both ways ÷ all (Squartini et al. 2013).
#[must_use]
pub fn r2(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let back = case.ties.iter().map(|((from, to), minutes)| {
        (*minutes).min(case.ties.get(&(*to, *from)).copied().unwrap_or_default())
    });
    Figure::share(back.sum(), case.ties.values().sum(), NO_TIE)
}

/// R3, give and receive: members who gave and got ÷ n (Cahn). Gamed by token receipt.
#[must_use]
pub fn r3(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    if case.ties.is_empty() {
        return Figure::none(NO_TIE);
    }
    let both = gave_and_got(case).values().filter(|(gave, got)| *gave > 0 && *got > 0).count();
    Figure::share(count(both), case.n(), Why::OneMember)
}

/// R4, balance: 1 − Σ|out−in| ÷ 2E (time banks). Gamed by rings.
#[must_use]
pub fn r4(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let all: u64 = case.ties.values().sum();
    if all == 0 {
        return Figure::none(NO_TIE);
    }
    let apart: u64 = gave_and_got(case).values().map(|(gave, got)| gave.abs_diff(*got)).sum();
    Figure::of(Value::One(exact((2 * all - apart).into(), (2 * all).into())))
}

/// R5, density: directed ties ÷ n(n−1) (nef). Gamed by micro-exchanges.
#[must_use]
pub fn r5(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    if !case.has_work() {
        return Figure::none(Why::NoWork);
    }
    Figure::share(count(case.ties.len()), case.n() * (case.n() - 1), Why::OneMember)
}

/// R6, joint work: members whose counted work for the group was on the same meeting, goal or task
/// as another's ÷ n (nef, mutuality). Gamed by labels.
#[must_use]
pub fn r6(case: &Case<'_>) -> Figure {
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    if !case.has_work() {
        return Figure::none(Why::NoWork);
    }
    let mut at: BTreeMap<&Occasion, BTreeSet<Who>> = BTreeMap::new();
    for work in case.counted() {
        let for_group = work.whom == Whom::Group && work.minutes > 0 && case.has(work.who);
        let Some(on) = work.on.as_ref().filter(|_| for_group) else { continue };
        at.entry(on).or_default().insert(work.who);
    }
    let joint: BTreeSet<Who> = at.into_values().filter(|who| who.len() >= 2).flatten().collect();
    Figure::share(count(joint.len()), case.n(), Why::OneMember)
}
