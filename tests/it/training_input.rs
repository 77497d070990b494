//! Invalid inputs: each is refused with what to put right, and changes nothing.

use chrono::{Days, Months, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::day_of;
use pamoja_domain::id::TrainingRequestId;
use pamoja_domain::month::Month;
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::referral::with;
use crate::training::{
    delivered, evaluated, followed_up, held, long_ago, offer_draft, offered, refused, request_draft, requested, scheduled, step,
    trainers, training,
};

/// The codes and fields of all errors of an offer.
async fn offer_refusals(client: &Client, fields: Value) -> Vec<(String, String)> {
    let query = "mutation ($input: CreateTrainingOfferInput!) { createTrainingOffer(input: $input) { trainingOffer { id } userErrors { code field message } } }";
    let data = client.data(query, json!({ "input": with(offer_draft(), fields) })).await;
    let payload = &data["createTrainingOffer"];
    assert_eq!(payload["trainingOffer"], Value::Null, "{payload:#}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    payload["userErrors"]
        .as_array()
        .expect("refusals")
        .iter()
        .map(|error| (text(&error["code"]), text(&error["field"][0])))
        .collect()
}

#[tokio::test]
async fn an_offer_that_cannot_be_is_refused_field_by_field() {
    let world = World::new().await;
    let (_, trainer) = trainers(&world).await;
    let yesterday = (day_of(Utc::now()) - Days::new(1)).to_string();
    for (fields, code, field) in [
        (json!({ "title": " " }), "INVALID", "title"),
        (json!({ "title": "x".repeat(121) }), "INVALID", "title"),
        (json!({ "title": "Ask for 0712 345 678" }), "IDENTIFYING_DATA", "title"),
        (json!({ "description": "Write to somebody@example.org" }), "IDENTIFYING_DATA", "description"),
        (json!({ "description": "x".repeat(1001) }), "INVALID", "description"),
        (json!({ "modes": [] }), "INVALID", "modes"),
        (json!({ "countyCodes": [] }), "INVALID", "countyCodes"),
        (json!({ "countyCodes": ["048"] }), "INVALID", "countyCodes"),
        (json!({ "languages": [] }), "INVALID", "languages"),
        (json!({ "languages": ["english"] }), "INVALID", "languages"),
        (json!({ "durationHours": 0 }), "INVALID", "durationHours"),
        (json!({ "durationHours": 201 }), "INVALID", "durationHours"),
        (json!({ "maximumParticipants": 0 }), "INVALID", "maximumParticipants"),
        (json!({ "maximumParticipants": 1001 }), "INVALID", "maximumParticipants"),
        (json!({ "openUntil": yesterday }), "INVALID", "openUntil"),
        (json!({ "openUntil": "tomorrow" }), "INVALID", "openUntil"),
    ] {
        assert_eq!(offer_refusals(&trainer, fields.clone()).await, [(code.to_owned(), field.to_owned())], "{fields}");
    }
    let all = json!({ "title": "", "durationHours": -1, "languages": [], "modes": ["IN_PERSON"], "countyCodes": [] });
    assert_eq!(offer_refusals(&trainer, all).await.len(), 4, "a form shows all at once");
}

#[tokio::test]
async fn a_request_that_cannot_be_is_refused_with_what_to_put_right() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let offer = offered(&trainer, json!({})).await;
    let closed = offered(&trainer, json!({ "title": "Closed" })).await;
    let close = "mutation ($input: TrainingOfferInput!) { closeTrainingOffer(input: $input) { userErrors { code } } }";
    trainer.data(close, json!({ "input": { "trainingOfferId": closed } })).await;
    let own = offered(&host, json!({})).await;
    let of_offer = json!({ "toOrganisationId": null, "topic": null, "offerId": offer });
    let month = |months: i32| {
        let day = day_of(Utc::now());
        let day = if months < 0 { day - Months::new(months.unsigned_abs()) } else { day + Months::new(months.unsigned_abs()) };
        json!([Month::of(day).to_string()])
    };
    for (fields, code, field) in [
        (json!({ "toOrganisationId": global_id::encode(SENDER.id()) }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": global_id::encode(member("frozen").id()) }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": global_id::encode(member("left").id()) }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": "nobody" }), "NOT_FOUND", "toOrganisationId"),
        (json!({ "topic": null }), "INVALID", "topic"),
        (json!({ "audience": [] }), "INVALID", "audience"),
        (json!({ "expectedParticipants": 0 }), "INVALID", "expectedParticipants"),
        (json!({ "expectedParticipants": 1001 }), "INVALID", "expectedParticipants"),
        (json!({ "preferredMonths": ["2026-13"] }), "INVALID", "preferredMonths"),
        (json!({ "preferredMonths": month(-1) }), "INVALID", "preferredMonths"),
        (json!({ "preferredMonths": month(25) }), "INVALID", "preferredMonths"),
        (json!({ "countyCode": "47" }), "INVALID", "countyCode"),
        (json!({ "languages": ["klingon"] }), "INVALID", "languages"),
        (json!({ "offerId": "nothing" }), "NOT_FOUND", "offerId"),
        (json!({ "offerId": closed }), "INVALID", "offerId"),
        (with(of_offer.clone(), json!({ "offerId": own })), "INVALID", "offerId"),
        (with(of_offer.clone(), json!({ "topic": "SAFER_SEX" })), "INVALID", "topic"),
        (with(of_offer.clone(), json!({ "toOrganisationId": global_id::encode(OUTSIDER.id()) })), "INVALID", "toOrganisationId"),
        (with(of_offer.clone(), json!({ "countyCode": "001" })), "INVALID", "countyCode"),
        (with(of_offer.clone(), json!({ "expectedParticipants": 26 })), "INVALID", "expectedParticipants"),
        (json!({ "clientMutationId": "again" }), "INVALID", "clientMutationId"),
    ] {
        let input = with(request_draft(Some(RECEIVER)), fields.clone());
        let payload = training(&host, "requestTraining", "RequestTrainingInput", input).await;
        assert_eq!(refused(&payload), (code, field), "{fields}");
        assert!(payload["userErrors"][0]["message"].as_str().is_some_and(|message| message.len() > 15), "{payload:#}");
    }
    world.set_status(RECEIVER, MembershipStatus::Frozen).await;
    let frozen = training(&host, "requestTraining", "RequestTrainingInput", with(request_draft(None), of_offer)).await;
    assert_eq!(refused(&frozen), ("INVALID", "offerId"), "an offer of an organisation that is locked");
    let data = host.data("{ trainingRequests(direction: OUTGOING) { nodes { id } } }", json!({})).await;
    assert_eq!(data["trainingRequests"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_session_that_cannot_be_is_refused() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    assert_eq!(refused(&scheduled(&trainer, &id, json!({})).await).0, "ILLEGAL_TRANSITION", "not before it is accepted");
    assert_eq!(refused(&step(&trainer, "acceptTrainingRequest", &id, Some("DATES")).await), ("INVALID", "reason"));
    assert_eq!(refused(&step(&trainer, "declineTrainingRequest", &id, None).await), ("INVALID", "reason"));
    assert_eq!(refused(&step(&trainer, "cancelTraining", &id, Some("DATES")).await).0, "ILLEGAL_TRANSITION", "they decline");
    assert_eq!(refused(&step(&host, "acceptTrainingRequest", &id, None).await).0, "FORBIDDEN");
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    let today = day_of(Utc::now());
    for (fields, field) in [
        (json!({ "on": (today - Days::new(1)).to_string() }), "on"),
        (json!({ "on": (today + Days::new(367)).to_string() }), "on"),
        (json!({ "on": "soon" }), "on"),
        (json!({ "countyCode": "000" }), "countyCode"),
    ] {
        assert_eq!(refused(&scheduled(&trainer, &id, fields.clone()).await), ("INVALID", field), "{fields}");
    }
    let other = requested(&host, Some(RECEIVER)).await;
    step(&trainer, "acceptTrainingRequest", &other, None).await;
    let session = scheduled(&trainer, &other, json!({})).await["trainingRequest"]["session"]["id"].take();
    let twice = scheduled(&trainer, &id, json!({ "sessionId": session })).await;
    assert_eq!(refused(&twice), ("INVALID", "sessionId"), "its people are there already");
    let another_day = scheduled(&trainer, &id, json!({ "sessionId": session, "on": (today + Days::new(1)).to_string() })).await;
    assert_eq!(refused(&another_day), ("INVALID", "sessionId"));
}

#[tokio::test]
async fn what_is_recorded_must_have_been_and_tell_of_nobody() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    let ten = json!([{ "cadre": "STAFF", "count": 10 }]);
    scheduled(&trainer, &id, json!({ "on": (day_of(Utc::now()) + Days::new(1)).to_string() })).await;
    assert_eq!(refused(&delivered(&trainer, &id, ten.clone()).await), ("INVALID", "trainingRequestId"), "it is still to come");
    scheduled(&trainer, &id, json!({})).await;
    let outsider = global_id::encode(OUTSIDER.id());
    for participants in [
        json!([{ "cadre": "STAFF", "count": -1 }]),
        json!([{ "cadre": "STAFF", "count": 1001 }]),
        json!([{ "cadre": "STAFF", "count": 0 }]),
        json!([]),
        json!([{ "cadre": "STAFF", "count": 3 }, { "cadre": "STAFF", "count": 3 }]),
        json!([{ "cadre": "STAFF", "count": 3 }, { "cadre": "STAFF", "count": 3, "organisationId": outsider }]),
        json!([{ "cadre": "STAFF", "count": 3, "organisationId": "nobody" }]),
    ] {
        assert_eq!(refused(&delivered(&trainer, &id, participants.clone()).await), ("INVALID", "participants"), "{participants}");
    }
    let ended = evaluated(&trainer, &id, json!({ "satisfactionMean": 4 })).await;
    assert_eq!(refused(&ended).0, "ILLEGAL_TRANSITION", "an evaluation before it was held");
    assert_eq!(delivered(&trainer, &id, ten).await["userErrors"], json!([]));

    let scores = json!({ "preScoreMean": 40, "postScoreMean": 60, "pairs": 10 });
    for (fields, code, field) in [
        (json!({}), "INVALID", "satisfactionMean"),
        (json!({ "satisfactionMean": 0.9 }), "INVALID", "satisfactionMean"),
        (json!({ "satisfactionMean": 5.1 }), "INVALID", "satisfactionMean"),
        (with(scores.clone(), json!({ "postScoreMean": 100.5 })), "INVALID", "postScoreMean"),
        (with(scores.clone(), json!({ "preScoreMean": -1 })), "INVALID", "preScoreMean"),
        (with(scores.clone(), json!({ "pairs": 11 })), "INVALID", "pairs"),
        (with(scores.clone(), json!({ "pairs": -1 })), "INVALID", "pairs"),
        (with(scores.clone(), json!({ "pairs": 4 })), "IDENTIFYING_DATA", "pairs"),
        (with(scores.clone(), json!({ "postScoreMean": null })), "INVALID", "postScoreMean"),
        (json!({ "satisfactionMean": 4, "pairs": 7 }), "INVALID", "preScoreMean"),
    ] {
        assert_eq!(refused(&evaluated(&trainer, &id, fields.clone()).await), (code, field), "{fields}");
    }
    assert_eq!(refused(&followed_up(&host, &id, json!({})).await), ("INVALID", "monthsAfter"), "before three months");
    assert_eq!(refused(&evaluated(&host, &id, scores.clone()).await).0, "FORBIDDEN", "the trainer records it");
    assert_eq!(evaluated(&trainer, &id, scores).await["userErrors"], json!([]));
    let smaller = delivered(&trainer, &id, json!([{ "cadre": "STAFF", "count": 6 }])).await;
    assert_eq!(refused(&smaller).0, "ILLEGAL_TRANSITION", "what was evaluated can't have been fewer");
    long_ago(&world, 100).await;
    for (fields, code, field) in [
        (json!({ "monthsAfter": 4 }), "INVALID", "monthsAfter"),
        (json!({ "monthsAfter": 6 }), "INVALID", "monthsAfter"),
        (json!({ "asked": 11 }), "INVALID", "asked"),
        (json!({ "asked": -1, "stillUsing": 0 }), "INVALID", "asked"),
        (json!({ "asked": 4, "stillUsing": 2 }), "IDENTIFYING_DATA", "asked"),
        (json!({ "asked": 8, "stillUsing": 9 }), "INVALID", "stillUsing"),
        (json!({ "asked": 8, "stillUsing": -1 }), "INVALID", "stillUsing"),
    ] {
        assert_eq!(refused(&followed_up(&host, &id, fields.clone()).await), (code, field), "{fields}");
    }
    assert_eq!(followed_up(&trainer, &id, json!({})).await["userErrors"], json!([]), "either party may");
}

#[tokio::test]
async fn the_satisfaction_of_fewer_than_five_people_is_not_kept() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    scheduled(&trainer, &id, json!({})).await;
    delivered(&trainer, &id, json!([{ "cadre": "STAFF", "count": 4 }])).await;
    let satisfied = evaluated(&trainer, &id, json!({ "satisfactionMean": 4.5 })).await;
    assert_eq!(refused(&satisfied), ("IDENTIFYING_DATA", "satisfactionMean"));
}

#[tokio::test]
async fn trainers_and_administrators_act_for_either_party_and_nobody_else_does() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    for role in Role::ALL {
        let client = world.client(RECEIVER, *role).await;
        let may = matches!(role, Role::Trainer | Role::OrganisationAdmin);
        let asked = requested(&host, Some(RECEIVER)).await;
        let payload = step(&client, "acceptTrainingRequest", &asked, None).await;
        assert_eq!(payload["userErrors"] == json!([]), may, "{role}: {payload:#}");
        assert!(may || refused(&payload).0 == "FORBIDDEN", "{payload:#}");
        let id = held(&host, &trainer, RECEIVER).await;
        let payload = evaluated(&client, &id, json!({ "satisfactionMean": 4 })).await;
        assert_eq!(payload["userErrors"] == json!([]), may, "{role}: {payload:#}");
    }
}

#[tokio::test]
async fn past_the_program_nobody_is_made_a_host_or_sees_more() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    held(&host, &trainer, RECEIVER).await;
    let open = requested(&host, None).await;
    let app = world.connect(DatabaseRole::App).await;
    let become_ = async |organisation: pamoja_domain::id::OrganisationId| {
        let query = format!("SELECT test_gate.enter('{organisation}', 'member')");
        app.batch_execute(&query).await.expect("a tenant");
    };
    become_(OUTSIDER.id()).await;
    for table in [
        "training_request",
        "training_session",
        "training_participants",
        "training_event",
        "training_follow_up",
        "training_evaluation",
        "training_evaluation_for_host",
    ] {
        let count: i64 = app.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get(0);
        assert_eq!(count, 0, "{table}");
    }
    let stolen = format!("UPDATE training_request SET to_organisation_id = '{}' WHERE true", OUTSIDER.id());
    assert!(app.execute(&stolen, &[]).await.is_err(), "{open} can be addressed by hand");
    become_(RECEIVER.id()).await;
    // A trainer may record only people of hosts that asked for the training.
    let forged = format!(
        "INSERT INTO training_participants (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count)
         SELECT trainer_organisation_id, session_id, '{}', request_id, 'POLICE', 9 FROM training_participants LIMIT 1",
        OUTSIDER.id()
    );
    assert!(app.execute(&forged, &[]).await.is_err(), "whose request isn't theirs");
    become_(SENDER.id()).await;
    let more = "UPDATE training_session SET hours = 100";
    assert_eq!(app.execute(more, &[]).await.expect("no row"), 0, "a host records nothing of a session");
}

#[tokio::test]
async fn past_the_program_a_would_be_taker_writes_nothing_of_an_open_request() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    offered(&trainer, json!({})).await;
    let id: TrainingRequestId = global_id::decode(&requested(&host, None).await.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    let become_ = async |organisation: crate::harness::Member, door: &str| {
        let query = format!("SELECT test_gate.enter('{}', '{door}')", organisation.id());
        app.batch_execute(&query).await.expect("a tenant");
    };
    let accepted = format!(
        "UPDATE training_request SET status = 'ACCEPTED' WHERE id = '{0}';
         INSERT INTO training_event (from_organisation_id, request_id, status, by_organisation_id) VALUES ('{1}', '{0}', 'ACCEPTED', tenant());
         INSERT INTO audit_entry (action, node_id) VALUES ('acceptTrainingRequest', '{0}')",
        id.0,
        SENDER.id()
    );
    let function = async |name: &str, kind: &str| {
        let query = format!("SELECT {name}('{kind}', '{}')", id.0);
        let rest = if name == "take_open" { accepted.as_str() } else { "SELECT" };
        crate::harness::answer_with_rest(&app, &query, rest).await
    };
    let take = async || function("take_open", "TRAINING_REQUEST").await == Some(true);
    become_(RECEIVER, "member").await;
    let seen: i64 = app.query_one("SELECT count(*) FROM training_request", &[]).await.expect("a count").get(0);
    assert_eq!((seen, function("was_offered", "TRAINING_REQUEST").await), (1, Some(true)));
    assert!(
        app.batch_execute("UPDATE training_request SET to_organisation_id = tenant()").await.is_err(),
        "it is addressed by hand"
    );
    for change in ["status = 'DECLINED'", "reason = 'DATES'", "updated_at = moment()"] {
        let changed = app.execute(&format!("UPDATE training_request SET {change}"), &[]).await.expect("nothing to change");
        assert_eq!(changed, 0, "{change}");
    }
    for name in ["address_open_training_request", "address_open_referral"] {
        assert!(app.query_one(&format!("SELECT {name}('{}')", id.0), &[]).await.is_err(), "{name} can be called by hand");
    }
    assert_eq!(function("was_offered", "SERVICE").await, None);
    assert_eq!(function("take_open", "REFERRAL").await, Some(false), "it is no referral");
    assert_eq!(function("take_open", "SERVICE").await, Some(false));
    for (member, door) in [(RECEIVER, "job"), (RECEIVER, "sign_in"), (SENDER, "member"), (OUTSIDER, "member")] {
        become_(member, door).await;
        assert!(!take().await, "{} took it by the door {door}", member.slug);
    }
    become_(RECEIVER, "member").await;
    assert!(take().await && !take().await);
}
