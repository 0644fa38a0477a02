//! Keys as `did:key`, and bytes in multibase, base58btc.

use copact_core::keys::{CredentialKey, DeviceKey};

const DID: &str = "did:key:";
/// Base58btc in multibase.
const BASE58: char = 'z';
/// An Ed25519 public key in multicodec.
const ED25519: [u8; 2] = [0xed, 0x01];
const KEY: usize = 32;
const PREFIXED: usize = ED25519.len() + KEY;

/// The `did:key` of a key for credentials.
#[must_use]
pub fn of_credentials(key: &CredentialKey) -> String {
    did(key.as_bytes())
}

/// The `did:key` of a device.
#[must_use]
pub fn of_device(key: &DeviceKey) -> String {
    did(key.as_bytes())
}

/// The verification method of a `did:key`: the one key that it has.
#[must_use]
pub fn method(key: &CredentialKey) -> String {
    format!("{}#{}", did(key.as_bytes()), multikey(key.as_bytes()))
}

/// The Ed25519 key that a `did:key` is.
pub(super) fn read(did: &str) -> Option<[u8; KEY]> {
    let prefixed: [u8; PREFIXED] = from_multibase(did.strip_prefix(DID)?)?;
    prefixed.strip_prefix(&ED25519)?.try_into().ok()
}

/// The key of a verification method, which names it twice.
pub(super) fn read_method(method: &str) -> Option<CredentialKey> {
    let (did, fragment) = method.split_once('#')?;
    let key = read(did).filter(|key| multikey(key) == fragment)?;
    Some(CredentialKey::from_bytes(key))
}

fn did(key: &[u8; KEY]) -> String {
    format!("{DID}{}", multikey(key))
}

fn multikey(key: &[u8; KEY]) -> String {
    multibase(&[ED25519.as_slice(), key].concat())
}

pub(super) fn multibase(bytes: &[u8]) -> String {
    format!("{BASE58}{}", bs58::encode(bytes).into_string())
}

/// Exactly so many bytes. Decoding takes the square of the length, so what is far too long is not.
pub(super) fn from_multibase<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.strip_prefix(BASE58).filter(|digits| digits.len() <= 2 * N)?;
    bs58::decode(digits).into_vec().ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The key pair of the recommendation's test vectors.
    const W3C: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    /// Breaks when: a key is written otherwise than others write it, or does not come back.
    #[test]
    fn a_key_comes_back_as_it_was_written() {
        let key = read(&format!("did:key:{W3C}")).unwrap();
        assert_eq!(multikey(&key), W3C);
        let key = CredentialKey::from_bytes(key);
        assert_eq!(method(&key), format!("did:key:{W3C}#{W3C}"));
        assert_eq!(read_method(&method(&key)), Some(key));
    }

    /// Breaks when: one key has two ways to be written, or something else passes for a key.
    #[test]
    fn nothing_else_is_a_key() {
        let zero = did(&[0; 32]);
        let elsewhere = format!("did:key:{W3C}#{}", multikey(&[0; 32]));
        assert_eq!(read_method(&elsewhere), None);
        assert_eq!(read_method(&format!("did:key:{W3C}")), None);
        let x25519 = multibase(&[[0xec, 0x01].as_slice(), &[7; 32]].concat());
        let bad = [
            "",
            "did:key:",
            "did:key:z",
            W3C,
            &W3C.replace('z', "m"),
            &zero.replace('z', "z1"),
            &format!("did:key:{x25519}"),
            &format!("did:key:{W3C}2"),
            "did:key:z0OIl",
            &format!("did:key:z{}", "1".repeat(1 << 20)),
            "did:key:zé",
            "did:web:example.org",
        ];
        for bad in bad {
            assert_eq!(read(bad), None, "{}", bad.chars().take(60).collect::<String>());
        }
    }
}
