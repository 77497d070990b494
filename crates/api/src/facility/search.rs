//! Searches in the national register.

use async_graphql::connection::Connection;
use pamoja_domain::access::Permission;
use pamoja_domain::id::FacilityId;
use pamoja_domain::search::{Entry, Place, Search, SearchText};
use pamoja_persistence::facility::{self, FacilityFilter};

use super::Facility;
use crate::graphql::connection::{PageArguments, connection};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::graphql::search::{Searched, in_places};
use crate::i18n::search_words;

/// A page of the facilities that a text finds among those of the filter, the best first.
pub(super) async fn page(
    scope: &Scope,
    filter: &FacilityFilter,
    text: &SearchText,
    arguments: PageArguments,
) -> Result<Connection<String, Facility>, Fault> {
    let searched = Searched::new("facilities", text, arguments)?;
    let reading = scope.read(Permission::ReadDirectory).await?;
    let facilities = facility::search::searched(&reading.tx, filter).await?;
    let search = Search::new(text, search_words::of_service_types());
    let found = facilities.iter().filter_map(|facility| {
        let address = [
            facility.county.name(),
            facility.sub_county.as_deref().unwrap_or_default(),
            facility.level.as_deref().unwrap_or_default(),
        ];
        let entry = Entry {
            code: Some(&facility.code),
            name: &facility.name,
            offers: &facility.service_types,
            address: &address,
            unfriendly: !facility.key_population_friendly,
        };
        Some(Place::new(search.rank(&entry)?, &facility.name, facility.id.0))
    });
    let places = searched.among(found);
    let ids: Vec<_> = places.items.iter().map(|place| FacilityId(place.id())).collect();
    let found = in_places(places, facility::by_ids(&reading.tx, &ids).await?, |facility| facility.id.0);
    connection(&searched.list, found, |(place, _)| place.clone(), |(_, facility)| Facility(facility.into()))
}
