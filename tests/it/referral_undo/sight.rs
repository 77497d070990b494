//! All that there is to see of a referral, for the parties and in the tables.

use std::collections::BTreeMap;

use pamoja_api::graphql::global_id;
use pamoja_domain::id::ReferralId;
use serde_json::{Value, json};

use crate::harness::{Client, Schema};

/// Everything that a party sees of a referral, by the schema itself: a new field is compared without being named. Left out is what
/// a move that was taken back does change: the timeline, when it last changed, and what can be taken back.
pub struct Sight(Vec<String>);

impl Sight {
    pub async fn of(client: &Client) -> Self {
        let schema = Schema::of(client).await;
        let by_name: BTreeMap<&str, &Value> =
            schema.types().map(|known| (known["name"].as_str().unwrap_or_default(), known)).collect();
        let mut fields = Vec::new();
        for field in by_name["Referral"]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            if ["timeline", "updatedAt", "undoableUntil", "referredOnAs", "referredInsteadOf"].contains(&name) {
                continue;
            }
            let inner = by_name[innermost(&field["type"])];
            if inner["kind"] == "OBJECT" {
                let plain = |field: &&Value| {
                    let kind = by_name[innermost(&field["type"])]["kind"].as_str().unwrap_or_default();
                    field["args"] == json!([]) && matches!(kind, "SCALAR" | "ENUM")
                };
                let inner: Vec<&str> = inner["fields"]
                    .as_array()
                    .expect("fields")
                    .iter()
                    .filter(plain)
                    .filter_map(|field| field["name"].as_str())
                    .collect();
                fields.push(format!("{name} {{ {} }}", inner.join(" ")));
            } else {
                fields.push(name.to_owned());
            }
        }
        assert!(fields.len() > 25, "only {fields:?}");
        // A few fields at a time: a document may ask for a hundred.
        let query =
            |fields: &[String]| format!("query ($id: ID!) {{ node(id: $id) {{ ... on Referral {{ {} }} }} }}", fields.join(" "));
        Self(fields.chunks(8).map(query).collect())
    }

    pub async fn see(&self, client: &Client, id: &str) -> Value {
        let mut whole = serde_json::Map::new();
        for query in &self.0 {
            match client.data(query, json!({ "id": id })).await["node"].take() {
                Value::Object(part) => whole.extend(part),
                nothing => return nothing,
            }
        }
        if let Some(actions) = whole.get_mut("allowedActions").and_then(Value::as_array_mut) {
            actions.retain(|action| action != "UNDO");
        }
        Value::Object(whole)
    }
}

fn innermost(of: &Value) -> &str {
    if of["ofType"].is_object() { innermost(&of["ofType"]) } else { of["name"].as_str().unwrap_or_default() }
}

/// What the tables hold of a referral, without what a move that was taken back does change.
pub async fn rows(superuser: &tokio_postgres::Client, id: &str) -> Vec<String> {
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let mut rows = Vec::new();
    for (table, key) in [
        ("referral", "id"),
        ("referral_progress", "referral_id"),
        ("referral_sender", "referral_id"),
        ("referral_client", "referral_id"),
        ("referral_shared", "referral_id"),
        ("referral_note", "referral_id"),
        ("referral_slip", "referral_id"),
        ("referral_non_completion", "referral_id"),
        ("referral_consent", "referral_id"),
        ("open_referral", "id"),
        ("open_referral_offer", "referral_id"),
    ] {
        let query = format!(
            "SELECT '{table} ' || (to_jsonb(found) - 'updated_at')::text FROM {table} AS found WHERE {key} = '{}' ORDER BY 1",
            id.0
        );
        rows.extend(superuser.query(&query, &[]).await.expect("rows").into_iter().map(|row| row.get::<_, String>(0)));
    }
    rows
}

/// Whom the outbox told of a referral, and how often.
pub async fn told(superuser: &tokio_postgres::Client, id: &str) -> BTreeMap<String, i64> {
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let query = format!(
        "SELECT slug, count(*) FROM outbox JOIN organisation ON organisation.id = organisation_id WHERE node_id = '{}' GROUP BY 1",
        id.0
    );
    superuser.query(&query, &[]).await.expect("rows").into_iter().map(|row| (row.get(0), row.get(1))).collect()
}
