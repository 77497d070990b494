//! Tasks: of a client whom the sender referred and the receiver declined.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::ReferralId;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Values, values};
use super::referral::sent_for_a_new_client;
use crate::harness::client::Client;
use crate::harness::introspection::Operation;
use crate::harness::world::World;
use crate::referral::sent;

/// The feature.
pub struct Tasks;

impl Feature for Tasks {
    fn needs(&self) -> &'static [&'static str] {
        &["nodeId"]
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async {
            let id = sent_for_a_new_client(ways).await["referralId"].clone();
            let input = json!({ "referralId": id, "reason": "NO_CAPACITY" });
            ways.receiver_desk().referral_mutation("declineReferral", "DeclineReferralInput", input).await;
            values(json!({ "nodeId": id }))
        })
    }

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        if mutation.name == "dismissTask" {
            input.insert("kind".to_owned(), json!("FOLLOW_UP_REFERRAL"));
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("nodeId", json!(global_id::encode(ReferralId(Uuid::new_v4()))))]
    }

    fn audited(&self, mutation: &str, prepared: &Values) -> Option<Audited> {
        // The payload shows what the task was about as any node, which the tests don't look into.
        (mutation == "dismissTask").then(|| Audited::Node(prepared["nodeId"].as_str().expect("an id").to_owned()))
    }

    fn of_role<'a>(&'a self, _world: &'a World, role: Role, client: &'a Client) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let refers = [Role::PeerEducator, Role::Caseworker].contains(&role);
            let id = if refers { sent(client).await.0 } else { global_id::encode(ReferralId(Uuid::new_v4())).to_string() };
            values(json!({ "nodeId": id }))
        })
    }
}
