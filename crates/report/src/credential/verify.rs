//! Verifying a credential, and reading what it says.

use copact_core::day::Day;
use copact_core::ids::{GroupId, MemberId};
use copact_core::keys::{CredentialKey, DeviceKey, SignatureBytes};
use copact_core::text::Name;
use copact_evidence::window::Window;
use data_encoding::HEXLOWER;
use serde_json::Value;

use super::attended::{Attended, Meetings};
use super::form::{self, Credential, Figure, Subject};
use super::integrity::{IntegrityError, proved};
use super::once::Once;
use super::{About, MOST, did_key};

/// Largest file that is read; a credential has about two thousand bytes.
pub const FILE_BYTES: usize = 64 * 1_024;

/// A credential of which everything that is in it was verified. What it proves is told by
/// [`credential`](super).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What it says.
    pub about: About,
    /// The device that says so.
    pub device: DeviceKey,
    /// The key of that device's credentials.
    pub key: CredentialKey,
}

/// Why a credential is not accepted: the first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Too large to read.
    #[error(
        "the file is {0} bytes long, and a credential has at most {FILE_BYTES}; ask for the file that `copact credential` wrote"
    )]
    TooLong(usize),
    /// No JSON, or ambiguous.
    #[error(
        "the file cannot be read as JSON: {0}; ask for the file that `copact credential` wrote"
    )]
    NotJson(String),
    /// Another credential.
    #[error(
        "this is no credential of copact: {0}; other credentials are verified by other programs"
    )]
    NotOurs(String),
    /// Words that are not known.
    #[error(
        "the credential's words are not those that this copact knows (`@context`); verify it with a newer copact"
    )]
    Context,
    /// The proof.
    #[error(transparent)]
    Proof(#[from] IntegrityError),
    /// Somebody else's signature.
    #[error(
        "the proof is by another key than that of `issuer.id`: somebody else signed this; ask for the file again"
    )]
    Issuer,
    /// The device did not vouch for the key.
    #[error(
        "`issuer.deviceSignature` is not the word of `issuer.device` for this key, group and member: the key is somebody else's; ask for the file again"
    )]
    Device,
    /// A value that a credential cannot have.
    #[error("`{0}` is not {1}, though it was signed so; ask for a credential made with copact")]
    Value(&'static str, &'static str),
}

/// Verifies a credential: its form, its proof, its device's word, and that its values can be.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(json: &[u8]) -> Result<Verified, CredentialError> {
    if json.len() > FILE_BYTES {
        return Err(CredentialError::TooLong(json.len()));
    }
    let Once(document) =
        serde_json::from_slice(json).map_err(|why| CredentialError::NotJson(why.to_string()))?;
    let credential = read(&document)?;
    if credential.context != form::context() {
        return Err(CredentialError::Context);
    }
    let key = proved(&document)?;
    if credential.issuer.id != did_key::of_credentials(&key) {
        return Err(CredentialError::Issuer);
    }
    let device = device(&credential)?;
    let about = about(&credential)?;
    let signature = did_key::from_multibase(&credential.issuer.device_signature)
        .map(SignatureBytes::from_bytes)
        .ok_or(CredentialError::Device)?;
    device
        .vouches(&key, about.group, about.member, &signature)
        .map_err(|_| CredentialError::Device)?;
    Ok(Verified { about, device, key })
}

fn read(document: &Value) -> Result<Credential, CredentialError> {
    let mut bare = document.clone();
    let all = bare.as_object_mut();
    all.ok_or_else(|| CredentialError::NotOurs("it is no JSON object".to_owned()))?.remove("proof");
    let credential: Credential =
        serde_json::from_value(bare).map_err(|why| CredentialError::NotOurs(why.to_string()))?;
    if credential.r#type != form::TYPES {
        let why = format!("its `type` is not {}", form::TYPES.join(" and "));
        return Err(CredentialError::NotOurs(why));
    }
    Ok(credential)
}

fn device(credential: &Credential) -> Result<DeviceKey, CredentialError> {
    let key = did_key::read(&credential.issuer.device).map(DeviceKey::from_bytes);
    key.ok_or(CredentialError::Value("issuer.device", "an Ed25519 key as `did:key:…`"))
}

fn about(credential: &Credential) -> Result<About, CredentialError> {
    const HASH: &str = "32 bytes in hexadecimal after its prefix";
    let subject = &credential.credential_subject;
    let group = subject.group.strip_prefix(form::GROUP).and_then(GroupId::from_hex);
    let member = subject.id.strip_prefix(form::MEMBER).and_then(MemberId::from_hex);
    let ledger = HEXLOWER.decode(subject.ledger.as_bytes()).ok();
    let ledger = ledger.and_then(|bytes| bytes.try_into().ok());
    let name = subject.name.as_deref().map(|name| {
        let read = Name::new(name).ok().filter(|read| read.as_str() == name);
        read.ok_or(CredentialError::Value("credentialSubject.name", "a name on one line"))
    });
    let day = form::read_midnight(&credential.valid_from);
    Ok(About {
        group: group.ok_or(CredentialError::Value("credentialSubject.group", HASH))?,
        member: member.ok_or(CredentialError::Value("credentialSubject.id", HASH))?,
        ledger: ledger.ok_or(CredentialError::Value("credentialSubject.ledger", HASH))?,
        by: subject.issued_by,
        name: name.transpose()?,
        attended: attended(subject)?,
        day: day.ok_or(CredentialError::Value("validFrom", "a day at midnight, UTC"))?,
    })
}

fn attended(subject: &Subject) -> Result<Attended, CredentialError> {
    let day = |name, text: &str| {
        Day::parse(text).map_err(|_| CredentialError::Value(name, "a day as year-month-day"))
    };
    let from = day("credentialSubject.from", &subject.from)?;
    let to = day("credentialSubject.to", &subject.to)?;
    let window = Window::new(from, to)
        .ok_or(CredentialError::Value("credentialSubject.to", "the last day of a window"))?;
    let of = "credentialSubject.meetingsAttended";
    let there = figure(of, &subject.meetings_attended, form::MEETINGS)?;
    let of = "credentialSubject.meetingsAttested";
    let attested = figure(of, &subject.meetings_attested, form::MEETINGS)?;
    let meetings = match (there, attested) {
        (Some(attended), Some(attested)) if attested <= attended => {
            Some(Meetings { attended, attested })
        }
        (None, None) => None,
        _ => return Err(CredentialError::Value(of, "a part of the meetings attended")),
    };
    let of = "credentialSubject.confirmedWork";
    let minutes = figure(of, &subject.confirmed_work, form::MINUTES)?;
    Ok(Attended { window, meetings, minutes })
}

fn figure(
    of: &'static str,
    figure: &Figure,
    unit: &'static str,
) -> Result<Option<u64>, CredentialError> {
    let one = figure.value.is_some() != figure.not_computable.is_some();
    if !one || figure.unit_text != unit || figure.value.is_some_and(|value| value > MOST) {
        return Err(CredentialError::Value(of, "a number in its unit, or why there is none"));
    }
    Ok(figure.value)
}
