//! For every mutation of the schema, an actor and a situation in which it succeeds. They are found by trying, so that a new
//! mutation is tested without being named. Each feature says in its own file what to try.

mod client_report;
mod client_right;
mod feature;
mod referral;
mod sensitisation;
mod service;
mod slip;
mod task;
mod training;
mod user;
mod violation;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use self::feature::Values;
pub use self::feature::{Audited, Feature, Foreign};
use super::client::Client;
use super::coalition::{RECEIVER, SENDER};
use super::introspection::{Operation, Schema};
use super::world::World;

/// All features.
pub const FEATURES: [&dyn Feature; 10] = [
    &service::Services,
    &referral::Referrals,
    &slip::Slips,
    &client_report::ClientReports,
    &client_right::ClientRights,
    &task::Tasks,
    &training::Trainings,
    &user::Users,
    &violation::Violations,
    &sensitisation::Sensitisations,
];

/// The actors and the database with which mutations are tried.
pub struct Ways {
    actors: [Client; 4],
    /// A connection past the API.
    pub database: tokio_postgres::Client,
    /// The schema whose mutations are tried.
    pub schema: Schema,
}

/// A mutation that succeeded.
pub struct Done {
    /// The actor.
    pub client: Client,
    name: String,
    prepared: Values,
    /// Its variables.
    pub variables: Value,
    /// The payload.
    pub payload: Value,
    /// How many audit entries there were before.
    pub entries_before: i64,
}

impl Ways {
    /// Signs in a caseworker and an administrator of each party.
    pub async fn of(world: &World) -> Self {
        let actors = [
            world.client(SENDER, Role::Caseworker).await,
            world.client(RECEIVER, Role::Caseworker).await,
            world.client(SENDER, Role::OrganisationAdmin).await,
            world.client(RECEIVER, Role::OrganisationAdmin).await,
        ];
        let schema = Schema::of(&actors[0]).await;
        Self { actors, database: world.connect(DatabaseRole::Superuser).await, schema }
    }

    /// A caseworker of the sender.
    pub fn sender_desk(&self) -> &Client {
        &self.actors[0]
    }

    /// A caseworker of the receiver.
    pub fn receiver_desk(&self) -> &Client {
        &self.actors[1]
    }

    /// The sender's administrator.
    pub fn sender_administrator(&self) -> &Client {
        &self.actors[2]
    }

    /// The receiver's administrator.
    pub fn receiver_administrator(&self) -> &Client {
        &self.actors[3]
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

    /// How many changes are announced in the outbox.
    pub async fn announcements(&self) -> i64 {
        self.database.query_one("SELECT count(*) FROM outbox", &[]).await.expect("a count").get(0)
    }

    /// The newest audit entry: its action and its id.
    pub async fn newest_entry(&self) -> (String, Option<Uuid>) {
        let row = self
            .database
            .query_one("SELECT action, node_id::text FROM audit_entry ORDER BY position DESC LIMIT 1", &[])
            .await
            .expect("an entry");
        (row.get(0), row.get::<_, Option<String>>(1).map(|id| id.parse().expect("a UUID")))
    }

    /// Makes the mutation succeed, with a new key.
    pub async fn succeed(&self, operation: &Operation) -> Done {
        let mut pattern = operation.variables.clone();
        let input = input_of(&mut pattern);
        let needs = |feature: &dyn Feature| feature.needs().iter().any(|name| input.contains_key(*name));
        let needed: Vec<_> = FEATURES.into_iter().filter(|feature| needs(*feature)).collect();
        for feature in FEATURES {
            feature.complete(operation, input);
        }
        let states = needed.iter().map(|feature| feature.states()).max().unwrap_or(1);
        let mut answers = Vec::new();
        for state in 0..states {
            let mut prepared = Values::new();
            for feature in &needed {
                prepared.extend(feature.prepare(self, state.min(feature.states() - 1)).await);
            }
            for client in &self.actors {
                let mut variables = pattern.clone();
                let input = input_of(&mut variables);
                feature::replace(input, Value::Object(prepared.clone()));
                input.insert("clientMutationId".to_owned(), json!(Uuid::new_v4()));
                let entries_before = self.entries().await;
                let mut answer = client.run(&operation.document, variables.clone()).await;
                let payload = answer["data"][&operation.name].take();
                if payload["userErrors"] == json!([]) && outcome(&payload)["userErrors"] == json!([]) {
                    let (client, name) = (client.clone(), operation.name.clone());
                    return Done { client, name, prepared, variables, payload, entries_before };
                }
                answers.push(if payload.is_null() { answer } else { payload });
            }
        }
        panic!("teach the tests how {} succeeds: {answers:#?}", operation.name)
    }
}

/// The input; for a mutation that takes several items, the first of them.
fn input_of(variables: &mut Value) -> &mut Values {
    let input = &mut variables["input"];
    let input = if input["items"].is_array() { &mut input["items"][0] } else { input };
    input.as_object_mut().expect("an input")
}

/// The payload; for a mutation that takes several items, the result of the first.
pub fn outcome(payload: &Value) -> &Value {
    payload["results"].get(0).unwrap_or(payload)
}

impl Done {
    /// The same variables with another, well-formed input.
    pub fn otherwise(&self) -> Value {
        let mut other = self.variables.clone();
        let input = input_of(&mut other);
        let values = FEATURES.into_iter().flat_map(Feature::others);
        let Some((name, value)) = values.into_iter().find(|(name, _)| input.contains_key(*name)) else {
            panic!("teach the tests what is another input than {input:?}")
        };
        assert_ne!(input.insert(name.to_owned(), value.clone()), Some(value), "another {name}");
        other
    }

    /// The action that the audit must name.
    pub fn action(&self) -> &str {
        FEATURES.into_iter().find_map(|feature| feature.action(&self.name)).unwrap_or(&self.name)
    }

    /// What the audit must name: the node in the payload, unless the feature says otherwise.
    pub fn audited(&self) -> Audited {
        FEATURES.into_iter().find_map(|feature| feature.audited(&self.name, &self.prepared)).unwrap_or_else(|| {
            let mut nodes = outcome(&self.payload).as_object().expect("a payload").values();
            Audited::Node(nodes.find_map(|value| value["id"].as_str()).expect("a node").to_owned())
        })
    }
}
