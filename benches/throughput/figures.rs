//! The results of runs, and how they are printed.

use std::time::Duration;

/// The results of one run.
pub struct Figures {
    /// How many requests were answered.
    pub requests: usize,
    /// How many bytes all answers had, where they were counted.
    pub bytes: usize,
    /// How many requests were refused besides.
    refused: usize,
    rate: f64,
    half_within: f64,
    nearly_all_within: f64,
    /// Of the program and of PostgreSQL, in milliseconds a request.
    processor: [f64; 2],
}

impl Figures {
    /// The results of a run that took `elapsed`, with the time that each request took.
    pub fn new(elapsed: Duration, times: Vec<Duration>) -> Self {
        let rate = times.len() as f64 / elapsed.as_secs_f64();
        Self::with_rate(rate, times)
    }

    /// The results of a run with that many requests a second, with the time that each request took.
    pub fn with_rate(rate: f64, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let within = |share: f64| percentile(&times, share).map_or(f64::NAN, milliseconds);
        Self {
            requests: times.len(),
            bytes: 0,
            refused: 0,
            rate,
            half_within: within(0.5),
            nearly_all_within: within(0.99),
            processor: [f64::NAN; 2],
        }
    }

    /// How many requests a second were answered.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Within how many milliseconds all but one in a hundred were answered.
    pub fn nearly_all_within(&self) -> f64 {
        self.nearly_all_within
    }

    /// Adds how many bytes all answers had.
    pub fn answering(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// Adds how many requests were refused besides.
    pub fn refusing(self, refused: usize) -> Self {
        Self { refused, ..self }
    }

    /// Adds the processor time of the run, from the seconds counted before and after it. Nothing where the system doesn't count.
    pub fn with_processor(mut self, before: Option<[f64; 2]>, after: Option<[f64; 2]>) -> Self {
        if let (Some(before), Some(after)) = (before, after) {
            self.processor = [0, 1].map(|of| (after[of] - before[of]) * 1_000.0 / self.requests as f64);
        }
        self
    }
}

/// Of sorted times, the one below which that share of them is.
pub fn percentile(sorted: &[Duration], share: f64) -> Option<Duration> {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied()
}

/// A time in milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// All runs of one side.
pub struct Side {
    name: String,
    runs: Vec<Figures>,
}

impl Side {
    /// A side that has not run yet.
    pub fn new(name: String) -> Self {
        Self { name, runs: Vec::new() }
    }

    /// Adds a run.
    pub fn push(&mut self, figures: Figures) {
        self.runs.push(figures);
    }

    fn median(&self, of: impl Fn(&Figures) -> f64) -> f64 {
        median(self.runs.iter().map(of).collect())
    }

    fn print(&self) {
        let rates: Vec<String> = self.runs.iter().map(|run| format!("{:.0}", run.rate)).collect();
        println!(
            "{:<44} {:>10.0} {:>9.2} {:>9.2} {:>11.2} {:>13.2}   {}",
            self.name,
            self.median(|run| run.rate),
            self.median(|run| run.half_within),
            self.median(|run| run.nearly_all_within),
            self.median(|run| run.processor[0]),
            self.median(|run| run.processor[1]),
            rates.join(" ")
        );
        let refused: usize = self.runs.iter().map(|run| run.refused).sum();
        if refused > 0 {
            let all = refused + self.runs.iter().map(|run| run.requests).sum::<usize>();
            println!("  {refused} of {all} were refused, and sent again as late as they were told");
        }
    }
}

/// Prints the medians of all sides, and compares the API with each of the others, round by round.
pub fn print<'a>(api: &Side, bases: impl Iterator<Item = &'a Side> + Clone) {
    println!();
    println!(
        "{:<44} {:>10} {:>9} {:>9} {:>11} {:>13}   each run",
        "", "requests/s", "p50 ms", "p99 ms", "program ms", "PostgreSQL ms"
    );
    api.print();
    bases.clone().for_each(Side::print);
    for base in bases {
        let ratios: Vec<f64> = api.runs.iter().zip(&base.runs).map(|(api, base)| api.rate / base.rate).collect();
        let each: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("{:<44} {:>10.2} {:>45}   {}", format!("  API / {}", base.name), median(ratios), "", each.join(" "));
    }
}

/// Prints how one organisation fares alone and beside the others, and how much longer its slowest requests take.
pub fn print_beside(quiet: &Side, crowded: &Side, others: &Side) {
    println!();
    println!(
        "{:<44} {:>10} {:>9} {:>9} {:>11} {:>13}   each run",
        "", "requests/s", "p50 ms", "p99 ms", "program ms", "PostgreSQL ms"
    );
    [quiet, crowded, others].iter().for_each(|side| side.print());
    let ratios: Vec<f64> = quiet
        .runs
        .iter()
        .zip(&crowded.runs)
        .map(|(quiet, crowded)| crowded.nearly_all_within / quiet.nearly_all_within)
        .collect();
    let each: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.1}")).collect();
    println!("{:<44} {:>30.1}   {}", "  p99 beside the others / alone", median(ratios), each.join(" "));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    (middle(values.len() / 2) + middle(values.len().saturating_sub(1) / 2)) / 2.0
}
