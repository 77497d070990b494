//! A year as its publisher publishes it, month by month, and as everybody may read it for good.

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

/// A period: how many months, from the how manieth of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// How many months: 1, 3 or 12.
    pub months: usize,
    /// The first of them, from 0.
    pub first: usize,
}

impl Period {
    /// The one of that kind that ends with that month.
    pub fn ending(kind: PeriodKind, month: usize) -> Self {
        let months = kind.months() as usize;
        Self { months, first: month + 1 - months }
    }

    /// The next shorter ones that it is made of.
    pub fn parts(self) -> Vec<Self> {
        let months = match self.months {
            12 => 3,
            3 => 1,
            _ => return Vec::new(),
        };
        (0..self.months / months).map(|at| Self { months, first: self.first + at * months }).collect()
    }
}

/// One tabulation of a period as it is known.
#[derive(Clone, Debug)]
pub struct PublishedTabulation {
    /// What stands behind its figures, which nobody outside knows.
    pub tabulation: Tabulation,
    /// What is published of it.
    pub values: BTreeMap<Coordinate, i64>,
}

/// What was published of a year.
pub struct Publication(pub BTreeMap<(Sort, Period), PublishedTabulation>);

/// How somebody publishes.
pub struct Publisher<'a> {
    /// The rule that is kept to, of the one that the catalogue has.
    pub rule: &'a dyn Fn(SensitivityRule) -> SensitivityRule,
    /// Whether the rule is kept to figure by figure alone, without a look at what their differences tell.
    pub one_by_one: bool,
}

impl Publisher<'_> {
    /// As it is done.
    pub const STANDARD: Self = Self { rule: &|rule| rule, one_by_one: false };

    /// Publishes the year of that world.
    pub fn publish(&self, world: &World) -> Publication {
        self.publish_through(world, 12)
    }

    /// Publishes so many months of it.
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

/// The longest period that ends with that month of the year.
pub fn ending_with(month: usize) -> PeriodKind {
    PeriodKind::ending_with(Month::parse("month", "2026-01").expect("a month").plus(month as u32))
}

/// The publisher's secret, of which the attacks know nothing.
pub fn noise_key() -> NoiseKey {
    NoiseKey::new(Zeroizing::new(Random::of(20_261_001).bytes()))
}
