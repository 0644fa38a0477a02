//! Envelopes: form, signature, body.

use copact_core::codec;
use copact_core::envelope::{Header, Verified, Wire};
use copact_core::ids::BodyHash;
use copact_core::keys::Purpose;
use copact_core::limits;

use crate::honest;
use crate::mutation::{first, mutate};

const LIMIT: usize = limits::HEADER_BYTES + limits::BODY_BYTES + 128;

/// The target.
///
/// # Panics
/// An altered envelope was verified, or one was read whose bytes copact would not write.
pub fn target(bytes: &[u8]) {
    if let Ok(wire) = codec::decode::<Wire>(bytes, "an envelope", LIMIT) {
        check(wire);
    }
    let (which, script) = first(bytes);
    let (what, script) = first(script);
    let envelopes = &*honest::ENVELOPES;
    let honest = &envelopes[usize::from(which) % envelopes.len()];
    match what % 3 {
        0 => altered(honest, script),
        1 => signed(honest, mutate(&honest.wire().header, script), honest.wire().body),
        _ => {
            let body = mutate(&honest.wire().body, script);
            let mut hasher = blake3::Hasher::new();
            hasher.update(honest.wire().salt.as_bytes()).update(&body);
            let header = Header {
                body: BodyHash::from_bytes(*hasher.finalize().as_bytes()),
                body_len: u32::try_from(body.len()).unwrap_or(u32::MAX),
                ..honest.header().clone()
            };
            signed(honest, codec::encode(&header), body);
        }
    }
}

/// Nobody but the author can change a byte.
fn altered(honest: &Verified, script: &[u8]) {
    let bytes = mutate(&codec::encode(&honest.wire()), script);
    let Ok(wire) = codec::decode::<Wire>(&bytes, "an envelope", LIMIT) else { return };
    if let Ok(verified) = wire.parse().and_then(|signed| signed.verify()) {
        assert_eq!(verified.wire(), honest.wire(), "an altered envelope was verified");
    }
}

/// The author signs something else.
fn signed(honest: &Verified, header: Vec<u8>, body: Vec<u8>) {
    let signature = honest::device().sign(Purpose::Envelope, &header);
    let wire = Wire { header, signature, salt: honest.wire().salt, body };
    check(wire);
}

/// What is read makes the same bytes again.
fn check(wire: Wire) {
    match wire.clone().parse().and_then(|signed| signed.verify()) {
        Ok(verified) => {
            assert_eq!(verified.wire(), wire);
            assert_eq!(verified.id(), wire.id());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
