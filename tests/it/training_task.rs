//! Tasks about trainings: the database selects the tasks that the rules name.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::day::day_of;
use pamoja_domain::id::TrainingRequestId;
use pamoja_domain::task::TaskKind;
use pamoja_domain::training::{MonthsAfter, TrainingStanding, due};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::places::Effort;
use pamoja_persistence::task::{self, TaskSubject};
use pamoja_persistence::training::{self as store};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{OUTSIDER, RECEIVER, SENDER, World};
use crate::training::{followed_up, held, offered, requested, scheduled, step, trainers};

/// Trainings in every state, held at every age that makes a difference.
async fn all_sorts(world: &World) {
    let (host, trainer) = trainers(world).await;
    offered(&trainer, json!({})).await;
    requested(&host, Some(RECEIVER)).await;
    requested(&host, None).await;
    step(&trainer, "declineTrainingRequest", &requested(&host, Some(RECEIVER)).await, Some("DATES")).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for days in [0_i64, -1, 3] {
        let id = requested(&host, Some(RECEIVER)).await;
        step(&trainer, "acceptTrainingRequest", &id, None).await;
        let payload = scheduled(&trainer, &id, json!({ "on": (day_of(Utc::now()) + Days::new(3)).to_string() })).await;
        let session: pamoja_domain::id::TrainingSessionId =
            pamoja_api::graphql::global_id::decode(&payload["trainingRequest"]["session"]["id"].as_str().expect("an id").into())
                .expect("an id");
        let query = format!("UPDATE training_session SET held_on = held_on - 3 + {days} WHERE id = '{session}'");
        superuser.batch_execute(&query).await.expect("another day");
    }
    for (days, recorded) in
        [(80, false), (95, false), (95, true), (130, false), (160, false), (200, false), (200, true), (260, false)]
    {
        let id = held(&host, &trainer, RECEIVER).await;
        let id_: TrainingRequestId = pamoja_api::graphql::global_id::decode(&id.as_str().into()).expect("an id");
        let query = format!(
            "UPDATE training_session SET held_on = held_on - {days} WHERE id = (SELECT session_id FROM training_request WHERE id = '{id_}')"
        );
        superuser.batch_execute(&query).await.expect("held before");
        if recorded {
            let months = if days > 180 { 6 } else { 3 };
            let payload = followed_up(&host, &id, json!({ "monthsAfter": months })).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
    }
    // When too few people came, nobody is asked to follow up.
    let few = held(&host, &trainer, RECEIVER).await;
    let few: TrainingRequestId = pamoja_api::graphql::global_id::decode(&few.as_str().into()).expect("an id");
    let query = format!(
        "UPDATE training_session SET held_on = held_on - 95 WHERE id = (SELECT session_id FROM training_request WHERE id = '{few}');
         UPDATE training_participants SET count = 2 WHERE request_id = '{few}'"
    );
    superuser.batch_execute(&query).await.expect("few came");
}

#[tokio::test]
async fn what_the_database_selects_is_what_the_rules_say_of_each_training() {
    let world = World::new().await;
    all_sorts(&world).await;
    let kinds: Vec<TaskKind> = TaskKind::ALL.iter().copied().filter(|kind| kind.is_about_training()).collect();
    let mut seen = BTreeSet::new();
    for (member, handle) in
        [(SENDER, "trainer"), (RECEIVER, "trainer"), (RECEIVER, "admin"), (OUTSIDER, "trainer"), (RECEIVER, "caseworker")]
    {
        let caller = world.caller(member, handle).await;
        let permit = Permit::reader(caller);
        let tx = world.app.database.read(permit, Effort::Ordinary).await.expect("a transaction");
        let (selected, expected) = read(&tx, &kinds).await.expect("it is read");
        assert_eq!(selected, expected, "{handle} of {}", member.slug);
        let counts: BTreeSet<(TaskKind, usize)> =
            task::counts(&tx).await.expect("counts").into_iter().filter(|(kind, _)| kinds.contains(kind)).collect();
        for (kind, count) in counts {
            assert_eq!(expected.iter().filter(|(known, ..)| *known == kind).count(), count, "{kind}");
        }
        seen.extend(expected.into_iter().map(|(kind, ..)| kind));
        tx.end().await;
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), kinds, "every kind was there");
}

type Found = BTreeSet<(TaskKind, Uuid, String)>;

/// What the database selects, and what the rules name among the requests that the actor sees.
async fn read(tx: &pamoja_persistence::transaction::TenantTx, kinds: &[TaskKind]) -> Result<(Found, Found), StoreError> {
    let selected = task::list(tx, kinds, 100).await?;
    let selected = selected
        .into_iter()
        .map(|task| match task.subject {
            TaskSubject::Training(id, side) => (task.kind, id.0, format!("{side} {}", task.due_at)),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut expected = Found::new();
    for direction in pamoja_domain::training::TrainingDirection::ALL {
        let page = pamoja_domain::page::Page::new(Some(100), None, None, None).expect("a page");
        for request in store::page_of_requests(tx, *direction, &store::RequestFilter::default(), &page).await?.items {
            let session = match request.session {
                Some(id) => store::find_session(tx, id).await?,
                None => None,
            };
            let ids: Vec<_> = request.session.into_iter().collect();
            let people = store::participants(tx, &ids)
                .await?
                .iter()
                .filter(|(_, count)| count.host == request.sender)
                .map(|(_, count)| count.count)
                .sum();
            let followed_up: Vec<MonthsAfter> =
                store::follow_ups(tx, &ids).await?.iter().map(|(_, follow_up)| follow_up.after).collect();
            let standing = TrainingStanding {
                status: request.status,
                created_at: request.created_at,
                open: request.receiver.is_none(),
                on: session.map(|session| session.plan.on),
                people,
                followed_up,
            };
            for kind in kinds {
                if let Some(due) = due(*kind, &standing, request.allowed(tx.actor()?), tx.at()) {
                    expected.insert((*kind, request.id.0, format!("{} {}", due.side, due.at)));
                }
            }
        }
    }
    Ok((selected, expected))
}

#[tokio::test]
async fn a_task_says_what_to_do_and_is_gone_when_it_is_done() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    let tasks = "{ viewer { taskCounts { kind count } tasks { nodes { kind instruction dueAt overdue nodeId subject { __typename id } trainingRequest { id allowedActions } referral { id } } } } }";
    let data = trainer.data(tasks, json!({})).await;
    let task = data["viewer"]["tasks"]["nodes"]
        .as_array()
        .expect("tasks")
        .iter()
        .find(|task| task["kind"] == "ANSWER_TRAINING_REQUEST")
        .expect("a task")
        .clone();
    assert_eq!(
        (&task["nodeId"], &task["trainingRequest"]["id"], &task["overdue"], &task["subject"]),
        (&json!(id), &json!(id), &json!(false), &json!({ "__typename": "TrainingRequest", "id": id })),
        "{task:#}"
    );
    assert!(task["referral"].is_null() && task["instruction"].as_str().is_some_and(|words| words.contains("training")));
    assert!(
        data["viewer"]["taskCounts"]
            .as_array()
            .expect("counts")
            .contains(&json!({ "kind": "ANSWER_TRAINING_REQUEST", "count": 1 }))
    );
    world.travel(TimeDelta::days(8)).await;
    let (_, trainer) = trainers(&world).await;
    let data = trainer.data(tasks, json!({})).await;
    assert!(data["viewer"]["tasks"]["nodes"].as_array().expect("tasks").iter().any(|task| task["overdue"] == true));
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    let data = trainer.data(tasks, json!({})).await;
    assert!(
        !data["viewer"]["tasks"]["nodes"].as_array().expect("tasks").iter().any(|task| task["kind"] == "ANSWER_TRAINING_REQUEST")
    );
}
