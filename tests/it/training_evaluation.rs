//! What the hosts of a joint session learn of each other's people: from the evaluation, from figures, from what changes and from
//! what is published.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::training::EVALUATION_OPEN;
use pamoja_domain::user::Role;
use pamoja_persistence::job;
use serde_json::{Value, json};

use crate::client_report::{month, rows_visible_to};
use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::training::{delivered, evaluated, offered, refused, requested, scheduled, step};

const EVALUATION: &str = "query ($id: ID!) { node(id: $id) { ... on TrainingRequest { session {
    evaluation { satisfactionMean preScoreMean postScoreMean pairs } } } } }";

/// What the viewer reads of the evaluation of a request's session.
async fn read(client: &Client, id: &str) -> Value {
    client.data(EVALUATION, json!({ "id": id })).await["node"]["session"]["evaluation"].take()
}

/// A session of the receiver that was held for these hosts, with so many people of each; returns the hosts' requests.
async fn held_for(world: &World, came: &[(Member, i32)]) -> Vec<String> {
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    let (mut ids, mut session, mut counts) = (Vec::new(), Value::Null, Vec::new());
    for (host, people) in came {
        let id = requested(&world.client(*host, Role::Trainer).await, Some(RECEIVER)).await;
        step(&trainer, "acceptTrainingRequest", &id, None).await;
        let payload = scheduled(&trainer, &id, json!({ "sessionId": session })).await;
        session = payload["trainingRequest"]["session"]["id"].clone();
        counts.push(json!({ "cadre": "STAFF", "count": people, "organisationId": global_id::encode(host.id()) }));
        ids.push(id);
    }
    let payload = delivered(&trainer, &ids[0], json!(counts)).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    ids
}

/// A little longer than an evaluation can be put right.
fn settled() -> TimeDelta {
    EVALUATION_OPEN + TimeDelta::minutes(1)
}

fn scores(pairs: i32) -> Value {
    json!({ "satisfactionMean": 4.37, "preScoreMean": 41.8, "postScoreMean": 70.3, "pairs": pairs })
}

const FIGURES: &str = "query ($by: TrainingFigureGrouping!) { ownTrainingFigures(side: RECEIVED, by: $by, from: \"2026-01\", through: \"2030-12\") {
    total { trainings participants scoreGain scorePairs } rows { scoreGain scorePairs } } }";

#[tokio::test]
async fn of_five_people_and_one_the_five_peoples_host_reads_nothing_and_nobody_but_the_trainer_the_pairs() {
    let world = World::new().await;
    let ids = held_for(&world, &[(SENDER, 5), (OUTSIDER, 1)]).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    assert_eq!(evaluated(&trainer, &ids[0], scores(6)).await["userErrors"], json!([]));
    world.travel(settled()).await;
    let exact = json!({ "satisfactionMean": 4.37, "preScoreMean": 41.8, "postScoreMean": 70.3, "pairs": 6 });
    let rounded = json!({ "satisfactionMean": 4.5, "preScoreMean": 42.0, "postScoreMean": 70.5, "pairs": null });
    assert_eq!(read(&world.client(RECEIVER, Role::Trainer).await, &ids[0]).await, exact);
    assert_eq!(read(&world.client(SENDER, Role::Trainer).await, &ids[0]).await, Value::Null);
    assert_eq!(read(&world.client(OUTSIDER, Role::Trainer).await, &ids[1]).await, rounded);
    for (host, people, gain) in [(SENDER, 5, Value::Null), (OUTSIDER, 1, json!(28.5))] {
        let analyst = world.client(host, Role::Analyst).await;
        for by in ["TOPIC", "MONTH", "CADRE"] {
            let figures = analyst.data(FIGURES, json!({ "by": by })).await["ownTrainingFigures"].take();
            let expected = json!({ "trainings": 1, "participants": people, "scoreGain": gain, "scorePairs": 0 });
            assert_eq!(figures["total"], expected, "{} by {by}", host.slug);
            assert_eq!(figures["rows"][0]["scoreGain"], if by == "CADRE" { Value::Null } else { gain.clone() });
        }
    }
}

#[tokio::test]
async fn five_and_five_are_told_to_both_once_nothing_can_be_put_right_any_more() {
    let world = World::new().await;
    let ids = held_for(&world, &[(SENDER, 5), (OUTSIDER, 5)]).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    // Nine pairs may be of four people of either, so only how satisfied all were is told.
    evaluated(&trainer, &ids[0], scores(9)).await;
    let hosts = [(SENDER, &ids[0]), (OUTSIDER, &ids[1])];
    for (host, id) in hosts {
        assert_eq!(read(&world.client(host, Role::Trainer).await, id).await, Value::Null, "it can still change");
    }
    world.travel(EVALUATION_OPEN - TimeDelta::minutes(5)).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    let corrected = json!({ "satisfactionMean": 3.8, "preScoreMean": 41.8, "postScoreMean": 72.1, "pairs": 9 });
    assert_eq!(evaluated(&trainer, &ids[1], corrected.clone()).await["userErrors"], json!([]));
    world.travel(settled()).await;
    let told = json!({ "satisfactionMean": 4.0, "preScoreMean": null, "postScoreMean": null, "pairs": null });
    for (host, id) in hosts {
        assert_eq!(read(&world.client(host, Role::Trainer).await, id).await, told);
    }
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    let late = evaluated(&trainer, &ids[0], scores(10)).await;
    assert_eq!(refused(&late).0, "ILLEGAL_TRANSITION", "{late:#}");
    let message = late["userErrors"][0]["message"].as_str().expect("a message");
    assert!(message.starts_with("What people thought and learned can be put right for seven days."), "{message}");
    assert_eq!(read(&trainer, &ids[0]).await, corrected);
    for (host, id) in hosts {
        assert_eq!(read(&world.client(host, Role::Trainer).await, id).await, told, "a second reading tells no more");
    }
}

#[tokio::test]
async fn ten_pairs_of_five_and_five_are_told_and_a_host_alone_reads_its_own_at_once() {
    let world = World::new().await;
    let both = held_for(&world, &[(SENDER, 5), (OUTSIDER, 5)]).await;
    let alone = held_for(&world, &[(SENDER, 6)]).await;
    let trainer = world.client(RECEIVER, Role::Trainer).await;
    for (id, pairs) in [(&both[0], 10), (&alone[0], 5)] {
        assert_eq!(evaluated(&trainer, id, scores(pairs)).await["userErrors"], json!([]));
    }
    let rounded = json!({ "satisfactionMean": 4.5, "preScoreMean": 42.0, "postScoreMean": 70.5, "pairs": null });
    let host = world.client(SENDER, Role::Trainer).await;
    assert_eq!((read(&host, &alone[0]).await, read(&host, &both[0]).await), (rounded.clone(), Value::Null));
    world.travel(settled()).await;
    let host = world.client(SENDER, Role::Trainer).await;
    assert_eq!((read(&host, &alone[0]).await, read(&host, &both[0]).await), (rounded.clone(), rounded));
}

/// What PostgreSQL shows a member of trainings, without when a request last changed.
async fn seen_of_trainings(world: &World, member: Member) -> BTreeMap<String, String> {
    let mut seen = rows_visible_to(world, member).await;
    seen.retain(|table, _| table.starts_with("training_") && table != "training_request");
    assert!(seen.len() > 6 && !seen["training_session"].is_empty());
    seen
}

/// How many people each host brought, and the hosts that must see no difference.
type Case<'a> = (&'a [(Member, i32)], &'a [Member]);

/// One person's answers change the means. Whoever could take away their own people and be left with fewer than five must be shown
/// the same, table by table and at any time; the trainer alone sees the difference.
#[tokio::test]
async fn past_the_program_a_changed_answer_of_others_few_people_moves_nothing_that_a_host_is_shown() {
    let world = World::new().await;
    let secretariat = member("secretariat");
    // For each session: who must see no difference, of all hosts.
    let cases: [Case<'_>; 4] = [
        (&[(SENDER, 5), (OUTSIDER, 1)], &[SENDER]),
        (&[(SENDER, 9), (OUTSIDER, 4)], &[SENDER]),
        (&[(SENDER, 5), (OUTSIDER, 5), (secretariat, 1)], &[SENDER, OUTSIDER]),
        (&[(SENDER, 2), (OUTSIDER, 2), (secretariat, 2)], &[SENDER, OUTSIDER, secretariat]),
    ];
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for (came, unknowing) in cases {
        let ids = held_for(&world, came).await;
        let people: i32 = came.iter().map(|(_, people)| people).sum();
        let trainer = world.client(RECEIVER, Role::Trainer).await;
        let hosts: Vec<Member> = came.iter().map(|(host, _)| *host).collect();
        evaluated(&trainer, &ids[0], scores(people)).await;
        let mut before = Vec::new();
        for host in hosts.iter().chain([&RECEIVER]) {
            before.push(seen_of_trainings(&world, *host).await);
        }
        let moved = json!({ "satisfactionMean": 1.2, "preScoreMean": 10, "postScoreMean": 20, "pairs": people });
        assert_eq!(evaluated(&trainer, &ids[0], moved).await["userErrors"], json!([]));
        let mut after = Vec::new();
        for host in hosts.iter().chain([&RECEIVER]) {
            after.push(seen_of_trainings(&world, *host).await);
        }
        let trainers = hosts.len();
        assert_ne!(before[trainers], after[trainers], "the trainer sees it");
        assert_eq!(before[..trainers], after[..trainers], "{came:?}: while it can still change");
        // Long after, whoever may know is told, and nobody else.
        superuser
            .batch_execute(
                "UPDATE training_evaluation_for_host SET readable_at = readable_at - interval '8 days' WHERE readable_at > now()",
            )
            .await
            .expect("it stands");
        for (host, before) in hosts.iter().zip(&before) {
            let told =
                seen_of_trainings(&world, *host).await["training_evaluation_for_host"] != before["training_evaluation_for_host"];
            assert_eq!(told, !unknowing.contains(host), "{came:?}: {}", host.slug);
            assert!(before["training_evaluation"].is_empty());
        }
    }
    let app = world.connect(DatabaseRole::App).await;
    let become_host = format!("SELECT test_gate.enter('{}', 'member')", SENDER.id());
    app.batch_execute(&become_host).await.expect("a tenant");
    for change in ["UPDATE training_evaluation SET pairs = 9", "DELETE FROM training_evaluation_for_host"] {
        assert_eq!(app.execute(change, &[]).await.expect("no row"), 0, "{change}");
    }
    app.batch_execute(&become_host.replace(&SENDER.id().to_string(), &RECEIVER.id().to_string())).await.expect("the trainer");
    superuser
        .batch_execute("UPDATE training_evaluation SET evaluated_at = evaluated_at - interval '8 days'")
        .await
        .expect("it stands");
    let changed = app.execute("UPDATE training_evaluation SET pairs = 9", &[]).await.expect("no row");
    assert_eq!(changed, 0, "what stands is changed past the program");
}

#[tokio::test]
async fn satisfaction_counts_sessions_that_all_hosts_may_read_and_hosts_of_five_people() {
    let world = World::new().await;
    offered(&world.client(RECEIVER, Role::Trainer).await, json!({})).await;
    let secretariat = member("secretariat");
    let record = async |came: &[(Member, i32)], mean: f64| {
        let ids = held_for(&world, came).await;
        let trainer = world.client(RECEIVER, Role::Trainer).await;
        let payload = evaluated(&trainer, &ids[0], json!({ "satisfactionMean": mean })).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    };
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let published = async || -> Value {
        superuser.batch_execute("DELETE FROM training_satisfaction").await.expect("none");
        job::publish_satisfaction(&world.worker, RECEIVER.id()).await.expect("the job");
        let peer = world.client(SENDER, Role::PeerEducator).await;
        let mut data = peer.data("{ trainingOffers { nodes { satisfaction } } }", json!({})).await;
        data["trainingOffers"]["nodes"][0]["satisfaction"].take()
    };
    record(&[(SENDER, 6)], 5.0).await;
    record(&[(OUTSIDER, 6)], 5.0).await;
    // The third host's people: one in a session of which the other host may read nothing, five where all may.
    record(&[(SENDER, 5), (secretariat, 1)], 1.0).await;
    record(&[(SENDER, 5), (OUTSIDER, 6), (secretariat, 5)], 4.0).await;
    let evaluated_at = (month(1) - TimeDelta::days(6)).to_rfc3339();
    let late = format!("UPDATE training_evaluation SET evaluated_at = '{evaluated_at}'");
    superuser.batch_execute(&late).await.expect("shortly before the month ends");
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1)).await;
    assert_eq!(published().await, Value::Null, "it can still be put right when the month begins");
    world.travel(month(2) - Utc::now() + TimeDelta::hours(1)).await;
    // The hosts' means are 4.5, 4.5 and 4. With the session of five and one they would be 3.33, 4.5 and 2.5.
    assert_eq!(published().await, json!(4.5));
    superuser.batch_execute("UPDATE training_participants SET count = 4 WHERE count = 5 AND host_organisation_id NOT IN (SELECT host_organisation_id FROM training_participants WHERE count = 6)").await.expect("one less");
    assert_eq!(published().await, Value::Null, "a host of four people doesn't count");
}
