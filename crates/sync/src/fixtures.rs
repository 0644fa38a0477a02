//! People, groups and parcels for this crate's tests.
#![allow(clippy::unwrap_used)]

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::day::Day;
use copact_core::envelope::{Content, Draft, Verified, Wire};
use copact_core::ids::{GroupId, Incarnation, Nonce, Salt};
use copact_core::keys::{BoxKey, DeviceSecret, Purpose, SignatureBytes};
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name, RoleWord};

use crate::box_key::BoxSecret;
use crate::bundle::Parcel;

pub(crate) fn device(seed: u8) -> DeviceSecret {
    DeviceSecret::from_bytes(&[seed; 32])
}

pub(crate) fn box_secret(seed: u8) -> BoxSecret {
    BoxSecret::from_bytes(&[seed; 32])
}

pub(crate) fn box_key(seed: u8) -> BoxKey {
    box_secret(seed).public()
}

pub(crate) fn role() -> Role {
    Role { word: RoleWord::new("neighbour").unwrap(), mapped: Some(RoleKind::Citizen) }
}

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn profile(seed: u8) -> Profile {
    let statement = Statement {
        author: device(seed).public(),
        about: None,
        after: None,
        name: name("Ana"),
        picture: None,
        endpoint: None,
    };
    Profile::sign(statement, &device(seed))
}

pub(crate) fn text(words: &str) -> SideText {
    SideText { salt: Salt::from_bytes([4; 16]), text: FreeText::new(words).unwrap() }
}

/// A group founded by the device of this seed.
pub(crate) fn founding(seed: u8) -> Verified {
    let consent = NewDevice::consent(
        &device(seed),
        box_key(seed),
        Purpose::Founding,
        None,
        Some(&role()),
        Nonce::from_bytes([1; 16]),
    );
    let found = Found {
        policy: Share::DEFAULT,
        members: vec![FirstMember { device: consent, role: role() }],
        name: text("Kitchen").hash(),
        parent: None,
        continues: None,
    };
    let draft = Draft {
        group: None,
        incarnation: Incarnation::from_bytes([2; 8]),
        seq: 1,
        prev: None,
        parents: vec![],
        day: Day::parse("2026-03-01").unwrap(),
        salt: Salt::from_bytes([3; 16]),
        content: Content::Act(Act::Found(found)),
    };
    draft.sign(&device(seed)).unwrap()
}

pub(crate) fn group(seed: u8) -> GroupId {
    founding(seed).group()
}

/// A founding envelope, the text that it names, and the founder's profile.
pub(crate) fn parcel(seed: u8) -> Parcel {
    Parcel {
        envelopes: vec![founding(seed).wire()],
        texts: vec![text("Kitchen")],
        profiles: vec![profile(seed)],
    }
}

/// Something of the size of an envelope, that does not compress.
pub(crate) fn noise(seed: u64, body: usize) -> Wire {
    let mut bytes = vec![0; body + 80];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    let (header, body) = bytes.split_at(80);
    Wire {
        header: header.to_vec(),
        signature: SignatureBytes::from_bytes([5; 64]),
        salt: Salt::from_bytes([6; 16]),
        body: body.to_vec(),
    }
}
