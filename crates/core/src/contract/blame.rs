//! Who wrote which scalar: the change that inserted it.
//!
//! Every element of an Automerge text is named by the operation that inserted it (counter, actor),
//! and a change holds the operations of its actor from its `start_op` on. So one table of the
//! changes, made once, and one walk over the elements of a text answer the question for all of it.
//!
//! Automerge lists the ends of marks among the elements and does not tell them apart. They do no
//! harm unless a mark's value is a string, which reads like an element of that text. The text
//! itself gives that away, and Automerge's cursors then tell which elements are its own.

use std::collections::HashMap;

use automerge::iter::ListRangeItem;
use automerge::{ActorId, Automerge, Cursor, ObjId, ROOT, ScalarValueRef, ValueRef};
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
/// be, and cover all scalars of a document that passed the gate.
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
            let found = changes.runs(&reading, &text);
            spans.extend(found.into_iter().map(|(from, to, change)| BlameSpan {
                part,
                field,
                from,
                to,
                change,
            }));
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

    /// The scalars of a text in runs of one change: first, after the last, change.
    fn runs(&self, reading: &Reading<'_, Automerge>, text: &ObjId) -> Vec<Run> {
        let written = reading.text_of(text);
        self.by_elements(reading, text, &written).unwrap_or_else(|| self.by_cursors(reading, text))
    }

    /// In one walk over the elements; `None` if they do not spell the text.
    fn by_elements(
        &self,
        reading: &Reading<'_, Automerge>,
        text: &ObjId,
        written: &str,
    ) -> Option<Vec<Run>> {
        let mut runs = Runs::default();
        let mut last: Option<(ActorId, Operations)> = None;
        let mut rest = written;
        for element in reading.elements(text) {
            let ValueRef::Scalar(ScalarValueRef::Str(value)) = &element.value else { continue };
            rest = rest.strip_prefix(value.as_ref())?;
            let ObjId::Id(counter, actor, _) = element.id() else { continue };
            let known = last.as_ref().filter(|(known, operations)| {
                (operations.first..=operations.last).contains(&counter) && *known == actor
            });
            let found = match known {
                Some((_, operations)) => Some(*operations),
                None => self.holding(&actor, counter),
            };
            runs.push(value.chars().count(), found.map(|operations| operations.change));
            last = found.map(|operations| (actor, operations));
        }
        rest.is_empty().then_some(runs.0)
    }

    /// With elements among them that are no text: what stands at a place is asked for by cursor.
    /// Where an element stands as far behind an earlier one as the elements between them are long,
    /// all of these are text; so few places need to be asked for.
    fn by_cursors(&self, reading: &Reading<'_, Automerge>, text: &ObjId) -> Vec<Run> {
        let elements: Vec<Element> = reading.elements(text).filter_map(Element::read).collect();
        let stands_at = |place: usize, unit: usize| {
            let element = elements.get(place);
            element.is_some_and(|e| reading.cursor(text, unit).is_some_and(|c| e.is_named_by(&c)))
        };
        let units = |from: usize, to: usize| -> usize {
            elements.get(from..to).unwrap_or_default().iter().map(|element| element.units).sum()
        };
        let mut runs = Runs::default();
        let (mut place, mut unit) = (0, 0);
        while place < elements.len() {
            if !stands_at(place, unit) {
                place += 1;
                continue;
            }
            let (mut last, mut last_unit, mut step) = (place, unit, 1);
            while step > 0 {
                let next = last + step;
                let next_unit = last_unit + units(last, next);
                if next < elements.len() && stands_at(next, next_unit) {
                    (last, last_unit, step) = (next, next_unit, step * 2);
                } else {
                    step /= 2;
                }
            }
            for element in elements.get(place..=last).unwrap_or_default() {
                let found = self.holding(&element.actor, element.counter);
                runs.push(element.scalars, found.map(|operations| operations.change));
            }
            (place, unit) = (last + 1, last_unit + units(last, last + 1));
        }
        runs.0
    }
}

/// An element that is text, or the beginning of a mark whose value is a string.
struct Element {
    counter: u64,
    actor: ActorId,
    scalars: usize,
    units: usize,
}

impl Element {
    fn read(item: ListRangeItem<'_>) -> Option<Self> {
        let value = match &item.value {
            ValueRef::Scalar(ScalarValueRef::Str(value)) => value.as_ref(),
            _ => return None,
        };
        let (scalars, units) = (value.chars().count(), value.encode_utf16().count());
        match item.id() {
            ObjId::Id(counter, actor, _) => Some(Self { counter, actor, scalars, units }),
            ObjId::Root => None,
        }
    }

    /// A cursor's text form is `counter@actor`.
    fn is_named_by(&self, cursor: &Cursor) -> bool {
        cursor.to_string() == format!("{}@{}", self.counter, self.actor)
    }
}

/// First scalar, the one after the last, change.
type Run = (usize, usize, ChangeHash);

#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn push(&mut self, scalars: usize, change: Option<ChangeHash>) {
        let from = self.0.last().map_or(0, |run| run.1);
        // Every element has a change. If Automerge ever lost one, the neighbour's keeps the places
        // of what follows right.
        let Some(change) = change.or(self.0.last().map(|run| run.2)) else { return };
        match self.0.last_mut() {
            Some(run) if run.2 == change => run.1 += scalars,
            _ if scalars > 0 => self.0.push((from, from + scalars, change)),
            _ => {}
        }
    }
}
