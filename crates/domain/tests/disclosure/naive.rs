//! What an attacker knows about a set of records, counted from the records themselves in the simplest way.

use std::collections::BTreeMap;

use pamoja_domain::statistic::{Coordinate, Measure, SensitivityRule, Table};

use crate::publication::{Period, Sort};
use crate::world::{Made, World};

/// Records in order, by their positions in their world.
pub type Set = Vec<u32>;

/// The records of one set that aren't in the other. Both are in order.
pub fn difference(whole: &Set, part: &Set) -> Set {
    whole.iter().copied().filter(|record| part.binary_search(record).is_err()).collect()
}

/// Which records are behind which figure of the year.
pub struct Index<'a> {
    world: &'a World,
    sets: BTreeMap<(Sort, Coordinate), Set>,
}

impl<'a> Index<'a> {
    /// An index of a world.
    pub fn of(world: &'a World) -> Self {
        Self { world, sets: BTreeMap::new() }
    }

    /// The records behind a figure.
    pub fn set(&mut self, sort: Sort, period: Period, coordinate: Coordinate) -> Set {
        let world = self.world;
        let set = self.sets.entry((sort, coordinate)).or_insert_with(|| {
            let table = sort.0.table();
            let records = world.records.iter().enumerate();
            records.filter(|(_, made)| is_behind(made, &table, sort.1, coordinate)).map(|(at, _)| at as u32).collect()
        });
        // The records are in the order of their months.
        let before = |month: usize| set.partition_point(|at| world.records[*at as usize].month < month);
        set[before(period.first)..before(period.first + period.months)].to_vec()
    }

    /// What is wrong if somebody learns how many records this set has; `None` if nothing is.
    pub fn wrong(&self, set: &Set, rule: &SensitivityRule) -> Option<String> {
        let (mut units, mut contributors, mut receivers) = (0, 0_u32, 0_u32);
        let (mut sessions, mut seen_by) = (Vec::new(), Vec::new());
        for at in set {
            let record = &self.world.records[*at as usize].record;
            // Each organisation is a bit.
            let contributor = 1 << record.parties.contributor.0;
            let counterpart = record.parties.counterpart.map_or(0, |party| 1 << party.0);
            units += record.units;
            contributors |= contributor;
            receivers |= counterpart;
            sessions.extend(record.session);
            seen_by.push((contributor | counterpart, record.units));
        }
        sessions.dedup();
        if units == 0 {
            return None;
        }
        if units < rule.units {
            return Some(format!("only {units} units"));
        }
        if (contributors.count_ones() as usize) < rule.contributors {
            return Some(format!("only of {contributors:b}"));
        }
        if receivers != 0 && (receivers.count_ones() as usize) < rule.receivers {
            return Some(format!("only received by {receivers:b}"));
        }
        if (sessions.len() as u64) < rule.sessions {
            return Some(format!("only {} sessions", sessions.len()));
        }
        seen_by.sort_unstable();
        seen_by.dedup_by(|(by, units), (before, sum)| {
            let same = by == before;
            *sum += if same { *units } else { 0 };
            same
        });
        let unseen = |who: u32| {
            let mut unseen = 0;
            for (by, units) in &seen_by {
                unseen += if by & who == 0 { *units } else { 0 };
            }
            unseen
        };
        for one in 0..self.world.organisations {
            let left = unseen(1 << one);
            if left > 0 && left < rule.unseen_by_one {
                return Some(format!("{one} is left with {left} of {units}"));
            }
            for other in one + 1..self.world.organisations {
                let left = unseen(1 << one | 1 << other);
                if left > 0 && left < rule.unseen_by_two {
                    return Some(format!("{one} and {other} are left with {left} of {units}"));
                }
            }
        }
        None
    }
}

fn is_behind(made: &Made, table: &Table, measure: Measure, coordinate: Coordinate) -> bool {
    let record = &made.record;
    if record.subject != table.subject || !record.measures.contains(&measure) {
        return false;
    }
    let keys = |at: usize| &record.categories[table.dimensions[at] as usize];
    match coordinate {
        Coordinate::Total => (0..table.dimensions.len()).all(|at| !keys(at).is_empty()),
        Coordinate::Row(row) => keys(0).contains(&row),
        Coordinate::Cell(row, column) => keys(0).contains(&row) && keys(1).contains(&column),
    }
}

/// The catalogue's rule for a measure of a table.
pub fn rule((name, measure): Sort) -> SensitivityRule {
    name.table().rule(measure)
}
