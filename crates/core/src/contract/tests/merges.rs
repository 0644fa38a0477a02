//! What concurrent edits of several people come to.

use automerge::{Automerge, Change};

use crate::contract::samples::{edit, example, import};
use crate::contract::*;

/// Each person edits the same state; the documents that two devices have after taking in all
/// changes, one in each order.
fn merged(doc: &Automerge, texts: &[String]) -> (Automerge, Automerge) {
    let made: Vec<Vec<Change>> = texts
        .iter()
        .zip(2u8..)
        .map(|(text, actor)| {
            let changes = import(&mut doc.clone(), actor, text);
            changes.into_iter().map(|bytes| Change::from_bytes(bytes).unwrap()).collect()
        })
        .collect();
    let (mut there, mut back) = (doc.clone(), doc.clone());
    for changes in &made {
        there.apply_changes(changes.clone()).unwrap();
    }
    for changes in made.iter().rev() {
        back.apply_changes(changes.clone()).unwrap();
    }
    (there, back)
}

fn headings(doc: &Automerge) -> Vec<String> {
    ContractContent::read(doc).sections.into_iter().map(|section| section.heading).collect()
}

#[test]
fn sections_put_in_one_place_at_once_all_stay_there() {
    let doc = example();
    let text = ContractContent::read(&doc).text();
    let with = |heading: &str| {
        text.replace("\n## Rules", &format!("\n## {heading} {{#other}}\nYes.\n\n## Rules"))
    };
    // The later person's id is higher, so that the order is theirs on every device.
    let (there, back) = merged(&doc, &[with("Fun"), with("Food")]);
    let expected = ["Who we are", "Purpose", "Principles", "Fun", "Food", "Rules", "Goals"];
    assert_eq!(headings(&there), expected);
    assert_eq!(ContractContent::read(&there), ContractContent::read(&back));
    // There is no room between the two, and still something can be put there.
    let mut doc = there;
    let text = ContractContent::read(&doc).text();
    let text = text.replace("\n## Food", "\n## Games {#other}\n\n## Food");
    import(&mut doc, 4, &text);
    let expected =
        ["Who we are", "Purpose", "Principles", "Fun", "Games", "Food", "Rules", "Goals"];
    assert_eq!(headings(&doc), expected);
    assert_eq!(ContractContent::read(&doc).text(), text);
}

#[test]
fn a_section_deleted_while_others_write_in_it_is_gone_and_nothing_breaks() {
    let doc = example();
    let text = ContractContent::read(&doc).text();
    let (head, rest) = text.split_once("\n## Purpose").unwrap();
    let (_, rest) = rest.split_once("\n## Principles").unwrap();
    let without = format!("{head}\n## Principles{rest}");
    let edited = text.replace("No one in our streets", "Nobody");
    let (there, back) = merged(&doc, &[without, edited.clone()]);
    assert_eq!(headings(&there), ["Who we are", "Principles", "Rules", "Goals"]);
    assert_eq!(ContractContent::read(&there), ContractContent::read(&back));
    assert_eq!(blame(&there, None), blame(&back, None));
    let mut doc = there;
    import(&mut doc, 4, &edited);
    assert_eq!(ContractContent::read(&doc).text(), edited);
}

#[test]
fn people_in_different_sentences_do_not_meet() {
    let doc = example();
    let text = ContractContent::read(&doc).text();
    let texts = [
        text.replace("Some of us are neighbours", "Most of us are neighbours"),
        text.replace("two of us work", "three of us work"),
        text.replace("one\nteaches", "one\ncooks"),
        text.replace("- [ ] A shared", "- [x] A shared"),
        text.replace("- [ ] A shared", "- [-] A shared"),
    ];
    let (there, back) = merged(&doc, &texts[..3]);
    let all = text
        .replace("Some of us are neighbours", "Most of us are neighbours")
        .replace("two of us work", "three of us work")
        .replace("one\nteaches", "one\ncooks");
    assert_eq!(ContractContent::read(&there).text(), all);
    assert_eq!(ContractContent::read(&back).text(), all);
    // Two who say different things of one goal: one of them, the same on all devices.
    let (there, back) = merged(&doc, &texts[3..]);
    let state = ContractContent::read(&there).goals[1].state;
    assert_ne!(state, crate::entry::GoalState::Open);
    assert_eq!(ContractContent::read(&back).goals[1].state, state);
}

#[test]
fn changes_of_one_person_build_on_each_other_without_the_others() {
    let mut doc = example();
    let section = ContractContent::read(&doc).sections.swap_remove(0);
    let (id, body) = (section.id, section.body);
    let write = |doc: &mut Automerge, actor: u8, text: String| {
        edit(doc, actor, |editor| edit_section(editor, id, &text).map(|_| ()))
    };
    let mut other = doc.clone();
    let mut changes = write(&mut doc, 2, format!("{body} One"));
    write(&mut other, 3, format!("Two {body}"));
    changes.extend(write(&mut doc, 2, format!("{body} One more")));
    let read = |bytes: &Vec<u8>| Change::from_bytes(bytes.clone()).unwrap();
    let changes: Vec<Change> = changes.iter().map(read).collect();
    assert_eq!(changes[1].deps(), [changes[0].hash()]);
    assert_eq!((changes[0].seq(), changes[1].seq()), (1, 2));
    other.apply_changes(changes).unwrap();
    assert_eq!(ContractContent::read(&other).sections[0].body, format!("Two {body} One more"));
}
