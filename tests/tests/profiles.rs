//! Names: whose record holds, and what an erasure forgets for good.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::{Act, Erased};
use copact_core::entry::{Entry, Record};
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::AnswerWord;
use copact_core::text::Name;
use copact_core::views::Views;
use copact_tests::group::{assist, first_day, meet, member, people, text, words};
use copact_tests::person::Person;

fn named(person: &Person, about: Option<MemberId>, name: &str) -> Profile {
    let after = person.device.last.map(|(_, id)| id);
    named_after(person, about, name, after)
}

fn named_after(
    person: &Person,
    about: Option<MemberId>,
    name: &str,
    after: Option<EnvelopeId>,
) -> Profile {
    let statement = Statement {
        author: person.device.key(),
        about,
        after,
        name: Name::new(name).unwrap(),
        picture: None,
        endpoint: None,
    };
    Profile::sign(statement, &person.device.secret)
}

/// The name that holds of a member, whatever the order of the records.
fn name(person: &Person, records: &[Profile], member: MemberId) -> Option<String> {
    let now = person.ledger.now();
    let shown = |records: &[Profile]| {
        let current = person.ledger.current_profiles(&now, records);
        current.get(&member).map(|one| one.statement.name.as_str().to_owned())
    };
    let mut backwards = records.to_vec();
    backwards.reverse();
    assert_eq!(shown(records), shown(&backwards));
    shown(records)
}

#[test]
fn the_record_after_the_newest_envelope_holds_whatever_the_clock_said() {
    let [mut ana, mut ben] = people();
    let me = member(&ana, 0);
    ana.day = copact_tests::group::day("2999-12-31");
    ana.entry(Record::Note(text(1)));
    let from_2999 = named(&ana, None, "Anna 2999");
    ana.day = first_day();
    ana.entry(Record::Note(text(1)));
    let newer = named(&ana, None, "Ana");
    ben.hear(&ana);
    assert_eq!(name(&ben, &[from_2999, newer], me).as_deref(), Some("Ana"));
}

#[test]
fn only_the_member_or_their_helper_writes_a_name() {
    let [mut ana, mut mal] = people();
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut mal]);
    let mut copy = mal.copy();
    copy.entry(Record::Note(text(1)));
    mal.hear(&copy);
    let records = [named(&mal, Some(elder), "Fool"), named(&mal, Some(member(&ana, 0)), "Fool")];
    assert_eq!(name(&mal, &records, elder), None);
    assert_eq!(name(&mal, &records, member(&ana, 0)), None);
    let right = named(&ana, Some(elder), "Elif");
    assert_eq!(name(&mal, std::slice::from_ref(&right), elder).as_deref(), Some("Elif"));
    let mut altered = right;
    altered.statement.name = Name::new("Fool").unwrap();
    assert!(altered.check().is_err());
}

#[test]
fn a_record_names_an_envelope_of_its_own_author() {
    let [mut ana, mut ben] = people();
    let me = member(&ana, 0);
    ana.entry(Record::Note(text(1)));
    let old = named(&ana, None, "Ana");
    for _ in 0..9 {
        ben.entry(Record::Note(text(1)));
    }
    ana.hear(&ben);
    // With somebody else's deep envelope it would stand before all that Ana says from now on.
    let deep = named_after(&ana, None, "For ever", ben.device.last.map(|(_, id)| id));
    assert_eq!(name(&ana, &[old, deep], me).as_deref(), Some("Ana"));
}

#[test]
fn an_erased_name_does_not_come_back_with_somebody_who_was_away() {
    let [mut ana, mut ben] = people();
    let me = member(&ana, 0);
    ana.entry(Record::Note(text(1)));
    let old = named(&ana, None, "Ana");
    let unknown = named_after(&ana, None, "Ana", Some(EnvelopeId::from_bytes([9; 32])));
    let before = ana.digest();
    ana.act(Act::Erase { what: Erased::Profile(me) });
    ben.hear(&ana);
    let never = named_after(&ana, None, "Ana", None);
    assert_eq!(name(&ben, &[old.clone(), unknown, never], me), None);
    assert!(!ben.ledger.profile_lives(&ben.ledger.now(), &old));
    let fresh = named(&ana, None, "A.");
    assert_eq!(name(&ben, &[old, fresh], me).as_deref(), Some("A."));
    // Names are in no digest.
    assert_eq!(before, ana.digest());
}

#[test]
fn nobody_else_erases_a_name_and_leaving_does_not_undo_an_erasure() {
    let [mut ana, mut mal] = people();
    let me = member(&ana, 0);
    ana.entry(Record::Note(text(1)));
    let own = named(&ana, None, "Ana");
    mal.hear(&ana);
    mal.act(Act::Erase { what: Erased::Profile(me) });
    assert_eq!(name(&mal, std::slice::from_ref(&own), me).as_deref(), Some("Ana"));
    ana.act(Act::Leave);
    ana.act(Act::Erase { what: Erased::Profile(me) });
    mal.hear(&ana);
    assert_eq!(name(&mal, &[own], me), None);
}

#[test]
fn a_text_is_erased_by_whose_entry_named_it_first_and_by_whom_it_is_about() {
    let [mut ana, mut mal, mut cem] = people();
    ana.entry(Record::Note(text(40)));
    let elder = assist(&mut ana, 1);
    meet(&mut [&mut ana, &mut mal, &mut cem]);
    cem.entry_for(elder, Record::Note(text(41)));
    meet(&mut [&mut ana, &mut mal, &mut cem]);
    let erase = |by: &mut Person, number: u8| {
        by.act(Act::Erase { what: Erased::Texts(vec![text(number)]) });
    };
    let erased = |person: &Person| person.ledger.erased_texts(&person.ledger.now());
    // Naming a text that one has read does not make it one's own.
    mal.entry(Record::Note(text(40)));
    erase(&mut mal, 40);
    erase(&mut mal, 41);
    ana.hear(&mal);
    assert!(erased(&ana).is_empty());
    erase(&mut ana, 40);
    // The helper of whom it is about.
    erase(&mut ana, 41);
    let all = erased(&ana);
    assert!(all.contains(&text(40)) && all.contains(&text(41)) && all.len() == 2);
    let backwards = copact_core::ledger::Ledger::of(ana.all().into_iter().rev()).unwrap();
    assert_eq!(backwards.erased_texts(&backwards.now()), all);
    assert_eq!(Views::of(&backwards).digest(), ana.digest());
}

#[test]
fn nobody_erases_what_others_wrote_by_naming_it_too() {
    let [mut ana, mut mal] = people();
    let founding = ana.ledger.group().founding();
    let name = match ana.ledger.get(founding).unwrap().act() {
        Some(Act::Found(found)) => found.name,
        _ => unreachable!("the founding act founds"),
    };
    ana.entry(Record::Note(text(40)));
    let proposal = words(41);
    let words = proposal.text().unwrap();
    ana.answer(&proposal, AnswerWord::Yes);
    mal.hear(&ana);
    // From an old past, so that none of these has Ana's in its own.
    for number in [name, text(40), words] {
        let note = Entry { on_behalf_of: None, record: Record::Note(number) };
        mal.device.begin_again(77);
        mal.write_on(Content::Entry(note), &[founding]);
        mal.act(Act::Erase { what: Erased::Texts(vec![number]) });
    }
    ana.hear(&mal);
    assert!(ana.ledger.erased_texts(&ana.ledger.now()).is_empty());
}
