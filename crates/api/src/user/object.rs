//! A user, as the schema shows them.

use async_graphql::{ID, Object};
use pamoja_domain::user::Role;
use pamoja_persistence::user;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::global_id;

/// An account of your own organisation.
#[derive(Clone)]
pub struct User(pub user::User);

/// An account of your own organisation.
#[Object]
impl User {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// How it is called among colleagues; never a person's name.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// What it may do.
    async fn roles(&self) -> Vec<Enumeration<Role>> {
        enumerated(&self.0.roles)
    }
}
