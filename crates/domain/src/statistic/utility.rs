//! What publication costs whoever reads the figures: how many are published, and how far they are off.

use super::Tally;

/// From so many on a figure is taken for one that a table should show.
pub const OF_USE: u64 = 30;

/// Figures beside the true ones.
#[derive(Clone, Debug, Default)]
pub struct Utility {
    /// How many true figures aren't zero.
    pub figures: usize,
    /// How many of them are published.
    pub published: usize,
    /// How many are [`OF_USE`] or more.
    pub figures_of_use: usize,
    /// How many of those are published.
    pub published_of_use: usize,
    /// Of the published ones, in how many three organisations that act together know all but one or two of the records, give or take the
    /// perturbation.
    pub open_to_three: usize,
    errors: Vec<f64>,
}

impl Utility {
    /// Adds a figure that isn't zero, and how it is published.
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

    /// The part of the published figures' true size by which that part of them is off at the most: of a half of them the median. Nothing when
    /// none is published.
    pub fn relative_error(&self, part: f64) -> Option<f64> {
        let mut errors = self.errors.clone();
        errors.sort_by(f64::total_cmp);
        let at = (part * errors.len() as f64).ceil() as usize;
        errors.get(at.clamp(1, errors.len().max(1)) - 1).copied()
    }
}
