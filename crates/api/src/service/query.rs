//! The directory of services.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::organisation::Population;
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_persistence::service;

use super::Service;
use crate::arguments;
use crate::coded::{Coded, decoded};
use crate::error::Fault;
use crate::paging::{PageArguments, connection, page};
use crate::scope::Scope;

/// Which services. Conditions are joined by "and"; a list means one of its members, and an empty one is no condition.
#[derive(InputObject, Default)]
pub struct ServiceFilter {
    /// Of one of these types.
    service_types: Option<Vec<Coded<ServiceType>>>,
    /// In one of these counties.
    county_codes: Option<Vec<String>>,
    /// For one of these populations; services that are for everyone are found too.
    populations: Option<Vec<Coded<Population>>>,
    /// With one of these capacities, as they read now.
    capacities: Option<Vec<Coded<Capacity>>>,
    /// Of one of these organisations; ids of nobody match nothing.
    organisation_ids: Option<Vec<ID>>,
    /// Words of the name, at most six; typing errors are forgiven.
    text: Option<String>,
}

/// The services' part of Query.
#[derive(Default)]
pub struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// What active members offer now: key-population-friendly places first, then by name.
    #[graphql(complexity = "crate::paging::page_cost(first, last) * child_complexity")]
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
            counties: arguments::counties(filter.county_codes.as_ref())?,
            populations: decoded(filter.populations.as_ref()),
            capacities: decoded(filter.capacities.as_ref()),
            organisations: arguments::ids(filter.organisation_ids.as_ref()),
            words: arguments::words(filter.text.as_ref())?,
        };
        let page = page("services", PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = service::page(&reading.tx, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &service::Service| (found.unfriendly, found.name.clone(), found.id.0);
        Ok(connection("services", found, key, |found| Service::new(found, &reading.tx))?)
    }
}
