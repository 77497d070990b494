//! Nobody is forgotten: which task waits for whom, from when, and until it is done.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_domain::day::day_of;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{draft, with};
use crate::referral_circumstance::vouched;
use crate::service::{change, offered};

/// The kinds of task about trainings.
const TRAININGS: [&str; 4] = ["ANSWER_TRAINING_REQUEST", "TAKE_TRAINING_REQUEST", "RECORD_TRAINING", "FOLLOW_UP_TRAINING"];

const TASKS: &str = "query ($kinds: [TaskKind!], $first: Int) { viewer { tasks(kinds: $kinds, first: $first) { hasMore nodes {
    kind instruction dueAt overdue hoursLeft dismissable nodeId subject { __typename id } referral { id createdAt expiresAt actBefore } service { id }
    alternatives { service { id } reasons { code } } } } taskCounts { kind count more } } }";
/// The kinds of task about referrals.
pub const REFERRALS: [&str; 12] = [
    "ANSWER_TIME_CRITICAL",
    "ANSWER_CHECK_IN",
    "OVERDUE_CLIENT",
    "NO_ANSWER",
    "REFER_ELSEWHERE",
    "FOLLOW_UP_REFERRAL",
    "ANSWER_REFERRAL",
    "TAKE_OPEN_REFERRAL",
    "SCHEDULED_TODAY",
    "MARK_YESTERDAY",
    "RECORD_OUTCOME",
    "EXPIRING_SOON",
];

/// These, and those about violations that whoever refers and documents has, in the order of the kinds.
fn with_violations() -> impl Iterator<Item = &'static str> {
    REFERRALS.into_iter().take(1).chain(["ACT_ON_VIOLATION"]).chain(REFERRALS.into_iter().skip(1)).chain(["DOCUMENT_TURNED_AWAY"])
}

pub async fn viewer(client: &Client, kinds: Value) -> Value {
    let viewer = client.data(TASKS, json!({ "kinds": kinds, "first": 100 })).await["viewer"].take();
    for task in viewer["tasks"]["nodes"].as_array().expect("tasks") {
        assert_eq!(task["subject"]["id"], task["nodeId"], "the subject is what the task is about");
        let kind = match (&task["referral"], &task["service"]) {
            (Value::Null, Value::Null) => "TrainingRequest",
            (Value::Null, _) => "Service",
            _ => "Referral",
        };
        assert_eq!(task["subject"]["__typename"], kind);
    }
    viewer
}

/// The viewer's tasks about referrals.
pub async fn tasks(client: &Client) -> Vec<Value> {
    let mut viewer = viewer(client, json!(REFERRALS)).await;
    viewer["tasks"]["nodes"].as_array_mut().expect("tasks").drain(..).collect()
}

/// The kinds of the viewer's tasks about referrals.
pub async fn kinds(client: &Client) -> Vec<String> {
    tasks(client).await.iter().map(|task| task["kind"].as_str().expect("a kind").to_owned()).collect()
}

pub fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().expect("a moment")
}

pub async fn send(sender: &Client, input: Value) -> String {
    let payload = sender.create_referral(input).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["referral"]["id"].as_str().expect("an id").to_owned()
}

/// An urgent referral, whose client can't wait.
pub fn urgent() -> Value {
    with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 12 }))
}

/// A caseworker of the sender and one of the receiver, after that time has passed.
pub async fn desks_after(world: &World, by: TimeDelta) -> (Client, Client) {
    world.travel(by).await;
    crate::referral::desks(world).await
}

pub const NONE: [&str; 0] = [];

#[tokio::test]
async fn a_client_who_cannot_wait_calls_the_receiver_and_after_an_hour_the_sender_until_somebody_answers() {
    let world = World::new().await;
    let own = vouched(&world, "PEP").await;
    let (sender, receiver) = desks_after(&world, TimeDelta::zero()).await;
    let id = send(&sender, urgent()).await;
    let found = tasks(&receiver).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let task = &found[0];
    assert_eq!((&task["kind"], &task["overdue"]), (&json!("ANSWER_TIME_CRITICAL"), &json!(false)));
    let instruction = task["instruction"].as_str().expect("words");
    assert!(instruction.starts_with("This client can't wait."), "{instruction}");
    assert_eq!((&task["nodeId"], &task["referral"]["id"], &task["service"]), (&json!(id), &json!(id), &Value::Null));
    assert_eq!(moment(&task["dueAt"]) - moment(&task["referral"]["createdAt"]), TimeDelta::minutes(60));
    assert_eq!(task["alternatives"], json!([]), "whoever is asked is the one");
    assert_eq!(kinds(&sender).await, NONE);

    let (sender, receiver) = desks_after(&world, TimeDelta::minutes(61)).await;
    assert_eq!(tasks(&receiver).await[0]["overdue"], true);
    let asked = tasks(&sender).await;
    assert_eq!((asked.len(), &asked[0]["kind"], &asked[0]["overdue"]), (1, &json!("NO_ANSWER"), &json!(true)));
    assert_eq!(asked[0]["dueAt"], found[0]["dueAt"]);
    let alternatives = asked[0]["alternatives"].as_array().expect("alternatives");
    let services: Vec<&Value> = alternatives.iter().map(|alternative| &alternative["service"]["id"]).collect();
    assert_eq!(services, [&json!(own)], "not the one that doesn't answer");
    assert!(alternatives[0]["reasons"].as_array().expect("reasons").contains(&json!({ "code": "ACCOMPANIED" })));
    receiver.move_referral("acceptReferral", &id).await;
    assert_eq!((kinds(&sender).await, kinds(&receiver).await), (vec![], vec![]));

    let (sender, receiver) = desks_after(&world, TimeDelta::hours(61)).await;
    for desk in [&sender, &receiver] {
        let overdue = tasks(desk).await;
        assert_eq!((overdue.len(), &overdue[0]["kind"]), (1, &json!("OVERDUE_CLIENT")));
        assert_eq!(overdue[0]["dueAt"], overdue[0]["referral"]["actBefore"]);
    }
    receiver.move_referral("checkInReferralWithoutSlip", &id).await;
    assert_eq!((kinds(&sender).await, kinds(&receiver).await), (vec![], vec![]));
}

#[tokio::test]
async fn what_can_wait_is_to_be_answered_by_its_urgency_and_the_most_pressing_stands_first() {
    let world = World::new().await;
    let (sender, receiver) = desks_after(&world, TimeDelta::zero()).await;
    let mut sent = Vec::new();
    for (urgency, hours) in [("ROUTINE", 72), ("EMERGENCY", 4), ("URGENT", 24)] {
        let id = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "urgency": urgency }))).await;
        sent.push((id, hours));
    }
    let found = tasks(&receiver).await;
    let order: Vec<&Value> = found.iter().map(|task| &task["nodeId"]).collect();
    assert_eq!(order, [&json!(sent[1].0), &json!(sent[2].0), &json!(sent[0].0)]);
    for task in &found {
        let hours = sent.iter().find(|(id, _)| task["nodeId"] == json!(id)).map(|(_, hours)| *hours);
        assert_eq!(task["kind"], "ANSWER_REFERRAL");
        assert_eq!(Some((moment(&task["dueAt"]) - moment(&task["referral"]["createdAt"])).num_hours()), hours);
    }
    // A task that can't wait goes before one that has long been due.
    let (sender, receiver) = desks_after(&world, TimeDelta::days(4)).await;
    let critical = send(&sender, urgent()).await;
    let found = tasks(&receiver).await;
    assert_eq!((found.len(), &found[0]["nodeId"], &found[0]["overdue"]), (4, &json!(critical), &json!(false)));
    assert!(found[1..].iter().all(|task| task["overdue"] == true));
    let first = receiver.data(TASKS, json!({ "kinds": null, "first": 1 })).await["viewer"]["tasks"].take();
    assert_eq!((&first["hasMore"], &first["nodes"][0]["nodeId"]), (&json!(true), &json!(critical)));
    for wrong in [0, 101, -1] {
        assert_eq!(receiver.error_code(TASKS, json!({ "first": wrong })).await, "BAD_REQUEST");
    }
    for (id, _) in &sent {
        receiver.move_referral("waitlistReferral", id).await;
    }
    assert_eq!(kinds(&receiver).await, ["ANSWER_TIME_CRITICAL"]);
}

#[tokio::test]
async fn who_can_still_be_helped_stands_before_those_whose_time_has_passed() {
    let world = World::new().await;
    let hours = |hours: i64| with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": hours }));
    let (sender, receiver) = desks_after(&world, TimeDelta::zero()).await;
    let long_ago = send(&sender, hours(40)).await;
    let lately = send(&sender, hours(10)).await;
    assert_eq!(kinds(&receiver).await, ["ANSWER_TIME_CRITICAL"; 2]);
    let (sender, receiver) = desks_after(&world, TimeDelta::days(20)).await;
    let fresh = send(&sender, hours(2)).await;
    let pressing = send(&sender, hours(70)).await;
    let ids = async |client: &Client| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        tasks(client).await.iter().map(|task| (text(&task["kind"]), text(&task["nodeId"]))).collect()
    };
    let named = |kinds: [&str; 4]| -> Vec<(String, String)> {
        let ids = [&pressing, &fresh, &lately, &long_ago];
        kinds.iter().zip(ids).map(|(kind, id)| ((*kind).to_owned(), id.clone())).collect()
    };
    let overdue = "OVERDUE_CLIENT";
    let expected = named(["ANSWER_TIME_CRITICAL", "ANSWER_TIME_CRITICAL", overdue, overdue]);
    assert_eq!(ids(&receiver).await, expected, "one who passed is overdue alone");
    let (sender, receiver) = desks_after(&world, TimeDelta::days(20) + TimeDelta::minutes(61)).await;
    assert_eq!(ids(&sender).await, named(["NO_ANSWER", "NO_ANSWER", overdue, overdue]));
    // A shorter list holds the most pressing tasks.
    let first = receiver.data(TASKS, json!({ "kinds": null, "first": 1 })).await["viewer"]["tasks"].take();
    assert_eq!((&first["hasMore"], &first["nodes"][0]["nodeId"]), (&json!(true), &json!(pressing)));
}

#[tokio::test]
async fn the_agreed_day_is_followed_until_somebody_says_how_it_went() {
    let world = World::new().await;
    let (sender, receiver) = desks_after(&world, TimeDelta::zero()).await;
    let id = send(&sender, draft(RECEIVER, ServiceType::HivTesting)).await;
    receiver.move_referral("acceptReferral", &id).await;
    let today = day_of(world.app.database.now());
    let schedule = json!({ "referralId": id, "on": today.to_string() });
    receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", schedule).await;
    let found = tasks(&receiver).await;
    assert_eq!((found.len(), &found[0]["kind"], &found[0]["overdue"]), (1, &json!("SCHEDULED_TODAY"), &json!(false)));
    let (sender, receiver) = desks_after(&world, TimeDelta::days(1)).await;
    let found = tasks(&receiver).await;
    assert_eq!((found.len(), &found[0]["kind"], &found[0]["overdue"]), (1, &json!("MARK_YESTERDAY"), &json!(true)));
    assert_eq!(moment(&found[0]["dueAt"]), pamoja_domain::day::start_of_day(today + chrono::Days::new(1)));
    receiver.move_referral("markReferralNoShow", &id).await;
    assert_eq!((kinds(&sender).await, kinds(&receiver).await), (vec!["FOLLOW_UP_REFERRAL".to_owned()], vec![]));
    let on = (today + chrono::Days::new(5)).to_string();
    receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })).await;
    assert_eq!((kinds(&sender).await, kinds(&receiver).await), (vec![], vec![]));

    let (sender, receiver) = desks_after(&world, TimeDelta::days(26)).await;
    let found = tasks(&sender).await;
    assert_eq!((found.len(), &found[0]["kind"]), (1, &json!("EXPIRING_SOON")));
    assert_eq!(found[0]["dueAt"], found[0]["referral"]["expiresAt"]);
    receiver.move_referral("checkInReferralWithoutSlip", &id).await;
    assert_eq!((kinds(&sender).await, kinds(&receiver).await), (vec![], vec![]));
    let (_, receiver) = desks_after(&world, TimeDelta::days(34)).await;
    assert_eq!(kinds(&receiver).await, ["RECORD_OUTCOME"]);
    receiver.move_referral("completeReferral", &id).await;
    assert_eq!(kinds(&receiver).await, NONE);
}

#[tokio::test]
async fn what_silently_expired_is_the_senders_alone_to_follow_up() {
    let world = World::new().await;
    let (sender, _) = desks_after(&world, TimeDelta::zero()).await;
    send(&sender, urgent()).await;
    send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "toOrganisationId": null }))).await;
    let (sender, receiver) = desks_after(&world, TimeDelta::days(29)).await;
    let expected = ["OVERDUE_CLIENT", "NO_ANSWER", "EXPIRING_SOON", "EXPIRING_SOON"];
    let mut found = kinds(&sender).await;
    found.sort_by_key(|kind| expected.iter().position(|known| known == kind));
    assert_eq!(found, expected);
    assert_eq!(kinds(&receiver).await, ["OVERDUE_CLIENT", "TAKE_OPEN_REFERRAL"]);
    let (sender, receiver) = desks_after(&world, TimeDelta::days(30)).await;
    assert_eq!(kinds(&sender).await, ["FOLLOW_UP_REFERRAL"; 2]);
    assert_eq!(kinds(&receiver).await, NONE);
}

#[tokio::test]
async fn an_open_referral_is_everybodys_who_could_take_it_until_one_does() {
    let world = World::new().await;
    let (sender, receiver) = desks_after(&world, TimeDelta::zero()).await;
    let open = json!({ "toOrganisationId": null, "urgency": "EMERGENCY" });
    let id = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), open)).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    for taker in [&receiver, &outsider] {
        let found = tasks(taker).await;
        assert_eq!((found.len(), &found[0]["kind"], &found[0]["nodeId"]), (1, &json!("TAKE_OPEN_REFERRAL"), &json!(id)));
        assert_eq!(moment(&found[0]["dueAt"]) - moment(&found[0]["referral"]["createdAt"]), TimeDelta::hours(4));
    }
    assert_eq!(kinds(&sender).await, NONE);
    let (sender, receiver) = desks_after(&world, TimeDelta::hours(5)).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    assert_eq!(kinds(&sender).await, ["NO_ANSWER"]);
    receiver.move_referral("acceptReferral", &id).await;
    for client in [&sender, &receiver, &outsider] {
        assert_eq!(kinds(client).await, NONE);
    }
}

#[tokio::test]
async fn whoever_goes_along_records_how_it_ended_and_is_never_asked_for_an_answer() {
    let world = World::new().await;
    let service = vouched(&world, "PEP").await;
    let accompanied = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service });
    let input = with(draft(SENDER, ServiceType::Pep), accompanied);
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let id = send(&peer, with(input.clone(), json!({ "hoursSinceExposure": 1 }))).await;
    let other = world.client_of(SENDER, "second-peer").await;
    for client in [&peer, &other] {
        assert_eq!(kinds(client).await, NONE);
    }
    world.travel(TimeDelta::hours(49)).await;
    let (peer, other, caseworker) = (
        world.client(SENDER, Role::PeerEducator).await,
        world.client_of(SENDER, "second-peer").await,
        world.client(SENDER, Role::Caseworker).await,
    );
    assert_eq!(kinds(&peer).await, ["RECORD_OUTCOME"]);
    assert_eq!(kinds(&caseworker).await, ["RECORD_OUTCOME"]);
    assert_eq!(kinds(&other).await, NONE, "a peer educator's tasks are about referrals of their own");
    peer.move_referral("acceptReferral", &id).await;
    let on = day_of(world.app.database.now()).to_string();
    peer.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })).await;
    for client in [&peer, &caseworker] {
        assert_eq!(kinds(client).await, ["SCHEDULED_TODAY"]);
    }
    peer.move_referral("checkInReferralWithoutSlip", &id).await;
    assert_eq!(kinds(&peer).await, ["RECORD_OUTCOME"]);
    peer.move_referral("completeReferral", &id).await;
    for client in [&peer, &caseworker] {
        assert_eq!(kinds(client).await, NONE);
    }
}

#[tokio::test]
async fn each_role_is_shown_what_it_can_act_on_and_other_organisations_nothing() {
    let world = World::new().await;
    let (sender, _) = desks_after(&world, TimeDelta::zero()).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let (own, other) = (send(&peer, urgent()).await, send(&sender, urgent()).await);
    world.travel(TimeDelta::hours(2)).await;
    let ids = |tasks: Vec<Value>| -> Vec<String> {
        let mut ids: Vec<String> = tasks.iter().map(|task| task["nodeId"].as_str().expect("an id").to_owned()).collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![own.clone(), other];
    both.sort_unstable();
    for (member, role, seen) in [
        (SENDER, Role::PeerEducator, vec![own]),
        (SENDER, Role::Caseworker, both.clone()),
        (RECEIVER, Role::Caseworker, both),
        (RECEIVER, Role::PeerEducator, vec![]),
        (RECEIVER, Role::Trainer, vec![]),
        (RECEIVER, Role::Analyst, vec![]),
        (RECEIVER, Role::OrganisationAdmin, vec![]),
        (RECEIVER, Role::CoalitionAdmin, vec![]),
        (OUTSIDER, Role::Caseworker, vec![]),
        (OUTSIDER, Role::PeerEducator, vec![]),
    ] {
        let client = world.client(member, role).await;
        assert_eq!(ids(tasks(&client).await), seen, "{role} of {}", member.slug);
        let counts = viewer(&client, Value::Null).await["taskCounts"].take();
        let counted: Vec<&str> = counts.as_array().expect("counts").iter().filter_map(|count| count["kind"].as_str()).collect();
        let expected: Vec<&str> = match role {
            Role::Caseworker => with_violations().chain(["STATE_CAPACITY"]).collect(),
            Role::PeerEducator => with_violations()
                .filter(|kind| !["ANSWER_TIME_CRITICAL", "ANSWER_REFERRAL", "TAKE_OPEN_REFERRAL"].contains(kind))
                .collect(),
            Role::OrganisationAdmin => {
                TRAININGS.into_iter().chain(["RELEASE_SENSITISATION", "STATE_CAPACITY", "CHECK_FACILITY"]).collect()
            }
            Role::Trainer => TRAININGS.into_iter().chain(["RELEASE_SENSITISATION"]).collect(),
            Role::Paralegal => vec!["ACT_ON_VIOLATION", "FOLLOW_UP_VIOLATION"],
            _ => vec![],
        };
        assert_eq!(counted, expected, "{role}");
    }
}

#[tokio::test]
async fn a_capacity_is_asked_for_before_it_tells_nothing_any_more() {
    let world = World::new().await;
    let of = async |role: Role| -> Vec<Value> {
        let mut viewer = viewer(&world.client(RECEIVER, role).await, json!(["STATE_CAPACITY"])).await;
        viewer["tasks"]["nodes"].as_array_mut().expect("tasks").drain(..).collect()
    };
    assert_eq!(of(Role::OrganisationAdmin).await, [Value::Null; 0], "all was stated when the coalition was founded");
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let new = offered(&admin, json!({ "serviceType": "SHELTER", "name": "A new one" })).await;
    for role in [Role::OrganisationAdmin, Role::Caseworker] {
        let found = of(role).await;
        assert_eq!((found.len(), &found[0]["service"]["id"], &found[0]["overdue"]), (1, &json!(new), &json!(true)));
        assert_eq!((&found[0]["nodeId"], &found[0]["referral"]), (&json!(new), &Value::Null));
    }
    let state = json!({ "serviceId": new, "capacity": "LIMITED" });
    change(&admin, "setServiceCapacity", "SetServiceCapacityInput", state).await;
    assert_eq!(of(Role::Caseworker).await, [Value::Null; 0]);
    world.travel(TimeDelta::days(26)).await;
    let found = of(Role::Caseworker).await;
    assert_eq!(found.len(), 4, "three of the foundation and the new one");
    assert!(found.iter().all(|task| task["overdue"] == false));
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": new })).await;
    assert_eq!(of(Role::Caseworker).await.len(), 3);
    world.travel(TimeDelta::days(31)).await;
    assert!(of(Role::OrganisationAdmin).await.iter().all(|task| task["overdue"] == true));
    assert_eq!(of(Role::Analyst).await, [Value::Null; 0]);
}

#[tokio::test]
async fn who_says_that_nobody_knows_has_neither_stated_nor_checked_anything() {
    let world = World::new().await;
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let service = pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::Pep));
    let read = async || {
        let query = "query ($id: ID!) { node(id: $id) { ... on Service { capacity capacityUpdatedAt checkedAt } } viewer { taskCounts { kind count } } }";
        let mut data = desk.data(query, json!({ "id": service })).await;
        let counts = data["viewer"]["taskCounts"].as_array().expect("counts").clone();
        let tasks = counts.iter().find(|count| count["kind"] == "STATE_CAPACITY").map(|count| count["count"].clone());
        (data["node"].take(), tasks)
    };
    let set = async |capacity: &str| {
        let query = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
        let set = desk.data(query, json!({ "input": { "serviceId": service, "capacity": capacity } })).await;
        assert_eq!(set["setServiceCapacity"]["userErrors"], json!([]));
    };
    let (before, none) = read().await;
    set("UNKNOWN").await;
    let (unknown, one) = read().await;
    assert_eq!((&unknown["capacity"], &unknown["capacityUpdatedAt"]), (&json!("UNKNOWN"), &serde_json::Value::Null));
    assert_eq!(unknown["checkedAt"], before["checkedAt"], "nobody looked");
    assert_eq!((none, one), (Some(json!(0)), Some(json!(1))), "the question stays open");
    set("LIMITED").await;
    let (stated, none) = read().await;
    assert!(stated["checkedAt"] != before["checkedAt"] && !stated["capacityUpdatedAt"].is_null());
    assert_eq!(none, Some(json!(0)));
}
