//! Who was ever a member; merged members are one.

use std::collections::BTreeMap;

use copact_core::act::RoleKind;
use copact_core::ids::MemberId;
use copact_core::ledger::PersonIx;
use copact_core::views::{Labels, MemberRow, Views};

use super::{Person, Who};

/// People by number, and the number of each key.
pub(super) struct People {
    pub(super) all: Vec<Person>,
    numbers: BTreeMap<MemberId, Who>,
}

impl People {
    pub(super) fn of(views: &Views<'_>) -> Self {
        let rows = views.roster(&Labels::none());
        let mut parts: BTreeMap<MemberId, Vec<&MemberRow>> = BTreeMap::new();
        for row in &rows {
            parts.entry(row.merged_into.unwrap_or(row.id)).or_default().push(row);
        }
        let (mut all, mut numbers) = (Vec::new(), BTreeMap::new());
        for (id, rows) in parts {
            let Some(person) = person(views, id, &rows) else { continue };
            numbers.extend(rows.iter().map(|row| (row.id, all.len())));
            all.push(person);
        }
        Self { all, numbers }
    }

    /// The number of a member, whichever of their keys it is.
    pub(super) fn number(&self, member: MemberId) -> Option<Who> {
        self.numbers.get(&member).copied()
    }

    /// The number of a member who goes by this very key.
    pub(super) fn key(&self, member: MemberId) -> Option<Who> {
        self.number(member).filter(|who| self.all.get(*who).is_some_and(|one| one.id == member))
    }

    /// The same of a person of the ledger.
    pub(super) fn of_person(&self, views: &Views<'_>, person: PersonIx) -> Option<Who> {
        self.number(views.standing.id(views.standing.goes_by(person))?)
    }
}

fn person(views: &Views<'_>, id: MemberId, rows: &[&MemberRow]) -> Option<Person> {
    let survivor = rows.iter().find(|row| row.id == id)?;
    let one = views.standing.goes_by(views.standing.person(id)?);
    let (since, until) = views.membership().span(one)?;
    let kind = |word: &str| {
        [RoleKind::Citizen, RoleKind::Professional].into_iter().find(|kind| kind.word() == word)
    };
    let roles = survivor.roles.iter().map(|row| (row.from, row.mapped.and_then(kind)));
    Some(Person {
        id,
        since,
        until,
        roles: roles.collect(),
        // Who was a member before the list was taken over did join.
        imported: rows.iter().filter(|row| row.since == since).all(|row| row.imported),
        voice_since: survivor.voice.then_some(survivor.voice_since).flatten(),
    })
}
