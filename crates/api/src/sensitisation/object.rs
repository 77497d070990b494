//! A plan for a sensitisation, as the schema shows it to one viewer at one moment.

use async_graphql::{Context, ID, Object, Result};
use chrono::Utc;
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::id::SensitisationPlanId;
use pamoja_domain::sensitisation::{SensitisationAction, SensitisationStatus, allowed_actions, may};
use pamoja_domain::training::{Cadre, TrainingTopic};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::sensitisation;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::scalar::Date;
use crate::graphql::scope::{Scope, nullable};
use crate::graphql::selected::Selected;
use crate::organisation::County;
use crate::training::TrainingRequest;

/// A plan of the viewer's organisation.
#[derive(Clone)]
pub(crate) struct SensitisationPlan {
    found: sensitisation::SensitisationPlan,
    allowed: Vec<SensitisationAction>,
}

impl SensitisationPlan {
    /// The plan as the transaction's actor sees it now.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction that no signed-in user opened.
    pub(crate) fn new(found: sensitisation::SensitisationPlan, tx: &TenantTx) -> Result<Self, StoreError> {
        Ok(Self::seen_by(found, tx.actor()?, tx.at()))
    }

    fn seen_by(found: sensitisation::SensitisationPlan, actor: &Actor, at: chrono::DateTime<Utc>) -> Self {
        let allowed = allowed_actions(found.status, found.releasable_from, |action| may(action, actor), at);
        Self { found, allowed }
    }
}

/// Whether the actor can see plans: whoever plans or releases. On a shared device row-level security shows them to whoever releases alone.
pub(super) fn sees_plans(actor: &Actor) -> bool {
    [Permission::DocumentViolations, Permission::ManageTraining].iter().any(|permission| actor.reach(*permission).is_some())
}

/// A wish for a sensitisation, without what it stems from: whoever manages trainings sees this and no violation.
#[Object]
impl SensitisationPlan {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        global_id::encode(self.found.id)
    }

    /// What the training is to be about.
    async fn topic(&self) -> Enumeration<TrainingTopic> {
        Enumeration(self.found.topic)
    }

    /// Who is to be trained: CLINICIAN (doctors, nurses), HEALTH_PROVIDER (their other staff), POLICE, RELIGIOUS_LEADER …
    async fn audience(&self) -> Enumeration<Cadre> {
        Enumeration(self.found.audience)
    }

    /// Where they are.
    async fn county(&self) -> County {
        self.found.county.into()
    }

    /// Where the plan stands.
    async fn status(&self) -> Enumeration<SensitisationStatus> {
        Enumeration(self.found.status)
    }

    /// It can go out from this day on: the first of a month, at least 14 days after it was planned. All plans of a month can go out
    /// together, so that the day tells nothing of when something was done.
    async fn releasable_from(&self) -> Date {
        self.found.releasable_from.into()
    }

    /// The request that went out. Null until then, and for those who may not read it.
    async fn training_request(&self, context: &Context<'_>) -> Option<Result<TrainingRequest>> {
        let id = self.found.training_request?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(TrainingRequest::find(&reading, id, &Selected::of(context.field())).await?)
        })
        .await
    }

    /// What the viewer may do now. RELEASE can still be refused: see releaseSensitisation.
    async fn allowed_actions(&self) -> Vec<Enumeration<SensitisationAction>> {
        enumerated(&self.allowed)
    }
}

impl Identified for SensitisationPlanId {
    const KIND: u8 = b'P';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for SensitisationPlan {
    type Id = SensitisationPlanId;

    async fn find(reading: &Reading, id: SensitisationPlanId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        if !sees_plans(reading.tx.actor()?) {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)).transpose()?)
    }
}
