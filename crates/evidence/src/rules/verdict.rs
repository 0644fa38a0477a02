//! What comes out of a judgement.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::ratio::Ratio;

/// Whether a clause holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// There is nothing to judge.
    NotComputable,
}

/// A verdict, and why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    pub(super) reason: Option<&'static str>,
}

impl Answer {
    pub(super) const fn of(holds: bool) -> Self {
        Self { verdict: if holds { Verdict::Pass } else { Verdict::Fail }, reason: None }
    }

    pub(super) const fn none(reason: &'static str) -> Self {
        Self { verdict: Verdict::NotComputable, reason: Some(reason) }
    }

    pub(super) fn holds(self) -> bool {
        self.verdict == Verdict::Pass
    }

    /// Fails if one fails, else is not computable if one is (evidence.md, the minimum).
    pub(super) fn and(all: impl IntoIterator<Item = Self>) -> Self {
        let mut so_far = Self::of(true);
        for one in all {
            match one.verdict {
                Verdict::Fail => return one,
                Verdict::NotComputable if so_far.holds() => so_far = one,
                _ => {}
            }
        }
        so_far
    }

    /// Passes if one does, is not computable if none can be computed, else fails (evidence.md, the
    /// minimum).
    pub(super) fn or(all: impl IntoIterator<Item = Self>) -> Self {
        let mut so_far: Option<Self> = None;
        for one in all {
            match one.verdict {
                Verdict::Pass => return one,
                Verdict::Fail => so_far = Some(one),
                Verdict::NotComputable if so_far.is_none_or(|so_far| so_far.reason.is_some()) => {
                    so_far = Some(one);
                }
                Verdict::NotComputable => {}
            }
        }
        so_far.unwrap_or(Self::of(false))
    }

    /// What cannot be computed stays so.
    pub(super) const fn not(self) -> Self {
        match self.verdict {
            Verdict::Pass => Self::of(false),
            Verdict::Fail => Self::of(true),
            Verdict::NotComputable => self,
        }
    }
}

/// A figure of a clause, or the several that it compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A number.
    One(Ratio),
    /// Several, each with its name as the rule set writes it; without a number, one that cannot be
    /// computed.
    Named(Vec<(String, Option<Ratio>)>),
}

impl Shown {
    /// The number, if it is one.
    #[must_use]
    pub const fn one(&self) -> Option<&Ratio> {
        match self {
            Self::One(ratio) => Some(ratio),
            Self::Named(_) => None,
        }
    }
}

/// A whole number as one, any other in binary64.
impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.to_i64() {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(ratio) => ratio.serialize(serializer),
            Self::Named(all) => {
                let mut map = serializer.serialize_map(Some(all.len()))?;
                for (name, ratio) in all {
                    map.serialize_entry(name, ratio)?;
                }
                map.end()
            }
        }
    }
}

/// A clause with its figure and threshold. As JSON `{id, status, value, threshold, compare, num,
/// den, reason, words, next}`, of which `num` and `den` are there when the figure is a count of so
/// many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its id, for example `formed.members`.
    pub id: String,
    /// Whether it holds.
    pub status: Verdict,
    /// The figure, exact.
    pub value: Option<Shown>,
    /// What it is held against.
    pub threshold: Option<Shown>,
    /// How: `>=`, `>`, `<=`, `<` or `=`.
    pub compare: Option<&'static str>,
    /// Why it cannot be judged.
    pub reason: Option<&'static str>,
    /// What it asks, in plain words.
    pub words: String,
    /// What would make it pass.
    pub next: String,
}

impl Serialize for Clause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = self.value.as_ref().and_then(Shown::one).filter(|one| one.has_parts());
        let mut out =
            serializer.serialize_struct("Clause", 8 + 2 * usize::from(parts.is_some()))?;
        out.serialize_field("id", &self.id)?;
        out.serialize_field("status", &self.status)?;
        out.serialize_field("value", &self.value)?;
        out.serialize_field("threshold", &self.threshold)?;
        out.serialize_field("compare", &self.compare)?;
        if let Some(parts) = parts {
            out.serialize_field("num", &Ratio::whole(parts.num().clone()))?;
            out.serialize_field("den", &Ratio::whole(parts.den().clone()))?;
        }
        out.serialize_field("reason", &self.reason)?;
        out.serialize_field("words", &self.words)?;
        out.serialize_field("next", &self.next)?;
        out.end()
    }
}

/// The verdict on a group at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// How far it is: the name of a level of the rule set, for example `co-producing`.
    pub level: String,
    /// Which level that is, from 0.
    #[serde(skip)]
    pub rank: usize,
    /// A label of the rule set, for example `public-service` or `community`.
    pub label: String,
    /// Clause by clause, in the order of the file.
    pub clauses: Vec<Clause>,
}
