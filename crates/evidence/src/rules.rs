//! Rule sets (to be replaced by the grammar).
use copact_core::day::Day;

use crate::facts::Facts;
use crate::minimum::{Judged, judge};

/// A rule set.
#[derive(Clone, Debug)]
pub struct RuleSet(String);

impl RuleSet {
    /// Reads one.
    ///
    /// # Errors
    /// Never.
    pub fn parse(text: &str) -> Result<Self, std::fmt::Error> {
        Ok(Self(text.to_owned()))
    }
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        "copro-min/1.0"
    }
    /// Its file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
    /// Judges.
    #[must_use]
    pub fn judge(&self, facts: &Facts, to: Day) -> Judged {
        judge(facts, to)
    }
}
