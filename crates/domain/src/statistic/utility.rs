//! What publication costs the readers of the figures: how many figures are published, and how far they are off.

use super::Tally;

/// A figure of at least this size should be in a table.
pub const OF_USE: u64 = 30;

/// Compares the published figures with the true ones.
#[derive(Clone, Debug, Default)]
pub struct Utility {
    /// How many true figures are not zero.
    pub figures: usize,
    /// How many of those are published.
    pub published: usize,
    /// How many figures are [`OF_USE`] or more.
    pub figures_of_use: usize,
    /// How many of those are published.
    pub published_of_use: usize,
    /// The published figures of which three organisations together know all but one or two records, apart from the noise.
    pub open_to_three: usize,
    errors: Vec<f64>,
}

impl Utility {
    /// Adds a figure that isn't zero, with its published value if it has one.
    pub fn add(&mut self, tally: &Tally, published: Option<i64>) {
        let truth = tally.units;
        self.figures += 1;
        let of_use = truth >= OF_USE;
        self.figures_of_use += usize::from(of_use);
        if let Some(published) = published {
            self.published += 1;
            self.open_to_three += usize::from(tally.least_unseen_by_three().is_some_and(|unseen| unseen < 3));
            self.published_of_use += usize::from(of_use);
            let error = (published - i64::try_from(truth).unwrap_or(i64::MAX)).unsigned_abs();
            self.errors.push(error as f64 / truth as f64);
        }
    }

    /// The relative error that this share of the published figures does not exceed; for a half of them it is the median. `None`
    /// if no figure is published.
    pub fn relative_error(&self, part: f64) -> Option<f64> {
        let mut errors = self.errors.clone();
        errors.sort_by(f64::total_cmp);
        let at = (part * errors.len() as f64).ceil() as usize;
        errors.get(at.clamp(1, errors.len().max(1)) - 1).copied()
    }
}
