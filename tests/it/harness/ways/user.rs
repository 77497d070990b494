//! Users: they have no mutations.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::UserId;
use uuid::Uuid;

use super::feature::{Feature, Foreign};
use crate::harness::coalition::SENDER;
use crate::harness::world::World;

/// The feature.
pub struct Users;

impl Feature for Users {
    fn foreign<'a>(&'a self, _world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        Box::pin(async {
            vec![Foreign {
                kind: "user",
                issued: global_id::encode(SENDER.user("caseworker")).to_string(),
                never_issued: global_id::encode(UserId(Uuid::new_v4())).to_string(),
            }]
        })
    }
}
