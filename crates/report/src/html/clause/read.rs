//! The figures of a clause: how much there is, how much is needed, what is to spare.

use copact_evidence::rules::{Clause, Ratio, Shown, Verdict};
use num_traits::ToPrimitive;

use super::copro_min::MOST;
use crate::html::words::real;

/// A clause as it is read here.
pub(super) struct Read<'r> {
    pub(super) id: &'r str,
    pub(super) verdict: Verdict,
    pub(super) value: Option<(u64, u64)>,
    pub(super) threshold: (u64, u64),
    pub(super) reason: Option<&'r str>,
    pub(super) asks: &'r str,
    pub(super) next: &'r str,
    shown: Option<&'r Shown>,
}

fn parts(ratio: &Ratio) -> Option<(u64, u64)> {
    Some((ratio.num().to_u64()?, ratio.den().to_u64()?))
}

/// The one figure, or of several the largest.
fn largest(shown: &Shown) -> Option<(u64, u64)> {
    match shown {
        Shown::One(ratio) => parts(ratio),
        Shown::Named(all) => {
            let all = all.iter().filter_map(|(_, ratio)| ratio.as_ref());
            all.max_by(|a, b| a.to_f64().total_cmp(&b.to_f64())).and_then(parts)
        }
    }
}

impl<'r> Read<'r> {
    pub(super) fn of(clause: &'r Clause) -> Self {
        Self {
            id: &clause.id,
            verdict: clause.status,
            value: clause.value.as_ref().and_then(largest),
            threshold: clause.threshold.as_ref().and_then(largest).unwrap_or((0, 1)),
            reason: clause.reason,
            asks: &clause.words,
            next: &clause.next,
            shown: clause.value.as_ref(),
        }
    }

    /// One of several figures, by its name in the rules.
    pub(super) fn named(&self, name: &str) -> Option<Gap> {
        let Some(Shown::Named(all)) = self.shown else { return None };
        let (_, ratio) = all.iter().find(|(one, _)| one == name)?;
        Some(Gap::new(parts(ratio.as_ref()?)?, self.threshold))
    }

    pub(super) fn gap(&self) -> Gap {
        Gap::new(self.value.unwrap_or((0, 1)), self.threshold)
    }

    /// How much of what is needed there is, in whole people or things: 4 of 5 are just enough for
    /// two thirds. Of several figures of which one is enough it is that of the largest.
    pub(super) fn reached(&self) -> Option<f64> {
        self.value?;
        let gap = self.gap();
        // Of this one there may be too much.
        let reached = if self.id == MOST {
            real(gap.most) / real(gap.value)
        } else {
            real(gap.value) / real(gap.least)
        };
        // Nothing of nothing, or all of what may be nothing.
        if reached.is_nan() { None } else { Some(reached) }
    }
}

/// How far a figure is from its threshold, in what it counts.
pub(super) struct Gap {
    /// The count.
    pub(super) value: u64,
    /// Of so many; 1 where it is of nothing.
    pub(super) of: u64,
    /// The least count that passes, where it takes so much or more.
    pub(super) least: u64,
    /// The largest that passes, where it takes so much or less.
    pub(super) most: u64,
}

impl Gap {
    fn new((value, of): (u64, u64), (num, den): (u64, u64)) -> Self {
        let (share, den) = (u128::from(num) * u128::from(of), u128::from(den.max(1)));
        let whole = |count| u64::try_from(count).unwrap_or(u64::MAX);
        Self { value, of, least: whole(share.div_ceil(den)), most: whole(share / den) }
    }

    pub(super) fn missing(&self) -> u64 {
        self.least.saturating_sub(self.value)
    }

    /// How many fewer would fail; 0 where it fails already.
    pub(super) fn spare(&self) -> u64 {
        if self.value < self.least { 0 } else { self.value - self.least + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks when: a share is held against its threshold in fractions of a person.
    #[test]
    fn four_of_five_leave_nothing_to_spare_of_two_thirds() {
        let gap = Gap::new((4, 5), (2, 3));
        assert_eq!((gap.least, gap.missing(), gap.spare()), (4, 0, 1));
        let gap = Gap::new((1, 6), (1, 3));
        assert_eq!((gap.least, gap.missing(), gap.spare()), (2, 1, 0));
    }
}
