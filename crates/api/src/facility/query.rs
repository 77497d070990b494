//! The list of the register's facilities.

use async_graphql::connection::Connection;
use async_graphql::{Context, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::service::ServiceType;
use pamoja_persistence::facility;

use super::{Facility, search};
use crate::graphql::connection::{PageArguments, connection, page};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scope::Scope;

/// Selects facilities. A facility must meet all conditions; a list is met by any one of its members, and an empty list is no
/// condition.
#[derive(InputObject, Default)]
pub(super) struct FacilityFilter {
    /// The facility is in one of these counties.
    county_codes: Option<Vec<String>>,
    /// The register lists one of these service types at the facility.
    service_types: Option<Vec<Enumeration<ServiceType>>>,
    /// true: the register lists HIV risk reduction for key populations at the facility; false: it doesn't.
    key_population_friendly: Option<bool>,
    /// Words of the facility's name, the service types that the register lists there (in English or Swahili, as people call
    /// them), its county, sub-county or level; or its code in the register. At most six, and 100 characters. Every word must be
    /// found, in any order; little words such as "in" may be missing. Typing errors are forgiven. The best come first. A blank
    /// text is no condition.
    text: Option<String>,
}

/// What the filter's search costs.
fn searching(filter: Option<&FacilityFilter>) -> usize {
    crate::graphql::search::cost(filter.and_then(|filter| filter.text.as_ref()))
}

/// The queries of facilities.
#[derive(Default)]
pub(crate) struct FacilityQuery;

#[Object]
impl FacilityQuery {
    /// The facilities of the national register that are in operation. With a text, those come first that answer it best, and
    /// key-population-friendly ones before their equals. Without one, key-population-friendly ones come first, and each group by
    /// name.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity + searching(filter.as_ref())")]
    async fn facilities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects facilities; leave it out for all.")] filter: Option<FacilityFilter>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Facility>> {
        let filter = filter.unwrap_or_default();
        let text = crate::graphql::search::text(filter.text.as_ref())?;
        let filter = facility::FacilityFilter {
            counties: filters::counties(filter.county_codes.as_ref())?,
            service_types: decoded(filter.service_types.as_ref()),
            key_population_friendly: filter.key_population_friendly,
        };
        let arguments = PageArguments { first, after, last, before };
        if let Some(text) = text {
            return Ok(search::page(Scope::of(context), &filter, &text, arguments).await?);
        }
        let page = page("facilities", arguments)?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = facility::page(&reading.tx, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &facility::Facility| (!found.register.key_population_friendly, found.register.name.clone(), found.id.0);
        Ok(connection("facilities", found, key, |found| Facility(found.into()))?)
    }
}
