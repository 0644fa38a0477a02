//! Windows of days, and the quarters in them.

use copact_core::day::Day;
use copact_core::quarter::Quarter;
use serde::Serialize;

/// Days of a window unless another is asked for.
pub const DAYS: i32 = 90;

/// From one day to another, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Window {
    /// `None` if it has no day.
    #[must_use]
    pub fn new(from: Day, to: Day) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// So many days, up to a last one.
    #[must_use]
    pub fn up_to(to: Day, days: i32) -> Self {
        Self { from: to.plus(1 - days.max(1)), to }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn has(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// The quarters that lie wholly in it, in order.
    #[must_use]
    pub fn quarters(&self) -> Vec<Self> {
        let mut quarters = Vec::new();
        let mut day = self.from;
        while day <= self.to {
            let quarter = Quarter::of(day);
            let (Ok(from), Ok(to)) = (quarter.first_day(), quarter.last_day()) else { break };
            if from >= self.from && to <= self.to {
                quarters.push(Self { from, to });
            }
            if to.plus(1) <= day {
                break;
            }
            day = to.plus(1);
        }
        quarters
    }
}
