//! Reading requests for trainings. Row-level security decides which there are.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::training::{TrainingDirection, TrainingStatus, TrainingTopic};
use uuid::Uuid;

use super::{TrainingEvent, TrainingRequest};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::referral::CATCH_UP_OVERLAP;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What a [`RequestRow`] is read from.
pub(super) const COLUMNS: &str = "request.id, request.from_organisation_id, request.to_organisation_id, request.offer_id, request.topic,
    request.audience, request.expected_participants, request.preferred_months, request.county_code, request.languages, request.status,
    request.reason, request.session_id, request.created_at, request.updated_at";

#[derive(QueryableByName)]
pub(super) struct RequestRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    from_organisation_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    to_organisation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    offer_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Array<Text>)]
    audience: Vec<String>,
    #[diesel(sql_type = Integer)]
    expected_participants: i32,
    #[diesel(sql_type = Array<Text>)]
    preferred_months: Vec<String>,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Array<Text>)]
    languages: Vec<String>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    session_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
}

impl TryFrom<RequestRow> for TrainingRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: TrainingRequestId(row.id),
            sender: OrganisationId(row.from_organisation_id),
            receiver: row.to_organisation_id.map(OrganisationId),
            offer: row.offer_id.map(TrainingOfferId),
            topic: codes::read(&row.topic)?,
            audience: codes::read_all(&row.audience)?,
            expected_participants: row.expected_participants,
            preferred_months: codes::months(&row.preferred_months)?,
            county: codes::county(&row.county_code)?,
            languages: codes::languages(&row.languages)?,
            status: codes::read(&row.status)?,
            reason: row.reason.as_deref().map(codes::read).transpose()?,
            session: row.session_id.map(TrainingSessionId),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Which requests; an empty list means all.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// In one of these states.
    pub statuses: Vec<TrainingStatus>,
    /// On one of these topics.
    pub topics: Vec<TrainingTopic>,
    /// Changed then or later; also some that changed shortly before.
    pub updated_since: Option<DateTime<Utc>>,
}

/// Where a page of requests ends: when it was sent, and the id.
pub type RequestCursor = (DateTime<Utc>, Uuid);

async fn read(tx: &TenantTx, query: Statement) -> Result<Vec<TrainingRequest>, StoreError> {
    let rows: Vec<RequestRow> = query.rows(tx).await?;
    rows.into_iter().map(TrainingRequest::try_from).collect()
}

/// Those of the requests that the tenant may see, in no order.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingRequestId]) -> Result<Vec<TrainingRequest>, StoreError> {
    let query = Statement::new(format!("SELECT {COLUMNS} FROM training_request AS request WHERE request.id = ANY ($1)"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    read(tx, query).await
}

/// One request that the tenant may see.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, id: TrainingRequestId) -> Result<Option<TrainingRequest>, StoreError> {
    let query = Statement::new(format!("SELECT {COLUMNS} FROM training_request AS request WHERE request.id = $1"));
    Ok(read(tx, query.bind::<SqlUuid, _>(id.0)).await?.into_iter().next())
}

/// One request that the tenant may see, locked: of two who want to move it, the second reads what the first left, and of two who want to
/// take it, finds nothing.
///
/// # Errors
/// When the database fails.
pub async fn find_for_update(tx: &TenantTx, id: TrainingRequestId) -> Result<Option<TrainingRequest>, StoreError> {
    let query = Statement::new(format!("SELECT {COLUMNS} FROM training_request AS request WHERE request.id = $1 FOR UPDATE"));
    Ok(read(tx, query.bind::<SqlUuid, _>(id.0)).await?.into_iter().next())
}

/// The requests of a session of the own organisation's, locked.
///
/// # Errors
/// When the database fails.
pub async fn of_session(tx: &TenantTx, session: TrainingSessionId) -> Result<Vec<TrainingRequest>, StoreError> {
    let query = Statement::new(format!(
        "SELECT {COLUMNS} FROM training_request AS request
         WHERE request.to_organisation_id = tenant() AND request.session_id = $1 ORDER BY request.id FOR UPDATE"
    ));
    read(tx, query.bind::<SqlUuid, _>(session.0)).await
}

/// Whether the own organisation could have taken that request, which is open no longer.
///
/// # Errors
/// When the database fails.
pub async fn was_open(tx: &TenantTx, id: TrainingRequestId) -> Result<bool, StoreError> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        yes: bool,
    }
    let rows: Vec<Answer> =
        Statement::new("SELECT training_request_was_open($1) AS yes").bind::<SqlUuid, _>(id.0).rows(tx).await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}

/// A page of the requests on that side, the newest first; of those that are open to all, the oldest.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &TenantTx,
    direction: TrainingDirection,
    filter: &RequestFilter,
    page: &Page<RequestCursor>,
) -> Result<PageOf<TrainingRequest>, StoreError> {
    let whose = match direction {
        TrainingDirection::Incoming => "request.to_organisation_id = (SELECT tenant())",
        TrainingDirection::Outgoing => "request.from_organisation_id = (SELECT tenant())",
        TrainingDirection::Open => {
            "request.to_organisation_id IS NULL AND request.status = 'REQUESTED' AND request.from_organisation_id <> (SELECT tenant())"
        }
    };
    let mut query = Statement::new(format!("SELECT {COLUMNS} FROM training_request AS request WHERE {whose}"));
    if !filter.statuses.is_empty() {
        let statuses = query.add::<Array<Text>, _>(codes::write_all(&filter.statuses));
        query.push(&format!(" AND request.status = ANY ({statuses})"));
    }
    if !filter.topics.is_empty() {
        let topics = query.add::<Array<Text>, _>(codes::write_all(&filter.topics));
        query.push(&format!(" AND request.topic = ANY ({topics})"));
    }
    if let Some(since) = filter.updated_since {
        let since = query.add::<Timestamptz, _>(since.checked_sub_signed(CATCH_UP_OVERLAP).unwrap_or(since));
        query.push(&format!(" AND request.updated_at >= {since}"));
    }
    let descending = direction != TrainingDirection::Open;
    let key = ["request.created_at", "request.id"].map(|expression| SortColumn { expression, descending });
    push_page(&mut query, &key, page, |query, (at, id)| vec![query.add::<Timestamptz, _>(*at), query.add::<SqlUuid, _>(*id)]);
    Ok(PageOf::from_read(page, read(tx, query).await?))
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    request_id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    by_organisation_id: Uuid,
}

/// The states that those requests went through, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn events(tx: &TenantTx, ids: &[TrainingRequestId]) -> Result<Vec<TrainingEvent>, StoreError> {
    let rows: Vec<EventRow> = Statement::new(
        "SELECT event.request_id, event.status, event.at, event.by_organisation_id
         FROM training_request AS request
         JOIN training_event AS event ON event.from_organisation_id = request.from_organisation_id AND event.request_id = request.id
         WHERE request.id = ANY ($1) ORDER BY event.position",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    let read = |row: EventRow| {
        Ok(TrainingEvent {
            request: TrainingRequestId(row.request_id),
            status: codes::read(&row.status)?,
            at: row.at,
            by: OrganisationId(row.by_organisation_id),
        })
    };
    rows.into_iter().map(read).collect()
}
