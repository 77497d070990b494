//! The objects that have a global id, and how `node` finds them.

use async_graphql::{Context, ID, Interface, Object, Result};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::facility::Facility;
use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::scope::{Scope, nullable};
use crate::graphql::selected::Selected;
use crate::referral::Referral;
use crate::sensitisation::SensitisationPlan;
use crate::service::{Organisation, Service};
use crate::training::{TrainingOffer, TrainingRequest, TrainingSession};
use crate::user::User;
use crate::violation::Violation;

/// An object that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque. Pass it to `node` to read the object again."))]
pub(crate) enum Node {
    /// A member organisation.
    Organisation(Organisation),
    /// An account of the viewer's organisation.
    User(User),
    /// A service.
    Service(Service),
    /// A facility of the national register.
    Facility(Facility),
    /// A referral that the viewer may see.
    Referral(Referral),
    /// A training that a member offers.
    TrainingOffer(TrainingOffer),
    /// A request for a training.
    TrainingRequest(TrainingRequest),
    /// A training that the viewer's organisation holds or hosts, or held or hosted.
    TrainingSession(TrainingSession),
    /// A violation that the viewer may read.
    Violation(Violation),
    /// A plan of the viewer's organisation for a sensitisation.
    SensitisationPlan(SensitisationPlan),
}

/// The part of Query that reads by id.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id; null when no object that you may see has it.
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The global id.")] id: ID) -> Option<Result<Node>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(find(&reading, &id, &Selected::of(context.field())).await?)
        })
        .await
    }

    /// The objects with these ids, in the order of the ids. An id is answered with null when no object that you may see has it.
    #[graphql(complexity = "ids.len().min(100) * child_complexity")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let reading = Scope::of(context).reading().await?;
        // All ids are asked for at once, so that one statement reads all objects of a kind.
        let selected = Selected::of(context.field());
        let found = futures_util::future::join_all(ids.iter().map(|id| find(&reading, id, &selected))).await;
        Ok(found.into_iter().collect::<Result<_, Fault>>()?)
    }
}

/// A look-up under way.
type Finding<'r> = BoxFuture<'r, Result<Option<Node>, Fault>>;

/// A kind of object that `node` can find.
struct Kind {
    /// The byte that stands for the kind in a global id.
    byte: u8,
    find: for<'r> fn(&'r Reading, Uuid, &'r Selected<'r>) -> Finding<'r>,
}

impl Kind {
    const fn of<T>() -> Self
    where
        T: NodeObject + Send,
        Node: From<T>,
    {
        Self {
            byte: T::Id::KIND,
            find: |reading, uuid, selected| {
                Box::pin(async move { Ok(T::find(reading, T::Id::from_uuid(uuid), selected).await?.map(Node::from)) })
            },
        }
    }
}

/// Every kind of object that has a global id. A feature adds a line for each of its own.
const KINDS: &[Kind] = &[
    Kind::of::<Organisation>(),
    Kind::of::<User>(),
    Kind::of::<Service>(),
    Kind::of::<Facility>(),
    Kind::of::<Referral>(),
    Kind::of::<TrainingOffer>(),
    Kind::of::<TrainingRequest>(),
    Kind::of::<TrainingSession>(),
    Kind::of::<Violation>(),
    Kind::of::<SensitisationPlan>(),
];

/// The object with that global id, or nothing when no object that the viewer may see has it.
pub(crate) async fn find<'r>(reading: &'r Reading, id: &ID, selected: &'r Selected<'r>) -> Result<Option<Node>, Fault> {
    let Some((byte, uuid)) = global_id::split(id) else {
        return Ok(None);
    };
    match KINDS.iter().find(|kind| kind.byte == byte) {
        Some(kind) => (kind.find)(reading, uuid, selected).await,
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
