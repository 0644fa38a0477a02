//! Credentials: a member's attendance and hours, for the member to show to whom they like, as W3C
//! Verifiable Credentials 2.0 with Data Integrity `eddsa-jcs-2022` and `did:key`. Many programs
//! verify them; [`verify`] does, too.
//!
//! **What one proves**: that a device of the group says these figures of this member, over the
//! record whose frontier has the digest `ledger`, and that nothing of it was changed since.
//! **What it does not prove**: that the figures are so. The device is the member's own (or of
//! who signs for them): a credential is their word, and nobody else signed it. It can be checked
//! against a report bundle of the group over the same `ledger`, where the same device key stands,
//! and others' signatures do; whoever has such a bundle recomputes each figure with
//! [`Attended::of`]. Neither does it prove who holds the device, nor that the member is still one;
//! it does not expire, and nothing takes it back.
//!
//! **Privacy**: it is made on request, by the member's own device, about that member alone. Days
//! are in it, no times; no name unless given; no number of others, but that two or more witnessed a
//! meeting that is attested. The only keys are those of the device that made it: an assisted member
//! has none, so theirs has those of the helper's device, with no name and no member of the helper.
//! Whoever has credentials of both can tell that one device made them.
//!
//! ```text
//! device key      signs, tagged: credential key, group, member
//! credential key  signs, untagged, as eddsa-jcs-2022 has it: everything
//! ```

use copact_core::day::Day;
use copact_core::ids::{GroupId, MemberId};
use copact_core::keys::{CredentialKey, DeviceKey, DeviceSecret, SignatureBytes};
use copact_core::text::Name;
use copact_core::views::Views;
use copact_evidence::case::Case;
use copact_evidence::facts::Facts;
use copact_evidence::window::Window;
use data_encoding::HEXLOWER;
use serde_json::Value;

mod attended;
pub mod did_key;
mod form;
pub mod integrity;
mod once;
mod verify;

pub use attended::{Attended, Meetings};
pub use form::By;
pub use integrity::{IntegrityError, issue};
pub use verify::{CredentialError, FILE_BYTES, Verified, verify};

/// The largest number that every reader of JSON reads as it is written.
const MOST: u64 = (1 << 53) - 1;

/// What a credential says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The group.
    pub group: GroupId,
    /// The digest of the frontier of the record it was computed from.
    pub ledger: [u8; 32],
    /// The member it is about.
    pub member: MemberId,
    /// Whose device says so.
    pub by: By,
    /// The member's name, if they want it in.
    pub name: Option<Name>,
    /// The figures.
    pub attended: Attended,
    /// The day it was made.
    pub day: Day,
}

/// Who says so: a device, by the key of its credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The key that signs the credential.
    pub key: CredentialKey,
    /// The device.
    pub device: DeviceKey,
    /// The device's word for the key, this group and this member.
    pub word: SignatureBytes,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// About whom; `None`: the member whose device it is.
    pub member: Option<MemberId>,
    /// The member's name, if they want it in.
    pub name: Option<Name>,
    /// The window.
    pub window: Window,
    /// Today in UTC: a day that is still to come there is one on which it is not valid yet.
    pub day: Day,
}

/// Why no credential was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// The device is of no member.
    #[error(
        "this device is of no member of the group, so it has nothing to say about one; make the credential on the member's device"
    )]
    NoMember,
    /// A recovery ended the device.
    #[error(
        "the group replaced this device by another one of the same member; make the credential there"
    )]
    Ended,
    /// About nobody.
    #[error("nobody in the group has the key {0}; `copact member list` shows who is and was in it")]
    Nobody(MemberId),
    /// About somebody else.
    #[error(
        "a credential is made by the member it is about, or by who signs for them; ask them to make it on their device"
    )]
    NotTheirs,
    /// No member in that time.
    #[error(
        "they were not a member on any day from {from} to {to}; choose days on which they were"
    )]
    NotThen {
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// No JSON.
    #[error(transparent)]
    Unwritable(#[from] IntegrityError),
}

/// Makes a credential with a device's key, about its own member, or one it signs for.
///
/// # Errors
/// The device may not say that, or there is nothing to say.
pub fn of_member(
    views: &Views<'_>,
    facts: &Facts,
    asked: &Asked,
    device: &DeviceSecret,
) -> Result<Value, NotIssued> {
    let (member, by) = whom(views, asked.member, &device.public())?;
    let Window { from, to } = asked.window;
    let who = facts.people.iter().position(|one| one.id == member);
    let case = Case::new(facts, asked.window);
    let attended = Attended::of(&case, who.ok_or(NotIssued::Nobody(member))?);
    let group = views.ledger.group();
    let about = About {
        group,
        ledger: views.ledger.frontier().digest(),
        member,
        by,
        name: asked.name.clone(),
        attended: attended.ok_or(NotIssued::NotThen { from, to })?,
        day: asked.day,
    };
    let secret = device.credentials();
    let word = device.vouch(group, member);
    let issuer = Issuer { key: secret.public(), device: device.public(), word };
    let unsigned = credential(&about, &issuer)?;
    let created = form::midnight(asked.day);
    Ok(issue(unsigned, &issuer.key, &created, &|hashes| secret.sign(hashes))?)
}

/// About whom a device is asked to speak, and as what it may.
fn whom(
    views: &Views<'_>,
    asked: Option<MemberId>,
    device: &DeviceKey,
) -> Result<(MemberId, By), NotIssued> {
    let standing = &views.standing;
    let own = standing.of_device(device).ok_or(NotIssued::NoMember)?;
    if standing.is_ended(device, own) {
        return Err(NotIssued::Ended);
    }
    let person = match asked {
        Some(member) => standing.person(member).ok_or(NotIssued::Nobody(member))?,
        None => own,
    };
    let one = standing.goes_by(person);
    let by = if one == standing.goes_by(own) {
        By::Member
    } else if standing.parts(one).into_iter().any(|part| standing.helps(own, part)) {
        By::Helper
    } else {
        return Err(NotIssued::NotTheirs);
    };
    Ok((standing.id(one).ok_or(NotIssued::NoMember)?, by))
}

/// A credential without its proof, for [`issue`].
///
/// # Errors
/// A figure is larger than JSON can have.
pub fn credential(about: &About, issuer: &Issuer) -> Result<Value, IntegrityError> {
    const NO_MEETING: &str =
        "no meeting with names was held in these days while they were a member";
    const NO_WORK: &str = "the group has logged no work until then";
    let Attended { window, meetings, minutes } = about.attended;
    let there = meetings.map(|one| one.attended);
    let attested = meetings.map(|one| one.attested);
    if [there, attested, minutes].into_iter().flatten().any(|number| number > MOST) {
        return Err(IntegrityError::Canonical("a number is too large".to_owned()));
    }
    let credential = form::Credential {
        context: form::context(),
        r#type: form::TYPES.map(str::to_owned).to_vec(),
        description: form::DESCRIPTION.to_owned(),
        issuer: form::Issuer {
            id: did_key::of_credentials(&issuer.key),
            device: did_key::of_device(&issuer.device),
            device_signature: did_key::multibase(issuer.word.as_bytes()),
        },
        valid_from: form::midnight(about.day),
        credential_subject: form::Subject {
            id: format!("{}{}", form::MEMBER, about.member),
            name: about.name.as_ref().map(|name| name.as_str().to_owned()),
            group: format!("{}{}", form::GROUP, about.group),
            issued_by: about.by,
            from: window.from.date().to_string(),
            to: window.to.date().to_string(),
            ledger: HEXLOWER.encode(&about.ledger),
            meetings_attended: form::Figure::of(there, form::MEETINGS, NO_MEETING),
            meetings_attested: form::Figure::of(attested, form::MEETINGS, NO_MEETING),
            confirmed_work: form::Figure::of(minutes, form::MINUTES, NO_WORK),
        },
    };
    serde_json::to_value(credential).map_err(|why| IntegrityError::Canonical(why.to_string()))
}
