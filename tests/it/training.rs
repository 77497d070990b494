//! A training, from the offer to what people still use of it.

use chrono::{Days, TimeDelta, Utc};
use futures_util::future::join_all;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::day_of;
use pamoja_domain::id::{TrainingRequestId, TrainingSessionId};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World, member, until};
use crate::referral::with;

/// What the tests read of a request.
const REQUEST: &str = "trainingRequest { id status reason topic audience expectedParticipants preferredMonths languages county { code } allowedActions
    fromOrganisation { slug } toOrganisation { slug } offer { title } timeline { status byOrganisation { slug } }
    session { id on mode county { code } topic trainerOrganisation { slug } hosts { slug } hours
        participants { organisation { slug } cadre count } evaluation { satisfactionMean preScoreMean postScoreMean pairs }
        followUps { monthsAfter asked stillUsing } } createdAt updatedAt } userErrors { code message field }";

/// Runs a mutation about a request for a training; returns the payload.
pub async fn training(client: &Client, name: &str, input_type: &str, input: Value) -> Value {
    let query = format!("mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {REQUEST} }} }}");
    client.data(&query, json!({ "input": input })).await[name].take()
}

/// A trainer of the sender and one of the receiver.
pub async fn trainers(world: &World) -> (Client, Client) {
    (world.client(SENDER, Role::Trainer).await, world.client(RECEIVER, Role::Trainer).await)
}

/// An ordinary offer.
pub fn offer_draft() -> Value {
    json!({
        "topic": "PROVIDER_SENSITISATION", "title": "How not to turn people away", "description": "A day for staff of clinics, with role play.",
        "modes": ["IN_PERSON"], "countyCodes": ["047"], "languages": ["en", "sw"], "durationHours": 6.5, "maximumParticipants": 25,
    })
}

/// Offers a training; returns its id.
pub async fn offered(client: &Client, fields: Value) -> String {
    let query = "mutation ($input: CreateTrainingOfferInput!) { createTrainingOffer(input: $input) { trainingOffer { id } userErrors { code message field } } }";
    let data = client.data(query, json!({ "input": with(offer_draft(), fields) })).await;
    let payload = &data["createTrainingOffer"];
    payload["trainingOffer"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

/// An ordinary request to that member, or open to all.
pub fn request_draft(to: Option<Member>) -> Value {
    json!({
        "toOrganisationId": to.map(|to| global_id::encode(to.id())), "topic": "PROVIDER_SENSITISATION", "audience": ["CLINICIAN", "STAFF"],
        "expectedParticipants": 12, "preferredMonths": [], "countyCode": "047",
    })
}

/// Asks for a training; returns its id.
pub async fn requested(client: &Client, to: Option<Member>) -> String {
    let payload = training(client, "requestTraining", "RequestTrainingInput", request_draft(to)).await;
    payload["trainingRequest"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

/// Makes a move that needs at most a reason.
pub async fn step(client: &Client, name: &str, id: &str, reason: Option<&str>) -> Value {
    training(client, name, "TrainingRequestInput", json!({ "trainingRequestId": id, "reason": reason })).await
}

/// Schedules the session for today.
pub async fn scheduled(client: &Client, id: &str, fields: Value) -> Value {
    let draft =
        json!({ "trainingRequestId": id, "on": day_of(Utc::now()).to_string(), "mode": "IN_PERSON", "countyCode": "047" });
    training(client, "scheduleTraining", "ScheduleTrainingInput", with(draft, fields)).await
}

/// Records who came.
pub async fn delivered(client: &Client, id: &str, participants: Value) -> Value {
    let input = json!({ "trainingRequestId": id, "participants": participants, "hours": 6 });
    training(client, "recordTrainingDelivered", "TrainingDeliveredInput", input).await
}

/// Records the evaluation.
pub async fn evaluated(client: &Client, id: &str, fields: Value) -> Value {
    let draft = json!({ "trainingRequestId": id, "pairs": 0 });
    training(client, "recordTrainingEvaluation", "TrainingEvaluationInput", with(draft, fields)).await
}

/// Records the follow-up: who still uses what they learned.
pub async fn followed_up(client: &Client, id: &str, fields: Value) -> Value {
    let draft = json!({ "trainingRequestId": id, "monthsAfter": 3, "asked": 8, "stillUsing": 6 });
    training(client, "recordTrainingFollowUp", "TrainingFollowUpInput", with(draft, fields)).await
}

/// Asks for a training, accepts it, holds it today and records ten people; returns its id.
pub async fn held(host: &Client, trainer: &Client, to: Member) -> String {
    let id = requested(host, Some(to)).await;
    step(trainer, "acceptTrainingRequest", &id, None).await;
    scheduled(trainer, &id, json!({})).await;
    let payload = delivered(trainer, &id, json!([{ "cadre": "CLINICIAN", "count": 6 }, { "cadre": "STAFF", "count": 4 }])).await;
    assert_eq!(payload["trainingRequest"]["status"], "DELIVERED", "{payload:#}");
    id
}

/// Moves all sessions that many days into the past.
pub async fn long_ago(world: &World, days: i64) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = format!(
        "UPDATE training_session SET held_on = held_on - {days}, delivered_at = delivered_at - interval '{days} days';
         UPDATE training_evaluation SET evaluated_at = evaluated_at - interval '{days} days';
         UPDATE training_evaluation_for_host SET readable_at = readable_at - interval '{days} days'"
    );
    superuser.batch_execute(&query).await.expect("it was held before");
}

/// The code and the field of the error.
pub fn refused(payload: &Value) -> (&str, &str) {
    assert!(payload["trainingRequest"].is_null() && payload["trainingOffer"].is_null(), "{payload:#}");
    let error = &payload["userErrors"][0];
    (error["code"].as_str().unwrap_or("nothing refused"), error["field"][0].as_str().unwrap_or(""))
}

#[tokio::test]
async fn a_training_is_asked_for_held_and_asked_about_again() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let offer = offered(&trainer, json!({})).await;
    let input = json!({ "offerId": offer, "audience": ["STAFF", "CLINICIAN", "STAFF"], "expectedParticipants": 10, "preferredMonths": [], "countyCode": "047", "languages": ["sw"] });
    let asked = training(&host, "requestTraining", "RequestTrainingInput", input).await;
    let request = &asked["trainingRequest"];
    assert_eq!((&request["status"], &request["topic"]), (&json!("REQUESTED"), &json!("PROVIDER_SENSITISATION")), "{asked:#}");
    assert_eq!((&request["audience"], &request["languages"]), (&json!(["CLINICIAN", "STAFF"]), &json!(["sw"])));
    assert_eq!(request["allowedActions"], json!(["CANCEL"]));
    let id = request["id"].as_str().expect("an id");

    let accepted = step(&trainer, "acceptTrainingRequest", id, None).await;
    assert_eq!(accepted["trainingRequest"]["allowedActions"], json!(["SCHEDULE", "CANCEL"]), "{accepted:#}");
    let agreed = scheduled(&trainer, id, json!({})).await;
    assert_eq!(agreed["trainingRequest"]["session"]["hosts"], json!([{ "slug": SENDER.slug }]), "{agreed:#}");
    let came = delivered(
        &trainer,
        id,
        json!([{ "cadre": "CLINICIAN", "count": 6 }, { "cadre": "STAFF", "count": 4 }, { "cadre": "MEDIA", "count": 0 }]),
    )
    .await;
    assert_eq!(came["trainingRequest"]["session"]["participants"].as_array().map(Vec::len), Some(2), "{came:#}");
    let result =
        evaluated(&trainer, id, json!({ "satisfactionMean": 4.25, "preScoreMean": 40, "postScoreMean": 71.5, "pairs": 9 })).await;
    assert_eq!(result["trainingRequest"]["session"]["evaluation"]["postScoreMean"], json!(71.5), "{result:#}");
    long_ago(&world, 100).await;
    let asked_again = followed_up(&host, id, json!({})).await;
    assert_eq!(
        asked_again["trainingRequest"]["session"]["followUps"],
        json!([{ "monthsAfter": 3, "asked": 8, "stillUsing": 6 }]),
        "{asked_again:#}"
    );
    let timeline = &asked_again["trainingRequest"]["timeline"];
    let states: Vec<&str> =
        timeline.as_array().expect("a timeline").iter().filter_map(|event| event["status"].as_str()).collect();
    assert_eq!(states, ["REQUESTED", "ACCEPTED", "SCHEDULED", "DELIVERED", "EVALUATED"]);
}

#[tokio::test]
async fn offers_are_found_by_topic_county_mode_language_and_words_until_they_close() {
    let world = World::new().await;
    let (seeker, trainer) = trainers(&world).await;
    let clinic = offered(&trainer, json!({})).await;
    let online = json!({ "topic": "DIGITAL_SAFETY", "title": "Phones that keep quiet", "description": "An evening, each with their own device.", "modes": ["ONLINE"], "countyCodes": [], "languages": ["luo"] });
    let phones = offered(&trainer, online).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let found = async |filter: Value| -> Vec<String> {
        let query = "query ($filter: TrainingOfferFilter) { trainingOffers(filter: $filter) { nodes { id open organisation { slug } } } }";
        let data = peer.data(query, json!({ "filter": filter })).await;
        let nodes = data["trainingOffers"]["nodes"].as_array().expect("nodes").clone();
        nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(found(Value::Null).await, [clinic.clone(), phones.clone()], "by title");
    for (filter, wanted) in [
        (json!({ "topics": ["DIGITAL_SAFETY"] }), vec![&phones]),
        (json!({ "countyCodes": ["047"] }), vec![&clinic, &phones]),
        (json!({ "countyCodes": ["001"] }), vec![&phones]),
        (json!({ "modes": ["IN_PERSON", "BLENDED"] }), vec![&clinic]),
        (json!({ "languages": ["luo", "so"] }), vec![&phones]),
        (json!({ "text": "quite phones" }), vec![&phones]),
        (json!({ "text": "role play clinics" }), vec![&clinic]),
        (json!({ "organisationIds": [global_id::encode(OUTSIDER.id())] }), vec![]),
    ] {
        assert_eq!(found(filter.clone()).await.iter().collect::<Vec<_>>(), wanted, "{filter}");
    }
    let changed = "mutation ($input: UpdateTrainingOfferInput!) { updateTrainingOffer(input: $input) { trainingOffer { title topic openUntil } userErrors { code field } } }";
    let mut input = with(
        offer_draft(),
        json!({ "trainingOfferId": clinic, "title": "How to welcome people", "openUntil": day_of(Utc::now()).to_string() }),
    );
    input.as_object_mut().expect("an input").remove("topic");
    let data = trainer.data(changed, json!({ "input": input })).await;
    assert_eq!(data["updateTrainingOffer"]["trainingOffer"]["title"], "How to welcome people", "{data:#}");
    let foreign = seeker.data(changed, json!({ "input": input })).await;
    assert_eq!(foreign["updateTrainingOffer"]["userErrors"][0], json!({ "code": "NOT_FOUND", "field": ["trainingOfferId"] }));
    let close = "mutation ($input: TrainingOfferInput!) { closeTrainingOffer(input: $input) { trainingOffer { open } userErrors { code } } }";
    for _ in 0..2 {
        let closed = trainer.data(close, json!({ "input": { "trainingOfferId": phones } })).await;
        assert_eq!(closed["closeTrainingOffer"]["trainingOffer"]["open"], json!(false));
    }
    assert_eq!(found(Value::Null).await, [clinic]);
    world.travel(TimeDelta::days(1)).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let data = peer.data("{ trainingOffers { nodes { id } } }", json!({})).await;
    assert_eq!(data["trainingOffers"]["nodes"], json!([]), "its last day has passed");
}

#[tokio::test]
async fn of_many_who_take_an_open_request_at_once_exactly_one_has_it() {
    let world = World::new().await;
    let host = world.client(SENDER, Role::Trainer).await;
    for round in 0..5 {
        let takers = [(RECEIVER, "trainer"), (RECEIVER, "admin"), (OUTSIDER, "trainer"), (OUTSIDER, "admin")];
        let mut clients = Vec::new();
        for (taker, handle) in takers {
            let client = world.client_of(taker, handle).await;
            if round == 0 && handle == "trainer" {
                offered(&client, json!({})).await;
            }
            clients.push(client);
        }
        let id = requested(&host, None).await;
        let payloads = join_all(clients.iter().map(|client| step(client, "acceptTrainingRequest", &id, None))).await;
        let won: Vec<&Value> = payloads.iter().filter(|payload| payload["userErrors"] == json!([])).collect();
        assert_eq!(won.len(), 1, "{payloads:#?}");
        let winner = won[0]["trainingRequest"]["toOrganisation"]["slug"].clone();
        for (payload, (taker, _)) in payloads.iter().zip(takers).filter(|(payload, _)| payload["userErrors"] != json!([])) {
            let expected =
                if json!(taker.slug) == winner { ("ILLEGAL_TRANSITION", "") } else { ("CONFLICT", "trainingRequestId") };
            assert_eq!(refused(payload), expected, "{payload:#}");
        }
        for client in &clients {
            let data = client.data("{ trainingRequests(direction: OPEN) { nodes { id } } }", json!({})).await;
            assert_eq!(data["trainingRequests"]["nodes"], json!([]), "it has left their lists");
        }
    }
}

#[tokio::test]
async fn who_offers_the_topic_in_the_county_sees_an_open_request_and_nobody_else() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let outsider = world.client(OUTSIDER, Role::Trainer).await;
    offered(&outsider, json!({ "countyCodes": ["001"] })).await;
    let id = requested(&host, None).await;
    let open = async |client: &Client| {
        let data = client.data("{ trainingRequests(direction: OPEN) { nodes { id allowedActions } } }", json!({})).await;
        data["trainingRequests"]["nodes"].clone()
    };
    assert_eq!((open(&trainer).await, open(&outsider).await, open(&host).await), (json!([]), json!([]), json!([])));
    assert_eq!(refused(&step(&outsider, "acceptTrainingRequest", &id, None).await), ("NOT_FOUND", "trainingRequestId"));
    offered(&trainer, json!({})).await;
    assert_eq!(open(&trainer).await, json!([{ "id": id, "allowedActions": ["ACCEPT"] }]), "a new offer finds what waits");
    assert_eq!(
        refused(&step(&trainer, "declineTrainingRequest", &id, Some("DATES")).await).0,
        "FORBIDDEN",
        "nobody declines for all"
    );
    step(&host, "cancelTraining", &id, Some("NO_LONGER_NEEDED")).await;
    assert_eq!(open(&trainer).await, json!([]));
    assert_eq!(refused(&step(&trainer, "acceptTrainingRequest", &id, None).await), ("CONFLICT", "trainingRequestId"));
    assert_eq!(refused(&step(&outsider, "acceptTrainingRequest", &id, None).await), ("NOT_FOUND", "trainingRequestId"));
}

#[tokio::test]
async fn only_the_parties_see_a_session_and_a_host_only_its_own_people() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let second = world.client(OUTSIDER, Role::Trainer).await;
    let first_request = requested(&host, Some(RECEIVER)).await;
    let second_request = requested(&second, Some(RECEIVER)).await;
    for id in [&first_request, &second_request] {
        step(&trainer, "acceptTrainingRequest", id, None).await;
    }
    let agreed = scheduled(&trainer, &first_request, json!({})).await;
    let session = agreed["trainingRequest"]["session"]["id"].clone();
    let find = "query ($id: ID!) { node(id: $id) { ... on TrainingSession { on county { code } hosts { slug } participants { organisation { slug } count } followUps { asked } } } }";
    assert_eq!(second.data(find, json!({ "id": session })).await["node"], Value::Null, "a gathering is a target");
    let joined = scheduled(&trainer, &second_request, json!({ "sessionId": session })).await;
    let slugs = json!([{ "slug": SENDER.slug }, { "slug": OUTSIDER.slug }]);
    assert_eq!(joined["trainingRequest"]["session"]["hosts"], slugs, "{joined:#}");

    let later = (day_of(Utc::now()) + Days::new(3)).to_string();
    scheduled(&trainer, &second_request, json!({ "on": later })).await;
    assert_eq!(host.data(find, json!({ "id": session })).await["node"]["on"], json!(later), "it moves for all of its hosts");
    scheduled(&trainer, &first_request, json!({})).await;
    let participants = json!([
        { "cadre": "STAFF", "count": 7 }, { "cadre": "STAFF", "count": 5, "organisationId": global_id::encode(OUTSIDER.id()) },
    ]);
    let recorded = delivered(&trainer, &first_request, participants).await;
    assert_eq!(recorded["userErrors"], json!([]), "{recorded:#}");
    let own = |slug: &str, count: i32| json!([{ "organisation": { "slug": slug }, "count": count }]);
    assert_eq!(host.data(find, json!({ "id": session })).await["node"]["participants"], own(SENDER.slug, 7));
    assert_eq!(second.data(find, json!({ "id": session })).await["node"]["participants"], own(OUTSIDER.slug, 5));
    let all = trainer.data(find, json!({ "id": session })).await;
    assert_eq!(all["node"]["participants"].as_array().map(Vec::len), Some(2), "{all:#}");
    let of_second = second.data("{ trainingRequests(direction: OUTGOING) { nodes { status } } }", json!({})).await;
    assert_eq!(of_second["trainingRequests"]["nodes"][0]["status"], "DELIVERED", "what is recorded is of all hosts");
    long_ago(&world, 100).await;
    followed_up(&host, &first_request, json!({ "asked": 6, "stillUsing": 5 })).await;
    followed_up(&second, &second_request, json!({ "asked": 5, "stillUsing": 1 })).await;
    for (client, asked) in [(&host, 6), (&second, 5), (&trainer, 11)] {
        assert_eq!(client.data(find, json!({ "id": session })).await["node"]["followUps"], json!([{ "asked": asked }]));
    }
    let stranger = world.client(member("secretariat"), Role::OrganisationAdmin).await;
    assert_eq!(stranger.data(find, json!({ "id": session })).await["node"], Value::Null);
}

#[tokio::test]
async fn the_other_hosts_of_a_session_hear_who_joins_and_leaves_it() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let second = world.client(OUTSIDER, Role::Trainer).await;
    let (one, two) = (requested(&host, Some(RECEIVER)).await, requested(&second, Some(RECEIVER)).await);
    for id in [&one, &two] {
        step(&trainer, "acceptTrainingRequest", id, None).await;
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // What has been announced of the first host's request to that host and to the trainer, and when it last changed.
    let told = async || {
        let id: TrainingRequestId = global_id::decode(&one.as_str().into()).expect("an id");
        let announced = "SELECT count(*) FILTER (WHERE organisation_id = $2), count(*) FILTER (WHERE organisation_id = $3) FROM outbox WHERE node_id = $1";
        let row = superuser.query_one(announced, &[&id.0, &SENDER.id().0, &RECEIVER.id().0]).await.expect("counts");
        let changed = "query ($id: ID!) { node(id: $id) { ... on TrainingRequest { status updatedAt } } }";
        let seen = host.data(changed, json!({ "id": one })).await["node"].take();
        assert_eq!(seen["status"], "SCHEDULED");
        (row.get::<_, i64>(0), row.get::<_, i64>(1), seen["updatedAt"].as_str().expect("a moment").to_owned())
    };
    let session = scheduled(&trainer, &one, json!({})).await["trainingRequest"]["session"]["id"].take();
    let mut before = told().await;
    for what in ["joins", "is called off"] {
        let moved = match what {
            "joins" => scheduled(&trainer, &two, json!({ "sessionId": session })).await,
            _ => step(&trainer, "cancelTraining", &two, Some("DATES")).await,
        };
        assert_eq!(moved["userErrors"], json!([]), "{what}: {moved:#}");
        let after = told().await;
        assert_eq!((after.0, after.1), (before.0 + 1, before.1 + 1), "{what}");
        assert!(after.2 > before.2, "{what}: updatedSince finds it");
        before = after;
    }
}

#[tokio::test]
async fn who_calls_off_leaves_a_joint_session_and_the_last_one_ends_it() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let second = world.client(OUTSIDER, Role::Trainer).await;
    let (one, two) = (requested(&host, Some(RECEIVER)).await, requested(&second, Some(RECEIVER)).await);
    for id in [&one, &two] {
        step(&trainer, "acceptTrainingRequest", id, None).await;
    }
    let session = scheduled(&trainer, &one, json!({})).await["trainingRequest"]["session"]["id"].take();
    scheduled(&trainer, &two, json!({ "sessionId": session })).await;
    let find = "query ($id: ID!) { node(id: $id) { ... on TrainingSession { hosts { slug } } } }";
    let off = step(&host, "cancelTraining", &one, Some("DATES")).await;
    assert_eq!(
        (&off["trainingRequest"]["status"], &off["trainingRequest"]["session"]),
        (&json!("CANCELLED"), &Value::Null),
        "{off:#}"
    );
    assert_eq!(host.data(find, json!({ "id": session })).await["node"], Value::Null, "it isn't theirs any more");
    assert_eq!(second.data(find, json!({ "id": session })).await["node"]["hosts"], json!([{ "slug": OUTSIDER.slug }]));
    let off = step(&trainer, "cancelTraining", &two, Some("UNSAFE")).await;
    assert_eq!(off["trainingRequest"]["reason"], "UNSAFE");
    assert_eq!(trainer.data(find, json!({ "id": session })).await["node"], Value::Null);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let left: i64 = superuser.query_one("SELECT count(*) FROM training_session", &[]).await.expect("a count").get(0);
    assert_eq!(left, 0);
}

#[tokio::test]
async fn of_a_host_and_a_trainer_who_move_at_once_nobody_waits_for_ever() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let second = world.client(OUTSIDER, Role::Trainer).await;
    for _ in 0..8 {
        let (one, two) = (requested(&host, Some(RECEIVER)).await, requested(&second, Some(RECEIVER)).await);
        for id in [&one, &two] {
            step(&trainer, "acceptTrainingRequest", id, None).await;
        }
        let session = scheduled(&trainer, &one, json!({})).await["trainingRequest"]["session"]["id"].take();
        scheduled(&trainer, &two, json!({ "sessionId": session })).await;
        let outsider = global_id::encode(OUTSIDER.id());
        let both = json!([{ "cadre": "STAFF", "count": 7 }, { "cadre": "STAFF", "count": 5, "organisationId": outsider }]);
        let (held, off, off_too) = tokio::join!(
            delivered(&trainer, &one, both),
            step(&second, "cancelTraining", &two, Some("DATES")),
            step(&host, "cancelTraining", &one, Some("DATES")),
        );
        for payload in [&held, &off, &off_too] {
            let code = payload["userErrors"][0]["code"].as_str().unwrap_or("");
            assert!(["", "ILLEGAL_TRANSITION", "INVALID"].contains(&code), "{payload:#}");
        }
    }
}

#[tokio::test]
async fn every_change_is_heard_by_both_parties_and_by_nobody_else() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let outsider = world.client(OUTSIDER, Role::Trainer).await;
    offered(&outsider, json!({ "topic": "SAFER_SEX" })).await;
    let changed = "subscription { trainingRequestChanged { id status } }";
    let mut sockets = Vec::new();
    for client in [&host, &trainer, &outsider] {
        let mut socket = crate::harness::Socket::of(client).await;
        socket.subscribe("1", changed).await;
        sockets.push(socket);
    }
    let id = requested(&host, Some(RECEIVER)).await;
    // It takes a moment until a subscription is active, so changes are made until it delivers one.
    let mut at_outsider = sockets.pop().expect("a socket");
    for socket in &mut sockets {
        until("it is heard", async || {
            step(&host, "cancelTraining", &requested(&host, Some(RECEIVER)).await, Some("DATES")).await;
            socket.next_event("trainingRequestChanged").await.map(drop)
        })
        .await;
    }
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    for socket in &mut sockets {
        until("the acceptance is heard", async || {
            let event = socket.next_event("trainingRequestChanged").await?;
            (event["id"] == json!(id) && event["status"] == "ACCEPTED").then_some(())
        })
        .await;
    }
    let mut own = Vec::new();
    until("its own is heard", async || {
        own.push(json!(requested(&outsider, Some(RECEIVER)).await));
        let event = at_outsider.next_event("trainingRequestChanged").await?;
        assert!(own.contains(&event["id"]), "the outsider hears of others: {event}");
        Some(())
    })
    .await;
}

#[tokio::test]
async fn ids_that_were_never_issued_are_answered_like_those_of_others() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = held(&host, &trainer, RECEIVER).await;
    let outsider = world.client(OUTSIDER, Role::Trainer).await;
    let never = global_id::encode(TrainingRequestId(Uuid::new_v4())).to_string();
    let session =
        host.data("query ($id: ID!) { node(id: $id) { ... on TrainingRequest { session { id } } } }", json!({ "id": id })).await;
    let session = session["node"]["session"]["id"].clone();
    for name in ["acceptTrainingRequest", "declineTrainingRequest", "cancelTraining"] {
        let answers = [step(&outsider, name, &id, Some("DATES")).await, step(&outsider, name, &never, Some("DATES")).await];
        assert_eq!(answers[0], answers[1], "{name}");
    }
    let own = requested(&host, Some(OUTSIDER)).await;
    step(&outsider, "acceptTrainingRequest", &own, None).await;
    let joined =
        [session, json!(global_id::encode(TrainingSessionId(Uuid::new_v4())))].map(|session| json!({ "sessionId": session }));
    for fields in joined {
        assert_eq!(refused(&scheduled(&outsider, &own, fields).await), ("NOT_FOUND", "sessionId"));
    }
    for role in Role::ALL {
        let client = world.client(SENDER, *role).await;
        let node = client.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(node["node"].is_object(), *role != Role::CoalitionAdmin, "{role}");
    }
}
