//! A training that is held, or was, as the schema shows it.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use futures_util::future::try_join_all;
use pamoja_domain::access::Permission;
use pamoja_domain::id::TrainingSessionId;
use pamoja_domain::training::{self as domain, Cadre, Evaluation, FollowUp, TrainingMode, TrainingTopic};
use pamoja_persistence::training;
use uuid::Uuid;

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Date;
use crate::graphql::scope::Scope;
use crate::organisation::{County, Organisation};
use crate::training::loader::{FollowUpsOf, ParticipantsOf};

/// A training that is held, or was.
#[derive(Clone)]
pub(crate) struct TrainingSession(pub training::TrainingSession);

/// A training that is held, or was. Its trainer and its hosts alone see it: a gathering is a target.
#[Object]
impl TrainingSession {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// The day.
    async fn on(&self) -> Date {
        self.0.plan.on.into()
    }

    /// How it is held.
    async fn mode(&self) -> Enumeration<TrainingMode> {
        Enumeration(self.0.plan.mode)
    }

    /// Where.
    async fn county(&self) -> County {
        self.0.plan.county.into()
    }

    /// What it is about.
    async fn topic(&self) -> Enumeration<TrainingTopic> {
        Enumeration(self.0.topic)
    }

    /// Who holds it.
    async fn trainer_organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation(reading.organisation(self.0.trainer).await?))
    }

    /// Whose people it is for.
    async fn hosts(&self, context: &Context<'_>) -> Result<Vec<Organisation>> {
        let reading = Scope::of(context).reading().await?;
        let hosts = try_join_all(self.0.hosts.iter().map(|host| reading.organisation(*host))).await?;
        Ok(hosts.into_iter().map(Organisation).collect())
    }

    /// Who came, in numbers: the trainer sees all hosts, a host sees its own. Empty until it was held.
    async fn participants(&self, context: &Context<'_>) -> Result<Vec<CadreCount>> {
        let reading = Scope::of(context).reading().await?;
        let counts = reading.load.load_one(ParticipantsOf(self.0.id)).await.map_err(Fault::from)?;
        Ok(counts.unwrap_or_default().into_iter().map(CadreCount).collect())
    }

    /// How long it lasted, in hours; null until it was held.
    async fn hours(&self) -> Option<f64> {
        self.0.hours
    }

    /// What people thought and learned; null until that is recorded.
    async fn evaluation(&self) -> Option<TrainingEvaluation> {
        self.0.evaluation.map(TrainingEvaluation::from)
    }

    /// How many still use what they learned: for the trainer of all hosts together, for a host of its own people.
    async fn follow_ups(&self, context: &Context<'_>) -> Result<Vec<TrainingFollowUp>> {
        let reading = Scope::of(context).reading().await?;
        let follow_ups = reading.load.load_one(FollowUpsOf(self.0.id)).await.map_err(Fault::from)?;
        Ok(follow_ups.unwrap_or_default().into_iter().map(TrainingFollowUp::from).collect())
    }
}

/// How many people of one cadre came.
pub(super) struct CadreCount(domain::CadreCount);

/// How many people of one cadre came.
#[Object]
impl CadreCount {
    /// The host whose people they are.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation(reading.organisation(self.0.host).await?))
    }

    /// What they do.
    async fn cadre(&self) -> Enumeration<Cadre> {
        Enumeration(self.0.cadre)
    }

    /// How many.
    async fn count(&self) -> i32 {
        self.0.count
    }
}

/// What people thought and learned, after Kirkpatrick.
#[derive(SimpleObject)]
pub(super) struct TrainingEvaluation {
    /// How satisfied people were on average, from 1 to 5; null where it wasn't asked.
    satisfaction_mean: Option<f64>,
    /// What those who took both tests knew before, on average, from 0 to 100; null where there was no test.
    pre_score_mean: Option<f64>,
    /// What those who took both tests knew after, on average, from 0 to 100; null where there was no test.
    post_score_mean: Option<f64>,
    /// How many people took both tests, at least 5; null where there was no test.
    pairs: Option<i32>,
}

impl From<Evaluation> for TrainingEvaluation {
    fn from(evaluation: Evaluation) -> Self {
        Self {
            satisfaction_mean: evaluation.satisfaction_mean,
            pre_score_mean: evaluation.scores.map(|scores| scores.pre_mean),
            post_score_mean: evaluation.scores.map(|scores| scores.post_mean),
            pairs: evaluation.scores.map(|scores| scores.pairs),
        }
    }
}

/// How many people still use what they learned.
#[derive(SimpleObject)]
pub(super) struct TrainingFollowUp {
    /// After how many months they were asked: 3 or 6.
    months_after: i32,
    /// How many of them still use it.
    still_using: i32,
    /// How many were asked.
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

    async fn find(reading: &Reading, id: TrainingSessionId) -> Result<Option<Self>, Fault> {
        if reading.tx.actor()?.reach(Permission::ReadTraining).is_none() {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(Self))
    }
}
