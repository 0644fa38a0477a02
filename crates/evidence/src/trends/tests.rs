//! Trends against brute force: every order of a series, every pair of months, every family.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::float_cmp)]

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{Claim, Series, chances, holm};

mod simulated;

/// Two numbers that differ by rounding alone.
fn assert_near(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-14, "{what}: {a} and {b}");
}

/// A series of months from `months`, of whole numbers.
fn series(months: &[i32], values: &[i64]) -> Series {
    let values = values.iter().map(|one| BigRational::from(BigInt::from(*one)));
    Series { id: "minutes", months: months.iter().copied().zip(values).collect() }
}

/// The same of the first months of a year.
fn monthly(values: &[i64]) -> Series {
    series(&(0..i32::try_from(values.len()).unwrap()).collect::<Vec<_>>(), values)
}

/// Pairs that rise less pairs that fall.
fn s_of(values: &[usize]) -> i64 {
    let pairs = (0..values.len()).flat_map(|i| (i + 1..values.len()).map(move |j| (i, j)));
    let signs = pairs.map(|(i, j)| match values[j].cmp(&values[i]) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Less => -1,
    });
    signs.sum()
}

/// How many orders of a multiset have each S: `left` of each value are still to be placed.
fn orders(left: &mut [usize], placed: &mut Vec<usize>, of_s: &mut BTreeMap<i64, u32>) {
    if left.iter().all(|one| *one == 0) {
        *of_s.entry(s_of(placed)).or_default() += 1;
        return;
    }
    for value in 0..left.len() {
        if left[value] > 0 {
            left[value] -= 1;
            placed.push(value);
            orders(left, placed, of_s);
            placed.pop();
            left[value] += 1;
        }
    }
}

/// Every way to write `n` as a sum of ties, in every order.
fn patterns(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let first = (1..=n).flat_map(|first| {
        patterns(n - first).into_iter().map(move |rest| [vec![first], rest].concat())
    });
    first.collect()
}

/// Breaks when: the exact null of S is not that of all orders, with any ties, in series of up to
/// eight months (a wrong factor of the q-multinomial, S off by one, a normal approximation).
#[test]
fn the_chance_is_that_of_all_orders_with_every_pattern_of_ties() {
    let mut seen = 0;
    for pattern in (2..=8).flat_map(patterns) {
        let mut of_s = BTreeMap::new();
        orders(&mut pattern.clone(), &mut Vec::new(), &mut of_s);
        let all: u32 = of_s.values().sum();
        for s in -29..=29 {
            let as_many: u32 = of_s.range(s..).map(|(_, many)| *many).sum();
            let expected = f64::from(as_many) / f64::from(all);
            assert_near(chances(&pattern, s)[0], expected, &format!("{pattern:?}, S = {s}"));
            seen += 1;
        }
    }
    assert_eq!(seen, 254 * 59, "every pattern from 2 to 8 months");
}

/// Breaks when: the two sides of a series are not the chances of S and −S.
#[test]
fn both_sides_are_tested() {
    // S = 15, all six in order: one order of 720.
    let [rise, fall] = monthly(&[1, 2, 3, 4, 5, 6]).sides();
    assert_near(rise.unwrap(), 1.0 / 720.0, "rise");
    assert_near(fall.unwrap(), 1.0, "fall");
    // 1 1 2: of the orders 112, 121, 211 one has S = 2.
    let [rise, fall] = monthly(&[1, 1, 2]).sides();
    assert_near(rise.unwrap(), 1.0 / 3.0, "rise with ties");
    assert_near(fall.unwrap(), 1.0, "fall with ties");
    assert_eq!(monthly(&[4]).sides(), [None, None], "one month says nothing");
    assert_eq!(monthly(&[2, 2, 2]).sides(), [Some(1.0), Some(1.0)], "nothing but ties");
}

/// Breaks when: a slope is taken on places instead of months, or the median is not the mean of the
/// middle two.
#[test]
fn slopes_are_medians_over_all_pairs() {
    // 2, 1/2, 7/4, −1, 5/3, 3: the middle two are 5/3 and 7/4.
    let slope = series(&[1, 2, 3, 5], &[1, 3, 2, 8]).slope().unwrap();
    assert_near(slope, f64::midpoint(5.0 / 3.0, 7.0 / 4.0), "even");
    // 1, 5/2, 4: the middle one.
    assert_near(monthly(&[0, 1, 5]).slope().unwrap(), 2.5, "odd");
    assert_eq!(monthly(&[7]).slope(), None);
    // Brute force in halves of a sixtieth, which all differences of months below 6 divide.
    let months = [0, 1, 3, 4, 5];
    for seed in 0..200_i64 {
        let values: Vec<i64> = (0..5).map(|at| (seed * 7919 + at * 104_729) % 23).collect();
        let pairs = (0..5).flat_map(|i| (i + 1..5).map(move |j| (i, j)));
        let mut slopes: Vec<i64> = pairs
            .map(|(i, j)| 60 * (values[j] - values[i]) / i64::from(months[j] - months[i]))
            .collect();
        slopes.sort_unstable();
        let expected = f64::from(i32::try_from(slopes[4] + slopes[5]).unwrap()) / 120.0;
        assert_near(series(&months, &values).slope().unwrap(), expected, &format!("{values:?}"));
    }
}

/// Breaks when: Holm's adjustment is not the closed test by Bonferroni, of which it is a shortcut.
#[test]
fn holm_is_the_closed_test_of_all_families() {
    // 0.01·3, then 0.02·2 = 0.04, then 0.03·1 but not below the one before it.
    let adjusted = holm(&[(0, 0.03), (1, 0.01), (2, 0.02)]);
    let of = |which| adjusted.iter().find(|(at, _)| *at == which).unwrap().1;
    assert_near(of(1), 0.03, "first");
    assert_near(of(2), 0.04, "second");
    assert_near(of(0), 0.04, "third");
    assert_eq!(holm(&[(5, 0.7), (6, 0.6)]), [(6, 1.0), (5, 1.0)], "no more than 1");
    assert!(holm(&[]).is_empty());
    for seed in 1..300_u32 {
        let family: Vec<(usize, f64)> = (0..=seed % 6)
            .map(|at| f64::from((seed * 37 + 101 * at * at) % 97) / 300.0)
            .enumerate()
            .collect();
        for (at, p) in holm(&family) {
            let subsets = (0..1_usize << family.len()).filter(|set| set >> at & 1 == 1);
            let worst = subsets.map(|set| {
                let in_it = || family.iter().filter(|(one, _)| set >> one & 1 == 1);
                let least = in_it().map(|(_, p)| *p).fold(1.0, f64::min);
                (f64::from(set.count_ones()) * least).min(1.0)
            });
            assert_near(p, worst.fold(0.0, f64::max), &format!("{family:?}, {at}"));
        }
    }
}

/// Breaks when: something is claimed of fewer than six values, at another p than the page's, or of
/// what was not adjusted.
#[test]
fn claims_keep_the_thresholds_of_their_length() {
    let told = |n: usize, sides: [f64; 2], adjusted: [Option<f64>; 2]| {
        let values: Vec<i64> = (0..i64::try_from(n).unwrap()).collect();
        monthly(&values).told(false, sides.map(Some), adjusted)
    };
    for (n, sides, expected) in [
        (5, [0.000_1, 1.0], Claim::NotShown),
        (6, [0.01, 1.0], Claim::Rise),
        (6, [1.0, 0.01], Claim::Fall),
        (12, [0.010_1, 1.0], Claim::NotShown),
        (12, [0.01, 1.0], Claim::Rise),
        (13, [0.003_1, 1.0], Claim::NotShown),
        (13, [0.003, 1.0], Claim::Rise),
        (13, [1.0, 0.003], Claim::Fall),
        (13, [1.0, 0.003_1], Claim::NotShown),
    ] {
        let trend = told(n, sides, sides.map(Some));
        assert_eq!(trend.claim, expected, "{n} values, {sides:?}");
        let side = sides[usize::from(expected == Claim::Fall)];
        assert_eq!((trend.p, trend.p_adjusted), (Some(side), Some(side)), "the claimed side");
        assert_eq!(told(n, sides, [Some(0.5); 2]).claim, Claim::NotShown, "adjusted is another");
        assert_eq!(told(n, sides, [None; 2]).claim, Claim::NotShown, "not adjusted");
    }
}
