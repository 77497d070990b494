//! The directory of organisations.

use async_graphql::connection::Connection;
use async_graphql::{Context, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::organisation::{OrganisationKind, Population};
use pamoja_persistence::organisation;

use std::marker::PhantomData;

use super::{Offered, OrganisationWith};
use crate::graphql::connection::{PageArguments, connection, page};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::filters;
use crate::graphql::scope::Scope;

/// Selects organisations. An organisation must meet all conditions; a list is met by any one of its members, and an empty list
/// is no condition.
#[derive(InputObject, Default)]
pub(super) struct OrganisationFilter {
    /// The organisation is of one of these kinds.
    kinds: Option<Vec<Enumeration<OrganisationKind>>>,
    /// It works in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It serves one of these populations.
    populations: Option<Vec<Enumeration<Population>>>,
}

/// The queries of organisations, which list services of the type `S`.
pub(crate) struct OrganisationQuery<S>(PhantomData<fn() -> S>);

impl<S> Default for OrganisationQuery<S> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<S: Offered> OrganisationQuery<S> {
    /// The members of the coalition, sorted by name.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    async fn organisations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects organisations; leave it out for all.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, OrganisationWith<S>>> {
        let filter = filter.unwrap_or_default();
        let filter = organisation::OrganisationFilter {
            kinds: decoded(filter.kinds.as_ref()),
            counties: filters::counties(filter.county_codes.as_ref())?,
            populations: decoded(filter.populations.as_ref()),
        };
        let page = page("organisations", PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = organisation::page(&reading.tx, &filter, &page).await.map_err(crate::graphql::error::Fault::from)?;
        Ok(connection("organisations", found, |found| (found.name.clone(), found.id.0), OrganisationWith::new)?)
    }
}
