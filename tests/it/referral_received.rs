//! The receiver's list: who can still be reached in time comes before who can't, at every moment, however it is paged.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{ReceivedPart, ReceivedPlace, ReferralStatus, listed_at};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, World};
use crate::referral::{desks, draft};

const LIST: &str = "query ($filter: ReferralFilter, $first: Int, $after: String, $last: Int, $before: String) {
    referrals(direction: INCOMING, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        nodes { id status actBefore createdAt overdue } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// Referrals with and without a time limit, in every state that the receiver can bring about: each state with several limits.
async fn received(world: &World) {
    let (sender, receiver) = desks(world).await;
    for round in 0..3 {
        for (number, moves) in [
            vec![],
            vec!["waitlistReferral"],
            vec!["acceptReferral"],
            vec!["acceptReferral", "scheduleReferral"],
            vec!["acceptReferral", "scheduleReferral", "markReferralNoShow"],
            vec!["checkInReferralWithoutSlip"],
            vec!["checkInReferralWithoutSlip", "completeReferral"],
            vec!["declineReferral"],
        ]
        .into_iter()
        .enumerate()
        {
            for (service_type, hours) in
                [(ServiceType::HivTesting, None), (ServiceType::Pep, Some((round * 29 + number * 17) % 72))]
            {
                let mut input = draft(RECEIVER, service_type);
                if let Some(hours) = hours {
                    input["hoursSinceExposure"] = json!(hours);
                }
                let sent = sender.create_referral(input).await;
                let id = sent["referral"]["id"].as_str().expect("an id");
                for operation in &moves {
                    let on = pamoja_domain::day::day_of(Utc::now()).to_string();
                    let moved = match *operation {
                        "scheduleReferral" => {
                            let input = json!({ "referralId": id, "on": on });
                            receiver.referral_mutation(operation, "ScheduleReferralInput", input).await
                        }
                        "declineReferral" => {
                            let input = json!({ "referralId": id, "reason": "NO_CAPACITY" });
                            receiver.referral_mutation(operation, "DeclineReferralInput", input).await
                        }
                        _ => receiver.move_referral(operation, id).await,
                    };
                    assert_eq!(moved["userErrors"], json!([]), "{operation}");
                }
            }
        }
    }
}

/// The place of a listed referral at a moment, by the domain's rule.
fn place(node: &Value, at: DateTime<Utc>) -> ReceivedPlace {
    let moment = |value: &Value| value.as_str().map(|text| text.parse::<DateTime<Utc>>().expect("a moment"));
    let (created_at, act_before) = (moment(&node["createdAt"]).expect("a moment"), moment(&node["actBefore"]));
    let status = ReferralStatus::from_code(node["status"].as_str().expect("a status")).expect("a status");
    let id: ReferralId = global_id::decode(&node["id"].as_str().expect("an id").into()).expect("an id");
    ReceivedPlace {
        part: ReceivedPart::of(act_before, status, at),
        listed_at: listed_at(created_at, act_before, status),
        id: id.0,
    }
}

async fn whole(receiver: &Client, filter: Value) -> Vec<Value> {
    let data = receiver.data(LIST, json!({ "first": 100, "filter": filter })).await;
    data["referrals"]["nodes"].as_array().expect("nodes").clone()
}

#[tokio::test]
async fn at_every_moment_the_list_is_in_the_order_that_the_domain_says() {
    let world = World::new().await;
    received(&world).await;
    for hours in [0, 5, 20, 50, 71, 73] {
        world.travel(TimeDelta::hours(hours)).await;
        let receiver = world.client(RECEIVER, Role::Caseworker).await;
        let nodes = whole(&receiver, json!({})).await;
        assert_eq!(nodes.len(), 48);
        // Between the request and now nothing has become overdue: all limits are whole hours apart from each other.
        let now = Utc::now() + TimeDelta::hours(hours);
        let places: Vec<ReceivedPlace> = nodes.iter().map(|node| place(node, now)).collect();
        assert!(places.is_sorted(), "after {hours} hours: {nodes:#?}");
        for (node, place) in nodes.iter().zip(&places) {
            assert_eq!(node["overdue"], place.part == ReceivedPart::Overdue, "{node}");
        }
        let parts = |part| places.iter().filter(|place| place.part == part).count();
        let waits = parts(ReceivedPart::InTime);
        assert_eq!((waits + parts(ReceivedPart::Overdue), waits == 0), (15, hours == 73), "after {hours} hours");
        for overdue in [true, false] {
            let kept: Vec<&Value> = nodes.iter().filter(|node| node["overdue"] == overdue).collect();
            let filtered = whole(&receiver, json!({ "overdue": overdue })).await;
            assert_eq!(filtered.iter().collect::<Vec<_>>(), kept, "after {hours} hours, overdue: {overdue}");
        }
    }
    // The keys that are stored are those that the domain gives the recorded state.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rows = superuser
        .query(
            "SELECT referral.created_at::text, progress.act_before::text, status, listed_at::text FROM referral_progress AS progress JOIN referral ON id = referral_id",
            &[],
        )
        .await
        .expect("the keys");
    let moment = |text: String| DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%#z").expect("a moment").with_timezone(&Utc);
    for row in rows {
        let status = ReferralStatus::from_code(row.get::<_, &str>(2)).expect("a status");
        let expected = listed_at(moment(row.get(0)), row.get::<_, Option<String>>(1).map(moment), status);
        assert_eq!(moment(row.get(3)), expected, "{status}");
    }
}

#[tokio::test]
async fn nothing_is_skipped_or_repeated_while_the_time_runs_out_between_two_pages() {
    let world = World::new().await;
    received(&world).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let there: Vec<Value> = whole(&receiver, json!({})).await.iter().map(|node| node["id"].clone()).collect();
    for (size, backwards) in [(1, false), (7, false), (20, false), (1, true), (7, true)] {
        let [size_name, cursor_name, end, more] = if backwards {
            ["last", "before", "startCursor", "hasPreviousPage"]
        } else {
            ["first", "after", "endCursor", "hasNextPage"]
        };
        let (mut read, mut cursor, mut hours) = (Vec::new(), Value::Null, 0);
        loop {
            world.travel(TimeDelta::hours(hours)).await;
            let receiver = world.client(RECEIVER, Role::Caseworker).await;
            let page = receiver.data(LIST, json!({ size_name: size, cursor_name: cursor })).await["referrals"].take();
            let ids: Vec<Value> = page["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone()).collect();
            read = if backwards { [ids, read].concat() } else { [read, ids].concat() };
            if page["pageInfo"][more] == false {
                break;
            }
            cursor = page["pageInfo"][end].clone();
            hours += if size == 1 { 2 } else { 11 };
        }
        assert_eq!(read, there, "pages of {size}, backwards: {backwards}");
        world.travel(TimeDelta::zero()).await;
    }
}

#[tokio::test]
async fn cursors_of_two_readings_are_not_one_page_and_a_made_up_place_is_none() {
    let world = World::new().await;
    received(&world).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let cursors = async || {
        let data = receiver.data(LIST, json!({ "first": 3 })).await["referrals"]["pageInfo"].take();
        (data["startCursor"].clone(), data["endCursor"].clone())
    };
    let ((one, last), (other, _)) = (cursors().await, cursors().await);
    let between = receiver.data(LIST, json!({ "after": one, "before": last })).await;
    assert_eq!(between["referrals"]["nodes"].as_array().map(Vec::len), Some(1), "what lies between the first and the third");
    let mut wrong = vec![json!({ "after": other, "before": last })];
    let id = uuid::Uuid::new_v4();
    for place in [
        format!(r#"["2026-01-01T00:00:00Z",4,"2026-01-01T00:00:00Z","{id}"]"#),
        format!(r#"["2026-01-01T00:00:00Z",-1,"2026-01-01T00:00:00Z","{id}"]"#),
        format!(r#"["0001-01-01T00:00:00Z",0,"2026-01-01T00:00:00Z","{id}"]"#),
        format!(r#"["2026-01-01T00:00:00Z",0,"10000-01-01T00:00:00Z","{id}"]"#),
    ] {
        let cursor = format!(r#"["referrals INCOMING by the time left",{place}]"#);
        wrong.push(json!({ "after": data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes()) }));
    }
    for variables in wrong {
        assert_eq!(receiver.error_code(LIST, variables.clone()).await, "BAD_REQUEST", "{variables}");
    }
}
