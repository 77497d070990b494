//! The loader of accounts: it reads many ids in one statement.

use std::collections::HashMap;

use pamoja_domain::id::UserId;
use pamoja_persistence::user::{self, User};

use crate::graphql::loader::{LoadError, Loader, Loaders, by_key};

impl Loader<UserId> for Loaders {
    type Value = User;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, LoadError> {
        Ok(by_key(user::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}
