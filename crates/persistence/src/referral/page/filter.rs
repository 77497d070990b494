//! The conditions of the lists of referrals.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::sql_types::{Array, Bool, Date, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::Reach;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ServiceId, UserId};
use pamoja_domain::referral::{Reference, ReferralDirection, ReferralStatus, Urgency};
use pamoja_domain::service::ServiceType;

use crate::codes;
use crate::statement::Statement;

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
    /// With one of these organisations on the other side. `Some` of an empty list matches nothing.
    pub partners: Option<Vec<OrganisationId>>,
    /// With an agreed day on this day or later.
    pub scheduled_from: Option<NaiveDate>,
    /// With an agreed day on this day or earlier.
    pub scheduled_through: Option<NaiveDate>,
    /// Whether the sender goes along with the client.
    pub accompanied: Option<bool>,
    /// Whether the client should have been seen by now and hasn't arrived.
    pub overdue: Option<bool>,
    /// Whether the acting user handles it.
    pub mine: Option<bool>,
    /// Handled by one of these users of the tenant. `Some` of an empty list matches nothing.
    pub handlers: Option<Vec<UserId>>,
    /// With this reference.
    pub reference: Option<Reference>,
}

/// The states that can expire, in SQL. They must match `ReferralStatus::can_expire`.
const CAN_EXPIRE: &str = "('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW')";

/// The state at present, in SQL, with an expiry that nothing has recorded yet. It must match `ReferralState::at`; a test compares
/// the two.
const STATUS_NOW: &str = "CASE WHEN progress.expires_at <= moment()
    AND progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') THEN 'EXPIRED' ELSE progress.status END";

/// Which referrals of a list are sought.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    /// The list.
    pub(super) direction: ReferralDirection,
    /// How far the actor may read.
    pub(super) reach: Reach,
    /// What the actor asked for.
    pub(super) filter: &'a ReferralFilter,
    /// The moment at which a referral is overdue or not.
    pub(super) at: DateTime<Utc>,
}

impl Sought<'_> {
    /// The statement that reads them, without conditions.
    pub(super) fn begin(self) -> Statement {
        match self.direction {
            ReferralDirection::Open => Statement::new(include_str!("../as_taker.sql")),
            ReferralDirection::Incoming | ReferralDirection::Outgoing => Statement::new(include_str!("../as_party.sql")),
        }
    }
}

/// Adds the conditions to a statement that ends in its WHERE conditions. `table` is the table whose index serves the order, and
/// names the parties: if two tables did, the planner would take their conditions for independent, expect few rows, and read and
/// sort all that the organisation ever received.
pub(super) fn push_conditions(query: &mut Statement, table: &str, sought: Sought<'_>) {
    // The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows they are. A connection keeps its
    // plan: one made for an organisation with few rows would read all rows of an organisation with many.
    match sought.direction {
        // An accompanied referral is the sender's own work, so it doesn't appear among what is received.
        ReferralDirection::Incoming => query.push_sql(&format!(
            " AND {table}.to_organisation_id = (SELECT tenant()) AND {table}.from_organisation_id <> {table}.to_organisation_id"
        )),
        ReferralDirection::Outgoing => query.push_sql(&format!(" AND {table}.from_organisation_id = (SELECT tenant())")),
        ReferralDirection::Open => {}
    }
    match sought.reach {
        Reach::Organisation => {}
        Reach::OwnOnly if sought.direction == ReferralDirection::Open => query.push_sql(" AND false"),
        // Not as a condition on two joined tables, which no index could serve.
        Reach::OwnOnly => query.push_sql(&format!(
            " AND {table}.{} IN (
                SELECT own.referral_id FROM referral_sender AS own
                WHERE own.from_organisation_id = (SELECT tenant()) AND own.user_id = (SELECT acting_user())
                UNION
                SELECT own.referral_id FROM referral_handler AS own
                WHERE own.organisation_id = (SELECT tenant()) AND own.from_organisation_id = (SELECT tenant())
                    AND own.user_id = (SELECT acting_user()))",
            if table == "referral" { "id" } else { "referral_id" }
        )),
    }
    push_filter(query, sought.filter);
    push_parties_filter(query, table, sought);
}

/// Adds the conditions about what a would-be taker doesn't see. For them a filter finds what they are shown: no sender, no agreed
/// day, no reference, and nothing that is accompanied, overdue or handled by somebody. So nobody learns by filtering what the referral itself withholds.
fn push_parties_filter(query: &mut Statement, table: &str, Sought { direction, filter, at, .. }: Sought<'_>) {
    let open = direction == ReferralDirection::Open;
    let withheld = filter.partners.is_some()
        || filter.scheduled_from.is_some()
        || filter.scheduled_through.is_some()
        || filter.accompanied == Some(true)
        || filter.overdue == Some(true)
        || filter.mine == Some(true)
        || filter.handlers.is_some()
        || filter.reference.is_some();
    if open {
        return query.push_sql(if withheld { " AND false" } else { "" });
    }
    if let Some(partners) = &filter.partners {
        let partners = query.add::<Array<SqlUuid>, _>(partners.iter().map(|id| id.0).collect::<Vec<_>>());
        let side = if direction == ReferralDirection::Incoming { "from" } else { "to" };
        query.push_sql(&format!(" AND {table}.{side}_organisation_id = ANY ({partners})"));
    }
    if let Some(mine) = filter.mine {
        let mine = query.add::<Bool, _>(mine);
        query.push_sql(&format!(" AND coalesce(handler.user_id = (SELECT acting_user()), false) = {mine}"));
    }
    if let Some(handlers) = &filter.handlers {
        let handlers = query.add::<Array<SqlUuid>, _>(handlers.iter().map(|id| id.0).collect::<Vec<_>>());
        query.push_sql(&format!(" AND handler.user_id = ANY ({handlers})"));
    }
    if let Some(reference) = &filter.reference {
        let reference = query.add::<Text, _>(reference.as_str().to_owned());
        query.push_sql(&format!(" AND referral.reference = {reference}"));
    }
    for (day, comparison) in [(filter.scheduled_from, ">="), (filter.scheduled_through, "<=")] {
        if let Some(day) = day {
            let day = query.add::<Date, _>(day);
            query.push_sql(&format!(" AND progress.scheduled_on {comparison} {day}"));
        }
    }
    if let Some(accompanied) = filter.accompanied {
        let accompanied = query.add::<Bool, _>(accompanied);
        query.push_sql(&format!(
            " AND (progress.from_organisation_id IS NOT DISTINCT FROM progress.to_organisation_id) = {accompanied}"
        ));
    }
    if let Some(overdue) = filter.overdue {
        let at = query.add::<Timestamptz, _>(at);
        let overdue = query.add::<Bool, _>(overdue);
        query.push_sql(&format!(" AND coalesce(progress.act_before < {at} AND {STATUS_NOW} IN {CAN_EXPIRE}, false) = {overdue}"));
    }
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
            " AND (progress.updated_at >= {since} OR (progress.expires_at >= {since} AND {STATUS_NOW} <> progress.status)
                OR handler.assigned_at >= {since})"
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

/// No filter, one with everything, and each part of it alone.
pub(super) fn filters() -> Vec<ReferralFilter> {
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
        partners: Some(Vec::new()),
        scheduled_from: Some(at.date_naive()),
        scheduled_through: Some(at.date_naive()),
        accompanied: Some(true),
        overdue: Some(true),
        mine: Some(true),
        handlers: Some(Vec::new()),
        reference: Reference::parse("reference", "0000").ok(),
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
        ReferralFilter { partners: all.partners.clone(), ..none.clone() },
        ReferralFilter { scheduled_from: all.scheduled_from, ..none.clone() },
        ReferralFilter { scheduled_through: all.scheduled_through, ..none.clone() },
        ReferralFilter { accompanied: all.accompanied, ..none.clone() },
        ReferralFilter { overdue: all.overdue, ..none.clone() },
        ReferralFilter { mine: all.mine, ..none.clone() },
        ReferralFilter { handlers: all.handlers.clone(), ..none.clone() },
        ReferralFilter { reference: all.reference.clone(), ..none.clone() },
    ];
    [none, all].into_iter().chain(alone).collect()
}
