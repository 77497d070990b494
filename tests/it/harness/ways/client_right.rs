//! Clients' rights: to be erased, and to get another pseudonym.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::Ways;
use super::feature::{Audited, Feature, Values, values};
use super::referral::{pseudonym, sent_for_a_new_client};
use crate::referral::CLIENT;

/// The feature.
pub struct ClientRights;

impl Feature for ClientRights {
    fn needs(&self) -> &'static [&'static str] {
        &["rotations"]
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async {
            let from = &sent_for_a_new_client(ways).await["client"];
            values(json!({ "rotations": [{ "from": from, "to": pseudonym() }] }))
        })
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("client", json!(CLIENT)), ("rotations", json!([{ "from": CLIENT, "to": "a".repeat(26) }]))]
    }

    fn audited(&self, mutation: &str, prepared: &Values) -> Option<Audited> {
        match mutation {
            "eraseClient" => {
                Some(Audited::Node(prepared["referralId"].as_str().expect("the erased client's referral").to_owned()))
            }
            "rotateClientPseudonyms" => Some(Audited::Nothing),
            _ => None,
        }
    }
}
