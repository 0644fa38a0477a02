//! What no verification can show, stated each time.

use copact_core::ledger::Ledger;
use copact_evidence::report::Report;
use serde::Serialize;

use crate::bundle::{Bundle, Form, Part};

/// Something that remains unproven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unproven {
    /// For scripts, for example `completeness`.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
}

pub(super) fn of(
    bundle: &Bundle,
    ledger: &Ledger,
    report: &Report,
    signers: usize,
) -> Vec<Unproven> {
    let mut all = Vec::new();
    let mut say = |code, text: String| all.push(Unproven { code, text });
    let heads = ledger.heads().count();
    say(
        "completeness",
        format!(
            "That nothing was left out: signatures do not prove it. No row is missing on which \
             another builds; {heads} {} and could have been followed by more.",
            if heads == 1 { "row is the last" } else { "rows are the last of their kind" }
        ),
    );
    if signers < usize::try_from(report.n).unwrap_or(usize::MAX) {
        let text = format!("Signed by {signers} of {} members.", report.n);
        say("signatures", format!("That the members stand by this report. {text}"));
    }
    let withheld = bundle.rows.iter().filter(|row| matches!(row.part, Part::Withheld(_))).count();
    if bundle.form == Form::Sealed && withheld > 0 {
        let text = format!(
            "Who wrote how much of the contract: its text and {withheld} bodies are withheld, and \
             the table of authorship is the word of those who signed the report."
        );
        say("authorship", text);
    }
    for code in ["time_unproven", "people_unproven"] {
        if let Some(warning) = report.warnings.iter().find(|one| one.code == code) {
            say(code, warning.text.clone());
        }
    }
    let text = "That the members are not all in league: a group in which everybody colludes, or \
                one person with many keys, cannot be told from a real one without outsiders.";
    say("collusion", text.to_owned());
    all
}
