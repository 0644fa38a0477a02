//! Whether something rose or fell, month by month: exact one-sided Mann–Kendall tests with a slope
//! after Theil and Sen, adjusted after Holm.

use copact_core::day::Day;
use minicbor::{Decode, Encode};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::Serialize;

use crate::case::Case;
use crate::facts::Facts;
use crate::figure::count;
use crate::indicators::deciding::{d1, j1_net};
use crate::indicators::presence::p2;
use crate::indicators::reciprocity::{r3, r6};
use crate::indicators::working::h3;
use crate::window::Window;

mod chance;

use chance::chances;

/// Values without which nothing is claimed.
const LEAST: usize = 6;
/// Up to so many values the larger p suffices: autocorrelation grows with length.
const SHORT: usize = 12;
/// Months after the first one that anything was logged in: people are still learning to log.
const LEARNING: i32 = 3;
/// Goals whose measure makes a trend the primary one.
const PRIMARY: usize = 3;

/// What is claimed of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Claim {
    /// It rose.
    #[n(0)]
    Rise,
    /// It fell.
    #[n(1)]
    Fall,
    /// Neither was shown, which is not the same as neither.
    #[n(2)]
    NotShown,
}

/// A series by month, and what follows from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// `minutes`, `attendances`, `net_joins`, or the id of an indicator.
    pub id: &'static str,
    /// A goal of the contract names it.
    pub primary: bool,
    /// The months that have a value, for example `2026-03`.
    pub months: Vec<String>,
    /// The values.
    pub values: Vec<f64>,
    /// Pairs that rise less pairs that fall.
    pub s: Option<i64>,
    /// The chance of that or more, of the side claimed, else of a rise.
    pub p: Option<f64>,
    /// The same, adjusted for how many were tested; none of fewer months than can be claimed of.
    pub p_adjusted: Option<f64>,
    /// Per month.
    pub slope: Option<f64>,
    /// What is claimed.
    pub claim: Claim,
}

/// One series, exact.
struct Series {
    id: &'static str,
    months: Vec<(i32, BigRational)>,
}

type Monthly = fn(&Case<'_>) -> Option<BigRational>;

/// Flows are 0 where nothing happened; ratios that cannot be computed are left out.
const SERIES: &[(&str, Monthly)] = &[
    ("minutes", |case| Some(whole(case.minutes.values().sum::<u64>()))),
    ("attendances", |case| {
        Some(whole(case.held().map(|one| count(one.present.len())).sum::<u64>()))
    }),
    ("net_joins", |case| Some(BigRational::from(BigInt::from(j1_net(case))))),
    ("H3", |case| h3(case).exact),
    ("R3", |case| r3(case).exact),
    ("R6", |case| r6(case).exact),
    ("D1", |case| d1(case).exact),
    ("P2", |case| p2(case).exact),
];

/// Whether a word is the id of a trend, so that a goal can be measured by it.
pub(crate) fn is_id(word: &str) -> bool {
    SERIES.iter().any(|(id, _)| *id == word)
}

pub(crate) fn whole(number: u64) -> BigRational {
    BigRational::from(BigInt::from(number))
}

/// The number of a month, counted from the year 0.
fn month_of(day: Day) -> i32 {
    i32::from(day.date().year()) * 12 + i32::from(day.date().month()) - 1
}

fn first_of(month: i32) -> Option<Day> {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    Day::parse(&format!("{year:04}-{month:02}-01")).ok()
}

/// The whole months in a window from the third after the first with an attendance or contribution.
fn months(facts: &Facts, window: Window) -> Vec<(i32, Window)> {
    let met = facts.meetings.iter().filter(|one| !one.headcount_only && !one.present.is_empty());
    let first = met.map(|one| one.day).chain(facts.work.iter().map(|one| one.date)).min();
    let Some(first) = first else { return Vec::new() };
    let from = (month_of(first) + LEARNING).max(month_of(window.from));
    let all = (from..=month_of(window.to)).filter_map(|month| {
        let (from, next) = (first_of(month)?, first_of(month + 1)?);
        Some((month, Window { from, to: next.plus(-1) }))
    });
    all.filter(|(_, one)| one.from >= window.from && one.to <= window.to).collect()
}

/// The trends of a window; primary are those that goals of the version adopted before it name.
#[must_use]
pub fn trends(facts: &Facts, window: Window) -> Vec<Trend> {
    let cases: Vec<(i32, Case<'_>)> = months(facts, window)
        .into_iter()
        .map(|(month, one)| (month, Case::new(facts, one)))
        .collect();
    let series: Vec<Series> = SERIES
        .iter()
        .map(|(id, of)| Series {
            id,
            months: cases.iter().filter_map(|(at, case)| Some((*at, of(case)?))).collect(),
        })
        .collect();
    told(&series, &primary(facts, window))
}

/// What [`trends`] claims of members' minutes. Without the other series, if there is nothing to
/// claim whatever they are: no adjustment makes a chance smaller.
#[must_use]
pub(crate) fn minutes_claim(facts: &Facts, window: Window) -> Claim {
    let Some((id, of)) = SERIES.first() else { return Claim::NotShown };
    let one = |(at, month)| Some((at, of(&Case::new(facts, month))?));
    let alone = Series { id, months: months(facts, window).into_iter().filter_map(one).collect() };
    let may_be = |p: Option<f64>| p.is_some_and(|p| p <= alone.most());
    if alone.months.len() < LEAST || !alone.sides().into_iter().any(may_be) {
        return Claim::NotShown;
    }
    let all = trends(facts, window).into_iter();
    all.filter(|one| one.id == *id).map(|one| one.claim).next().unwrap_or(Claim::NotShown)
}

/// The same for series made elsewhere, none primary; `months` names their numbers wrongly.
pub(crate) fn of_series(all: Vec<(&'static str, Vec<(i32, BigRational)>)>) -> Vec<Trend> {
    let all: Vec<Series> = all.into_iter().map(|(id, months)| Series { id, months }).collect();
    told(&all, &[])
}

fn told(series: &[Series], primary: &[&str]) -> Vec<Trend> {
    let sides: Vec<[Option<f64>; 2]> = series.iter().map(Series::sides).collect();
    let tested = |at: usize| {
        let one = series.get(at);
        one.is_some_and(|one| !primary.contains(&one.id) && one.months.len() >= LEAST)
    };
    let family = |side: usize| {
        let all = sides.iter().enumerate().filter(|(at, _)| tested(*at));
        holm(&all.filter_map(|(at, both)| Some((at, (*both.get(side)?)?))).collect::<Vec<_>>())
    };
    let adjusted = [family(0), family(1)];
    let all = series.iter().zip(&sides).enumerate().map(|(at, (one, both))| {
        let is_primary = primary.contains(&one.id);
        let of_side = |side: usize| {
            let own = both.get(side).copied().flatten();
            let in_family = adjusted.get(side)?.iter().find(|(known, _)| *known == at);
            let alone = is_primary && one.months.len() >= LEAST;
            in_family.map(|(_, p)| *p).or(own.filter(|_| alone))
        };
        one.told(is_primary, *both, [of_side(0), of_side(1)])
    });
    all.collect()
}

fn primary(facts: &Facts, window: Window) -> Vec<&'static str> {
    let version = facts.adopted(window.from.plus(-1));
    let text = version.and_then(|one| facts.texts.get(&one.id));
    let measures = text.into_iter().flat_map(|text| &text.goals).filter_map(|goal| {
        let measure = goal.measure.as_deref()?;
        SERIES.iter().map(|(id, _)| *id).find(|id| *id == measure)
    });
    measures.take(PRIMARY).collect()
}

/// Holm's adjustment: the smallest times how many there are, the next times one less, and none
/// smaller than one before it.
fn holm(family: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut sorted = family.to_vec();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let (mut least, mut left) = (0.0_f64, count(sorted.len()));
    for (_, p) in &mut sorted {
        least = least.max((crate::figure::real(left) * *p).min(1.0));
        (*p, left) = (least, left.saturating_sub(1));
    }
    sorted
}

impl Series {
    fn s(&self) -> i64 {
        let mut s = 0;
        for (at, (_, one)) in self.months.iter().enumerate() {
            for (_, other) in self.months.iter().skip(at + 1) {
                s += match other.cmp(one) {
                    std::cmp::Ordering::Greater => 1,
                    std::cmp::Ordering::Equal => 0,
                    std::cmp::Ordering::Less => -1,
                };
            }
        }
        s
    }

    /// The largest chance of which a claim is made.
    const fn most(&self) -> f64 {
        if self.months.len() <= SHORT { 0.01 } else { 0.003 }
    }

    /// The chance of as large a rise, and of as large a fall.
    fn sides(&self) -> [Option<f64>; 2] {
        if self.months.len() < 2 {
            return [None, None];
        }
        let mut sorted: Vec<&BigRational> = self.months.iter().map(|(_, value)| value).collect();
        sorted.sort();
        let ties: Vec<usize> = sorted.chunk_by(|a, b| a == b).map(<[_]>::len).collect();
        chances(&ties, self.s()).map(Some)
    }

    /// The median of all slopes between two months, of the middle two their mean.
    fn slope(&self) -> Option<f64> {
        let mut slopes = Vec::new();
        for (at, (month, one)) in self.months.iter().enumerate() {
            for (later, other) in self.months.iter().skip(at + 1) {
                slopes.push((other - one) / BigRational::from(BigInt::from(later - month)));
            }
        }
        slopes.sort();
        let middle = slopes.len() / 2;
        let upper = slopes.get(middle)?;
        let lower =
            if slopes.len() % 2 == 1 { upper } else { slopes.get(middle.checked_sub(1)?)? };
        ((lower + upper) / BigRational::from(BigInt::from(2))).to_f64()
    }

    fn told(
        &self,
        primary: bool,
        [rise, fall]: [Option<f64>; 2],
        [rise_adjusted, fall_adjusted]: [Option<f64>; 2],
    ) -> Trend {
        let enough = self.months.len() >= LEAST;
        let most = self.most();
        let shown = |p: Option<f64>| enough && p.is_some_and(|p| p <= most);
        let (claim, p, p_adjusted) = if shown(rise_adjusted) {
            (Claim::Rise, rise, rise_adjusted)
        } else if shown(fall_adjusted) {
            (Claim::Fall, fall, fall_adjusted)
        } else {
            (Claim::NotShown, rise, rise_adjusted)
        };
        let named =
            |month: i32| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
        Trend {
            id: self.id,
            primary,
            months: self.months.iter().map(|(month, _)| named(*month)).collect(),
            values: self.months.iter().filter_map(|(_, value)| value.to_f64()).collect(),
            s: (self.months.len() >= 2).then(|| self.s()),
            p,
            p_adjusted,
            slope: self.slope(),
            claim,
        }
    }
}

#[cfg(test)]
mod tests;
