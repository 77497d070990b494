//! The averaging attack: somebody asks for the same records repeatedly, in every table and period that has them, and takes the
//! mean. If each answer had its own noise, the mean would soon be the truth.

use pamoja_domain::statistic::{Coordinate, Dimension, Measure, Noise, NoiseKey, OrganisationNumber, Parties, Record, Subject};
use zeroize::Zeroizing;

use crate::publication::{Period, Publication, Publisher, noise_key};
use crate::random::Random;
use crate::world::{Made, World};

/// A coalition with everything in one county, of one service and one age, and in January only. All tables and periods count the
/// same referrals.
fn all_the_same(seed: u64, referrals: usize) -> World {
    let mut random = Random::of(seed);
    let mut categories: [Vec<u16>; Dimension::ALL.len()] = Default::default();
    for dimension in [Dimension::ServiceType, Dimension::County, Dimension::AgeBand] {
        categories[dimension as usize] = vec![0];
    }
    let record = |at: usize| Record {
        subject: Subject::Referrals,
        record_key: random.next(),
        session: None,
        parties: Parties {
            contributor: OrganisationNumber(at as u16 % 6),
            counterpart: Some(OrganisationNumber(6 + at as u16 % 5)),
        },
        units: 1,
        categories: categories.clone(),
        measures: vec![Measure::Created],
    };
    let records = (0..referrals).map(record).map(|record| Made { month: 0, record }).collect();
    World { organisations: 11, records }
}

/// Every published figure of those records, for one measure.
fn answers(publication: &Publication) -> Vec<i64> {
    publication.0.values().flat_map(|page| page.values.values().copied()).collect()
}

#[test]
fn whoever_asks_for_the_same_records_gets_the_same_answer() {
    let mut off = Vec::new();
    for seed in 0..30 {
        let referrals = 60 + seed as usize;
        let publication = Publisher::STANDARD.publish(&all_the_same(seed, referrals));
        let answers = answers(&publication);
        assert!(answers.len() >= 15, "too few answers to average: {}", answers.len());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{seed}: {answers:?}");
        let mean = answers.iter().sum::<i64>() as f64 / answers.len() as f64;
        off.push((mean - referrals as f64).powi(2));
    }
    // The mean of all answers is as far off as a single answer. The mean of 30 such squares is 2, give or take 0.5.
    let variance = off.iter().sum::<f64>() / off.len() as f64;
    assert!((0.5..4.0).contains(&variance), "the mean of all answers has the variance {variance}");
    assert!(off.iter().filter(|off| **off < 0.25).count() < 20, "most means give the truth away");
}

#[test]
fn the_same_attack_finds_the_truth_where_each_answer_has_a_noise_of_its_own() {
    let table = Noise::MEMBERS.table();
    let mut random = Random::of(1);
    for truth in [12_u64, 60, 431] {
        let cell_key = random.next();
        let sum: i64 = (0..1_000)
            .map(|_| {
                let fresh = NoiseKey::new(Zeroizing::new(random.bytes()));
                truth as i64 + table.look_up(fresh.draw("CREATED", cell_key, truth))
            })
            .sum();
        assert_eq!((sum as f64 / 1_000.0).round() as u64, truth);
    }
}

#[test]
fn another_record_is_another_noise() {
    // Otherwise somebody could add their own records one by one, ask each time, and read the noise off the steps.
    let (key, table) = (noise_key(), Noise::MEMBERS.table());
    let mut random = Random::of(2);
    let (mut cell_key, mut noises) = (0_u64, Vec::new());
    for units in 10..1_010 {
        cell_key = cell_key.wrapping_add(random.next());
        noises.push(table.look_up(key.draw("CREATED", cell_key, units)));
    }
    let same = noises.windows(2).filter(|pair| pair[0] == pair[1]).count();
    let by_chance: f64 = table.distribution().iter().map(|(_, part)| part * part).sum();
    assert!((same as f64 / 999.0 - by_chance).abs() < 0.08, "{same} of 999 steps leave the noise as it was");
}

#[test]
fn a_page_of_nothing_publishes_nothing() {
    let publication = Publisher::STANDARD.publish(&all_the_same(1, 100));
    let february = publication.0.iter().filter(|((_, period), _)| *period == Period { months: 1, first: 1 });
    assert!(february.into_iter().all(|(_, page)| page.values.is_empty() && !page.tabulation.contains_key(&Coordinate::Total)));
}
