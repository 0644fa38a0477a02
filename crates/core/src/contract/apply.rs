//! Making the document equal to what people wrote.

use automerge::{ObjId, ObjType, ROOT, ReadDoc};
use unicode_normalization::UnicodeNormalization;

use super::content::{Goal, Placed, Reading, Section};
use super::editor::{EditError, Editor};
use super::markdown::{Markdown, WrittenGoal, WrittenSection};
use super::{matching, order, schema, written};
use crate::ids::PartId;
use crate::limits;
use crate::text::hides;

/// Draws an id that nobody else draws.
type Ids<'a> = dyn FnMut() -> PartId + 'a;

/// Fresh ids that may turn out to be taken before the source is given up.
const DRAWS: usize = 16;

/// Checks a text of several lines and brings it into the form in which documents have it: line
/// feeds, Unicode normal form C.
pub(crate) fn checked_text(
    what: &'static str,
    text: &str,
    limit: usize,
) -> Result<String, EditError> {
    // Normalising can make a text longer or shorter, but only this much shorter.
    if text.len() > 4 * limit {
        return Err(EditError::TooLong { what, bytes: text.len(), limit });
    }
    let text: String = text.replace("\r\n", "\n").nfc().collect();
    for (i, line) in text.split('\n').enumerate() {
        if let Some(c) = line.chars().find(|&c| hides(c, true)) {
            return Err(EditError::Hidden { what, line: i + 1, code: u32::from(c) });
        }
    }
    if text.len() > limit {
        return Err(EditError::TooLong { what, bytes: text.len(), limit });
    }
    Ok(text)
}

/// Makes a section's body equal to `new_body` without its outer blank lines, touching only the
/// scalars that differ; false if none does.
///
/// # Errors
/// No such section; a body beyond the limit or with characters that hide or reorder.
pub fn edit_section(editor: &mut Editor, id: PartId, new_body: &str) -> Result<bool, EditError> {
    let body = checked_text("the section", new_body, limits::TEXT_BYTES)?;
    let body = written::without_outer_blank_lines(&body);
    let sections = Reading::now(editor.doc()?).sections();
    let section = sections.iter().find(|placed| placed.part.id == id);
    let object = &section.ok_or(EditError::NoSection { id })?.object;
    write(editor, object, schema::BODY, &body, written::body)
}

/// Makes the contract equal to a file: title, sections, goals, and their order. What is found
/// again (by id, heading, kind, or because the texts are alike) is edited, touching only the
/// scalars that differ; what is new gets an id from `ids`; what the file does not have goes.
/// False if nothing differs: applying the contract's own text changes nothing.
///
/// # Errors
/// A document without the contract's root objects; ids that repeat.
pub fn apply_markdown(
    editor: &mut Editor,
    parsed: &Markdown,
    ids: &mut Ids<'_>,
) -> Result<bool, EditError> {
    let mut changed = write(editor, &ROOT, schema::TITLE, &parsed.title, written::line)?;
    changed |= apply_sections(editor, &parsed.sections, ids)?;
    let goals: Vec<&WrittenGoal> = parsed.goals().collect();
    changed |= apply_goals(editor, &goals, ids)?;
    Ok(changed)
}

fn apply_sections(
    editor: &mut Editor,
    sections: &[WrittenSection],
    ids: &mut Ids<'_>,
) -> Result<bool, EditError> {
    let map = root_map(editor, schema::SECTIONS, "sections")?;
    let old = Reading::now(editor.doc()?).sections();
    let found = matching::sections(sections, &old);
    let (places, mut changed) = place(editor, &map, &old, &found, |s: &Section| s.id, ids)?;
    for (new, place) in sections.iter().zip(places) {
        let kind = place.old.map(|old| old.part.kind);
        if kind != Some(new.kind) {
            editor.put(&place.object, schema::KIND, new.kind.word())?;
            changed = true;
        }
        changed |= write(editor, &place.object, schema::HEADING, &new.heading, written::line)?;
        changed |= write(editor, &place.object, schema::BODY, &new.body, written::body)?;
    }
    Ok(changed)
}

fn apply_goals(
    editor: &mut Editor,
    goals: &[&WrittenGoal],
    ids: &mut Ids<'_>,
) -> Result<bool, EditError> {
    let map = root_map(editor, schema::GOALS, "goals")?;
    let old = Reading::now(editor.doc()?).goals();
    let found = matching::goals(goals, &old);
    let (places, mut changed) = place(editor, &map, &old, &found, |g: &Goal| g.id, ids)?;
    for (new, place) in goals.iter().zip(places) {
        let old = place.old.map(|old| &old.part);
        let due = new.due.map(|day| day.to_string());
        let old_due = old.and_then(|goal| goal.due).map(|day| day.to_string());
        let old_measure = old.and_then(|goal| goal.measure.as_deref());
        changed |= write(editor, &place.object, schema::TEXT, &new.text, written::line)?;
        changed |=
            set(editor, &place.object, schema::MEASURE, old_measure, new.measure.as_deref())?;
        changed |= set(editor, &place.object, schema::DUE, old_due.as_deref(), due.as_deref())?;
        let state = old.map(|goal| goal.state.word());
        changed |= set(editor, &place.object, schema::STATE, state, Some(new.state.word()))?;
    }
    Ok(changed)
}

/// Where a written part goes.
struct Place<'a, T> {
    old: Option<&'a Placed<T>>,
    object: ObjId,
}

/// Deletes the parts that are not found again, makes the new ones, and puts all in order.
fn place<'a, T>(
    editor: &mut Editor,
    map: &ObjId,
    old: &'a [Placed<T>],
    found: &[Option<usize>],
    id: impl Fn(&T) -> PartId,
    ids: &mut Ids<'_>,
) -> Result<(Vec<Place<'a, T>>, bool), EditError> {
    let mut changed = false;
    for (i, gone) in old.iter().enumerate() {
        if !found.contains(&Some(i)) {
            editor.delete(map, &id(&gone.part).to_string())?;
            changed = true;
        }
    }
    let mut wanted: Vec<(PartId, Option<&Placed<T>>)> = Vec::with_capacity(found.len());
    for place in found {
        let known = place.and_then(|i| old.get(i));
        let id = match known {
            Some(known) => id(&known.part),
            None => fresh(editor, map, &wanted, ids)?,
        };
        wanted.push((id, known));
    }
    let orders: Vec<(PartId, Option<&str>)> =
        wanted.iter().map(|(id, old)| (*id, old.map(|old| old.order.as_str()))).collect();
    let mut places = Vec::with_capacity(wanted.len());
    for ((id, known), order) in wanted.iter().zip(order::arrange(&orders)) {
        let object = match known {
            Some(known) => known.object.clone(),
            None => editor.make(map, &id.to_string(), ObjType::Map)?,
        };
        let before = known.map(|known| known.order.as_str());
        changed |= set(editor, &object, schema::ORDER, before, Some(&order))?;
        places.push(Place { old: *known, object });
    }
    Ok((places, changed))
}

fn fresh<T>(
    editor: &Editor,
    map: &ObjId,
    taken: &[(PartId, Option<&Placed<T>>)],
    ids: &mut Ids<'_>,
) -> Result<PartId, EditError> {
    for _ in 0..DRAWS {
        let id = ids();
        let known = editor.doc()?.get_all(map, id.to_string())?;
        if known.is_empty() && taken.iter().all(|(other, _)| *other != id) {
            return Ok(id);
        }
    }
    Err(EditError::NoFreshId)
}

fn root_map(editor: &Editor, key: &str, missing: &'static str) -> Result<ObjId, EditError> {
    let map = Reading::now(editor.doc()?).object(&ROOT, key, ObjType::Map);
    map.ok_or(EditError::NotOurs { missing })
}

/// Puts or deletes one string of a part.
fn set(
    editor: &mut Editor,
    map: &ObjId,
    key: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<bool, EditError> {
    match new {
        _ if old == new => return Ok(false),
        Some(new) => editor.put(map, key, new)?,
        None => editor.delete(map, key)?,
    }
    Ok(true)
}

/// Writes one text of a part, unless what stands there is written that way already.
fn write(
    editor: &mut Editor,
    map: &ObjId,
    key: &str,
    target: &str,
    as_written: impl Fn(&str) -> String,
) -> Result<bool, EditError> {
    let found = Reading::now(editor.doc()?).text_object(map, key);
    let (text, made) = match found {
        Some(text) => (text, false),
        None if *map == ROOT => return Err(EditError::NotOurs { missing: "title" }),
        None => (editor.make(map, key, ObjType::Text)?, true),
    };
    if as_written(&editor.doc()?.text(&text)?) == target {
        return Ok(made);
    }
    Ok(editor.write(&text, target)? || made)
}
