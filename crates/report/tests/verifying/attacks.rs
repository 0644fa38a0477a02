//! Bundles by somebody who controls all of the file but members' keys, and makes figures, tables
//! and checksum anew so that they fit: what is caught, and of what passes, where it is listed.

use copact_core::change::Withheld;
use copact_core::codec;
use copact_core::entry::{Beneficiary, Record};
use copact_core::envelope::{Content, Verified, Wire};
use copact_core::keys::{DeviceSecret, KnownKeys, Purpose};
use copact_core::ledger::Ledger;
use copact_core::proposal::{Matter, Proposal};
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_report::bundle::{Bundle, Countersign, Form, Part};
use copact_report::verify::Verdict;
use copact_tests::decisions::decide;
use copact_tests::group::{dispute, first_day, meet, people, text, work};
use copact_tests::person::Person;

use super::{bundle, verdict};

mod costs;
mod signing;
mod told;

/// Three with a contract that the first two wrote and all signed, and work that the third disputes.
pub(crate) fn yard() -> [Person; 3] {
    let mut all = people::<3>();
    all[0].write_contract(
        "# Yard\n\n## Who {#identity}\n\nNeighbours of the yard.\n\n## What for {#purpose}\n\nTo \
         share tools.\n",
    );
    meet(&mut all.each_mut());
    let content = Views::of(&all[1].ledger).contract_content(None);
    let last = content.sections.last().unwrap();
    all[1].write_section(last.id, &format!("{}\n\nAnd to keep it quiet after nine.", last.body));
    meet(&mut all.each_mut());
    let proposal = Proposal::new(Matter::Ratify(all[0].draft().unwrap()));
    decide(&mut all.each_mut(), &proposal);
    let done = all[0].entry(work(600, Beneficiary::Group, first_day()));
    all[2].entry(Record::Note(text(9)));
    meet(&mut all.each_mut());
    all[1].entry(Record::Confirm(done));
    all[2].entry(dispute(done));
    meet(&mut all.each_mut());
    all
}

pub(crate) fn code(verdict: &Verdict) -> &'static str {
    verdict.first_failure.as_ref().map_or("passes", |first| first.code)
}

pub(crate) fn unproven(verdict: &Verdict) -> Vec<&'static str> {
    verdict.unproven.iter().map(|one| one.code).collect()
}

/// The envelope that a row is.
pub(crate) fn envelope(row: &copact_report::bundle::Row) -> Verified {
    match &row.part {
        Part::Body { salt, body } => {
            let (header, body) = (row.header.clone(), body.clone());
            let wire = Wire { header, signature: row.signature, salt: *salt, body };
            wire.parse().unwrap().verify().unwrap()
        }
        Part::Withheld(withheld) => Verified::with_withheld_body(
            &row.header,
            row.signature,
            withheld.clone(),
            &mut KnownKeys::default(),
        )
        .unwrap(),
    }
}

pub(crate) fn ledger(bundle: &Bundle) -> Ledger {
    Ledger::of(bundle.rows.iter().map(envelope)).unwrap()
}

/// With the figures that follow from what is in it now.
pub(crate) fn fitted(mut bundle: Bundle) -> Bundle {
    let ledger = ledger(&bundle);
    let views = Views::of(&ledger);
    let facts = Facts::told(&views, &bundle.tables).unwrap();
    let window = Window::new(bundle.from, bundle.to).unwrap();
    let rules = RuleSet::parse(&bundle.rules).unwrap();
    let report = Report::of(&views, &facts, window, &rules);
    bundle.figures = serde_json::to_string(&report).unwrap();
    bundle
}

/// With a member's signature of it as it is.
pub(crate) fn signed(mut bundle: Bundle, by: &DeviceSecret) -> Bundle {
    let claim = bundle.claim(ledger(&bundle).frontier().digest());
    let signature = by.sign(Purpose::Report, claim.hash().as_bytes());
    bundle.signatures.push(Countersign::Signed { device: by.public(), signature });
    bundle
}

/// The row with such a content.
pub(crate) fn row_of(bundle: &Bundle, is: impl Fn(&Content) -> bool) -> usize {
    bundle.rows.iter().position(|row| is(envelope(row).content())).unwrap()
}

fn is_dispute(content: &Content) -> bool {
    matches!(content, Content::Entry(entry) if matches!(entry.record, Record::Dispute { .. }))
}

/// Breaks when: a body that figures need is withheld as a note, and that is neither the word of
/// those who signed nor listed.
#[test]
fn a_dispute_that_is_withheld_is_the_word_of_the_signers_and_listed() {
    let all = yard();
    let whole = signed(bundle(&all[0].ledger, Form::Sealed), &all[1].device.secret);
    let honest = verdict(&whole);
    assert_eq!((code(&honest), honest.signed_by), ("passes", 1));
    assert_eq!(honest.report.unwrap().completeness.disputed_minutes, 600);
    for stands in [
        Withheld::Entry { void: false },
        Withheld::Entry { void: true },
        Withheld::Change { void: false },
        Withheld::Change { void: true },
    ] {
        let mut altered = whole.clone();
        let at = row_of(&altered, is_dispute);
        altered.rows[at].part = Part::Withheld(stands);
        let altered = fitted(altered);
        assert_eq!(code(&verdict(&altered)), "report_signature");
        let verdict = verdict(&Bundle { signatures: Vec::new(), ..altered });
        assert_eq!((code(&verdict), verdict.signed_by), ("passes", 0));
        let told = verdict.unproven.iter().find(|one| one.code == "withheld").unwrap();
        assert!(told.text.contains("a dispute") && told.text.contains("whoever made the file"));
        // Two changes or more, the note, and now this.
        let many = whole.rows.iter().filter(|row| matches!(row.part, Part::Withheld(_))).count();
        assert!(told.text.contains(&format!("What {} withheld", many + 1)), "{}", told.text);
        assert_eq!(verdict.report.unwrap().completeness.disputed_minutes, 0);
    }
}

/// Breaks when: a body is withheld as what it cannot be, by its length that its author signed.
#[test]
fn a_leave_cannot_be_withheld_nor_a_long_body_as_a_note() {
    let mut all = yard();
    all[2].act(copact_core::act::Act::Leave);
    meet(&mut all.each_mut());
    let whole = bundle(&all[0].ledger, Form::Sealed);
    let leave = row_of(&whole, |one| matches!(one, Content::Act(copact_core::act::Act::Leave)));
    let change = row_of(&whole, |one| matches!(one, Content::Withheld(Withheld::Passed { .. })));
    let long = Withheld::Entry { void: false };
    let short = [long.clone(), Withheld::Change { void: true }, Withheld::Change { void: false }];
    let cases = short.into_iter().map(|stands| (leave, stands)).chain([(change, long)]);
    for (at, stands) in cases {
        let mut altered = whole.clone();
        altered.rows[at].part = Part::Withheld(stands);
        assert_eq!(code(&verdict(&altered)), "withheld");
    }
}

/// Breaks when: a sealed bundle shows the text and its figures follow from a table beside it; or
/// whatever else its form does not have is in it, for people to read under a PASS.
#[test]
fn nothing_stands_beside_what_was_verified() {
    let all = yard();
    let (sealed, audit) =
        (bundle(&all[0].ledger, Form::Sealed), bundle(&all[0].ledger, Form::Audit));
    assert_eq!((code(&verdict(&sealed)), code(&verdict(&audit))), ("passes", "passes"));
    let shown = Bundle { rows: audit.rows.clone(), ..sealed.clone() };
    assert_eq!(code(&verdict(&fitted(shown))), "withheld");
    for at in 0..sealed.rows.len() {
        if matches!(sealed.rows[at].part, Part::Withheld(_)) {
            let mut shown = sealed.clone();
            shown.rows[at] = audit.rows[at].clone();
            assert_eq!(code(&verdict(&shown)), "withheld", "row {at}");
        }
    }
    let text = copact_core::side::SideText {
        salt: copact_core::ids::Salt::from_bytes([1; 16]),
        text: copact_core::text::FreeText::new("We met every day.").unwrap(),
    };
    let statement = copact_core::profile::Statement {
        author: all[0].device.key(),
        about: None,
        after: None,
        name: copact_core::text::Name::new("Ann").unwrap(),
        picture: None,
        endpoint: None,
    };
    let forged = copact_core::profile::Profile {
        statement: statement.clone(),
        signature: sealed.rows[0].signature,
    };
    let own = copact_core::profile::Profile::sign(statement, &all[0].device.secret);
    let with = |bundle: &Bundle, change: &dyn Fn(&mut Bundle)| {
        let mut altered = bundle.clone();
        change(&mut altered);
        code(&verdict(&altered))
    };
    assert_eq!(with(&sealed, &|one| one.texts.push(text.clone())), "form");
    assert_eq!(with(&sealed, &|one| one.profiles.push(own.clone())), "form");
    assert_eq!(with(&audit, &|one| one.tables = sealed.tables.clone()), "form");
    assert_eq!(with(&audit, &|one| one.texts.push(text.clone())), "text");
    assert_eq!(with(&audit, &|one| one.profiles.push(forged.clone())), "profile");
    assert_eq!(with(&audit, &|one| one.profiles.push(own.clone())), "passes");
}

/// Breaks when: rows in another order, or one twice, are the same claim or pass unseen.
#[test]
fn rows_in_another_order_are_another_claim_and_twice_is_none() {
    let all = yard();
    let whole = signed(bundle(&all[0].ledger, Form::Sealed), &all[1].device.secret);
    let mut twice = whole.clone();
    twice.rows.push(twice.rows[1].clone());
    assert_eq!(code(&verdict(&twice)), "row_twice");
    let mut moved = whole.clone();
    let from = row_of(&moved, |one| matches!(one, Content::Withheld(Withheld::Entry { .. })));
    let row = moved.rows.remove(from);
    moved.rows.insert(1, row);
    assert_ne!(moved.told(), [0; 32]);
    assert_eq!(codec::encode(&moved.rows).len(), codec::encode(&whole.rows).len());
    // The note builds on the contract, so that it cannot stand before it.
    assert_eq!(code(&verdict(&moved)), "missing_row");
}
