//! The GraphQL object of an offer of a training.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use async_graphql::{Context, ID, Object, Result};
use chrono::Utc;
use pamoja_domain::id::TrainingOfferId;
use pamoja_domain::language::LanguageCode;
use pamoja_domain::training::{TrainingMode, TrainingTopic};
use pamoja_persistence::training;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scalar::Date;
use crate::graphql::scope::{Scope, nullable};
use crate::organisation::County;
use crate::service::Organisation;
use crate::training::loader::SatisfactionWith;

/// A training that a member offers, and the moment at which it was read.
#[derive(Clone)]
pub(crate) struct TrainingOffer {
    offer: training::TrainingOffer,
    at: chrono::DateTime<Utc>,
}

impl TrainingOffer {
    /// The offer that the transaction has read.
    pub(crate) fn new(offer: training::TrainingOffer, tx: &TenantTx) -> Self {
        Self { offer, at: tx.at() }
    }
}

/// A training that a member offers. Every member sees it.
#[Object]
impl TrainingOffer {
    /// The offer's global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.offer.id)
    }

    /// The organisation that offers the training.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.offer.organisation).await?))
    }

    /// What the training is about.
    async fn topic(&self) -> Enumeration<TrainingTopic> {
        Enumeration(self.offer.topic)
    }

    /// The title that the organisation gave the offer.
    async fn title(&self) -> &str {
        &self.offer.title
    }

    /// What the training is, in the organisation's words.
    async fn description(&self) -> &str {
        &self.offer.description
    }

    /// How the training can be held; at least one mode.
    async fn modes(&self) -> Vec<Enumeration<TrainingMode>> {
        enumerated(&self.offer.modes)
    }

    /// The counties where the training can be held. Empty means everywhere, because it can be held online.
    async fn counties(&self) -> Vec<County> {
        self.offer.counties.iter().copied().map(County::from).collect()
    }

    /// The languages that the training can be held in, as ISO 639 codes.
    async fn languages(&self) -> Vec<&str> {
        self.offer.languages.iter().map(LanguageCode::as_str).collect()
    }

    /// How long the training lasts, in hours.
    async fn duration_hours(&self) -> f64 {
        self.offer.duration_hours
    }

    /// The most people who can take part.
    async fn maximum_participants(&self) -> i32 {
        self.offer.maximum_participants
    }

    /// The last day on which members can ask for it; null when no day was set.
    async fn open_until(&self) -> Option<Date> {
        self.offer.open_until.map(Date::from)
    }

    /// Whether it takes no new requests for now; those that it has go on.
    async fn paused(&self) -> bool {
        self.offer.paused
    }

    /// Whether members can ask for it now: it is neither closed nor paused, and its last day has not passed. An offer that is no longer open is still shown on the requests that name it.
    async fn open(&self) -> bool {
        self.offer.is_open(self.at)
    }

    /// How satisfied people were with this organisation's trainings on the topic, from 1 to 5. It is the mean over the hosts,
    /// rounded to halves; every host weighs the same, from five of its people on. It changes once a month, and counts what stood
    /// before the month began, of sessions whose hosts all may read it. Null until three sessions and three hosts stand behind it.
    async fn satisfaction(&self, context: &Context<'_>) -> Option<Result<f64>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let key = SatisfactionWith(self.offer.organisation, self.offer.topic);
            Ok(reading.load.load_one(key).await.map_err(Fault::from)?)
        })
        .await
    }
}

impl Identified for TrainingOfferId {
    const KIND: u8 = b'T';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for TrainingOffer {
    type Id = TrainingOfferId;

    async fn find(reading: &Reading, id: TrainingOfferId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)))
    }
}
