//! Presence codes.

use copact_core::ids::tagged_hash;
use copact_core::presence::PresenceCode;
use data_encoding::BASE32_NOPAD;

use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// A code with a typing mistake was read, or one that copact would not write.
pub fn target(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    let (what, script) = first(bytes);
    let honest = honest::presence();
    let link = honest.to_link();
    let (prefix, coded) = link.split_once('/').expect("a link");
    if what % 2 == 0 {
        let typed = String::from_utf8_lossy(&mutate(link.as_bytes(), script)).into_owned();
        // Its checksum has 24 bits. A mistake that is not noticed is not one of a person, and no
        // attack: anybody can write a code. But it has to be computed.
        check(&typed);
    } else {
        let bytes = BASE32_NOPAD.decode(coded.as_bytes()).expect("base32");
        let body = mutate(&bytes[..bytes.len() - 3], script);
        let sum = tagged_hash("copact presence check 1", &[&body]);
        let coded = BASE32_NOPAD.encode(&[&body, &sum[..3]].concat());
        check(&format!("{prefix}/{coded}"));
    }
}

fn check(link: &str) {
    match PresenceCode::from_link(link) {
        Ok(code) => {
            let written = code.to_link();
            assert_eq!(PresenceCode::from_link(&written), Ok(code));
            assert_eq!(written.to_ascii_lowercase(), link.trim().to_ascii_lowercase());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
