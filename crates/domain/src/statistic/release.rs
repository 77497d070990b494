//! What is published when a month is closed: its own figures, and those of the quarter and the year that end with it.
//!
//! What was published stands. So a figure of a quarter is published only if what is left of it, when the months that are known are taken
//! away, could itself be published; where the month that is being published can still be hidden for the sake of the longer period, it is.

use super::sheet::{Group, groups, hide_until, show};
use super::{Measure, NoiseKey, PeriodKind, PerturbationTable, Place, Rule, Sheet, Shown, Table, Tally};
use crate::vocabulary::Vocabulary;

/// A hidden figure can always be at least so many things, whatever its neighbours tell.
pub const LEAST_VALUES: i64 = 5;

/// What was counted in a month, and which of it is shown.
#[derive(Clone, Debug, Default)]
pub struct MonthCount {
    /// What stands behind each figure.
    pub sheet: Sheet,
    /// The total over all records of the subject, where the table is about a part of them.
    pub all: Option<Tally>,
    /// What is shown; decided for the months before, and still to be for the last.
    pub shown: Shown,
}

/// A period that is being published.
#[derive(Clone, Debug)]
pub struct Released {
    /// How long it is.
    pub period: PeriodKind,
    /// What stands behind each figure.
    pub sheet: Sheet,
    /// What is shown of it.
    pub shown: Shown,
}

/// How one measure of one table is published.
pub struct Discloser<'a> {
    table: &'a Table,
    measure: Measure,
    rule: Rule,
    noise: PerturbationTable,
    key: &'a NoiseKey,
}

impl<'a> Discloser<'a> {
    /// For that measure of that table, as the catalogue declares it.
    pub fn new(table: &'a Table, measure: Measure, key: &'a NoiseKey) -> Self {
        Self::with(table, measure, table.rule(measure), key)
    }

    /// With another rule, to see what it is good for.
    pub fn with(table: &'a Table, measure: Measure, rule: Rule, key: &'a NoiseKey) -> Self {
        Self { table, measure, rule, noise: table.noise.table(), key }
    }

    /// The figure as it is shown.
    pub fn value(&self, tally: &Tally) -> i64 {
        let place = self.key.place(self.measure.code(), tally.cell_key, tally.units);
        (i64::try_from(tally.units).unwrap_or(i64::MAX)).saturating_add(self.noise.look_up(place))
    }

    /// Decides what is shown of the last of the months, and of the quarter and the year if it ends them. `year` are the months of its year
    /// through it if it ends the year, and of its quarter otherwise; `quarters` what is shown of the quarters before, if it does.
    pub fn release(&self, year: &[MonthCount], quarters: &[Shown], ends: PeriodKind) -> Vec<Released> {
        let Some((last, _)) = year.split_last() else { return Vec::new() };
        let mut months: Vec<Shown> = year.iter().map(|month| month.shown.clone()).collect();
        let current = months.len() - 1;
        months[current] = self.show(&last.sheet, last.all.as_ref());
        let mut released = Vec::new();
        if ends != PeriodKind::Month {
            let begin = year.len().saturating_sub(3);
            let (sheet, all) = self.together(&year[begin..]);
            let mut shown = self.show(&sheet, all.as_ref());
            for place in shown.clone() {
                let parts = |months: &[Shown]| parts_of_months(place, &year[begin..], &months[begin..]);
                if self.is_safe(&sheet[&place], &parts(&months)) {
                    continue;
                }
                let mut without = months.clone();
                without[current].remove(&place);
                if self.is_safe(&sheet[&place], &parts(&without)) {
                    months = without;
                } else {
                    shown.remove(&place);
                }
            }
            released.push(Released { period: PeriodKind::Quarter, sheet, shown });
        }
        if ends == PeriodKind::Year {
            let (sheet, all) = self.together(year);
            let mut shown = self.show(&sheet, all.as_ref());
            let mut quarters: Vec<Shown> =
                quarters.iter().chain(released.iter().map(|quarter| &quarter.shown)).cloned().collect();
            for place in shown.clone() {
                if self.is_safe(&sheet[&place], &parts_of_year(place, year, &months, &quarters)) {
                    continue;
                }
                let (mut without, mut quarters_without) = (months.clone(), quarters.clone());
                without[current].remove(&place);
                quarters_without.iter_mut().last().map(|quarter| quarter.remove(&place));
                if self.is_safe(&sheet[&place], &parts_of_year(place, year, &without, &quarters_without)) {
                    (months, quarters) = (without, quarters_without);
                } else {
                    shown.remove(&place);
                }
            }
            if let (Some(quarter), Some(shown)) = (released.last_mut(), quarters.pop()) {
                quarter.shown = shown;
            }
            released.push(Released { period: PeriodKind::Year, sheet, shown });
        }
        released.push(Released { period: PeriodKind::Month, sheet: last.sheet.clone(), shown: months.swap_remove(current) });
        released
    }

    /// What can be shown of a sheet for itself: by the rule, and so that no hidden figure is hemmed in by what is shown around it.
    fn show(&self, sheet: &Sheet, all: Option<&Tally>) -> Shown {
        let mut shown = show(self.table, &self.rule, sheet, all);
        for Group { whole, parts, add_up } in groups(self.table, sheet) {
            if add_up && self.rule.allows(&whole) {
                hide_until(sheet, &parts, &mut shown, |shown| {
                    let known: Vec<&Tally> = parts.iter().filter(|part| shown.contains(part)).map(|part| &sheet[part]).collect();
                    self.leaves_room(&whole, &known)
                });
            }
        }
        shown
    }

    /// Whether a part of a whole that isn't shown can still be anything from 0 to 4, as far as the whole and the shown parts tell.
    fn leaves_room(&self, whole: &Tally, known: &[&Tally]) -> bool {
        let most_off = i64::from(self.table.noise.maximum);
        let known: i64 = known.iter().map(|tally| self.value(tally) - most_off).sum();
        self.value(whole) + most_off - known >= LEAST_VALUES - 1
    }

    /// Whether a longer period's figure can be shown beside those parts of it that are.
    fn is_safe(&self, whole: &Tally, parts: &[(Tally, bool)]) -> bool {
        let mut rest = Tally::default();
        for (hidden, _) in parts.iter().filter(|(_, shown)| !shown) {
            rest.join(hidden, false);
        }
        let known: Vec<&Tally> = parts.iter().filter(|(_, shown)| *shown).map(|(tally, _)| tally).collect();
        self.rule.allows_rest(&rest) && (rest.units == 0 || self.leaves_room(whole, &known))
    }

    /// Several months as one period.
    fn together(&self, months: &[MonthCount]) -> (Sheet, Option<Tally>) {
        let (mut sheet, mut all) = (Sheet::new(), None::<Tally>);
        for month in months {
            for (place, tally) in &month.sheet {
                sheet.entry(*place).or_default().join(tally, false);
            }
            if let Some(tally) = &month.all {
                all.get_or_insert_default().join(tally, false);
            }
        }
        (sheet, all)
    }
}

/// The months of a figure, each with whether it is known.
fn parts_of_months(place: Place, months: &[MonthCount], shown: &[Shown]) -> Vec<(Tally, bool)> {
    let parts = months.iter().zip(shown);
    parts.filter_map(|(month, shown)| Some((month.sheet.get(&place)?.clone(), shown.contains(&place)))).collect()
}

/// The quarters of a year's figure that are known, and the months of the others.
fn parts_of_year(place: Place, year: &[MonthCount], months: &[Shown], quarters: &[Shown]) -> Vec<(Tally, bool)> {
    let mut parts = Vec::new();
    for (at, (counts, shown)) in year.chunks(3).zip(months.chunks(3)).enumerate() {
        let of_months = parts_of_months(place, counts, shown);
        if quarters.get(at).is_some_and(|quarter| quarter.contains(&place)) {
            let mut whole = Tally::default();
            of_months.iter().for_each(|(month, _)| whole.join(month, false));
            parts.push((whole, true));
        } else {
            parts.extend(of_months);
        }
    }
    parts
}
