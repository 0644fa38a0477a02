//! Decisions, the contract's versions, and what was said of goals.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::entry::{GoalState, Record};
use copact_core::ids::VersionId;
use copact_core::ledger::Placed;
use copact_core::views::{Labels, ProposalRow, Views};

use super::people::People;
use super::{Decision, GoalWord, Signed, Version, Who};
use crate::text::Text;

pub(super) fn decisions(views: &Views<'_>, people: &People) -> Vec<Decision> {
    let rows = views.proposal_rows(&Labels::none());
    rows.iter().filter(|row| row.kind == "text").filter_map(|row| decision(row, people)).collect()
}

fn decision(row: &ProposalRow, people: &People) -> Option<Decision> {
    let (proposed, closed) = (row.proposed?, row.closed?);
    let by_then = row.answers.iter().filter(|one| {
        one.signed <= closed && (one.recorder.is_none() || one.confirmed_by.is_some())
    });
    let voters = by_then.filter_map(|one| people.number(one.member));
    let was_member = |who: &Who| people.all.get(*who).is_some_and(|one| one.covers(proposed));
    let voters: BTreeSet<Who> = voters.filter(was_member).collect();
    let proposer = row.by.and_then(|by| people.number(by));
    Some(Decision {
        proposer,
        // On that day, as all that is said of a day: what came first on it, others cannot tell.
        role: proposer.and_then(|who| people.all.get(who)).and_then(|one| one.role(proposed)),
        proposed,
        closed,
        adopted: row.adopted,
        voters: voters.into_iter().collect(),
    })
}

pub(super) fn versions(views: &Views<'_>, people: &People) -> Vec<Version> {
    let sound =
        |one: &&copact_core::views::Signature| one.recorder.is_none() || one.confirmed_by.is_some();
    let rows = views.contract_status().versions.into_iter();
    let versions = rows.map(|row| {
        let signatures = row.signatures.iter().filter(sound).filter_map(|one| {
            let who = people.number(one.member)?;
            Some(Signed { who, day: one.signed, withdrawn: one.withdrawn })
        });
        Version {
            id: row.version,
            adopted: row.adopted,
            signatures: signatures.collect(),
            contains: row.contains,
        }
    });
    versions.collect()
}

/// The texts of the adopted ones.
pub(super) fn texts(
    views: &Views<'_>,
    people: &People,
    versions: &[Version],
) -> BTreeMap<VersionId, Text> {
    let adopted = versions.iter().filter(|one| one.adopted.is_some());
    let texts = adopted.filter_map(|one| {
        let version = views.version_named(&one.id.to_string()).into_iter().next()?;
        let content = views.contract_content(Some(&version));
        let authorship = views.blame(Some(&version));
        Some((one.id, Text::of(&content, &authorship, |member| people.number(member))))
    });
    texts.collect()
}

pub(super) fn goal_words(views: &Views<'_>, people: &People) -> Vec<GoalWord> {
    let journal = views.journal();
    let words = journal.entries.iter().filter_map(|place| {
        let at = views.ledger.at(*place)?;
        let Record::Goal { goal, state } = &at.entry()?.record else { return None };
        if journal.is_out(*place) {
            return None;
        }
        let own = [journal.authors.get(place), journal.subjects.get(place)];
        let own: Vec<Who> =
            own.into_iter().flatten().filter_map(|one| people.of_person(views, *one)).collect();
        let last = journal.corrections.get(place).and_then(|all| all.last()).unwrap_or(place);
        let last = views.ledger.at(*last)?.id();
        let confirms = journal.confirms.get(&last).into_iter().flatten();
        let voiced = confirms.filter(|one| views.ledger.at(**one).is_some_and(Placed::voice));
        let by: BTreeSet<Who> = voiced
            .filter_map(|one| people.of_person(views, *journal.authors.get(one)?))
            .filter(|who| !own.contains(who))
            .collect();
        Some(GoalWord {
            goal: *goal,
            signed: views.signed(*place)?,
            done: *state == GoalState::Done,
            confirmed_by: by.len(),
        })
    });
    words.collect()
}
