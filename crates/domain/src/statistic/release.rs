//! What is published when a month is closed: its own figures, and those of the quarter and the year that end with it.
//!
//! A figure is published only where what it is a part of is published, and only if what remains of that when all published parts are taken away could
//! itself be published. Then whatever is taken away from whatever, in however many steps, what is left are several of such remains
//! together, and they could be published.
//!
//! What was published stands. So a figure of a quarter is published only if what is left of it, when the months that are known are taken
//! away, could itself be published; where the month that is being published can still be suppressed for the sake of the longer period, it is.

use super::differencing::Differencing;
use super::relation::{Known, Relation, relations};
use super::{
    Coordinate, LinkedTables, Measure, NoiseKey, PeriodKind, PerturbationTable, PublishedCells, SensitivityRule, Table,
    Tabulation, Tally,
};
use crate::vocabulary::Vocabulary;

/// How many whole numbers a suppressed figure can be at the least, whatever the published figures tell: the size of its feasibility interval.
pub const PROTECTION_LEVEL: i64 = 5;

/// What was counted in a month, and which of it is published.
#[derive(Clone, Debug, Default)]
pub struct MonthCount {
    /// What stands behind each figure.
    pub tabulation: Tabulation,
    /// What is published; decided for the months before, and still to be for the last.
    pub published: PublishedCells,
}

/// A period that is being published.
#[derive(Clone, Debug)]
pub struct Released {
    /// How long it is.
    pub period: PeriodKind,
    /// What stands behind each figure.
    pub tabulation: Tabulation,
    /// What is published of it.
    pub published: PublishedCells,
}

/// How one measure of one table is published.
pub struct DisclosureControl<'a> {
    table: &'a Table,
    measure: Measure,
    rule: SensitivityRule,
    noise: PerturbationTable,
    key: &'a NoiseKey,
}

impl<'a> DisclosureControl<'a> {
    /// For that measure of that table, as the catalogue declares it.
    pub fn new(table: &'a Table, measure: Measure, key: &'a NoiseKey) -> Self {
        Self::with(table, measure, table.rule(measure), key)
    }

    /// With another rule, to see what it is good for.
    pub fn with(table: &'a Table, measure: Measure, rule: SensitivityRule, key: &'a NoiseKey) -> Self {
        Self { table, measure, rule, noise: table.noise.table(), key }
    }

    /// The figure as it is published.
    pub fn value(&self, tally: &Tally) -> i64 {
        let draw = self.key.draw(self.measure.code(), tally.cell_key, tally.units);
        (i64::try_from(tally.units).unwrap_or(i64::MAX)).saturating_add(self.noise.look_up(draw))
    }

    /// Decides what is published of the last of the months, and of the quarter and the year if it ends them, beside what is decided of the
    /// tables before. `year` are the months of its year through it if it ends the year, and of its quarter otherwise; `quarters` what is
    /// published of the quarters before, if it does.
    pub fn release(
        &self,
        linked: &mut LinkedTables,
        year: &[MonthCount],
        quarters: &[PublishedCells],
        ends: PeriodKind,
    ) -> Vec<Released> {
        let Some((last, _)) = year.split_last() else { return Vec::new() };
        let mut months: Vec<PublishedCells> = year.iter().map(|month| month.published.clone()).collect();
        let mut quarters = quarters.to_vec();
        let current = months.len() - 1;
        let mut released = Vec::new();
        months[current] = self.after_primary_suppression(PeriodKind::Month, &last.tabulation);
        self.suppress_secondarily(linked, PeriodKind::Month, &last.tabulation, &mut months[current], |_| Vec::new());
        if ends != PeriodKind::Month {
            let begin = year.len().saturating_sub(3);
            let tabulation = together(&year[begin..]);
            let mut published = self.after_primary_suppression(PeriodKind::Quarter, &tabulation);
            for coordinate in published.clone() {
                let parts = |months: &[PublishedCells]| parts_of_months(coordinate, &year[begin..], &months[begin..]);
                if self.is_safe(&tabulation[&coordinate], &parts(&months)) {
                    continue;
                }
                let mut without = months.clone();
                without[current].remove(&coordinate);
                if self.is_safe(&tabulation[&coordinate], &parts(&without)) {
                    months = without;
                } else {
                    published.remove(&coordinate);
                }
            }
            self.suppress_secondarily(linked, PeriodKind::Month, &last.tabulation, &mut months[current], |_| Vec::new());
            self.suppress_total_over_others(&months[begin..], &mut published);
            let parts = |coordinate| parts_of_months(coordinate, &year[begin..], &months[begin..]);
            self.suppress_secondarily(linked, PeriodKind::Quarter, &tabulation, &mut published, parts);
            self.suppress_differences(&tabulation, &mut published, &year[begin..], &months[begin..], &[]);
            quarters.push(published.clone());
            released.push(Released { period: PeriodKind::Quarter, tabulation, published });
        }
        if ends == PeriodKind::Year {
            let tabulation = together(year);
            let mut published = self.after_primary_suppression(PeriodKind::Year, &tabulation);
            for coordinate in published.clone() {
                if self.is_safe(&tabulation[&coordinate], &parts_of_year(coordinate, year, &months, &quarters)) {
                    continue;
                }
                let (mut without, mut quarters_without) = (months.clone(), quarters.clone());
                without[current].remove(&coordinate);
                quarters_without.iter_mut().last().map(|quarter| quarter.remove(&coordinate));
                if self.is_safe(&tabulation[&coordinate], &parts_of_year(coordinate, year, &without, &quarters_without)) {
                    (months, quarters) = (without, quarters_without);
                } else {
                    published.remove(&coordinate);
                }
            }
            self.suppress_secondarily(linked, PeriodKind::Month, &last.tabulation, &mut months[current], |_| Vec::new());
            if let (Some(quarter), Some(published)) = (released.last_mut(), quarters.last_mut()) {
                let begin = year.len().saturating_sub(3);
                let parts = |coordinate| parts_of_months(coordinate, &year[begin..], &months[begin..]);
                self.suppress_total_over_others(&months[begin..], published);
                self.suppress_secondarily(linked, PeriodKind::Quarter, &quarter.tabulation, published, parts);
                self.suppress_differences(&quarter.tabulation, published, &year[begin..], &months[begin..], &[]);
                quarter.published.clone_from(published);
            }
            self.suppress_total_over_others(&months, &mut published);
            self.suppress_total_over_others(&quarters, &mut published);
            let parts = |coordinate| parts_of_year(coordinate, year, &months, &quarters);
            self.suppress_secondarily(linked, PeriodKind::Year, &tabulation, &mut published, parts);
            self.suppress_differences(&tabulation, &mut published, year, &months, &quarters);
            released.push(Released { period: PeriodKind::Year, tabulation, published });
        }
        released.push(Released {
            period: PeriodKind::Month,
            tabulation: last.tabulation.clone(),
            published: months.swap_remove(current),
        });
        linked.keep(self.table.name, self.measure, &released);
        released
    }

    /// What primary suppression leaves of a tabulation, which looks at each figure by itself: of periods that are too short for the table nothing,
    /// or the total that another table has too.
    fn after_primary_suppression(&self, kind: PeriodKind, tabulation: &Tabulation) -> PublishedCells {
        let rule = self.rule.of_period(kind);
        let is_long_enough = kind >= self.table.shortest;
        tabulation
            .iter()
            .filter(|(coordinate, tally)| {
                (is_long_enough || (**coordinate == Coordinate::Total && self.table.dimensions.len() > 1)) && rule.allows(tally)
            })
            .map(|(coordinate, _)| *coordinate)
            .collect()
    }

    /// Suppresses the figures of a longer period, the smallest first, from which differencing would disclose what is suppressed in its months.
    fn suppress_differences(
        &self,
        tabulation: &Tabulation,
        published: &mut PublishedCells,
        months: &[MonthCount],
        published_months: &[PublishedCells],
        quarters: &[PublishedCells],
    ) {
        let mut differencing = Differencing::new(self.table, &self.rule, months, published_months);
        let mut coordinates: Vec<Coordinate> = published.iter().copied().collect();
        coordinates.sort_by_key(|coordinate| std::cmp::Reverse((tabulation[coordinate].units, *coordinate)));
        for coordinate in coordinates {
            let covered = quarters.iter().enumerate().filter(|(_, quarter)| quarter.contains(&coordinate));
            let covered = covered.fold(0, |covered, (at, _)| covered | 0b111 << (3 * at));
            if !differencing.allows(coordinate, covered) {
                published.remove(&coordinate);
            }
        }
    }

    /// Of a table about a part of all records, cells can be published where the total isn't. A longer period's total would tell of them what
    /// that one was suppressed for.
    fn suppress_total_over_others(&self, shorter: &[PublishedCells], published: &mut PublishedCells) {
        if self.table.is_of_part()
            && shorter.iter().any(|published| !published.is_empty() && !published.contains(&Coordinate::Total))
        {
            published.remove(&Coordinate::Total);
        }
    }

    /// Secondary suppression: suppresses what would tell too much beside what else is published, until what remains of each whole could be
    /// published, and each suppressed part is protected. `parts` are those of a longer period's figure.
    fn suppress_secondarily(
        &self,
        linked: &LinkedTables,
        kind: PeriodKind,
        tabulation: &Tabulation,
        published: &mut PublishedCells,
        parts: impl Fn(Coordinate) -> Vec<(Tally, bool)>,
    ) {
        for relation in relations(self.table, self.measure, kind, tabulation, linked) {
            let is_known = match relation.known {
                Known::AsTotal => published.contains(&Coordinate::Total),
                Known::Elsewhere(is_published) => is_published,
                Known::Nowhere => self.rule.allows(&relation.whole),
            };
            if !is_known && relation.suppresses {
                relation.parts.iter().for_each(|part| _ = published.remove(part));
            }
            while is_known && !self.is_enough(&relation, tabulation, published, &parts) {
                let smallest = relation
                    .parts
                    .iter()
                    .filter(|part| published.contains(part))
                    .min_by_key(|part| (tabulation[part].units, **part));
                let Some(smallest) = smallest else {
                    // Shorter periods tell too much of it already.
                    if tabulation.get(&Coordinate::Total) == Some(&relation.whole) {
                        published.remove(&Coordinate::Total);
                    }
                    break;
                };
                published.remove(smallest);
            }
        }
    }

    /// Whether what remains of a whole could be published, and each part that isn't published can be several things.
    fn is_enough(
        &self,
        relation: &Relation,
        tabulation: &Tabulation,
        published: &PublishedCells,
        parts: &impl Fn(Coordinate) -> Vec<(Tally, bool)>,
    ) -> bool {
        let (mut rest, mut known) = (relation.outside.clone(), Vec::new());
        for coordinate in &relation.parts {
            let is_published = published.contains(coordinate);
            let shorter = if is_published { Vec::new() } else { parts(*coordinate) };
            let parts = if shorter.is_empty() { vec![(tabulation[coordinate].clone(), is_published)] } else { shorter };
            for (tally, is_published) in parts {
                if is_published { known.push(tally) } else { rest.join(&tally, self.table.shares_sessions()) }
            }
        }
        self.rule.allows_rest(&rest) && (!relation.add_up || self.is_protected(&relation.whole, &known))
    }

    /// Whether a suppressed part of a whole can still be anything from 0 to 4, as far as the whole and the published parts tell.
    fn is_protected(&self, whole: &Tally, known: &[Tally]) -> bool {
        let most_off = i64::from(self.table.noise.maximum);
        let known: i64 = known.iter().map(|tally| self.value(tally) - most_off).sum();
        self.value(whole) + most_off - known >= PROTECTION_LEVEL - 1
    }

    /// Whether a longer period's figure can be published beside those parts of it that are.
    fn is_safe(&self, whole: &Tally, parts: &[(Tally, bool)]) -> bool {
        let mut rest = Tally::default();
        for (suppressed, _) in parts.iter().filter(|(_, published)| !published) {
            rest.join(suppressed, false);
        }
        let known: Vec<Tally> = parts.iter().filter(|(_, published)| *published).map(|(tally, _)| tally.clone()).collect();
        self.rule.allows_rest(&rest) && self.is_protected(whole, &known)
    }
}

/// Several months as one period.
fn together(months: &[MonthCount]) -> Tabulation {
    let mut tabulation = Tabulation::new();
    for (coordinate, tally) in months.iter().flat_map(|month| &month.tabulation) {
        tabulation.entry(*coordinate).or_default().join(tally, false);
    }
    tabulation
}

/// The months of a figure, each with whether it is known.
fn parts_of_months(coordinate: Coordinate, months: &[MonthCount], published: &[PublishedCells]) -> Vec<(Tally, bool)> {
    let parts = months.iter().zip(published);
    parts
        .filter_map(|(month, published)| Some((month.tabulation.get(&coordinate)?.clone(), published.contains(&coordinate))))
        .collect()
}

/// The quarters of a year's figure that are known, and the months of the others.
fn parts_of_year(
    coordinate: Coordinate,
    year: &[MonthCount],
    months: &[PublishedCells],
    quarters: &[PublishedCells],
) -> Vec<(Tally, bool)> {
    let mut parts = Vec::new();
    for (at, (counts, published)) in year.chunks(3).zip(months.chunks(3)).enumerate() {
        let of_months = parts_of_months(coordinate, counts, published);
        if quarters.get(at).is_some_and(|quarter| quarter.contains(&coordinate)) {
            let mut whole = Tally::default();
            of_months.iter().for_each(|(month, _)| whole.join(month, false));
            parts.push((whole, true));
        } else {
            parts.extend(of_months);
        }
    }
    parts
}
