//! The attack of somebody who records something late and watches which published figure changes. None may change: what a period's
//! release publishes depends only on what the period counted.

use pamoja_domain::statistic::{
    Coordinate, Count, DisclosureControl, LinkedTables, MonthCount, PeriodKind, PublishedCells, Released, StatisticTableName,
};
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::publication::{Publication, Publisher, noise_key};
use crate::world::{Made, Shape, World};

/// What is published for periods that have ended by this month.
fn through(publication: &Publication, months: usize) -> Vec<String> {
    let over = publication.0.iter().filter(|((_, period), _)| period.first + period.months <= months);
    over.map(|(of, page)| format!("{of:?} {:?}", page.values)).collect()
}

proptest! {
    #![proptest_config(crate::random::cases(4))]
    #[test]
    fn what_is_recorded_late_moves_nothing_that_was_published(shape in Shape::any(), months in 1_usize..12, again in 1_usize..20) {
        let world = shape.world();
        let before = Publisher::STANDARD.publish_through(&world, months);
        // The same events happen again and are recorded in the month after, all in cells with published figures.
        let late = world.records.iter().step_by(again).map(|made| Made { month: months, ..made.clone() });
        let mut records: Vec<Made> = world.records.iter().cloned().chain(late).collect();
        records.sort_by_key(|made| made.month);
        let after = Publisher::STANDARD.publish_through(&World { organisations: world.organisations, records }, 12);
        prop_assert_eq!(through(&before, 12), through(&after, months));
    }
}

#[test]
fn a_release_is_of_periods_that_end_with_its_month_alone() {
    let key = noise_key();
    let world = Shape::usual(1, 1_200).world();
    let mut count = Count::default();
    world.records.iter().filter(|made| made.month == 1).for_each(|made| count.add(&made.record));
    for (name, measure, tabulation) in count.finish() {
        let table = name.table();
        let control = DisclosureControl::new(&table, measure, &key);
        let year = vec![MonthCount { tabulation: tabulation.clone(), published: PublishedCells::new() }; 12];
        for (months, ends, kinds) in [
            (&year[..2], PeriodKind::Month, &[PeriodKind::Month][..]),
            (&year[..3], PeriodKind::Quarter, &[PeriodKind::Quarter, PeriodKind::Month]),
            (&year[..], PeriodKind::Year, &[PeriodKind::Quarter, PeriodKind::Year, PeriodKind::Month]),
        ] {
            let quarters = vec![PublishedCells::new(); months.len() / 4];
            let released = control.release(&mut LinkedTables::default(), months, &quarters, ends);
            let found: Vec<PeriodKind> = released.iter().map(|released| released.period).collect();
            assert_eq!(found, kinds, "{name} {measure}");
            for Released { period, tabulation: of_period, .. } in &released {
                let times = u64::from(period.months());
                assert!(
                    of_period.iter().all(|(coordinate, tally)| tally.units == times * tabulation[coordinate].units),
                    "{name} {period}"
                );
            }
        }
    }
}

#[test]
fn a_value_is_a_matter_of_what_stands_behind_it() {
    let key = noise_key();
    let world = Shape::usual(2, 1_200).world();
    let publication = Publisher::STANDARD.publish(&world);
    let mut looked_at = 0;
    for (((name, measure), _), page) in &publication.0 {
        let table = name.table();
        // Another control, which doesn't know of any release.
        let control = DisclosureControl::new(&table, *measure, &key);
        for (coordinate, value) in &page.values {
            assert_eq!(control.value(&page.tabulation[coordinate].clone()), *value);
            looked_at += 1;
        }
    }
    let of_all = |page: &&crate::publication::PublishedTabulation| page.values.contains_key(&Coordinate::Total);
    assert!(looked_at > 300 && publication.0.values().filter(of_all).count() >= StatisticTableName::ALL.len());
}
