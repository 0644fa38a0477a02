//! Device keys (Ed25519) and box keys (X25519).
//!
//! A device has a fresh pair of both for every group, so that groups cannot be linked. Every
//! signature is made under a domain tag: one made for one purpose is worth nothing for another.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::ids::bytes_type;

mod credential;

pub use credential::{CredentialKey, CredentialSecret, HASH_BYTES};
mod known;
pub use known::KnownKeys;

bytes_type!(
    /// A device's public Ed25519 key in one group.
    DeviceKey,
    32
);
bytes_type!(
    /// A device's public X25519 key in one group, to which bundles are sealed.
    BoxKey,
    32
);
bytes_type!(
    /// An Ed25519 signature.
    SignatureBytes,
    64
);

/// What a signature is for. The tag is signed in front of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An envelope's header.
    Envelope,
    /// A first member's consent to found a group.
    Founding,
    /// A newcomer's acceptance of an invite.
    Acceptance,
    /// A device's consent to belong to a member.
    Device,
    /// A profile record.
    Profile,
    /// An outsider's anchor.
    Anchor,
    /// A device's proof, to the other end of one connection, that it is who it says.
    Hello,
    /// A member's word that a report is the group's.
    Report,
    /// A device's word that the key of its credentials speaks for it.
    Credential,
}

impl Purpose {
    /// Every purpose, for tests that try one in place of another.
    pub const ALL: [Self; 9] = [
        Self::Envelope,
        Self::Founding,
        Self::Acceptance,
        Self::Device,
        Self::Profile,
        Self::Anchor,
        Self::Hello,
        Self::Report,
        Self::Credential,
    ];

    const fn tag(self) -> &'static [u8] {
        match self {
            Self::Envelope => b"copact envelope 1\0",
            Self::Founding => b"copact founding 1\0",
            Self::Acceptance => b"copact acceptance 1\0",
            Self::Device => b"copact device 1\0",
            Self::Profile => b"copact profile 1\0",
            Self::Anchor => b"copact anchor 1\0",
            Self::Hello => b"copact hello 1\0",
            Self::Report => b"copact report 1\0",
            Self::Credential => b"copact credential 1\0",
        }
    }

    fn message(self, message: &[u8]) -> Vec<u8> {
        [self.tag(), message].concat()
    }
}

/// Why a signature or key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a point, of small order, or with a small-order part.
    #[error(
        "the device key is weak or malformed; make the request again on a current version of copact"
    )]
    Weak,
    /// The signature does not fit key and message.
    #[error(
        "the signature is not the device's; ask for the file again from the device that wrote it"
    )]
    Forged,
}

impl DeviceKey {
    /// Strict verification: canonical encodings, no small-order parts, the cofactorless equation.
    ///
    /// # Errors
    /// The key is weak or the signature does not verify.
    pub fn verify(
        &self,
        purpose: Purpose,
        message: &[u8],
        signature: &SignatureBytes,
    ) -> Result<(), KeyError> {
        let key = self.point()?;
        let signature = Signature::from_bytes(signature.as_bytes());
        key.verify_strict(&purpose.message(message), &signature).map_err(|_| KeyError::Forged)
    }

    fn point(&self) -> Result<VerifyingKey, KeyError> {
        VerifyingKey::from_bytes(self.as_bytes()).map_err(|_| KeyError::Weak)
    }

    /// Whether the key may be admitted: a canonical point of the prime-order group, not the
    /// identity. Mixed-order keys would let batch and single verification disagree.
    ///
    /// # Errors
    /// [`KeyError::Weak`].
    pub fn admissible(&self) -> Result<(), KeyError> {
        let key = self.point()?;
        let point = key.to_edwards();
        let canonical = point.compress().as_bytes() == self.as_bytes();
        if canonical && !key.is_weak() && point.is_torsion_free() {
            Ok(())
        } else {
            Err(KeyError::Weak)
        }
    }
}

/// A device's secret signing key. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct DeviceSecret(SigningKey);

impl DeviceSecret {
    /// Takes 32 random bytes.
    #[must_use]
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The secret bytes, to be stored sealed.
    #[must_use]
    pub fn to_bytes(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> DeviceKey {
        DeviceKey::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Signs a message for one purpose.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> SignatureBytes {
        SignatureBytes::from_bytes(self.0.sign(&purpose.message(message)).to_bytes())
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceSecret(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_purpose_and_one_message() {
        let secret = DeviceSecret::from_bytes(&[7; 32]);
        for made in Purpose::ALL {
            let signature = secret.sign(made, b"hello");
            for tried in Purpose::ALL {
                assert_eq!(
                    secret.public().verify(tried, b"hello", &signature).is_ok(),
                    made == tried
                );
            }
            assert!(secret.public().verify(made, b"hellp", &signature).is_err());
        }
    }

    #[test]
    fn every_flipped_bit_of_a_signature_is_refused() {
        let secret = DeviceSecret::from_bytes(&[9; 32]);
        let good = secret.sign(Purpose::Envelope, b"message");
        for bit in 0..512 {
            let mut bytes = *good.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let flipped = SignatureBytes::from_bytes(bytes);
            assert!(
                secret.public().verify(Purpose::Envelope, b"message", &flipped).is_err(),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn weak_and_mixed_order_keys_are_not_admitted() {
        // The points of small order, in their canonical encodings (orders 1, 2, 4, 8).
        let small = [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        ];
        for hex in small {
            assert_eq!(
                DeviceKey::from_hex(hex).unwrap().admissible(),
                Err(KeyError::Weak),
                "{hex}"
            );
        }
        // A good key plus the point of order two: valid to a lenient verifier, refused here.
        let good = DeviceSecret::from_bytes(&[3; 32]).public();
        assert_eq!(good.admissible(), Ok(()));
        let point = VerifyingKey::from_bytes(good.as_bytes()).unwrap().to_edwards();
        let two = VerifyingKey::from_bytes(DeviceKey::from_hex(small[1]).unwrap().as_bytes())
            .unwrap()
            .to_edwards();
        let mixed = DeviceKey::from_bytes((point + two).compress().to_bytes());
        assert_eq!(mixed.admissible(), Err(KeyError::Weak));
    }
}
