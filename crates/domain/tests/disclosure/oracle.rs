//! Compares our perturbation table with one that was made in another way, and our look-up with that of the package of the Office
//! for National Statistics of the United Kingdom: see `tests/oracle/cell_key_perturbation.py`.

use pamoja_domain::statistic::Noise;
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    tables: Vec<OracleTable>,
}

#[derive(Deserialize)]
struct OracleTable {
    maximum: u32,
    variance: u32,
    /// The end of each noise but the last, in steps of 2⁻³².
    thresholds: Vec<u64>,
    vectors: Vec<Vector>,
}

/// Perturbed figures of this size, for the cell keys 0 to 255.
#[derive(Deserialize)]
struct Vector {
    size: i64,
    perturbed: Vec<i64>,
}

fn oracle() -> Vec<OracleTable> {
    let text = include_str!("../../../../tests/oracle/cell_key_perturbation.json");
    serde_json::from_str::<Oracle>(text).expect("what the script writes").tables
}

#[test]
fn both_look_up_the_same() {
    let mut looked_up = 0;
    for OracleTable { maximum, variance, vectors, .. } in oracle() {
        let table = Noise { maximum, variance }.table();
        for Vector { size, perturbed } in vectors {
            for (cell_key, perturbed) in perturbed.into_iter().enumerate() {
                assert_eq!(size + table.look_up((cell_key as u32) << 24), perturbed, "{maximum} {variance} {cell_key}");
                looked_up += 1;
            }
        }
    }
    assert_eq!(looked_up, 2 * 6 * 256);
}

#[test]
fn both_tables_are_the_same_within_a_step() {
    let tables = oracle();
    let noises: Vec<Noise> = tables.iter().map(|table| Noise { maximum: table.maximum, variance: table.variance }).collect();
    assert_eq!(noises, [Noise::MEMBERS, Noise::PUBLIC]);
    for (noise, OracleTable { maximum, thresholds, .. }) in noises.into_iter().zip(tables) {
        let table = noise.table();
        for (below, threshold) in thresholds.into_iter().enumerate() {
            let noise_below = below as i64 - i64::from(maximum);
            let noise_at = |steps: u64| table.look_up(u32::try_from(steps).expect("a draw"));
            assert_eq!(noise_at(threshold - 2), noise_below, "{noise:?} {threshold}");
            assert_eq!(noise_at(threshold + 1), noise_below + 1, "{noise:?} {threshold}");
        }
    }
}
