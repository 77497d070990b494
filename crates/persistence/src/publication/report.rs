//! Compares what was published with what is recorded, by counting it again month by month.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Coordinate, Measure, PeriodKind, ReleaseKey, StatisticTableName, Tally, Utility};
use pamoja_domain::vocabulary::Vocabulary;
use tokio_postgres::Transaction;
use zeroize::Zeroizing;

use super::organisations::Organisations;
use super::{Publisher, cells, facts, snapshot};
use crate::error::StoreError;

/// A table of the catalogue, a length of periods, and what publication cost its figures, over all measures.
pub type UtilityLine = (StatisticTableName, PeriodKind, Utility);

type Figures<T> = HashMap<(StatisticTableName, Measure), BTreeMap<Coordinate, T>>;

impl Publisher {
    /// Compares what is published with what is recorded now, in the order of the catalogue. It compares the cells, not the
    /// totals.
    pub async fn report(&mut self, progress: &(dyn Fn(Month, u64) + Sync)) -> Result<Vec<UtilityLine>, StoreError> {
        let transaction = snapshot(&mut self.client).await?;
        let organisations = Organisations::read(&transaction).await?;
        let months = transaction.query(include_str!("months.sql"), &[]).await?;
        let mut utilities: BTreeMap<(StatisticTableName, PeriodKind), Utility> = BTreeMap::new();
        // The counts of the month, quarter and year that aren't complete yet.
        let mut longer: HashMap<PeriodKind, Figures<Tally>> = HashMap::new();
        for row in months {
            let month = Month::of(row.get::<_, NaiveDate>(0));
            // Nothing is published from this count, so any key will do.
            let key = ReleaseKey::new(Zeroizing::new([0; 32]));
            let (count, _) = facts::count(&transaction, month, &organisations, &key, &|records| progress(month, records)).await?;
            let mut truth: Figures<Tally> = HashMap::new();
            for (name, measure, tabulation) in count.finish() {
                truth.insert(
                    (name, measure),
                    tabulation.into_iter().filter(|(coordinate, _)| *coordinate != Coordinate::Total).collect(),
                );
            }
            for kind in PeriodKind::ALL {
                let whole = longer.entry(*kind).or_default();
                for (of, figures) in &truth {
                    let whole = whole.entry(*of).or_default();
                    figures.iter().for_each(|(coordinate, tally)| whole.entry(*coordinate).or_default().join(tally, false));
                }
                let next = month.plus(1);
                if kind.first_month(next) == next {
                    let truth = longer.remove(kind).unwrap_or_default();
                    let published = published(&transaction, *kind, kind.first_month(month)).await?;
                    compare(*kind, &truth, &published, &mut utilities);
                }
            }
        }
        transaction.commit().await?;
        Ok(utilities.into_iter().map(|((name, kind), utility)| (name, kind, utility)).collect())
    }
}

async fn published(transaction: &Transaction<'_>, kind: PeriodKind, period: Month) -> Result<Figures<i64>, StoreError> {
    let statement = include_str!("cells_of_period.sql");
    let mut published: Figures<i64> = HashMap::new();
    for row in transaction.query(statement, &[&kind.code(), &period.first_day()]).await? {
        let (name, measure) = (cells::table_name(row.get(0))?, cells::measure(row.get(1))?);
        let coordinate = cells::coordinate(&name.table(), &row.get::<_, Vec<String>>(2))?;
        published.entry((name, measure)).or_default().insert(coordinate, row.get(3));
    }
    Ok(published)
}

fn compare(
    kind: PeriodKind,
    truth: &Figures<Tally>,
    published: &Figures<i64>,
    utilities: &mut BTreeMap<(StatisticTableName, PeriodKind), Utility>,
) {
    for ((name, measure), figures) in truth {
        let utility = utilities.entry((*name, kind)).or_default();
        for (coordinate, tally) in figures {
            utility.add(tally, published.get(&(*name, *measure)).and_then(|published| published.get(coordinate)).copied());
        }
    }
}
