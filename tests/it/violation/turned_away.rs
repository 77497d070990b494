//! What a client reports is documented: the sender is reminded, until it is, or until somebody says that it is not to be.

use crate::harness::write_with_entry;

use super::*;

const TASKS: &str = "{ viewer { taskCounts { kind count } tasks(kinds: [DOCUMENT_TURNED_AWAY], first: 100) {
    nodes { kind dismissable overdue instruction nodeId referral { id } subject { __typename } } } } }";

/// The referrals that the viewer is asked to document. The counts say the same.
async fn asked(client: &Client) -> Vec<String> {
    let viewer = client.data(TASKS, json!({})).await["viewer"].take();
    let tasks = viewer["tasks"]["nodes"].as_array().expect("tasks");
    let counts = viewer["taskCounts"].as_array().expect("counts");
    let counted = counts
        .iter()
        .find(|count| count["kind"] == "DOCUMENT_TURNED_AWAY")
        .map_or(0, |count| count["count"].as_u64().expect("a count"));
    assert_eq!(counted, tasks.len() as u64, "{viewer:#}");
    for task in tasks {
        assert_eq!((&task["dismissable"], &task["subject"]["__typename"]), (&json!(true), &json!("Referral")), "{task:#}");
        assert_eq!(task["referral"]["id"], task["nodeId"]);
    }
    tasks.iter().map(|task| task["nodeId"].as_str().expect("an id").to_owned()).collect()
}

async fn dismiss(client: &Client, referral: &str) -> Value {
    let document = "mutation ($input: DismissTaskInput!) { dismissTask(input: $input) { subject { id } userErrors { code } } }";
    let input = json!({ "kind": "DOCUMENT_TURNED_AWAY", "nodeId": referral });
    client.data(document, json!({ "input": input })).await["dismissTask"].take()
}

#[tokio::test]
async fn whoever_sent_it_is_reminded_until_it_is_documented() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let (well, _) = sent(&sender).await;
    crate::client_report::report(&sender, json!({ "referralId": well, "outcome": "SERVED_WELL" })).await;
    let referral = turned_away(&sender).await;
    let of_peer = {
        let peer = world.client(SENDER, Role::PeerEducator).await;
        let referral = turned_away(&peer).await;
        assert_eq!(asked(&peer).await, [referral.as_str()], "in any state: this one is only requested");
        referral
    };
    assert_eq!(asked(&sender).await, [referral.as_str()]);
    for client in [&receiver, &colleague, &paralegal, &on_shared_device(&world, &format!("caseworker@{}", SENDER.slug)).await] {
        assert_eq!(asked(client).await, [""; 0]);
    }
    // The form is filled in, and what it brings is documented.
    let draft = "query ($id: ID!) { violationDraft(referralId: $id) { types perpetrators countyCode client } }";
    let draft = sender.data(draft, json!({ "id": referral })).await["violationDraft"].take();
    assert_eq!(draft["types"], json!(["DENIAL_OF_HEALTH_SERVICE"]), "{draft:#}");
    let input = json!({ "referralId": referral, "consentGiven": true });
    let done = change(&sender, "documentViolation", "DocumentViolationInput", input.clone()).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    assert_eq!(asked(&sender).await, [""; 0]);
    // What was entered in error says nothing, nor does what consent was withdrawn of: the link to the referral is erased.
    let id = json!({ "violationId": done["violation"]["id"] });
    change(&sender, "markViolationEnteredInError", "ViolationInput", id).await;
    assert_eq!(asked(&sender).await, [referral.as_str()]);
    let again = change(&sender, "documentViolation", "DocumentViolationInput", input).await;
    assert_eq!(asked(&sender).await, [""; 0], "{again:#}");
    change(&sender, "withdrawViolationConsent", "ViolationInput", json!({ "violationId": again["violation"]["id"] })).await;
    assert_eq!(asked(&sender).await, [referral.as_str()]);
    dismiss(&sender, &referral).await;
    // Whoever reads all is asked about all.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let both = "UPDATE user_account SET roles = '{CASEWORKER,PARALEGAL}' WHERE handle = 'second-caseworker'";
    superuser.batch_execute(both).await.expect("both roles");
    assert_eq!(asked(&world.client_of(SENDER, "second-caseworker").await).await, [of_peer.as_str()]);
    // Whether a paralegal has documented it is not the peer educator's to know: the task says nothing of it.
    documented(&world.client_of(SENDER, "second-caseworker").await, json!({ "referralId": of_peer })).await;
    assert_eq!(asked(&world.client_of(SENDER, "second-caseworker").await).await, [""; 0]);
    assert_eq!(asked(&world.client(SENDER, Role::PeerEducator).await).await, [of_peer]);
}

#[tokio::test]
async fn what_the_client_does_not_want_documented_is_dismissed_and_asked_about_when_they_report_anew() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let referral = turned_away(&sender).await;
    let shared = on_shared_device(&world, &format!("caseworker@{}", SENDER.slug)).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    for (client, code) in [(&shared, "ILLEGAL_TRANSITION"), (&colleague, "ILLEGAL_TRANSITION"), (&receiver, "NOT_FOUND")] {
        assert_eq!(dismiss(client, &referral).await["userErrors"][0]["code"], code);
    }
    assert_eq!(asked(&sender).await, [referral.as_str()]);
    assert_eq!(dismiss(&sender, &referral).await["userErrors"], json!([]));
    assert_eq!(asked(&sender).await, [""; 0]);
    assert_eq!(dismiss(&sender, &referral).await["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
    // One entry is about one referral, also past the program.
    let other = turned_away(&sender).await;
    let app = world.connect(DatabaseRole::App).await;
    let uuid = |id: &str| pamoja_api::graphql::global_id::decode::<pamoja_domain::id::ReferralId>(&id.into()).expect("an id").0;
    for (of, is_refused) in [(&referral, true), (&other, false)] {
        let enter =
            format!("SELECT test_gate.enter('{}', 'member', '{}', 'CASEWORKER', 'own')", SENDER.id(), SENDER.user("caseworker"));
        app.batch_execute(&enter).await.expect("a tenant");
        let all = format!("UPDATE client_report SET not_documented = true WHERE referral_id = '{}'", uuid(&other));
        let done = write_with_entry(&app, &all, &format!("'dismissTask', '{}'", uuid(of))).await;
        let message = done.as_ref().err().and_then(tokio_postgres::Error::as_db_error).map(|error| error.message().to_owned());
        assert_eq!(message.as_deref(), is_refused.then_some("a change has no audit entry"));
    }
    // The same once more, and a rating alone, ask nothing; another report does.
    let report =
        async |fields: Value| crate::client_report::report(&sender, with(json!({ "referralId": referral }), fields)).await;
    report(json!({ "outcome": "TURNED_AWAY" })).await;
    report(json!({ "friendliness": 1 })).await;
    assert_eq!(asked(&sender).await, [""; 0]);
    report(json!({ "outcome": "MISTREATED" })).await;
    assert_eq!(asked(&sender).await, [referral.as_str()]);
    // It is asked for sixty days after the referral changed.
    world.travel(TimeDelta::days(59)).await;
    assert_eq!(asked(&world.client(SENDER, Role::Caseworker).await).await, [referral]);
    world.travel(TimeDelta::days(61)).await;
    assert_eq!(asked(&world.client(SENDER, Role::Caseworker).await).await, [""; 0]);
}
