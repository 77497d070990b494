//! Violations: what the sender's caseworker documented, open and ended.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::ViolationId;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Foreign, Values, replace, values};
use crate::harness::client::Client;
use crate::harness::coalition::SENDER;
use crate::harness::introspection::Operation;
use crate::harness::world::World;
use crate::violation::{documented, this_month};

/// The feature.
pub struct Violations;

impl Feature for Violations {
    fn needs(&self) -> &'static [&'static str] {
        &["violationId"]
    }

    fn states(&self) -> usize {
        2
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let desk = ways.sender_desk();
            let id = documented(desk, json!({})).await;
            if state == 1 {
                let input = json!({ "violationId": id, "outcome": "RESOLVED", "month": this_month() });
                crate::violation::change(desk, "endViolation", "EndViolationInput", input).await;
            }
            values(json!({ "violationId": id }))
        })
    }

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        match mutation.name.as_str() {
            "documentViolation" => {
                replace(input, crate::violation::draft());
                input.extend(values(crate::violation::draft()));
            }
            "recordViolationStep" => replace(input, json!({ "kind": "COUNSELLING", "month": this_month() })),
            "endViolation" => replace(input, json!({ "outcome": "RESOLVED", "month": this_month() })),
            "correctViolation" => drop(input.insert("peopleAffected".to_owned(), json!(3))),
            "replaceViolationNote" => replace(input, json!({ "sealedNote": crate::referral_note::sealed(1) })),
            _ => {}
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("violationId", json!(global_id::encode(ViolationId(Uuid::new_v4())))), ("peopleAffected", json!(7))]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // Under a key outside the database.
        mutation.contains("Violation").then_some(Audited::Other)
    }

    fn of_role<'a>(&'a self, world: &'a World, role: Role, client: &'a Client) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let id = match role {
                Role::PeerEducator | Role::Caseworker | Role::Paralegal => documented(client, json!({})).await,
                _ => documented(&world.client(SENDER, Role::Caseworker).await, json!({})).await,
            };
            values(json!({ "violationId": id }))
        })
    }

    fn foreign<'a>(&'a self, world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        Box::pin(async {
            let issued = documented(&world.client(SENDER, Role::Caseworker).await, json!({})).await;
            let never_issued = global_id::encode(ViolationId(Uuid::new_v4())).to_string();
            vec![Foreign { kind: "violation", issued, never_issued }]
        })
    }
}
