//! The authorship table: who wrote how much of an adopted text, without a word of it. It is what
//! an outsider gets in place of the text, signed by members.

use std::collections::BTreeMap;

use copact_core::contract::SectionKind;
use copact_core::day::Day;
use copact_core::ids::{MemberId, PartId, VersionId};
use minicbor::{Decode, Encode};

use super::{Goal, Text};
use crate::facts::Facts;
use crate::trends;

/// Counted scalars of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Share {
    /// Whose.
    #[n(0)]
    pub member: MemberId,
    /// How many.
    #[n(1)]
    pub written: u64,
}

/// A section's kind and counted scalars.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SectionRow {
    /// The word for its kind.
    #[n(0)]
    pub kind: String,
    /// Counted scalars of its body.
    #[n(1)]
    pub counted: u64,
}

/// A goal without its words.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct GoalRow {
    /// The goal.
    #[n(0)]
    pub id: PartId,
    /// The id of the trend that measures it, if one does.
    #[n(1)]
    pub trend: Option<String>,
    /// By when.
    #[n(2)]
    pub due: Option<Day>,
}

/// The table of one adopted version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct TextTable {
    /// The version.
    #[n(0)]
    pub version: VersionId,
    /// Its sections, in order.
    #[n(1)]
    pub sections: Vec<SectionRow>,
    /// Counted scalars that were taken over from a file.
    #[n(2)]
    pub imported: u64,
    /// Those of each member, by ascending key.
    #[n(3)]
    pub written: Vec<Share>,
    /// The same of each clause.
    #[n(4)]
    pub clauses: Vec<Vec<Share>>,
    /// Its goals, in order.
    #[n(5)]
    pub goals: Vec<GoalRow>,
}

impl TextTable {
    /// The table of a text.
    pub(crate) fn of(version: VersionId, text: &Text, facts: &Facts) -> Self {
        let shares = |of: &BTreeMap<usize, u64>| {
            let all = of.iter().filter_map(|(who, written)| {
                let member = facts.people.get(*who)?.id;
                Some(Share { member, written: *written })
            });
            all.collect::<Vec<Share>>()
        };
        let sections = text
            .sections
            .iter()
            .map(|(kind, counted)| SectionRow { kind: kind.word().to_owned(), counted: *counted });
        let goals = text.goals.iter().map(|goal| GoalRow {
            id: goal.id,
            trend: goal.measure.clone().filter(|one| trends::is_id(one)),
            due: goal.due,
        });
        Self {
            version,
            sections: sections.collect(),
            imported: text.imported,
            written: shares(&text.written),
            clauses: text.clauses.iter().map(shares).collect(),
            goals: goals.collect(),
        }
    }

    /// The text that the table tells of; `None` if the table contradicts itself or names somebody
    /// who is none of these people.
    pub(crate) fn text(&self, number: impl Fn(MemberId) -> Option<usize>) -> Option<Text> {
        let shares = |of: &[Share]| {
            let mut all = BTreeMap::new();
            for one in of {
                if all.insert(number(one.member)?, one.written).is_some() {
                    return None;
                }
            }
            Some(all)
        };
        let sum =
            |numbers: &[u64]| numbers.iter().try_fold(0_u64, |sum, one| sum.checked_add(*one));
        let section = |row: &SectionRow| Some((SectionKind::from_word(&row.kind)?, row.counted));
        let sections: Vec<(SectionKind, u64)> =
            self.sections.iter().map(section).collect::<Option<_>>()?;
        let counted = sum(&sections.iter().map(|(_, counted)| *counted).collect::<Vec<u64>>())?;
        let (written, clauses) = (shares(&self.written)?, &self.clauses);
        let clauses: Vec<BTreeMap<usize, u64>> =
            clauses.iter().map(|one| shares(one)).collect::<Option<_>>()?;
        let theirs = sum(&written.values().copied().collect::<Vec<u64>>())?;
        let mut of_clauses: BTreeMap<usize, u64> = BTreeMap::new();
        for (who, much) in clauses.iter().flatten() {
            let so_far = of_clauses.entry(*who).or_default();
            *so_far = so_far.checked_add(*much)?;
        }
        let adds_up = theirs.checked_add(self.imported)? <= counted && of_clauses == written;
        let goals = self.goals.iter().map(|goal| Goal {
            id: goal.id,
            measure: goal.trend.clone(),
            due: goal.due,
        });
        adds_up.then(|| Text {
            sections,
            counted,
            imported: self.imported,
            written,
            clauses,
            goals: goals.collect(),
        })
    }
}
