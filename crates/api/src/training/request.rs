//! The GraphQL object of a request for a training.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
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
use crate::organisation::County;
use crate::service::Organisation;
use crate::training::loader::TrainingEventsOf;

/// A request for a training, and what the viewer may do to it.
pub(crate) struct TrainingRequest {
    request: training::TrainingRequest,
    allowed: Allowed,
}

impl TrainingRequest {
    /// The request that the transaction has read, as its user sees it.
    ///
    /// # Errors
    /// [`StoreError`] when no signed-in user opened the transaction.
    pub(crate) fn new(request: training::TrainingRequest, tx: &TenantTx) -> Result<Self, StoreError> {
        Ok(Self::seen_by(request, tx.actor()?))
    }

    /// The request as the actor sees it.
    pub(super) fn seen_by(request: training::TrainingRequest, actor: &Actor) -> Self {
        let allowed = request.allowed(actor);
        Self { request, allowed }
    }

    /// Whether the request runs in that direction, as the organisation sees it.
    pub(super) fn runs(&self, direction: TrainingDirection, organisation: OrganisationId) -> bool {
        match direction {
            TrainingDirection::Incoming => self.request.receiver == Some(organisation),
            TrainingDirection::Outgoing => self.request.sender == organisation,
            TrainingDirection::Open => self.request.sides().is_open_to(organisation),
        }
    }
}

/// A request for a training. Its two parties see it. While it is open to all, everybody who offers the topic in the county sees
/// it too.
#[Object]
impl TrainingRequest {
    /// The request's global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.request.id)
    }

    /// The sender: the organisation that asks for the training, and hosts it.
    #[graphql(name = "fromOrganisation")]
    async fn sender(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.request.sender).await?))
    }

    /// The receiver: the organisation that is asked to hold the training. Null while the request is open to all who offer the
    /// topic in the county.
    #[graphql(name = "toOrganisation")]
    async fn addressee(&self, context: &Context<'_>) -> Option<Result<Organisation>> {
        let id = self.request.receiver?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(Some(Organisation::new(reading.organisation(id).await?)))
        })
        .await
    }

    /// The offer that the request is for; null when the request names only a topic.
    async fn offer(&self, context: &Context<'_>) -> Option<Result<TrainingOffer>> {
        let id = self.request.offer?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(|found| TrainingOffer::new(found, &reading.tx)))
        })
        .await
    }

    /// What the training is to be about.
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

    /// The months that would suit the sender; empty means any month.
    async fn preferred_months(&self) -> Vec<Month> {
        self.request.preferred_months.iter().map(|month| Month(month.to_string())).collect()
    }

    /// The county where the people are.
    async fn county(&self) -> County {
        self.request.county.into()
    }

    /// The languages that the people can be trained in, as ISO 639 codes; empty means any language.
    async fn languages(&self) -> Vec<&str> {
        self.request.languages.iter().map(LanguageCode::as_str).collect()
    }

    /// The state that the request has reached.
    async fn status(&self) -> Enumeration<TrainingStatus> {
        Enumeration(self.request.status)
    }

    /// Why the request was declined or called off; null when it was neither.
    async fn reason(&self) -> Option<Enumeration<TrainingReason>> {
        self.request.reason.map(Enumeration)
    }

    /// When and where the training is held, or was held. Null while no day is set, and after the training was called off.
    async fn session(&self, context: &Context<'_>) -> Option<Result<TrainingSession>> {
        let id = self.request.session?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(TrainingSession))
        })
        .await
    }

    /// The states that the request reached, the oldest first.
    async fn timeline(&self, context: &Context<'_>) -> Result<Vec<TrainingEvent>> {
        let reading = Scope::of(context).reading().await?;
        let events = reading.load.load_one(TrainingEventsOf(self.request.id)).await.map_err(Fault::from)?;
        Ok(events.unwrap_or_default().into_iter().map(TrainingEvent).collect())
    }

    /// What you may do to the request now: show buttons for these, and no rules are needed in the
    /// frontend. A day can still stand against a move: FOLLOW_UP before it is due and DELIVER before the day of the session are refused
    /// with INVALID.
    async fn allowed_actions(&self) -> Vec<Enumeration<TrainingAction>> {
        enumerated(&allowed_actions(self.request.status, self.allowed))
    }

    /// When the request was sent.
    async fn created_at(&self) -> DateTime {
        self.request.created_at.into()
    }

    /// When the request last changed.
    async fn updated_at(&self) -> DateTime {
        self.request.updated_at.into()
    }
}

/// A state that a request for a training reached.
pub(super) struct TrainingEvent(training::TrainingEvent);

/// A state that a request for a training reached.
#[Object]
impl TrainingEvent {
    /// The state that was reached.
    async fn status(&self) -> Enumeration<TrainingStatus> {
        Enumeration(self.0.status)
    }

    /// When it was reached.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The organisation that made the move.
    async fn by_organisation(&self, context: &Context<'_>) -> Option<Result<Organisation>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(Some(Organisation::new(reading.organisation(self.0.by).await?)))
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

    async fn find(reading: &Reading, id: TrainingRequestId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        if reading.tx.actor()?.reach(Permission::ReadTraining).is_none() {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)).transpose()?)
    }
}
