//! Reading referrals.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::referral::{AgeBand, MinorStatus, ReferralDirection, ReferralOrder, ReferralState, ReferralStatus, Urgency};
use pamoja_domain::service::ServiceType;
use uuid::Uuid;

use super::{Event, Referral, open};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Changes become visible in the order of commit and carry the time of their beginning: who asks for what changed since a moment
/// is also given what changed within this time before it. Longer than any transaction can last.
pub(crate) const CATCH_UP_OVERLAP: TimeDelta = TimeDelta::seconds(20);

/// Which referrals; an empty list means all.
#[derive(Clone, Debug, Default)]
pub struct ReferralFilter {
    /// In one of these states now.
    pub statuses: Vec<ReferralStatus>,
    /// Of one of these types.
    pub service_types: Vec<ServiceType>,
    /// Of a client in one of these counties.
    pub counties: Vec<CountyCode>,
    /// Of one of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Created then or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Created before then.
    pub created_before: Option<DateTime<Utc>>,
    /// Changed then or later, the clock's changes too; also some that changed shortly before.
    pub updated_since: Option<DateTime<Utc>>,
    /// Of the own organisation's client of that pseudonym.
    pub client: Option<String>,
    /// Meant for one of these services; `Some` of nothing finds nothing.
    pub services: Option<Vec<ServiceId>>,
}

/// Where a page of referrals ends: the moment by which the list is ordered, and the id.
pub type ReferralCursor = (DateTime<Utc>, Uuid);

#[derive(QueryableByName)]
struct ReferralRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    from_organisation_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    to_organisation_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    service_type: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Text)]
    urgency: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    act_before: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    service_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    status_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    scheduled_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    decline_reason: Option<String>,
    #[diesel(sql_type = Bool)]
    consent_withdrawn: bool,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    referred_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    client: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    populations: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    age_band: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    under_18: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    shared: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    non_completion_reason: Option<String>,
}

/// What only the sender may see is in tables that only the sender's transactions read: for the receiver those joins find nothing.
const SELECT: &str = "SELECT referral.id, referral.from_organisation_id, referral.to_organisation_id, referral.service_type,
        referral.county_code, referral.urgency, referral.act_before, referral.created_at,
        progress.service_id, progress.status, progress.status_at, progress.opened_at, progress.scheduled_on, progress.decline_reason,
        progress.consent_withdrawn, progress.expires_at, progress.updated_at,
        sender.user_id AS referred_by, client.client,
        coalesce(client.populations, shared.populations) AS populations, coalesce(client.age_band, shared.age_band) AS age_band,
        shared.under_18, shared.fields AS shared, non_completion.reason AS non_completion_reason
    FROM referral
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
    LEFT JOIN referral_sender AS sender ON sender.from_organisation_id = referral.from_organisation_id AND sender.referral_id = referral.id
    LEFT JOIN referral_client AS client ON client.from_organisation_id = referral.from_organisation_id AND client.referral_id = referral.id
    LEFT JOIN referral_shared AS shared ON shared.from_organisation_id = referral.from_organisation_id AND shared.referral_id = referral.id
    LEFT JOIN referral_non_completion AS non_completion ON non_completion.from_organisation_id = referral.from_organisation_id
        AND non_completion.referral_id = referral.id AND non_completion.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'
    WHERE ";

/// The state as the clock has it, in SQL: `ReferralState::at` says the same, and a test holds the two together.
const STATUS_NOW: &str = "CASE WHEN progress.expires_at <= moment()
    AND progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') THEN 'EXPIRED' ELSE progress.status END";

impl TryFrom<ReferralRow> for Referral {
    type Error = StoreError;

    fn try_from(row: ReferralRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReferralId(row.id),
            sender: OrganisationId(row.from_organisation_id),
            receiver: row.to_organisation_id.map(OrganisationId),
            service_type: codes::read(&row.service_type)?,
            service: row.service_id.map(ServiceId),
            client: row.client,
            populations: codes::read_all(&row.populations.unwrap_or_default())?,
            age_band: row.age_band.as_deref().map_or(Ok(AgeBand::NotStated), codes::read)?,
            under_18: row.under_18.as_deref().map_or(Ok(MinorStatus::NotStated), codes::read)?,
            shared: codes::read_all(&row.shared.unwrap_or_default())?,
            county: codes::county(&row.county_code)?,
            urgency: codes::read(&row.urgency)?,
            act_before: row.act_before,
            scheduled_on: row.scheduled_on,
            state: ReferralState {
                status: codes::read(&row.status)?,
                created_at: row.created_at,
                status_at: row.status_at,
                expires_at: row.expires_at,
                consent_withdrawn: row.consent_withdrawn,
            },
            opened_at: row.opened_at,
            decline_reason: row.decline_reason.as_deref().map(codes::read).transpose()?,
            non_completion_reason: row.non_completion_reason.as_deref().map(codes::read).transpose()?,
            updated_at: row.updated_at,
            referred_by: row.referred_by.map(UserId),
        })
    }
}

/// Those of the referrals that the actor may see, in no order.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Referral>, StoreError> {
    let query = Statement::new(format!("{SELECT} referral.id = ANY ($1) UNION ALL {} AND referral.id = ANY ($1)", open::SELECT))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    visible(tx, query).await
}

/// One referral that the actor may see.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    // Not as a list of one: for a list of unknown length the planner prefers a new plan each time, which takes longer than the reading.
    let query = Statement::new(format!("{SELECT} referral.id = $1 UNION ALL {} AND referral.id = $1", open::SELECT))
        .bind::<SqlUuid, _>(id.0);
    Ok(visible(tx, query).await?.into_iter().next())
}

async fn visible(tx: &TenantTx, query: Statement) -> Result<Vec<Referral>, StoreError> {
    let rows: Vec<ReferralRow> = query.rows(tx).await?;
    let referrals: Vec<Referral> = rows.into_iter().map(Referral::try_from).collect::<Result<_, _>>()?;
    let actor = tx.actor()?;
    Ok(referrals.into_iter().filter(|referral| referral.is_visible_to(actor)).collect())
}

/// One referral that the actor may see, locked: of two who want to move it, the second reads what the first left. One that is open
/// to the own organisation isn't locked before it is taken.
///
/// # Errors
/// When the database fails.
pub async fn find_for_update(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    Statement::new("SELECT FROM referral_progress WHERE referral_id = $1 FOR UPDATE").bind::<SqlUuid, _>(id.0).run(tx).await?;
    find(tx, id).await
}

/// A page of the referrals that the own organisation sent or received, or could take; of a peer educator, those they sent themself.
/// Without an order: for the receiver what is unanswered and can't wait before all else, then as for everybody the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &TenantTx,
    direction: ReferralDirection,
    filter: &ReferralFilter,
    order: Option<ReferralOrder>,
    page: &Page<ReferralCursor>,
) -> Result<PageOf<Referral>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals);
    // Said of the table alone whose index on organisation, time and id serves the order. Said of both, the planner takes the two for
    // independent, expects few rows, and reads and sorts all that were ever received.
    let (table, moment, id, descending) = match order {
        None if direction == ReferralDirection::Incoming => ("progress", "progress.listed_at", "progress.referral_id", true),
        None if direction == ReferralDirection::Open => ("referral", open::BY_URGENCY.as_str(), "referral.id", true),
        None | Some(ReferralOrder::NewestFirst) => ("referral", "referral.created_at", "referral.id", true),
        Some(ReferralOrder::OldestFirst) => ("referral", "referral.created_at", "referral.id", false),
        Some(ReferralOrder::RecentlyUpdatedFirst) => ("progress", "progress.updated_at", "progress.referral_id", true),
        Some(ReferralOrder::ExpiringFirst) => ("progress", "progress.expires_at", "progress.referral_id", false),
    };
    // In a SELECT of its own, so that the planner doesn't look at whose rows they are: a connection keeps its plan, and one that was
    // made for an organisation with few rows would read all rows of one with many.
    let mut query = match direction {
        // Those that the sender accompanies itself are its own work, and nobody's at the desk.
        ReferralDirection::Incoming => Statement::new(format!(
            "{SELECT} {table}.to_organisation_id = (SELECT tenant()) AND {table}.from_organisation_id <> {table}.to_organisation_id"
        )),
        ReferralDirection::Outgoing => Statement::new(format!("{SELECT} {table}.from_organisation_id = (SELECT tenant())")),
        ReferralDirection::Open => Statement::new(open::SELECT),
    };
    match reach {
        Some(Reach::Organisation) => {}
        Some(Reach::OwnOnly) if direction == ReferralDirection::Open => query.push(" AND false"),
        Some(Reach::OwnOnly) => query.push(" AND sender.user_id = acting_user()"),
        None => return Err(StoreError::Forbidden),
    }
    push_filter(&mut query, filter);
    let key = [moment, id].map(|expression| SortColumn { expression, descending });
    push_page(&mut query, &key, page, |query, (at, id)| vec![query.add::<Timestamptz, _>(*at), query.add::<SqlUuid, _>(*id)]);
    let rows: Vec<ReferralRow> = query.rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Referral::try_from).collect::<Result<Vec<_>, _>>()?))
}

fn push_filter(query: &mut Statement, filter: &ReferralFilter) {
    if !filter.statuses.is_empty() {
        let statuses = query.add::<Array<Text>, _>(codes::write_all(&filter.statuses));
        query.push(&format!(" AND {STATUS_NOW} = ANY ({statuses})"));
    }
    if !filter.service_types.is_empty() {
        let types = query.add::<Array<Text>, _>(codes::write_all(&filter.service_types));
        query.push(&format!(" AND referral.service_type = ANY ({types})"));
    }
    if !filter.counties.is_empty() {
        let counties = query.add::<Array<Text>, _>(filter.counties.iter().map(ToString::to_string).collect::<Vec<_>>());
        query.push(&format!(" AND referral.county_code = ANY ({counties})"));
    }
    if !filter.urgencies.is_empty() {
        let urgencies = query.add::<Array<Text>, _>(codes::write_all(&filter.urgencies));
        query.push(&format!(" AND referral.urgency = ANY ({urgencies})"));
    }
    if let Some(from) = filter.created_from {
        let from = query.add::<Timestamptz, _>(from);
        query.push(&format!(" AND referral.created_at >= {from}"));
    }
    if let Some(before) = filter.created_before {
        let before = query.add::<Timestamptz, _>(before);
        query.push(&format!(" AND referral.created_at < {before}"));
    }
    if let Some(since) = filter.updated_since {
        let since = query.add::<Timestamptz, _>(since - CATCH_UP_OVERLAP);
        query.push(&format!(
            " AND (progress.updated_at >= {since} OR (progress.expires_at >= {since} AND {STATUS_NOW} <> progress.status))"
        ));
    }
    if let Some(client) = &filter.client {
        let client = query.add::<Text, _>(client.clone());
        query.push(&format!(" AND client.client = {client}"));
    }
    if let Some(services) = &filter.services {
        let services = query.add::<Array<SqlUuid>, _>(services.iter().map(|id| id.0).collect::<Vec<_>>());
        query.push(&format!(" AND progress.service_id = ANY ({services})"));
    }
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "decides the order in SQL")]
    position: i64,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    by_organisation_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    without_slip: bool,
}

/// The recorded events of those referrals, each referral's in order.
///
/// # Errors
/// When the database fails.
pub async fn events(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = Statement::new(
        "SELECT referral_id, position, status, at, by_organisation_id, without_slip FROM referral_event
         WHERE referral_id = ANY ($1) ORDER BY referral_id, position",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Event {
                referral: ReferralId(row.referral_id),
                status: codes::read(&row.status)?,
                at: row.at,
                by: row.by_organisation_id.map(OrganisationId),
                without_slip: row.without_slip,
            })
        })
        .collect()
}

#[derive(QueryableByName)]
struct NoteRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = Text)]
    sealed: String,
}

/// The sealed notes of those of the referrals that have one.
///
/// # Errors
/// When the database fails.
pub async fn notes(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, String)>, StoreError> {
    let rows: Vec<NoteRow> = Statement::new("SELECT referral_id, sealed FROM referral_note WHERE referral_id = ANY ($1)")
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (ReferralId(row.referral_id), row.sealed)).collect())
}
