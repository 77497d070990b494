//! The loader of organisations: it reads many ids in one statement.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use pamoja_domain::contact::Contact;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::contact;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::organisation::{self, Organisation};

use crate::graphql::error::Fault;
use crate::graphql::loader::{LoadError, Loaders, by_key};
use crate::graphql::reading::Reading;

impl Loader<OrganisationId> for Loaders {
    type Value = Organisation;
    type Error = LoadError;

    async fn load(&self, ids: &[OrganisationId]) -> Result<HashMap<OrganisationId, Organisation>, LoadError> {
        Ok(by_key(organisation::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

/// Loads how members reach an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContactOf(pub OrganisationId);

impl Loader<ContactOf> for Loaders {
    type Value = Contact;
    type Error = LoadError;

    async fn load(&self, keys: &[ContactOf]) -> Result<HashMap<ContactOf, Contact>, LoadError> {
        let ids: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let contacts = contact::by_organisations(&self.tx, &ids).await?;
        Ok(contacts.into_iter().map(|(id, contact)| (ContactOf(id), contact)).collect())
    }
}

impl Reading {
    /// The organisation that a row of our database names.
    ///
    /// # Errors
    /// [`Fault::Store`] when no such organisation exists.
    pub(crate) async fn organisation(&self, id: OrganisationId) -> Result<Organisation, Fault> {
        let found = self.load.load_one(id).await?;
        found.ok_or_else(|| StoreError::Inconsistent("a row names an organisation that isn't there".to_owned()).into())
    }
}
