//! Trainings: the sender asks for them, the receiver offers and holds them, in each state in which a move can be made.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::{TrainingOfferId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Feature, Foreign, Values, replace, values};
use crate::harness::client::Client;
use crate::harness::coalition::{RECEIVER, SENDER};
use crate::harness::introspection::Operation;
use crate::harness::world::World;
use crate::referral::with;
use crate::training;

/// The feature.
pub struct Trainings;

impl Feature for Trainings {
    fn needs(&self) -> &'static [&'static str] {
        &["trainingRequestId", "trainingOfferId"]
    }

    fn states(&self) -> usize {
        4
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let (host, trainer) = (ways.sender_administrator(), ways.receiver_administrator());
            let offer = training::offered(trainer, json!({})).await;
            let id = match state {
                3 => training::held(host, trainer, RECEIVER).await,
                _ => training::requested(host, Some(RECEIVER)).await,
            };
            if state == 1 || state == 2 {
                training::step(trainer, "acceptTrainingRequest", &id, None).await;
            }
            if state == 2 {
                training::scheduled(trainer, &id, json!({})).await;
            }
            // Long enough ago for a follow-up.
            let before = "UPDATE training_session SET held_on = held_on - 100 WHERE delivered_at IS NOT NULL";
            ways.database.batch_execute(before).await.expect("it was held before");
            values(json!({ "trainingRequestId": id, "trainingOfferId": offer }))
        })
    }

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        if input.contains_key("maximumParticipants") {
            // A title other than the offer's, so that there is something to update.
            replace(input, with(training::offer_draft(), json!({ "title": "Another title" })));
        }
        if input.contains_key("audience") {
            input.extend(values(training::request_draft(Some(RECEIVER))));
        }
        let came = json!([{ "cadre": "STAFF", "count": 7 }]);
        replace(input, json!({ "participants": came, "asked": 5, "monthsAfter": 3, "pairs": 0 }));
        // Fields that only some of the moves need are optional in all of them.
        match mutation.name.as_str() {
            "declineTrainingRequest" | "cancelTraining" => drop(input.insert("reason".to_owned(), json!("DATES"))),
            "recordTrainingEvaluation" => drop(input.insert("satisfactionMean".to_owned(), json!(4.5))),
            _ => {}
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("trainingRequestId", json!(global_id::encode(TrainingRequestId(Uuid::new_v4())))),
            ("trainingOfferId", json!(global_id::encode(TrainingOfferId(Uuid::new_v4())))),
            ("countyCode", json!("001")),
            ("maximumParticipants", json!(2)),
        ]
    }

    fn of_role<'a>(&'a self, world: &'a World, _role: Role, _client: &'a Client) -> BoxFuture<'a, Values> {
        Box::pin(async {
            let trainer = world.client(SENDER, Role::Trainer).await;
            values(json!({ "trainingRequestId": training::requested(&trainer, Some(RECEIVER)).await }))
        })
    }

    fn foreign<'a>(&'a self, world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        Box::pin(async {
            let (host, trainer) = training::trainers(world).await;
            let request = training::held(&host, &trainer, RECEIVER).await;
            let query = "query ($id: ID!) { node(id: $id) { ... on TrainingRequest { session { id } } } }";
            let data = host.data(query, json!({ "id": request })).await;
            let session = data["node"]["session"]["id"].as_str().expect("an id").to_owned();
            let never_issued = global_id::encode(TrainingRequestId(Uuid::new_v4())).to_string();
            let never_held = global_id::encode(TrainingSessionId(Uuid::new_v4())).to_string();
            vec![
                Foreign { kind: "training", issued: request, never_issued },
                Foreign { kind: "session", issued: session, never_issued: never_held },
            ]
        })
    }
}
