//! The GraphQL object of a training session: a training that is held, or was held.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use futures_util::future::try_join_all;
use pamoja_domain::access::Permission;
use pamoja_domain::id::TrainingSessionId;
use pamoja_domain::training::{self as domain, Cadre, FollowUp, TrainingMode, TrainingTopic};
use pamoja_persistence::training::{self, SeenEvaluation};
use uuid::Uuid;

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Date;
use crate::graphql::scope::Scope;
use crate::organisation::County;
use crate::service::Organisation;
use crate::training::loader::{EvaluationOf, FollowUpsOf, ParticipantsOf};

/// A training that is held, or was held.
#[derive(Clone)]
pub(crate) struct TrainingSession(pub training::TrainingSession);

/// A training that is held, or was held. Only its trainer and its hosts see it, because a gathering is a target.
#[Object]
impl TrainingSession {
    /// The session's global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// The day on which the training is held.
    async fn on(&self) -> Date {
        self.0.plan.on.into()
    }

    /// How the training is held.
    async fn mode(&self) -> Enumeration<TrainingMode> {
        Enumeration(self.0.plan.mode)
    }

    /// The county where the training is held.
    async fn county(&self) -> County {
        self.0.plan.county.into()
    }

    /// What the training is about.
    async fn topic(&self) -> Enumeration<TrainingTopic> {
        Enumeration(self.0.topic)
    }

    /// The organisation that holds the training.
    async fn trainer_organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.0.trainer).await?))
    }

    /// The organisations that the training is held for.
    async fn hosts(&self, context: &Context<'_>) -> Result<Vec<Organisation>> {
        let reading = Scope::of(context).reading().await?;
        let hosts = try_join_all(self.0.hosts.iter().map(|host| reading.organisation(*host))).await?;
        Ok(hosts.into_iter().map(Organisation::new).collect())
    }

    /// Who came, in numbers. The trainer sees the people of all hosts; a host sees only its own. Empty until it is recorded who
    /// came.
    async fn participants(&self, context: &Context<'_>) -> Result<Vec<CadreCount>> {
        let reading = Scope::of(context).reading().await?;
        let counts = reading.load.load_one(ParticipantsOf(self.0.id)).await.map_err(Fault::from)?;
        Ok(counts.unwrap_or_default().into_iter().map(CadreCount).collect())
    }

    /// How long the training lasted, in hours; null until it is recorded who came.
    async fn hours(&self) -> Option<f64> {
        self.0.hours
    }

    /// What people thought and learned; null until the evaluation is recorded. The trainer reads it exactly. A host reads means that
    /// are rounded to halves, and only where they tell of no fewer than five people of other hosts: otherwise it is null. When
    /// several hosts' people came, a host reads it seven days after it was first recorded; from then on it can't be changed.
    async fn evaluation(&self, context: &Context<'_>) -> Result<Option<TrainingEvaluation>> {
        let reading = Scope::of(context).reading().await?;
        let evaluation = reading.load.load_one(EvaluationOf(self.0.id)).await.map_err(Fault::from)?;
        Ok(evaluation.map(TrainingEvaluation::from))
    }

    /// How many people still use what they learned. The trainer sees the people of all hosts together; a host sees only its own.
    /// Empty until a follow-up is recorded.
    async fn follow_ups(&self, context: &Context<'_>) -> Result<Vec<TrainingFollowUp>> {
        let reading = Scope::of(context).reading().await?;
        let follow_ups = reading.load.load_one(FollowUpsOf(self.0.id)).await.map_err(Fault::from)?;
        Ok(follow_ups.unwrap_or_default().into_iter().map(TrainingFollowUp::from).collect())
    }
}

/// How many people of one host and one cadre came.
pub(super) struct CadreCount(domain::CadreCount);

/// How many people of one host and one cadre came.
#[Object]
impl CadreCount {
    /// The host whose people these are.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.0.host).await?))
    }

    /// What these people do.
    async fn cadre(&self) -> Enumeration<Cadre> {
        Enumeration(self.0.cadre)
    }

    /// How many of them came.
    async fn count(&self) -> i32 {
        self.0.count
    }
}

/// What people thought and learned: reaction and learning in Kirkpatrick's model.
#[derive(SimpleObject)]
pub(super) struct TrainingEvaluation {
    /// How satisfied people were, on average, from 1 to 5; null when they weren't asked, or when it would tell a host of others.
    satisfaction_mean: Option<f64>,
    /// The average score before the training, from 0 to 100, of the people who took both tests; null when there was no test, or
    /// when it would tell a host of others.
    pre_score_mean: Option<f64>,
    /// The average score after the training, from 0 to 100, of the people who took both tests; null when there was no test, or
    /// when it would tell a host of others.
    post_score_mean: Option<f64>,
    /// How many people took both tests, at least 5; null when there was no test, and for a host: only the trainer reads it.
    pairs: Option<i32>,
}

impl From<SeenEvaluation> for TrainingEvaluation {
    fn from(evaluation: SeenEvaluation) -> Self {
        match evaluation {
            SeenEvaluation::Trainer(exact) => Self {
                satisfaction_mean: exact.satisfaction_mean,
                pre_score_mean: exact.scores.map(|scores| scores.pre_mean),
                post_score_mean: exact.scores.map(|scores| scores.post_mean),
                pairs: exact.scores.map(|scores| scores.pairs),
            },
            SeenEvaluation::Host(told) => Self {
                satisfaction_mean: told.satisfaction_mean,
                pre_score_mean: told.score_means.map(|(before, _)| before),
                post_score_mean: told.score_means.map(|(_, after)| after),
                pairs: None,
            },
        }
    }
}

/// How many people still use what they learned.
#[derive(SimpleObject)]
pub(super) struct TrainingFollowUp {
    /// How many months after the training the people were asked: 3 or 6.
    months_after: i32,
    /// How many of the people who were asked still use what they learned.
    still_using: i32,
    /// How many people were asked.
    asked: i32,
}

impl From<FollowUp> for TrainingFollowUp {
    fn from(follow_up: FollowUp) -> Self {
        Self { months_after: follow_up.after.months(), still_using: follow_up.still_using, asked: follow_up.asked }
    }
}

impl Identified for TrainingSessionId {
    const KIND: u8 = b'E';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for TrainingSession {
    type Id = TrainingSessionId;

    async fn find(reading: &Reading, id: TrainingSessionId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        if reading.tx.actor()?.reach(Permission::ReadTraining).is_none() {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(Self))
    }
}
