//! What no verification can show, stated each time.

use copact_core::change::Withheld;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
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

/// What the report itself warns of, that outsiders could have shown or that shows a copied key.
const WARNED: [&str; 3] = ["time_unproven", "time_partly_unproven", "people_unproven"];

pub(super) fn of(
    bundle: &Bundle,
    rules: &RuleSet,
    report: &Report,
    signers: usize,
) -> Vec<Unproven> {
    let mut all = Vec::new();
    let mut say = |code, text: String| all.push(Unproven { code, text });
    let heads = report.completeness.heads;
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
    let whose = if signers == 0 { "whoever made the file" } else { "those who signed the report" };
    for (code, text) in withheld(bundle, whose) {
        say(code, text);
    }
    if RuleSet::minimum().map(RuleSet::hash) != Ok(rules.hash()) {
        let text = format!(
            "That {} asks what you would ask: its rules are not the ones that copact has built in. \
             They are in the file; their hash is {}.",
            rules.name(),
            rules.hash()
        );
        say("rules", text);
    }
    outsiders(report, &mut say);
    let forked = report.completeness.forked;
    if forked > 0 {
        let text = format!(
            "That one person used each device: of {forked}, two records stand side by side, which \
             a restored backup does, and a copied key."
        );
        say("forked", text);
    }
    let text = "That the members are not all in league: a group in which everybody colludes, or \
                one person with many keys, cannot be told from a real one without outsiders.";
    say("collusion", text.to_owned());
    all
}

/// What is the word of somebody in a sealed bundle.
fn withheld(bundle: &Bundle, whose: &str) -> Vec<(&'static str, String)> {
    if bundle.form != Form::Sealed {
        return Vec::new();
    }
    let mut all = Vec::new();
    if !bundle.tables.is_empty() {
        let text = format!(
            "Who wrote how much of the contract, what sections and goals it has, and which of the \
             versions that members signed has another in it: its text is withheld, and the tables \
             in place of it are the word of {whose}."
        );
        all.push(("authorship", text));
    }
    let (mut entries, mut changes, mut void) = (0_usize, 0_usize, 0_usize);
    for row in &bundle.rows {
        match &row.part {
            Part::Withheld(Withheld::Entry { void: true } | Withheld::Change { void: true }) => {
                void += 1;
            }
            Part::Withheld(Withheld::Entry { .. }) => entries += 1,
            Part::Withheld(_) => changes += 1,
            Part::Body { .. } => {}
        }
    }
    let sum = entries + changes + void;
    if sum > 0 {
        let text = format!(
            "What {sum} withheld bodies say. That {entries} are notes or permissions, {changes} \
             changes to a text and {void} void is the word of {whose}; a dispute, a correction, a \
             removal or a no among them would be in no figure."
        );
        all.push(("withheld", text));
    }
    all
}

fn outsiders(report: &Report, say: &mut impl FnMut(&'static str, String)) {
    for warning in report.warnings.iter().filter(|one| WARNED.contains(&one.code)) {
        say(warning.code, warning.text.clone());
    }
    let outsiders = report.anchors.iter().filter(|one| matches!(one.kind, "seen" | "number"));
    let keys: std::collections::BTreeSet<String> =
        outsiders.map(|one| one.key.to_string()).collect();
    if !keys.is_empty() {
        let keys = keys.into_iter().collect::<Vec<String>>().join(", ");
        let text = format!(
            "That who signed as an outsider is one: anybody can make a key. Compare it with what \
             they publish: {keys}."
        );
        say("outsiders", text);
    }
}
