//! The services of an organisation.

use async_graphql::connection::Connection;
use pamoja_domain::access::Permission;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::service;

use super::Service;
use crate::graphql::connection::{PageArguments, connection, page};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::organisation::{Offered, OrganisationWith};

/// A member organisation with its services.
pub(crate) type Organisation = OrganisationWith<Service>;

impl Offered for Service {
    async fn page_of(
        scope: &Scope,
        organisation: OrganisationId,
        arguments: PageArguments,
    ) -> Result<Connection<String, Self>, Fault> {
        let filter = service::ServiceFilter { organisations: Some(vec![organisation]), ..service::ServiceFilter::default() };
        list(scope, &filter, arguments).await
    }
}

/// A page of the services that the filter selects, those at key-population-friendly places first, and each group by name.
pub(super) async fn list(
    scope: &Scope,
    filter: &service::ServiceFilter,
    arguments: PageArguments,
) -> Result<Connection<String, Service>, Fault> {
    let page = page("services", arguments)?;
    let reading = scope.read(Permission::ReadDirectory).await?;
    let found = service::page(&reading.tx, filter, &page).await?;
    let key = |found: &service::Service| (found.unfriendly, found.name.clone(), found.id.0);
    connection("services", found, key, |found| Service::new(found, &reading.tx))
}
