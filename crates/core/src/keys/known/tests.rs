#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha512};

use super::*;
use crate::keys::DeviceSecret;

/// What one says of it, when the other says the same.
fn agreed(
    known: &mut KnownKeys,
    key: &DeviceKey,
    message: &[u8],
    signature: &SignatureBytes,
) -> Result<(), KeyError> {
    let strict = key.verify(Purpose::Envelope, message, signature);
    for _ in 0..2 {
        let said = known.verify(key, Purpose::Envelope, message, signature);
        assert_eq!(said, strict, "{key} {message:?} {signature}");
    }
    strict
}

/// Breaks when: a point of small order is not known by its encoding, or another one is.
#[test]
fn points_of_small_order_are_known_by_their_encoding() {
    let mut encodings = EIGHT_TORSION.map(|point| point.compress().to_bytes());
    assert!(encodings.iter().all(is_small));
    encodings.sort_unstable();
    assert!(encodings.windows(2).all(|pair| pair[0] != pair[1]));
    for seed in 0..50 {
        let point = DeviceSecret::from_bytes(&[seed; 32]).public().point().unwrap();
        for small in EIGHT_TORSION {
            assert!(!is_small(&(point.to_edwards() + small).compress().to_bytes()));
        }
    }
}

/// Breaks when: a good signature, a forged one, or one for another key, message or purpose is
/// judged otherwise than alone.
#[test]
fn a_known_key_verifies_what_the_key_does() {
    let secrets = [1, 2].map(|seed| DeviceSecret::from_bytes(&[seed; 32]));
    let mut known = KnownKeys::default();
    for (by, of) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let key = secrets[of].public();
        for (purpose, message) in [
            (Purpose::Envelope, b"hello"),
            (Purpose::Envelope, b"hellp"),
            (Purpose::Report, b"hello"),
        ] {
            let good = secrets[by].sign(purpose, message);
            let right = by == of && (purpose, message) == (Purpose::Envelope, b"hello");
            assert_eq!(agreed(&mut known, &key, b"hello", &good).is_ok(), right);
            for bit in 0..512 {
                let mut bytes = *good.as_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                let flipped = SignatureBytes::from_bytes(bytes);
                assert!(agreed(&mut known, &key, b"hello", &flipped).is_err());
            }
        }
    }
}

/// The signature of a message with R = nonce · B + small, by a key of which `a` is what is known.
fn made(
    device: &DeviceKey,
    a: Scalar,
    nonce: Scalar,
    small: &EdwardsPoint,
    message: &[u8],
) -> SignatureBytes {
    let r = (ED25519_BASEPOINT_POINT * nonce + small).compress();
    let mut hash = Sha512::new();
    hash.update(r.as_bytes());
    hash.update(device.as_bytes());
    hash.update(Purpose::Envelope.message(message));
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let both = [r.to_bytes(), (nonce + k * a).to_bytes()].concat();
    SignatureBytes::from_slice(&both).unwrap()
}

/// Breaks when: an R of small order is let through because the equation holds, or a key that is
/// weak or of mixed order is judged otherwise than alone.
#[test]
fn what_the_strict_rules_refuse_is_refused() {
    let secret = SigningKey::from_bytes(&[5; 32]);
    let (a, good) = (secret.to_scalar(), secret.verifying_key().to_edwards());
    let (mut known, mut loose, mut strict) = (KnownKeys::default(), 0, 0);
    for torsion in EIGHT_TORSION {
        for (key, a) in [(good + torsion, a), (torsion, Scalar::ZERO)] {
            let device = DeviceKey::from_bytes(key.compress().to_bytes());
            for nonce in [Scalar::ZERO, Scalar::from(7_u8)] {
                for (small, number) in EIGHT_TORSION.iter().zip(0..) {
                    let message = [number, 1, 2];
                    let signature = made(&device, a, nonce, small, &message);
                    let plain = Signature::from_bytes(signature.as_bytes());
                    let tagged = Purpose::Envelope.message(&message);
                    loose += u32::from(device.point().unwrap().verify(&tagged, &plain).is_ok());
                    let said = agreed(&mut known, &device, &message, &signature);
                    strict += u32::from(said.is_ok());
                    assert!(said.is_err() || nonce != Scalar::ZERO);
                }
            }
        }
    }
    // Some that satisfy the equation were refused, and some were not.
    assert!(loose > 2 * strict && strict > 0, "{loose} {strict}");
}

/// Breaks when: an encoding that is not canonical, or of no point, is judged otherwise than alone.
#[test]
fn other_encodings_are_refused() {
    let own = DeviceSecret::from_bytes(&[5; 32]).public();
    let mut known = KnownKeys::default();
    for first in [0xed, 0xee, 0xf0] {
        let key = DeviceKey::from_bytes(y(first, 0xff, 0x7f));
        for r in [y(first, 0xff, 0x7f), y(first, 0xff, 0xff), y(1, 0, 0x80), y(2, 0, 0)] {
            let signature = SignatureBytes::from_slice(&[r, [0; 32]].concat()).unwrap();
            assert!(agreed(&mut known, &key, b"hello", &signature).is_err());
            assert!(agreed(&mut known, &own, b"hello", &signature).is_err());
        }
    }
}
