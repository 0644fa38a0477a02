//! Documents and contents to test with.
#![allow(clippy::unwrap_used)]

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Automerge, Change, ObjType, ROOT, TextEncoding};
use proptest::prelude::*;

use super::*;
use crate::day::Day;
use crate::entry::GoalState;
use crate::ids::PartId;

/// The contract of the design's example.
pub(super) const EXAMPLE: &str = include_str!("samples/contract.md");

/// A document with the root objects only.
pub(super) fn base() -> Automerge {
    let mut doc = AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit)
        .with_actor(ActorId::from([0u8; 16]));
    doc.put_object(ROOT, schema::TITLE, ObjType::Text).unwrap();
    doc.put_object(ROOT, schema::SECTIONS, ObjType::Map).unwrap();
    doc.put_object(ROOT, schema::GOALS, ObjType::Map).unwrap();
    doc.put_object(ROOT, crate::minutes::TEXT, ObjType::Text).unwrap();
    doc.document().clone()
}

/// Ids that count up from `first`.
pub(super) fn ids(first: u64) -> impl FnMut() -> PartId {
    let mut next = first;
    move || {
        next += 1;
        PartId::from_bytes(next.to_be_bytes())
    }
}

/// Edits and applies; the changes' bytes.
pub(super) fn edit(
    doc: &mut Automerge,
    actor: u8,
    edit: impl FnOnce(&mut Editor) -> Result<(), EditError>,
) -> Vec<Vec<u8>> {
    let changes = make_change(doc, [actor; 16], edit).unwrap();
    let read = |bytes: &Vec<u8>| Change::from_bytes(bytes.clone()).unwrap();
    doc.apply_changes(changes.iter().map(read).collect::<Vec<_>>()).unwrap();
    changes
}

/// Applies a whole file.
pub(super) fn import(doc: &mut Automerge, actor: u8, text: &str) -> Vec<Vec<u8>> {
    let parsed = Markdown::parse(text).unwrap();
    let mut ids = ids(u64::from(actor) << 32 | u64::try_from(doc.get_changes(&[]).len()).unwrap());
    edit(doc, actor, |editor| apply_markdown(editor, &parsed, &mut ids).map(|_| ()))
}

/// A document that holds the example.
pub(super) fn example() -> Automerge {
    let mut doc = base();
    import(&mut doc, 1, EXAMPLE);
    doc
}

/// Text with what Markdown, Unicode and goal lines make difficult.
fn difficult() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-c ]{1,3}",
        Just("\u{301}".to_owned()),
        Just("\u{1F600}".to_owned()),
        Just("\u{200D}".to_owned()),
        Just("\\".to_owned()),
        Just("# ".to_owned()),
        Just("## ".to_owned()),
        Just("###".to_owned()),
        Just("{#rules}".to_owned()),
        Just("- [ ] ".to_owned()),
        Just("* [-]".to_owned()),
        Just("(measure: ".to_owned()),
        Just("(due: 2026-01-01)".to_owned()),
        Just(")".to_owned()),
        Just("\t".to_owned()),
        Just("\u{a0}".to_owned()),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn line() -> impl Strategy<Value = String> {
    difficult().prop_map(|text| written::line(&text))
}

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec(difficult(), 0..5).prop_map(|lines| written::body(&lines.join("\n")))
}

fn goal() -> impl Strategy<Value = Goal> {
    let day = Day::parse("2026-01-01").unwrap();
    (
        line().prop_map(|text| format!("goal {text}").trim().to_owned()),
        prop::option::of(line()).prop_map(|measure| measure.filter(|text| !text.is_empty())),
        prop::option::of((0..1_000).prop_map(move |days| day.plus(days))),
        prop::sample::select(GoalState::ALL.to_vec()),
    )
        .prop_map(|(text, measure, due, state)| {
            let id = PartId::from_bytes([0; 8]);
            Goal { id, text, measure, due, state }
        })
}

/// Contents in their written form, all ids zero; goals only beside a section for them.
pub(super) fn content() -> impl Strategy<Value = ContractContent> {
    let section = (prop::sample::select(SectionKind::ALL.to_vec()), line(), body()).prop_map(
        |(kind, heading, body)| Section { id: PartId::from_bytes([0; 8]), kind, heading, body },
    );
    (line(), prop::collection::vec(section, 0..5), prop::collection::vec(goal(), 0..5)).prop_map(
        |(title, sections, mut goals)| {
            if sections.iter().all(|section| section.kind != SectionKind::Goals) {
                goals.clear();
            }
            ContractContent { title: format!("The {title}").trim().to_owned(), sections, goals }
        },
    )
}

/// The same content with all ids zero.
pub(super) fn without_ids(mut content: ContractContent) -> ContractContent {
    content.sections.iter_mut().for_each(|section| section.id = PartId::from_bytes([0; 8]));
    content.goals.iter_mut().for_each(|goal| goal.id = PartId::from_bytes([0; 8]));
    content
}

/// The content as its written form has it.
pub(super) fn as_content(parsed: &Markdown) -> ContractContent {
    let id = PartId::from_bytes([0; 8]);
    ContractContent {
        title: parsed.title.clone(),
        sections: parsed
            .sections
            .iter()
            .map(|s| Section { id, kind: s.kind, heading: s.heading.clone(), body: s.body.clone() })
            .collect(),
        goals: parsed
            .goals()
            .map(|g| Goal {
                id,
                text: g.text.clone(),
                measure: g.measure.clone(),
                due: g.due,
                state: g.state,
            })
            .collect(),
    }
}
