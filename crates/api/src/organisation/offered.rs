//! What an organisation offers, for its object to list.

use async_graphql::OutputType;
use async_graphql::connection::Connection;
use pamoja_domain::id::OrganisationId;

use crate::graphql::connection::PageArguments;
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;

/// The object of a service. An organisation lists its services, and each of them names its organisation: so the two objects would
/// have to import each other. Instead, the feature of services, which comes after this one, says here how to list them.
pub(crate) trait Offered: OutputType + Sized + Send + Sync + 'static {
    /// A page of what the organisation offers now.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when the page can't be read.
    fn page_of(
        scope: &Scope,
        organisation: OrganisationId,
        page: PageArguments,
    ) -> impl Future<Output = Result<Connection<String, Self>, Fault>> + Send;
}
