//! For every mutation of the schema, somebody and a situation in which it succeeds: found by trying, so that a new mutation is covered
//! without being named.

use pamoja_api::node_id;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::embedded::DatabaseRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Client;
use super::coalition::{RECEIVER, SENDER};
use super::introspection::{Operation, Schema, put};
use super::world::World;
use crate::referral::{draft, sent};

/// What mutations are tried with.
pub struct Ways {
    actors: Vec<Client>,
    database: tokio_postgres::Client,
    /// The schema that the mutations come from.
    pub schema: Schema,
}

/// A mutation that succeeded.
pub struct Done {
    /// Who did it.
    pub client: Client,
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

    /// A referral in one of the situations in which a move may be wanted; its id and slip.
    async fn situation(&self, number: usize) -> (String, String) {
        let (id, slip) = sent(&self.actors[0]).await;
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
        (id, slip)
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
            let (referral, slip) = self.situation(number).await;
            let service = self.service().await;
            for client in &self.actors {
                let mut variables = operation.variables.clone();
                self.fill(operation, &mut variables, &referral, &slip, &service);
                let entries_before = self.entries().await;
                let mut answer = client.run(&operation.document, variables.clone()).await;
                let payload = answer["data"][&operation.name].take();
                if payload["userErrors"] == json!([]) {
                    return Done { client: client.clone(), variables, payload, entries_before };
                }
                answers.push(if payload.is_null() { answer } else { payload["userErrors"].clone() });
            }
        }
        panic!("teach the tests how {} succeeds: {answers:#?}", operation.name)
    }

    fn fill(&self, operation: &Operation, variables: &mut Value, referral: &str, slip: &str, service: &str) {
        let pattern = draft(RECEIVER, ServiceType::HivTesting);
        if let Some(input) = variables["input"].as_object_mut() {
            for (name, value) in input.iter_mut() {
                if let Some(known) = pattern.get(name) {
                    *value = known.clone();
                }
                match name.as_str() {
                    "referralId" => *value = json!(referral),
                    "serviceId" => *value = json!(service),
                    "slipCode" => *value = json!(slip),
                    _ => {}
                }
            }
        }
        if operation.ids.iter().any(|(pointer, _)| pointer == "/input/toOrganisationId") {
            put(variables, "/input/toOrganisationId", json!(node_id::encode(RECEIVER.id())));
        }
        put(variables, "/input/clientMutationId", json!(Uuid::new_v4()));
    }
}

impl Done {
    /// The id of the node that came of it.
    pub fn node(&self) -> &str {
        let nodes = self.payload.as_object().expect("a payload").values();
        nodes.into_iter().find_map(|value| value["id"].as_str()).expect("a node")
    }
}
