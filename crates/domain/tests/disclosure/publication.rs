//! A year as the publisher publishes it, month by month: what everybody may read for good.

use std::collections::BTreeMap;

use pamoja_domain::month::Month;
use pamoja_domain::statistic::{
    Coordinate, Count, DisclosureControl, LinkedTables, Measure, MonthCount, NoiseKey, PeriodKind, PublishedCells, Released,
    SensitivityRule, StatisticTableName, Tabulation,
};
use zeroize::Zeroizing;

use crate::random::Random;
use crate::world::World;

/// One measure of one table.
pub type Sort = (StatisticTableName, Measure);

/// A period of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Its number of months: 1, 3 or 12.
    pub months: usize,
    /// Its first month of the year, from 0.
    pub first: usize,
}

impl Period {
    /// The period of this kind that ends with this month.
    pub fn ending(kind: PeriodKind, month: usize) -> Self {
        let months = kind.months() as usize;
        Self { months, first: month + 1 - months }
    }

    /// The next shorter periods within it.
    pub fn parts(self) -> Vec<Self> {
        let months = match self.months {
            12 => 3,
            3 => 1,
            _ => return Vec::new(),
        };
        (0..self.months / months).map(|at| Self { months, first: self.first + at * months }).collect()
    }
}

/// One tabulation of a published period.
#[derive(Clone, Debug)]
pub struct PublishedTabulation {
    /// The tallies behind its figures, which no reader knows.
    pub tabulation: Tabulation,
    /// Its published figures.
    pub values: BTreeMap<Coordinate, i64>,
}

/// Everything that was published for a year.
pub struct Publication(pub BTreeMap<(Sort, Period), PublishedTabulation>);

/// A way to publish.
pub struct Publisher<'a> {
    /// The rule that the publisher applies, made from the catalogue's.
    pub rule: &'a dyn Fn(SensitivityRule) -> SensitivityRule,
    /// Whether the publisher applies the rule to each figure alone, without a check of their differences.
    pub one_by_one: bool,
}

impl Publisher<'_> {
    /// The program's own way.
    pub const STANDARD: Self = Self { rule: &|rule| rule, one_by_one: false };

    /// Publishes a world's year.
    pub fn publish(&self, world: &World) -> Publication {
        self.publish_through(world, 12)
    }

    /// Publishes a world's first months.
    pub fn publish_through(&self, world: &World, months: usize) -> Publication {
        let noise_key = noise_key();
        let mut years: BTreeMap<Sort, Vec<MonthCount>> = BTreeMap::new();
        let mut pages = BTreeMap::new();
        for month in 0..months {
            let mut count = Count::default();
            world.records.iter().filter(|made| made.month == month).for_each(|made| count.add(&made.record));
            let tabulations = count.finish();
            let mut linked = LinkedTables::default();
            let ends = ending_with(month);
            for (name, measure, tabulation) in tabulations {
                let sort = (name, measure);
                let table = name.table();
                let control = DisclosureControl::with(&table, measure, (self.rule)(table.rule(measure)), &noise_key);
                let year = years.entry(sort).or_default();
                year.push(MonthCount { tabulation, published: PublishedCells::new() });
                let released = self.release(&control, &(self.rule)(table.rule(measure)), year, &pages, sort, (ends, &mut linked));
                for Released { period, tabulation, published } in released {
                    if period == PeriodKind::Month {
                        year[month].published.clone_from(&published);
                    }
                    let values =
                        published.iter().map(|coordinate| (*coordinate, control.value(&tabulation[coordinate]))).collect();
                    pages.insert((sort, Period::ending(period, month)), PublishedTabulation { tabulation, values });
                }
            }
        }
        Publication(pages)
    }

    fn release(
        &self,
        control: &DisclosureControl,
        rule: &SensitivityRule,
        year: &[MonthCount],
        pages: &BTreeMap<(Sort, Period), PublishedTabulation>,
        sort: Sort,
        (ends, linked): (PeriodKind, &mut LinkedTables),
    ) -> Vec<Released> {
        let quarters: Vec<PublishedCells> = (0..3)
            .filter_map(|quarter| pages.get(&(sort, Period { months: 3, first: 3 * quarter })))
            .map(|page| page.values.keys().copied().collect())
            .collect();
        let (year, quarters) = match ends {
            PeriodKind::Year => (year, &quarters[..]),
            _ => (&year[(year.len() - 1) / 3 * 3..], &[][..]),
        };
        let mut released = control.release(linked, year, quarters, ends);
        if self.one_by_one {
            for Released { tabulation, published, .. } in &mut released {
                *published =
                    tabulation.iter().filter(|(_, tally)| rule.allows(tally)).map(|(coordinate, _)| *coordinate).collect();
            }
        }
        released
    }
}

/// The longest period that ends with this month of the year.
pub fn ending_with(month: usize) -> PeriodKind {
    PeriodKind::ending_with(Month::parse("month", "2026-01").expect("a month").plus(month as u32))
}

/// The publisher's secret, which the attackers don't know.
pub fn noise_key() -> NoiseKey {
    NoiseKey::new(Zeroizing::new(Random::of(20_261_001).bytes()))
}
