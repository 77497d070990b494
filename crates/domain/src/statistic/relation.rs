//! The relations between figures: which figures can be subtracted from which, in one table or in linked ones.

use std::collections::BTreeMap;

use super::{Coordinate, Dimension, Measure, PeriodKind, PublishedCells, Released, StatisticTableName, Table, Tabulation, Tally};
use crate::vocabulary::Vocabulary;

/// The tables of a release that are already decided and that share figures with those still to come. Figures of later tables are
/// parts of theirs, so a release must go through the catalogue in its order.
#[derive(Debug, Default)]
pub struct LinkedTables(BTreeMap<(StatisticTableName, Measure, PeriodKind), (Tabulation, PublishedCells)>);

/// How the whole of a relation is known.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// As the table's own total.
    AsTotal,
    /// As a figure of another table, published there or not.
    Elsewhere(bool),
    /// In no table, though it could be worked out from others.
    Nowhere,
}

/// A figure, the marginal, and the figures that are its parts.
pub(super) struct Relation {
    /// The whole.
    pub(super) whole: Tally,
    /// How it is known.
    pub(super) known: Known,
    /// Whether its parts must be suppressed if the whole is.
    pub(super) suppresses: bool,
    /// The parts. No record is in two of them.
    pub(super) parts: Vec<Coordinate>,
    /// The records of the whole that are in none of the parts.
    pub(super) outside: Tally,
    /// Whether a part can be worked out as the whole minus the other parts.
    pub(super) add_up: bool,
}

impl LinkedTables {
    /// Keeps what is published for one measure of a table.
    pub(super) fn keep(&mut self, name: StatisticTableName, measure: Measure, released: &[Released]) {
        for Released { period, tabulation, published } in released {
            self.0.insert((name, measure, *period), (tabulation.clone(), published.clone()));
        }
    }

    fn figure(
        &self,
        name: StatisticTableName,
        measure: Measure,
        kind: PeriodKind,
        coordinate: Coordinate,
    ) -> Option<(Tally, bool)> {
        let (tabulation, published) = self.0.get(&(name, measure, kind))?;
        Some((tabulation.get(&coordinate).cloned().unwrap_or_default(), published.contains(&coordinate)))
    }
}

impl LinkedTables {
    /// For a category of a coarser dimension: the total of the finer table minus its published categories that don't belong to
    /// that category, and whether this is known.
    fn without_others(&self, dimension: Dimension, category: u16, measure: Measure, kind: PeriodKind) -> Option<(Tally, Known)> {
        let category = dimension.categories()[usize::from(category)];
        let finer = StatisticTableName::ALL.iter().copied().find(|name| match name.table().dimensions {
            [only] => only.categories().iter().any(|finer| only.coarser(finer) == Some(category)),
            _ => false,
        })?;
        let (tabulation, published) = self.0.get(&(finer, measure, kind))?;
        let (categories, only) = (finer.table().dimensions[0].categories(), finer.table().dimensions[0]);
        let mut whole = Tally::default();
        for (coordinate, tally) in tabulation {
            if let Coordinate::Row(row) = *coordinate
                && (only.coarser(categories[usize::from(row)]) == Some(category) || !published.contains(coordinate))
            {
                whole.join(tally, false);
            }
        }
        Some((whole, Known::Elsewhere(published.contains(&Coordinate::Total))))
    }
}

impl Table {
    /// Whether the table is about only some records of its subject.
    pub(super) fn is_of_part(&self) -> bool {
        self.dimensions.iter().any(|dimension| dimension.about().is_some())
    }

    /// The table with this one dimension, or, without one, the first that is about all records of its subject.
    fn above(&self, dimension: Option<Dimension>) -> Option<StatisticTableName> {
        StatisticTableName::ALL.iter().copied().find(|name| {
            let table = name.table();
            let is_above = dimension.map_or(!table.is_of_part(), |dimension| table.dimensions == [dimension]);
            *name != self.name && table.subject == self.subject && is_above
        })
    }

    /// Whether one training can be in several of its cells.
    pub(super) fn shares_sessions(&self) -> bool {
        self.dimensions.iter().any(|dimension| dimension.divides_sessions())
    }
}

/// All relations that the figures of a tabulation are in. Relations with a whole in another table come first.
pub(super) fn relations(
    table: &Table,
    measure: Measure,
    kind: PeriodKind,
    tabulation: &Tabulation,
    linked: &LinkedTables,
) -> Vec<Relation> {
    let mut rows: BTreeMap<u16, Vec<Coordinate>> = BTreeMap::new();
    let mut columns: BTreeMap<u16, Vec<Coordinate>> = BTreeMap::new();
    let cells: Vec<Coordinate> = tabulation.keys().copied().filter(|coordinate| *coordinate != Coordinate::Total).collect();
    for coordinate in &cells {
        if let Coordinate::Cell(row, column) = *coordinate {
            rows.entry(row).or_default().push(*coordinate);
            columns.entry(column).or_default().push(*coordinate);
        }
    }
    let mut relations = Vec::new();
    // If cells overlap, their sum reveals no single cell. Only what remains of the whole without one cell is known.
    let mut add = |whole: Option<(Tally, Known)>, suppresses: bool, parts: Vec<Coordinate>, overlap: bool| {
        let each = if overlap { parts.chunks(1).map(<[Coordinate]>::to_vec).collect() } else { vec![parts] };
        for parts in each {
            let mut inside = Tally::default();
            parts.iter().for_each(|part| inside.join(&tabulation[part], table.shares_sessions()));
            let (whole, known) = whole.clone().unwrap_or_else(|| (inside.clone(), Known::Nowhere));
            relations.push(Relation { outside: whole.without(&inside), whole, known, suppresses, parts, add_up: !overlap });
        }
    };
    // A figure that isn't decided yet counts as suppressed.
    let above = |dimension: Option<Dimension>, coordinate: Coordinate| {
        let (whole, is_published) = linked.figure(table.above(dimension)?, measure, kind, coordinate).unwrap_or_default();
        Some((whole, Known::Elsewhere(is_published)))
    };
    let overlaps = table.overlaps();
    let overlap_in = |place: usize| table.dimensions.get(place).is_some_and(|dimension| dimension.overlaps());
    // The cells of a row differ in their columns, and those of a column in their rows.
    let (rows_overlap, columns_overlap) = (overlap_in(0), overlap_in(1));
    if let (true, Some(all)) = (table.is_of_part(), above(None, Coordinate::Total)) {
        add(
            Some(all.clone()),
            true,
            tabulation.keys().copied().filter(|coordinate| *coordinate == Coordinate::Total).collect(),
            false,
        );
        add(Some(all), true, cells.clone(), overlaps);
    }
    if let Some(total) = tabulation.get(&Coordinate::Total) {
        // If the table is about a part of the records, the relation with all records already suppresses its cells.
        add(Some((total.clone(), Known::AsTotal)), !table.is_of_part(), cells, overlaps);
    }
    // A coarser table tells what several categories are together.
    if let [dimension] = table.dimensions {
        let mut together: BTreeMap<&str, Vec<Coordinate>> = BTreeMap::new();
        let categories = dimension.categories();
        for coordinate in tabulation.keys() {
            if let Coordinate::Row(row) = *coordinate
                && let Some(coarser) = dimension.coarser(categories[usize::from(row)])
            {
                together.entry(coarser).or_default().push(*coordinate);
            }
        }
        for parts in together.into_values() {
            add(None, true, parts, overlaps);
        }
    }
    // Suppressed rows are known together, as the total minus the published rows. All of their cells are parts of that.
    let (mut remainder, mut of_remainder) = (Tally::default(), Vec::new());
    // Of rows that overlap the total tells nothing of the suppressed ones together.
    for (row, parts) in rows {
        match above(table.dimensions.first().copied(), Coordinate::Row(row)) {
            Some((whole, Known::Elsewhere(false))) if !rows_overlap => {
                remainder.join(&whole, table.shares_sessions());
                of_remainder.extend(parts);
            }
            whole => add(whole, true, parts, columns_overlap),
        }
    }
    if !of_remainder.is_empty() {
        add(Some((remainder, Known::AsTotal)), true, of_remainder, columns_overlap);
    }
    // For longer periods this difference has so many figures that their noise together hides it.
    for (column, parts) in columns.iter().filter(|_| kind == PeriodKind::Month) {
        if let Some(whole) =
            table.dimensions.get(1).and_then(|dimension| linked.without_others(*dimension, *column, measure, kind))
        {
            add(Some(whole), false, parts.clone(), rows_overlap);
        }
    }
    for (column, parts) in columns {
        add(above(table.dimensions.get(1).copied(), Coordinate::Row(column)), true, parts, rows_overlap);
    }
    relations
}
