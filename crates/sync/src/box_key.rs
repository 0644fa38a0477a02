//! A device's secret box key, and sealing small secrets to a public one (HPKE, RFC 9180).
//!
//! The suite is DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 in base mode: the
//! sender is not authenticated here, because what a bundle carries is signed by itself.

use std::fmt;

use copact_core::keys::BoxKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::drawn::Drawn;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

/// A device's secret box key. Wiped from memory when dropped; never printed.
///
/// It is kept as the 32 random bytes from which HPKE's `DeriveKeyPair` makes the X25519 pair.
#[derive(Clone)]
pub struct BoxSecret(Zeroizing<[u8; 32]>);

/// A 32-byte key sealed to one device.
pub(crate) struct SealedKey {
    /// HPKE's `enc`.
    pub enc: [u8; 32],
    /// The key's bytes and tag.
    pub sealed: [u8; 48],
}

impl BoxSecret {
    /// Takes 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// The secret bytes, to be stored sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }

    /// The public key, for everybody in the group.
    #[must_use]
    pub fn public(&self) -> BoxKey {
        let (_, public) = X25519HkdfSha256::derive_keypair(self.0.as_slice());
        BoxKey::from_bytes(public.to_bytes().into())
    }

    /// Opens what [`seal`] made for this key; `None` when it was made for another or altered.
    pub(crate) fn open(
        &self,
        key: &SealedKey,
        info: &[u8],
        aad: &[u8],
    ) -> Option<Zeroizing<[u8; 32]>> {
        let (secret, _) = X25519HkdfSha256::derive_keypair(self.0.as_slice());
        let enc = EncappedKey::from_bytes(&key.enc).ok()?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &secret,
            &enc,
            info,
            &key.sealed,
            aad,
        );
        let opened = Zeroizing::new(opened.ok()?);
        Some(Zeroizing::new(opened.as_slice().try_into().ok()?))
    }
}

impl fmt::Debug for BoxSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoxSecret(of {})", self.public())
    }
}

/// Seals a key to a device. `None` when nothing can be sealed to its box key (a point of small
/// order, with which every secret would be zero).
pub(crate) fn seal(
    to: &BoxKey,
    key: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    drawn: &mut Drawn,
) -> Option<SealedKey> {
    let public = PublicKey::from_bytes(to.as_bytes()).ok()?;
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &public, info, key, aad, drawn)
    .ok()?;
    Some(SealedKey { enc: enc.to_bytes().into(), sealed: sealed.as_slice().try_into().ok()? })
}

/// Whether bundles can be sealed to this key at all. A newcomer's is tried before it is admitted.
#[must_use]
pub fn can_be_sealed_to(key: &BoxKey) -> bool {
    let mut drawn = Drawn::new(&[0; 32], "copact trial 1", &[]);
    seal(key, &[0; 32], b"", b"", &mut drawn).is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_sealed_to_a_key_opens_with_its_secret_only() {
        let (mine, other) = (BoxSecret::from_bytes(&[1; 32]), BoxSecret::from_bytes(&[2; 32]));
        let mut drawn = Drawn::new(&[3; 32], "test", &[]);
        let sealed = seal(&mine.public(), &[9; 32], b"info", b"aad", &mut drawn).unwrap();
        assert_eq!(mine.open(&sealed, b"info", b"aad").as_deref(), Some(&[9; 32]));
        assert!(mine.open(&sealed, b"infx", b"aad").is_none());
        assert!(mine.open(&sealed, b"info", b"aax").is_none());
        assert!(other.open(&sealed, b"info", b"aad").is_none());
    }

    #[test]
    fn a_secret_is_kept_by_its_bytes_and_never_printed() {
        let secret = BoxSecret::from_bytes(&[0xAB; 32]);
        assert_eq!(BoxSecret::from_bytes(&secret.to_bytes()).public(), secret.public());
        let printed = format!("{secret:?}");
        assert!(printed.contains(&secret.public().to_string()));
        assert!(!printed.contains("abababab") && !printed.contains("171, 171"));
    }

    #[test]
    fn points_of_small_order_are_no_box_keys() {
        let mut one = [0; 32];
        one[0] = 1;
        assert!(!can_be_sealed_to(&BoxKey::from_bytes([0; 32])));
        assert!(!can_be_sealed_to(&BoxKey::from_bytes(one)));
        assert!(can_be_sealed_to(&BoxSecret::from_bytes(&[5; 32]).public()));
    }
}
