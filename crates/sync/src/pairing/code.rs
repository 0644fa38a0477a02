//! The short code that both people compare.

use std::fmt;

use copact_core::ids::tagged_hash;

/// Six digits, written `123 456`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ShortCode(u32);

/// What the code is drawn from.
pub(super) struct Transcript<'t> {
    pub exporter: &'t [u8; 32],
    pub commit: &'t [u8; 32],
    /// The newcomer's nonce.
    pub newcomer: &'t [u8; 32],
    /// The inviter's nonce.
    pub inviter: &'t [u8; 32],
    pub request: &'t [u8],
}

/// What a newcomer commits to before it knows the inviter's nonce.
pub(super) fn commitment(nonce: &[u8; 32], request: &[u8]) -> [u8; 32] {
    tagged_hash("copact pairing commit 1", &[nonce, request])
}

impl Transcript<'_> {
    pub(super) fn code(&self) -> ShortCode {
        let Self { exporter, commit, newcomer, inviter, request } = self;
        let parts: [&[u8]; 5] = [*exporter, *commit, *newcomer, *inviter, request];
        let [a, b, c, d, e, f, g, h, ..] = tagged_hash("copact pairing code 1", &parts);
        // Of 64 bits, the million does not favour any code noticeably.
        let code = u64::from_be_bytes([a, b, c, d, e, f, g, h]) % 1_000_000;
        ShortCode(u32::try_from(code).unwrap_or_default())
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortCode({self})")
    }
}
