//! Referrals that bring a violation, and those that are made because of one.

use pamoja_api::graphql::global_id;
use pamoja_persistence::job;

use super::*;

#[tokio::test]
async fn what_a_referral_knows_is_taken_over_and_need_not_be_written_again() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let referral = turned_away(&sender).await;
    let query = "query ($of: ID!) { violationDraft(referralId: $of) { types perpetrators populations under18 countyCode occurredIn client } }";
    let draft = sender.data(query, json!({ "of": referral })).await["violationDraft"].take();
    assert_eq!(draft["types"], json!(["DENIAL_OF_HEALTH_SERVICE"]), "{draft:#}");
    assert_eq!((&draft["countyCode"], &draft["client"]), (&json!("047"), &json!(crate::referral::CLIENT)));
    let input = json!({ "referralId": referral, "consentGiven": true });
    let payload = change(&sender, "documentViolation", "DocumentViolationInput", input.clone()).await;
    let violation = &payload["violation"];
    assert_eq!(violation["fromReferral"]["id"], json!(referral), "{payload:#}");
    assert_eq!((&violation["types"], &violation["perpetrators"]), (&draft["types"], &draft["perpetrators"]));
    assert_eq!((&violation["client"], &violation["occurredIn"]), (&draft["client"], &draft["occurredIn"]));
    // To its receiver the same referral tells nothing of what was done; and no caseworker's referral is a peer educator's.
    let seen = receiver.data(query, json!({ "of": referral })).await["violationDraft"].take();
    assert_eq!((&seen["types"], &seen["client"]), (&json!([]), &Value::Null));
    let peer = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(peer.data(query, json!({ "of": referral })).await["violationDraft"], Value::Null);
    assert_eq!(refusal(&change(&peer, "documentViolation", "DocumentViolationInput", input).await), "NOT_FOUND referralId");
    let (quiet, _) = sent(&sender).await;
    assert_eq!(sender.data(query, json!({ "of": quiet })).await["violationDraft"], Value::Null, "it tells of nothing");

    // A legal centre documents what brought the client to it, without a pseudonym of its own.
    let legal = sender.create_referral(crate::referral::draft(OUTSIDER, ServiceType::LegalAid)).await["referral"]["id"].take();
    let centre = world.client(OUTSIDER, Role::Caseworker).await;
    let input = json!({ "referralId": legal, "consentGiven": true, "types": ["EXTORTION_BLACKMAIL"] });
    let payload = change(&centre, "documentViolation", "DocumentViolationInput", input).await;
    assert_eq!(
        (&payload["violation"]["fromReferral"]["id"], &payload["violation"]["client"]),
        (&legal, &Value::Null),
        "{payload:#}"
    );
    // A test for HIV brings nothing to whoever receives it for condoms.
    let other = sender.create_referral(crate::referral::draft(OUTSIDER, ServiceType::HivTesting)).await["referral"]["id"].take();
    let input = json!({ "referralId": other, "consentGiven": true, "types": ["EXTORTION_BLACKMAIL"] });
    let payload = change(&centre, "documentViolation", "DocumentViolationInput", input).await;
    assert_eq!(payload["userErrors"], json!([]), "care can bring one: {payload:#}");
}

#[tokio::test]
async fn the_arrival_of_a_client_who_was_referred_because_of_it_is_a_step() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let centre = world.client(OUTSIDER, Role::Caseworker).await;
    let violation = documented(&sender, json!({})).await;
    let draft = with(crate::referral::draft(OUTSIDER, ServiceType::LegalAid), json!({ "violationId": violation }));
    let referral = sender.create_referral(draft.clone()).await["referral"]["id"].take();
    assert_eq!(read(&sender, &violation).await["referrals"], json!([{ "id": referral }]));
    assert_eq!(read(&paralegal, &violation).await["referrals"], json!([]), "a paralegal reads no referral");
    let arrived = async || job::record_arrivals(&world.worker, SENDER.id()).await.expect("the job");
    assert_eq!(arrived().await, 0, "nobody has arrived yet");
    centre.move_referral("checkInReferralWithoutSlip", referral.as_str().expect("an id")).await;
    assert_eq!((arrived().await, arrived().await), (1, 0), "once");
    let steps = read(&sender, &violation).await["steps"].take();
    assert_eq!(
        steps[1],
        json!({ "kind": "LEGAL_FOLLOW_UP", "month": this_month(), "referral": { "id": referral } }),
        "{steps:#}"
    );
    assert_eq!(read(&paralegal, &violation).await["steps"][1]["referral"], Value::Null);
    // Whoever received the client checked in the wrong one: what the step had answered waits again.
    crate::referral_undo::undo(&centre, referral.as_str().expect("an id")).await;
    assert_eq!((arrived().await, arrived().await), (1, 0), "taken back, once");
    assert_eq!(read(&sender, &violation).await["steps"].as_array().map(Vec::len), Some(1), "it was documented, and nothing else");
    centre.move_referral("checkInReferralWithoutSlip", referral.as_str().expect("an id")).await;
    assert_eq!((arrived().await, arrived().await), (1, 0), "they came after all");
    assert_eq!(read(&sender, &violation).await["steps"][1]["kind"], "LEGAL_FOLLOW_UP");
    // Whoever may not read it, or names none, makes no referral because of it.
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let never = global_id::encode(pamoja_domain::id::ViolationId(Uuid::new_v4()));
    for (client, id) in [(&colleague, json!(violation)), (&sender, json!(never)), (&sender, referral.clone())] {
        let refused = client.create_referral(with(draft.clone(), json!({ "violationId": id }))).await;
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("NOT_FOUND"), &json!(["violationId"])), "{refused:#}");
    }
    let end = json!({ "violationId": violation, "outcome": "RESOLVED", "month": this_month() });
    change(&sender, "endViolation", "EndViolationInput", end).await;
    let refused = sender.create_referral(draft).await;
    assert_eq!(refused["userErrors"][0]["code"], "ILLEGAL_TRANSITION", "{refused:#}");
}
