//! The levels that this page has words for: those of `copro-min/1.0`.

use copact_evidence::report::Report;

/// How far a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// A level of rules that this page does not know.
    Other,
    /// Not even formed.
    None,
    /// Two who agreed.
    Pair,
    /// It has an agreement.
    Formed,
    /// And work that one did and another confirmed.
    CoProducing,
    /// And has kept at it.
    Sustained,
}

impl Level {
    pub(super) fn of(report: &Report) -> Self {
        if !super::clause::known(report) {
            return Self::Other;
        }
        match report.level.as_str() {
            "none" => Self::None,
            "pair" => Self::Pair,
            "formed" => Self::Formed,
            "co-producing" => Self::CoProducing,
            "sustained" => Self::Sustained,
            _ => Self::Other,
        }
    }
}
