//! Making a bundle from a ledger.

use std::collections::BTreeMap;

use copact_core::change::Withheld;
use copact_core::entry::Record;
use copact_core::envelope::Content;
use copact_core::ids::ChangeHash;
use copact_core::ledger::{Ledger, Place, Placed};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;

use super::{Bundle, Form, Part, Row};

/// What a bundle is made of beside the ledger.
#[derive(Clone, Debug)]
pub struct Making<'a> {
    /// How much of it goes out.
    pub form: Form,
    /// The window.
    pub window: Window,
    /// The rules.
    pub rules: &'a RuleSet,
    /// Free texts, for an audit.
    pub texts: Vec<SideText>,
    /// Names, for an audit.
    pub profiles: Vec<Profile>,
}

/// A bundle of all that a ledger has, without signatures of the claim. The same on every device
/// that has the same ledger.
///
/// # Errors
/// The report cannot be written as JSON.
pub fn made_of(ledger: &Ledger, making: Making<'_>) -> Result<Bundle, serde_json::Error> {
    let views = Views::of(ledger);
    let facts = Facts::of(&views);
    let Making { form, window, rules, texts, profiles } = making;
    let report = Report::of(&views, &facts, window, rules);
    let changes = ledger.contract_changes();
    let row = |place: Place| ledger.at(place).map(|at| row(form, place, at, &changes));
    let sealed = form == Form::Sealed;
    // What came since, and what was signed by nobody of the group, is not of this ledger.
    let named = ledger.named_texts();
    let texts = texts.into_iter().filter(|one| named.contains(&one.hash()));
    let profiles = profiles.into_iter().filter(|one| is_theirs(&views, one));
    Ok(Bundle {
        form,
        from: window.from,
        to: window.to,
        rules: rules.text().to_owned(),
        rows: ledger.in_order().into_iter().filter_map(row).collect(),
        tables: if sealed { facts.tables() } else { Vec::new() },
        figures: serde_json::to_string(&report)?,
        signatures: Vec::new(),
        texts: if sealed { Vec::new() } else { texts.collect() },
        profiles: if sealed { Vec::new() } else { profiles.collect() },
    })
}

/// Whether a record of a name was signed by whoever may, and was not erased.
pub(crate) fn is_theirs(views: &Views<'_>, profile: &Profile) -> bool {
    profile.check().is_ok() && views.ledger.profile_lives(&views.standing, profile)
}

fn row(
    form: Form,
    place: Place,
    at: &Placed,
    changes: &BTreeMap<Place, (ChangeHash, Vec<ChangeHash>)>,
) -> Row {
    let wire = at.envelope().wire();
    let withheld = (form == Form::Sealed).then(|| withheld(place, at, changes)).flatten();
    let part = match withheld {
        Some(withheld) => Part::Withheld(withheld),
        None => Part::Body { salt: wire.salt, body: wire.body },
    };
    Row { header: wire.header, signature: wire.signature, part }
}

/// What no figure needs: free words, and what members permit; and the contract's words, of which a
/// table is given.
fn withheld(
    place: Place,
    at: &Placed,
    changes: &BTreeMap<Place, (ChangeHash, Vec<ChangeHash>)>,
) -> Option<Withheld> {
    match at.envelope().content() {
        Content::Change(_) => Some(match changes.get(&place) {
            Some((hash, deps)) => Withheld::Passed { hash: *hash, deps: deps.clone() },
            None => Withheld::Change { void: at.void().is_some() },
        }),
        Content::Entry(entry) => {
            let free = matches!(entry.record, Record::Note(_) | Record::Permission { .. });
            free.then_some(Withheld::Entry { void: at.void().is_some() })
        }
        Content::Act(_) => None,
        Content::Withheld(withheld) => Some(withheld.clone()),
    }
}
