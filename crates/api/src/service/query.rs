//! The directory of services.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::message::Message;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_persistence::service;

use super::Service;
use super::suggestion::{self, ServiceSuggestion};
use crate::graphql::connection::{PageArguments, connection, page};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::DateTime;
use crate::graphql::scope::Scope;

/// Which services. Conditions are joined by "and"; a list means one of its members, and an empty one is no condition.
#[derive(InputObject, Default)]
pub(super) struct ServiceFilter {
    /// Of one of these types.
    service_types: Option<Vec<Enumeration<ServiceType>>>,
    /// In one of these counties.
    county_codes: Option<Vec<String>>,
    /// For one of these populations; services that are for everyone are found too.
    populations: Option<Vec<Enumeration<Population>>>,
    /// With one of these capacities, as they read now.
    capacities: Option<Vec<Enumeration<Capacity>>>,
    /// Of one of these organisations; ids of nobody match nothing.
    organisation_ids: Option<Vec<ID>>,
    /// Words of the name, at most six; typing errors are forgiven.
    text: Option<String>,
}

/// The services' part of Query.
#[derive(Default)]
pub(crate) struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// What active members offer now: key-population-friendly places first, then by name.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    async fn services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; left out, all.")] filter: Option<ServiceFilter>,
        #[graphql(desc = "At most so many from the beginning, 1 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Service>> {
        let filter = filter.unwrap_or_default();
        let filter = service::ServiceFilter {
            service_types: decoded(filter.service_types.as_ref()),
            counties: filters::counties(filter.county_codes.as_ref())?,
            populations: decoded(filter.populations.as_ref()),
            capacities: decoded(filter.capacities.as_ref()),
            organisations: filters::ids(filter.organisation_ids.as_ref()),
            words: filters::words(filter.text.as_ref())?,
        };
        let page = page("services", PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = service::page(&reading.tx, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &service::Service| (found.unfriendly, found.name.clone(), found.id.0);
        Ok(connection("services", found, key, |found| Service::new(found, &reading.tx))?)
    }

    /// What to choose for a client: services of active members that are for such a client and may have room, the best first, each with
    /// its reasons in words. Room goes first, then nearness, key-population-friendly places, how recently the service was checked, and how
    /// soon they answered you; a waitlist is always last. Your own services are among them only where they are at a facility of the
    /// register, to which you would go with the client.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "what a client needs is one question")]
    async fn suggested_services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the client needs.")] service_type: Enumeration<ServiceType>,
        #[graphql(desc = "The county in which the client is, from 001 (Mombasa) to 047 (Nairobi).")] county_code: String,
        #[graphql(
            desc = "The populations that the client counts themself to: services for one of them, or for everyone. Left out, empty or NOT_STATED, services for whomever."
        )]
        populations: Option<Vec<Enumeration<Population>>>,
        #[graphql(name = "under18", desc = "Whether the client is under 18; with YES only services that accept minors.")]
        under_18: Option<Enumeration<MinorStatus>>,
        #[graphql(
            desc = "By when the client must be seen. What is near then goes before what has more room, and what is far is left out where something near can take the client."
        )]
        act_before: Option<DateTime>,
        #[graphql(desc = "At most so many, 1 to 20; 5 when nothing is said.")] first: Option<i32>,
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

/// How many suggestions there are when nobody says.
const DEFAULT_SUGGESTIONS: usize = 5;
/// The most suggestions that can be asked for.
const MAXIMUM_SUGGESTIONS: usize = 20;

/// How many suggestions are asked for.
///
/// # Errors
/// [`Fault::Invalid`] when they are fewer than one or too many.
pub(crate) fn suggestions(first: Option<i32>) -> Result<usize, Fault> {
    let Some(first) = first else {
        return Ok(DEFAULT_SUGGESTIONS);
    };
    let wanted = usize::try_from(first).ok().filter(|wanted| (1..=MAXIMUM_SUGGESTIONS).contains(wanted));
    wanted.ok_or_else(|| Fault::Invalid(Message::of("suggestion-first").with("maximum", MAXIMUM_SUGGESTIONS)))
}

/// For the estimate of a document's cost; nonsense is refused elsewhere.
pub(crate) fn suggestion_cost(first: Option<i32>) -> usize {
    let wanted = first.and_then(|first| usize::try_from(first).ok());
    wanted.map_or(DEFAULT_SUGGESTIONS, |wanted| wanted.min(MAXIMUM_SUGGESTIONS))
}
