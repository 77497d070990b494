//! The differencing attack: somebody subtracts published figures from others that they are part of, within a table, between
//! tables and between periods, to any depth. What remains is a figure that nobody published. It must be nothing, or a figure that
//! could be published.

use pamoja_domain::service::{ServiceGroup, ServiceType};
use pamoja_domain::statistic::{
    Coordinate, Count, DisclosureControl, LinkedTables, Measure, MonthCount, PeriodKind, PublishedCells, StatisticTableName,
    Subject,
};
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::naive::{Index, Set, difference, rule};
use crate::publication::{Period, Publication, Publisher, Sort, noise_key};
use crate::random::Random;
use crate::subtraction::disclosures;
use crate::world::{Shape, World};

/// A figure, published or not.
type Figure = (Sort, Period, Coordinate);

/// An attacker who has everything that is published.
struct Attacker<'a> {
    publication: &'a Publication,
    index: Index<'a>,
    random: Random,
}

impl Attacker<'_> {
    fn is_published(&self, (sort, period, coordinate): Figure) -> bool {
        self.publication.0.get(&(sort, period)).is_some_and(|page| page.values.contains_key(&coordinate))
    }

    /// The coordinates of a table's figures in a period.
    fn coordinates(&self, name: StatisticTableName, measure: Measure, period: Period) -> Vec<Coordinate> {
        let page = self.publication.0.get(&((name, measure), period));
        page.map(|page| page.tabulation.keys().copied().collect()).unwrap_or_default()
    }

    /// The services outside a group, and the group itself by county.
    fn services_and_counties(&self, measure: Measure, period: Period, group: u16) -> Vec<Figure> {
        use StatisticTableName::{ReferralsByCountyAndServiceType, ReferralsByServiceType};
        let others = self.coordinates(ReferralsByServiceType, measure, period).into_iter();
        let others = others.filter(|coordinate| matches!(coordinate, Coordinate::Row(row) if group_of(*row) != group));
        let of_group = self.coordinates(ReferralsByCountyAndServiceType, measure, period).into_iter();
        let of_group = of_group.filter(|coordinate| matches!(coordinate, Coordinate::Cell(_, column) if *column == group));
        let others = others.map(|coordinate| ((ReferralsByServiceType, measure), period, coordinate));
        others.chain(of_group.map(|coordinate| ((ReferralsByCountyAndServiceType, measure), period, coordinate))).collect()
    }

    /// Subtracts the published services from a group of services that is known by county. Returns what remains, if it reveals too
    /// much.
    fn attack_a_group(&mut self, measure: Measure, period: Period, group: u16) -> Option<String> {
        use StatisticTableName::{ReferralsByCountyAndServiceType, ReferralsByServiceType};
        let cells: Vec<Figure> = self.services_and_counties(measure, period, group);
        let (counties, _): (Vec<Figure>, Vec<Figure>) =
            cells.into_iter().partition(|((name, _), ..)| *name == ReferralsByCountyAndServiceType);
        if !counties.iter().all(|figure| self.is_published(*figure)) {
            return None;
        }
        let mut whole: Set =
            counties.into_iter().flat_map(|(sort, period, coordinate)| self.index.set(sort, period, coordinate)).collect();
        whole.sort_unstable();
        let services = self.coordinates(ReferralsByServiceType, measure, period).into_iter();
        let services = services.filter(|coordinate| matches!(coordinate, Coordinate::Row(row) if group_of(*row) == group));
        let services: Vec<Figure> = services.map(|coordinate| ((ReferralsByServiceType, measure), period, coordinate)).collect();
        let mut known: Set = services.into_iter().flat_map(|figure| self.known(figure, 0)).collect();
        known.sort_unstable();
        let sort = (ReferralsByServiceType, measure);
        let wrong = self.index.wrong(&difference(&whole, &known), &rule(sort))?;
        Some(format!("group {group} of {measure} in {period:?} without its published services: {wrong}"))
    }

    /// Every way to split a figure into figures without common records. The parts may be less than the whole figure.
    fn ways(&self, (sort, period, coordinate): Figure) -> Vec<Vec<Figure>> {
        use StatisticTableName::{
            ReferralsByCounty, ReferralsByCountyAndServiceType, ReferralsByPopulation, ReferralsByPopulationAndServiceType,
        };
        let (name, measure) = sort;
        let mut ways = vec![period.parts().into_iter().map(|part| (sort, part, coordinate)).collect()];
        let mut way = |of: StatisticTableName, is_part: &dyn Fn(Coordinate) -> bool| {
            let coordinates = self.coordinates(of, measure, period).into_iter().filter(|coordinate| is_part(*coordinate));
            let figures: Vec<Figure> = coordinates.map(|coordinate| ((of, measure), period, coordinate)).collect();
            if of.table().overlaps() && !figures.iter().all(|(.., part)| in_one_row(*part, figures[0].2)) {
                ways.extend(figures.into_iter().map(|figure| vec![figure]));
            } else {
                ways.push(figures);
            }
        };
        let subject = name.table().subject;
        match coordinate {
            Coordinate::Total => {
                way(name, &|part| part != Coordinate::Total);
                let is_of_all = name.table().dimensions.iter().all(|dimension| dimension.about().is_none());
                for other in StatisticTableName::ALL.iter().filter(|other| is_of_all && other.table().subject == subject) {
                    way(*other, &|part| part == Coordinate::Total && *other != name);
                    way(*other, &|part| part != Coordinate::Total);
                }
                // For longer periods only the noise protects what the months' parts would reveal here.
                if is_of_all && subject == Subject::Referrals && period.months == 1 {
                    ways.extend((0..3).map(|group| self.services_and_counties(measure, period, group)));
                }
            }
            Coordinate::Row(row) => match name {
                ReferralsByCounty => {
                    way(ReferralsByCountyAndServiceType, &|part| part.indices().len() == 2 && part.indices()[0] == row)
                }
                ReferralsByPopulation => {
                    way(ReferralsByPopulationAndServiceType, &|part| part.indices().len() == 2 && part.indices()[0] == row);
                }
                _ => {}
            },
            Coordinate::Cell(..) => {}
        }
        ways.retain(|way| !way.is_empty());
        ways
    }

    /// The records whose number can be worked out from a figure's published parts, split in random ways.
    fn known(&mut self, figure: Figure, depth: usize) -> Set {
        if self.is_published(figure) && (depth == 0 || !self.random.percent(25)) {
            return self.index.set(figure.0, figure.1, figure.2);
        }
        if depth == 0 {
            return Set::new();
        }
        let mut ways = self.ways(figure);
        if ways.is_empty() {
            return Set::new();
        }
        let way = ways.swap_remove(self.random.below(ways.len()));
        let mut known: Set = way.into_iter().flat_map(|part| self.known(part, depth - 1)).collect();
        known.sort_unstable();
        known
    }

    /// Subtracts the parts from a published figure. Returns what remains, if it reveals too much.
    fn attack(&mut self, whole: Figure, way: &[Figure], depth: usize) -> Option<String> {
        let mut known: Set = way.iter().flat_map(|part| self.known(*part, depth)).collect();
        known.sort_unstable();
        let set = self.index.set(whole.0, whole.1, whole.2);
        let left = difference(&set, &known);
        assert_eq!(left.len() + known.len(), set.len(), "the parts {way:?} of {whole:?} have a record in common");
        // Some tables have their own rule about receivers. If such figures are subtracted from another table's, or in several
        // steps, the rule of all tables applies.
        let in_itself = depth == 0 && way.iter().all(|(sort, ..)| *sort == whole.0);
        let judge = if in_itself { whole.0 } else { (first_of(whole.0), whole.0.1) };
        let wrong = self.index.wrong(&left, &rule(judge))?;
        Some(format!("{whole:?} without the published of {:?}: {wrong}", way.first()))
    }
}

fn group_of(row: u16) -> u16 {
    let group = ServiceType::ALL[usize::from(row)].group();
    ServiceGroup::ALL.iter().position(|known| *known == group).expect("a group") as u16
}

fn in_one_row(one: Coordinate, other: Coordinate) -> bool {
    matches!((one, other), (Coordinate::Cell(row, _), Coordinate::Cell(another, _)) if row == another)
}

/// The first difference that reveals too much, with the reason. For each way, the attack splits the parts again in `tries` random
/// ways.
pub fn succeeds(world: &World, publication: &Publication, tries: usize) -> Option<String> {
    let mut attacker = Attacker { publication, index: Index::of(world), random: Random::of(1) };
    for ((sort, period), page) in &publication.0 {
        if sort.0 == StatisticTableName::ReferralsByCountyAndServiceType {
            for group in 0..3 {
                let wrong = attacker.attack_a_group(sort.1, *period, group);
                if wrong.is_some() {
                    return wrong;
                }
            }
        }
        for coordinate in page.values.keys() {
            let whole = (*sort, *period, *coordinate);
            for way in attacker.ways(whole) {
                for attempt in 0..=tries {
                    let wrong = attacker.attack(whole, &way, if attempt == 0 { 0 } else { 3 });
                    if wrong.is_some() {
                        return wrong;
                    }
                }
            }
        }
    }
    None
}

/// The first table of the same subject, which has no special rule.
fn first_of((name, _): Sort) -> StatisticTableName {
    match name.table().subject {
        Subject::Referrals => StatisticTableName::ReferralsByServiceType,
        Subject::Participants => StatisticTableName::TrainingParticipantsByTopic,
    }
}

proptest! {
    #![proptest_config(crate::random::cases(24))]
    #[test]
    fn no_difference_of_published_figures_tells_what_could_not_be_published(shape in Shape::any()) {
        let world = shape.world();
        prop_assert_eq!(succeeds(&world, &Publisher::STANDARD.publish(&world), 1), None);
    }
}

#[test]
fn none_does_in_a_coalition_as_it_may_well_be() {
    let world = Shape::usual(4, 1_500).world();
    assert_eq!(succeeds(&world, &Publisher::STANDARD.publish(&world), 1), None);
}

#[test]
fn the_attack_succeeds_where_each_figure_is_published_for_itself() {
    let one_by_one = Publisher { one_by_one: true, ..Publisher::STANDARD };
    for seed in 1..3 {
        let world = Shape::usual(seed, 600).world();
        let publication = one_by_one.publish(&world);
        assert!(disclosures(&world, &publication).is_empty(), "each figure for itself keeps to the rule");
        assert_ne!(succeeds(&world, &publication, 0), None, "{seed}");
    }
}

/// A publisher who decides the tables in another order than the catalogue's, or each table alone, publishes less, not more.
#[test]
fn what_is_not_decided_yet_suppresses_its_parts() {
    let key = noise_key();
    let world = Shape::usual(5, 6_000).world();
    let mut count = Count::default();
    world.records.iter().for_each(|made| count.add(&made.record));
    let mut linked = LinkedTables::default();
    for (name, measure, tabulation) in count.finish() {
        let table = name.table();
        let control = DisclosureControl::new(&table, measure, &key);
        let month = [MonthCount { tabulation, published: PublishedCells::new() }];
        let published = |linked: &mut LinkedTables| {
            let released = control.release(linked, &month, &[], PeriodKind::Year);
            released.iter().find(|released| released.period == PeriodKind::Year).expect("the year").published.len()
        };
        let [alone, beside] = [published(&mut LinkedTables::default()), published(&mut linked)];
        let is_part = table.dimensions.len() == 2 || table.dimensions.iter().any(|dimension| dimension.about().is_some());
        assert!(beside > 0 && alone <= beside, "{name} {measure}: {alone} instead of {beside}");
        assert!(!is_part || alone <= 1, "{name} {measure}: {alone} though nothing is known of what they are parts of");
    }
}

/// In January almost all adults are of one population and there are few minors. The total of adults is suppressed to protect the
/// minors. If the quarter's total revealed it, it would also reveal how many adults are of the other population.
#[test]
fn a_longer_period_does_not_tell_a_total_that_was_suppressed_over_others() {
    let world = World::of(&[
        (0, 0, &[0], 60),
        (0, 0, &[1], 5),
        (0, 0, &[], 7),
        (1, 0, &[0], 60),
        (1, 0, &[1], 60),
        (1, 0, &[], 30),
        (2, 0, &[0], 60),
        (2, 0, &[1], 60),
    ]);
    let publication = Publisher::STANDARD.publish(&world);
    let january = Period { months: 1, first: 0 };
    let by_population = (StatisticTableName::ReferralsByPopulation, Measure::Created);
    let published = publication.0[&(by_population, january)].values.keys().copied().collect::<Vec<_>>();
    assert_eq!(published, [Coordinate::Row(0)], "the row without the total");
    assert_eq!(succeeds(&world, &publication, 12), None);
}
