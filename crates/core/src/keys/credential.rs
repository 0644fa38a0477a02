//! The key that signs a device's credentials.
//!
//! A Data Integrity proof is a signature of 64 bytes of hashes with nothing in front of them. If
//! the device key made one, whoever chose those bytes would only have to find some that begin with
//! a tag of a [`Purpose`](super::Purpose) to get an envelope or a greeting signed; today that takes
//! 2^120 tries, but it would hold by luck of the tags' lengths, and no longer the day a tag is
//! short. So the device key signs no untagged byte, ever: credentials are signed by a key of their
//! own, derived from the device's secret, which needs no keeping and signs nothing else. That it is
//! the device's is said by the device, in a signature under
//! [`Purpose::Credential`](super::Purpose::Credential) which stands in the credential.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::{DeviceKey, DeviceSecret, KeyError, Purpose, SignatureBytes};
use crate::ids::{GroupId, MemberId, bytes_type};

/// BLAKE3's context of the derivation. The key of every device changes with it.
const CONTEXT: &str = "copact 2026-11-28 device's key for credentials 1";

/// What a Data Integrity proof signs: SHA-256 of its options, then of the document.
pub const HASH_BYTES: usize = 64;

bytes_type!(
    /// The public Ed25519 key of a device's credentials.
    CredentialKey,
    32
);

/// The secret key of a device's credentials. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct CredentialSecret(SigningKey);

impl DeviceSecret {
    /// The key of this device's credentials, always the same.
    #[must_use]
    pub fn credentials(&self) -> CredentialSecret {
        let seed = zeroize::Zeroizing::new(blake3::derive_key(CONTEXT, &*self.to_bytes()));
        CredentialSecret(SigningKey::from_bytes(&seed))
    }

    /// This device's word that the key of its credentials speaks for it, about a member of a group.
    #[must_use]
    pub fn vouch(&self, group: GroupId, about: MemberId) -> SignatureBytes {
        let key = self.credentials().public();
        self.sign(Purpose::Credential, &vouched(&key, group, about))
    }
}

impl DeviceKey {
    /// Checks a device's word about the key of its credentials.
    ///
    /// # Errors
    /// The device did not say that of this key, group and member, or its key is weak.
    pub fn vouches(
        &self,
        key: &CredentialKey,
        group: GroupId,
        about: MemberId,
        signature: &SignatureBytes,
    ) -> Result<(), KeyError> {
        self.verify(Purpose::Credential, &vouched(key, group, about), signature)
    }
}

fn vouched(key: &CredentialKey, group: GroupId, about: MemberId) -> Vec<u8> {
    [key.as_bytes().as_slice(), group.as_bytes(), about.as_bytes()].concat()
}

impl CredentialSecret {
    /// The public key.
    #[must_use]
    pub fn public(&self) -> CredentialKey {
        CredentialKey::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Signs the hashes of a proof, as they are.
    #[must_use]
    pub fn sign(&self, hashes: &[u8; HASH_BYTES]) -> SignatureBytes {
        SignatureBytes::from_bytes(self.0.sign(hashes).to_bytes())
    }
}

impl fmt::Debug for CredentialSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialSecret(of {})", self.public())
    }
}

impl CredentialKey {
    /// Strict verification, as [`DeviceKey::verify`]'s, of hashes without a tag.
    ///
    /// # Errors
    /// The key is weak or the signature does not verify.
    pub fn verify(
        &self,
        hashes: &[u8; HASH_BYTES],
        signature: &SignatureBytes,
    ) -> Result<(), KeyError> {
        let key = VerifyingKey::from_bytes(self.as_bytes()).map_err(|_| KeyError::Weak)?;
        let signature = Signature::from_bytes(signature.as_bytes());
        key.verify_strict(hashes, &signature).map_err(|_| KeyError::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASHES: [u8; HASH_BYTES] = [5; HASH_BYTES];

    /// Breaks when: a signature of one key is good for the other, whatever the tag.
    #[test]
    fn what_signs_credentials_signs_nothing_else() {
        let device = DeviceSecret::from_bytes(&[7; 32]);
        let credentials = device.credentials();
        assert_ne!(credentials.public().as_bytes(), device.public().as_bytes());
        let as_device = DeviceKey::from_bytes(*credentials.public().as_bytes());
        let as_credentials = CredentialKey::from_bytes(*device.public().as_bytes());

        let untagged = credentials.sign(&HASHES);
        assert_eq!(credentials.public().verify(&HASHES, &untagged), Ok(()));
        assert_eq!(as_credentials.verify(&HASHES, &untagged), Err(KeyError::Forged));
        for purpose in Purpose::ALL {
            for key in [as_device, device.public()] {
                assert_eq!(key.verify(purpose, &HASHES, &untagged), Err(KeyError::Forged));
            }
            let tagged = device.sign(purpose, &HASHES);
            assert!(credentials.public().verify(&HASHES, &tagged).is_err());
            assert!(as_credentials.verify(&HASHES, &tagged).is_err());
        }
    }

    /// Breaks when: the derivation changes, so that a device's older credentials are of a key that
    /// it does not know any more; or two devices have one key.
    #[test]
    fn a_device_always_has_the_same_key_for_credentials() {
        let key = |seed: u8| DeviceSecret::from_bytes(&[seed; 32]).credentials().public();
        assert_eq!(key(7), key(7));
        assert_ne!(key(7), key(8));
        assert_eq!(key(7).to_string(), KEY_OF_SEVENS);
    }

    /// Breaks when: a device's word about its key is taken for another key, group or member.
    #[test]
    fn a_device_vouches_for_one_key_in_one_group_about_one_member() {
        let device = DeviceSecret::from_bytes(&[7; 32]);
        let key = device.credentials().public();
        let (group, member) = (GroupId::from_bytes([1; 32]), MemberId::from_bytes([2; 32]));
        let word = device.vouch(group, member);
        assert_eq!(device.public().vouches(&key, group, member, &word), Ok(()));

        let other = DeviceSecret::from_bytes(&[8; 32]);
        let swapped = (GroupId::from_bytes([2; 32]), MemberId::from_bytes([1; 32]));
        let (device, forged) = (device.public(), Err(KeyError::Forged));
        assert_eq!(other.public().vouches(&key, group, member, &word), forged);
        let others = other.credentials().public();
        assert_eq!(device.vouches(&others, group, member, &word), forged);
        assert_eq!(device.vouches(&key, swapped.0, member, &word), forged);
        assert_eq!(device.vouches(&key, group, swapped.1, &word), forged);
        assert_eq!(device.vouches(&key, swapped.0, swapped.1, &word), forged);
    }

    /// Breaks when: a key of small order, which fits signatures that nobody made, is accepted.
    #[test]
    fn a_weak_key_has_signed_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let signature = SignatureBytes::from_bytes(signature);
        let key = CredentialKey::from_bytes(identity);
        assert!(key.verify(&HASHES, &signature).is_err());
    }

    const KEY_OF_SEVENS: &str = "aca5eb09c9660346f29cfd290f49bf06816ff66c28a96a593a26db2bbc11d120";
}
