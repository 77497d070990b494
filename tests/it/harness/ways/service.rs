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
use crate::harness::introspection::Operation;
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

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        if mutation.name == "updateOrganisationContact" {
            let night = json!([{ "days": ["SATURDAY"], "opens": "22:00", "closes": "06:00" }]);
            let line = json!({ "number": "0800720000", "organisationOwned": true });
            input.extend(values(json!({ "hours": night, "languages": ["sw"], "line": line })));
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("serviceId", json!(global_id::encode(ServiceId(Uuid::new_v4())))),
            ("countyCode", json!("001")),
            ("paused", json!(false)),
            ("line", json!({})),
        ]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // A pause is the organisation's: the first who may pause is the sender's.
        (mutation == "pauseServices").then(|| Audited::Node(global_id::encode(SENDER.id()).to_string()))
    }
}
