//! The receiver's services.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::ServiceId;
use pamoja_domain::service::ServiceType;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Values, values};
use crate::harness::coalition::SENDER;
use crate::service;

/// The feature.
pub struct Services;

impl Feature for Services {
    fn needs(&self) -> &'static [&'static str] {
        &["serviceId"]
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async {
            let id = service::offered(ways.receiver_administrator(), json!({ "serviceType": ServiceType::HivTesting })).await;
            values(json!({ "serviceId": id }))
        })
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("serviceId", json!(global_id::encode(ServiceId(Uuid::new_v4())))),
            ("countyCode", json!("001")),
            ("paused", json!(false)),
        ]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // A pause is the organisation's: the first who may pause is the sender's.
        (mutation == "pauseServices").then(|| Audited::Node(global_id::encode(SENDER.id()).to_string()))
    }
}
