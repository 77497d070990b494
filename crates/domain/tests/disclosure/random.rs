//! Random numbers that are the same on every machine and in every run.

use proptest::test_runner::{Config as ProptestConfig, RngSeed};

/// A random number generator: SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
pub struct Random(u64);

impl Random {
    /// A generator with this seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True in this percentage of cases.
    pub fn percent(&mut self, percent: u8) -> bool {
        self.below(100) < usize::from(percent)
    }

    /// A number below `end`, each less likely than the one before. At evenness 100 all are equally likely; at 0 only the first is
    /// possible.
    pub fn uneven(&mut self, end: usize, evenness: u8) -> usize {
        let weights: Vec<f64> = (0..end.max(1)).map(|at| (f64::from(evenness) / 100.0).powi(at as i32)).collect();
        let mut left = self.next() as f64 / u64::MAX as f64 * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// Thirty-two bytes, for a key.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.chunks_mut(8).for_each(|chunk| chunk.copy_from_slice(&self.next().to_be_bytes()));
        bytes
    }
}

/// A configuration with this number of cases, the same ones in every run.
pub fn cases(number: u32) -> ProptestConfig {
    ProptestConfig { cases: number, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}
