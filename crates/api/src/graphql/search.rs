//! Searches in lists: the text of a filter, and pages whose cursors belong to that text.

use std::collections::HashMap;

use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::search::{self, Place, SearchText};
use uuid::Uuid;

use crate::graphql::connection::{PageArguments, page};
use crate::graphql::error::Fault;

/// What a search adds to the estimate of a document's cost: it looks at every entry of the list, however few it answers.
const COST: usize = 1_000;

/// What the text of a filter adds to the estimate of a document's cost.
pub(crate) fn cost(text: Option<&String>) -> usize {
    if text.is_some_and(|text| !text.trim().is_empty()) { COST } else { 0 }
}

/// The text of a filter; nothing when it was left out or is blank.
///
/// # Errors
/// [`Fault::Invalid`] when it is too long, or can't be what somebody typed.
pub(crate) fn text(text: Option<&String>) -> Result<Option<SearchText>, Fault> {
    Ok(text.map(|text| SearchText::parse(text)).transpose().map_err(Fault::Invalid)?.flatten())
}

/// A page of what a text finds in a list.
pub(crate) struct Searched {
    /// The name of the list for this text, for its cursors.
    pub list: String,
    page: Page<Place>,
}

impl Searched {
    /// The page that the arguments ask for.
    ///
    /// # Errors
    /// [`Fault::BadRequest`] when the arguments make no page, or when a cursor is of another list, of another text or of no text.
    pub(crate) fn new(list: &str, text: &SearchText, arguments: PageArguments) -> Result<Self, Fault> {
        let list = format!("{list} {}", text.fingerprint());
        let page = page(&list, arguments)?;
        Ok(Self { list, page })
    }

    /// The places of the page among all that were found.
    pub(crate) fn among(&self, found: impl Iterator<Item = Place>) -> PageOf<Place> {
        search::page(found.collect(), &self.page)
    }
}

/// Puts the items in the places that were found for them.
pub(crate) fn in_places<T>(places: PageOf<Place>, items: Vec<T>, id: impl Fn(&T) -> Uuid) -> PageOf<(Place, T)> {
    let mut items: HashMap<Uuid, T> = items.into_iter().map(|item| (id(&item), item)).collect();
    let PageOf { items: places, has_next, has_previous } = places;
    let items = places.into_iter().filter_map(|place| items.remove(&place.id()).map(|item| (place, item))).collect();
    PageOf { items, has_next, has_previous }
}
