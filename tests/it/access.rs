//! Who may do what, as a table, and as the API answers.

use pamoja_domain::access::markdown_table;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::json;

use crate::harness::{SENDER, Schema, World, put};
use crate::referral::sent;

#[test]
fn the_policy_is_on_one_page() {
    insta::assert_snapshot!(markdown_table());
}

#[tokio::test]
async fn every_operation_is_answered_or_refused_by_role() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let schema = Schema::of(&caseworker).await;
    let mut table = String::new();
    for operation in schema.operations() {
        let mut answers = Vec::new();
        for role in Role::ALL {
            // A referral of the role's own where it can have one, so that a refusal is about the role and nothing else.
            let client = world.client(SENDER, *role).await;
            let referrer = if *role == Role::PeerEducator { &client } else { &caseworker };
            let mut variables = operation.variables.clone();
            if operation.ids.iter().any(|(pointer, _)| pointer == "/input/referralId") {
                put(&mut variables, "/input/referralId", json!(sent(referrer).await.0));
            }
            let answer = client.run(&operation.document, variables).await;
            let refused = answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
                || answer["data"][&operation.name]["userErrors"][0]["code"] == "FORBIDDEN";
            answers.push(format!("{role}: {}", if refused { "no" } else { "yes" }));
        }
        table.push_str(&format!("{} | {}\n", operation.name, answers.join(", ")));
    }
    insta::assert_snapshot!(table);
    world.end().await;
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_with_the_next_request() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let list = "{ referrals(direction: OUTGOING) { nodes { id } } }";
    caseworker.data(list, json!({})).await;
    let superuser = world.connect(pamoja_persistence::embedded::DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "UPDATE user_account SET roles = '{{ANALYST}}' WHERE organisation_id = '{}' AND handle = 'caseworker'",
            SENDER.id()
        ))
        .await
        .expect("the role is taken away");
    assert_eq!(caseworker.error_code(list, json!({})).await, "FORBIDDEN");
    let refused = caseworker
        .create_referral(crate::referral::draft(crate::harness::RECEIVER, pamoja_domain::service::ServiceType::Pep))
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN");
    world.end().await;
}
