//! What changed between two states of the contract.

use std::collections::BTreeMap;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use super::content::{ContractContent, Goal, Section};
use super::written;
use crate::ids::PartId;

/// What one state of the contract has that the other does not; empty lists where nothing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// The title; empty if it is the same.
    pub title: Vec<Hunk>,
    /// In the order of the newer state, then the removed ones.
    pub sections: Vec<SectionDifference>,
    /// In the order of the newer state, then the removed ones.
    pub goals: Vec<GoalDifference>,
}

/// What happened to a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionDifference {
    /// Which one.
    pub id: PartId,
    /// What happened to it as a whole.
    pub change: PartChange,
    /// Its heading in the newer state; in the older one if it was removed.
    pub name: String,
    /// Its kind, if that changed.
    pub kind: Option<Replaced>,
    /// Its heading, if that changed.
    pub heading: Vec<Hunk>,
    /// Its body, if that changed.
    pub body: Vec<Hunk>,
}

/// What happened to a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoalDifference {
    /// Which one.
    pub id: PartId,
    /// What happened to it as a whole.
    pub change: PartChange,
    /// Its text in the newer state; in the older one if it was removed.
    pub name: String,
    /// Its text, if that changed.
    pub text: Vec<Hunk>,
    /// Its measure, if that changed.
    pub measure: Option<Replaced>,
    /// Its day, if that changed.
    pub due: Option<Replaced>,
    /// Its state, if that changed.
    pub state: Option<Replaced>,
}

/// What happened to a section or goal as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere; its words may have changed, too.
    Moved,
    /// Its words changed.
    Changed,
}

/// A value that another one took the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// Before; null if there was none.
    pub old: Option<String>,
    /// After; null if there is none.
    pub new: Option<String>,
}

/// Some words of a text. All hunks that are not removed, one after the other, are the newer text;
/// all that are not added, the older one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// Whose words.
    pub kind: HunkKind,
    /// The words, white space included.
    pub text: String,
}

/// Which of two texts has the words of a hunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HunkKind {
    /// Both.
    Same,
    /// The newer one only.
    Added,
    /// The older one only.
    Removed,
}

impl Differences {
    /// Whether the two states read the same.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.title.is_empty() && self.sections.is_empty() && self.goals.is_empty()
    }
}

/// What changed from `old` to `new`, word by word.
#[must_use]
pub fn differences(old: &ContractContent, new: &ContractContent) -> Differences {
    let sections = parts(&old.sections, &new.sections, |section| section.id, section);
    let goals = parts(&old.goals, &new.goals, |goal| goal.id, goal);
    Differences {
        title: words(&written::line(&old.title), &written::line(&new.title)),
        sections,
        goals,
    }
}

/// Compares the parts of the same id; a part that is the same and stands where it did is left out.
fn parts<T, D>(
    old: &[T],
    new: &[T],
    id: impl Fn(&T) -> PartId,
    compare: impl Fn(Option<&T>, Option<&T>, bool) -> Option<D>,
) -> Vec<D> {
    let before: BTreeMap<PartId, &T> = old.iter().map(|part| (id(part), part)).collect();
    let after: BTreeMap<PartId, &T> = new.iter().map(|part| (id(part), part)).collect();
    let stayed = |parts: &[T], others: &BTreeMap<PartId, &T>| -> Vec<PartId> {
        parts.iter().map(&id).filter(|id| others.contains_key(id)).collect()
    };
    let (was, is) = (stayed(old, &after), stayed(new, &before));
    let mut moved = Vec::new();
    for op in capture_diff_slices(Algorithm::RawMyers, &was, &is) {
        if !matches!(op, DiffOp::Equal { .. }) {
            moved.extend(is.get(op.new_range()).unwrap_or_default());
        }
    }
    let kept = new.iter().filter_map(|part| {
        compare(before.get(&id(part)).copied(), Some(part), moved.contains(&id(part)))
    });
    let gone = old.iter().filter(|part| !after.contains_key(&id(part)));
    kept.chain(gone.filter_map(|part| compare(Some(part), None, false))).collect()
}

fn section(old: Option<&Section>, new: Option<&Section>, moved: bool) -> Option<SectionDifference> {
    let shown = new.or(old)?;
    let text = |part: Option<&Section>, read: fn(&Section) -> String| part.map(read);
    let heading = |section: &Section| written::line(&section.heading);
    let body = |section: &Section| written::body(&section.body);
    let kind = |section: &Section| section.kind.word().to_owned();
    let difference = SectionDifference {
        id: shown.id,
        change: part_change(old.is_some(), new.is_some(), moved),
        name: heading(shown),
        kind: replaced(text(old, kind), text(new, kind)),
        heading: both(text(old, heading), text(new, heading)),
        body: both(text(old, body), text(new, body)),
    };
    let same = difference.kind.is_none()
        && difference.heading.is_empty()
        && difference.body.is_empty()
        && difference.change == PartChange::Changed;
    (!same).then_some(difference)
}

fn goal(old: Option<&Goal>, new: Option<&Goal>, moved: bool) -> Option<GoalDifference> {
    let shown = new.or(old)?;
    let text = |goal: &Goal| written::line(&goal.text);
    let measure = |goal: &Goal| goal.measure.clone();
    let due = |goal: &Goal| goal.due.map(|day| day.to_string());
    let state = |goal: &Goal| goal.state.word().to_owned();
    let difference = GoalDifference {
        id: shown.id,
        change: part_change(old.is_some(), new.is_some(), moved),
        name: text(shown),
        text: both(old.map(text), new.map(text)),
        measure: replaced(old.and_then(measure), new.and_then(measure)),
        due: replaced(old.and_then(due), new.and_then(due)),
        state: replaced(old.map(state), new.map(state)),
    };
    let same = difference.text.is_empty()
        && difference.measure.is_none()
        && difference.due.is_none()
        && difference.state.is_none()
        && difference.change == PartChange::Changed;
    (!same).then_some(difference)
}

const fn part_change(was: bool, is: bool, moved: bool) -> PartChange {
    match (was, is) {
        (false, _) => PartChange::Added,
        (true, false) => PartChange::Removed,
        (true, true) if moved => PartChange::Moved,
        (true, true) => PartChange::Changed,
    }
}

fn replaced(old: Option<String>, new: Option<String>) -> Option<Replaced> {
    (old != new).then_some(Replaced { old, new })
}

fn both(old: Option<String>, new: Option<String>) -> Vec<Hunk> {
    words(&old.unwrap_or_default(), &new.unwrap_or_default())
}

/// The words of two texts, or nothing if they are the same.
fn words(old: &str, new: &str) -> Vec<Hunk> {
    if old == new {
        return Vec::new();
    }
    let (old, new) = (split_words(old), split_words(new));
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        for change in op.iter_changes(&old, &new) {
            let kind = match change.tag() {
                ChangeTag::Equal => HunkKind::Same,
                ChangeTag::Insert => HunkKind::Added,
                ChangeTag::Delete => HunkKind::Removed,
            };
            match hunks.last_mut().filter(|last| last.kind == kind) {
                Some(last) => last.text.push_str(change.value()),
                None => hunks.push(Hunk { kind, text: change.value().to_owned() }),
            }
        }
    }
    hunks
}

/// Words and the white space between them.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| c.is_whitespace() != first.is_whitespace());
        let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}
