//! From when to when somebody was a member (evidence.md, M and n).

use std::collections::{BTreeMap, HashMap};

use super::Views;
use crate::day::Day;
use crate::ledger::{Ledger, PersonIx, Place, Standing};

/// Who was a member when: by the person that merged members go by, the first day and the first day
/// no more.
#[derive(Clone, Debug, Default)]
pub struct Membership {
    parts: BTreeMap<PersonIx, (Day, Option<Day>)>,
    spans: BTreeMap<PersonIx, (Day, Option<Day>)>,
}

impl Membership {
    pub(super) fn of(ledger: &Ledger, standing: &Standing, signed: &HashMap<Place, Day>) -> Self {
        let mut membership = Self::default();
        for (person, _, who) in standing.members() {
            let imported = who.assisted.and_then(|assisted| assisted.imported);
            // The earliest of all: admitting somebody again takes no day of theirs away.
            let admitted = who.introductions.iter().filter(|one| standing.contains(one.act));
            let admitted = admitted.filter_map(|one| signed.get(&one.act).copied()).min();
            let Some(since) = imported.or(admitted) else { continue };
            let left = standing.leaves(person).into_iter();
            let removals = standing.removals(person).into_iter();
            let removed = removals.flat_map(|id| ledger.enacted_by(id));
            let until = left.chain(removed).filter_map(|at| signed.get(&at).copied()).min();
            membership.parts.insert(person, (since, until));
            let one = membership.spans.entry(standing.goes_by(person)).or_insert((since, until));
            let (first, last) = *one;
            *one = (first.min(since), last.zip(until).map(|(one, two)| one.max(two)));
        }
        membership
    }

    /// A person's first day as a member, and the first day they were none any more. Merged members
    /// are one.
    #[must_use]
    pub fn span(&self, person: PersonIx) -> Option<(Day, Option<Day>)> {
        self.spans.get(&person).or_else(|| self.parts.get(&person)).copied()
    }

    /// The same of one of those who were merged.
    #[must_use]
    pub fn part(&self, person: PersonIx) -> Option<(Day, Option<Day>)> {
        self.parts.get(&person).copied()
    }

    /// Whether a person was a member on a day.
    #[must_use]
    pub fn covers(&self, person: PersonIx, day: Day) -> bool {
        self.span(person).is_some_and(|span| within(span, day))
    }

    /// How many were members on a day.
    #[must_use]
    pub fn count(&self, day: Day) -> usize {
        self.spans.values().filter(|span| within(**span, day)).count()
    }
}

fn within((since, until): (Day, Option<Day>), day: Day) -> bool {
    since <= day && until.is_none_or(|until| day < until)
}

impl Views<'_> {
    /// Who was a member when.
    #[must_use]
    pub const fn membership(&self) -> &Membership {
        &self.membership
    }
}
