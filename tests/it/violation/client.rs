//! A client's rights reach violations, and tell nobody of them who may not read them.

use super::*;

const RECORD: &str = "query ($of: Pseudonym!) { clientRecord(client: $of) { complete referrals { nodes { id } }
    violations { nodes { id status } } } }";

async fn with_roles(world: &World, handle: &str, roles: &str) -> Client {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let set = format!(
        "UPDATE user_account SET roles = '{{{roles}}}' WHERE organisation_id = '{}' AND handle = '{handle}'",
        SENDER.id()
    );
    superuser.batch_execute(&set).await.expect("roles");
    world.client_of(SENDER, handle).await
}

async fn erase(client: &Client, of: &str) -> Value {
    let mutation = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals erasedViolations userErrors { code field } } }";
    client.data(mutation, json!({ "input": { "client": of } })).await["eraseClient"].take()
}

#[tokio::test]
async fn a_clients_record_says_whether_it_is_all_and_shows_violations_to_whoever_may_read_all() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let both = with_roles(&world, "second-caseworker", "CASEWORKER,PARALEGAL").await;
    let client = crate::referral::CLIENT;
    sent(&caseworker).await;
    let id = documented(&caseworker, json!({ "client": client })).await;
    let mut record = caseworker.data(RECORD, json!({ "of": client })).await["clientRecord"].take();
    assert_eq!((&record["complete"], &record["violations"]), (&json!(false), &Value::Null), "{record:#}");
    record = both.data(RECORD, json!({ "of": client })).await["clientRecord"].take();
    assert_eq!((&record["complete"], &record["violations"]["nodes"][0]["id"]), (&json!(true), &json!(id)), "{record:#}");
    // Whether there is a violation makes no difference to whoever may not read it.
    let only = "z".repeat(26);
    documented(&world.client(SENDER, Role::Paralegal).await, json!({ "client": only })).await;
    assert_eq!(caseworker.data(RECORD, json!({ "of": only })).await["clientRecord"], Value::Null);
    assert_eq!(caseworker.data(RECORD, json!({ "of": "y".repeat(26) })).await["clientRecord"], Value::Null);
    record = both.data(RECORD, json!({ "of": only })).await["clientRecord"].take();
    assert_eq!(record["violations"]["nodes"].as_array().map(Vec::len), Some(1), "{record:#}");
}

#[tokio::test]
async fn a_client_is_erased_also_from_violations_that_the_caseworker_may_not_read() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let client = crate::referral::CLIENT;
    let only = "z".repeat(26);
    let hidden = documented(&paralegal, json!({ "client": client, "sealedNote": crate::referral_note::sealed(2) })).await;
    let alone = documented(&paralegal, json!({ "client": only })).await;
    sent(&caseworker).await;
    let done = erase(&caseworker, client).await;
    assert_eq!(done, json!({ "erasedReferrals": 1, "erasedViolations": null, "userErrors": [] }));
    let nothing = erase(&caseworker, &"y".repeat(26)).await;
    assert_eq!(erase(&caseworker, &only).await, nothing, "what there is of violations makes no difference");
    for id in [&hidden, &alone] {
        let violation = read(&paralegal, id).await;
        assert_eq!((&violation["client"], &violation["status"]), (&Value::Null, &json!("CONSENT_WITHDRAWN")), "{violation:#}");
        assert_eq!((&violation["sealedNote"], &violation["populations"]), (&Value::Null, &json!([])));
    }
    // What the caseworker documented themself they may read: they are told that it worked.
    let mine = documented(&caseworker, json!({ "client": only, "causes": ["HIV_STATUS"] })).await;
    assert_eq!(erase(&caseworker, &only).await, json!({ "erasedReferrals": 0, "erasedViolations": null, "userErrors": [] }));
    assert_eq!(erase(&caseworker, &only).await, nothing);
    let erased = read(&caseworker, &mine).await;
    assert_eq!((&erased["status"], &erased["causes"]), (&json!("CONSENT_WITHDRAWN"), &json!([])), "{erased:#}");
    let both = with_roles(&world, "second-caseworker", "CASEWORKER,PARALEGAL").await;
    documented(&paralegal, json!({ "client": only })).await;
    documented(&paralegal, json!({ "client": only })).await;
    let key = json!({ "client": only, "clientMutationId": Uuid::new_v4() });
    let mutation = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals erasedViolations userErrors { code } } }";
    for _ in 0..2 {
        let done = both.data(mutation, json!({ "input": key })).await["eraseClient"].take();
        assert_eq!(done, json!({ "erasedReferrals": 0, "erasedViolations": 2, "userErrors": [] }));
    }
    assert_eq!(erase(&both, &only).await["userErrors"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn new_pseudonyms_reach_violations_too() {
    let world = World::new().await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let (client, new) = (crate::referral::CLIENT, "n".repeat(26));
    let hidden = documented(&paralegal, json!({ "client": client })).await;
    sent(&caseworker).await;
    let mutation = "mutation ($input: RotateClientPseudonymsInput!) { rotateClientPseudonyms(input: $input) { rotated userErrors { code } } }";
    let input = json!({ "input": { "rotations": [{ "from": client, "to": new }] } });
    let done = caseworker.data(mutation, input).await["rotateClientPseudonyms"].take();
    assert_eq!(done, json!({ "rotated": 1, "userErrors": [] }));
    assert_eq!(read(&paralegal, &hidden).await["client"], json!(new));
}

#[tokio::test]
async fn what_has_ended_is_forgotten_by_the_clock_and_what_is_open_never() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let note =
        json!({ "sealedNote": crate::referral_note::sealed(2), "steps": [{ "kind": "COUNSELLING", "month": this_month() }] });
    let (open, ended) = (documented(&author, note.clone()).await, documented(&author, note).await);
    let end = json!({ "violationId": ended, "outcome": "RESOLVED", "month": this_month() });
    change(&author, "endViolation", "EndViolationInput", end).await;
    let end_of_month = start_of_day(Month::at(Utc::now()).plus(1).first_day());
    for (days, forgotten) in [(179, false), (181, true)] {
        world.travel(end_of_month - Utc::now() + TimeDelta::days(days)).await;
        retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        let (author, paralegal) = (world.client(SENDER, Role::Caseworker).await, world.client(SENDER, Role::Paralegal).await);
        let violation = read(&paralegal, &ended).await;
        assert_eq!((violation["client"].is_null(), violation["sealedNote"].is_null()), (forgotten, forgotten), "{violation:#}");
        assert_eq!(violation["steps"].as_array().map(Vec::len), Some(2), "steps keep their months");
        assert_eq!(read(&author, &ended).await.is_null(), forgotten, "who documented it is forgotten, too");
        assert_eq!(read(&author, &open).await["client"], json!("k".repeat(26)));
    }
    world.travel(TimeDelta::days(3_000)).await;
    retention::retain(&world.worker, SENDER.id()).await.expect("the job");
    let author = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(read(&author, &open).await["client"], json!("k".repeat(26)));
}

#[tokio::test]
async fn an_organisation_chooses_for_how_long_it_keeps_what_is_personal() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&author, json!({})).await;
    let end = json!({ "violationId": id, "outcome": "RESOLVED", "month": this_month() });
    change(&author, "endViolation", "EndViolationInput", end).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!("INSERT INTO violation_retention (organisation_id, days) VALUES ('{}', 30)", SENDER.id()))
        .await
        .expect("a choice");
    let end_of_month = start_of_day(Month::at(Utc::now()).plus(1).first_day());
    for (days, forgotten) in [(29, false), (31, true)] {
        world.travel(end_of_month - Utc::now() + TimeDelta::days(days)).await;
        retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        let author = world.client(SENDER, Role::Caseworker).await;
        assert_eq!(read(&author, &id).await.is_null(), forgotten, "after {days} days");
    }
}
