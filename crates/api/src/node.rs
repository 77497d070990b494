//! Whatever has a global id.
#![expect(missing_docs, reason = "the derive of Interface makes a method without a comment")]

use async_graphql::{Context, ID, Interface, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{
    FacilityId, OrganisationId, ReferralId, ServiceId, TrainingOfferId, TrainingRequestId, TrainingSessionId, UserId,
};

use crate::facility::Facility;
use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
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
pub enum Node {
    /// A member organisation.
    Organisation(Organisation),
    /// An account of the own organisation.
    User(User),
    /// A service.
    Service(Service),
    /// A facility of the national register.
    Facility(Facility),
    /// A referral of the own organisation.
    Referral(Box<Referral>),
    /// A training that a member offers.
    TrainingOffer(Box<TrainingOffer>),
    /// A request for a training.
    TrainingRequest(Box<TrainingRequest>),
    /// A training that the own organisation holds or hosts, or did.
    TrainingSession(Box<TrainingSession>),
}

/// The part of Query that reads by id.
#[derive(Default)]
pub struct NodeQuery;

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

async fn find(reading: &Reading, id: &ID) -> Result<Option<Node>, Fault> {
    let Some((kind, uuid)) = global_id::split(id) else {
        return Ok(None);
    };
    let actor = reading.tx.actor()?;
    Ok(match kind {
        OrganisationId::KIND => {
            reading.load.load_one(OrganisationId(uuid)).await?.map(|found| Node::Organisation(Organisation(found)))
        }
        UserId::KIND => reading.load.load_one(UserId(uuid)).await?.map(|found| Node::User(User(found))),
        ServiceId::KIND => {
            reading.load.load_one(ServiceId(uuid)).await?.map(|found| Node::Service(Service::new(found, &reading.tx)))
        }
        FacilityId::KIND => reading.load.load_one(FacilityId(uuid)).await?.map(|found| Node::Facility(Facility(found))),
        ReferralId::KIND if actor.reach(Permission::ReadReferrals).is_some() => {
            match reading.load.load_one(ReferralId(uuid)).await? {
                Some(found) => Some(Node::Referral(Box::new(Referral::new(found, &reading.tx)?))),
                None => None,
            }
        }
        TrainingOfferId::KIND => {
            let found = reading.load.load_one(TrainingOfferId(uuid)).await?;
            found.map(|found| Node::TrainingOffer(Box::new(TrainingOffer::new(found, &reading.tx))))
        }
        TrainingRequestId::KIND if actor.reach(Permission::ReadTraining).is_some() => {
            match reading.load.load_one(TrainingRequestId(uuid)).await? {
                Some(found) => Some(Node::TrainingRequest(Box::new(TrainingRequest::new(found, &reading.tx)?))),
                None => None,
            }
        }
        TrainingSessionId::KIND if actor.reach(Permission::ReadTraining).is_some() => {
            let found = reading.load.load_one(TrainingSessionId(uuid)).await?;
            found.map(|found| Node::TrainingSession(Box::new(TrainingSession(found))))
        }
        _ => None,
    })
}
