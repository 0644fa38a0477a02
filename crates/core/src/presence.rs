//! Presence codes: what a device at a meeting shows, and a tap carries back.
//!
//! The nonce changes every 30 s and can only be made by the device that shows it. That device
//! remembers what it showed and attests by itself when a tap brings one back. A code passed on by
//! video cannot be told from one seen in the room; reports say so.

use data_encoding::BASE32_NOPAD;

use crate::ids::{EnvelopeId, bytes_type, tagged_hash};
use crate::keys::DeviceKey;

/// Seconds that one nonce is shown.
pub const SLOT_SECONDS: i64 = 30;

bytes_type!(
    /// What a device shows during one slot.
    PresenceNonce,
    10
);

/// What a code says: where, shown by whom, and the nonce of the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceCode {
    /// The meeting.
    pub meeting: EnvelopeId,
    /// The device that shows it.
    pub device: DeviceKey,
    /// Its nonce.
    pub nonce: PresenceNonce,
}

/// Why a code was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PresenceError {
    /// Not in the form of a code.
    #[error("this is not a presence code; scan or type again what a device at the meeting shows")]
    NotACode,
    /// A typing mistake.
    #[error(
        "the presence code has a typing mistake; compare it with what the device shows and type it again"
    )]
    Typo,
}

impl PresenceNonce {
    /// The nonce of a slot, from a secret that only the showing device has.
    #[must_use]
    pub fn of_slot(secret: &[u8; 32], meeting: EnvelopeId, slot: i64) -> Self {
        let hash =
            tagged_hash("copact presence 1", &[secret, meeting.as_bytes(), &slot.to_le_bytes()]);
        let mut nonce = [0; 10];
        nonce.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self::from_bytes(nonce)
    }
}

const PREFIX: &str = "copact:here/";

impl PresenceCode {
    /// The link that is shown as a QR code: upper-case base32, which QR codes carry compactly.
    #[must_use]
    pub fn to_link(&self) -> String {
        let body = self.body();
        let check = tagged_hash("copact presence check 1", &[&body]);
        let bytes: Vec<u8> = body.iter().chain(check.iter().take(3)).copied().collect();
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))
    }

    /// Reads a link.
    ///
    /// # Errors
    /// Not a code, or its checksum is wrong.
    pub fn from_link(text: &str) -> Result<Self, PresenceError> {
        let text = text.trim();
        if text.len() > 300 {
            return Err(PresenceError::NotACode);
        }
        let lower = text.to_ascii_lowercase();
        let coded = lower.strip_prefix(PREFIX).ok_or(PresenceError::NotACode)?.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(coded.as_bytes()).map_err(|_| PresenceError::Typo)?;
        let (body, check) = bytes.split_at_checked(74).ok_or(PresenceError::NotACode)?;
        let expected = tagged_hash("copact presence check 1", &[body]);
        if expected.get(..3) != Some(check) {
            return Err(PresenceError::Typo);
        }
        let part = |from: usize, to: usize| body.get(from..to).unwrap_or_default();
        Ok(Self {
            meeting: EnvelopeId::from_slice(part(0, 32)).ok_or(PresenceError::NotACode)?,
            device: DeviceKey::from_slice(part(32, 64)).ok_or(PresenceError::NotACode)?,
            nonce: PresenceNonce::from_slice(part(64, 74)).ok_or(PresenceError::NotACode)?,
        })
    }

    fn body(&self) -> Vec<u8> {
        [self.meeting.as_bytes().as_slice(), self.device.as_bytes(), self.nonce.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_survives_the_link_and_a_typo_does_not() {
        let meeting = EnvelopeId::from_bytes([1; 32]);
        let nonce = PresenceNonce::of_slot(&[2; 32], meeting, 60);
        assert_ne!(nonce, PresenceNonce::of_slot(&[2; 32], meeting, 61));
        let code = PresenceCode { meeting, device: DeviceKey::from_bytes([3; 32]), nonce };
        let link = code.to_link();
        assert_eq!(PresenceCode::from_link(&link).unwrap(), code);
        assert_eq!(PresenceCode::from_link(&link.to_lowercase()).unwrap(), code);
        let typo = link.replacen("AEAQC", "AEAQD", 1);
        assert_eq!(PresenceCode::from_link(&typo), Err(PresenceError::Typo));
        assert_eq!(PresenceCode::from_link("https://example.org"), Err(PresenceError::NotACode));
    }
}
