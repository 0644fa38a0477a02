//! Sealing: what is encrypted at rest, and with which nonce.
//!
//! The crate draws no random bytes. A nonce is derived, under a key of its own, from everything
//! that is sealed, so that one nonce never serves two contents (the construction of SIV modes).
//! An envelope's id fixes its body already, so there the nonce is derived from the id and need
//! not be stored.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use copact_core::ids::EnvelopeId;
use zeroize::Zeroizing;

use crate::key::StoreKey;

const NONCE_BYTES: usize = 24;
const ENVELOPE: &str = "envelope";

/// What opens and closes a store's sealed values.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    nonces: Zeroizing<[u8; 32]>,
    marks: Zeroizing<[u8; 32]>,
}

/// A sealed value does not open: other bytes, another place, or another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DoesNotOpen;

impl Sealer {
    pub(crate) fn new(key: &StoreKey) -> Self {
        let derive = |purpose| Zeroizing::new(blake3::derive_key(purpose, key.bytes()));
        let sealing = derive("copact store 1 sealing");
        Self {
            cipher: XChaCha20Poly1305::new((&*sealing).into()),
            nonces: derive("copact store 1 nonces"),
            marks: derive("copact store 1 marks"),
        }
    }

    /// Seals a value that stands at a place in the database and may be replaced there.
    pub(crate) fn seal(&self, table: &str, key: &[u8], content: &[u8]) -> Vec<u8> {
        let nonce = self.nonce(&[b"value", table.as_bytes(), key, content]);
        let mut sealed = nonce.to_vec();
        sealed.extend(self.encrypt(&nonce, table, key, content));
        sealed
    }

    /// Opens what [`Self::seal`] made for the same place.
    pub(crate) fn open(
        &self,
        table: &str,
        key: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(DoesNotOpen)?;
        self.decrypt(nonce, table, key, sealed).map(Zeroizing::new)
    }

    /// Seals an envelope's salt and body. Its id covers header and signature, the header names the
    /// body's hash: one id has one content.
    pub(crate) fn seal_body(&self, id: &EnvelopeId, content: &[u8]) -> Vec<u8> {
        self.encrypt(&self.body_nonce(id), ENVELOPE, id.as_bytes(), content)
    }

    /// Opens what [`Self::seal_body`] made. As the id is authenticated too, header and signature
    /// are the ones that this device stored.
    pub(crate) fn open_body(&self, id: &EnvelopeId, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        self.decrypt(&self.body_nonce(id), ENVELOPE, id.as_bytes(), sealed)
    }

    /// A mark that only who has the key can make.
    pub(crate) fn mark(&self, parts: &[&[u8]]) -> [u8; 32] {
        *keyed(&self.marks, parts).finalize().as_bytes()
    }

    fn body_nonce(&self, id: &EnvelopeId) -> [u8; NONCE_BYTES] {
        self.nonce(&[b"body", id.as_bytes()])
    }

    fn nonce(&self, parts: &[&[u8]]) -> [u8; NONCE_BYTES] {
        let mut nonce = [0; NONCE_BYTES];
        keyed(&self.nonces, parts).finalize_xof().fill(&mut nonce);
        nonce
    }

    fn encrypt(&self, nonce: &[u8; NONCE_BYTES], table: &str, key: &[u8], msg: &[u8]) -> Vec<u8> {
        let aad = place(table, key);
        // Fails only above 256 GiB, and then with nothing: which does not open again.
        self.cipher.encrypt(&XNonce::from(*nonce), Payload { msg, aad: &aad }).unwrap_or_default()
    }

    fn decrypt(
        &self,
        nonce: &[u8; NONCE_BYTES],
        table: &str,
        key: &[u8],
        msg: &[u8],
    ) -> Result<Vec<u8>, DoesNotOpen> {
        let aad = place(table, key);
        self.cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg, aad: &aad })
            .map_err(|_| DoesNotOpen)
    }
}

/// The place of a value, bound to it so that sealed values cannot be exchanged.
fn place(table: &str, key: &[u8]) -> Vec<u8> {
    [table.as_bytes(), b"\0", key].concat()
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_value_opens_only_whole_at_its_place_and_with_its_key() {
        let sealer = Sealer::new(&StoreKey::from_bytes([1; 32]));
        let sealed = sealer.seal("settings", b"name", b"content");
        assert_eq!(&**sealer.open("settings", b"name", &sealed).unwrap(), b"content");
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(sealer.open("settings", b"name", &flipped).is_err(), "byte {at}");
            assert!(sealer.open("settings", b"name", &sealed[..at]).is_err(), "{at} bytes");
        }
        assert!(sealer.open("settings", b"other", &sealed).is_err());
        assert!(sealer.open("texts", b"name", &sealed).is_err());
        let other = Sealer::new(&StoreKey::from_bytes([2; 32]));
        assert!(other.open("settings", b"name", &sealed).is_err());
    }

    #[test]
    fn no_nonce_serves_two_contents() {
        let sealer = Sealer::new(&StoreKey::from_bytes([1; 32]));
        let nonce = |table, key: &[u8], content: &[u8]| {
            sealer.seal(table, key, content)[..NONCE_BYTES].to_vec()
        };
        let one = nonce("texts", b"key", b"one");
        assert_eq!(one, nonce("texts", b"key", b"one"));
        assert_ne!(one, nonce("texts", b"key", b"two"));
        assert_ne!(one, nonce("texts", b"keyo", b"ne"));
        assert_ne!(one, nonce("textsk", b"ey", b"one"));
    }
}
