//! One group in one window: what several indicators need, made once.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::day::Day;

use crate::facts::{Facts, Meeting, Version, Who, Whom, Work};
use crate::figure::Why;
use crate::text::Text;
use crate::window::Window;

/// One group in one window.
pub struct Case<'f> {
    /// What the group's ledger says.
    pub facts: &'f Facts,
    /// The window.
    pub window: Window,
    /// M: the members at its end, by ascending key.
    pub members: Vec<Who>,
    /// Minutes of each member of M that count (evidence.md, h).
    pub minutes: BTreeMap<Who, u64>,
    /// Minutes of one member of M for another (e), none of them 0.
    pub ties: BTreeMap<(Who, Who), u64>,
}

impl<'f> Case<'f> {
    /// A group in a window.
    #[must_use]
    pub fn new(facts: &'f Facts, window: Window) -> Self {
        let members = facts.members(window.to);
        let within: BTreeSet<Who> = members.iter().copied().collect();
        let mut minutes: BTreeMap<Who, u64> = members.iter().map(|who| (*who, 0)).collect();
        let mut ties: BTreeMap<(Who, Who), u64> = BTreeMap::new();
        for work in facts.work.iter().filter(|one| window.has(one.date)) {
            if !counts(facts, work) {
                continue;
            }
            if let Some(sum) = minutes.get_mut(&work.who) {
                *sum += work.minutes;
            }
            if let Whom::Person(whom) = work.whom
                && within.contains(&whom)
                && within.contains(&work.who)
            {
                *ties.entry((work.who, whom)).or_default() += work.minutes;
            }
        }
        ties.retain(|_, sum| *sum > 0);
        Self { facts, window, members, minutes, ties }
    }

    /// n.
    #[must_use]
    pub fn n(&self) -> u64 {
        crate::figure::count(self.members.len())
    }

    /// Whether somebody is of M.
    #[must_use]
    pub fn has(&self, who: Who) -> bool {
        self.members.binary_search(&who).is_ok()
    }

    /// The held meetings in the window.
    pub fn held(&self) -> impl Iterator<Item = &'f Meeting> {
        held(self.facts, self.window)
    }

    /// Work in the window that counts, of anybody.
    pub fn counted(&self) -> impl Iterator<Item = &'f Work> {
        let (facts, window) = (self.facts, self.window);
        facts.work.iter().filter(move |one| window.has(one.date) && counts(facts, one))
    }

    /// The version adopted at the window's end, with its text.
    #[must_use]
    pub fn adopted(&self) -> Option<(&'f Version, &'f Text)> {
        let version = self.facts.adopted(self.window.to)?;
        Some((version, self.facts.texts.get(&version.id)?))
    }

    /// Whether any contribution is dated by the window's end.
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.facts.work.iter().any(|one| one.date <= self.window.to)
    }

    /// What each member of M wrote of the adopted text (t).
    #[must_use]
    pub fn written(&self, text: &Text) -> Vec<u64> {
        let of = |who: &Who| text.written.get(who).copied().unwrap_or_default();
        self.members.iter().map(of).collect()
    }

    /// Who came between ninety days before the window and ninety before its end, as founder or by
    /// admission.
    #[must_use]
    pub fn newcomers(&self) -> Vec<(Who, Day)> {
        let span = (self.window.from.plus(-NEW), self.window.to.plus(-NEW));
        let all = self.facts.people.iter().enumerate().filter(|(_, one)| !one.imported);
        let new = all.filter(|(_, one)| span.0 <= one.since && one.since <= span.1);
        new.map(|(who, one)| (who, one.since)).collect()
    }
}

/// Days in which somebody is new.
pub const NEW: i32 = 90;

/// Why there is no figure of newcomers although some may have joined in the window.
pub(crate) const NOBODY_NEW: Why = Why::Nothing(
    "newcomers are followed for 90 days, and nobody joined in time for that: between 90 days \
     before the period and 90 days before its end",
);

/// The held meetings of a window: with at least one attendance, headcount-only ones excepted.
pub(crate) fn held(facts: &Facts, window: Window) -> impl Iterator<Item = &Meeting> {
    let held = |one: &&Meeting| !one.headcount_only && !one.present.is_empty();
    facts.meetings.iter().filter(move |one| window.has(one.day)).filter(held)
}

/// Whether work counts: confirmed, not disputed, not of the future, of somebody who was a member.
pub(crate) fn counts(facts: &Facts, work: &Work) -> bool {
    let was_member = facts.people.get(work.who).is_some_and(|one| one.covers(work.date));
    work.confirmed && !work.disputed && !work.future && was_member
}
