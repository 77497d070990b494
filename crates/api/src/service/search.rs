//! Searches in the directory of services.

use async_graphql::connection::Connection;
use pamoja_domain::access::Permission;
use pamoja_domain::id::ServiceId;
use pamoja_domain::search::{Entry, Place, Search, SearchText};
use pamoja_persistence::service::{self, ServiceFilter};

use super::Service;
use crate::graphql::connection::{PageArguments, connection};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::graphql::search::{Searched, in_places};
use crate::i18n::search_words;

/// A page of the services that a text finds among those of the filter, the best first.
pub(super) async fn page(
    scope: &Scope,
    filter: &ServiceFilter,
    text: &SearchText,
    arguments: PageArguments,
) -> Result<Connection<String, Service>, Fault> {
    let searched = Searched::new("services", text, arguments)?;
    let reading = scope.read(Permission::ReadDirectory).await?;
    let services = service::search::searched(&reading.tx, filter).await?;
    let search = Search::new(text, search_words::of_service_types());
    let found = services.iter().filter_map(|service| {
        let address = [
            service.county.name(),
            service.sub_county.as_deref().unwrap_or_default(),
            service.facility_name.as_deref().unwrap_or_default(),
            &service.organisation_name,
            &service.slug,
        ];
        let entry = Entry {
            code: service.facility_code.as_deref(),
            name: &service.name,
            offers: &[service.service_type],
            address: &address,
            unfriendly: service.unfriendly,
        };
        Some(Place::new(search.rank(&entry)?, &service.name, service.id.0))
    });
    let places = searched.among(found);
    let ids: Vec<_> = places.items.iter().map(|place| ServiceId(place.id())).collect();
    let found = in_places(places, service::by_ids(&reading.tx, &ids).await?, |service| service.id.0);
    connection(&searched.list, found, |(place, _)| place.clone(), |(_, service)| Service::new(service, &reading.tx))
}
