//! Verifying many signatures by few devices.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ed25519_dalek::{Signature, Verifier, VerifyingKey};

use super::{DeviceKey, KeyError, Purpose, SignatureBytes};

/// Device keys that were read into points already. What [`DeviceKey::verify`] accepts is accepted,
/// and nothing else, at less cost:
///
/// - A key is read, and looked at whether it is weak, once.
/// - The strict rules want of R that it is a point and not of small order. The equation is checked
///   by making R anew and comparing encodings, and what is made anew has the one canonical encoding
///   of a point. So an R that is equal to it is a point, and it has small order if its encoding is
///   one of the eight: reading it into a point would tell nothing more.
#[derive(Debug, Default)]
pub struct KnownKeys(HashMap<DeviceKey, Known>);

#[derive(Debug)]
struct Known {
    key: VerifyingKey,
    is_weak: bool,
}

/// The y of the eight points of small order; the sign of x is another bit.
const SMALL: [[u8; 32]; 5] = [
    y(1, 0, 0),
    y(0xec, 0xff, 0x7f),
    y(0, 0, 0),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

const fn y(first: u8, between: u8, last: u8) -> [u8; 32] {
    let mut bytes = [between; 32];
    let [start, .., end] = &mut bytes;
    (*start, *end) = (first, last);
    bytes
}

/// Whether these bytes are the canonical encoding of a point of small order.
fn is_small(encoded: &[u8; 32]) -> bool {
    let mut y = *encoded;
    let [.., last] = &mut y;
    *last &= 0x7f;
    SMALL.contains(&y)
}

impl KnownKeys {
    /// The same as [`DeviceKey::verify`].
    ///
    /// # Errors
    /// The key is weak or the signature does not verify.
    pub fn verify(
        &mut self,
        device: &DeviceKey,
        purpose: Purpose,
        message: &[u8],
        signature: &SignatureBytes,
    ) -> Result<(), KeyError> {
        let known = match self.0.entry(*device) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let key = device.point()?;
                free.insert(Known { key, is_weak: key.is_weak() })
            }
        };
        let signature = Signature::from_bytes(signature.as_bytes());
        if known.is_weak || is_small(signature.r_bytes()) {
            return Err(KeyError::Forged);
        }
        let message = purpose.message(message);
        known.key.verify(&message, &signature).map_err(|_| KeyError::Forged)
    }
}

#[cfg(test)]
mod tests;
