//! A service, as the schema shows it.

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::Utc;
use pamoja_domain::id::ServiceId;
use pamoja_domain::language::LanguageCode;
use pamoja_domain::opening_hours::Opening;
use pamoja_domain::organisation::Population;
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_persistence::service;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use crate::facility::Facility;
use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scalar::{DateTime, PhoneLine};
use crate::graphql::scope::{Scope, nullable};
use crate::organisation::contact::{OpeningHours, shown};
use crate::organisation::{County, OrganisationWith};
use crate::service::loader::FriendlinessOf;

/// A service that a member offers, with the moment at which it was read.
#[derive(Clone)]
pub struct Service {
    service: Arc<service::Service>,
    at: chrono::DateTime<Utc>,
}

impl Service {
    /// The service as read in that transaction.
    pub(crate) fn new(service: impl Into<Arc<service::Service>>, tx: &TenantTx) -> Self {
        Self { service: service.into(), at: tx.at() }
    }

    /// The service's id.
    pub fn service_id(&self) -> ServiceId {
        self.service.id
    }
}

/// A service that a member offers, at a place of its own or at a facility that it vouches for.
#[Object]
impl Service {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.service.id)
    }

    /// The organisation that offers it.
    async fn organisation(&self, context: &Context<'_>) -> Result<OrganisationWith<Self>> {
        let reading = Scope::of(context).reading().await?;
        Ok(OrganisationWith::new(reading.organisation(self.service.organisation).await?))
    }

    /// What type of service it is.
    async fn service_type(&self) -> Enumeration<ServiceType> {
        Enumeration(self.service.service_type)
    }

    /// What the organisation calls it.
    async fn name(&self) -> &str {
        &self.service.name
    }

    /// The county where it is.
    async fn county(&self) -> County {
        self.service.county.into()
    }

    /// The populations that it is for; empty means everyone.
    async fn populations(&self) -> Vec<Enumeration<Population>> {
        enumerated(&self.service.populations)
    }

    /// Whether it serves people under 18.
    async fn accepts_minors(&self) -> bool {
        self.service.accepts_minors
    }

    /// How much room it has; UNKNOWN when its organisation hasn't said so within the last 30 days.
    async fn capacity(&self) -> Enumeration<Capacity> {
        Enumeration(self.service.capacity.read_at(self.service.capacity_updated_at, self.at))
    }

    /// When its organisation last said how much room it has; null when it never has, or has taken it back.
    async fn capacity_updated_at(&self) -> Option<DateTime> {
        self.service.capacity_updated_at.map(DateTime::from)
    }

    /// When the organisation last confirmed that it offers the service as described and still vouches for the place.
    async fn checked_at(&self) -> DateTime {
        self.service.checked_at.into()
    }

    /// The facility of the national register where it is offered; null when it is at a place of the organisation's own.
    async fn facility(&self, context: &Context<'_>) -> Option<Result<Facility>> {
        let id = self.service.facility?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.facility(id).await?.map(Facility))
        })
        .await
    }

    /// How friendly clients found it, from 1 (hostile) to 5 (very friendly), rounded to halves. It is the mean of the other
    /// organisations' mean ratings, so that each organisation weighs the same. It changes once a month and counts what was
    /// recorded before the month began and after the service's first three months, each client once. An organisation counts from
    /// 3 clients on who rated the service. Null until at least 3 organisations that count have at least 10 such clients together.
    async fn friendliness(&self, context: &Context<'_>) -> Option<Result<f64>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(FriendlinessOf(self.service.id)).await.map_err(Fault::from)?)
        })
        .await
    }

    /// When it is open, by the clocks of Kenya; empty when its organisation hasn't said so. Its organisation's own hours may be
    /// others.
    async fn hours(&self) -> Vec<OpeningHours> {
        shown(&self.service.contact.hours)
    }

    /// Whether it is open now; null when its hours haven't been said.
    async fn open_now(&self) -> Option<bool> {
        self.service.contact.hours.at(self.at).map(|opening| matches!(opening, Opening::Open(_)))
    }

    /// The languages that are spoken there, as ISO 639 codes; empty when its organisation hasn't said so.
    async fn languages(&self) -> Vec<&str> {
        self.service.contact.languages.iter().map(LanguageCode::as_str).collect()
    }

    /// The line on which members can call it; null when its organisation has said none. It is for members: show it nowhere else.
    async fn line(&self) -> Option<PhoneLine> {
        self.service.contact.line.as_ref().map(|line| PhoneLine(line.as_str().to_owned()))
    }

    /// Whether it takes no new referral for now, for whatever reason; those that it has go on. A referral to it is refused.
    async fn paused(&self) -> bool {
        self.service.paused
    }

    /// Whether it is no longer offered. A referral that names a closed service still shows it.
    async fn closed(&self) -> bool {
        self.service.closed_at.is_some()
    }
}

impl Identified for ServiceId {
    const KIND: u8 = b'S';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for Service {
    type Id = ServiceId;

    async fn find(reading: &Reading, id: ServiceId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)))
    }
}
