//! Plans for a sensitisation: what the sender's caseworker planned long enough ago.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::SensitisationPlanId;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Foreign, Values, replace, values};
use crate::harness::client::Client;
use crate::harness::coalition::SENDER;
use crate::harness::introspection::Operation;
use crate::harness::world::World;
use crate::violation::documented;
use crate::violation::sensitisation::planned;

/// The feature.
pub struct Sensitisations;

/// As if all plans had been made some months ago.
const LONG_AGO: &str =
    "UPDATE sensitisation_plan SET releasable_from = releasable_from - interval '3 months' WHERE status = 'PLANNED'";

impl Feature for Sensitisations {
    fn needs(&self) -> &'static [&'static str] {
        &["sensitisationPlanId", "violationIds"]
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let desk = ways.sender_desk();
            let violation = documented(desk, json!({})).await;
            let plan = planned(desk, &violation).await;
            ways.database.batch_execute(LONG_AGO).await.expect("it was planned before");
            values(json!({ "violationIds": [violation], "sensitisationPlanId": plan }))
        })
    }

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        if mutation.name == "planSensitisation" {
            // An audience is also in a request for a training, which has other fields.
            input.retain(|name, _| ["violationIds", "topic", "clientMutationId"].contains(&name.as_str()));
            input.extend(values(json!({ "audience": "POLICE", "countyCode": "047" })));
        }
        if mutation.name == "releaseSensitisation" {
            input.remove("toOrganisationId");
            replace(input, json!({ "expectedParticipants": 12, "preferredMonths": [], "languages": [] }));
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("sensitisationPlanId", json!(global_id::encode(SensitisationPlanId(Uuid::new_v4()))))]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // It names the request that went out.
        (mutation == "releaseSensitisation").then_some(Audited::Other)
    }

    fn of_role<'a>(&'a self, world: &'a World, role: Role, client: &'a Client) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let desk = world.client(SENDER, Role::Caseworker).await;
            let own = matches!(role, Role::PeerEducator | Role::Caseworker | Role::Paralegal);
            let violation = documented(if own { client } else { &desk }, json!({})).await;
            let plan = planned(&desk, &documented(&desk, json!({})).await).await;
            values(json!({ "violationIds": [violation], "sensitisationPlanId": plan }))
        })
    }

    fn foreign<'a>(&'a self, world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        Box::pin(async {
            let desk = world.client(SENDER, Role::Caseworker).await;
            let issued = planned(&desk, &documented(&desk, json!({})).await).await;
            let never_issued = global_id::encode(SensitisationPlanId(Uuid::new_v4())).to_string();
            vec![Foreign { kind: "plan", issued, never_issued }]
        })
    }
}
