//! What is told in place of words: tables, and which change builds on which. And rules.

use copact_core::change::Withheld;
use copact_core::ids::ChangeHash;
use copact_core::proposal::{Matter, Proposal};
use copact_core::views::Views;
use copact_evidence::rules::RuleSet;
use copact_report::bundle::{Bundle, Form, Part};
use copact_tests::decisions::decide;
use copact_tests::group::{meet, member};

use super::super::{bundle, verdict};
use super::{code, fitted, signed, unproven, yard};

/// Breaks when: a table makes an author of somebody who changed nothing, or of anybody of more than
/// their changes can hold; or a lie within that is not said to be somebody's word.
#[test]
fn a_table_credits_nobody_with_more_than_they_signed() {
    let all = yard();
    let whole = signed(bundle(&all[0].ledger, Form::Sealed), &all[1].device.secret);
    let [table] = whole.tables.as_slice() else { panic!("one version") };
    let moved = |from: usize, to: copact_core::ids::MemberId, much: u64| {
        let mut altered = whole.clone();
        let table = &mut altered.tables[0];
        let shares = std::iter::once(&mut table.written).chain(&mut table.clauses);
        for shares in shares {
            let giver = whole.tables[0].written[from].member;
            let Some(one) = shares.iter_mut().find(|one| one.member == giver) else { continue };
            let much = much.min(one.written);
            one.written -= much;
            match shares.iter_mut().find(|one| one.member == to) {
                Some(other) => other.written += much,
                None => {
                    shares.push(copact_evidence::text::table::Share { member: to, written: much });
                    shares.sort_by_key(|one| one.member);
                }
            }
        }
        altered
    };
    assert_eq!(table.written.len(), 2);
    let third = member(&all[0], 2);
    assert_eq!(code(&verdict(&fitted_table(moved(0, third, 1)))), "table");
    let mut more = whole.clone();
    more.tables[0].sections[0].counted += 100_000;
    assert_eq!(code(&verdict(&more)), "table");
    // Clauses are gone through one by one, so that all of one's scalars move.
    let other = table.written[1].member;
    let lie = fitted_table(moved(0, other, 1));
    assert_eq!(code(&verdict(&lie)), "report_signature");
    let verdict = verdict(&Bundle { signatures: Vec::new(), ..lie });
    assert_eq!(code(&verdict), "passes");
    let told = verdict.unproven.iter().find(|one| one.code == "authorship").unwrap();
    assert!(told.text.contains("the word of whoever made the file"), "{}", told.text);
}

/// With sums that are those of the clauses.
fn fitted_table(mut bundle: Bundle) -> Bundle {
    let table = &mut bundle.tables[0];
    for share in &mut table.written {
        let all = table.clauses.iter().flatten().filter(|one| one.member == share.member);
        share.written = all.map(|one| one.written).sum();
    }
    fitted(bundle)
}

/// Breaks when: whoever made the file chooses which adopted version is in another, and that is not
/// listed; or what a change builds on is more than its body holds.
#[test]
fn what_a_change_builds_on_is_the_word_of_the_signers_and_listed() {
    let mut all = yard();
    let content = Views::of(&all[0].ledger).contract_content(None);
    let first = content.sections[0].clone();
    all[0].write_section(first.id, &format!("{}\n\nAll of them.", first.body));
    meet(&mut all.each_mut());
    let second = Proposal::new(Matter::Ratify(all[0].draft().unwrap()));
    decide(&mut all.each_mut(), &second);
    let whole = signed(bundle(&all[0].ledger, Form::Sealed), &all[1].device.secret);
    assert_eq!((whole.tables.len(), code(&verdict(&whole))), (2, "passes"));
    let passed = |row: &copact_report::bundle::Row| {
        matches!(row.part, Part::Withheld(Withheld::Passed { .. }))
    };
    let at = whole.rows.iter().rposition(passed).unwrap();
    let before = whole.rows[..at].iter().rev().filter_map(|row| match &row.part {
        Part::Withheld(Withheld::Passed { deps, .. }) => Some(deps.clone()),
        _ => None,
    });
    let before: Vec<Vec<ChangeHash>> = before.collect();
    let on = |these: &[ChangeHash]| {
        let mut altered = whole.clone();
        if let Part::Withheld(Withheld::Passed { deps, .. }) = &mut altered.rows[at].part {
            *deps = these.to_vec();
        }
        altered
    };
    // As if it built on nothing, or not on what Ben wrote: neither version has the other in it. But
    // what it builds on must hold what its table says of people.
    assert_eq!(code(&verdict(&on(before.last().unwrap()))), "table");
    assert_eq!(code(&verdict(&on(&before[0]))), "table");
    let mut lie = on(&before[0]);
    let ben = member(&all[0], 1);
    for table in &mut lie.tables {
        let shares = std::iter::once(&mut table.written).chain(&mut table.clauses);
        shares.for_each(|shares| shares.retain(|one| one.member != ben));
    }
    let lie = fitted(lie);
    assert_eq!(code(&verdict(&lie)), "report_signature");
    let unsigned = verdict(&Bundle { signatures: Vec::new(), ..lie });
    assert_eq!(code(&unsigned), "passes");
    assert!(unproven(&unsigned).contains(&"authorship"));
    let mut many = whole.clone();
    if let Part::Withheld(Withheld::Passed { deps, .. }) = &mut many.rows[at].part {
        deps.extend((0..2_000_u16).map(|one| {
            let mut bytes = [7; 32];
            bytes[..2].copy_from_slice(&one.to_le_bytes());
            ChangeHash::from_bytes(bytes)
        }));
    }
    assert_eq!(code(&verdict(&many)), "withheld");
    let told = verdict(&whole).unproven;
    assert!(told.iter().any(|one| one.text.contains("which of the versions")), "{told:?}");
}

/// Breaks when: weaker rules go by the name of the built-in ones, or others are not told as such.
#[test]
fn rules_that_go_by_the_name_of_the_minimum_are_found_and_others_are_told() {
    let all = yard();
    let whole = bundle(&all[0].ledger, Form::Sealed);
    assert!(!unproven(&verdict(&whole)).contains(&"rules"));
    let minimum = RuleSet::minimum().unwrap();
    let weaker = minimum.text().replace("n >= 3", "n >= 1");
    assert_ne!(weaker, minimum.text());
    let same_name = fitted(Bundle { rules: weaker.clone(), ..whole.clone() });
    assert_eq!(code(&verdict(&same_name)), "rules");
    let own = weaker.replace("copro-min/1.0", "ours/1.0");
    let verdict = verdict(&fitted(Bundle { rules: own.clone(), ..whole }));
    assert_eq!(code(&verdict), "passes");
    let told = verdict.unproven.iter().find(|one| one.code == "rules").unwrap();
    assert!(told.text.contains("ours/1.0"), "{}", told.text);
    assert!(told.text.contains(RuleSet::parse(&own).unwrap().hash()));
}
