//! The noise of the cell key method. The records behind a figure and two secrets decide by how much the figure is off.
//!
//! Every record has a record key. The sum of a cell's record keys is its cell key, which decides the noise. A question about the
//! same records gets the same noise however it is asked: nothing can be averaged away. Sets of records that differ by only one
//! record get different noise.
//!
//! After Fraser and Wooton, "A proposed method for confidentialising tabular output to protect against differencing" (2005), with
//! the perturbation table of maximum entropy of Marley and Leaver, "A method for confidentialising user-defined tables" (2011).

use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How figures are perturbed: the distribution on -maximum ..= maximum with mean 0 and this variance that has the greatest
/// entropy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// A figure is never further off than this.
    pub maximum: u32,
    /// The variance of the noise.
    pub variance: u32,
}

impl Noise {
    /// For figures that members of the coalition read.
    pub const MEMBERS: Self = Self { maximum: 5, variance: 2 };
    /// For figures that the public reads, and for figures about rights violations.
    pub const PUBLIC: Self = Self { maximum: 8, variance: 4 };

    /// Its perturbation table.
    pub fn table(self) -> PerturbationTable {
        PerturbationTable::new(self)
    }
}

/// The cumulative distribution of a [`Noise`], in steps of 2⁻³²: which share of all cell keys gets which noise. It is the same on
/// every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerturbationTable {
    noise: Noise,
    /// Below the first threshold the noise is -maximum, below the second one more, and so on.
    thresholds: Vec<u64>,
}

impl PerturbationTable {
    /// With this mean and variance the entropy is greatest if the probability of k is proportional to exp(-λk²). A greater λ
    /// gives a smaller variance, so bisection finds it.
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

    /// The noise for a draw, in steps of 2⁻³².
    pub fn look_up(&self, draw: u32) -> i64 {
        let below = self.thresholds.partition_point(|threshold| *threshold <= u64::from(draw));
        below as i64 - i64::from(self.noise.maximum)
    }

    /// Each noise with the share of all draws that gets it.
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

/// The number of draws.
const STEPS: u64 = 1 << 32;

/// The secret that decides which cell key gets which noise. It must outlive all releases: with another secret the same records
/// would get another noise, and two noises reveal more than one.
pub struct NoiseKey(Zeroizing<[u8; 32]>);

/// The secret that gives the records of one release their record keys. Nobody needs it afterwards and nobody may have it: the
/// program makes it for the release, never writes it down, and wipes it from memory when it is dropped.
pub struct ReleaseKey(Zeroizing<[u8; 32]>);

impl NoiseKey {
    /// From bytes that nobody can guess.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// An id that distinguishes it from other keys and reveals nothing of it.
    pub fn id(&self) -> String {
        let digest = keyed(&self.0, &[b"pamoja noise key"]);
        format!("{:016x}", u64::from_be_bytes(digest))
    }

    /// The draw with which a cell's noise is looked up: uniform over all cells, and always the same for the same cell.
    pub fn draw(&self, measure: &str, cell_key: u64, units: u64) -> u32 {
        let digest = keyed(&self.0, &[measure.as_bytes(), &[0], &cell_key.to_be_bytes(), &units.to_be_bytes()]);
        let [first, second, third, fourth, ..] = digest;
        u32::from_be_bytes([first, second, third, fourth])
    }
}

impl ReleaseKey {
    /// From bytes that nobody can guess.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The key of a record, which is one row or one row of a party.
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
