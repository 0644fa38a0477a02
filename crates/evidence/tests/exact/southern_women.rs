//! Eighteen women of Natchez at fourteen events (Davis, Gardner and Gardner, *Deep South*, 1941),
//! the figures of which the page gives.

use copact_core::act::Act;
use copact_core::entry::Record;
use copact_core::ids::{MemberId, Nonce};
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::figure::Value;
use copact_evidence::window::Window;
use copact_tests::group::{day, member, people, role, text};

use crate::hand::{figure, share};

/// Who was there, each woman a letter, by day.
const EVENTS: [(&str, &str); 14] = [
    ("1936-02-23", "fhlm"),
    ("1936-02-25", "abdegjoq"),
    ("1936-03-02", "ejq"),
    ("1936-03-15", "abdhjlopqr"),
    ("1936-04-07", "hiklpr"),
    ("1936-04-08", "cefiklmnopqr"),
    ("1936-04-12", "abegjq"),
    ("1936-05-19", "adegjlnq"),
    ("1936-06-10", "hiklp"),
    ("1936-06-27", "aej"),
    ("1936-08-03", "ilp"),
    ("1936-09-16", "acdeghijknopqr"),
    ("1936-09-26", "abeq"),
    ("1936-11-21", "ilp"),
];

/// Breaks when: who was taken over from a list is no member of that time, does join, or is
/// attested; or the importer was a member then.
#[test]
fn a_list_of_1936_gives_the_figures_of_the_page() {
    let [mut ana] = people();
    let first = day(EVENTS[0].0);
    let helper = member(&ana, 0);
    let women: Vec<MemberId> = (0..18)
        .map(|number| {
            let nonce = Nonce::from_bytes([number; 16]);
            let role = role("listed");
            let act = Act::Assist { helper, role, imported: Some(first), nonce };
            MemberId::brought_in_by(ana.act(act))
        })
        .collect();
    for (at, here) in EVENTS {
        let meeting =
            Record::Meeting { day: day(at), title: text(2), headcount: None, imported: true };
        let meeting = ana.entry(meeting);
        for woman in here.bytes().map(|letter| women[usize::from(letter - b'a')]) {
            ana.entry_for(woman, Record::Tap { meeting, code: None, imported: true });
        }
    }
    let facts = Facts::of(&Views::of(&ana.ledger));
    let window = Window::new(day("1936-02-23"), day("1936-11-21")).unwrap();
    assert_eq!(facts.count(window.to), 18);
    for (id, expected) in [("P1", (89, 252)), ("P2", (0, 89)), ("P3", (6, 18)), ("P6", (95, 153))] {
        assert_eq!(share(id, &facts, window), expected, "{id}");
    }
    let nobody = Some(Value::Joining { joined: 0, left: 0, net: 0 });
    assert_eq!(figure("J1", &facts, window).value, nobody);
    assert_eq!(facts.count(copact_tests::group::first_day()), 19, "Ana, ninety years on");
}
