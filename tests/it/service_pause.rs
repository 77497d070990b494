//! Pausing: what is paused is shown, and takes nothing new, by no way; what it has goes on.

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::{ServiceId, TrainingOfferId};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, UNTIL_HEARD, World};
use crate::referral::{desks, draft, refusal, sent, with};
use crate::referral_open::{list, open, send};
use crate::service::{change, facilities, offered};
use crate::{referral_open, training};

async fn pause(client: &Client, input: Value) -> Value {
    let query = "mutation ($input: PauseServicesInput!) { pauseServices(input: $input) { services { id paused } userErrors { code field message } } }";
    client.data(query, json!({ "input": input })).await["pauseServices"].take()
}

/// The global id of the member's service of that type.
fn service(member: Member, service_type: ServiceType) -> String {
    global_id::encode(member.service(service_type)).to_string()
}

/// Which of the services of the member are paused, with what the directory lists, by type.
async fn paused(client: &Client, member: Member) -> Vec<(String, bool)> {
    let query =
        "query ($ids: [ID!]) { services(filter: { organisationIds: $ids }, first: 100) { nodes { serviceType paused } } }";
    let data = client.data(query, json!({ "ids": [global_id::encode(member.id())] })).await;
    let nodes = data["services"]["nodes"].as_array().expect("services");
    let mut seen: Vec<_> = nodes
        .iter()
        .map(|node| (node["serviceType"].as_str().expect("a type").to_owned(), node["paused"] == json!(true)))
        .collect();
    seen.sort_unstable();
    seen
}

async fn refused(client: &Client, input: Value) -> (String, String) {
    let payload = pause(client, input).await;
    assert_eq!(payload["services"], json!([]), "{payload:#}");
    let error = &payload["userErrors"][0];
    let text = |value: &Value| value.as_str().unwrap_or("nothing refused").to_owned();
    (text(&error["code"]), text(&error["field"][0]))
}

fn of(types: &[(&str, bool)]) -> Vec<(String, bool)> {
    types.iter().map(|(service_type, paused)| ((*service_type).to_owned(), *paused)).collect()
}

#[tokio::test]
async fn a_caseworker_pauses_what_they_name_or_everything_and_it_is_still_listed() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    let offer = training::offered(&trainer, json!({})).await;
    let offer_paused = async || {
        let query = "query ($id: ID!) { node(id: $id) { ... on TrainingOffer { paused open } } trainingOffers { nodes { id } } }";
        let data = sender.data(query, json!({ "id": offer })).await;
        assert_eq!(data["trainingOffers"]["nodes"], json!([{ "id": offer }]), "it is listed in any case");
        assert_eq!(data["node"]["open"], json!(data["node"]["paused"] == json!(false)));
        data["node"]["paused"] == json!(true)
    };
    let pep = service(RECEIVER, ServiceType::Pep);

    let payload = pause(&receiver, json!({ "serviceIds": [pep, pep], "paused": true })).await;
    assert_eq!(payload, json!({ "services": [{ "id": pep, "paused": true }], "userErrors": [] }));
    let one = of(&[("HIV_TESTING", false), ("PEP", true), ("PREP", false)]);
    assert_eq!(paused(&sender, RECEIVER).await, one);
    assert!(!offer_paused().await, "an offer that isn't named stays as it is");

    assert_eq!(pause(&receiver, json!({ "trainingOfferIds": [offer], "paused": true })).await["services"], json!([]));
    assert!(offer_paused().await);
    assert_eq!(paused(&sender, RECEIVER).await, one, "a service that isn't named stays as it is");

    for everything in [true, false] {
        let payload = pause(&receiver, json!({ "paused": everything })).await;
        assert_eq!(payload["services"].as_array().map(Vec::len), Some(3), "{payload:#}");
        let all = of(&[("HIV_TESTING", everything), ("PEP", everything), ("PREP", everything)]);
        assert_eq!((paused(&sender, RECEIVER).await, offer_paused().await), (all, everything));
        assert!(paused(&sender, OUTSIDER).await.iter().all(|(_, paused)| !paused), "others' aren't touched");
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name_and_nothing_is_paused() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    let own_offer = training::offered(&trainer, json!({})).await;
    let others_offer = training::offered(&world.client(OUTSIDER, Role::Trainer).await, json!({})).await;
    let closed = offered(&admin, json!({ "serviceType": "SHELTER" })).await;
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": closed })).await;
    let closed_offer = training::offered(&trainer, json!({})).await;
    let close = "mutation ($input: TrainingOfferInput!) { closeTrainingOffer(input: $input) { userErrors { code } } }";
    trainer.data(close, json!({ "input": { "trainingOfferId": closed_offer } })).await;
    let own = service(RECEIVER, ServiceType::Pep);
    let never_issued = global_id::encode(ServiceId(Uuid::new_v4())).to_string();
    let no_offer = global_id::encode(TrainingOfferId(Uuid::new_v4())).to_string();
    for (input, code, field) in [
        (json!({ "serviceIds": [own, service(OUTSIDER, ServiceType::LegalAid)] }), "NOT_FOUND", "serviceIds"),
        (json!({ "serviceIds": [own, never_issued] }), "NOT_FOUND", "serviceIds"),
        (json!({ "serviceIds": [own, own_offer] }), "NOT_FOUND", "serviceIds"),
        (json!({ "serviceIds": [own, "nothing"] }), "NOT_FOUND", "serviceIds"),
        (json!({ "serviceIds": [own], "trainingOfferIds": [own_offer, others_offer] }), "NOT_FOUND", "trainingOfferIds"),
        (json!({ "serviceIds": [own], "trainingOfferIds": [no_offer] }), "NOT_FOUND", "trainingOfferIds"),
        (json!({ "serviceIds": [own, closed] }), "INVALID", "serviceIds"),
        (json!({ "serviceIds": [own], "trainingOfferIds": [closed_offer] }), "INVALID", "trainingOfferIds"),
        (json!({ "serviceIds": [] }), "INVALID", "serviceIds"),
        (json!({ "serviceIds": [], "trainingOfferIds": [] }), "INVALID", "serviceIds"),
        (json!({ "trainingOfferIds": [] }), "INVALID", "trainingOfferIds"),
    ] {
        let refusal = refused(&receiver, with(input.clone(), json!({ "paused": true }))).await;
        assert_eq!(refusal, (code.to_owned(), field.to_owned()), "{input}");
    }
    for role in [Role::PeerEducator, Role::Trainer, Role::Analyst] {
        let client = world.client(RECEIVER, role).await;
        assert_eq!(refused(&client, json!({ "paused": true })).await.0, "FORBIDDEN", "{role}");
    }
    for member in [RECEIVER, OUTSIDER] {
        assert!(paused(&sender, member).await.iter().all(|(_, paused)| !paused));
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let offers = "SELECT count(*) FROM training_offer WHERE paused";
    assert_eq!(superuser.query_one(offers, &[]).await.expect("a count").get::<_, i64>(0), 0);
}

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { referral { id } advice { code }
    alternatives { service { id organisation { slug } } } userErrors { code field message } } }";

async fn create(client: &Client, input: Value) -> Value {
    client.data(CREATE, json!({ "input": input })).await["createReferral"].take()
}

#[tokio::test]
async fn no_new_referral_goes_to_what_is_paused_and_others_are_offered() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let testing = service(RECEIVER, ServiceType::HivTesting);
    let outsiders =
        json!([{ "service": { "id": service(OUTSIDER, ServiceType::HivTesting), "organisation": { "slug": "haki" } } }]);
    pause(&receiver, json!({ "serviceIds": [testing], "paused": true })).await;

    let to_all = draft(RECEIVER, ServiceType::HivTesting);
    let to_one = with(to_all.clone(), json!({ "serviceId": testing }));
    for (input, field, words) in [
        (&to_all, "toOrganisationId", "This organisation takes nobody new for this for now"),
        (&to_one, "serviceId", "This service takes nobody new for now"),
    ] {
        let payload = create(&sender, input.clone()).await;
        assert_eq!(refusal(&payload), ("INVALID", field));
        assert!(payload["userErrors"][0]["message"].as_str().is_some_and(|said| said.starts_with(words)), "{payload:#}");
        assert_eq!(payload["alternatives"], outsiders);
    }

    // Another service of that type isn't paused: the organisation takes the client there.
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let second = offered(&admin, json!({ "name": "At the other place" })).await;
    assert_eq!(create(&sender, to_all.clone()).await["userErrors"], json!([]));
    assert_eq!(
        refusal(&create(&sender, to_one.clone()).await),
        ("INVALID", "serviceId"),
        "the paused one is paused all the same"
    );
    let minor = with(to_all.clone(), json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" }));
    assert_eq!(refusal(&create(&sender, minor).await), ("INVALID", "toOrganisationId"), "the other one takes no minors");
    pause(&receiver, json!({ "serviceIds": [second], "paused": true })).await;
    assert_eq!(refusal(&create(&sender, to_all.clone()).await), ("INVALID", "toOrganisationId"));

    // What was sent before goes on, but not to a service that is paused.
    let to_second = json!({ "referralId": id, "serviceId": second });
    let moved = receiver.referral_mutation("moveReferral", "MoveReferralInput", to_second.clone()).await;
    assert_eq!((&moved["userErrors"][0]["code"], &moved["userErrors"][0]["field"]), (&json!("INVALID"), &json!(["serviceId"])));
    assert_eq!(receiver.move_referral("acceptReferral", &id).await["referral"]["status"], "ACCEPTED");

    pause(&receiver, json!({ "paused": false })).await;
    let moved = receiver.referral_mutation("moveReferral", "MoveReferralInput", to_second).await;
    assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
    assert_eq!(create(&sender, to_one).await["userErrors"], json!([]));
}

#[tokio::test]
async fn an_open_referral_is_not_offered_to_who_is_paused_not_even_past_the_program() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let (before, _) = send(&sender, json!({})).await;
    pause(&receiver, json!({ "serviceIds": [service(RECEIVER, ServiceType::HivTesting)], "paused": true })).await;
    let (id, _) = send(&sender, json!({})).await;
    assert_eq!(list(&outsider, "OPEN", json!({})).await.len(), 2);
    assert_eq!(list(&receiver, "OPEN", json!({})).await, std::slice::from_ref(&before), "that one was offered to it before");

    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", SENDER.id())).await.expect("a tenant");
    let offer = format!(
        "INSERT INTO open_referral_offer (organisation_id, from_organisation_id, referral_id) VALUES ('{}', '{}', '{}')",
        RECEIVER.id(),
        SENDER.id(),
        crate::subscription::decoded(&id)
    );
    assert!(app.batch_execute(&offer).await.is_err(), "the policy refuses it too");
    pause(&outsider, json!({ "paused": true })).await;
    assert_eq!(refusal(&sender.create_referral(open(json!({}))).await), ("INVALID", "toOrganisationId"), "nobody is left");
    pause(&receiver, json!({ "paused": false })).await;
    // Only what is sent is offered: so it is as if it had been sent just now.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("DROP TRIGGER open_referral_offer_recorded_insert ON open_referral_offer").await.expect("dropped");
    app.batch_execute(&offer).await.expect("it is taken up again");
    referral_open::send(&sender, json!({})).await;
    assert_eq!(list(&receiver, "OPEN", json!({})).await.len(), 3);
}

#[tokio::test]
async fn a_paused_offer_takes_no_requests_and_wins_no_open_ones() {
    let world = World::new().await;
    let (host, trainer) = training::trainers(&world).await;
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let offer = training::offered(&trainer, json!({})).await;
    let waiting = training::requested(&host, None).await;
    let open = "query { trainingRequests(direction: OPEN) { nodes { id } } unmetTrainingNeeds { request { id } } }";
    let suggested = "query ($requestId: ID!) { suggestedOffers(requestId: $requestId) { offer { id } } }";
    let ask = async || {
        let input = with(training::request_draft(None), json!({ "offerId": offer }));
        training::training(&host, "requestTraining", "RequestTrainingInput", input).await
    };
    for paused in [true, false] {
        pause(&desk, json!({ "paused": paused })).await;
        let seen = trainer.data(open, json!({})).await;
        let (requests, needs) = match paused {
            true => (json!([]), json!([])),
            false => (json!([{ "id": waiting }]), json!([{ "request": { "id": waiting } }])),
        };
        assert_eq!((&seen["trainingRequests"]["nodes"], &seen["unmetTrainingNeeds"]), (&requests, &needs));
        let offers = host.data(suggested, json!({ "requestId": waiting })).await["suggestedOffers"].take();
        assert_eq!(offers, if paused { json!([]) } else { json!([{ "offer": { "id": offer } }]) });
        let payload = ask().await;
        if paused {
            assert_eq!(training::refused(&payload), ("INVALID", "offerId"));
            let accepted = training::step(&trainer, "acceptTrainingRequest", &waiting, None).await;
            assert_eq!(training::refused(&accepted).0, "NOT_FOUND", "nobody takes it on the strength of a paused offer");
        } else {
            assert_eq!(payload["userErrors"], json!([]));
        }
    }
}

#[tokio::test]
async fn neither_what_is_paused_nor_what_the_register_closed_is_suggested() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let [friendly, plain, _] = facilities(&world).await;
    let at_one = offered(&admin, json!({ "name": "At one", "serviceType": "SHELTER", "facilityId": friendly })).await;
    let at_other = offered(&admin, json!({ "name": "At another", "serviceType": "SHELTER", "facilityId": plain })).await;
    let suggested = async || -> Vec<String> {
        let query = "query { suggestedServices(serviceType: SHELTER, countyCode: \"047\") { service { id } } }";
        let data = sender.data(query, json!({})).await;
        let found = data["suggestedServices"].as_array().expect("suggestions");
        found.iter().map(|found| found["service"]["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(suggested().await, [at_one.clone(), at_other.clone()]);
    pause(&receiver, json!({ "serviceIds": [at_one], "paused": true })).await;
    assert_eq!(suggested().await, std::slice::from_ref(&at_other));
    pause(&receiver, json!({ "paused": false })).await;

    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("UPDATE facility SET operational = false WHERE code = '1'").await.expect("it closes");
    assert_eq!(suggested().await, std::slice::from_ref(&at_other));
    // Whoever names it all the same is told, and is not refused; its receiver may well serve the client elsewhere.
    let input = with(draft(RECEIVER, ServiceType::Shelter), json!({ "serviceId": at_one }));
    let payload = create(&sender, input.clone()).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["advice"], json!([{ "code": "FACILITY_CLOSED" }, { "code": "ASK_FIRST" }]));
    for (client, elsewhere) in [
        ("aaaaaaaaaaaaaaaaaaaaaaaaaa", json!({ "serviceId": at_other })),
        ("bbbbbbbbbbbbbbbbbbbbbbbbbb", json!({ "serviceId": null })),
    ] {
        let elsewhere = with(elsewhere, json!({ "client": client }));
        let payload = create(&sender, with(input.clone(), elsewhere)).await;
        assert_eq!(payload["advice"], json!([{ "code": "ASK_FIRST" }]), "the client can be served where it is open");
    }
    superuser.batch_execute("UPDATE facility SET operational = false").await.expect("all close");
    let payload = create(&sender, with(input, json!({ "serviceId": null, "client": "cccccccccccccccccccccccccc" }))).await;
    assert_eq!(payload["advice"][0]["code"], "FACILITY_CLOSED", "no place is left that is open");
}

#[tokio::test]
async fn everybody_hears_of_a_pause_once_for_each_service_that_changed() {
    let world = World::new().await;
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let announced = async || -> i64 {
        let count = "SELECT count(*) FROM outbox_for_all WHERE kind = 'SERVICE'";
        superuser.query_one(count, &[]).await.expect("a count").get(0)
    };
    let pep = RECEIVER.service(ServiceType::Pep);
    let mut feed = world.changes(OUTSIDER).await;
    let before = announced().await;
    let one = json!({ "serviceIds": [global_id::encode(pep)], "paused": true });
    pause(&desk, one.clone()).await;
    let heard = timeout(UNTIL_HEARD, feed.next()).await.expect("in time").expect("a change");
    assert_eq!((announced().await - before, heard.changes[0].id), (1, pep.0));
    pause(&desk, one).await;
    assert_eq!(announced().await - before, 1, "nothing changed");
    pause(&desk, json!({ "paused": true })).await;
    assert_eq!(announced().await - before, 3, "the other two changed");
}
