//! Reads the records that are counted: one row for each referral, and one for each host, cadre and training. No row is kept.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Count, Dimension, Measure, OwnSide, Parties, Record, ReleaseKey, Subject};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Transaction};
use uuid::Uuid;

use super::organisations::Organisations;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::statistic::part::{ACCOMPANIED, DimensionClause, PARTICIPANTS, REFERRALS, answer, counted, each_reached_and_answered};

/// Progress is reported after this many records.
const PROGRESS_EVERY: u64 = 1_000;

/// When the earliest record that would be counted was created. None when no record exists.
pub(super) async fn first_moment(client: &Client) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut first: Option<DateTime<Utc>> = None;
    for subject in Subject::ALL {
        let statement = match subject {
            Subject::Referrals => include_str!("first_referral.sql"),
            Subject::Participants => include_str!("first_training.sql"),
        };
        let earliest: Option<DateTime<Utc>> = client.query_one(statement, &[]).await?.get(0);
        first = first.into_iter().chain(earliest).min();
    }
    Ok(first)
}

/// Counts a month. The second value is the number of records.
pub(super) async fn count(
    transaction: &Transaction<'_>,
    month: Month,
    organisations: &Organisations,
    key: &ReleaseKey,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Count, u64), StoreError> {
    let (from, until) = (start_of_day(month.first_day()), start_of_day(month.plus(1).first_day()));
    let mut count = Count::default();
    let mut records = 0;
    for reader in Subject::ALL.iter().map(|subject| Reader::of(*subject)) {
        let parameters: [&(dyn ToSql + Sync); 2] = [&from, &until];
        let rows = transaction.query_raw(&reader.statement, parameters).await?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = rows.try_next().await? {
            count.add(&reader.record(&row, organisations, key)?);
            records += 1;
            if records % PROGRESS_EVERY == 0 {
                progress(records);
            }
        }
    }
    Ok((count, records))
}

/// All statements that this file builds. A test has PostgreSQL prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    Subject::ALL.iter().map(|subject| Statement::built(Reader::of(*subject).statement)).collect()
}

/// Reads the records of a subject. A row begins with the [`Reader::LEADING`] columns; one column for each dimension follows.
struct Reader {
    subject: Subject,
    statement: String,
    dimensions: Vec<(Dimension, HashMap<&'static str, u16>)>,
    measures: Vec<Measure>,
}

impl Reader {
    /// The leading columns: contributor, counterpart, the id that the record key is made from (besides the contributor), units,
    /// measures.
    const LEADING: usize = 5;

    fn of(subject: Subject) -> Self {
        let (dimensions, measures) = (subject.dimensions(), subject.measures());
        let indices = |dimension: &Dimension| {
            let keys = dimension.categories().iter().copied().enumerate();
            (*dimension, keys.map(|(index, key)| (key, index as u16)).collect())
        };
        Self {
            subject,
            statement: statement(subject, &dimensions, &measures),
            dimensions: dimensions.iter().map(indices).collect(),
            measures,
        }
    }

    fn record(&self, row: &Row, organisations: &Organisations, key: &ReleaseKey) -> Result<Record, StoreError> {
        let (contributor, counterpart, id): (Uuid, Option<Uuid>, Uuid) = (row.get(0), row.get(1), row.get(2));
        let (units, reached): (i64, Vec<bool>) = (row.get(3), row.get(4));
        let counterpart = counterpart.map(|id| organisations.number(id)).transpose()?;
        let parties = Parties { contributor: organisations.number(contributor)?, counterpart };
        let mut categories: [Vec<u16>; Dimension::ALL.len()] = Default::default();
        for (at, (dimension, known)) in self.dimensions.iter().enumerate() {
            let keys: Option<Vec<&str>> = row.get(Self::LEADING + at);
            for key in keys.unwrap_or_default() {
                let index = known.get(key).ok_or_else(|| StoreError::unknown_code(dimension.name()))?;
                categories[*dimension as usize].push(*index);
            }
        }
        let (record_key, session) = match self.subject {
            Subject::Referrals => (key.record_key(&[id]), None),
            Subject::Participants => (key.record_key(&[id, contributor]), Some(id.as_u128())),
        };
        let measures = self.measures.iter().zip(reached).filter(|(_, reached)| *reached).map(|(measure, _)| *measure).collect();
        Ok(Record { subject: self.subject, record_key, session, parties, units: units.unsigned_abs(), categories, measures })
    }
}

/// The statement that reads one row for each record. A dimension's column is null where its condition leaves the record out.
fn statement(subject: Subject, dimensions: &[Dimension], measures: &[Measure]) -> String {
    let mut joins: Vec<String> = Vec::new();
    let mut columns = Vec::new();
    for dimension in dimensions {
        let part = DimensionClause::of(*dimension, subject, OwnSide::Sent);
        for join in part.joins {
            // The events are looked at once, for the measures and for the answer.
            if !joins.contains(&join) && join != answer() {
                joins.push(join);
            }
        }
        // PostgreSQL doesn't read an array of a DOMAIN as an array of text.
        let keys = if part.several { part.key } else { format!("ARRAY[{}]::text[]", part.key) };
        columns.push(match part.condition {
            Some(condition) => format!("CASE WHEN {condition} THEN {keys} END"),
            None => keys,
        });
    }
    let (joins, columns) = (joins.join("\n"), columns.join(", "));
    match subject {
        // Goes from each organisation to what it sent in the month, by the index on both.
        Subject::Referrals => format!(
            "SELECT referral.from_organisation_id, CASE WHEN NOT ({ACCOMPANIED}) THEN referral.to_organisation_id END, referral.id, 1::bigint,
                 reached.measures, {columns}
             FROM organisation AS sender CROSS JOIN LATERAL (
                 SELECT from_organisation_id, id, to_organisation_id, service_type, county_code, created_at FROM referral
                 WHERE referral.from_organisation_id = sender.id AND referral.created_at >= $1 AND referral.created_at < $2
             ) AS {REFERRALS} {joins} {}
             WHERE {}",
            each_reached_and_answered(measures),
            counted(),
        ),
        // Sorts the rows of a training together, and within it those of a host.
        Subject::Participants => format!(
            "SELECT came.host_organisation_id, came.trainer_organisation_id, session.id, came.count::bigint, ARRAY[true], {columns}
             FROM {PARTICIPANTS} {joins}
             WHERE session.delivered_at >= $1 AND session.delivered_at < $2
             ORDER BY session.id, came.host_organisation_id"
        ),
    }
}
