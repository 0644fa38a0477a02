//! Frontiers as text.

use copact_core::codec;
use copact_core::frontier::Frontier;
use data_encoding::BASE32_NOPAD;

use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// A frontier was read that copact would not write.
pub fn target(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    let (what, script) = first(bytes);
    let honest = honest::frontier();
    if what % 2 == 0 {
        let text = mutate(honest.to_text().as_bytes(), script);
        check(&String::from_utf8_lossy(&text));
    } else {
        let coded = BASE32_NOPAD.encode(&mutate(&codec::encode(&honest), script));
        check(&format!("frontier-{}", coded.to_ascii_lowercase()));
    }
}

fn check(text: &str) {
    match Frontier::from_text(text) {
        Ok(frontier) => {
            let written = frontier.to_text();
            assert_eq!(Frontier::from_text(&written), Ok(frontier));
            assert_eq!(written, text.trim().to_ascii_lowercase());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
