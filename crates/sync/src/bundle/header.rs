//! A bundle's header: the hidden group, and the content key sealed to each device.

use copact_core::codec;
use copact_core::ids::{GroupId, Salt, tagged_hash};
use copact_core::keys::BoxKey;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::{BundleError, Parcel, Recipient};
use crate::box_key::{self, SealedKey};
use crate::drawn::Drawn;
use crate::limits;

const INFO: &[u8] = b"copact bundle key 1";

/// The key under which all frames of one bundle are sealed.
pub(super) type ContentKey = Zeroizing<[u8; 32]>;

/// The header as it is encoded.
#[derive(Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Header {
    #[n(0)]
    fixed: Fixed,
    /// One a device, in the order of the hints, which tells nothing about the devices.
    #[n(1)]
    keys: Vec<KeyFor>,
}

/// What every sealed key is bound to.
#[derive(Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Fixed {
    #[n(0)]
    salt: Salt,
    /// BLAKE3 of salt and group id: only who knows the group recognises it.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    group: [u8; 32],
    /// BLAKE3 of the content key. XChaCha20-Poly1305 does not commit to its key: without this, a
    /// forger could give two devices different keys, and each another parcel from the same bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    commitment: [u8; 32],
}

/// The content key for one device.
#[derive(Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct KeyFor {
    /// The first bytes of BLAKE3 of salt and box key.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    hint: [u8; 8],
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    enc: [u8; 32],
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    sealed: [u8; 48],
}

impl Header {
    /// Draws a content key and seals it to each recipient.
    pub(super) fn seal(
        group: GroupId,
        recipients: &[BoxKey],
        drawn: &mut Drawn,
    ) -> Result<(Self, ContentKey), BundleError> {
        let key: ContentKey = Zeroizing::new(drawn.array());
        let salt = Salt::from_bytes(drawn.array());
        let fixed = Fixed { salt, group: hidden(&salt, &group), commitment: commitment(&key) };
        let aad = codec::encode(&fixed);
        let mut keys: Vec<KeyFor> = recipients
            .iter()
            .filter_map(|to| {
                let SealedKey { enc, sealed } = box_key::seal(to, &key, INFO, &aad, drawn)?;
                Some(KeyFor { hint: hint(&salt, to), enc, sealed })
            })
            .collect();
        if keys.is_empty() {
            return Err(BundleError::NoRecipients);
        }
        keys.sort_unstable_by_key(|key| key.hint);
        Ok((Self { fixed, keys }, key))
    }

    pub(super) fn read(record: &[u8]) -> Result<Self, BundleError> {
        // Its checksum was right: what cannot be read now was written so.
        let header: Self = codec::decode(record, "a bundle's header", limits::BUNDLE_HEADER_BYTES)
            .map_err(|_| BundleError::Malformed { what: "a header" })?;
        if header.keys.len() > limits::RECIPIENTS {
            return Err(BundleError::TooLarge { what: "recipients", limit: limits::RECIPIENTS });
        }
        Ok(header)
    }

    /// The first recipient that the content key was sealed to, and the key.
    pub(super) fn unlock(&self, who: &[Recipient<'_>]) -> Result<(usize, ContentKey), BundleError> {
        let aad = codec::encode(&self.fixed);
        let mut refusal = BundleError::OtherGroup;
        for (place, recipient) in who.iter().enumerate() {
            match recipient.group {
                Some(group) if hidden(&self.fixed.salt, &group) != self.fixed.group => continue,
                Some(_) if refusal == BundleError::OtherGroup => {
                    refusal = BundleError::NotSealedToMe;
                }
                _ => {}
            }
            let hint = hint(&self.fixed.salt, &recipient.secret.public());
            // One hint, one try: a forger cannot make a device try thousands.
            let Some(found) = self.keys.iter().find(|key| key.hint == hint) else { continue };
            let sealed = SealedKey { enc: found.enc, sealed: found.sealed };
            match recipient.secret.open(&sealed, INFO, &aad) {
                Some(key) if commitment(&key) == self.fixed.commitment => return Ok((place, key)),
                _ => refusal = BundleError::Altered,
            }
        }
        Err(refusal)
    }

    /// The group that an envelope of the parcel founds, if it is the one that the header hides.
    pub(super) fn founded_in(&self, parcel: &Parcel) -> Option<GroupId> {
        let mut groups = parcel.envelopes.iter().map(|wire| GroupId::of(wire.id()));
        groups.find(|group| hidden(&self.fixed.salt, group) == self.fixed.group)
    }
}

fn hidden(salt: &Salt, group: &GroupId) -> [u8; 32] {
    tagged_hash("copact bundle group 1", &[salt.as_bytes(), group.as_bytes()])
}

fn commitment(key: &ContentKey) -> [u8; 32] {
    tagged_hash("copact bundle commitment 1", &[key.as_slice()])
}

fn hint(salt: &Salt, key: &BoxKey) -> [u8; 8] {
    let mut hint = [0; 8];
    let hash = tagged_hash("copact bundle hint 1", &[salt.as_bytes(), key.as_bytes()]);
    for (to, from) in hint.iter_mut().zip(hash) {
        *to = from;
    }
    hint
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::fixtures::{box_key, box_secret, group};

    /// One device would read another parcel than all others from the same bytes.
    #[test]
    fn a_header_with_two_content_keys_opens_with_the_one_it_commits_to() {
        let mut drawn = Drawn::new(&[1; 32], "test", &[]);
        let (mut header, _) =
            Header::seal(group(1), &[box_key(1), box_key(2)], &mut drawn).unwrap();
        let secret = box_secret(1);
        let who = [Recipient { group: Some(group(1)), secret: &secret }];
        assert!(header.unlock(&who).is_ok());
        let hint = hint(&header.fixed.salt, &box_key(1));
        let mine = header.keys.iter().position(|key| key.hint == hint).unwrap();
        let aad = codec::encode(&header.fixed);
        let other = box_key::seal(&box_key(1), &[7; 32], INFO, &aad, &mut drawn).unwrap();
        header.keys[mine].enc = other.enc;
        header.keys[mine].sealed = other.sealed;
        assert_eq!(header.unlock(&who), Err(BundleError::Altered));
    }

    #[test]
    fn a_sealed_key_is_bound_to_its_header() {
        let mut drawn = Drawn::new(&[1; 32], "test", &[]);
        let (mut header, _) = Header::seal(group(1), &[box_key(1)], &mut drawn).unwrap();
        let secret = box_secret(1);
        let unlock = |header: &Header, seed| {
            let who = [Recipient { group: Some(group(seed)), secret: &secret }];
            header.unlock(&who)
        };
        assert!(unlock(&header, 1).is_ok());
        header.fixed.group = hidden(&header.fixed.salt, &group(2));
        assert_eq!(unlock(&header, 1), Err(BundleError::OtherGroup));
        assert_eq!(unlock(&header, 2), Err(BundleError::Altered));
    }
}
