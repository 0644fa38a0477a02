//! C1–C6: who wrote and accepted the contract.

use crate::case::{Case, held};
use crate::figure::{Figure, Value, Why, count, quotient, sum};
use crate::window::Window;

/// Scalars that make somebody an author in any case.
const AUTHOR: u64 = 20;
/// Surviving scalars of each that make a clause shared.
const SHARED: u64 = 10;

/// Whether so much of a text with so much by members makes an author: at least
/// max(20, min(T/100, T/(4n))).
pub(crate) fn is_author(written: u64, all: u64, n: u64) -> bool {
    let (written, all, n) = (u128::from(written), u128::from(all), u128::from(n));
    written >= u128::from(AUTHOR) && (100 * written >= all || 4 * n * written >= all)
}

/// C1, author breadth: members who wrote enough of the adopted text ÷ n (Ostrom 1990,
/// rule-making). Gamed by filler.
#[must_use]
pub fn c1(case: &Case<'_>) -> Figure {
    let Some((_, text)) = case.adopted() else { return Figure::none(Why::NotAdopted) };
    let written = case.written(text);
    let all: u64 = written.iter().sum();
    let authors = written.iter().filter(|one| is_author(**one, all, case.n())).count();
    Figure::share(count(authors), case.n(), Why::NoMembers)
}

/// C2, author evenness: −Σ p ln p ÷ ln n over members (after Pielou 1966, over n and not over
/// authors). Gamed by padding.
#[must_use]
pub fn c2(case: &Case<'_>) -> Figure {
    let Some((_, text)) = case.adopted() else { return Figure::none(Why::NotAdopted) };
    if case.n() < 2 {
        return Figure::none(Why::OneMember);
    }
    let written = case.written(text);
    let all: u64 = written.iter().sum();
    if all == 0 {
        return Figure::none(Why::Nothing("no member wrote any of the adopted text"));
    }
    let shares = written.iter().filter(|one| **one > 0).map(|one| quotient(*one, all));
    let entropy = -sum(shares.map(|share| share * share.ln()));
    Figure::of(Value::One(entropy / quotient(case.n(), 1).ln()))
}

/// C3, shared clauses: clauses with ten surviving scalars of two members each or more ÷ clauses
/// (nef). Gamed by typo edits.
#[must_use]
pub fn c3(case: &Case<'_>) -> Figure {
    let Some((_, text)) = case.adopted() else { return Figure::none(Why::NotAdopted) };
    let shared = text.clauses.iter().filter(|clause| {
        clause.iter().filter(|(who, much)| **much >= SHARED && case.has(**who)).count() >= 2
    });
    let why = Why::Nothing("the adopted text has no clause");
    Figure::share(count(shared.count()), count(text.clauses.len()), why)
}

/// C4, ratification: who had signed by the adoption day, and was a member on it, ÷ members that
/// day (Budak 2015). Gamed by one person holding keys.
#[must_use]
pub fn c4(case: &Case<'_>) -> Figure {
    let Some((version, _)) = case.adopted() else { return Figure::none(Why::NotAdopted) };
    let Some(day) = version.adopted else { return Figure::none(Why::NotAdopted) };
    let members = case.facts.members(day);
    let signed = version.signers(day);
    let signed = signed.iter().filter(|who| members.binary_search(who).is_ok()).count();
    Figure::share(count(signed), count(members.len()), Why::NoMembers)
}

/// C5, time to contract: days and held meetings from the founding to the first adoption (Budak
/// 2015). Gamed by a pasted template.
#[must_use]
pub fn c5(case: &Case<'_>) -> Figure {
    let first = case.facts.first_adoption().filter(|day| *day <= case.window.to);
    let (Some(founded), Some(first)) = (case.facts.founded, first) else {
        return Figure::none(Why::NotAdopted);
    };
    let meetings = held(case.facts, Window { from: founded, to: first }).count();
    Figure::of(Value::Time { days: i64::from(first.since(founded)), meetings })
}

/// C6, living contract: members who stand by the adopted version ÷ n (Ostrom 1990). Gamed as a
/// rubber stamp.
#[must_use]
pub fn c6(case: &Case<'_>) -> Figure {
    let Some((version, _)) = case.adopted() else { return Figure::none(Why::NotAdopted) };
    let signers = version.signers(case.window.to);
    let signers = signers.iter().filter(|who| case.has(**who)).count();
    Figure::share(count(signers), case.n(), Why::NoMembers)
}
