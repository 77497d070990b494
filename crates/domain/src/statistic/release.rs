//! What is published when a month is closed: the month's figures, and those of the quarter and the year that end with it.
//!
//! A figure is published only if two conditions hold. The figures that it is part of are published. And what remains of each of
//! those, minus all published parts, could itself be published. Every chain of subtractions then leaves several such remainders
//! together, and those could be published too.
//!
//! What was published never changes. A quarter's figure is therefore published only if its remainder, minus the months that are
//! known, could itself be published. If suppressing the month that is being published makes that possible, it is suppressed.

use super::differencing::Differencing;
use super::relation::{Known, Relation, relations};
use super::{
    Coordinate, LinkedTables, Measure, MonthCount, NoiseKey, PeriodKind, PerturbationTable, PublishedCells, Released,
    SensitivityRule, Table, Tabulation, Tally,
};
use crate::vocabulary::Vocabulary;

/// The fewest whole numbers that a suppressed figure can still be, given all published figures: the size of its feasibility
/// interval.
pub const PROTECTION_LEVEL: i64 = 5;

/// Decides how one measure of one table is published.
pub struct DisclosureControl<'a> {
    table: &'a Table,
    measure: Measure,
    rule: SensitivityRule,
    noise: PerturbationTable,
    key: &'a NoiseKey,
}

impl<'a> DisclosureControl<'a> {
    /// For a measure of a table, with the rule of the catalogue.
    pub fn new(table: &'a Table, measure: Measure, key: &'a NoiseKey) -> Self {
        Self::with(table, measure, table.rule(measure), key)
    }

    /// With another rule, to test what the rule achieves.
    pub fn with(table: &'a Table, measure: Measure, rule: SensitivityRule, key: &'a NoiseKey) -> Self {
        Self { table, measure, rule, noise: table.noise.table(), key }
    }

    /// The published value of a figure.
    pub fn value(&self, tally: &Tally) -> i64 {
        let draw = self.key.draw(self.measure.code(), tally.cell_key, tally.units);
        (i64::try_from(tally.units).unwrap_or(i64::MAX)).saturating_add(self.noise.look_up(draw))
    }

    /// Decides what is published for the last of the months, and for the quarter and the year if they end with it. `linked` holds
    /// the tables that are already decided. `year` are the months of its year through it if it ends the year, and otherwise those
    /// of its quarter. `quarters` is what is published for the earlier quarters, if it ends the year.
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

    /// The figures that primary suppression leaves; it looks at each figure alone. For periods that are too short for the table
    /// it leaves nothing, or the total that another table has too.
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

    /// Suppresses a longer period's figures if differencing would disclose from them what is suppressed in its months. The
    /// largest figures are decided first, so the smallest are suppressed.
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

    /// In a table about a part of all records, cells can be published without the total. A longer period's total would then
    /// reveal what a shorter one's was suppressed for.
    fn suppress_total_over_others(&self, shorter: &[PublishedCells], published: &mut PublishedCells) {
        if self.table.is_of_part()
            && shorter.iter().any(|published| !published.is_empty() && !published.contains(&Coordinate::Total))
        {
            published.remove(&Coordinate::Total);
        }
    }

    /// Secondary suppression: suppresses figures that would reveal too much together with other published ones. It goes on until
    /// what remains of each whole could be published and each suppressed part is protected. `parts` gives the shorter periods'
    /// parts of a longer period's figure.
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
                    // The published figures of shorter periods already reveal too much of it.
                    if tabulation.get(&Coordinate::Total) == Some(&relation.whole) {
                        published.remove(&Coordinate::Total);
                    }
                    break;
                };
                published.remove(smallest);
            }
        }
    }

    /// Whether what remains of a whole could be published, and each unpublished part has enough possible values.
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

    /// Whether a suppressed part of a whole can still be anything from 0 to 4, given the whole and the published parts.
    fn is_protected(&self, whole: &Tally, known: &[Tally]) -> bool {
        let most_off = i64::from(self.table.noise.maximum);
        let known: i64 = known.iter().map(|tally| self.value(tally) - most_off).sum();
        self.value(whole) + most_off - known >= PROTECTION_LEVEL - 1
    }

    /// Whether a longer period's figure can be published together with its published parts.
    fn is_safe(&self, whole: &Tally, parts: &[(Tally, bool)]) -> bool {
        let mut rest = Tally::default();
        for (suppressed, _) in parts.iter().filter(|(_, published)| !published) {
            rest.join(suppressed, false);
        }
        let known: Vec<Tally> = parts.iter().filter(|(_, published)| *published).map(|(tally, _)| tally.clone()).collect();
        self.rule.allows_rest(&rest) && self.is_protected(whole, &known)
    }
}

/// Joins several months into one period.
fn together(months: &[MonthCount]) -> Tabulation {
    let mut tabulation = Tabulation::new();
    for (coordinate, tally) in months.iter().flat_map(|month| &month.tabulation) {
        tabulation.entry(*coordinate).or_default().join(tally, false);
    }
    tabulation
}

/// The months of a figure, each with whether it is published.
fn parts_of_months(coordinate: Coordinate, months: &[MonthCount], published: &[PublishedCells]) -> Vec<(Tally, bool)> {
    let parts = months.iter().zip(published);
    parts
        .filter_map(|(month, published)| Some((month.tabulation.get(&coordinate)?.clone(), published.contains(&coordinate))))
        .collect()
}

/// A year's figure in parts: the quarters that are published, and the months of the others.
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
