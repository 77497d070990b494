//! The loader of organisations: it reads many ids in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use pamoja_domain::contact::Contact;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::contact;
use pamoja_persistence::organisation::{self, Organisation};

use crate::graphql::loader::{LoadError, Loader, Loaders};

impl Loader<OrganisationId> for Loaders {
    type Value = Arc<Organisation>;

    async fn load(&self, ids: &[OrganisationId]) -> Result<HashMap<OrganisationId, Arc<Organisation>>, LoadError> {
        let found = organisation::by_ids(&self.tx, ids).await?;
        Ok(self.keep(&self.state.directory.organisations, found, |found| found.id))
    }
}

/// Loads how members reach an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContactOf(pub OrganisationId);

impl Loader<ContactOf> for Loaders {
    type Value = Contact;

    async fn load(&self, keys: &[ContactOf]) -> Result<HashMap<ContactOf, Contact>, LoadError> {
        let ids: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let contacts = contact::by_organisations(&self.tx, &ids).await?;
        Ok(contacts.into_iter().map(|(id, contact)| (ContactOf(id), contact)).collect())
    }
}
