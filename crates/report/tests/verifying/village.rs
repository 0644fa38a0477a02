//! A small group with a meeting, work, a closed quarter and an outsider's anchor, and something
//! after each.

use copact_core::anchor::{Statement, Witnessed};
use copact_core::entry::Record;
use copact_core::ids::EnvelopeId;
use copact_core::keys::DeviceSecret;
use copact_core::ledger::Placed;
use copact_core::proposal::AnswerWord;
use copact_core::quarter::Quarter;
use copact_tests::decisions::quarter;
use copact_tests::group::{people, text};
use copact_tests::person::Person;

pub struct Village {
    pub people: [Person; 3],
    /// What the closing of the quarter names.
    pub closed: Vec<EnvelopeId>,
    /// What the outsider signed.
    pub anchored: Vec<EnvelopeId>,
}

fn meet(people: &mut [Person; 3]) {
    copact_tests::group::meet(&mut people.each_mut());
}

pub fn heads(person: &Person) -> Vec<EnvelopeId> {
    let ledger = &person.ledger;
    let mut heads: Vec<EnvelopeId> =
        ledger.heads().filter_map(|place| ledger.at(place)).map(Placed::id).collect();
    heads.sort_unstable();
    heads
}

fn meeting(people: &mut [Person; 3], title: u8) {
    let day = people[0].day;
    let record = Record::Meeting { day, title: text(title), headcount: None, imported: false };
    let meeting = people[0].entry(record);
    meet(people);
    for person in people.iter_mut() {
        person.entry(Record::Tap { meeting, code: None, imported: false });
    }
    meet(people);
}

pub fn anchor(group: copact_core::ids::GroupId, heads: Vec<EnvelopeId>) -> Record {
    let day = copact_tests::group::day("2026-03-20");
    let statement = Statement { witnessed: Witnessed::Seen { group, heads }, day, people: Some(3) };
    Record::Anchor(statement.sign(&DeviceSecret::from_bytes(&[77; 32])).unwrap())
}

pub fn village() -> Village {
    let mut people = people::<3>();
    meeting(&mut people, 3);
    people[1].entry(Record::Note(text(9)));
    meet(&mut people);
    let closed = heads(&people[0]);
    let proposal = quarter(Quarter::parse("2026-Q1").unwrap(), &closed);
    for person in &mut people {
        person.answer(&proposal, AnswerWord::Yes);
    }
    meet(&mut people);
    people[0].enact();
    meet(&mut people);
    let anchored = heads(&people[0]);
    let group = people[0].ledger.group();
    people[0].entry(anchor(group, anchored.clone()));
    meeting(&mut people, 4);
    // Two that nobody has seen yet.
    people[1].entry(Record::Note(text(5)));
    let record =
        Record::Meeting { day: people[2].day, title: text(6), headcount: Some(4), imported: false };
    people[2].entry(record);
    meet(&mut people);
    Village { people, closed, anchored }
}
