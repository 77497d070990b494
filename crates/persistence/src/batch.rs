//! Work in batches: what a batch did, and how it goes on where the one before it ended.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// One statement deletes at most this many rows, not counting those that go with them.
pub const DELETION_BATCH: usize = 1_000;

/// One transaction looks at most at this many rows that may not be due.
const LOOKING_BATCH: i64 = 500;

/// What one batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How many things it did.
    pub rows: usize,
    /// Whether another batch may find more to do.
    pub more: bool,
}

impl Batch {
    /// A batch that found nothing to do.
    pub(crate) const NOTHING: Self = Self { rows: 0, more: false };
}

/// The last row that was looked at, for jobs that look at rows which may not be due. It need not be kept: a job that begins anew
/// looks at them again.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
}

impl Place {
    /// Before every row.
    pub(crate) const BEFORE_ALL: Self = Self { at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
}

#[derive(QueryableByName)]
struct Looked {
    #[diesel(sql_type = BigInt)]
    looked_at: i64,
    #[diesel(sql_type = BigInt)]
    done: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
}

/// Runs a statement that looks at the next [`LOOKING_BATCH`] rows after a place: how many of them it did something with, and the
/// place that it reached. It says how many it looked at (`looked_at`), with how many it did something (`done`), and the last
/// (`at`, `id`).
pub(crate) async fn look(statement: Statement, tx: &TenantTx, place: Place) -> Result<(Batch, Place), StoreError> {
    let looked: Vec<Looked> = statement.bind::<BigInt, _>(LOOKING_BATCH).rows(tx).await?;
    let Some(looked) = looked.into_iter().next() else { return Ok((Batch::NOTHING, place)) };
    let reached = Place { at: looked.at.unwrap_or(place.at), id: looked.id.unwrap_or(place.id) };
    Ok((Batch { rows: looked.done as usize, more: looked.looked_at >= LOOKING_BATCH }, reached))
}
