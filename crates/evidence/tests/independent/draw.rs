//! Numbers from a seed.

#[derive(Debug)]
pub struct Draw(u64);

impl Draw {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub const fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    /// A number from `from` to `to`.
    pub fn between(&mut self, from: i32, to: i32) -> i32 {
        let span = u64::try_from(to - from + 1).unwrap();
        from + i32::try_from(self.next(span)).unwrap()
    }

    /// Whether something of so many per cent happens.
    pub const fn one_in(&mut self, percent: u64) -> bool {
        self.next(100) < percent
    }

    pub fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let at = self.next(u64::try_from(all.len().max(1)).unwrap());
        all.get(usize::try_from(at).unwrap()).cloned()
    }
}
