//! How ratios differ from group to group: quartiles, never a mean of ratios.

use copact_core::quarter::Quarter;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::Serialize;

use super::{GroupQuarter, Ratios};
use crate::figure::count;

/// Quartiles of a ratio over the groups in which it can be computed, in a quarter: Hyndman and
/// Fan's type 7, which is that of R, of NumPy and of SQL's `quantile_cont`. Of n sorted values
/// x₀ … xₙ₋₁ the q-quantile lies at h = (n − 1)q, between x⌊h⌋ and the next by h's fraction;
/// computed exactly and rounded once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The quarter.
    pub quarter: Quarter,
    /// The indicator's id.
    pub id: &'static str,
    /// Groups in which it can be computed.
    pub groups: u64,
    /// A quarter of the way up; `None` if it can be computed in no group.
    pub lower: Option<f64>,
    /// Half the way up.
    pub median: Option<f64>,
    /// Three quarters of the way up.
    pub upper: Option<f64>,
}

/// One a ratio, over the rows of a quarter.
pub(super) fn of(quarter: Quarter, rows: &[&GroupQuarter]) -> Vec<Spread> {
    let here: Vec<Ratios> =
        rows.iter().filter(|row| row.quarter == quarter).map(|row| row.ratios).collect();
    let ids = Ratios::default().named().into_iter().enumerate();
    ids.map(|(at, (id, _))| {
        let of_group = |one: &Ratios| one.named().get(at).and_then(|(_, value)| *value);
        let mut values: Vec<f64> = here.iter().filter_map(of_group).collect();
        values.sort_by(f64::total_cmp);
        Spread {
            quarter,
            id,
            groups: count(values.len()),
            lower: quartile(&values, 1),
            median: quartile(&values, 2),
            upper: quartile(&values, 3),
        }
    })
    .collect()
}

/// The quantile of `quarters` quarters of sorted values.
fn quartile(sorted: &[f64], quarters: usize) -> Option<f64> {
    let reach = sorted.len().checked_sub(1)? * quarters;
    let (at, rest) = (reach / 4, reach % 4);
    let exact = |at: usize| sorted.get(at).copied().and_then(BigRational::from_float);
    let low = exact(at)?;
    if rest == 0 {
        return low.to_f64();
    }
    let part = BigRational::new(BigInt::from(rest), BigInt::from(4));
    let between = (exact(at + 1)? - &low) * part;
    (low + between).to_f64()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp)]
    use super::*;

    /// Breaks when: quartiles are of another type than 7 (R: `quantile(x, c(1, 2, 3) / 4)`).
    #[test]
    fn quartiles_are_those_of_type_7() {
        let of = |values: &[f64]| [1, 2, 3].map(|one| quartile(values, one));
        assert_eq!(of(&[]), [None; 3]);
        assert_eq!(of(&[0.5]), [Some(0.5); 3]);
        assert_eq!(of(&[0.0, 1.0]), [Some(0.25), Some(0.5), Some(0.75)]);
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0]), [Some(1.75), Some(2.5), Some(3.25)]);
        assert_eq!(of(&[1.0, 2.0, 4.0, 8.0, 16.0]), [Some(2.0), Some(4.0), Some(8.0)]);
        assert_eq!(of(&[0.0, 0.0, 1.0, 1.0, 1.0, 3.0]), [Some(0.25), Some(1.0), Some(1.0)]);
    }
}
