//! Everything that a run draws, from its seed alone.

use fastrand::Rng;

/// A source of draws.
#[derive(Clone, Debug)]
pub struct Chance(Rng);

impl Chance {
    /// The draws of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        // Neighbouring seeds are to have nothing in common.
        Self(Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x636f_7061_6374))
    }

    /// A number from `least` to `most`, both among them.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.u64(least..=most.max(least))
    }

    /// As [`Self::between`], for counts.
    pub fn count(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most.max(least))
    }

    /// True in `rate` of a thousand cases.
    pub fn happens(&mut self, rate: u32) -> bool {
        rate > 0 && self.0.u32(0..1_000) < rate
    }

    /// One of them, if there is any.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.0.usize(0..all.len())) }
    }

    /// Bytes that look random.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    /// So many bytes that look random.
    pub fn garbage(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill(&mut bytes);
        bytes
    }

    /// Puts them in any order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        self.0.shuffle(all);
    }
}
