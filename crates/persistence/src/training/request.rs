//! Reading requests for trainings. Row-level security decides which of them the tenant sees.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, QueryableByName, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::training::{TrainingDirection, TrainingStatus, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::{TrainingEvent, TrainingRequest};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::referral::CATCH_UP_OVERLAP;
use crate::schema::{training_event, training_request};
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = training_request, check_for_backend(Pg))]
pub(super) struct RequestRow {
    id: Uuid,
    from_organisation_id: Uuid,
    to_organisation_id: Option<Uuid>,
    offer_id: Option<Uuid>,
    topic: String,
    audience: Vec<String>,
    expected_participants: i32,
    preferred_months: Vec<String>,
    county_code: String,
    languages: Vec<String>,
    status: String,
    reason: Option<String>,
    session_id: Option<Uuid>,
    created_at: DateTime<Utc>,
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
            languages: codes::languages(&row.languages),
            status: codes::read(&row.status)?,
            reason: row.reason.as_deref().map(codes::read).transpose()?,
            session: row.session_id.map(TrainingSessionId),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Which requests to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// In one of these states.
    pub statuses: Vec<TrainingStatus>,
    /// On one of these topics.
    pub topics: Vec<TrainingTopic>,
    /// Changed at this moment or later. Some that changed shortly before are listed as well.
    pub updated_since: Option<DateTime<Utc>>,
}

/// The cursor of a list of requests: when the request was sent, and its id.
pub type RequestCursor = (DateTime<Utc>, Uuid);

/// The requests with these ids that the tenant may see, in no particular order.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingRequestId]) -> Result<Vec<TrainingRequest>, StoreError> {
    let rows: Vec<RequestRow> = training_request::table
        .filter(training_request::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(RequestRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(TrainingRequest::try_from).collect()
}

/// The request with this id, if the tenant may see it.
pub async fn find(tx: &TenantTx, id: TrainingRequestId) -> Result<Option<TrainingRequest>, StoreError> {
    let row: Option<RequestRow> = training_request::table
        .filter(training_request::id.eq(id.0))
        .select(RequestRow::as_select())
        .get_result(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(TrainingRequest::try_from).transpose()
}

/// The request with this id, if the tenant may see it, locked. When two callers make a move at once, the second reads what the
/// first left. When two organisations take it at once, the second finds nothing.
pub async fn find_for_update(tx: &TenantTx, id: TrainingRequestId) -> Result<Option<TrainingRequest>, StoreError> {
    let row: Option<RequestRow> = training_request::table
        .filter(training_request::id.eq(id.0))
        .select(RequestRow::as_select())
        .for_update()
        .get_result(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(TrainingRequest::try_from).transpose()
}

/// The requests of one of the tenant's sessions, locked.
pub async fn of_session(tx: &TenantTx, session: TrainingSessionId) -> Result<Vec<TrainingRequest>, StoreError> {
    let rows: Vec<RequestRow> = training_request::table
        .filter(training_request::to_organisation_id.eq(tx.organisation()?.0))
        .filter(training_request::session_id.eq(session.0))
        .select(RequestRow::as_select())
        .order(training_request::id)
        .for_update()
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(TrainingRequest::try_from).collect()
}

/// A page of the requests on that side, newest first. Open requests come oldest first.
pub async fn page(
    tx: &TenantTx,
    direction: TrainingDirection,
    filter: &RequestFilter,
    page: &Page<RequestCursor>,
) -> Result<PageOf<TrainingRequest>, StoreError> {
    let rows: Vec<RequestRow> = page_statement(direction, filter, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(TrainingRequest::try_from).collect::<Result<_, _>>()?))
}

/// Selects the requests on that side. The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows
/// they are and the plan suits every organisation.
fn on_side(direction: TrainingDirection) -> Statement {
    let mut query = Statement::new(include_str!("seen_requests.sql"));
    query.push_sql(match direction {
        TrainingDirection::Incoming => " AND request.to_organisation_id = (SELECT tenant())",
        TrainingDirection::Outgoing => " AND request.from_organisation_id = (SELECT tenant())",
        TrainingDirection::Open => {
            " AND request.to_organisation_id IS NULL AND request.status = 'REQUESTED' AND request.from_organisation_id <> (SELECT tenant())"
        }
    });
    query
}

fn page_statement(direction: TrainingDirection, filter: &RequestFilter, page: &Page<RequestCursor>) -> Statement {
    let mut query = on_side(direction);
    let statuses = (!filter.statuses.is_empty()).then(|| codes::write_all(&filter.statuses));
    query.push_if_given::<Array<Text>, _>("text[]", statuses, |statuses| format!("request.status = ANY ({statuses})"));
    let topics = (!filter.topics.is_empty()).then(|| codes::write_all(&filter.topics));
    query.push_if_given::<Array<Text>, _>("text[]", topics, |topics| format!("request.topic = ANY ({topics})"));
    let since = filter.updated_since.map(|since| since.checked_sub_signed(CATCH_UP_OVERLAP).unwrap_or(since));
    query.push_if_given::<Timestamptz, _>("timestamptz", since, |since| format!("request.updated_at >= {since}"));
    let descending = direction != TrainingDirection::Open;
    let key = [("request.created_at", SortKind::Moment), ("request.id", SortKind::Id)].map(|(expression, kind)| SortColumn {
        expression,
        descending,
        kind,
    });
    push_page(&mut query, &key, page, |query, cursor| {
        vec![
            query.add::<Nullable<Timestamptz>, _>(cursor.map(|(at, _)| *at)),
            query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, id)| *id)),
        ]
    });
    query
}

/// The most requests that are compared with offers. A coalition has far fewer.
const MOST: usize = 500;

/// Selects the open requests of other organisations, oldest first.
pub(super) fn open_needs() -> Statement {
    let mut query = on_side(TrainingDirection::Open);
    query.push_sql(&format!(" ORDER BY request.created_at, request.id LIMIT {MOST}"));
    query
}

/// A page from either end on each side, and the statement that finds open requests. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    let of_side =
        |direction: TrainingDirection| every_page().map(|page| page_statement(direction, &RequestFilter::default(), &page));
    TrainingDirection::ALL.iter().copied().flat_map(of_side).chain([open_needs()]).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_event, check_for_backend(Pg))]
struct EventRow {
    request_id: Uuid,
    status: String,
    at: DateTime<Utc>,
    by_organisation_id: Uuid,
}

/// The states that these requests reached, oldest first.
pub async fn events(tx: &TenantTx, ids: &[TrainingRequestId]) -> Result<Vec<TrainingEvent>, StoreError> {
    let of_request = training_event::from_organisation_id
        .eq(training_request::from_organisation_id)
        .and(training_event::request_id.eq(training_request::id));
    let rows: Vec<EventRow> = training_request::table
        .inner_join(training_event::table.on(of_request))
        .filter(training_request::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(EventRow::as_select())
        .order(training_event::position)
        .load(&mut tx.connection()?)
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
