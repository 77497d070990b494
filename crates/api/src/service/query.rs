//! The directory of services, and the suggestions from it.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::message::Message;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_persistence::service;

use super::suggestion::{self, ServiceSuggestion};
use super::{Service, offered, search};
use crate::graphql::connection::PageArguments;
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::DateTime;
use crate::graphql::scope::Scope;

/// Selects services. A service must meet all conditions; a list is met by any one of its members, and an empty list is no
/// condition.
#[derive(InputObject, Default)]
pub(super) struct ServiceFilter {
    /// The service is of one of these types.
    service_types: Option<Vec<Enumeration<ServiceType>>>,
    /// It is in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It is for one of these populations, or for everyone.
    populations: Option<Vec<Enumeration<Population>>>,
    /// Its capacity, as it reads now, is one of these.
    capacities: Option<Vec<Enumeration<Capacity>>>,
    /// One of these organisations offers it. An id that no organisation has matches nothing.
    organisation_ids: Option<Vec<ID>>,
    /// Words of the service's name, its type (in English or Swahili, as people call it: "methadone", "wakili"), its county, its
    /// facility or the facility's code, or its organisation: at most six, and 100 characters. Every word must be found, in any
    /// order; little words such as "in" may be missing. Typing errors are forgiven. The best come first. A blank text is no
    /// condition.
    text: Option<String>,
}

/// What the filter's search costs.
fn searching(filter: Option<&ServiceFilter>) -> usize {
    crate::graphql::search::cost(filter.and_then(|filter| filter.text.as_ref()))
}

/// The queries of services.
#[derive(Default)]
pub(crate) struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// The services that active members offer now. With a text, those come first that answer it best, and key-population-friendly
    /// places before their equals. Without one, those at key-population-friendly places come first, and each group by name.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity + searching(filter.as_ref())")]
    async fn services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects services; leave it out for all.")] filter: Option<ServiceFilter>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Service>> {
        let filter = filter.unwrap_or_default();
        let text = crate::graphql::search::text(filter.text.as_ref())?;
        let filter = service::ServiceFilter {
            service_types: decoded(filter.service_types.as_ref()),
            counties: filters::counties(filter.county_codes.as_ref())?,
            populations: decoded(filter.populations.as_ref()),
            capacities: decoded(filter.capacities.as_ref()),
            organisations: filters::ids(filter.organisation_ids.as_ref()),
        };
        let arguments = PageArguments { first, after, last, before };
        if let Some(text) = text {
            return Ok(search::page(Scope::of(context), &filter, &text, arguments).await?);
        }
        Ok(offered::list(Scope::of(context), &filter, arguments).await?)
    }

    /// Services to choose from for a client, the best first, each with its reasons in words. Active members offer them, they are
    /// for a client with these needs, they aren't paused, their facility isn't closed, and they may have room. Room decides first,
    /// then nearness, key-population-friendly places, how recently the service was checked, and how soon the organisation answered
    /// you. A waitlist is always last. Your own services are among them only where they are at a facility of the register, to which
    /// you would go with the client.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "what a client needs is one question")]
    async fn suggested_services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the client needs.")] service_type: Enumeration<ServiceType>,
        #[graphql(desc = "The county where the client is, from 001 (Mombasa) to 047 (Nairobi).")] county_code: String,
        #[graphql(
            desc = "The populations that the client counts themself to: only services for one of them, or for everyone, are suggested. Left out, empty or NOT_STATED: services for any population."
        )]
        populations: Option<Vec<Enumeration<Population>>>,
        #[graphql(name = "under18", desc = "Whether the client is under 18; YES suggests only services that accept minors.")]
        under_18: Option<Enumeration<MinorStatus>>,
        #[graphql(
            desc = "By when the client must be seen. Near services then come before those with more room, what is open now before what is closed, what opens too late near the end, and far ones are left out where a near one can take the client."
        )]
        act_before: Option<DateTime>,
        #[graphql(desc = "How many at most, 1 to 20; 5 when left out.")] first: Option<i32>,
    ) -> Result<Vec<ServiceSuggestion>> {
        let request = suggestion::Request {
            service_type: service_type.0,
            county: filters::county(&county_code)?,
            populations: decoded(populations.as_ref()),
            under_18: under_18.map_or(MinorStatus::NotStated, |under_18| under_18.0),
            act_before: filters::moment(act_before.as_ref())?,
            without_asked: false,
            without_organisation: None,
            without_service: None,
            first: suggestions(first)?,
        };
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        Ok(suggestion::suggest(&reading.tx, &request).await.map_err(Fault::from)?)
    }
}

/// How many suggestions a query returns when it doesn't say how many.
const DEFAULT_SUGGESTIONS: usize = 5;
/// The most suggestions that a query can ask for.
const MAXIMUM_SUGGESTIONS: usize = 20;

/// How many suggestions a query asks for.
///
/// # Errors
/// [`Fault::Invalid`] when it asks for fewer than 1 or more than 20.
pub(crate) fn suggestions(first: Option<i32>) -> Result<usize, Fault> {
    let Some(first) = first else {
        return Ok(DEFAULT_SUGGESTIONS);
    };
    let wanted = usize::try_from(first).ok().filter(|wanted| (1..=MAXIMUM_SUGGESTIONS).contains(wanted));
    wanted.ok_or_else(|| Fault::Invalid(Message::of("suggestion-first").with("maximum", MAXIMUM_SUGGESTIONS)))
}

/// How many suggestions to count in the estimate of a document's cost. [`suggestions`] refuses an impossible number.
pub(crate) fn suggestion_cost(first: Option<i32>) -> usize {
    let wanted = first.and_then(|first| usize::try_from(first).ok());
    wanted.map_or(DEFAULT_SUGGESTIONS, |wanted| wanted.min(MAXIMUM_SUGGESTIONS))
}
