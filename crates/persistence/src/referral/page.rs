//! The lists of referrals, page by page.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::ServiceId;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::referral::{ReferralDirection, ReferralOrder, ReferralStatus, Urgency};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::read::ReferralRow;
use super::{Referral, open};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, every_page, push_page};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A change becomes visible when its transaction commits, but carries the time when the transaction began. A filter by changes
/// since a moment therefore also includes changes from this much earlier. It is longer than any transaction can last.
pub(crate) const CATCH_UP_OVERLAP: TimeDelta = TimeDelta::seconds(20);

/// Which referrals to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct ReferralFilter {
    /// In one of these states at present.
    pub statuses: Vec<ReferralStatus>,
    /// For one of these service types.
    pub service_types: Vec<ServiceType>,
    /// With a client in one of these counties.
    pub counties: Vec<CountyCode>,
    /// With one of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Created at this moment or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Created before this moment.
    pub created_before: Option<DateTime<Utc>>,
    /// Changed at this moment or later, by expiry too. Some that changed shortly before are listed as well.
    pub updated_since: Option<DateTime<Utc>>,
    /// Of the tenant's client with this pseudonym.
    pub client: Option<String>,
    /// For one of these services. `Some` of an empty list matches nothing.
    pub services: Option<Vec<ServiceId>>,
}

/// The cursor of a list of referrals: the moment that the list is sorted by, and the id.
pub type ReferralCursor = (DateTime<Utc>, Uuid);

/// The state at present, in SQL, with an expiry that nothing has recorded yet. It must match `ReferralState::at`; a test compares
/// the two.
const STATUS_NOW: &str = "CASE WHEN progress.expires_at <= moment()
    AND progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') THEN 'EXPIRED' ELSE progress.status END";

/// A page of the referrals that the tenant sent, received or could take. A peer educator sees only those they sent themself.
///
/// Without an order, the receiver sees first what is unanswered and time-critical. Open referrals come in the order of their
/// urgency. All else comes newest first.
pub async fn page(
    tx: &TenantTx,
    direction: ReferralDirection,
    filter: &ReferralFilter,
    order: Option<ReferralOrder>,
    page: &Page<ReferralCursor>,
) -> Result<PageOf<Referral>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    let rows: Vec<ReferralRow> = statement(direction, reach, filter, order, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Referral::try_from).collect::<Result<Vec<_>, _>>()?))
}

fn statement(
    direction: ReferralDirection,
    reach: Reach,
    filter: &ReferralFilter,
    order: Option<ReferralOrder>,
    page: &Page<ReferralCursor>,
) -> Statement {
    // The conditions name one table alone: the one whose index on organisation, time and id serves the order. If they named both
    // tables, the planner would take the two for independent, expect few rows, and read and sort all that the organisation ever
    // received.
    let (table, moment, id, descending) = match order {
        None if direction == ReferralDirection::Incoming => ("progress", "progress.listed_at", "progress.referral_id", true),
        None if direction == ReferralDirection::Open => ("referral", open::BY_URGENCY.as_str(), "referral.id", true),
        None | Some(ReferralOrder::NewestFirst) => ("referral", "referral.created_at", "referral.id", true),
        Some(ReferralOrder::OldestFirst) => ("referral", "referral.created_at", "referral.id", false),
        Some(ReferralOrder::RecentlyUpdatedFirst) => ("progress", "progress.updated_at", "progress.referral_id", true),
        Some(ReferralOrder::ExpiringFirst) => ("progress", "progress.expires_at", "progress.referral_id", false),
    };
    // The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows they are. A connection keeps its
    // plan: one made for an organisation with few rows would read all rows of an organisation with many.
    let mut query = match direction {
        ReferralDirection::Open => Statement::new(include_str!("as_taker.sql")),
        ReferralDirection::Incoming | ReferralDirection::Outgoing => Statement::new(include_str!("as_party.sql")),
    };
    match direction {
        // An accompanied referral is the sender's own work, so it doesn't appear among what is received.
        ReferralDirection::Incoming => query.push_sql(&format!(
            " AND {table}.to_organisation_id = (SELECT tenant()) AND {table}.from_organisation_id <> {table}.to_organisation_id"
        )),
        ReferralDirection::Outgoing => query.push_sql(&format!(" AND {table}.from_organisation_id = (SELECT tenant())")),
        ReferralDirection::Open => {}
    }
    match reach {
        Reach::Organisation => {}
        Reach::OwnOnly if direction == ReferralDirection::Open => query.push_sql(" AND false"),
        Reach::OwnOnly => query.push_sql(" AND sender.user_id = acting_user()"),
    }
    push_filter(&mut query, filter);
    let key = [moment, id].map(|expression| SortColumn { expression, descending });
    push_page(&mut query, &key, page, |query, (at, id)| vec![query.add::<Timestamptz, _>(*at), query.add::<SqlUuid, _>(*id)]);
    query
}

/// A set of variants in which each part of the statement occurs.
pub(crate) fn statements() -> Vec<Statement> {
    let at = DateTime::UNIX_EPOCH;
    let none = ReferralFilter::default();
    let all = ReferralFilter {
        statuses: vec![ReferralStatus::Requested],
        service_types: vec![ServiceType::HivTesting],
        counties: CountyCode::ALL.to_vec(),
        urgencies: vec![Urgency::Routine],
        created_from: Some(at),
        created_before: Some(at),
        updated_since: Some(at),
        client: Some(String::new()),
        services: Some(Vec::new()),
    };
    let alone = [
        ReferralFilter { statuses: all.statuses.clone(), ..none.clone() },
        ReferralFilter { service_types: all.service_types.clone(), ..none.clone() },
        ReferralFilter { counties: all.counties.clone(), ..none.clone() },
        ReferralFilter { urgencies: all.urgencies.clone(), ..none.clone() },
        ReferralFilter { created_from: all.created_from, ..none.clone() },
        ReferralFilter { created_before: all.created_before, ..none.clone() },
        ReferralFilter { updated_since: all.updated_since, ..none.clone() },
        ReferralFilter { client: all.client.clone(), ..none.clone() },
        ReferralFilter { services: all.services.clone(), ..none.clone() },
    ];
    let orders = || std::iter::once(None).chain(ReferralOrder::ALL.iter().copied().map(Some));
    let pages = every_page(&(at, Uuid::nil()));
    let mut statements = Vec::new();
    for direction in ReferralDirection::ALL.iter().copied() {
        for reach in [Reach::Organisation, Reach::OwnOnly] {
            for filter in [&none].into_iter().chain(&alone) {
                statements.push(statement(direction, reach, filter, None, &pages[0]));
            }
            for order in orders() {
                for page in &pages {
                    statements.push(statement(direction, reach, &all, order, page));
                }
            }
        }
    }
    statements
}

fn push_filter(query: &mut Statement, filter: &ReferralFilter) {
    if !filter.statuses.is_empty() {
        let statuses = query.add::<Array<Text>, _>(codes::write_all(&filter.statuses));
        query.push_sql(&format!(" AND {STATUS_NOW} = ANY ({statuses})"));
    }
    if !filter.service_types.is_empty() {
        let types = query.add::<Array<Text>, _>(codes::write_all(&filter.service_types));
        query.push_sql(&format!(" AND referral.service_type = ANY ({types})"));
    }
    if !filter.counties.is_empty() {
        let counties = query.add::<Array<Text>, _>(filter.counties.iter().map(ToString::to_string).collect::<Vec<_>>());
        query.push_sql(&format!(" AND referral.county_code = ANY ({counties})"));
    }
    if !filter.urgencies.is_empty() {
        let urgencies = query.add::<Array<Text>, _>(codes::write_all(&filter.urgencies));
        query.push_sql(&format!(" AND referral.urgency = ANY ({urgencies})"));
    }
    if let Some(from) = filter.created_from {
        let from = query.add::<Timestamptz, _>(from);
        query.push_sql(&format!(" AND referral.created_at >= {from}"));
    }
    if let Some(before) = filter.created_before {
        let before = query.add::<Timestamptz, _>(before);
        query.push_sql(&format!(" AND referral.created_at < {before}"));
    }
    if let Some(since) = filter.updated_since {
        let since = query.add::<Timestamptz, _>(since - CATCH_UP_OVERLAP);
        query.push_sql(&format!(
            " AND (progress.updated_at >= {since} OR (progress.expires_at >= {since} AND {STATUS_NOW} <> progress.status))"
        ));
    }
    if let Some(client) = &filter.client {
        let client = query.add::<Text, _>(client.clone());
        query.push_sql(&format!(" AND client.client = {client}"));
    }
    if let Some(services) = &filter.services {
        let services = query.add::<Array<SqlUuid>, _>(services.iter().map(|id| id.0).collect::<Vec<_>>());
        query.push_sql(&format!(" AND progress.service_id = ANY ({services})"));
    }
}
