//! Who may do what: the table of permissions, and what the API answers to each role.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::markdown_table;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::json;

use crate::harness::{Client, FEATURES, RECEIVER, SENDER, Schema, World, put};
use crate::referral::sent;

#[test]
fn the_policy_is_on_one_page() {
    let (page, table) = (include_str!("../../docs/referral.md"), markdown_table());
    assert!(page.contains(&table), "docs/referral.md must hold this table:\n{table}");
}

#[tokio::test]
async fn every_operation_is_answered_or_refused_by_role() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let schema = Schema::of(&caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut table = String::new();
    for operation in schema.operations() {
        let mut answers = Vec::new();
        for role in Role::ALL {
            let client = world.client(SENDER, *role).await;
            let mut variables = operation.variables.clone();
            let takes = |field: &&str| operation.ids.iter().any(|(pointer, _)| *pointer == format!("/input/{field}"));
            for feature in FEATURES.into_iter().filter(|feature| feature.needs().iter().any(takes)) {
                for (field, value) in feature.of_role(&world, *role, &client).await {
                    if takes(&field.as_str()) {
                        put(&mut variables, &format!("/input/{field}"), value);
                    }
                }
            }
            let answer = client.run(&operation.document, variables).await;
            let refused = answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
                || answer["data"][&operation.name]["userErrors"][0]["code"] == "FORBIDDEN";
            answers.push(format!("{role}: {}", if refused { "no" } else { "yes" }));
            // Of each item of an upload the audit says that it was created.
            let entry = if operation.name == "createReferrals" { "createReferral" } else { &operation.name };
            let asked = "SELECT may_do($2) FROM test_gate.enter($1, 'member', NULL, $3)";
            let may = superuser.query_one(asked, &[&SENDER.id().0, &entry, &role.code()]).await.expect("an answer");
            let may: bool = may.get(0);
            // Whether a referral or a training can be moved by somebody who works with such depends on whose it is.
            let depends = match role {
                Role::PeerEducator | Role::Caseworker => entry.contains("Referral"),
                Role::Trainer | Role::OrganisationAdmin => entry.contains("Training"),
                Role::Paralegal | Role::Analyst | Role::CoalitionAdmin => false,
            };
            assert!(!may || !refused || depends, "{role} is refused {entry}, and the database would take an audit entry of it");
            assert!(
                may || refused || !operation.document.starts_with("mutation"),
                "{role} may {entry}, and the database would refuse its audit entry"
            );
        }
        table.push_str(&format!("{} | {}\n", operation.name, answers.join(", ")));
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_with_the_next_request() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let list = "{ referrals(direction: OUTGOING) { nodes { id } } }";
    caseworker.data(list, json!({})).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
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
}

/// The moves that a receiver makes on one referral, each with a state in which it is allowed.
const RECEIVER_MOVES: [(&str, &str); 10] = [
    ("acceptReferral", "REQUESTED"),
    ("waitlistReferral", "REQUESTED"),
    ("declineReferral", "REQUESTED"),
    ("scheduleReferral", "ACCEPTED"),
    ("checkInReferralWithoutSlip", "REQUESTED"),
    ("moveReferral", "REQUESTED"),
    ("markReferralNoShow", "SCHEDULED"),
    ("completeReferral", "ARRIVED"),
    ("markReferralNotCompleted", "ACCEPTED"),
    ("reopenReferral", "DECLINED"),
];

/// Moves a referral that was just sent into that state.
async fn bring(desk: &Client, referral: &str, state: &str) {
    let payload = match state {
        "ACCEPTED" => desk.move_referral("acceptReferral", referral).await,
        "SCHEDULED" => {
            desk.move_referral("acceptReferral", referral).await;
            let today = pamoja_domain::day::day_of(chrono::Utc::now()).to_string();
            desk.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": referral, "on": today }))
                .await
        }
        "ARRIVED" => desk.move_referral("checkInReferralWithoutSlip", referral).await,
        "DECLINED" => {
            let input = json!({ "referralId": referral, "reason": "NO_CAPACITY" });
            desk.referral_mutation("declineReferral", "DeclineReferralInput", input).await
        }
        _ => return,
    };
    assert_eq!(payload["referral"]["status"], state, "{payload:#}");
}

#[tokio::test]
async fn every_operation_on_a_referral_is_answered_or_refused_by_the_receivers_role() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let schema = Schema::of(&desk).await;
    let own_service =
        pamoja_api::graphql::global_id::encode(RECEIVER.service(pamoja_domain::service::ServiceType::Prep)).to_string();
    let mut table = String::new();
    let mut done = Vec::new();
    for operation in schema.operations() {
        if !operation.ids.iter().any(|(pointer, _)| pointer == "/input/referralId") {
            continue;
        }
        let state = RECEIVER_MOVES.iter().find(|(name, _)| *name == operation.name).map_or("REQUESTED", |(_, state)| state);
        let mut answers = Vec::new();
        for role in Role::ALL {
            let client = world.client(RECEIVER, *role).await;
            let (referral, _) = sent(&sender).await;
            bring(&desk, &referral, state).await;
            let mut variables = operation.variables.clone();
            put(&mut variables, "/input/referralId", json!(referral));
            if operation.ids.iter().any(|(pointer, _)| pointer == "/input/serviceId") {
                put(&mut variables, "/input/serviceId", json!(own_service));
            }
            let answer = client.run(&operation.document, variables).await;
            let payload = &answer["data"][&operation.name];
            let told = payload["userErrors"][0]["code"].as_str().unwrap_or("done").to_owned();
            if told == "done" {
                assert!(payload["referral"]["id"].is_string(), "{answer:#}");
                done.push((operation.name.clone(), *role));
            }
            answers.push(format!("{role}: {told}"));
        }
        table.push_str(&format!("{} | {}\n", operation.name, answers.join(", ")));
    }
    insta::assert_snapshot!(table);
    for (name, _) in RECEIVER_MOVES {
        let by: Vec<Role> = done.iter().filter(|(known, _)| known == name).map(|(_, role)| *role).collect();
        assert_eq!(by, [Role::Caseworker], "{name} is a caseworker's, and nobody else's");
    }
}

#[tokio::test]
async fn a_referral_is_read_by_caseworkers_of_both_parties_and_by_whoever_made_it() {
    let world = World::new().await;
    let maker = world.client(SENDER, Role::PeerEducator).await;
    let (referral, _) = sent(&maker).await;
    for (member, direction) in [(SENDER, "OUTGOING"), (RECEIVER, "INCOMING")] {
        for role in Role::ALL {
            let client = world.client(member, *role).await;
            let may = *role == Role::Caseworker || (*role == Role::PeerEducator && member == SENDER);
            let node = client.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": referral })).await;
            assert_eq!(node["node"].is_object(), may, "{role} of {}", member.slug);
            let list = client.run(&format!("{{ referrals(direction: {direction}) {{ nodes {{ id }} }} }}"), json!({})).await;
            assert_eq!(
                list["data"]["referrals"]["nodes"].as_array().is_some_and(|nodes| !nodes.is_empty()),
                may,
                "{role} of {}: {list}",
                member.slug
            );
        }
    }
}
