//! Who wrote the contract, and who signs it.

use copact_core::change::Origin;
use copact_core::contract;
use copact_core::entry::Record;
use copact_core::ids::PartId;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::views::Views;
use copact_tests::group::{assist, meet, people};
use copact_tests::person::Person;

use crate::{adopt, seen, share, warned};

const BODY: &str = "We look after the yard and share its tools.";
/// Its scalars that are no white space.
const COUNTED: u64 = 35;

fn written() -> ([Person; 3], PartId) {
    let mut all = people::<3>();
    all[0].write_contract(&format!("# Yard\n\n## What for {{#purpose}}\n\n{BODY}\n"));
    meet(&mut all.each_mut());
    let content = Views::of(&all[0].ledger).contract_content(None);
    (all, content.sections[0].id)
}

/// Scalars of each member, highest first.
fn authors(person: &Person) -> Vec<u64> {
    let facts = copact_evidence::facts::Facts::of(&Views::of(&person.ledger));
    let text = facts.texts.values().next().unwrap();
    let mut all: Vec<u64> = text.written.values().copied().collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    all
}

/// Breaks when: what nobody sees makes an author: white space, joiners, marks of direction.
#[test]
fn invisible_characters_are_authorship() {
    let (mut all, section) = written();
    let unseen = "\u{200b}\u{200d}\u{2060}\u{00ad}\u{feff}\u{2063}\u{180e}\u{3164}";
    let padding =
        format!("{BODY}{}{}", unseen.repeat(12), " \t\u{00a0}\u{3000}\u{2009}".repeat(12));
    all[1].write_section(section, &padding);
    meet(&mut all.each_mut());
    adopt(&mut all.each_mut());
    let report = seen(&all[2]);
    assert_eq!(authors(&all[2]), [COUNTED]);
    assert_eq!((share(&report, "C1"), report.pictures.wrote), ((1, 3), 1));
    assert_eq!(report.pictures.authorship.unwrap().counted, COUNTED);
}

/// Breaks when: who pastes a text again takes it from its author.
#[test]
fn a_text_is_pasted_again() {
    let (mut all, section) = written();
    assert!(all[1].write_section(section, BODY).is_empty(), "nothing is different");
    let again = format!("# Yard\n\n## What for {{#purpose}}\n\n{BODY}!\n");
    assert!(!all[1].write_contract(&again).is_empty());
    meet(&mut all.each_mut());
    adopt(&mut all.each_mut());
    assert_eq!(authors(&all[2]), [COUNTED, 1]);
    assert_eq!(share(&seen(&all[2]), "C1"), (1, 3));
}

/// Breaks when: words that a helper wrote for those whom they help are these people's before
/// another says so, or the helper's own.
#[test]
fn one_helper_writes_for_everybody() {
    let (mut all, section) = written();
    let elders = [1, 2].map(|nonce| assist(&mut all[0], nonce));
    let mut lines = BODY.to_owned();
    let mut changes = Vec::new();
    for (elder, more) in elders.into_iter().zip(["Elders have a key too.", "Quiet after nine."]) {
        lines = format!("{lines}\n\n{more}");
        changes.extend(all[0].edit(Origin::For(elder), |editor| {
            contract::edit_section(editor, section, &lines).map(drop)
        }));
    }
    for change in &changes {
        all[0].entry(Record::Confirm(*change));
        for elder in elders {
            all[0].entry_for(elder, Record::Confirm(*change));
        }
    }
    meet(&mut all.each_mut());
    adopt(&mut all.each_mut());
    assert_eq!(authors(&all[2]), [COUNTED]);
    let report = seen(&all[2]);
    let others = report.pictures.authorship.unwrap().others;
    assert!(others > 30, "{others}");
    assert_eq!((share(&report, "C1").0, warned(&report, "text_of_others").unwrap().0), (1, others));
    for change in changes {
        all[1].entry(Record::Confirm(change));
    }
    assert_eq!(authors(&all[1]).len(), 3);
    assert_eq!(warned(&seen(&all[1]), "text_of_others"), None);
}

/// Breaks when: what a helper signs for somebody is a signature before another says so.
#[test]
fn one_helper_signs_for_everybody() {
    let (mut all, _) = written();
    let elders = [1, 2].map(|nonce| assist(&mut all[0], nonce));
    meet(&mut all.each_mut());
    let proposal = Proposal::new(Matter::Ratify(all[0].draft().unwrap()));
    let yes = elders.map(|elder| all[0].answer_for(Some(elder), &proposal, AnswerWord::Yes));
    for one in yes {
        all[0].act(copact_core::act::Act::Confirm { act: one });
    }
    adopt(&mut all.each_mut());
    let report = seen(&all[2]);
    assert_eq!((share(&report, "C4"), share(&report, "C6")), ((3, 5), (3, 5)));
    for one in yes {
        all[1].act(copact_core::act::Act::Confirm { act: one });
    }
    assert_eq!(share(&seen(&all[1]), "C6"), (5, 5));
}
