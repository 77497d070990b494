//! Blank slips, and check-ins with one before its referral is sent.

use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::OrganisationId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Values, values};
use super::referral::pseudonym;
use crate::harness::coalition::RECEIVER;
use crate::referral::with;
use crate::referral_slip::{blanks, check_in, taking};

/// The feature.
pub struct Slips;

impl Feature for Slips {
    fn needs(&self) -> &'static [&'static str] {
        &["checkedInById"]
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async {
            let slip = blanks(ways.sender_desk(), 1).await.remove(0);
            check_in(ways.receiver_desk(), &slip, None).await;
            let fields = json!({ "toOrganisationId": null, "client": pseudonym() });
            let sent = ways.sender_desk().create_referral(with(taking(&slip, json!({})), fields)).await;
            values(json!({ "referralId": sent["referral"]["id"], "checkedInById": global_id::encode(RECEIVER.id()) }))
        })
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("count", json!(2)), ("checkedInById", json!(global_id::encode(OrganisationId(Uuid::new_v4()))))]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // The entry names the pad, which isn't a node.
        (mutation == "allocateSlips").then_some(Audited::Other)
    }
}
