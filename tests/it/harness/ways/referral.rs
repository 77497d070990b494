//! Referrals: sent by a caseworker, in each state in which a move can be made.

use chrono::{Days, Utc};
use futures_util::future::BoxFuture;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::ReferralId;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::referral::slip::SlipCode;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ways;
use super::feature::{Audited, Feature, Foreign, Values, values};
use crate::harness::client::Client;
use crate::harness::coalition::{OUTSIDER, RECEIVER, SENDER};
use crate::harness::introspection::Operation;
use crate::harness::world::World;
use crate::referral::{draft, sent, with};

/// The feature.
pub struct Referrals;

/// A client whom nobody has referred yet.
pub fn pseudonym() -> String {
    Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned()
}

/// Sends the first referral of a new client.
pub async fn sent_for_a_new_client(ways: &Ways) -> Values {
    let client = pseudonym();
    let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }));
    let sent = ways.sender_desk().create_referral(input).await;
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("not sent: {sent:#}")).to_owned();
    let id = text(&sent["referral"]["id"]);
    // Whoever sent it can assign it to a colleague.
    let colleague = global_id::encode(SENDER.user("second-caseworker"));
    values(
        json!({ "referralId": id, "slipCode": text(&sent["slipCode"]), "client": client, "referralIds": [id], "userId": colleague }),
    )
}

impl Feature for Referrals {
    fn needs(&self) -> &'static [&'static str] {
        &["referralId", "slipCode", "client", "referralIds", "userId"]
    }

    fn states(&self) -> usize {
        5
    }

    fn prepare<'a>(&'a self, ways: &'a Ways, state: usize) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let prepared = sent_for_a_new_client(ways).await;
            let id = prepared["referralId"].as_str().expect("an id");
            let receiver = ways.receiver_desk();
            match state {
                0 => {}
                1 => drop(receiver.move_referral("acceptReferral", id).await),
                2 => {
                    receiver.move_referral("acceptReferral", id).await;
                    let on = (Utc::now() + Days::new(2)).format("%Y-%m-%d").to_string();
                    let input = json!({ "referralId": id, "on": on });
                    receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", input).await;
                }
                3 => drop(receiver.move_referral("checkInReferralWithoutSlip", id).await),
                _ => {
                    let instead = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
                    let input = json!({ "referralId": id, "reason": "BETTER_PLACED_PARTNER", "insteadServiceId": instead });
                    receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
                }
            }
            prepared
        })
    }

    fn complete(&self, mutation: &Operation, input: &mut Values) {
        if mutation.name.starts_with("createReferral") {
            input.extend(values(draft(RECEIVER, ServiceType::HivTesting)));
        }
        if mutation.name == "amendReferral" {
            input.extend(values(json!({ "urgency": "URGENT" })));
        }
    }

    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("referralId", json!(global_id::encode(ReferralId(Uuid::new_v4())))),
            ("referralIds", json!([global_id::encode(ReferralId(Uuid::new_v4()))])),
            ("slipCode", json!(SlipCode::from_bits(9).to_string())),
            ("countyCode", json!("001")),
        ]
    }

    fn action(&self, mutation: &str) -> Option<&'static str> {
        // A mutation for several items writes for each of them what the mutation for one item writes.
        (mutation == "createReferrals").then_some("createReferral")
    }

    fn audited(&self, mutation: &str, prepared: &Values) -> Option<Audited> {
        // It has an entry for each referral.
        let assigned = (mutation == "assignReferral").then(|| prepared["referralId"].as_str().expect("an id").to_owned());
        assigned.map(Audited::Node)
    }

    fn of_role<'a>(&'a self, world: &'a World, role: Role, client: &'a Client) -> BoxFuture<'a, Values> {
        Box::pin(async move {
            let caseworker = world.client(SENDER, Role::Caseworker).await;
            // A peer educator acts on referrals that they created themselves.
            let referrer = if role == Role::PeerEducator { client } else { &caseworker };
            values(json!({ "referralId": sent(referrer).await.0 }))
        })
    }

    fn foreign<'a>(&'a self, world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        Box::pin(async {
            let (issued, _) = sent(&world.client(SENDER, Role::Caseworker).await).await;
            vec![Foreign { kind: "referral", issued, never_issued: global_id::encode(ReferralId(Uuid::new_v4())).to_string() }]
        })
    }
}
