//! What selects referrals of a list.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use pamoja_domain::pseudonym;
use pamoja_domain::referral::{Reference, ReferralStatus, Urgency, parse_day};
use pamoja_domain::service::ServiceType;
use pamoja_persistence::referral;

use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::{Date, DateTime, Pseudonym};

/// Selects referrals. A referral must meet all conditions; a list is met by any one of its members, and an empty list is no
/// condition.
#[derive(InputObject, Default)]
pub(crate) struct ReferralFilter {
    /// The referral is in one of these states now.
    statuses: Option<Vec<Enumeration<ReferralStatus>>>,
    /// It asks for one of these types of service.
    service_types: Option<Vec<Enumeration<ServiceType>>>,
    /// Its client is in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It has one of these urgencies.
    urgencies: Option<Vec<Enumeration<Urgency>>>,
    /// It was created then or later.
    created_from: Option<DateTime>,
    /// It was created before then.
    created_before: Option<DateTime>,
    /// It changed then or later, or was assigned in your organisation. Use this to catch up: send the latest updatedAt that your last complete catch-up returned.
    /// Don't send the updatedAt of an event, because the event may have overtaken others. You miss nothing; a few referrals that
    /// you know may come again.
    updated_since: Option<DateTime>,
    /// Its client is the one for whom your organisation has this pseudonym.
    client: Option<Pseudonym>,
    /// It is meant for one of these services. An id that no service has matches nothing.
    service_ids: Option<Vec<ID>>,
    /// One of these organisations is on the other side: the sender of what you received, or the receiver of what you sent. An
    /// id that no organisation has matches nothing. Of those that you could take it matches none: their sender is withheld.
    partner_organisation_ids: Option<Vec<ID>>,
    /// The agreed day is this day or later.
    scheduled_from: Option<Date>,
    /// The agreed day is this day or earlier.
    scheduled_through: Option<Date>,
    /// Whether it is an accompanied referral. These are only among those that you sent.
    accompanied: Option<bool>,
    /// true: actBefore has passed and the client hasn't arrived. false: all others.
    overdue: Option<bool>,
    /// true: you handle it (handledBy). false: somebody else does, or nobody.
    mine: Option<bool>,
    /// One of these users of your organisation handles it. An id that no user of your organisation has matches nothing.
    assigned_to: Option<Vec<ID>>,
    /// It has this reference. Case, spaces and dashes do not matter; O is read as 0, and I and L as 1. A text that no reference can
    /// be, such as one that is half typed, is BAD_REQUEST: ask when four letters and digits are there.
    reference: Option<String>,
}

impl ReferralFilter {
    /// Reads the filter.
    ///
    /// # Errors
    /// [`Fault::Invalid`] or [`Fault::BadRequest`] when a value is malformed.
    pub(crate) fn parse(self) -> Result<referral::ReferralFilter, Fault> {
        let client = self.client.map(|client| pseudonym::Pseudonym::parse("client", &client.0)).transpose();
        Ok(referral::ReferralFilter {
            statuses: decoded(self.statuses.as_ref()),
            service_types: decoded(self.service_types.as_ref()),
            counties: filters::counties(self.county_codes.as_ref())?,
            urgencies: decoded(self.urgencies.as_ref()),
            created_from: filters::moment(self.created_from.as_ref())?,
            created_before: filters::moment(self.created_before.as_ref())?,
            updated_since: filters::moment(self.updated_since.as_ref())?,
            client: client?.map(|client| client.as_str().to_owned()),
            services: filters::ids(self.service_ids.as_ref()),
            partners: filters::ids(self.partner_organisation_ids.as_ref()),
            scheduled_from: day("scheduledFrom", self.scheduled_from)?,
            scheduled_through: day("scheduledThrough", self.scheduled_through)?,
            accompanied: self.accompanied,
            overdue: self.overdue,
            mine: self.mine,
            handlers: filters::ids(self.assigned_to.as_ref()),
            reference: self.reference.map(|text| Reference::parse("reference", &text)).transpose()?,
        })
    }
}

fn day(field: &str, day: Option<Date>) -> Result<Option<NaiveDate>, Fault> {
    Ok(day.map(|day| parse_day(field, &day.0)).transpose()?)
}
