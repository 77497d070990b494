//! A facility, as the schema shows it.

use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use std::sync::Arc;

use async_graphql::{ID, Object};
use pamoja_domain::id::FacilityId;
use pamoja_domain::service::ServiceType;
use pamoja_persistence::facility;
use uuid::Uuid;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::organisation::County;

/// A facility of the national master facility list.
#[derive(Clone)]
pub(crate) struct Facility(pub Arc<facility::Facility>);

/// A facility of the national master facility list.
#[Object]
impl Facility {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// Its code in the national master facility list (the register).
    async fn code(&self) -> &str {
        &self.0.register.code
    }

    /// Its name in the register.
    async fn name(&self) -> &str {
        &self.0.register.name
    }

    /// Its level of care, such as "Level 4"; null where the register doesn't say.
    async fn level(&self) -> Option<&str> {
        self.0.register.level.as_deref()
    }

    /// Its county.
    async fn county(&self) -> County {
        self.0.register.county.into()
    }

    /// Its sub-county; null where the register doesn't say.
    async fn sub_county(&self) -> Option<&str> {
        self.0.register.sub_county.as_deref()
    }

    /// Whether it is in operation.
    async fn operational(&self) -> bool {
        self.0.register.operational
    }

    /// Whether the register lists HIV risk reduction for key populations at this facility.
    async fn key_population_friendly(&self) -> bool {
        self.0.register.key_population_friendly
    }

    /// The services that the register lists at this facility, as far as they are service types here. Empty means that the
    /// register doesn't say.
    async fn service_types(&self) -> Vec<Enumeration<ServiceType>> {
        enumerated(&self.0.register.service_types)
    }
}

impl Identified for FacilityId {
    const KIND: u8 = b'F';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for Facility {
    type Id = FacilityId;

    async fn find(reading: &Reading, id: FacilityId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        Ok(reading.load.load_one(id).await?.map(Self))
    }
}
