//! Who wrote which scalar: the change that inserted it.
//!
//! Every element of an Automerge text is named by the operation that inserted it (counter, actor),
//! and a change holds the operations of its actor from its `start_op` on. So one table of the
//! changes, made once, and one walk over the elements of a text answer the question for all of it.

use std::collections::HashMap;

use automerge::iter::ListRange;
use automerge::{ActorId, Automerge, ObjId, ROOT, ScalarValueRef, ValueRef};
use serde::{Serialize, Serializer};

use super::content::Reading;
use super::schema;
use crate::ids::{ChangeHash, PartId};

/// Some neighbouring scalars of one text that one change inserted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlameSpan {
    /// The section or goal; `None` for the title.
    pub part: Option<PartId>,
    /// Which text of it.
    pub field: BlameField,
    /// The first scalar, counted from 0 in the text as [`super::ContractContent`] has it.
    pub from: usize,
    /// The scalar after the last one.
    pub to: usize,
    /// The change.
    pub change: ChangeHash,
}

/// A text of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlameField {
    /// The title.
    Title,
    /// A section's heading.
    Heading,
    /// A section's body.
    Body,
    /// A goal's text.
    Goal,
}

impl BlameField {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Body => "body",
            Self::Goal => "goal",
        }
    }
}

impl Serialize for BlameField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Which change inserted each scalar of the contract's texts, now or at `heads`: title, then
/// section by section heading and body, then goals, in their order. Spans are as long as they can
/// be, and cover all scalars.
#[must_use]
pub fn blame(doc: &Automerge, heads: Option<&[ChangeHash]>) -> Vec<BlameSpan> {
    let reading = match heads {
        None => Reading::now(doc),
        Some(heads) => Reading::at(doc, heads),
    };
    let changes = Changes::of(doc);
    let mut spans = Vec::new();
    let mut add = |part: Option<PartId>, field, object: &ObjId, key: &str| {
        if let Some(text) = reading.text_object(object, key) {
            changes.walk(part, field, reading.elements(&text), &mut spans);
        }
    };
    add(None, BlameField::Title, &ROOT, schema::TITLE);
    for section in reading.sections() {
        let id = Some(section.part.id);
        add(id, BlameField::Heading, &section.object, schema::HEADING);
        add(id, BlameField::Body, &section.object, schema::BODY);
    }
    for goal in reading.goals() {
        add(Some(goal.part.id), BlameField::Goal, &goal.object, schema::TEXT);
    }
    spans
}

/// A change and the counters of its operations, both included.
#[derive(Clone, Copy)]
struct Operations {
    first: u64,
    last: u64,
    change: ChangeHash,
}

/// The changes of each actor, by their operations in ascending order.
struct Changes(HashMap<ActorId, Vec<Operations>>);

impl Changes {
    fn of(doc: &Automerge) -> Self {
        let mut changes: HashMap<ActorId, Vec<Operations>> = HashMap::new();
        for change in doc.get_changes_meta(&[]) {
            let operations = Operations {
                first: change.start_op,
                last: change.max_op,
                change: ChangeHash::from_bytes(change.hash.0),
            };
            changes.entry(change.actor.into_owned()).or_default().push(operations);
        }
        for list in changes.values_mut() {
            list.sort_unstable_by_key(|operations| operations.first);
        }
        Self(changes)
    }

    fn holding(&self, actor: &ActorId, counter: u64) -> Option<Operations> {
        let list = self.0.get(actor)?;
        let after = list.partition_point(|operations| operations.first <= counter);
        let found = *list.get(after.checked_sub(1)?)?;
        (counter <= found.last).then_some(found)
    }

    fn walk(
        &self,
        part: Option<PartId>,
        field: BlameField,
        elements: ListRange<'_>,
        spans: &mut Vec<BlameSpan>,
    ) {
        let mut at = 0;
        let mut last: Option<(ActorId, Operations)> = None;
        let mut open: Option<BlameSpan> = None;
        for element in elements {
            let ObjId::Id(counter, actor, _) = element.id() else { continue };
            let scalars = scalars(&element.value);
            let same = last.as_ref().filter(|(known, operations)| {
                (operations.first..=operations.last).contains(&counter) && *known == actor
            });
            let found = match same {
                Some((_, operations)) => Some(*operations),
                None => self.holding(&actor, counter),
            };
            let (from, to) = (at, at + scalars);
            at = to;
            let Some(found) = found.filter(|_| scalars > 0) else { continue };
            last = Some((actor, found));
            match &mut open {
                Some(span) if span.change == found.change && span.to == from => span.to = to,
                _ => spans.extend(open.replace(BlameSpan {
                    part,
                    field,
                    from,
                    to,
                    change: found.change,
                })),
            }
        }
        spans.extend(open);
    }
}

/// The scalars that an element adds to its text: one, unless a foreign program wrote it. What is
/// no text at all reads as one replacement character.
fn scalars(value: &ValueRef<'_>) -> usize {
    match value {
        ValueRef::Scalar(ScalarValueRef::Str(text)) => text.chars().count(),
        _ => 1,
    }
}
