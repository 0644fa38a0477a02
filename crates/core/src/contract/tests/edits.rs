//! Edits, as changes.

use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ObjType, ROOT, ReadDoc};
use proptest::prelude::*;

use crate::contract::samples::{EXAMPLE, base, edit, example, ids, import};
use crate::contract::*;
use crate::ids::PartId;
use crate::limits;
use crate::minutes;

fn purpose(doc: &Automerge) -> PartId {
    ContractContent::read(doc).find_section("purpose").unwrap().id
}

fn ops(changes: &[Vec<u8>]) -> usize {
    changes.iter().map(|bytes| Change::from_bytes(bytes.clone()).unwrap().len()).sum()
}

/// Makes the purpose equal to a text; how many operations that took.
fn set_purpose(doc: &mut Automerge, actor: u8, text: &str) -> usize {
    let id = purpose(doc);
    ops(&edit(doc, actor, |editor| edit_section(editor, id, text).map(|_| ())))
}

#[test]
fn an_edit_is_one_plain_change() {
    let mut doc = base();
    let before = doc.get_heads();
    let changes = import(&mut doc, 7, EXAMPLE);
    assert_eq!(changes.len(), 1);
    let change = Change::from_bytes(changes[0].clone()).unwrap();
    // Chunk type 1: a change that is not compressed.
    assert_eq!(changes[0][8], 1);
    assert_eq!(change.raw_bytes(), changes[0]);
    assert_eq!((change.timestamp(), change.message(), change.extra_bytes()), (0, None, &[][..]));
    assert_eq!(change.actor_id().to_bytes(), [7; 16]);
    assert_eq!((change.seq(), change.deps().to_vec()), (1, before));
    assert_eq!(doc.get_heads(), [change.hash()]);
}

#[test]
fn pasting_the_same_text_again_makes_no_change() {
    let mut doc = example();
    let id = purpose(&doc);
    let content = ContractContent::read(&doc);
    let own = content.find_section("purpose").unwrap().body.clone();
    for text in [EXAMPLE.to_owned(), content.text(), EXAMPLE.replace('\n', "\r\n")] {
        let changes = make_change(&doc, [9; 16], |editor| {
            assert!(!apply_markdown(editor, &Markdown::parse(&text).unwrap(), &mut ids(900))?);
            assert!(!edit_section(editor, id, &format!("\n{own}\n"))?);
            Ok::<_, EditError>(())
        });
        assert_eq!(changes.unwrap(), Vec::<Vec<u8>>::new());
    }
    // Nor does text that two people's edits left in a form that nobody would type.
    set_purpose(&mut doc, 2, "Zoe, walks");
    let body = text_of(&doc, id);
    let raw = |editor: &mut Editor| {
        let body = body.clone();
        editor.write(&body, "\nZoe\u{308}\u{202E}, walks\n \n").map(|_| ())
    };
    edit(&mut doc, 3, raw);
    let text = ContractContent::read(&doc).text();
    assert!(text.contains("Zoë\u{FFFD}, walks\n\n##"), "{text}");
    let again = edit(&mut doc, 4, |editor| {
        apply_markdown(editor, &Markdown::parse(&text).unwrap(), &mut ids(900)).map(|_| ())
    });
    assert_eq!(again.len(), 0);
}

fn text_of(doc: &Automerge, id: PartId) -> automerge::ObjId {
    let (_, sections) = doc.get(ROOT, schema::SECTIONS).unwrap().unwrap();
    let (_, section) = doc.get(sections, id.to_string()).unwrap().unwrap();
    doc.get(section, schema::BODY).unwrap().unwrap().1
}

#[test]
fn a_small_edit_is_a_small_change() {
    let mut doc = example();
    let text = ContractContent::read(&doc).text().replace("second Tuesday", "third Tuesday");
    // "second" and "third" share the d: five scalars go, four come.
    assert_eq!(ops(&import(&mut doc, 2, &text)), 9);
    let text = text.replace("- [ ] A shared meal", "- [x] A shared meal");
    assert_eq!(ops(&import(&mut doc, 2, &text)), 1);
    assert_eq!(ContractContent::read(&doc).text(), text);
}

#[test]
fn parts_are_found_again_whatever_happens_to_their_headings() {
    let mut doc = example();
    let before = ContractContent::read(&doc);
    let text = before
        .text()
        .replace("## Purpose {#purpose}", "## What we are for {#purpose}")
        .replace("## Rules {#rules}", "## Agreements {#other}")
        .replace("A shared meal every month", "A shared meal every second month");
    let (head, goals) = text.split_once("\n## Goals").unwrap();
    let (head, rules) = head.split_once("\n## Agreements").unwrap();
    let text =
        format!("{head}\n## Fun {{#other}}\nDance.\n\n## Goals{goals}\n## Agreements{rules}");
    import(&mut doc, 2, &text);
    let after = ContractContent::read(&doc);
    assert_eq!(after.text(), text);
    let old: Vec<PartId> = before.sections.iter().map(|s| s.id).collect();
    let new: Vec<PartId> = after.sections.iter().map(|s| s.id).collect();
    assert_eq!(new[..3], old[..3]);
    assert_eq!(new[4..], [old[4], old[3]]);
    assert!(!old.contains(&new[3]));
    let goal_ids = |content: &ContractContent| -> Vec<PartId> {
        content.goals.iter().map(|goal| goal.id).collect()
    };
    assert_eq!(goal_ids(&before), goal_ids(&after));
}

#[test]
fn a_section_that_the_caller_knows_by_id_is_edited_whatever_it_says() {
    let mut doc = example();
    let id = purpose(&doc);
    let mut parsed = Markdown::parse("# T\n## Fun {#other}\nDance.\n").unwrap();
    parsed.sections[0].id = Some(id);
    edit(&mut doc, 2, |editor| apply_markdown(editor, &parsed, &mut ids(900)).map(|_| ()));
    let content = ContractContent::read(&doc);
    assert_eq!((content.sections.len(), content.goals.len()), (1, 0));
    assert_eq!((content.sections[0].id, content.sections[0].body.as_str()), (id, "Dance."));
}

#[test]
fn a_heading_alone_is_enough_to_find_a_section_again() {
    let mut doc = example();
    let id = purpose(&doc);
    import(&mut doc, 2, "# T\n## Purpose {#other}\nDance.\n");
    let content = ContractContent::read(&doc);
    assert_eq!((content.sections[0].id, content.sections[0].kind), (id, SectionKind::Other));
}

#[test]
fn an_id_that_is_taken_is_drawn_again() {
    let mut doc = example();
    let (taken, text) = (purpose(&doc), ContractContent::read(&doc).text());
    let (unseen, free) = (PartId::from_bytes([0xAA; 8]), PartId::from_bytes([0xAB; 8]));
    let mut tx = doc.transaction();
    let (_, sections) = tx.get(ROOT, schema::SECTIONS).unwrap().unwrap();
    tx.put(&sections, unseen.to_string(), "no section").unwrap();
    tx.commit();
    let mut drawn = [taken, unseen, free].into_iter();
    let parsed = Markdown::parse(&format!("{text}\n## Fun {{#other}}\nDance.\n")).unwrap();
    edit(&mut doc, 2, |editor| {
        apply_markdown(editor, &parsed, &mut || drawn.next().unwrap()).map(|_| ())
    });
    let content = ContractContent::read(&doc);
    assert_eq!((content.sections[1].id, content.sections[5].id), (taken, free));
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_changed() {
    let doc = example();
    let id = purpose(&doc);
    let refused = |edit: &dyn Fn(&mut Editor) -> Result<bool, EditError>| {
        make_change(&doc, [2; 16], |editor| edit(editor).map(|_| ())).unwrap_err()
    };
    let long = "x".repeat(limits::TEXT_BYTES + 1);
    assert!(matches!(
        refused(&|editor| edit_section(editor, id, &long)),
        EditError::TooLong { bytes: 16_385, .. }
    ));
    assert!(matches!(
        refused(&|editor| edit_section(editor, id, "a\nb\u{2066}")),
        EditError::Hidden { line: 2, code: 0x2066, .. }
    ));
    let other = PartId::from_bytes([9; 8]);
    assert!(matches!(
        refused(&|editor| edit_section(editor, other, "a")),
        EditError::NoSection { id } if id == other
    ));
    let parsed = Markdown::parse("# T\n## Fun\nDance.\n## Work\nLift.\n").unwrap();
    assert!(matches!(
        refused(&|editor| apply_markdown(editor, &parsed, &mut || id)),
        EditError::NoFreshId
    ));
    assert!(matches!(
        refused(&|editor| apply_markdown(editor, &parsed, &mut || other)),
        EditError::NoFreshId
    ));
    let empty = Automerge::new_with_encoding(automerge::TextEncoding::Utf16CodeUnit);
    let strange = make_change(&empty, [2; 16], |editor| {
        apply_markdown(editor, &parsed, &mut ids(900)).map(|_| ())
    });
    assert!(matches!(strange, Err(EditError::NotOurs { missing: "title" })));
    let foreign = Automerge::new_with_encoding(automerge::TextEncoding::UnicodeCodePoint);
    assert!(make_change(&foreign, [2; 16], |_| Ok::<_, EditError>(())).is_err());
}

#[test]
fn an_edit_that_is_too_big_for_an_envelope_becomes_several_changes() {
    let mut text = "# Big\n".to_owned();
    for section in 0..15 {
        // Scalars of every length make the values' lengths as hard to encode as they can be.
        let body = "a\u{e9}\u{4e00}\u{1F600}".repeat(1_600);
        text.push_str(&format!("## Section {section} {{#other}}\n{body}\n"));
    }
    assert!(text.len() < limits::CONTRACT_BYTES);
    let mut doc = base();
    let changes = import(&mut doc, 2, &text);
    assert!(changes.len() >= 2 && changes.len() <= 4, "{}", changes.len());
    assert!(changes.iter().all(|change| change.len() <= limits::BODY_BYTES - 1_024));
    assert_eq!(ContractContent::read(&doc).sections.len(), 15);
    let emptied = import(&mut doc, 3, "# Small\n");
    assert!(emptied.len() == 1 && emptied[0].len() < 2_000);
}

#[test]
fn scattered_deletions_stay_within_an_envelope() {
    let mut doc = example();
    // Written by two people, a scalar each in turn: nothing about the deletion compresses.
    let pairs: String = "ab".repeat(8_000);
    let (every_a, every_b) = (pairs.replace('b', ""), pairs.as_str());
    set_purpose(&mut doc, 2, &every_a);
    set_purpose(&mut doc, 3, every_b);
    let id = purpose(&doc);
    let changes =
        edit(&mut doc, 4, |editor| edit_section(editor, id, &"c".repeat(16_000)).map(|_| ()));
    assert!(changes.iter().all(|change| change.len() <= limits::BODY_BYTES - 1_024));
    assert_eq!(ContractContent::read(&doc).find_section("purpose").unwrap().body.len(), 16_000);
}

#[test]
fn minutes_are_edited_the_same_way() {
    let mut doc = base();
    assert_eq!(minutes::read(&doc), "");
    let write = |doc: &mut Automerge, text: &str| {
        ops(&edit(doc, 5, |editor| minutes::edit_minutes(editor, text).map(|_| ())))
    };
    assert_eq!(write(&mut doc, "We met.\r\n\u{1F600}"), 9);
    assert_eq!(write(&mut doc, "We met.\n\u{1F600}"), 0);
    assert_eq!(write(&mut doc, "We met.\n\u{1F600}!"), 1);
    assert_eq!(minutes::read(&doc), "We met.\n\u{1F600}!");
    let foreign = Automerge::new_with_encoding(automerge::TextEncoding::Utf16CodeUnit);
    assert_eq!(minutes::read(&foreign), "");
    let refused = |doc: &Automerge, text: &str| {
        make_change(doc, [5; 16], |e| minutes::edit_minutes(e, text).map(|_| ())).unwrap_err()
    };
    assert!(matches!(refused(&foreign, "a"), EditError::NotOurs { .. }));
    assert!(matches!(refused(&doc, &"a".repeat(65_537)), EditError::TooLong { .. }));
}

#[test]
fn strange_documents_are_read_and_mended_without_a_panic() {
    let mut doc = example();
    let id = purpose(&doc);
    let mut tx = doc.transaction();
    let (_, sections) = tx.get(ROOT, schema::SECTIONS).unwrap().unwrap();
    let (_, section) = tx.get(&sections, id.to_string()).unwrap().unwrap();
    tx.put(&section, schema::HEADING, 7).unwrap();
    tx.delete(&section, schema::BODY).unwrap();
    tx.put(&section, schema::KIND, "nonsense").unwrap();
    tx.put_object(&section, schema::ORDER, ObjType::List).unwrap();
    tx.put(&sections, "0000000000000abc", "no map").unwrap();
    tx.put_object(&sections, "not an id", ObjType::Map).unwrap();
    tx.put_object(&sections, "00000000000000AB", ObjType::Map).unwrap();
    let (_, goals) = tx.get(ROOT, schema::GOALS).unwrap().unwrap();
    tx.put_object(&goals, "00000000000000ab", ObjType::Map).unwrap();
    tx.commit();
    let content = ContractContent::read(&doc);
    assert_eq!((content.sections.len(), content.goals.len()), (5, 3));
    let strange = content.find_section(&id.to_string()).unwrap();
    assert_eq!((strange.kind, strange.heading.as_str()), (SectionKind::Other, ""));
    let text = content.text();
    assert_eq!(import(&mut doc, 2, &text).len(), 1);
    assert_eq!(import(&mut doc, 3, &text).len(), 0);
    assert_eq!(ContractContent::read(&doc).text(), text);
}

/// A sentence and what somebody made of it, with characters of one and two UTF-16 code units and
/// with combining ones.
fn sentence() -> impl Strategy<Value = String> {
    "[a-d \u{301}\u{e9}\u{1F600}\u{1F468}\n]{0,60}"
}

/// The length of the shortest difference, from the textbook table.
fn shortest(old: &str, new: &str) -> usize {
    let new: Vec<char> = new.chars().collect();
    let mut row = vec![0; new.len() + 1];
    for a in old.chars() {
        let mut diagonal = 0;
        for (j, b) in new.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if a == *b { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    old.chars().count() + new.len() - 2 * row[new.len()]
}

proptest! {
    #[test]
    fn an_edit_reaches_its_target_by_scalar_differences_only(
        old in sentence(), new in sentence(),
    ) {
        let mut doc = example();
        set_purpose(&mut doc, 2, &old);
        let before = ContractContent::read(&doc).find_section("purpose").unwrap().body.clone();
        let taken = set_purpose(&mut doc, 3, &new);
        let after = ContractContent::read(&doc).find_section("purpose").unwrap().body.clone();
        prop_assert_eq!(&after, &written::body(&new));
        prop_assert_eq!(taken, shortest(&before, &after));
    }

    #[test]
    fn any_file_replaces_any_other(
        first in crate::contract::samples::content(),
        second in crate::contract::samples::content(),
    ) {
        let mut doc = base();
        import(&mut doc, 1, &first.text());
        import(&mut doc, 2, &second.text());
        prop_assert_eq!(ContractContent::read(&doc).text(), second.text());
        prop_assert_eq!(import(&mut doc, 3, &second.text()).len(), 0);
    }
}
