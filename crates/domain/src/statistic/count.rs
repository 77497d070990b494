//! Counting: records come in one at a time, and only the figures are kept. Memory does not grow with the number of records.

use std::collections::HashMap;

use super::tally::Parties;
use super::{Coordinate, Dimension, Measure, StatisticTableName, Subject, Tabulation, Tally};
use crate::vocabulary::Vocabulary;

/// A record to be counted: a referral, or one host's people of one cadre at a training.
#[derive(Clone, Debug)]
pub struct Record {
    /// What the record is.
    pub subject: Subject,
    /// Its record key. One host's people of several cadres share a key, and their records follow each other.
    pub record_key: u64,
    /// The training. The records of one training follow each other.
    pub session: Option<u128>,
    /// The organisations that have part in it.
    pub parties: Parties,
    /// 1 for a referral; the number of people for a training.
    pub units: u64,
    /// The indices of its categories in each dimension, in the order of [`Dimension::ALL`]. Empty for a dimension if its tables
    /// aren't about this record.
    pub categories: [Vec<u16>; Dimension::ALL.len()],
    /// The measures that count it.
    pub measures: Vec<Measure>,
}

#[derive(Default)]
struct Figure {
    tally: Tally,
    last_record_key: Option<u64>,
    last_session: Option<u128>,
}

struct Counted {
    name: StatisticTableName,
    measure: Measure,
    figures: HashMap<Coordinate, Figure>,
}

/// All tables of the catalogue while they are being counted.
pub struct Count(Vec<Counted>);

impl Default for Count {
    fn default() -> Self {
        let tables = StatisticTableName::ALL.iter().flat_map(|name| {
            let measures = name.table().measures.iter();
            measures.map(|measure| Counted { name: *name, measure: *measure, figures: HashMap::new() })
        });
        Self(tables.collect())
    }
}

impl Count {
    /// Counts a record.
    pub fn add(&mut self, record: &Record) {
        for counted in &mut self.0 {
            let table = counted.name.table();
            if table.subject == record.subject && record.measures.contains(&counted.measure) {
                counted.add(record, table.dimensions);
            }
        }
    }

    /// The results: a tabulation for each measure of each table, in the order of the catalogue.
    pub fn finish(self) -> Vec<(StatisticTableName, Measure, Tabulation)> {
        let tabulation = |figures: HashMap<Coordinate, Figure>| {
            figures.into_iter().map(|(coordinate, figure)| (coordinate, figure.tally)).collect()
        };
        self.0.into_iter().map(|counted| (counted.name, counted.measure, tabulation(counted.figures))).collect()
    }
}

impl Counted {
    fn add(&mut self, record: &Record, dimensions: &[Dimension]) {
        let mut figure = |coordinate| self.figures.entry(coordinate).or_default().add(record);
        match *dimensions {
            [rows] => {
                let rows = &record.categories[rows as usize];
                rows.iter().for_each(|row| figure(Coordinate::Row(*row)));
                if !rows.is_empty() {
                    figure(Coordinate::Total);
                }
            }
            [rows, columns] => {
                let (rows, columns) = (&record.categories[rows as usize], &record.categories[columns as usize]);
                for row in rows {
                    columns.iter().for_each(|column| figure(Coordinate::Cell(*row, *column)));
                }
                if !rows.is_empty() && !columns.is_empty() {
                    figure(Coordinate::Total);
                }
            }
            _ => {}
        }
    }
}

impl Figure {
    fn add(&mut self, record: &Record) {
        if self.last_record_key != Some(record.record_key) {
            self.last_record_key = Some(record.record_key);
            self.tally.cell_key = self.tally.cell_key.wrapping_add(record.record_key);
        }
        if record.session.is_some() && self.last_session != record.session {
            self.last_session = record.session;
            self.tally.sessions += 1;
        }
        self.tally.add(record.parties, record.units);
    }
}
