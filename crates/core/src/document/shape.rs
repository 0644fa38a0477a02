//! The plan of a document: which operation may stand where, and what it may refer to.

use super::VoidChange;
use super::clock::Id;
use super::columns::{Action, Key, Op, Value};
use super::view::View;
use crate::limits;
use crate::text::hides;

/// An object, by where it stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The map of sections of a contract.
    Sections,
    /// The map of goals of a contract.
    Goals,
    /// One section.
    Section,
    /// One goal.
    Goal,
    /// Any text.
    Text,
}

/// What a later operation needs to know of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Makes an object.
    Make(Place),
    /// Sets a key of a map to a text.
    Put,
    /// Inserts one character.
    Insert,
    /// Deletes a key or a character.
    Delete,
    /// Where a mark begins.
    MarkBegin,
    /// Where the mark that the operation before begins, ends.
    MarkEnd,
}

/// An operation, as far as later ones refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub kind: Kind,
    /// The object it acts in; `None` is the root, where only the first change acts.
    pub object: Option<Id>,
    /// The key of the map.
    pub key: Option<MapKey>,
    /// In a text: the element it was placed after; `None` is the head.
    pub after: Option<Id>,
}

/// A key of a map of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapKey {
    Part(u64),
    Kind,
    Order,
    Heading,
    Body,
    Text,
    Measure,
    Due,
    State,
}

impl MapKey {
    /// Reads a key. Sections and goals are named by 16 lowercase hexadecimal digits.
    fn read(key: &str) -> Option<Self> {
        Some(match key {
            "kind" => Self::Kind,
            "order" => Self::Order,
            "heading" => Self::Heading,
            "body" => Self::Body,
            "text" => Self::Text,
            "measure" => Self::Measure,
            "due" => Self::Due,
            "state" => Self::State,
            _ if key.len() == 16 && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) => {
                Self::Part(u64::from_str_radix(key, 16).ok()?)
            }
            _ => return None,
        })
    }
}

/// Whether a text may stand at a key. Control and reordering characters are refused before.
fn allowed(key: MapKey, text: &str) -> bool {
    match key {
        MapKey::Kind => {
            ["identity", "purpose", "principles", "rules", "goals", "other"].contains(&text)
        }
        MapKey::Order => !text.is_empty() && text.len() <= limits::ORDER_BYTES && text.is_ascii(),
        MapKey::Measure => text.len() <= limits::MEASURE_BYTES,
        MapKey::Due => text.len() <= limits::DUE_BYTES,
        MapKey::State => ["open", "done", "dropped"].contains(&text),
        MapKey::Part(_) | MapKey::Heading | MapKey::Body | MapKey::Text => false,
    }
}

fn hidden(text: &str) -> bool {
    text.chars().any(|c| hides(c, false) && !matches!(c, '\n' | '\t'))
}

/// Judges one operation by the plan and by what it refers to. `place` is its number in the change,
/// for the reason. A mark's other half is the caller's business.
pub(super) fn check(view: &View<'_>, place: usize, op: &Op<'_>) -> Result<Shape, VoidChange> {
    let object = op.object.ok_or(VoidChange::NotInSchema(place))?;
    let Some(Kind::Make(within)) = view.find(object).map(|shape| shape.kind) else {
        return Err(VoidChange::UnknownObject(place));
    };
    let is_mark = op.action == Action::Mark;
    if (op.expand || op.mark.is_some()) && !is_mark {
        return Err(VoidChange::NotInSchema(place));
    }
    if within == Place::Text {
        check_in_text(view, place, op, object)
    } else {
        check_in_map(view, place, op, object, within)
    }
}

fn check_in_map(
    view: &View<'_>,
    place: usize,
    op: &Op<'_>,
    object: Id,
    within: Place,
) -> Result<Shape, VoidChange> {
    let outside = VoidChange::NotInSchema(place);
    let Key::Map(key) = op.key else { return Err(outside) };
    let key = MapKey::read(key).ok_or(VoidChange::NotInSchema(place))?;
    if op.insert {
        return Err(outside);
    }
    let kind = match (op.action, within, key) {
        (Action::MakeMap, Place::Sections, MapKey::Part(_)) => Kind::Make(Place::Section),
        (Action::MakeMap, Place::Goals, MapKey::Part(_)) => Kind::Make(Place::Goal),
        (Action::MakeText, Place::Section, MapKey::Heading | MapKey::Body)
        | (Action::MakeText, Place::Goal, MapKey::Text) => Kind::Make(Place::Text),
        (Action::Put, Place::Section, MapKey::Kind | MapKey::Order)
        | (
            Action::Put,
            Place::Goal,
            MapKey::Order | MapKey::Measure | MapKey::Due | MapKey::State,
        ) => Kind::Put,
        // Where values are in conflict, Automerge turns a put of the value that won into a deletion
        // of the others, so that every value can be deleted.
        (Action::Delete, Place::Sections | Place::Goals, MapKey::Part(_))
        | (Action::Delete, Place::Section, MapKey::Kind | MapKey::Order)
        | (
            Action::Delete,
            Place::Goal,
            MapKey::Order | MapKey::Measure | MapKey::Due | MapKey::State,
        ) => Kind::Delete,
        _ => return Err(outside),
    };
    match (kind, op.value) {
        (Kind::Put, Value::Text(text)) if hidden(text) => {
            return Err(VoidChange::HiddenCharacter(place));
        }
        (Kind::Put, Value::Text(text)) if allowed(key, text) => {}
        (Kind::Make(_) | Kind::Delete, Value::Null) => {}
        _ => return Err(VoidChange::BadValue(place)),
    }
    if kind == Kind::Delete && op.preds.is_empty() {
        return Err(VoidChange::DeleteWithoutPred(place));
    }
    check_preds(view, place, op, |_, pred| pred.object == Some(object) && pred.key == Some(key))?;
    Ok(Shape { kind, object: Some(object), key: Some(key), after: None })
}

fn check_in_text(
    view: &View<'_>,
    place: usize,
    op: &Op<'_>,
    object: Id,
) -> Result<Shape, VoidChange> {
    let kind = match (op.action, op.insert) {
        (Action::Put, true) => Kind::Insert,
        (Action::Delete, false) => Kind::Delete,
        (Action::Mark, true) if op.mark.is_some() => Kind::MarkBegin,
        (Action::Mark, true) => Kind::MarkEnd,
        _ => return Err(VoidChange::NotInSchema(place)),
    };
    let after = match op.key {
        Key::Map(_) => return Err(VoidChange::NotInSchema(place)),
        Key::Head if kind == Kind::Delete => return Err(VoidChange::UnknownElement(place)),
        Key::Head => None,
        Key::Element(element) => {
            let found = view.find(element).filter(|shape| {
                let mark = matches!(shape.kind, Kind::MarkBegin | Kind::MarkEnd);
                shape.object == Some(object)
                    && (shape.kind == Kind::Insert || (mark && kind != Kind::Delete))
            });
            found.ok_or(VoidChange::UnknownElement(place))?;
            Some(element)
        }
    };
    check_text_value(place, op, kind)?;
    if kind == Kind::Delete {
        if op.preds.is_empty() {
            return Err(VoidChange::DeleteWithoutPred(place));
        }
        check_preds(view, place, op, |id, _| Some(id) == after)?;
    } else if !op.preds.is_empty() {
        return Err(VoidChange::InsertWithPred(place));
    }
    Ok(Shape { kind, object: Some(object), key: None, after })
}

fn check_text_value(place: usize, op: &Op<'_>, kind: Kind) -> Result<(), VoidChange> {
    let fits = match (kind, op.value) {
        (Kind::Insert, Value::Text(text)) if hidden(text) => {
            return Err(VoidChange::HiddenCharacter(place));
        }
        // One Unicode scalar an operation, as Automerge splits what is typed.
        (Kind::Insert, Value::Text(text)) => text.chars().count() == 1,
        (Kind::MarkBegin, value) => {
            let name = op.mark.unwrap_or_default();
            if hidden(name) || matches!(value, Value::Text(text) if hidden(text)) {
                return Err(VoidChange::HiddenCharacter(place));
            }
            let name = (1..=limits::MARK_NAME_BYTES).contains(&name.len());
            name && match value {
                Value::Null | Value::Flag(_) => true,
                Value::Text(text) => text.len() <= limits::MARK_VALUE_BYTES,
                Value::Other => false,
            }
        }
        (Kind::MarkEnd | Kind::Delete, Value::Null) => true,
        _ => false,
    };
    if fits { Ok(()) } else { Err(VoidChange::BadValue(place)) }
}

/// What is overwritten are values, earlier, each named once in Automerge's order, and at `there`.
fn check_preds(
    view: &View<'_>,
    place: usize,
    op: &Op<'_>,
    there: impl Fn(Id, &Shape) -> bool,
) -> Result<(), VoidChange> {
    if !op.preds.is_sorted_by(|&a, &b| view.order(a, b).is_lt()) {
        return Err(VoidChange::RepeatedPred(place));
    }
    for &pred in &op.preds {
        let shape = view.find(pred).ok_or(VoidChange::UnknownPred(place))?;
        match shape.kind {
            Kind::Make(_) | Kind::Put | Kind::Insert if there(pred, &shape) => {}
            Kind::Make(_) | Kind::Put | Kind::Insert => {
                return Err(VoidChange::PredElsewhere(place));
            }
            Kind::Delete | Kind::MarkBegin | Kind::MarkEnd => {
                return Err(VoidChange::PredNotAValue(place));
            }
        }
    }
    Ok(())
}
