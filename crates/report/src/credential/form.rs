//! A credential as it is written and read, without its proof.

use copact_core::day::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) const TYPES: [&str; 2] = ["VerifiableCredential", "CopactParticipation"];
pub(super) const DESCRIPTION: &str = "What the record of a group on one device says of one member. It is signed by that device, which is the member's own or of somebody who signs for them: it proves who says so. Whether it is so can be recomputed from a report of the group over the same record (`ledger`).";
pub(super) const MEETINGS: &str = "meetings";
pub(super) const MINUTES: &str = "minutes";
pub(super) const MEMBER: &str = "urn:copact:member:";
pub(super) const GROUP: &str = "urn:copact:group:";
/// Days alone are told. Credentials want a time, so each gets the same one.
const MIDNIGHT: &str = "T00:00:00Z";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Credential {
    #[serde(rename = "@context")]
    pub(super) context: Value,
    pub(super) r#type: Vec<String>,
    pub(super) description: String,
    pub(super) issuer: Issuer,
    pub(super) valid_from: String,
    pub(super) credential_subject: Subject,
}

/// The key that signs, and the device's word for it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Issuer {
    pub(super) id: String,
    pub(super) device: String,
    pub(super) device_signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Subject {
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) group: String,
    pub(super) issued_by: By,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) ledger: String,
    pub(super) meetings_attended: Figure,
    pub(super) meetings_attested: Figure,
    pub(super) confirmed_work: Figure,
}

/// Whose device signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The member's own.
    Member,
    /// That of somebody who signs for them.
    Helper,
}

/// A number with its unit, or why there is none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Figure {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<u64>,
    pub(super) unit_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_computable: Option<String>,
}

impl Figure {
    pub(super) fn of(value: Option<u64>, unit: &str, why_not: &str) -> Self {
        let not_computable = value.is_none().then(|| why_not.to_owned());
        Self { value, unit_text: unit.to_owned(), not_computable }
    }
}

/// The words of W3C's credentials, and the place that W3C gives to words that no context defines,
/// such as ours. Both are addresses: a verifier that many use compares the parts of a proof's
/// context by identity, and refuses every credential that brings definitions of its own along.
pub(super) fn context() -> Value {
    json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/undefined-terms/v2",
    ])
}

pub(super) fn midnight(day: Day) -> String {
    format!("{}{MIDNIGHT}", day.date())
}

pub(super) fn read_midnight(text: &str) -> Option<Day> {
    Day::parse(text.strip_suffix(MIDNIGHT)?).ok()
}
