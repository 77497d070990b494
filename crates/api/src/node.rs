//! Whatever has a global id.

use async_graphql::{Context, ID, Interface, Object, Result};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::facility::Facility;
use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::scope::{Scope, nullable};
use crate::organisation::Organisation;
use crate::referral::Referral;
use crate::service::Service;
use crate::training::{TrainingOffer, TrainingRequest, TrainingSession};
use crate::user::User;

/// Whatever has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque, and good for `node`."))]
pub(crate) enum Node {
    /// A member organisation.
    Organisation(Organisation),
    /// An account of the own organisation.
    User(User),
    /// A service.
    Service(Service),
    /// A facility of the national register.
    Facility(Facility),
    /// A referral of the own organisation.
    Referral(Referral),
    /// A training that a member offers.
    TrainingOffer(TrainingOffer),
    /// A request for a training.
    TrainingRequest(TrainingRequest),
    /// A training that the own organisation holds or hosts, or did.
    TrainingSession(TrainingSession),
}

/// The part of Query that reads by id.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// What has this id; null when nothing that you may see has it.
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The global id.")] id: ID) -> Option<Result<Node>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(find(&reading, &id).await?)
        })
        .await
    }

    /// What has these ids, in their order; null in the place of each that nothing which you may see has.
    #[graphql(complexity = "ids.len().min(100) * child_complexity")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let reading = Scope::of(context).reading().await?;
        // All are asked for in one step, so that those of a kind are read together.
        let found = futures_util::future::join_all(ids.iter().map(|id| find(&reading, id))).await;
        Ok(found.into_iter().collect::<Result<_, Fault>>()?)
    }
}

/// A look-up under way.
type Finding<'r> = BoxFuture<'r, Result<Option<Node>, Fault>>;

/// What `node` finds by an id of one kind.
struct Kind {
    /// The byte that stands for the kind in a global id.
    byte: u8,
    find: for<'r> fn(&'r Reading, Uuid) -> Finding<'r>,
}

impl Kind {
    const fn of<T>() -> Self
    where
        T: NodeObject + Send,
        Node: From<T>,
    {
        Self {
            byte: T::Id::KIND,
            find: |reading, uuid| Box::pin(async move { Ok(T::find(reading, T::Id::from_uuid(uuid)).await?.map(Node::from)) }),
        }
    }
}

/// Every kind, a line each.
const KINDS: &[Kind] = &[
    Kind::of::<Organisation>(),
    Kind::of::<User>(),
    Kind::of::<Service>(),
    Kind::of::<Facility>(),
    Kind::of::<Referral>(),
    Kind::of::<TrainingOffer>(),
    Kind::of::<TrainingRequest>(),
    Kind::of::<TrainingSession>(),
];

/// What has that global id; nothing when nothing that the viewer may see has it.
///
/// # Errors
/// [`Fault::Store`] when the database fails.
pub(crate) async fn find(reading: &Reading, id: &ID) -> Result<Option<Node>, Fault> {
    let Some((byte, uuid)) = global_id::split(id) else {
        return Ok(None);
    };
    match KINDS.iter().find(|kind| kind.byte == byte) {
        Some(kind) => (kind.find)(reading, uuid).await,
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::KINDS;

    #[test]
    fn no_two_kinds_have_the_same_byte() {
        let bytes: BTreeSet<u8> = KINDS.iter().map(|kind| kind.byte).collect();
        assert_eq!(bytes.len(), KINDS.len());
    }
}
