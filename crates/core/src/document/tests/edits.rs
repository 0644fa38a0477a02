//! What people do to a contract, at random.

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ObjId, ObjType, ROOT, ReadDoc};
use proptest::prelude::*;

/// One edit.
#[derive(Clone, Debug)]
pub enum Edit {
    AddSection(u8),
    DeleteSection(usize),
    PutKind(usize, usize),
    PutOrder(usize, String),
    NewBody(usize),
    Splice(usize, usize, usize, String),
    Rewrite(usize, String),
    Mark(usize, usize, usize, usize, usize),
    Unmark(usize, usize, usize),
    AddGoal(u8),
    PutGoal(usize, usize, String),
    DeleteGoal(usize),
    DeleteGoalField(usize, bool),
    Title(usize, String),
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,12}",
        Just("Zoë 👩‍👩‍👧 e\u{301}\n\tnaïve 漢字".to_owned()),
        "\\PC{0,6}".prop_map(|s| s.chars().filter(|&c| !crate::text::hides(c, false)).collect()),
    ]
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let n = || 0_usize..40;
    prop_oneof![
        2 => (0_u8..6).prop_map(Edit::AddSection),
        1 => n().prop_map(Edit::DeleteSection),
        2 => (n(), 0_usize..3).prop_map(|(s, k)| Edit::PutKind(s, k)),
        1 => (n(), "[!-~]{1,8}").prop_map(|(s, o)| Edit::PutOrder(s, o)),
        1 => n().prop_map(Edit::NewBody),
        8 => (n(), n(), 0_usize..6, typed()).prop_map(|(t, i, n, s)| Edit::Splice(t, i, n, s)),
        1 => (n(), typed()).prop_map(|(t, s)| Edit::Rewrite(t, s)),
        3 => (n(), n(), n(), n(), 0_usize..4).prop_map(|(t, a, b, v, e)| Edit::Mark(t, a, b, v, e)),
        1 => (n(), n(), n()).prop_map(|(t, a, b)| Edit::Unmark(t, a, b)),
        1 => (0_u8..4).prop_map(Edit::AddGoal),
        1 => (n(), 0_usize..4, "[a-z]{1,9}").prop_map(|(g, f, s)| Edit::PutGoal(g, f, s)),
        1 => n().prop_map(Edit::DeleteGoal),
        1 => (n(), any::<bool>()).prop_map(|(g, due)| Edit::DeleteGoalField(g, due)),
        1 => (0_usize..9, typed()).prop_map(|(at, s)| Edit::Title(at, s)),
    ]
}

fn children(tx: &Transaction<'_>, key: &str) -> (ObjId, Vec<(String, ObjId)>) {
    let (_, map) = tx.get(ROOT, key).unwrap().unwrap();
    let parts = tx.map_range(&map, ..).map(|item| (item.key.to_string(), item.id())).collect();
    (map, parts)
}

/// The texts of all sections and goals, conflicting ones too.
fn texts(tx: &Transaction<'_>) -> Vec<ObjId> {
    let mut texts = vec![tx.get(ROOT, "title").unwrap().unwrap().1];
    for (_, part) in children(tx, "sections").1.into_iter().chain(children(tx, "goals").1) {
        for key in ["heading", "body", "text"] {
            texts.extend(tx.get_all(&part, key).unwrap().into_iter().map(|(_, id)| id));
        }
    }
    texts
}

fn pick<T>(all: Vec<T>, n: usize) -> Option<T> {
    let place = n.checked_rem(all.len())?;
    all.into_iter().nth(place)
}

/// A place between two characters, in UTF-16 code units, as an editor has it.
fn boundary(tx: &Transaction<'_>, text: &ObjId, n: usize) -> usize {
    let text = tx.text(text).unwrap();
    let stops: Vec<usize> = text
        .char_indices()
        .map(|(i, _)| i)
        .chain([text.len()])
        .map(|i| text[..i].encode_utf16().count())
        .collect();
    stops[n % stops.len()]
}

pub fn make(tx: &mut Transaction<'_>, edit: &Edit) -> Result<(), AutomergeError> {
    let (sections, all_sections) = children(tx, "sections");
    let (goals, all_goals) = children(tx, "goals");
    match edit {
        Edit::AddSection(n) => {
            let id = tx.put_object(&sections, format!("{n:016x}"), ObjType::Map)?;
            tx.put(&id, "kind", "other")?;
            tx.put(&id, "order", "m")?;
            tx.put_object(&id, "heading", ObjType::Text)?;
            let body = tx.put_object(&id, "body", ObjType::Text)?;
            tx.splice_text(&body, 0, 0, "The body.")?;
        }
        Edit::DeleteSection(n) => {
            if let Some((key, _)) = pick(all_sections, *n) {
                tx.delete(&sections, key)?;
            }
        }
        Edit::PutKind(n, kind) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                let kinds = ["identity", "purpose", "principles", "rules", "goals", "other"];
                tx.put(&id, "kind", kinds[*kind])?;
            }
        }
        Edit::PutOrder(n, order) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                tx.put(&id, "order", order.as_str())?;
            }
        }
        Edit::NewBody(n) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                tx.put_object(&id, "body", ObjType::Text)?;
            }
        }
        Edit::AddGoal(n) => {
            let id = tx.put_object(&goals, format!("{n:016x}"), ObjType::Map)?;
            tx.put(&id, "order", "z")?;
            tx.put(&id, "state", "open")?;
            let text = tx.put_object(&id, "text", ObjType::Text)?;
            tx.splice_text(&text, 0, 0, "Win")?;
        }
        Edit::PutGoal(n, field, value) => {
            if let Some((_, id)) = pick(all_goals, *n) {
                let key = ["measure", "due", "order", "state"][*field];
                tx.put(&id, key, if key == "state" { "done" } else { value })?;
            }
        }
        Edit::DeleteGoal(n) => {
            if let Some((key, _)) = pick(all_goals, *n) {
                tx.delete(&goals, key)?;
            }
        }
        Edit::DeleteGoalField(n, due) => {
            if let Some((_, id)) = pick(all_goals, *n) {
                let key = if *due { "due" } else { "measure" };
                if tx.get(&id, key)?.is_some() {
                    tx.delete(&id, key)?;
                }
            }
        }
        Edit::Title(at, text) => {
            let title = tx.get(ROOT, "title")?.unwrap().1;
            let at = boundary(tx, &title, *at);
            tx.splice_text(&title, at, 0, text)?;
        }
        Edit::Splice(..) | Edit::Rewrite(..) | Edit::Mark(..) | Edit::Unmark(..) => {
            in_text(tx, edit)?;
        }
    }
    Ok(())
}

fn in_text(tx: &mut Transaction<'_>, edit: &Edit) -> Result<(), AutomergeError> {
    let (Edit::Splice(n, ..) | Edit::Rewrite(n, _) | Edit::Mark(n, ..) | Edit::Unmark(n, ..)) =
        edit
    else {
        return Ok(());
    };
    let text = pick(texts(tx), *n).unwrap();
    let range = |a, b| {
        let (a, b) = (boundary(tx, &text, a), boundary(tx, &text, b));
        (a.min(b), a.max(b))
    };
    match edit {
        Edit::Splice(_, at, del, typed) => {
            let at = boundary(tx, &text, *at);
            let del = (*del).min(tx.length(&text) - at);
            tx.splice_text(&text, at, del.cast_signed(), typed)?;
        }
        Edit::Rewrite(_, typed) => tx.update_text(&text, typed)?,
        Edit::Mark(_, a, b, value, expand) => {
            let (start, end) = range(*a, *b);
            let expand =
                [ExpandMark::None, ExpandMark::Before, ExpandMark::After, ExpandMark::Both]
                    [*expand];
            let mark = match value % 3 {
                0 => Mark::new("strong".into(), true, start, end),
                1 => Mark::new("link".into(), "a place", start, end),
                _ => Mark::new("em".into(), false, start, end),
            };
            tx.mark(&text, mark, expand)?;
        }
        Edit::Unmark(_, a, b) => {
            let (start, end) = range(*a, *b);
            tx.unmark(&text, "strong", start, end, ExpandMark::After)?;
        }
        _ => {}
    }
    Ok(())
}
