//! The conditions of the lists of referrals.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ServiceId, UserId};
use pamoja_domain::referral::{Reference, ReferralDirection, ReferralStatus, Urgency};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::acting::reaches_all;
use crate::codes;
use crate::paging::or_any;
use crate::referral::outline::Extent;
use crate::referral::read::own_or_all;
use crate::statement::Statement;

/// A change becomes visible when its transaction commits, but carries the time when the transaction began. A filter by changes
/// since a moment therefore also includes changes from this much earlier. It is longer than any transaction can last.
pub(crate) const CATCH_UP_OVERLAP: TimeDelta = TimeDelta::seconds(20);

/// Which referrals to list. An empty list means all.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// By which index the referrals are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LookUp {
    /// The one that serves the order, and nothing is left out. Most lists are of this kind, and PostgreSQL needs as long to get the
    /// conditions of a filter ready as to read a page.
    All,
    /// The one that serves the order.
    No,
    /// The one of the clients' pseudonyms.
    Client,
    /// The one of the references.
    Reference,
}

impl ReferralFilter {
    /// Whether it selects by what a would-be taker doesn't see. For them a filter finds what they are shown: no sender, no agreed
    /// day, and nothing that is accompanied, overdue or handled by somebody. So nobody learns by filtering what the referral itself
    /// withholds.
    fn asks_for_withheld(&self) -> bool {
        self.partners.is_some()
            || self.scheduled_from.is_some()
            || self.scheduled_through.is_some()
            || self.accompanied == Some(true)
            || self.overdue == Some(true)
            || self.mine == Some(true)
            || self.handlers.is_some()
    }
}

/// The look-ups that can find something in a list.
fn look_ups(direction: ReferralDirection) -> &'static [LookUp] {
    match direction {
        ReferralDirection::Outgoing => &[LookUp::All, LookUp::No, LookUp::Client, LookUp::Reference],
        // The pseudonyms of what was received are the senders'.
        ReferralDirection::Incoming => &[LookUp::All, LookUp::No, LookUp::Reference],
        // A would-be taker is shown neither a pseudonym nor a reference.
        ReferralDirection::Open => &[LookUp::All, LookUp::No],
    }
}

/// Which referrals of a list are sought. The conditions' text depends on the list and the look-up alone: all else is parameters.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    /// The list.
    pub(super) direction: ReferralDirection,
    look_up: LookUp,
    filter: &'a ReferralFilter,
    /// The moment at which a referral is overdue or not.
    pub(super) at: DateTime<Utc>,
}

impl<'a> Sought<'a> {
    /// What an actor of that reach asked for. None when it can find nothing.
    pub(super) fn new(direction: ReferralDirection, reach: Reach, filter: &'a ReferralFilter, at: DateTime<Utc>) -> Option<Self> {
        // What others sent isn't a peer educator's own.
        let is_beyond_reach = reach == Reach::OwnOnly && direction != ReferralDirection::Outgoing;
        let is_withheld = direction == ReferralDirection::Open && filter.asks_for_withheld();
        let look_up = match filter {
            ReferralFilter { client: Some(_), .. } => LookUp::Client,
            ReferralFilter { reference: Some(_), .. } => LookUp::Reference,
            filter if *filter == ReferralFilter::default() => LookUp::All,
            _ => LookUp::No,
        };
        let finds = !is_beyond_reach && !is_withheld && look_ups(direction).contains(&look_up);
        finds.then_some(Self { direction, look_up, filter, at })
    }

    /// Whether all of the list is sought.
    pub(super) fn is_all(&self) -> bool {
        self.look_up == LookUp::All
    }

    /// How far what is sought is read, for somebody who needs that much: only of whole lists is there an outline.
    pub(super) fn extent(&self, wanted: Extent) -> Extent {
        if self.extents().contains(&wanted) { wanted } else { Extent::Whole }
    }

    /// How far what is sought can be read.
    pub(super) fn extents(&self) -> &'static [Extent] {
        if self.is_all() && self.direction != ReferralDirection::Open {
            &[Extent::Outline, Extent::Whole]
        } else {
            &[Extent::Whole]
        }
    }

    /// One for each text that the conditions can have.
    pub(super) fn every(filter: &'a ReferralFilter) -> Vec<Self> {
        let at = DateTime::UNIX_EPOCH;
        let of = |direction| look_ups(direction).iter().map(move |look_up| Self { direction, look_up: *look_up, filter, at });
        ReferralDirection::ALL.iter().copied().flat_map(of).collect()
    }
}

/// Adds the conditions to a statement that ends in its WHERE conditions. `table` is the table whose index serves the order, and
/// names the parties: if two tables did, the planner would take their conditions for independent, expect few rows, and read and
/// sort all that the organisation ever received.
pub(super) fn push_conditions(query: &mut Statement, table: &str, sought: Sought<'_>) {
    let Sought { direction, look_up, filter, .. } = sought;
    // The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows they are. A connection keeps its
    // plan: one made for an organisation with few rows would read all rows of an organisation with many.
    match direction {
        // An accompanied referral is the sender's own work, so it doesn't appear among what is received.
        ReferralDirection::Incoming => query.push_sql(&format!(
            " AND {table}.to_organisation_id = (SELECT tenant()) AND {table}.from_organisation_id <> {table}.to_organisation_id AND {}",
            reaches_all(Permission::ReadReferrals)
        )),
        ReferralDirection::Outgoing => {
            query.push_sql(&format!(" AND {table}.from_organisation_id = (SELECT tenant())"));
            push_own(query, table);
        }
        ReferralDirection::Open => query.push_sql(&format!(" AND {}", reaches_all(Permission::ReadReferrals))),
    }
    let reference = filter.reference.as_ref().map(|reference| reference.as_str().to_owned());
    match look_up {
        LookUp::All => return,
        LookUp::No => {}
        LookUp::Client => {
            let client = query.add::<Nullable<Text>, _>(filter.client.clone());
            query.push_sql(&format!(" AND client.client = {client}::text"));
            query.push_if_given::<Text, _>("text", reference, |reference| format!("referral.reference = {reference}"));
        }
        LookUp::Reference => {
            let reference = query.add::<Nullable<Text>, _>(reference);
            query.push_sql(&format!(" AND referral.reference = {reference}::text"));
        }
    }
    push_filter(query, table, filter);
    if direction != ReferralDirection::Open {
        push_parties_filter(query, table, sought);
    }
}

/// Adds the condition that a referral is the actor's own, for those who see no others.
fn push_own(query: &mut Statement, table: &str) {
    let id = if table == "referral" { "id" } else { "referral_id" };
    query.push_sql(&own_or_all(&format!("{table}.{id}")));
}

/// Adds the conditions about what would-be takers see too.
fn push_filter(query: &mut Statement, table: &str, filter: &ReferralFilter) {
    query.push_if_given::<Array<Text>, _>("text[]", codes_of(&filter.statuses), |statuses| {
        format!("{STATUS_NOW} = ANY ({statuses})")
    });
    query.push_if_given::<Array<Text>, _>("text[]", codes_of(&filter.service_types), |types| {
        format!("referral.service_type = ANY ({types})")
    });
    let counties: Vec<String> = filter.counties.iter().map(ToString::to_string).collect();
    query.push_if_given::<Array<Text>, _>("text[]", Some(counties).filter(|counties| !counties.is_empty()), |counties| {
        format!("referral.county_code = ANY ({counties})")
    });
    query.push_if_given::<Array<Text>, _>("text[]", codes_of(&filter.urgencies), |urgencies| {
        format!("referral.urgency = ANY ({urgencies})")
    });
    push_created(query, table, filter);
    let since = filter.updated_since.map(|since| since - CATCH_UP_OVERLAP);
    query.push_if_given::<Timestamptz, _>("timestamptz", since, |since| {
        format!(
            "progress.updated_at >= {since} OR (progress.expires_at >= {since} AND {STATUS_NOW} <> progress.status)
                OR handler.assigned_at >= {since}"
        )
    });
    let services = filter.services.as_ref().map(|services| services.iter().map(|id| id.0).collect());
    query.push_if_given::<Array<SqlUuid>, Vec<Uuid>>("uuid[]", services, |services| {
        format!("progress.service_id = ANY ({services})")
    });
}

/// Adds the conditions about the creation: where the index that serves the order holds it, so that the index serves them too.
fn push_created(query: &mut Statement, table: &str, filter: &ReferralFilter) {
    for (moment, comparison, any) in [(filter.created_from, ">=", "'-infinity'"), (filter.created_before, "<", "'infinity'")] {
        if table == "referral" {
            let moment = query.add::<Nullable<Timestamptz>, _>(moment);
            let bound = or_any(&format!("{moment}::timestamptz"), any);
            query.push_sql(&format!(" AND referral.created_at {comparison} {bound}"));
        } else {
            query.push_if_given::<Timestamptz, _>("timestamptz", moment, |moment| {
                format!("referral.created_at {comparison} {moment}")
            });
        }
    }
}

/// Adds the conditions about what only the parties see.
fn push_parties_filter(query: &mut Statement, table: &str, Sought { direction, filter, at, .. }: Sought<'_>) {
    let side = if direction == ReferralDirection::Incoming { "from" } else { "to" };
    let partners = filter.partners.as_ref().map(|partners| partners.iter().map(|id| id.0).collect());
    query.push_if_given::<Array<SqlUuid>, Vec<Uuid>>("uuid[]", partners, |partners| {
        format!("{table}.{side}_organisation_id = ANY ({partners})")
    });
    query.push_if_given::<Bool, _>("boolean", filter.mine, |mine| {
        format!("coalesce(handler.user_id = (SELECT acting_user()), false) = {mine}")
    });
    let handlers = filter.handlers.as_ref().map(|handlers| handlers.iter().map(|id| id.0).collect());
    query
        .push_if_given::<Array<SqlUuid>, Vec<Uuid>>("uuid[]", handlers, |handlers| format!("handler.user_id = ANY ({handlers})"));
    for (day, comparison) in [(filter.scheduled_from, ">="), (filter.scheduled_through, "<=")] {
        query.push_if_given::<Date, _>("date", day, |day| format!("progress.scheduled_on {comparison} {day}"));
    }
    query.push_if_given::<Bool, _>("boolean", filter.accompanied, |accompanied| {
        format!("(progress.from_organisation_id IS NOT DISTINCT FROM progress.to_organisation_id) = {accompanied}")
    });
    let at = query.add::<Timestamptz, _>(at);
    query.push_if_given::<Bool, _>("boolean", filter.overdue, |overdue| {
        format!("coalesce(progress.act_before < {at} AND {STATUS_NOW} IN {CAN_EXPIRE}, false) = {overdue}")
    });
}

/// The codes of a list that means all when it is empty.
fn codes_of<T: Vocabulary>(members: &[T]) -> Option<Vec<String>> {
    (!members.is_empty()).then(|| codes::write_all(members))
}
