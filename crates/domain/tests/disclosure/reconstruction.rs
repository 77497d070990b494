//! The attack of Dinur and Nissim, "Revealing information while preserving privacy" (2003). The attacker knows everything about
//! each referral except whether the client arrived, and looks for the answers that agree best with all published figures.

use pamoja_domain::statistic::Measure;

use crate::linear::Knowledge;
use crate::naive::Index;
use crate::publication::{Publication, Publisher};
use crate::world::{Shape, World};

/// A coalition in which about half of all clients arrive, whatever their other features.
fn world(seed: u64, referrals: usize) -> World {
    let shape =
        Shape { referrals, trainings: 0, not_taken: 0, counties: 3, services: 3, populations: 3, ..Shape::usual(seed, 0) };
    shape.world()
}

/// For each referral, whether its client arrived.
fn arrivals(world: &World) -> Vec<bool> {
    world.records.iter().map(|made| made.record.measures.contains(&Measure::Arrived)).collect()
}

/// The share of right answers among those that agree best with the figures. Each figure has the referrals that it counts arrivals
/// among, and the least and the greatest number of arrivals.
fn right(world: &World, figures: Vec<(Vec<usize>, f64, f64)>) -> f64 {
    let arrivals = arrivals(world);
    let knowledge = Knowledge { unknown: arrivals.len(), most: Some(1.0), sums: figures };
    let guessed = knowledge.likeliest();
    let right = guessed.iter().zip(&arrivals).filter(|(guess, arrived)| (**guess > 0.5) == **arrived).count();
    right as f64 / arrivals.len() as f64
}

/// The share of right answers if every answer is what most clients did.
fn majority(world: &World) -> f64 {
    let arrivals = arrivals(world);
    let part = arrivals.iter().filter(|arrived| **arrived).count() as f64 / arrivals.len() as f64;
    part.max(1.0 - part)
}

/// For each figure of arrivals: the referrals that it is about and how many of them arrived. The numbers are the published ones
/// with their bounds or, if `exact`, the true ones of all figures.
fn figures(world: &World, publication: &Publication, exact: bool) -> Vec<(Vec<usize>, f64, f64)> {
    let mut index = Index::of(world);
    let mut figures = Vec::new();
    for ((sort @ (name, measure), period), page) in &publication.0 {
        if *measure != Measure::Created || !name.table().measures.contains(&Measure::Arrived) {
            continue;
        }
        let arrived = &publication.0[&((*name, Measure::Arrived), *period)];
        for coordinate in page.tabulation.keys() {
            let of = index.set(*sort, *period, *coordinate).into_iter().map(|at| at as usize).collect();
            if exact {
                let number = arrived.tabulation.get(coordinate).map_or(0, |tally| tally.units) as f64;
                figures.push((of, number, number));
            } else if let Some(value) = arrived.values.get(coordinate) {
                let most_off = f64::from(name.table().noise.maximum);
                figures.push((of, *value as f64 - most_off, *value as f64 + most_off));
            }
        }
    }
    figures
}

#[test]
fn exact_figures_give_away_who_arrived() {
    for seed in 1..4 {
        let world = world(seed, 9);
        let publication = Publisher::STANDARD.publish(&world);
        let right = right(&world, figures(&world, &publication, true));
        assert!(right >= 0.95, "{seed}: only {right} beside {}", majority(&world));
    }
}

#[test]
fn published_figures_tell_no_more_than_what_most_did() {
    let (mut guesses, mut more) = (0.0, 0.0);
    for (seed, referrals) in (1..9).map(|seed| (seed, 9)).chain([(11, 40), (12, 40), (13, 40)]) {
        let world = world(seed, referrals);
        let figures = figures(&world, &Publisher::STANDARD.publish(&world), false);
        assert!(figures.len() >= 5, "{seed}: so little is published that the attack tells nothing");
        let number = world.records.len() as f64;
        guesses += number;
        more += (right(&world, figures) - majority(&world)) * number;
    }
    // If the guesses are independent of the truth, the number of right ones has half the root of their number as its standard
    // deviation. Three of those are allowed.
    assert!(more <= 3.0 * guesses.sqrt() / 2.0, "{more} more of {guesses} are right than by what most did");
}
