//! What happens to the receiver reaches the sender: a client who waits at a place that takes nobody is referred elsewhere.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::referral::{desks, draft, with};
use crate::referral_circumstance::vouched;
use crate::service::change;
use crate::task::{NONE, desks_after, kinds, send, tasks, viewer};

const ELSEWHERE: [&str; 1] = ["REFER_ELSEWHERE"];

fn service(service_type: ServiceType) -> String {
    global_id::encode(RECEIVER.service(service_type)).to_string()
}

/// A referral to the receiver's service for tests.
fn named() -> Value {
    with(draft(RECEIVER, ServiceType::HivTesting), json!({ "serviceId": service(ServiceType::HivTesting) }))
}

async fn pause(receiver: &Client, id: &str, paused: bool) {
    let query = "mutation ($input: PauseServicesInput!) { pauseServices(input: $input) { userErrors { code } } }";
    let data = receiver.data(query, json!({ "input": { "serviceIds": [id], "paused": paused } })).await;
    assert_eq!(data["pauseServices"]["userErrors"], json!([]), "{data:#}");
}

/// Puts a service of the tests at a facility that the register says is in operation or closed.
async fn at_facility(world: &World, operational: bool) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "INSERT INTO facility (id, code, name, county_code, operational, key_population_friendly, service_types)
                 VALUES ('{facility}', '77777', 'A clinic', '047', {operational}, false, '{{}}')
                 ON CONFLICT (id) DO UPDATE SET operational = excluded.operational;
             UPDATE service SET facility_id = '{facility}' WHERE id = '{}'",
            RECEIVER.service(ServiceType::HivTesting).0,
            facility = Uuid::from_u128(77),
        ))
        .await
        .expect("a facility");
}

#[tokio::test]
async fn whatever_keeps_the_place_from_taking_anybody_is_told_at_once_and_goes_away_with_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let (peer, other) = (world.client(SENDER, Role::PeerEducator).await, world.client_of(SENDER, "second-peer").await);
    at_facility(&world, true).await;
    let id = send(&peer, named()).await;
    let unnamed = send(&peer, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": "a".repeat(26) }))).await;
    let elsewhere = json!(global_id::encode(OUTSIDER.service(ServiceType::HivTesting)));
    for (hindrance, said) in [
        ("paused", "takes nobody new for now"),
        ("facility", "The facility has closed"),
        ("frozen", "no longer reachable through the coalition"),
        ("left", "no longer reachable through the coalition"),
        ("closed", "has closed this service"),
    ] {
        assert_eq!((kinds(&peer).await, kinds(&sender).await), (vec![], vec![]), "before {hindrance}");
        match hindrance {
            "paused" => pause(&receiver, &service(ServiceType::HivTesting), true).await,
            "facility" => at_facility(&world, false).await,
            "frozen" => world.set_status(RECEIVER, MembershipStatus::Frozen).await,
            "left" => world.set_status(RECEIVER, MembershipStatus::Left).await,
            _ => drop(
                change(&admin, "closeService", "ServiceInput", json!({ "serviceId": service(ServiceType::HivTesting) })).await,
            ),
        }
        for client in [&peer, &sender] {
            let found = tasks(client).await;
            let mut about: Vec<&Value> = found.iter().map(|task| &task["nodeId"]).collect();
            about.sort_by_key(|id| id.to_string());
            let mut expected = [json!(id), json!(unnamed)];
            expected.sort_by_key(ToString::to_string);
            assert_eq!(about, expected.iter().collect::<Vec<_>>(), "{hindrance}: {found:#?}");
            for task in &found {
                assert_eq!(
                    (&task["kind"], &task["overdue"], &task["dismissable"]),
                    (&json!("REFER_ELSEWHERE"), &json!(true), &json!(false))
                );
                let instruction = task["instruction"].as_str().expect("words");
                assert!(instruction.contains(said), "{hindrance}: {instruction}");
                let services: Vec<&Value> =
                    task["alternatives"].as_array().expect("alternatives").iter().map(|one| &one["service"]["id"]).collect();
                assert_eq!(services, [&elsewhere], "{hindrance}: not the one that takes nobody");
            }
        }
        assert_eq!(kinds(&other).await, NONE, "a peer educator's tasks are their own");
        match hindrance {
            "paused" => pause(&receiver, &service(ServiceType::HivTesting), false).await,
            "facility" => at_facility(&world, true).await,
            "frozen" | "left" => {
                world.set_status(RECEIVER, MembershipStatus::Active).await;
                // It comes back without a session of before.
                admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
            }
            _ => {}
        }
    }
    // What the receiver offers beside it of the same type takes those who were sent to no service in particular.
    crate::service::offered(&admin, json!({ "serviceType": "HIV_TESTING", "countyCode": "047" })).await;
    let found = tasks(&sender).await;
    assert_eq!((found.len(), &found[0]["nodeId"]), (1, &json!(id)), "the named one is closed for good");
    assert_eq!(found[0]["alternatives"].as_array().map(Vec::len), Some(2), "the receiver's other service, too");
}

#[tokio::test]
async fn it_is_of_clients_who_have_not_arrived_until_they_arrive_or_are_referred_anew() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let id = send(&sender, named()).await;
    pause(&receiver, &service(ServiceType::HivTesting), true).await;
    for status in ReferralStatus::ALL {
        superuser.batch_execute(&format!("UPDATE referral_progress SET status = '{status}'")).await.expect("another state");
        assert_eq!(kinds(&sender).await == ELSEWHERE, status.can_expire(), "{status}");
    }
    superuser.batch_execute("UPDATE referral_progress SET status = 'ACCEPTED'").await.expect("accepted");
    assert_eq!(kinds(&sender).await, ELSEWHERE);
    let anew = send(&sender, draft(OUTSIDER, ServiceType::HivTesting)).await;
    assert_eq!(kinds(&sender).await, NONE);
    sender.move_referral("markReferralEnteredInError", &anew).await;
    assert_eq!(kinds(&sender).await, ELSEWHERE);
    receiver.move_referral("checkInReferralWithoutSlip", &id).await;
    assert_eq!(kinds(&sender).await, NONE, "whoever is there is there");
}

#[tokio::test]
async fn who_can_still_be_helped_stands_first_and_nobody_is_told_twice_of_one_client() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let first = send(&sender, named()).await;
    let pep = with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 12, "client": "a".repeat(26) }));
    let pep = send(&sender, pep).await;
    for of in [ServiceType::HivTesting, ServiceType::Pep] {
        pause(&receiver, &service(of), true).await;
    }
    let seen = async |client: &Client| -> Vec<(Value, Value, Value)> {
        let found = tasks(client).await;
        found.iter().map(|task| (task["kind"].clone(), task["nodeId"].clone(), task["hoursLeft"].clone())).collect()
    };
    let task = |id: &str, hours: Value| (json!("REFER_ELSEWHERE"), json!(id), hours);
    assert_eq!(seen(&sender).await, [task(&pep, json!(59)), task(&first, Value::Null)]);
    // Without an answer in time, when it is too late, and shortly before it expires: it is one task all the time.
    for (after, left) in [(TimeDelta::hours(2), 57), (TimeDelta::hours(61), -2), (TimeDelta::days(27), -589)] {
        let (sender, _) = desks_after(&world, after).await;
        assert_eq!(seen(&sender).await, [task(&pep, json!(left)), task(&first, Value::Null)], "{after}");
    }
    let (sender, _) = desks_after(&world, TimeDelta::days(31)).await;
    assert_eq!(kinds(&sender).await, ["FOLLOW_UP_REFERRAL"; 2], "it has ended, and is followed up");
}

#[tokio::test]
async fn what_is_open_to_all_is_the_senders_again_when_nobody_is_left_who_could_take_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let admin = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let id = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "toOrganisationId": null }))).await;
    pause(&receiver, &service(ServiceType::HivTesting), true).await;
    assert_eq!(kinds(&sender).await, NONE, "another can still take it");
    let other = json!({ "serviceId": global_id::encode(OUTSIDER.service(ServiceType::HivTesting)) });
    change(&admin, "closeService", "ServiceInput", other).await;
    let found = tasks(&sender).await;
    assert_eq!((found.len(), &found[0]["kind"], &found[0]["nodeId"]), (1, &json!("REFER_ELSEWHERE"), &json!(id)));
    assert!(found[0]["instruction"].as_str().is_some_and(|said| said.starts_with("None of those")));
    let (sender, receiver) = desks_after(&world, TimeDelta::days(4)).await;
    assert_eq!(kinds(&sender).await, ELSEWHERE, "and not NO_ANSWER beside it");
    pause(&receiver, &service(ServiceType::HivTesting), false).await;
    assert_eq!(kinds(&sender).await, ["NO_ANSWER"]);
}

#[tokio::test]
async fn whoever_vouches_for_a_facility_that_closed_checks_it_and_whoever_goes_along_goes_elsewhere() {
    let world = World::new().await;
    let own = vouched(&world, "PEP").await;
    let (sender, admin) = (world.client(SENDER, Role::Caseworker).await, world.client(SENDER, Role::OrganisationAdmin).await);
    let along = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": own });
    let id = send(&sender, with(draft(SENDER, ServiceType::Pep), along)).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let register = async |operational: bool| {
        superuser.batch_execute(&format!("UPDATE facility SET operational = {operational}")).await.expect("the register says so");
    };
    let checks = async |client: &Client| -> Vec<Value> {
        viewer(client, json!(["CHECK_FACILITY"])).await["tasks"]["nodes"].as_array().expect("tasks").clone()
    };
    assert_eq!((checks(&admin).await.len(), kinds(&sender).await), (0, vec![]));
    register(false).await;
    let found = checks(&admin).await;
    assert_eq!((found.len(), &found[0]["service"]["id"], &found[0]["overdue"]), (1, &json!(own), &json!(true)));
    assert!(found[0]["instruction"].as_str().is_some_and(|said| said.contains("national register")));
    assert_eq!((checks(&sender).await.len(), kinds(&sender).await), (0, vec!["REFER_ELSEWHERE".to_owned()]));
    assert_eq!(tasks(&sender).await[0]["nodeId"], json!(id));
    assert_eq!(checks(&world.client(RECEIVER, Role::OrganisationAdmin).await).await.len(), 0, "it isn't theirs");
    register(true).await;
    assert_eq!((checks(&admin).await.len(), kinds(&sender).await), (0, vec![]));
    register(false).await;
    // Moved to a place of the organisation's own; and closed.
    superuser.batch_execute("UPDATE service SET facility_id = NULL WHERE facility_id IS NOT NULL").await.expect("moved");
    assert_eq!(checks(&admin).await.len(), 0);
    let again = vouched(&world, "PREP").await;
    register(false).await;
    assert_eq!(checks(&admin).await.len(), 1);
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": again })).await;
    assert_eq!(checks(&admin).await.len(), 0);
}

#[tokio::test]
async fn nobody_is_sent_to_a_place_that_takes_nobody() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    at_facility(&world, true).await;
    let suggested = async || -> Vec<Value> {
        let query = "query { suggestedServices(serviceType: HIV_TESTING, countyCode: \"047\") { service { id } } }";
        let data = sender.data(query, json!({})).await;
        let list = data["suggestedServices"].as_array().unwrap_or_else(|| panic!("{data:#}")).clone();
        list.into_iter().map(|one| one["service"]["id"].clone()).collect()
    };
    let own = json!(service(ServiceType::HivTesting));
    let others = [member("frozen"), member("left")].map(|away| json!(global_id::encode(away.service(ServiceType::HivTesting))));
    let seen = suggested().await;
    assert!(seen.contains(&own) && !others.iter().any(|away| seen.contains(away)), "members who are away are left out");
    pause(&receiver, &service(ServiceType::HivTesting), true).await;
    assert!(!suggested().await.contains(&own));
    pause(&receiver, &service(ServiceType::HivTesting), false).await;
    at_facility(&world, false).await;
    assert!(!suggested().await.contains(&own));
    at_facility(&world, true).await;
    assert!(suggested().await.contains(&own));
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": service(ServiceType::HivTesting) })).await;
    assert!(!suggested().await.contains(&own));
}
