//! One measure of one table in one period: what stands behind each of its figures, and which of them are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::Dimension;
use super::{Rule, Table, Tally};

/// Where a figure stands in its table: the places of its keys among the keys of the dimensions. None of them for the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The figure over all cells.
    Total,
    /// A cell of a table of one dimension.
    Row(u16),
    /// A cell of a table of two.
    Cell(u16, u16),
}

/// What stands behind each figure. A figure of nothing isn't in it.
pub type Sheet = BTreeMap<Place, Tally>;

/// Which figures are shown.
pub type Shown = BTreeSet<Place>;

/// A figure that is known, and the figures that it is made of.
pub(super) struct Group {
    /// The whole.
    pub(super) whole: Tally,
    /// Its parts.
    pub(super) parts: Vec<Place>,
    /// Whether no record is in two of them.
    pub(super) add_up: bool,
}

impl Place {
    /// The cell whose keys are at those places.
    pub fn of(places: &[u16]) -> Option<Self> {
        match *places {
            [] => Some(Self::Total),
            [row] => Some(Self::Row(row)),
            [row, column] => Some(Self::Cell(row, column)),
            _ => None,
        }
    }

    /// Its keys' places.
    pub fn places(self) -> Vec<u16> {
        match self {
            Self::Total => Vec::new(),
            Self::Row(row) => vec![row],
            Self::Cell(row, column) => vec![row, column],
        }
    }
}

/// Whether the same training can be in several cells of the table.
pub(super) fn shares_sessions(table: &Table) -> bool {
    table.dimensions.contains(&Dimension::Cadre)
}

/// What is left of a whole when the shown ones of its parts are taken away.
pub(super) fn rest(table: &Table, sheet: &Sheet, parts: &[Place], shown: &Shown) -> Tally {
    let mut rest = Tally::default();
    for hidden in parts.iter().filter(|part| !shown.contains(part)).filter_map(|part| sheet.get(part)) {
        rest.join(hidden, shares_sessions(table));
    }
    rest
}

/// Every figure that can be known and is made of cells: the total, and where the table has two dimensions each row and each column, which
/// other tables of the catalogue show.
pub(super) fn groups(table: &Table, sheet: &Sheet) -> Vec<Group> {
    let mut rows: BTreeMap<u16, Vec<Place>> = BTreeMap::new();
    let mut columns: BTreeMap<u16, Vec<Place>> = BTreeMap::new();
    let mut cells = Vec::new();
    for place in sheet.keys().copied() {
        if let Place::Cell(row, column) = place {
            rows.entry(row).or_default().push(place);
            columns.entry(column).or_default().push(place);
        }
        if place != Place::Total {
            cells.push(place);
        }
    }
    let add_up = !table.overlaps();
    let margin = |parts: Vec<Place>, add_up| Group { whole: rest(table, sheet, &parts, &Shown::new()), parts, add_up };
    // Where populations overlap they are the rows, and what stands in one row adds up.
    let mut groups: Vec<Group> = rows.into_values().map(|parts| margin(parts, true)).collect();
    groups.extend(columns.into_values().map(|parts| margin(parts, add_up)));
    if let Some(total) = sheet.get(&Place::Total) {
        groups.push(Group { whole: total.clone(), parts: cells, add_up });
    }
    groups
}

/// Hides of the shown parts the smallest first, until `enough` holds; none is left to hide otherwise.
pub(super) fn hide_until(sheet: &Sheet, parts: &[Place], shown: &mut Shown, mut enough: impl FnMut(&Shown) -> bool) {
    while !enough(shown) {
        let units = |place: &Place| sheet.get(place).map_or(0, |tally| tally.units);
        let Some(smallest) = parts.iter().filter(|part| shown.contains(part)).min_by_key(|part| (units(part), **part)) else {
            return;
        };
        shown.remove(smallest);
    }
}

/// Which of a sheet's figures can be shown beside each other, by the rule alone: each for itself, and whatever is left of one when others
/// are taken away from it.
///
/// `all` is the total over all records of the subject, where this table is about a part of them.
pub fn show(table: &Table, rule: &Rule, sheet: &Sheet, all: Option<&Tally>) -> Shown {
    let mut shown: Shown = sheet.iter().filter(|(_, tally)| rule.allows(tally)).map(|(place, _)| *place).collect();
    // Of a table about a part the total is a part itself: what it leaves out is left when it is taken from the whole.
    if let (Some(all), Some(total)) = (all, sheet.get(&Place::Total))
        && !rule.allows_rest(&all.without(total))
    {
        shown.remove(&Place::Total);
    }
    // Cells that overlap don't tell by what the others leave; what each leaves alone is known.
    if let (true, Some(total)) = (table.overlaps(), sheet.get(&Place::Total)) {
        shown.retain(|place| {
            *place == Place::Total || sheet.get(place).is_some_and(|tally| rule.allows_rest(&total.without(tally)))
        });
    }
    for Group { whole, parts, .. } in groups(table, sheet) {
        if rule.allows(&whole) {
            hide_until(sheet, &parts, &mut shown, |shown| rule.allows_rest(&rest(table, sheet, &parts, shown)));
        }
    }
    shown
}
