//! Random bytes for sealing, drawn from the 32 that the caller gave.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

/// A stream of bytes from BLAKE3, keyed with the caller's random bytes.
///
/// What is about to be sealed goes in too: should a broken source of randomness give the same 32
/// bytes twice, another content is still sealed under another key.
pub(crate) struct Drawn(blake3::OutputReader);

impl Drawn {
    pub(crate) fn new(random: &[u8; 32], tag: &str, content: &[[u8; 32]]) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(random);
        hasher.update(tag.as_bytes());
        for digest in content {
            hasher.update(digest);
        }
        Self(hasher.finalize_xof())
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
