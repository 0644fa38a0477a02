//! Which figures of each member or meeting a test names.

use super::expression::{Each, Is, Number, Test};
use super::view::Reason;

type Ask<'a, T> = &'a mut dyn FnMut(T) -> Result<(), Reason>;

impl Test {
    /// Asks for each figure and each saying in it.
    pub(super) fn each(&self, each: Ask<'_, Each>, is: Ask<'_, Is>) -> Result<(), Reason> {
        match self {
            Self::Compare(one) => {
                one.left.each(each, is)?;
                one.right.each(each, is)
            }
            Self::Clause(_) | Self::All(_) => Ok(()),
            Self::Defined(one) => one.each(each, is),
            Self::Is(one) => is(*one),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|one| one.each(each, is)),
            Self::Not(one) => one.each(each, is),
            Self::If(one, then, otherwise) => {
                [one, then, otherwise].into_iter().try_for_each(|one| one.each(each, is))
            }
        }
    }
}

impl Number {
    fn each(&self, each: Ask<'_, Each>, is: Ask<'_, Is>) -> Result<(), Reason> {
        match self {
            Self::Each(one) => each(*one),
            Self::Two(_, left, right) => {
                left.each(each, is)?;
                right.each(each, is)
            }
            Self::Extreme(_, all) => all.iter().try_for_each(|one| one.each(each, is)),
            Self::Floor(one) | Self::Ceil(one) => one.each(each, is),
            Self::If(test, then, otherwise) => {
                test.each(each, is)?;
                then.each(each, is)?;
                otherwise.each(each, is)
            }
            // What is counted inside has its own members or meetings.
            Self::Constant(_)
            | Self::Group(_)
            | Self::Count(..)
            | Self::DaysApart(_)
            | Self::Quarters(..) => Ok(()),
        }
    }
}
