//! Publishes the figures over all members, month by month, under a database role of its own. This module decides what is counted
//! and when. `pamoja_domain::statistic` decides which figures are published, and by how much each is off.
//!
//! A month is published in one transaction: its own figures, and those of the quarter and the year that end with it. The key that
//! gives the records their record keys is kept in memory, for this transaction alone.

mod cells;
mod facts;
mod organisations;
mod report;
mod rollup;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{
    DisclosureControl, LinkedTables, Measure, MonthCount, NoiseKey, PeriodKind, PublishedCells, ReleaseKey, StatisticTableName,
    Tabulation, closes_at, last_closed,
};
use rand::TryRngCore;
use rand::rngs::OsRng;
use tokio_postgres::{Client, IsolationLevel, Transaction};
use zeroize::Zeroizing;

use crate::connection;
use crate::error::StoreError;
use crate::statistic::series;
pub(crate) use facts::statements;
use organisations::Organisations;
pub use report::UtilityLine;

/// Publication waits this long after a month is closed, for transactions that still write in it and for clocks that differ.
pub const MARGIN: TimeDelta = TimeDelta::hours(1);
/// The role that publishes. Only this role is granted what publication reads and writes.
const ROLE: &str = "pamoja_publisher";
/// The advisory lock of a session on which publishers wait for each other.
const LOCK: i64 = 0x7061_6d6f_6a61;
/// How long one publisher waits for another, and how long a statement may take.
const PATIENCE: &str = "15min";

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// The noise key differs from the one that the months before were published with.
    #[error(
        "the months before were published with the noise key {published}, and this one is {given}: give back the one that was there, or \
         go on with this one by --replace-noise-key; one set of records could then be shown with two perturbations"
    )]
    OtherNoiseKey {
        /// The id of the key that was used.
        published: String,
        /// The id of the key that is given.
        given: String,
    },
    /// The database is reached as another role, which would see neither what is due nor what was published.
    #[error("the database is reached as {0}, which can't see what is to be counted: connect as pamoja_publisher")]
    OtherRole(String),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<tokio_postgres::Error> for PublicationError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What the publication of a month contained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedMonth {
    /// The month.
    pub month: Month,
    /// The longest period that ended with this month.
    pub ends: PeriodKind,
    /// How many records were counted: referrals, and rows of training participants.
    pub records: u64,
    /// How many figures were published, in all periods together.
    pub figures: usize,
    /// How many figures were suppressed, of those that aren't zero.
    pub suppressed: usize,
}

/// A connection that publishes. While it exists, no other can.
pub struct Publisher {
    client: Client,
    noise_key: NoiseKey,
    at: DateTime<Utc>,
}

impl Publisher {
    /// Connects as the publisher role and waits until nobody else publishes. `at` decides which months are closed.
    ///
    /// # Errors
    /// [`PublicationError::OtherRole`] when the URL names another role. [`PublicationError::OtherNoiseKey`] when the noise key
    /// differs and is not to be replaced. [`PublicationError::Store`] when another publisher keeps the lock for more than 15
    /// minutes.
    pub async fn connect(
        url: &str,
        noise_key: NoiseKey,
        replaces_noise_key: bool,
        at: DateTime<Utc>,
    ) -> Result<Self, PublicationError> {
        let client = connection::driver(url).await?;
        let role: String = client.query_one(include_str!("publication/role.sql"), &[]).await?.get(0);
        if role != ROLE {
            return Err(PublicationError::OtherRole(role));
        }
        client
            .batch_execute(&format!(
                "SET statement_timeout = '{PATIENCE}'; SET lock_timeout = '{PATIENCE}'; SET idle_in_transaction_session_timeout = '{PATIENCE}';
                 SET search_path = public, pg_temp; SELECT pg_advisory_lock({LOCK})"
            ))
            .await?;
        let published = client.query_opt(include_str!("publication/noise_key.sql"), &[]).await?;
        let given = noise_key.id();
        match published.map(|row| row.get::<_, String>(0)) {
            Some(published) if published != given && !replaces_noise_key => {
                Err(PublicationError::OtherNoiseKey { published, given })
            }
            _ => Ok(Self { client, noise_key, at }),
        }
    }

    /// The months that are closed and not yet published, in order. Before anything is published they begin with the first month
    /// in which anything was recorded.
    pub async fn due(&self) -> Result<Vec<Month>, StoreError> {
        let last: Option<NaiveDate> = self.client.query_one(include_str!("publication/last_month.sql"), &[]).await?.get(0);
        let first = match last {
            Some(last) => Some(Month::of(last).plus(1)),
            None => facts::first_moment(&self.client).await?.map(Month::at),
        };
        let last = last_closed(self.at - MARGIN);
        let months = first.map_or(0, |first| first.through(last));
        Ok(first.into_iter().flat_map(|first| (0..months as u32).map(move |ahead| first.plus(ahead))).collect())
    }

    /// Publishes all of a month that is due, or nothing. `progress` is called from time to time with the number of records
    /// counted so far.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the month isn't closed yet, or when the coalition has no SECRETARIAT whose audit could
    /// record it. After any error nothing of the month is published.
    pub async fn publish(&mut self, month: Month, progress: &(dyn Fn(u64) + Sync)) -> Result<PublishedMonth, StoreError> {
        if self.at < closes_at(month) + MARGIN {
            return Err(StoreError::Inconsistent(format!("{month} isn't closed yet")));
        }
        let noise_key = &self.noise_key;
        let mut random = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(random.as_mut()).map_err(|_| StoreError::Fault("the system gives no random bytes".to_owned()))?;
        let release_key = ReleaseKey::new(random);
        let transaction = snapshot(&mut self.client).await?;
        let organisations = Organisations::read(&transaction).await?;
        let (count, records) = facts::count(&transaction, month, &organisations, &release_key, progress).await?;
        drop(release_key);
        let before = Before::read(&transaction, month, &organisations).await?;
        let tabulations = count.finish();
        let series: Vec<String> = tabulations.iter().map(|(name, measure, _)| series(*name, *measure)).collect();
        let mut published = PublishedMonth { month, ends: before.ends, records, figures: 0, suppressed: 0 };
        let mut figures = Vec::new();
        let mut linked = LinkedTables::default();
        for (name, measure, tabulation) in &tabulations {
            let table = name.table();
            let control = DisclosureControl::new(&table, *measure, noise_key);
            let ends = before.ends(*name, *measure);
            let months = before.months(*name, *measure, tabulation, ends);
            for released in control.release(&mut linked, &months, &before.quarters(*name, *measure, ends), ends) {
                published.figures += released.published.len();
                published.suppressed += released.tabulation.len() - released.published.len();
                let period = released.period.first_month(month);
                figures.extend(released.published.into_iter().map(|coordinate| cells::PublishedCell {
                    name: *name,
                    measure: *measure,
                    kind: released.period,
                    period,
                    coordinate,
                    value: control.value(&released.tabulation[&coordinate]),
                }));
            }
        }
        cells::write(&transaction, &figures).await?;
        if before.ends == PeriodKind::Year {
            rollup::delete(&transaction).await?;
        } else {
            rollup::write(&transaction, month, &tabulations, &organisations).await?;
        }
        let first_day = month.first_day();
        let noise_key_id = noise_key.id();
        transaction.execute(include_str!("publication/insert_release.sql"), &[&first_day, &noise_key_id, &series]).await?;
        let audited = transaction
            .execute(include_str!("publication/insert_audit_entry.sql"), &[&format!("publishFigures {month}")])
            .await?;
        if audited == 0 {
            return Err(StoreError::Inconsistent(
                "there is no SECRETARIAT in whose audit the publication would be told".to_owned(),
            ));
        }
        transaction.commit().await?;
        Ok(published)
    }
}

/// A transaction that sees one state of all tables, however long it reads. It makes PostgreSQL follow the indexes, row by row,
/// from organisation to referral to event. A month then costs what was created in it; the planner would rather read and sort
/// whole tables.
async fn snapshot(client: &mut Client) -> Result<Transaction<'_>, StoreError> {
    let transaction = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
    transaction.execute(include_str!("publication/open.sql"), &[]).await?;
    transaction
        .batch_execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off",
        )
        .await?;
    Ok(transaction)
}

/// The period whose months decide together what is published for a month: the year that it ends, and else its quarter.
fn longest(ends: PeriodKind) -> PeriodKind {
    if ends == PeriodKind::Year { PeriodKind::Year } else { PeriodKind::Quarter }
}

/// What was counted and published in the months before, as far as this month's publication depends on it.
struct Before {
    month: Month,
    ends: PeriodKind,
    /// The months of the longest period that were published, each with what was counted in it.
    counted: BTreeMap<Month, HashSet<String>>,
    tabulations: rollup::Tabulations,
    months: cells::AllPublishedCells,
    quarters: cells::AllPublishedCells,
}

impl Before {
    async fn read(transaction: &Transaction<'_>, month: Month, organisations: &Organisations) -> Result<Self, StoreError> {
        let ends = PeriodKind::ending_with(month);
        // Any month needs its quarter so far; the last month of a year needs the whole year.
        let first = longest(ends).first_month(month);
        let tabulations = rollup::read(transaction, first, organisations).await?;
        let months = cells::published(transaction, PeriodKind::Month, first).await?;
        let quarters = cells::published(transaction, PeriodKind::Quarter, first).await?;
        let mut counted = BTreeMap::new();
        for row in transaction.query(include_str!("publication/releases_from.sql"), &[&first.first_day()]).await? {
            let series: Vec<String> = row.get(1);
            counted.insert(Month::of(row.get(0)), series.into_iter().collect());
        }
        Ok(Self { month, ends, counted, tabulations, months, quarters })
    }

    /// The longest period of one measure of a table that ends with this month. A table that joined the catalogue after earlier
    /// months were published has no figure of a period that they are in.
    fn ends(&self, name: StatisticTableName, measure: Measure) -> PeriodKind {
        let series = series(name, measure);
        let without = self.counted.iter().filter(|(_, counted)| !counted.contains(&series));
        PeriodKind::ending_with_and_without(self.month, &without.map(|(month, _)| *month).collect())
    }

    /// The counts of one measure of a table, month by month, of the year if it ends the year and otherwise of the quarter. This
    /// month's count is the last.
    fn months(&self, name: StatisticTableName, measure: Measure, tabulation: &Tabulation, ends: PeriodKind) -> Vec<MonthCount> {
        let first = longest(ends).first_month(self.month);
        let months = (0..).map(|ahead| first.plus(ahead)).take_while(|month| *month < self.month);
        let mut months: Vec<MonthCount> = months
            .map(|month| MonthCount {
                tabulation: self.tabulations.get(&(name, measure, month)).cloned().unwrap_or_default(),
                published: self.months.get(&(name, measure, month)).cloned().unwrap_or_default(),
            })
            .collect();
        months.push(MonthCount { tabulation: tabulation.clone(), published: PublishedCells::new() });
        months
    }

    /// What is published for the year's first three quarters. Empty unless it ends the year.
    fn quarters(&self, name: StatisticTableName, measure: Measure, ends: PeriodKind) -> Vec<PublishedCells> {
        let quarters: u32 = if ends == PeriodKind::Year { 3 } else { 0 };
        let first = PeriodKind::Year.first_month(self.month);
        let published = |quarter| self.quarters.get(&(name, measure, first.plus(3 * quarter))).cloned().unwrap_or_default();
        (0..quarters).map(published).collect()
    }
}
