//! Whether a table of authorship can be true of its version.
//!
//! The words are withheld, but the length of every body is signed, and each scalar of a text is at
//! least one byte of the change that brought it. So nobody wrote more than their changes hold.

use std::collections::BTreeMap;

use copact_core::change::DocumentId;
use copact_core::ids::MemberId;
use copact_core::ledger::{PersonIx, Place};
use copact_core::views::Views;
use copact_evidence::text::table::TextTable;

use super::{Failed, failed};
use crate::bundle::Bundle;

pub(super) fn check(bundle: &Bundle, views: &Views<'_>) -> Result<(), Failed> {
    bundle.tables.iter().try_for_each(|table| one(table, views))
}

fn one(table: &TextTable, views: &Views<'_>) -> Result<(), Failed> {
    let version = views.version_named(&table.version.to_string()).into_iter().next();
    // Which versions there are tables of is looked at next.
    let Some(version) = version else { return Ok(()) };
    let (mut all, mut by) = (0_u64, BTreeMap::<PersonIx, u64>::new());
    for change in views.ledger.version_changes(&version) {
        for place in views.ledger.carriers(DocumentId::Contract, change) {
            let bytes = length(views, *place);
            all = all.saturating_add(bytes);
            if let Some(author) = views.standing.author(*place) {
                let sum = by.entry(views.standing.goes_by(author)).or_default();
                *sum = sum.saturating_add(bytes);
            }
        }
    }
    let told = |what: String, most: u64, found: u64| {
        let place = format!("the authorship table of {}", table.version);
        let expected = format!("at most {most} characters {what}: the changes hold no more");
        Err(failed("table", place, expected, found.to_string()))
    };
    let counted = table.sections.iter().fold(0_u64, |sum, one| sum.saturating_add(one.counted));
    if counted > all {
        return told("in all".to_owned(), all, counted);
    }
    for share in &table.written {
        let most = theirs(views, share.member, &by);
        if share.written > most {
            return told(format!("by {}", share.member), most, share.written);
        }
    }
    Ok(())
}

fn length(views: &Views<'_>, place: Place) -> u64 {
    views.ledger.at(place).map_or(0, |at| at.envelope().header().body_len.into())
}

/// Their own changes, and those of whoever ever wrote down for them.
fn theirs(views: &Views<'_>, member: MemberId, by: &BTreeMap<PersonIx, u64>) -> u64 {
    let Some(person) = views.standing.person(member) else { return 0 };
    let helpers = views.standing.ever_helped(person);
    let person = views.standing.goes_by(person);
    let all = helpers.into_iter().filter(|one| *one != person).chain([person]);
    all.filter_map(|one| by.get(&one)).fold(0, |sum, one| sum.saturating_add(*one))
}
