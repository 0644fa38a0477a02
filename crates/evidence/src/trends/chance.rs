//! The exact chance of a Mann–Kendall S.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::figure::exact;

/// Up to so many values every count of orders is below 2^128: 34! is.
const NARROW: usize = 34;

/// The chance that S is at least `s`, and that it is at most −`s` turned round, which is at least
/// −`s`, when values with ties of these sizes come in any order.
///
/// Orders of a multiset by their inversions are the coefficients of the q-multinomial
/// Π [i] ÷ Π Π [i], [i] = (1 − qⁱ)/(1 − q); with U untied pairs, S = U − 2 inversions.
pub(super) fn chances(ties: &[usize], s: i64) -> [f64; 2] {
    let n: usize = ties.iter().sum();
    let orders: Vec<BigInt> = if n <= NARROW {
        // On the way there may be numbers below 0 or too large; what comes out is neither.
        let narrow = coefficients(
            ties,
            |one: &mut u128, below| *one = one.wrapping_sub(*below),
            |one, below| *one = one.wrapping_add(*below),
        );
        narrow.into_iter().map(BigInt::from).collect()
    } else {
        coefficients(ties, |one: &mut BigInt, below| *one -= below, |one, below| *one += below)
    };
    let all: BigInt = orders.iter().sum();
    // inversions ≤ (U − s)/2
    let untied = i64::try_from(orders.len()).unwrap_or(i64::MAX).saturating_sub(1);
    [s, -s].map(|s| {
        let most = untied.saturating_sub(s).div_euclid(2);
        let within = usize::try_from(most).map_or(0, |most| most + 1);
        exact(orders.iter().take(within).sum(), all.clone())
    })
}

/// The numbers of orders by inversions.
fn coefficients<T: Clone + Zero + One>(
    ties: &[usize],
    less: impl Fn(&mut T, &T),
    more: impl Fn(&mut T, &T),
) -> Vec<T> {
    let n: usize = ties.iter().sum();
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let untied = pairs(n) - ties.iter().map(|one| pairs(*one)).sum::<usize>();
    let mut coefficients = vec![T::zero(); untied + 1];
    if let Some(first) = coefficients.first_mut() {
        *first = T::one();
    }
    for i in 1..=n {
        // Times 1 − qⁱ, from above, as each is needed as it was.
        for at in (i..=untied).rev() {
            let below = coefficients.get(at - i).cloned();
            if let Some((one, below)) = coefficients.get_mut(at).zip(below) {
                less(one, &below);
            }
        }
    }
    for i in ties.iter().flat_map(|ties| 1..=*ties) {
        for at in i..=untied {
            let below = coefficients.get(at - i).cloned();
            if let Some((one, below)) = coefficients.get_mut(at).zip(below) {
                more(one, &below);
            }
        }
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks when: the narrow numbers give other counts of orders than the wide ones.
    #[test]
    fn narrow_numbers_are_enough() {
        for ties in [&[1; 34][..], &[1; 33], &[34], &[17, 17], &[3, 1, 7, 2, 9], &[1; 7], &[], &[2]]
        {
            let narrow = coefficients(
                ties,
                |one: &mut u128, below| *one = one.wrapping_sub(*below),
                |one, below| *one = one.wrapping_add(*below),
            );
            let wide = coefficients(ties, |one: &mut BigInt, b| *one -= b, |one, b| *one += b);
            assert_eq!(narrow.into_iter().map(BigInt::from).collect::<Vec<_>>(), wide);
        }
    }
}
