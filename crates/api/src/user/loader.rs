//! The loader of accounts: it reads many ids in one statement.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use pamoja_domain::id::UserId;
use pamoja_persistence::user::{self, User};

use crate::graphql::loader::{LoadError, Loaders, by_key};

impl Loader<UserId> for Loaders {
    type Value = User;
    type Error = LoadError;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, LoadError> {
        Ok(by_key(user::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}
