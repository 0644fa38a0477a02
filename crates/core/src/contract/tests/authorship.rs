//! Who wrote what: concurrent edits, and blame against a naive reference.

use std::collections::HashMap;

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ObjId, ROOT, ReadDoc};
use proptest::prelude::*;

use crate::contract::samples::{base, edit, example, import};
use crate::contract::*;
use crate::ids::{ChangeHash, PartId};

fn section(doc: &Automerge, id: PartId) -> (String, ObjId) {
    let (_, sections) = doc.get(ROOT, schema::SECTIONS).unwrap().unwrap();
    let (_, section) = doc.get(sections, id.to_string()).unwrap().unwrap();
    let (_, body) = doc.get(section, schema::BODY).unwrap().unwrap();
    (doc.text(&body).unwrap(), body)
}

/// The change that inserted each scalar of a text, looked up one by one.
fn naive(doc: &Automerge, text: &ObjId) -> Vec<ChangeHash> {
    let mut changes = HashMap::new();
    for change in doc.get_changes(&[]) {
        let hash = ChangeHash::from_bytes(change.hash().0);
        for counter in change.start_op().get()..=change.max_op() {
            changes.insert((change.actor_id().clone(), counter), hash);
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    for scalar in doc.text(text).unwrap().chars() {
        let cursor = doc.get_cursor(text, at, None).unwrap().to_string();
        let (counter, actor) = cursor.split_once('@').unwrap();
        let actor: ActorId = actor.parse().unwrap();
        found.push(changes[&(actor, counter.parse().unwrap())]);
        at += scalar.len_utf16();
    }
    found
}

/// The spans of one section's body, one change for each scalar. Fails unless they are coalesced
/// and cover everything.
fn spread(spans: &[BlameSpan], id: PartId, field: BlameField) -> Vec<ChangeHash> {
    let mut scalars = Vec::new();
    let mut last = None;
    for span in spans.iter().filter(|span| span.part == Some(id) && span.field == field) {
        assert_eq!(span.from, scalars.len());
        assert!(span.to > span.from && last != Some(span.change), "{span:?}");
        scalars.resize(span.to, span.change);
        last = Some(span.change);
    }
    scalars
}

fn applied(doc: &mut Automerge, changes: &[Vec<u8>]) {
    let read = |bytes: &Vec<u8>| Change::from_bytes(bytes.clone()).unwrap();
    doc.apply_changes(changes.iter().map(read).collect::<Vec<_>>()).unwrap();
}

/// Three people write at once; what the document then says, and the author of each scalar.
fn together(start: &str, targets: [&str; 3]) -> (String, Vec<Option<usize>>) {
    let mut doc = example();
    let id = ContractContent::read(&doc).find_section("purpose").unwrap().id;
    edit(&mut doc, 9, |editor| edit_section(editor, id, start).map(|_| ()));
    let changes: Vec<Vec<Vec<u8>>> = targets
        .iter()
        .zip(1u8..)
        .map(|(target, actor)| {
            let edit = |editor: &mut Editor| edit_section(editor, id, target).map(|_| ());
            make_change(&doc, [actor + 20; 16], edit).unwrap()
        })
        .collect();
    for change in changes.iter().rev() {
        applied(&mut doc, change);
    }
    let author = |hash: ChangeHash| {
        changes.iter().position(|made| {
            made.iter().any(|bytes| {
                Change::from_bytes(bytes.clone()).unwrap().hash().0 == *hash.as_bytes()
            })
        })
    };
    let (text, object) = section(&doc, id);
    let spans = spread(&blame(&doc, None), id, BlameField::Body);
    assert_eq!(spans, naive(&doc, &object));
    (text, spans.into_iter().map(author).collect())
}

#[test]
fn three_people_in_one_sentence_all_keep_their_words() {
    let (text, authors) = together(
        "We meet on Tuesday.",
        ["We all meet on Tuesday.", "We meet on Tuesday \u{1F600}.", "We meet and eat on Tuesday."],
    );
    assert_eq!(text, "We all meet and eat on Tuesday \u{1F600}.");
    let of = |who: usize| -> String {
        text.chars().zip(&authors).filter(|(_, a)| **a == Some(who)).map(|(c, _)| c).collect()
    };
    assert_eq!(of(0).trim(), "all");
    assert_eq!(of(1).trim(), "\u{1F600}");
    assert_eq!(of(2).replace(' ', ""), "andeat");
}

#[test]
fn title_headings_and_goals_are_told_apart() {
    let mut doc = example();
    let text = ContractContent::read(&doc).text();
    let text = text.replace("# Mill Creek", "# Mill \u{1F600}Creek").replace("shared meal", "meal");
    let text = text.replace("## Purpose", "## Our Purpose");
    import(&mut doc, 2, &text);
    let content = ContractContent::read(&doc);
    let spans = blame(&doc, None);
    let title: Vec<_> = spans.iter().filter(|s| s.field == BlameField::Title).collect();
    assert_eq!(title.iter().map(|s| (s.from, s.to)).collect::<Vec<_>>(), [(0, 5), (5, 6), (6, 22)]);
    assert_eq!(title[0].change, title[2].change);
    assert_ne!(title[0].change, title[1].change);
    assert!(title.iter().all(|span| span.part.is_none()));
    let purpose = content.find_section("purpose").unwrap();
    assert_eq!(spread(&spans, purpose.id, BlameField::Heading).len(), "Our Purpose".len());
    assert_eq!(spread(&spans, purpose.id, BlameField::Heading)[0], title[1].change);
    assert_eq!(spread(&spans, purpose.id, BlameField::Body).len(), purpose.body.chars().count());
    let goal = content.find_goal("a meal").unwrap();
    assert!(spread(&spans, goal.id, BlameField::Goal).iter().all(|c| *c == title[0].change));
    let json = serde_json::to_value(&spans[1]).unwrap();
    assert_eq!(json["field"], "title");
    assert_eq!((json["from"].as_u64(), json["to"].as_u64()), (Some(5), Some(6)));
}

#[test]
fn marks_and_foreign_elements_do_not_shift_the_spans() {
    let mut doc = example();
    let id = ContractContent::read(&doc).find_section("purpose").unwrap().id;
    edit(&mut doc, 2, |editor| edit_section(editor, id, "bold words").map(|_| ()));
    let (_, body) = section(&doc, id);
    let mut tx = doc.transaction();
    tx.mark(&body, Mark::new("bold".into(), true, 0, 4), ExpandMark::Both).unwrap();
    tx.commit();
    edit(&mut doc, 3, |editor| edit_section(editor, id, "bolder \u{1F600}words").map(|_| ()));
    assert_eq!(spread(&blame(&doc, None), id, BlameField::Body), naive(&doc, &body));
    assert_eq!(section(&doc, id).0, "bolder \u{1F600}words");
    // A mark whose value reads like the text that follows it.
    let mut tx = doc.transaction();
    tx.mark(&body, Mark::new("note".into(), "bo", 0, 6), ExpandMark::None).unwrap();
    tx.mark(&body, Mark::new("link".into(), "o", 1, 2), ExpandMark::After).unwrap();
    tx.commit();
    assert_eq!(spread(&blame(&doc, None), id, BlameField::Body), naive(&doc, &body));
    // An element of several scalars: only a foreign program inserts one.
    let mut tx = doc.transaction();
    tx.insert(&body, 0, "xyz").unwrap();
    tx.commit();
    let text = section(&doc, id).0;
    assert_eq!(text, "xyzbolder \u{1F600}words");
    let spans = spread(&blame(&doc, None), id, BlameField::Body);
    assert_eq!(spans.len(), text.chars().count());
    assert!(spans[..3].iter().all(|change| *change == spans[0]) && spans[3] != spans[0]);
    edit(&mut doc, 4, |editor| edit_section(editor, id, "xbolder \u{1F600}words").map(|_| ()));
    assert_eq!(section(&doc, id).0, "xbolder \u{1F600}words");
}

#[test]
fn an_older_version_has_its_own_words_and_authors() {
    let mut doc = example();
    let heads: Vec<ChangeHash> =
        doc.get_heads().iter().map(|head| ChangeHash::from_bytes(head.0)).collect();
    let (content, spans) = (ContractContent::read(&doc), blame(&doc, None));
    import(&mut doc, 2, &content.text().replace("meal", "dinner").replace("Rules", "Our rules"));
    assert_ne!(ContractContent::read(&doc), content);
    assert_eq!(ContractContent::read_at(&doc, &heads), content);
    assert_eq!(blame(&doc, Some(&heads)), spans);
    let unknown = ChangeHash::from_bytes([7; 32]);
    assert_eq!(ContractContent::read_at(&doc, &[unknown]), ContractContent::default());
    assert!(blame(&doc, Some(&[unknown])).is_empty());
}

/// A title of 96 000 scalars that 160 people wrote in 8 000 changes.
fn long_history() -> Automerge {
    let base = base();
    let (_, title) = base.get(ROOT, schema::TITLE).unwrap().unwrap();
    let mut all = base.clone();
    for person in 1..=160u8 {
        let mut doc = base.clone().with_actor(ActorId::from([person; 16]));
        for change in 0..50usize {
            let at = change * 7_919 % (doc.length(&title) + 1);
            let mut tx = doc.transaction();
            tx.splice_text(&title, at, 0, "twelve scal.").unwrap();
            tx.commit();
        }
        all.apply_changes(doc.get_changes(&base.get_heads())).unwrap();
    }
    all
}

#[test]
fn a_long_history_is_blamed_scalar_by_scalar() {
    let mut doc = long_history();
    let (_, title) = doc.get(ROOT, schema::TITLE).unwrap().unwrap();
    assert_eq!(doc.text(&title).unwrap().chars().count(), 96_000);
    let spans = blame(&doc, None);
    assert_eq!(spans.last().unwrap().to, 96_000);
    assert!(spans.len() > 8_000);
    // Marks whose values read like text take nobody's words.
    let mut tx = doc.transaction();
    for at in [0, 1, 40_000, 95_990] {
        tx.mark(&title, Mark::new("link".into(), "tw", at, at + 2), ExpandMark::None).unwrap();
    }
    tx.commit();
    assert_eq!(blame(&doc, None), spans);
}

/// A sentence with some of its scalars dropped and others put between them.
fn edited(text: &str, edits: &[(usize, bool, String)]) -> String {
    let mut chars: Vec<String> = text.chars().map(String::from).collect();
    for (at, drop, insert) in edits {
        let at = at % (chars.len() + 1);
        if *drop && at < chars.len() {
            chars.remove(at);
        }
        chars.insert(at, insert.clone());
    }
    chars.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn concurrent_edits_keep_every_insertion_and_its_author(
        start in "[a-c\u{1F600}]{4,20}",
        edits in prop::collection::vec(
            prop::collection::vec((0usize..40, any::<bool>()), 1..6), 3..=3
        ),
    ) {
        // Each of the three inserts letters of their own, so that the text itself tells the truth.
        let own = ["xX\u{1F468}", "yY\u{e9}", "zZ\u{4e00}"];
        let targets: Vec<String> = edits
            .iter()
            .zip(own)
            .map(|(places, letters)| {
                let edits: Vec<_> = places
                    .iter()
                    .enumerate()
                    .map(|(i, (at, drop))| {
                        (*at, *drop, letters.chars().nth(i % 3).unwrap().to_string())
                    })
                    .collect();
                edited(&start, &edits)
            })
            .collect();
        let (text, authors) = together(&start, [&targets[0], &targets[1], &targets[2]]);
        for (who, letters) in own.iter().enumerate() {
            let theirs = |text: &str| -> String {
                text.chars().filter(|c| letters.contains(*c)).collect()
            };
            prop_assert_eq!(theirs(&text), theirs(&targets[who]));
            for (scalar, author) in text.chars().zip(&authors) {
                prop_assert_eq!(letters.contains(scalar), *author == Some(who));
            }
        }
    }

    #[test]
    fn blame_is_that_of_the_naive_reference(
        texts in prop::collection::vec(("[a-c \u{1F600}\u{301}]{0,30}", 1u8..5), 1..8),
    ) {
        let mut doc = example();
        let id = ContractContent::read(&doc).find_section("rules").unwrap().id;
        for (text, actor) in &texts {
            edit(&mut doc, *actor, |editor| edit_section(editor, id, text).map(|_| ()));
        }
        let (_, body) = section(&doc, id);
        prop_assert_eq!(spread(&blame(&doc, None), id, BlameField::Body), naive(&doc, &body));
    }
}
