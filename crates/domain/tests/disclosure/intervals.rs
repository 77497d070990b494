//! The interval attack: somebody puts all published figures together, each with how far it can be off, and works out the least
//! and the most that a suppressed figure can be. It must always have several possible values.

use std::collections::{BTreeMap, BTreeSet};

use pamoja_domain::service::{ServiceGroup, ServiceType};
use pamoja_domain::statistic::{
    Coordinate, DisclosureControl, LinkedTables, Measure, MonthCount, OrganisationNumber, PROTECTION_LEVEL, Parties, PeriodKind,
    StatisticTableName, Tabulation, Tally,
};
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::linear::Knowledge;
use crate::publication::{Period, Publication, Publisher, noise_key};
use crate::random::Random;
use crate::world::{Shape, World, service_type};

/// Tables in which every record is in exactly one cell, each with the tables of its rows and its columns.
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

/// What is known about one measure of a table in a year, and for each suppressed figure the numbers that it is the sum of.
struct Table {
    knowledge: Knowledge,
    suppressed: Vec<((Period, Coordinate), Vec<usize>)>,
}

/// More than any figure.
const MANY: f64 = 1e6;

/// Whether a row of the table of services is in this group.
fn is_of_group(coordinate: Coordinate, group: u16) -> bool {
    matches!(coordinate, Coordinate::Row(row) if ServiceType::ALL[usize::from(row)].group() == ServiceGroup::ALL[usize::from(group)])
}

/// One number for each cell in each month, also for cells with no records: the attacker doesn't know that they are empty. If
/// `exact`, figures have no noise.
fn table(
    publication: &Publication,
    name: StatisticTableName,
    margins: &[StatisticTableName],
    measure: Measure,
    exact: bool,
) -> Table {
    let pages = |name: StatisticTableName| {
        let mine = publication.0.iter().filter(move |((sort, _), _)| *sort == (name, measure));
        mine.map(|((_, period), page)| (*period, page))
    };
    let cells: BTreeSet<Coordinate> = pages(name)
        .flat_map(|(_, page)| page.tabulation.keys().copied())
        .filter(|coordinate| *coordinate != Coordinate::Total)
        .collect();
    let unknown: BTreeMap<(Coordinate, usize), usize> =
        cells.iter().flat_map(|cell| (0..12).map(|month| (*cell, month))).enumerate().map(|(at, key)| (key, at)).collect();
    let most_off = f64::from(name.table().noise.maximum);
    let mut made = Table { knowledge: Knowledge { unknown: unknown.len(), ..Knowledge::default() }, suppressed: Vec::new() };
    for (at, of) in std::iter::once(&name).chain(margins).enumerate() {
        for (period, page) in pages(*of) {
            let months = period.first..period.first + period.months;
            if at > 0 && *of == StatisticTableName::ReferralsByServiceType {
                // The published services of a group are only some of what its cells count.
                for group in 0..ServiceGroup::ALL.len() as u16 {
                    let published = page.values.iter().filter(|(coordinate, _)| is_of_group(**coordinate, group));
                    let least = published
                        .map(
                            |(coordinate, value)| {
                                if exact { page.tabulation[coordinate].units as f64 } else { *value as f64 - most_off }
                            },
                        )
                        .sum();
                    let numbers =
                        unknown.iter().filter(|((cell, month), _)| months.contains(month) && cell.indices()[1] == group);
                    made.knowledge.sums.push((numbers.map(|(_, at)| *at).collect(), least, MANY));
                }
                continue;
            }
            for coordinate in page.tabulation.keys() {
                let is_in = |cell: &Coordinate| match (*coordinate, at) {
                    (Coordinate::Total, _) => true,
                    (coordinate, 0) => *cell == coordinate,
                    (coordinate, margin) => cell.indices()[margin - 1] == coordinate.indices()[0],
                };
                let numbers = unknown.iter().filter(|((cell, month), _)| months.contains(month) && is_in(cell));
                let numbers: Vec<usize> = numbers.map(|(_, at)| *at).collect();
                match page.values.get(coordinate) {
                    // No figure below ten is published.
                    Some(_) if exact => {
                        let value = page.tabulation[coordinate].units as f64;
                        made.knowledge.sums.push((numbers, value, value));
                    }
                    Some(value) => {
                        let value = *value as f64;
                        made.knowledge.sums.push((numbers, (value - most_off).max(10.0), value + most_off));
                    }
                    None => made.suppressed.push(((period, *coordinate), numbers)),
                }
            }
        }
    }
    made
}

/// The suppressed figures with fewer possible values than they should have, with how many values; and how many figures the test
/// examined.
fn underprotected(publication: &Publication, measure: Measure, exact: bool) -> (Vec<String>, usize) {
    let (mut found, mut looked_at) = (Vec::new(), 0);
    for (name, margins) in TABLES.iter().filter(|(name, _)| name.table().measures.contains(&measure)) {
        let Table { knowledge, suppressed } = table(publication, *name, margins, measure, exact);
        for (figure, numbers) in suppressed {
            looked_at += 1;
            let values = knowledge.values(&numbers);
            if values < PROTECTION_LEVEL as f64 {
                found.push(format!("{name} {measure} {figure:?} can only be {values} things"));
            }
        }
    }
    (found, looked_at)
}

fn small() -> impl Strategy<Value = Shape> {
    (Shape::any(), 2_usize..4, 1_usize..3).prop_map(|(shape, counties, services)| Shape { counties, services, ..shape })
}

proptest! {
    #![proptest_config(crate::random::cases(6))]
    #[test]
    fn every_suppressed_figure_can_be_several_things(shape in small()) {
        let publication = Publisher::STANDARD.publish(&shape.world());
        for measure in [Measure::Created, Measure::Arrived, Measure::Participants] {
            prop_assert_eq!(underprotected(&publication, measure, false).0, Vec::<String>::new());
        }
    }
}

#[test]
fn the_attack_finds_suppressed_figures_where_those_around_are_exact() {
    let shape = Shape { counties: 3, services: 2, ..Shape::usual(1, 600) };
    let one_by_one = Publisher { one_by_one: true, ..Publisher::STANDARD };
    let (found, looked_at) = underprotected(&one_by_one.publish(&shape.world()), Measure::Created, true);
    assert!(found.len() >= 10, "only {} of {looked_at}", found.len());
}

/// Three figures with noise in the worst combination: the parts are published as far above the truth as possible, the whole as
/// far below. No record would then remain for a third part: its zero would be revealed.
#[test]
fn noise_that_leaves_no_room_for_a_suppressed_nothing_suppresses_more() {
    let (key, table) = (noise_key(), StatisticTableName::ReferralsByServiceType.table());
    let control = DisclosureControl::new(&table, Measure::Created, &key);
    let mut random = Random::of(1);
    let tally = |cell_key: u64| {
        let mut tally = Tally { cell_key, ..Tally::default() };
        for at in 0..60 {
            tally.add(Parties { contributor: OrganisationNumber(at % 6), counterpart: Some(OrganisationNumber(6 + at % 5)) }, 1);
        }
        tally
    };
    let off = |tally: &Tally| control.value(tally) - tally.units as i64;
    let published = |one: &Tally, other: &Tally, whole: Tally| {
        let tabulation = Tabulation::from([
            (Coordinate::Row(0), one.clone()),
            (Coordinate::Row(1), other.clone()),
            (Coordinate::Total, whole),
        ]);
        let months = [MonthCount { tabulation, ..MonthCount::default() }];
        control.release(&mut LinkedTables::default(), &months, &[], PeriodKind::Month)[0].published.len()
    };
    let high: Vec<Tally> =
        std::iter::repeat_with(|| tally(random.next())).take(50_000).filter(|tally| off(tally) >= 4).take(30).collect();
    let (mut conspire, mut usual) = (0, 0);
    for (one, other) in high.iter().flat_map(|one| high.iter().map(move |other| (one, other))) {
        let mut whole = one.clone();
        whole.join(other, false);
        let room = off(&whole) - off(one) - off(other) + 3 * i64::from(table.noise.maximum);
        assert_eq!(published(one, other, whole) == 3, room >= PROTECTION_LEVEL - 1, "{room}");
        if room < PROTECTION_LEVEL - 1 { conspire += 1 } else { usual += 1 }
    }
    assert!(conspire > 0 && usual > 0, "{conspire} {usual}");
}

/// In January a second row is suppressed to protect a small one, and in February a third. If the quarter published the figures of
/// these rows together with their other months, subtraction would reveal what was suppressed of them, and so the small rows.
#[test]
fn a_longer_period_does_not_tell_what_was_suppressed_for_the_sake_of_another() {
    let world = World::of(&[
        (0, 0, &[0], 7),
        (0, 1, &[0], 60),
        (0, 2, &[0], 70),
        (1, 0, &[0], 8),
        (1, 1, &[0], 70),
        (1, 2, &[0], 60),
        (2, 0, &[0], 60),
        (2, 1, &[0], 60),
        (2, 2, &[0], 70),
    ]);
    let publication = Publisher::STANDARD.publish(&world);
    let Table { knowledge, suppressed } =
        table(&publication, StatisticTableName::ReferralsByServiceType, &[], Measure::Created, true);
    let january = Period { months: 1, first: 0 };
    let of_january: Vec<_> = suppressed.iter().filter(|((period, _), _)| *period == january).collect();
    assert_eq!(
        of_january.iter().map(|((_, coordinate), _)| *coordinate).collect::<Vec<_>>(),
        [Coordinate::Row(0), Coordinate::Row(service_type(1).0)]
    );
    // This must hold even if no figure were off.
    assert!(of_january.iter().all(|(_, numbers)| knowledge.values(numbers) > 15.0));
}
