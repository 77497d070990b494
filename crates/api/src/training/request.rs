//! A request for a training, as the schema shows it.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use async_graphql::{Context, ID, Object, Result};
use pamoja_domain::access::Actor;
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, TrainingRequestId};
use pamoja_domain::language::LanguageCode;
use pamoja_domain::moves::Allowed;
use pamoja_domain::training::{
    Cadre, TrainingAction, TrainingDirection, TrainingReason, TrainingStatus, TrainingTopic, allowed_actions,
};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::training;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::{TrainingOffer, TrainingSession};
use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scalar::{DateTime, Month};
use crate::graphql::scope::{Scope, nullable};
use crate::organisation::{County, Organisation};
use crate::training::loader::TrainingEventsOf;

/// A request for a training, and what the viewer may do to it.
pub(crate) struct TrainingRequest {
    request: training::TrainingRequest,
    allowed: Allowed,
}

impl TrainingRequest {
    /// The request as read in that transaction.
    ///
    /// # Errors
    /// When no signed-in user opened the transaction.
    pub(crate) fn new(request: training::TrainingRequest, tx: &TenantTx) -> Result<Self, StoreError> {
        Ok(Self::seen_by(request, tx.actor()?))
    }

    /// The request as that actor sees it.
    pub(super) fn seen_by(request: training::TrainingRequest, actor: &Actor) -> Self {
        let allowed = request.allowed(actor);
        Self { request, allowed }
    }

    /// Whether it runs in that direction, as that organisation sees it.
    pub(super) fn runs(&self, direction: TrainingDirection, organisation: OrganisationId) -> bool {
        match direction {
            TrainingDirection::Incoming => self.request.receiver == Some(organisation),
            TrainingDirection::Outgoing => self.request.sender == organisation,
            TrainingDirection::Open => self.request.sides().is_open_to(organisation),
        }
    }
}

/// A request for a training: the two parties see it, and while it is addressed to nobody all who offer the topic in the county.
#[Object]
impl TrainingRequest {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.request.id)
    }

    /// Who asks, and hosts it.
    #[graphql(name = "fromOrganisation")]
    async fn sender(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation(reading.organisation(self.request.sender).await?))
    }

    /// Who is asked to hold it; null while it is open to all who offer the topic in the county.
    #[graphql(name = "toOrganisation")]
    async fn addressee(&self, context: &Context<'_>) -> Option<Result<Organisation>> {
        let id = self.request.receiver?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(Some(Organisation(reading.organisation(id).await?)))
        })
        .await
    }

    /// The offer that it is for; null where it is for a topic.
    async fn offer(&self, context: &Context<'_>) -> Option<Result<TrainingOffer>> {
        let id = self.request.offer?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(|found| TrainingOffer::new(found, &reading.tx)))
        })
        .await
    }

    /// What it is to be about.
    async fn topic(&self) -> Enumeration<TrainingTopic> {
        Enumeration(self.request.topic)
    }

    /// Who is to be trained.
    async fn audience(&self) -> Vec<Enumeration<Cadre>> {
        enumerated(&self.request.audience)
    }

    /// How many people are expected.
    async fn expected_participants(&self) -> i32 {
        self.request.expected_participants
    }

    /// When it would suit; empty means whenever.
    async fn preferred_months(&self) -> Vec<Month> {
        self.request.preferred_months.iter().map(|month| Month(month.to_string())).collect()
    }

    /// Where the people are.
    async fn county(&self) -> County {
        self.request.county.into()
    }

    /// In which languages they can be trained, as ISO 639 codes; empty means whichever.
    async fn languages(&self) -> Vec<&str> {
        self.request.languages.iter().map(LanguageCode::as_str).collect()
    }

    /// Where it stands.
    async fn status(&self) -> Enumeration<TrainingStatus> {
        Enumeration(self.request.status)
    }

    /// Why it was declined or called off; null where it wasn't.
    async fn reason(&self) -> Option<Enumeration<TrainingReason>> {
        self.request.reason.map(Enumeration)
    }

    /// When and where it is held, or was; null while no day is agreed, and when it was called off.
    async fn session(&self, context: &Context<'_>) -> Option<Result<TrainingSession>> {
        let id = self.request.session?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(TrainingSession))
        })
        .await
    }

    /// The states that it went through, oldest first.
    async fn timeline(&self, context: &Context<'_>) -> Result<Vec<TrainingEvent>> {
        let reading = Scope::of(context).reading().await?;
        let events = reading.load.load_one(TrainingEventsOf(self.request.id)).await.map_err(Fault::from)?;
        Ok(events.unwrap_or_default().into_iter().map(TrainingEvent).collect())
    }

    /// What the viewer may do to it now, so that a frontend need not know the rules.
    async fn allowed_actions(&self) -> Vec<Enumeration<TrainingAction>> {
        enumerated(&allowed_actions(self.request.status, self.allowed))
    }

    /// When it was sent.
    async fn created_at(&self) -> DateTime {
        self.request.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.request.updated_at.into()
    }
}

/// A state that a request for a training reached.
pub(super) struct TrainingEvent(training::TrainingEvent);

/// A state that a request for a training reached.
#[Object]
impl TrainingEvent {
    /// Which state.
    async fn status(&self) -> Enumeration<TrainingStatus> {
        Enumeration(self.0.status)
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Whose move it was.
    async fn by_organisation(&self, context: &Context<'_>) -> Option<Result<Organisation>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(Some(Organisation(reading.organisation(self.0.by).await?)))
        })
        .await
    }
}

impl Identified for TrainingRequestId {
    const KIND: u8 = b'Q';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for TrainingRequest {
    type Id = TrainingRequestId;

    async fn find(reading: &Reading, id: TrainingRequestId) -> Result<Option<Self>, Fault> {
        if reading.tx.actor()?.reach(Permission::ReadTraining).is_none() {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)).transpose()?)
    }
}
