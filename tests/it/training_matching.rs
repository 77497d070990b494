//! Which trainings to ask for, and which requests a trainer could serve, with the reasons.

use chrono::Utc;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::month::Month;
use pamoja_domain::user::Role;
use pamoja_persistence::job;
use serde_json::{Value, json};

use crate::harness::{Client, MEMBERS, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::with;
use crate::training::{evaluated, held, offered, request_draft, requested, trainers, training};

const SUGGESTED: &str = "query ($requestId: ID, $topic: TrainingTopic, $countyCode: String, $languages: [String!], $expectedParticipants: Int, $first: Int) {
    suggestedOffers(requestId: $requestId, topic: $topic, countyCode: $countyCode, languages: $languages, expectedParticipants: $expectedParticipants, first: $first) {
        offer { title satisfaction } reasons { code message } } }";

async fn titles(client: &Client, variables: Value) -> Vec<String> {
    let data = client.data(SUGGESTED, variables).await;
    let suggested = data["suggestedOffers"].as_array().expect("suggestions").clone();
    suggested.iter().map(|suggestion| suggestion["offer"]["title"].as_str().expect("a title").to_owned()).collect()
}

#[tokio::test]
async fn offers_are_suggested_by_topic_county_language_and_room() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let other = world.client(OUTSIDER, Role::Trainer).await;
    let topic = "DIGITAL_SAFETY";
    for (client, fields) in [
        (&trainer, json!({ "topic": topic, "title": "Near", "countyCodes": ["047"], "languages": ["en"] })),
        (&other, json!({ "topic": topic, "title": "Near and Swahili", "countyCodes": ["047"], "languages": ["sw"] })),
        (
            &other,
            json!({ "topic": topic, "title": "Near, Swahili, small", "countyCodes": ["047"], "languages": ["sw"], "maximumParticipants": 5 }),
        ),
        (
            &trainer,
            json!({ "topic": topic, "title": "Over a line", "modes": ["WEBINAR"], "countyCodes": [], "languages": ["sw"] }),
        ),
        (&trainer, json!({ "topic": topic, "title": "Next door", "countyCodes": ["022"], "languages": ["sw"] })),
        (&trainer, json!({ "topic": topic, "title": "Far", "countyCodes": ["001"], "languages": ["sw"] })),
        (&other, json!({ "topic": "DATA_PROTECTION", "title": "Close to it", "countyCodes": ["047"], "languages": ["sw"] })),
        (&other, json!({ "topic": "SAFER_SEX", "title": "Something else", "countyCodes": ["047"], "languages": ["sw"] })),
        (&host, json!({ "topic": topic, "title": "One's own", "countyCodes": ["047"], "languages": ["sw"] })),
    ] {
        offered(client, fields).await;
    }
    let order = ["Near and Swahili", "Near, Swahili, small", "Near", "Over a line", "Next door", "Far", "Close to it"];
    let asked =
        json!({ "topic": topic, "countyCode": "047", "languages": ["sw", "luo"], "expectedParticipants": 12, "first": 20 });
    assert_eq!(titles(&host, asked.clone()).await, order);
    let input = with(request_draft(None), json!({ "topic": topic, "languages": ["sw", "luo"] }));
    let request = training(&host, "requestTraining", "RequestTrainingInput", input).await["trainingRequest"]["id"].take();
    assert_eq!(titles(&host, json!({ "requestId": request, "first": 20 })).await, order, "a request says the same");
    assert_eq!(titles(&host, json!({ "requestId": request })).await.len(), 5);
    let data = host.data(SUGGESTED, asked).await;
    let reasons = |at: usize| -> Vec<&str> {
        data["suggestedOffers"][at]["reasons"]
            .as_array()
            .expect("reasons")
            .iter()
            .filter_map(|reason| reason["code"].as_str())
            .collect()
    };
    assert_eq!(reasons(1), ["SAME_TOPIC", "SAME_COUNTY", "LANGUAGE", "TOO_MANY_PEOPLE"]);
    assert_eq!(reasons(6), ["RELATED_TOPIC", "SAME_COUNTY", "LANGUAGE", "ROOM"]);
    let words = data["suggestedOffers"][4]["reasons"][1]["message"].as_str();
    assert_eq!(words, Some("It is held in a county that borders Nairobi."));

    for wrong in [
        json!({}),
        json!({ "topic": topic }),
        json!({ "requestId": "nothing" }),
        json!({ "topic": topic, "countyCode": "1" }),
        json!({ "topic": topic, "countyCode": "047", "first": 21 }),
        json!({ "topic": topic, "countyCode": "047", "languages": ["?"] }),
    ] {
        assert_eq!(host.error_code(SUGGESTED, wrong.clone()).await, "BAD_REQUEST", "{wrong}");
    }
    assert_eq!(trainer.error_code(SUGGESTED, json!({ "requestId": request })).await, "BAD_REQUEST", "it is another's request");
}

const UNMET: &str =
    "query ($first: Int) { unmetTrainingNeeds(first: $first) { request { id expectedParticipants } reasons { code message } } }";

#[tokio::test]
async fn trainers_see_which_open_requests_they_could_serve() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let asked = async |fields: Value| {
        let payload = training(&host, "requestTraining", "RequestTrainingInput", with(request_draft(None), fields)).await;
        payload["trainingRequest"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
    };
    let present = Month::at(Utc::now());
    let waits = asked(json!({})).await;
    let soon = asked(json!({ "preferredMonths": [present.to_string()] })).await;
    let later = asked(json!({ "preferredMonths": [present.plus(3).to_string()] })).await;
    let many = asked(json!({ "expectedParticipants": 100 })).await;
    let foreign = asked(json!({ "languages": ["fr"] })).await;
    asked(json!({ "countyCode": "001" })).await;
    asked(json!({ "topic": "SAFER_SEX" })).await;
    requested(&host, Some(OUTSIDER)).await;
    assert_eq!(trainer.data(UNMET, json!({})).await["unmetTrainingNeeds"], json!([]), "it offers nothing yet");
    offered(&trainer, json!({})).await;
    let data = trainer.data(UNMET, json!({ "first": 20 })).await;
    let needs = data["unmetTrainingNeeds"].as_array().expect("needs");
    let ids: Vec<&Value> = needs.iter().map(|need| &need["request"]["id"]).collect();
    // A host that named no month can wait. A host that named no language is served in any.
    assert_eq!(ids, [&json!(soon), &json!(later), &json!(waits), &json!(many), &json!(foreign)], "{data:#}");
    assert_eq!(needs[4]["reasons"][0]["code"], "OTHER_LANGUAGE");
    assert_eq!(trainer.data(UNMET, json!({ "first": 2 })).await["unmetTrainingNeeds"].as_array().map(Vec::len), Some(2));
    assert_eq!(host.data(UNMET, json!({})).await["unmetTrainingNeeds"], json!([]), "nobody serves itself");
}

#[tokio::test]
async fn how_satisfied_people_were_is_published_from_three_hosts_on_and_each_weighs_the_same() {
    let world = World::new().await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    offered(&trainer, json!({})).await;
    let hosts: Vec<_> = MEMBERS
        .into_iter()
        .filter(|host| host.status == pamoja_domain::organisation::MembershipStatus::Active && *host != RECEIVER)
        .collect();
    assert!(hosts.len() >= 3);
    // One host came often, and was never satisfied.
    for (host, times, mean) in [(hosts[0], 4, 1.0), (hosts[1], 1, 5.0), (hosts[2], 1, 5.0)] {
        for _ in 0..times {
            let client = world.client(host, Role::Trainer).await;
            let id = held(&client, &trainer, RECEIVER).await;
            evaluated(&trainer, &id, json!({ "satisfactionMean": mean })).await;
        }
    }
    let satisfaction = async || {
        let peer = world.client(SENDER, Role::PeerEducator).await;
        let data = peer.data("{ trainingOffers { nodes { satisfaction } } }", json!({})).await;
        data["trainingOffers"]["nodes"][0]["satisfaction"].clone()
    };
    let publish = async || job::publish_satisfaction(&world.worker, RECEIVER.id()).await.expect("it is published");
    publish().await;
    assert_eq!(satisfaction().await, Value::Null, "this month's count from the next on");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute("UPDATE training_evaluation SET evaluated_at = evaluated_at - interval '40 days'")
        .await
        .expect("before");
    publish().await;
    // (1 + 5 + 5) / 3, rounded to the half; over all sessions it would be 2.5.
    assert_eq!(satisfaction().await, json!(3.5));
    superuser.batch_execute("UPDATE training_evaluation SET satisfaction_mean = 5").await.expect("put right");
    publish().await;
    assert_eq!(satisfaction().await, json!(3.5), "it stays for the month");
    superuser.batch_execute("DELETE FROM training_satisfaction; DELETE FROM training_evaluation WHERE session_id NOT IN (SELECT id FROM training_session WHERE hosts[1] = (SELECT hosts[1] FROM training_session GROUP BY 1 ORDER BY count(*) DESC LIMIT 1))").await.expect("one host alone");
    publish().await;
    assert_eq!(satisfaction().await, Value::Null, "four sessions of one host are not enough");
}
