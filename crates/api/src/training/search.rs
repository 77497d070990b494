//! Searches in the offers of trainings.

use std::collections::HashMap;

use async_graphql::connection::Connection;
use pamoja_domain::access::Permission;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::search::{Entry, Place, Search, SearchText};
use pamoja_persistence::organisation;
use pamoja_persistence::training::{self, OfferFilter};

use super::TrainingOffer;
use crate::graphql::connection::{PageArguments, connection};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::graphql::search::{Searched, in_places};
use crate::i18n::search_words;

/// A page of the offers that a text finds among those of the filter, the best first.
pub(super) async fn page(
    scope: &Scope,
    filter: &OfferFilter,
    text: &SearchText,
    arguments: PageArguments,
) -> Result<Connection<String, TrainingOffer>, Fault> {
    let searched = Searched::new("trainingOffers", text, arguments)?;
    let reading = scope.read(Permission::ReadDirectory).await?;
    let offers = training::searched_offers(&reading.tx, filter).await?;
    let search = Search::new(text, search_words::of_training_topics());
    let mut organisations: Vec<OrganisationId> = offers.iter().map(|offer| offer.organisation).collect();
    organisations.sort();
    organisations.dedup();
    let organisations = organisation::by_ids(&reading.tx, &organisations).await?;
    let names: HashMap<OrganisationId, String> = organisations.into_iter().map(|found| (found.id, found.name)).collect();
    let found = offers.iter().filter_map(|offer| {
        let organisation = names.get(&offer.organisation).map_or("", String::as_str);
        let entry = Entry {
            code: None,
            name: &offer.title,
            offers: &[offer.topic],
            address: &[&offer.description, organisation],
            unfriendly: false,
        };
        Some(Place::new(search.rank(&entry)?, &offer.title, offer.id.0))
    });
    let places = searched.among(found);
    let found = in_places(places, offers, |offer| offer.id.0);
    connection(&searched.list, found, |(place, _)| place.clone(), |(_, offer)| TrainingOffer::new(offer, &reading.tx))
}
