//! The noise of the cell key method: by how much a figure is off, decided by the records behind it and by two secrets.
//!
//! Every record has a record key; the sum of the record keys of a cell, its cell key, decides the noise. Whoever asks for the same records in
//! whatever way gets the same noise, so that nothing can be averaged away, and another set of records, by one alone, gets another noise.
//! After Fraser and Wooton, "A proposed method for confidentialising tabular output to protect against differencing" (2005), with the
//! perturbation table of maximum entropy of Marley and Leaver, "A method for confidentialising user-defined tables" (2011).

use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How figures are perturbed: the distribution on -maximum ..= maximum of mean 0 and this variance that has the greatest entropy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// A figure is never further off than this.
    pub maximum: u32,
    /// The variance of the noise.
    pub variance: u32,
}

impl Noise {
    /// For figures that the members of the coalition read.
    pub const MEMBERS: Self = Self { maximum: 5, variance: 2 };
    /// For figures that anybody reads, and for those about rights violations.
    pub const PUBLIC: Self = Self { maximum: 8, variance: 4 };

    /// Its perturbation table.
    pub fn table(self) -> PerturbationTable {
        PerturbationTable::new(self)
    }
}

/// The cumulative distribution of a [`Noise`], in steps of 2⁻³²: which part of all cell keys gets which noise. It is the same on every
/// machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerturbationTable {
    noise: Noise,
    /// Below the first of them the noise is -maximum, below the second one more, and so on.
    thresholds: Vec<u64>,
}

impl PerturbationTable {
    /// Under the two conditions the entropy is greatest where the probability of k is proportional to exp(-λk²); a greater λ is a smaller
    /// variance, so that halving finds it.
    fn new(noise: Noise) -> Self {
        let squares: Vec<f64> = Self::values(noise).map(|value| (value * value) as f64).collect();
        let weights = |lambda: f64| -> Vec<f64> { squares.iter().map(|square| (-lambda * square).exp()).collect() };
        let variance = |lambda: f64| {
            let weights = weights(lambda);
            let weighted: f64 = weights.iter().zip(&squares).map(|(weight, square)| weight * square).sum();
            weighted / weights.iter().sum::<f64>()
        };
        let (mut low, mut high) = (0.0, 64.0);
        for _ in 0..200 {
            let middle = (low + high) / 2.0;
            if variance(middle) > f64::from(noise.variance) { low = middle } else { high = middle }
        }
        let weights = weights(low);
        let whole: f64 = weights.iter().sum();
        let mut below = 0.0;
        let mut thresholds = Vec::with_capacity(weights.len());
        for weight in &weights[..weights.len() - 1] {
            below += weight / whole;
            thresholds.push((below * STEPS as f64).round() as u64);
        }
        Self { noise, thresholds }
    }

    fn values(noise: Noise) -> impl Iterator<Item = i64> {
        let maximum = i64::from(noise.maximum);
        -maximum..=maximum
    }

    /// The noise that the perturbation table has for that draw, in steps of 2⁻³².
    pub fn look_up(&self, draw: u32) -> i64 {
        let below = self.thresholds.partition_point(|threshold| *threshold <= u64::from(draw));
        below as i64 - i64::from(self.noise.maximum)
    }

    /// Each noise with the part of all draws that gets it.
    pub fn distribution(&self) -> Vec<(i64, f64)> {
        let ends = self.thresholds.iter().copied().chain([STEPS]);
        let mut begin = 0;
        let parts = ends.map(|end| {
            let part = (end - begin) as f64 / STEPS as f64;
            begin = end;
            part
        });
        Self::values(self.noise).zip(parts).collect()
    }
}

/// How many draws there are.
const STEPS: u64 = 1 << 32;

/// The secret that decides which cell key gets which noise. It outlives all releases: with another one, the same records would get
/// another noise, and two noises are easier to see through than one.
pub struct NoiseKey(Zeroizing<[u8; 32]>);

/// The secret that gives the records of one release their record keys. Nobody needs it afterwards, and nobody must have it: it is made for the
/// release, never written down, and wiped from memory when dropped.
pub struct ReleaseKey(Zeroizing<[u8; 32]>);

impl NoiseKey {
    /// With those bytes, which nobody can guess.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// By which it is told from another one; it gives nothing of it away.
    pub fn id(&self) -> String {
        let digest = keyed(&self.0, &[b"pamoja noise key"]);
        format!("{:016x}", u64::from_be_bytes(digest))
    }

    /// The draw by which a cell looks its noise up: uniform over all cells, and always the same for the same cell.
    pub fn draw(&self, measure: &str, cell_key: u64, units: u64) -> u32 {
        let digest = keyed(&self.0, &[measure.as_bytes(), &[0], &cell_key.to_be_bytes(), &units.to_be_bytes()]);
        let [first, second, third, fourth, ..] = digest;
        u32::from_be_bytes([first, second, third, fourth])
    }
}

impl ReleaseKey {
    /// With those bytes, which nobody can guess.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The key of a record, which is one row, or one row of a party.
    pub fn record_key(&self, ids: &[Uuid]) -> u64 {
        let parts: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes().as_slice()).collect();
        u64::from_be_bytes(keyed(&self.0, &parts))
    }
}

/// The first eight bytes of HMAC-SHA256.
fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 8] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    let digest = mac.finalize().into_bytes();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    first
}
