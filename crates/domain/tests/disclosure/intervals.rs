//! The attack of somebody who puts all that is published together, each figure with how far it can be off, and works out what a hidden one
//! must be at the least and can be at the most. It can always be several things.

use std::collections::{BTreeMap, BTreeSet};

use pamoja_domain::statistic::{LEAST_VALUES, Measure, Place, StatisticTableName};
use proptest::prelude::*;

use crate::linear::Knowledge;
use crate::publication::{Period, Publication, Publisher};
use crate::world::Shape;

/// Tables of which every record is in one cell each, and the tables that have their rows and their columns.
const TABLES: [(StatisticTableName, &[StatisticTableName]); 6] = {
    use StatisticTableName::{
        ReferralsByAgeBand, ReferralsByCounty, ReferralsByCountyAndServiceType, ReferralsByReceiverKind, ReferralsByServiceType,
        TrainingParticipantsByCadre, TrainingParticipantsByTopic,
    };
    [
        (ReferralsByServiceType, &[]),
        (ReferralsByAgeBand, &[]),
        (ReferralsByReceiverKind, &[]),
        (ReferralsByCountyAndServiceType, &[ReferralsByCounty, ReferralsByServiceType]),
        (TrainingParticipantsByTopic, &[]),
        (TrainingParticipantsByCadre, &[]),
    ]
};

/// What is known of one measure of a table in a year, and of the hidden figures which numbers each is made of.
struct Table {
    knowledge: Knowledge,
    hidden: Vec<((Period, Place), Vec<usize>)>,
}

/// A number for each cell in each month, also for those of nothing: that they are of nothing isn't known.
fn table(publication: &Publication, name: StatisticTableName, margins: &[StatisticTableName], measure: Measure) -> Table {
    let pages = |name: StatisticTableName| {
        let mine = publication.0.iter().filter(move |((sort, _), _)| *sort == (name, measure));
        mine.map(|((_, period), page)| (*period, page))
    };
    let cells: BTreeSet<Place> =
        pages(name).flat_map(|(_, page)| page.sheet.keys().copied()).filter(|place| *place != Place::Total).collect();
    let unknown: BTreeMap<(Place, usize), usize> =
        cells.iter().flat_map(|cell| (0..12).map(|month| (*cell, month))).enumerate().map(|(at, key)| (key, at)).collect();
    let most_off = f64::from(name.table().noise.maximum);
    let mut made = Table { knowledge: Knowledge { unknown: unknown.len(), ..Knowledge::default() }, hidden: Vec::new() };
    for (at, of) in std::iter::once(&name).chain(margins).enumerate() {
        for (period, page) in pages(*of) {
            for place in page.sheet.keys() {
                let is_in = |cell: &Place| match (*place, at) {
                    (Place::Total, _) => true,
                    (place, 0) => *cell == place,
                    (place, margin) => cell.places()[margin - 1] == place.places()[0],
                };
                let months = period.first..period.first + period.months;
                let numbers = unknown.iter().filter(|((cell, month), _)| months.contains(month) && is_in(cell));
                let numbers: Vec<usize> = numbers.map(|(_, at)| *at).collect();
                match page.values.get(place) {
                    // Nothing is published of less than ten.
                    Some(value) => {
                        let value = *value as f64;
                        made.knowledge.sums.push((numbers, (value - most_off).max(10.0), value + most_off));
                    }
                    None => made.hidden.push(((period, *place), numbers)),
                }
            }
        }
    }
    made
}

/// The hidden figures that can be fewer things than they should, with how many; and how many were looked at.
fn hemmed_in(publication: &Publication, measure: Measure, only: Option<usize>) -> (Vec<String>, usize) {
    let (mut found, mut looked_at) = (Vec::new(), 0);
    for (name, margins) in TABLES.iter().filter(|(name, _)| name.table().measures.contains(&measure)) {
        let Table { knowledge, hidden } = table(publication, *name, margins, measure);
        // Of many, every so manieth.
        let step = only.map_or(1, |only| hidden.len().div_ceil(only).max(1));
        for (figure, numbers) in hidden.into_iter().step_by(step) {
            looked_at += 1;
            let values = knowledge.values(&numbers);
            if values < LEAST_VALUES as f64 {
                found.push(format!("{name} {measure} {figure:?} can only be {values} things"));
            }
        }
    }
    (found, looked_at)
}

fn small() -> impl Strategy<Value = Shape> {
    (Shape::any(), 2_usize..4, 1_usize..3).prop_map(|(shape, counties, services)| Shape { counties, services, ..shape })
}

#[test]
#[ignore = "explores"]
fn explore_intervals() {
    for one_by_one in [false, true] {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let (mut all, mut bad) = (0, 0);
        for _ in 0..150 {
            let shape = proptest::strategy::ValueTree::current(&small().new_tree(&mut runner).expect("a shape"));
            let publication = Publisher { one_by_one, ..Publisher::STANDARD }.publish(&shape.world());
            for measure in [Measure::Created, Measure::Participants] {
                let (found, looked_at) = hemmed_in(&publication, measure, None);
                all += looked_at;
                bad += found.len();
                if !found.is_empty() {
                    println!("{one_by_one} {measure} {looked_at} {} {:?} {shape:?}", found.len(), found.first());
                }
            }
        }
        println!("{one_by_one} {all} {bad}");
    }
}
