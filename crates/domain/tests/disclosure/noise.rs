//! The noise itself. It must be distributed as its table says, and the noise of one figure must reveal nothing about another's.

use pamoja_domain::statistic::Noise;

use crate::publication::noise_key;
use crate::random::Random;

const DRAWS: usize = 120_000;

/// The noise of `DRAWS` cells with random keys.
fn drawn(noise: Noise, seed: u64) -> Vec<i64> {
    let (key, table, mut random) = (noise_key(), noise.table(), Random::of(seed));
    (0..DRAWS).map(|draw| table.look_up(key.draw("CREATED", random.next(), 10 + draw as u64 % 500))).collect()
}

fn mean(values: &[i64]) -> f64 {
    values.iter().sum::<i64>() as f64 / values.len() as f64
}

#[test]
fn the_noise_is_distributed_as_its_table_says() {
    for (noise, seed) in [(Noise::MEMBERS, 1), (Noise::PUBLIC, 2)] {
        let values = drawn(noise, seed);
        assert!(values.iter().all(|value| value.unsigned_abs() <= u64::from(noise.maximum)));
        // Six standard errors of a mean of this many draws.
        let variance = f64::from(noise.variance);
        assert!(mean(&values).abs() < 6.0 * (variance / DRAWS as f64).sqrt(), "{noise:?}: mean {}", mean(&values));
        let squares: Vec<i64> = values.iter().map(|value| value * value).collect();
        assert!((mean(&squares) - variance).abs() < 0.05 * variance, "{noise:?}: variance {}", mean(&squares));
        let chi_square: f64 = noise
            .table()
            .distribution()
            .into_iter()
            .map(|(value, part)| {
                let expected = part * DRAWS as f64;
                let found = values.iter().filter(|drawn| **drawn == value).count() as f64;
                (found - expected).powi(2) / expected
            })
            .sum();
        // A distribution like the table's exceeds this once in a million times: 46.9 for 10 degrees of freedom, 58.5 for 16.
        let highest = if noise == Noise::MEMBERS { 46.9 } else { 58.5 };
        assert!(chi_square < highest, "{noise:?}: chi-square {chi_square}");
    }
}

#[test]
fn the_table_itself_has_the_mean_and_the_variance_and_nothing_further_off() {
    for noise in [Noise::MEMBERS, Noise::PUBLIC] {
        let distribution = noise.table().distribution();
        let moment = |power: i32| -> f64 { distribution.iter().map(|(value, part)| (*value as f64).powi(power) * part).sum() };
        assert!(moment(1).abs() < 1e-8 && (moment(2) - f64::from(noise.variance)).abs() < 1e-7, "{noise:?}");
        assert!(distribution.iter().all(|(value, part)| value.unsigned_abs() <= u64::from(noise.maximum) && *part > 0.0));
    }
}

#[test]
fn what_is_known_of_one_noise_tells_nothing_of_another() {
    let (key, table, mut random) = (noise_key(), Noise::MEMBERS.table(), Random::of(3));
    let pairs: Vec<[(i64, i64); 3]> = (0..DRAWS / 3)
        .map(|_| {
            let (cell_key, units) = (random.next(), 10 + random.next() % 500);
            let noise = |measure: &str, cell_key, units| table.look_up(key.draw(measure, cell_key, units));
            let one = noise("CREATED", cell_key, units);
            [
                (one, noise("ACCEPTED", cell_key, units)),
                (one, noise("CREATED", cell_key.wrapping_add(1), units)),
                (one, noise("CREATED", cell_key, units + 1)),
            ]
        })
        .collect();
    for (other, by) in ["measure", "cell key", "size"].into_iter().enumerate() {
        let products: Vec<i64> = pairs.iter().map(|pair| pair[other].0 * pair[other].1).collect();
        // For independent noise, the product has mean 0 and the two variances multiplied: six standard errors.
        assert!(mean(&products).abs() < 6.0 * 2.0 / (products.len() as f64).sqrt(), "another {by}: {}", mean(&products));
        let same = pairs.iter().filter(|pair| pair[other].0 == pair[other].1).count() as f64 / pairs.len() as f64;
        let by_chance: f64 = table.distribution().iter().map(|(_, part)| part * part).sum();
        assert!((same - by_chance).abs() < 0.02, "another {by}: {same} of them the same");
    }
}
