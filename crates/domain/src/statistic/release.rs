//! What is published when a month is closed: its own figures, and those of the quarter and the year that end with it.
//!
//! A figure is shown only where what it is a part of is shown, and only if what remains of that when all shown parts are taken away could
//! itself be published. Then whatever is taken away from whatever, in however many steps, what is left are several of such remains
//! together, and they could be published.
//!
//! What was published stands. So a figure of a quarter is published only if what is left of it, when the months that are known are taken
//! away, could itself be published; where the month that is being published can still be hidden for the sake of the longer period, it is.

use super::beside::Beside;
use super::group::{Group, Known, groups};
use super::{Decided, Measure, NoiseKey, PeriodKind, PerturbationTable, Place, Rule, Sheet, Shown, Table, Tally};
use crate::vocabulary::Vocabulary;

/// A hidden figure can always be at least so many things, whatever its neighbours tell.
pub const LEAST_VALUES: i64 = 5;

/// What was counted in a month, and which of it is shown.
#[derive(Clone, Debug, Default)]
pub struct MonthCount {
    /// What stands behind each figure.
    pub sheet: Sheet,
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
pub struct DisclosureControl<'a> {
    table: &'a Table,
    measure: Measure,
    rule: Rule,
    noise: PerturbationTable,
    key: &'a NoiseKey,
}

impl<'a> DisclosureControl<'a> {
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

    /// Decides what is shown of the last of the months, and of the quarter and the year if it ends them, beside what is decided of the
    /// tables before. `year` are the months of its year through it if it ends the year, and of its quarter otherwise; `quarters` what is
    /// shown of the quarters before, if it does.
    pub fn release(&self, decided: &mut Decided, year: &[MonthCount], quarters: &[Shown], ends: PeriodKind) -> Vec<Released> {
        let Some((last, _)) = year.split_last() else { return Vec::new() };
        let mut months: Vec<Shown> = year.iter().map(|month| month.shown.clone()).collect();
        let mut quarters = quarters.to_vec();
        let current = months.len() - 1;
        let mut released = Vec::new();
        months[current] = self.allowed(PeriodKind::Month, &last.sheet);
        self.settle(decided, PeriodKind::Month, &last.sheet, &mut months[current], |_| Vec::new());
        if ends != PeriodKind::Month {
            let begin = year.len().saturating_sub(3);
            let sheet = together(&year[begin..]);
            let mut shown = self.allowed(PeriodKind::Quarter, &sheet);
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
            self.settle(decided, PeriodKind::Month, &last.sheet, &mut months[current], |_| Vec::new());
            self.hide_total_over_others(&months[begin..], &mut shown);
            let parts = |place| parts_of_months(place, &year[begin..], &months[begin..]);
            self.settle(decided, PeriodKind::Quarter, &sheet, &mut shown, parts);
            self.hide_what_tells_of_others(&sheet, &mut shown, &year[begin..], &months[begin..], &[]);
            quarters.push(shown.clone());
            released.push(Released { period: PeriodKind::Quarter, sheet, shown });
        }
        if ends == PeriodKind::Year {
            let sheet = together(year);
            let mut shown = self.allowed(PeriodKind::Year, &sheet);
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
            self.settle(decided, PeriodKind::Month, &last.sheet, &mut months[current], |_| Vec::new());
            if let (Some(quarter), Some(shown)) = (released.last_mut(), quarters.last_mut()) {
                let begin = year.len().saturating_sub(3);
                let parts = |place| parts_of_months(place, &year[begin..], &months[begin..]);
                self.hide_total_over_others(&months[begin..], shown);
                self.settle(decided, PeriodKind::Quarter, &quarter.sheet, shown, parts);
                self.hide_what_tells_of_others(&quarter.sheet, shown, &year[begin..], &months[begin..], &[]);
                quarter.shown.clone_from(shown);
            }
            self.hide_total_over_others(&months, &mut shown);
            self.hide_total_over_others(&quarters, &mut shown);
            let parts = |place| parts_of_year(place, year, &months, &quarters);
            self.settle(decided, PeriodKind::Year, &sheet, &mut shown, parts);
            self.hide_what_tells_of_others(&sheet, &mut shown, year, &months, &quarters);
            released.push(Released { period: PeriodKind::Year, sheet, shown });
        }
        released.push(Released { period: PeriodKind::Month, sheet: last.sheet.clone(), shown: months.swap_remove(current) });
        decided.keep(self.table.name, self.measure, &released);
        released
    }

    /// What could be shown of a sheet if there were nothing beside it: of periods that are too short for the table nothing, or the total that
    /// another table has too.
    fn allowed(&self, kind: PeriodKind, sheet: &Sheet) -> Shown {
        let rule = self.rule.of_period(kind);
        let is_long_enough = kind >= self.table.shortest;
        sheet
            .iter()
            .filter(|(place, tally)| {
                (is_long_enough || (**place == Place::Total && self.table.dimensions.len() > 1)) && rule.allows(tally)
            })
            .map(|(place, _)| *place)
            .collect()
    }

    /// Hides of a longer period, the smallest first, what would tell of figures that are hidden in its months.
    fn hide_what_tells_of_others(
        &self,
        sheet: &Sheet,
        shown: &mut Shown,
        months: &[MonthCount],
        shown_months: &[Shown],
        quarters: &[Shown],
    ) {
        let mut beside = Beside::new(self.table, &self.rule, months, shown_months);
        let mut places: Vec<Place> = shown.iter().copied().collect();
        places.sort_by_key(|place| std::cmp::Reverse((sheet[place].units, *place)));
        for place in places {
            let covered = quarters.iter().enumerate().filter(|(_, quarter)| quarter.contains(&place));
            let covered = covered.fold(0, |covered, (at, _)| covered | 0b111 << (3 * at));
            if !beside.takes(place, covered) {
                shown.remove(&place);
            }
        }
    }

    /// Of a table about a part of all records, cells can be shown where the total isn't. A longer period's total would tell of them what
    /// that one was hidden for.
    fn hide_total_over_others(&self, shorter: &[Shown], shown: &mut Shown) {
        if self.table.is_of_part() && shorter.iter().any(|shown| !shown.is_empty() && !shown.contains(&Place::Total)) {
            shown.remove(&Place::Total);
        }
    }

    /// Hides what would tell too much beside what else is shown: until what remains of each whole could be published, and none of its parts
    /// is hemmed in by those that are shown around it. `parts` are those of a longer period's figure.
    fn settle(
        &self,
        decided: &Decided,
        kind: PeriodKind,
        sheet: &Sheet,
        shown: &mut Shown,
        parts: impl Fn(Place) -> Vec<(Tally, bool)>,
    ) {
        for group in groups(self.table, self.measure, kind, sheet, decided) {
            let is_known = match group.known {
                Known::AsTotal => shown.contains(&Place::Total),
                Known::Elsewhere(is_shown) => is_shown,
                Known::Nowhere => self.rule.allows(&group.whole),
            };
            if !is_known && group.hides {
                group.parts.iter().for_each(|part| _ = shown.remove(part));
            }
            while is_known && !self.is_enough(&group, sheet, shown, &parts) {
                let smallest =
                    group.parts.iter().filter(|part| shown.contains(part)).min_by_key(|part| (sheet[part].units, **part));
                let Some(smallest) = smallest else {
                    // Shorter periods tell too much of it already.
                    if sheet.get(&Place::Total) == Some(&group.whole) {
                        shown.remove(&Place::Total);
                    }
                    break;
                };
                shown.remove(smallest);
            }
        }
    }

    /// Whether what remains of a whole could be published, and each part that isn't shown can be several things.
    fn is_enough(&self, group: &Group, sheet: &Sheet, shown: &Shown, parts: &impl Fn(Place) -> Vec<(Tally, bool)>) -> bool {
        let (mut rest, mut known) = (group.outside.clone(), Vec::new());
        for place in &group.parts {
            let is_shown = shown.contains(place);
            let shorter = if is_shown { Vec::new() } else { parts(*place) };
            let parts = if shorter.is_empty() { vec![(sheet[place].clone(), is_shown)] } else { shorter };
            for (tally, is_shown) in parts {
                if is_shown { known.push(tally) } else { rest.join(&tally, self.table.shares_sessions()) }
            }
        }
        self.rule.allows_rest(&rest) && (!group.add_up || self.leaves_room(&group.whole, &known))
    }

    /// Whether a part of a whole that isn't shown can still be anything from 0 to 4, as far as the whole and the shown parts tell.
    fn leaves_room(&self, whole: &Tally, known: &[Tally]) -> bool {
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
        let known: Vec<Tally> = parts.iter().filter(|(_, shown)| *shown).map(|(tally, _)| tally.clone()).collect();
        self.rule.allows_rest(&rest) && self.leaves_room(whole, &known)
    }
}

/// Several months as one period.
fn together(months: &[MonthCount]) -> Sheet {
    let mut sheet = Sheet::new();
    for (place, tally) in months.iter().flat_map(|month| &month.sheet) {
        sheet.entry(*place).or_default().join(tally, false);
    }
    sheet
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
