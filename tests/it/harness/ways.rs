//! For every mutation of the schema, somebody and a situation in which it succeeds: found by trying, so that a new mutation is covered
//! without being named.

use pamoja_api::node_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Client;
use super::coalition::{RECEIVER, SENDER};
use super::introspection::{Operation, Schema, put};
use super::world::World;
use crate::referral::{draft, with};
use crate::training;

/// What mutations are tried with.
pub struct Ways {
    actors: Vec<Client>,
    database: tokio_postgres::Client,
    /// The schema that the mutations come from.
    pub schema: Schema,
}

/// A referral to be changed, and whom it is of.
struct Situation {
    referral: String,
    slip: String,
    client: String,
    training: String,
    offer: String,
}

/// A mutation that succeeded.
pub struct Done {
    /// Who did it.
    pub client: Client,
    name: String,
    referral: String,
    /// With what.
    pub variables: Value,
    /// The payload.
    pub payload: Value,
    /// How many audit entries there were before.
    pub entries_before: i64,
}

impl Ways {
    /// With desks and administrators of both parties.
    pub async fn of(world: &World) -> Self {
        let mut actors = Vec::new();
        for role in [Role::Caseworker, Role::OrganisationAdmin] {
            for member in [SENDER, RECEIVER] {
                actors.push(world.client(member, role).await);
            }
        }
        let schema = Schema::of(&actors[0]).await;
        Self { actors, database: world.connect(DatabaseRole::Superuser).await, schema }
    }

    /// Every mutation.
    pub fn mutations(&self) -> Vec<Operation> {
        let mutations: Vec<_> =
            self.schema.operations().into_iter().filter(|operation| operation.document.starts_with("mutation")).collect();
        assert!(mutations.len() >= 20, "the schema has mutations");
        mutations
    }

    /// How many audit entries there are.
    pub async fn entries(&self) -> i64 {
        self.database.query_one("SELECT count(*) FROM audit_entry", &[]).await.expect("a count").get(0)
    }

    /// How many rows say that something changed.
    pub async fn announcements(&self) -> i64 {
        self.database.query_one("SELECT count(*) FROM outbox", &[]).await.expect("a count").get(0)
    }

    /// The newest audit entry: what was done and to which id.
    pub async fn newest_entry(&self) -> (String, Option<Uuid>) {
        let row = self
            .database
            .query_one("SELECT action, node_id::text FROM audit_entry ORDER BY position DESC LIMIT 1", &[])
            .await
            .expect("an entry");
        (row.get(0), row.get::<_, Option<String>>(1).map(|id| id.parse().expect("a UUID")))
    }

    /// The only referral of a client, in one of the situations in which a move may be wanted.
    async fn situation(&self, number: usize) -> Situation {
        let client = pseudonym();
        let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }));
        let sent = self.actors[0].create_referral(input).await;
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("not sent: {sent:#}")).to_owned();
        let (id, slip) = (text(&sent["referral"]["id"]), text(&sent["slipCode"]));
        let receiver = &self.actors[1];
        match number {
            0 => {}
            1 => drop(receiver.move_referral("acceptReferral", &id).await),
            2 => {
                receiver.move_referral("acceptReferral", &id).await;
                let on = (chrono::Utc::now() + chrono::Days::new(2)).format("%Y-%m-%d").to_string();
                let input = json!({ "referralId": id, "on": on });
                receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", input).await;
            }
            3 => drop(receiver.move_referral("checkInReferralWithoutSlip", &id).await),
            _ => {
                let input = json!({ "referralId": id, "reason": "NO_CAPACITY" });
                receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
            }
        }
        let (training, offer) = self.training(number).await;
        Situation { referral: id, slip, client, training, offer }
    }

    /// A training that was asked for, in one of the situations in which a move may be wanted, and an offer.
    async fn training(&self, number: usize) -> (String, String) {
        let [.., host, trainer] = self.actors.as_slice() else { panic!("administrators of both") };
        let offer = training::offered(trainer, json!({})).await;
        let id = match number {
            3 => training::held(host, trainer, RECEIVER).await,
            _ => training::requested(host, Some(RECEIVER)).await,
        };
        if number == 1 || number == 2 {
            training::step(trainer, "acceptTrainingRequest", &id, None).await;
        }
        if number == 2 {
            training::scheduled(trainer, &id, json!({})).await;
        }
        // Long enough ago for people to be asked again.
        let before = "UPDATE training_session SET held_on = held_on - 100 WHERE delivered_at IS NOT NULL";
        self.database.batch_execute(before).await.expect("it was held before");
        (id, offer)
    }

    /// A new service of the receiver; its id.
    async fn service(&self) -> String {
        let input =
            json!({ "serviceType": ServiceType::HivTesting, "name": "A new one", "countyCode": "047", "populations": [] });
        let query = "mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } } }";
        let mut data = self.actors[3].data(query, json!({ "input": input })).await;
        match data["createService"]["service"]["id"].take() {
            Value::String(id) => id,
            other => panic!("no service: {other}"),
        }
    }

    /// Makes the mutation succeed, with a new key.
    pub async fn succeed(&self, operation: &Operation) -> Done {
        let mut answers = Vec::new();
        for number in 0..5 {
            let situation = self.situation(number).await;
            let service = self.service().await;
            for client in &self.actors {
                let mut variables = operation.variables.clone();
                self.fill(operation, &mut variables, &situation, &service);
                let entries_before = self.entries().await;
                let mut answer = client.run(&operation.document, variables.clone()).await;
                let payload = answer["data"][&operation.name].take();
                if payload["userErrors"] == json!([]) && outcome(&payload)["userErrors"] == json!([]) {
                    let referral = situation.referral;
                    return Done {
                        client: client.clone(),
                        name: operation.name.clone(),
                        referral,
                        variables,
                        payload,
                        entries_before,
                    };
                }
                answers.push(if payload.is_null() { answer } else { payload });
            }
        }
        panic!("teach the tests how {} succeeds: {answers:#?}", operation.name)
    }

    fn fill(&self, operation: &Operation, variables: &mut Value, situation: &Situation, service: &str) {
        let pattern = draft(RECEIVER, ServiceType::HivTesting);
        let input = of_one(variables);
        if let Some(input) = input.as_object_mut() {
            for (name, value) in input.iter_mut() {
                if let Some(known) = pattern.get(name) {
                    *value = known.clone();
                }
                match name.as_str() {
                    "referralId" => *value = json!(situation.referral),
                    "serviceId" => *value = json!(service),
                    "slipCode" => *value = json!(situation.slip),
                    "client" => *value = json!(situation.client),
                    "trainingRequestId" => *value = json!(situation.training),
                    "trainingOfferId" => *value = json!(situation.offer),
                    "participants" => *value = json!([{ "cadre": "STAFF", "count": 7 }]),
                    "asked" => *value = json!(5),
                    "monthsAfter" => *value = json!(3),
                    "pairs" => *value = json!(0),
                    "rotations" => *value = json!([{ "from": situation.client, "to": pseudonym() }]),
                    _ => {}
                }
            }
        }
        if operation.ids.iter().any(|(pointer, _)| pointer.starts_with("/input/") && pointer.ends_with("/toOrganisationId")) {
            put(input, "/toOrganisationId", json!(node_id::encode(RECEIVER.id())));
        }
        put(input, "/clientMutationId", json!(Uuid::new_v4()));
        for (name, value) in training::offer_draft().as_object().into_iter().flatten() {
            if input.get(name).is_some() && !["topic", "title"].contains(&name.as_str()) {
                put(input, &format!("/{name}"), value.clone());
            }
        }
        for (name, value) in training::request_draft(None).as_object().into_iter().flatten() {
            if input.get("audience").is_some() && !value.is_null() {
                put(input, &format!("/{name}"), value.clone());
            }
        }
        // What is asked of some of the moves alone is required of none.
        match operation.name.as_str() {
            "declineTrainingRequest" | "cancelTraining" => put(input, "/reason", json!("DATES")),
            "recordTrainingEvaluation" => put(input, "/satisfactionMean", json!(4.5)),
            _ => {}
        }
        // Of what a client can report, none alone is required.
        if operation.name == "recordClientReport" {
            put(variables, "/input/outcome", json!("SERVED_WELL"));
        }
    }
}

/// The input, or the first of its items where it is several things at once.
pub fn of_one(variables: &mut Value) -> &mut Value {
    let input = &mut variables["input"];
    if input["items"].is_array() { &mut input["items"][0] } else { input }
}

/// The payload, or what came of the first item where it was several things at once.
pub fn outcome(payload: &Value) -> &Value {
    payload["results"].get(0).unwrap_or(payload)
}

/// A client whom nobody has referred yet.
fn pseudonym() -> String {
    Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned()
}

impl Done {
    /// The id that the audit must name: that of the node that came of it, or of the referral of an erased client. Where pseudonyms
    /// were replaced, or blank slips made, there is none.
    pub fn node(&self) -> Option<&str> {
        match self.name.as_str() {
            "eraseClient" => return Some(&self.referral),
            "rotateClientPseudonyms" | "allocateSlips" => return None,
            _ => {}
        }
        let nodes = outcome(&self.payload).as_object().expect("a payload").values();
        Some(nodes.into_iter().find_map(|value| value["id"].as_str()).expect("a node"))
    }
}
