//! The GraphQL object of an account.

use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use async_graphql::{ID, Object};
use pamoja_domain::id::UserId;
use pamoja_domain::user::Role;
use pamoja_persistence::user;
use uuid::Uuid;

use crate::graphql::enumeration::{Enumeration, enumerated};

/// An account of your organisation.
#[derive(Clone)]
pub(crate) struct User(pub user::User);

/// An account of your organisation.
#[Object]
impl User {
    /// The account's global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// The name that colleagues know the account by; never a person's name.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// The account's roles, which decide what it may do.
    async fn roles(&self) -> Vec<Enumeration<Role>> {
        enumerated(&self.0.roles)
    }
}

impl Identified for UserId {
    const KIND: u8 = b'U';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for User {
    type Id = UserId;

    async fn find(reading: &Reading, id: UserId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        Ok(reading.load.load_one(id).await?.map(Self))
    }
}
