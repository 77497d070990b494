//! The filters of the lists of referrals, and how many a filter selects.

use std::collections::HashSet;

use chrono::{Days, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::{OrganisationId, UserId};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};
use crate::referral_circumstance::vouched;
use crate::referral_open::send;

const LIST: &str = "query ($direction: ReferralDirection!, $filter: ReferralFilter, $orderBy: ReferralOrder) {
    list: referrals(direction: $direction, filter: $filter, orderBy: $orderBy, first: 100) { totalCount totalCountIsExact
        nodes { id overdue accompanied scheduledOn reference handledBy { id } fromOrganisation { id } toOrganisation { id } } } }";

fn day(days: u64) -> String {
    (pamoja_domain::day::day_of(Utc::now()) + Days::new(days)).to_string()
}

/// Referrals of all kinds that the filters tell apart, sent by and to several organisations and handled by several people.
async fn filled(world: &World) {
    let (sender, receiver) = desks(world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let service = vouched(world, "PEP").await;
    let along = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service, "hoursSinceExposure": 71 });
    sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), along)).await;
    for (from, number) in [(&sender, 6), (&outsider, 3)] {
        for at in 0..number {
            let limit = json!({ "hoursSinceExposure": if at % 2 == 0 { 71 } else { 3 } });
            let sent = from.create_referral(with(draft(RECEIVER, ServiceType::Pep), limit)).await;
            let id = sent["referral"]["id"].as_str().expect("an id");
            if at % 3 != 0 {
                let desk = if at % 3 == 1 { &receiver } else { &colleague };
                desk.move_referral("acceptReferral", id).await;
                let input = json!({ "referralId": id, "on": day(at) });
                desk.referral_mutation("scheduleReferral", "ScheduleReferralInput", input).await;
            }
        }
    }
    sender.create_referral(with(draft(OUTSIDER, ServiceType::HivTesting), json!({}))).await;
    send(&sender, json!({})).await;
}

async fn list(client: &Client, direction: &str, filter: Value, order: Option<&str>) -> (HashSet<String>, Value) {
    let data = client.data(LIST, json!({ "direction": direction, "filter": filter, "orderBy": order })).await;
    let ids = data["list"]["nodes"].as_array().expect("nodes").iter();
    (ids.map(|node| node["id"].as_str().expect("an id").to_owned()).collect(), data["list"]["totalCount"].clone())
}

#[tokio::test]
async fn a_filter_selects_what_the_referrals_show_and_the_total_counts_it() {
    let world = World::new().await;
    filled(&world).await;
    world.travel(TimeDelta::hours(2)).await;
    let (sender, receiver) = desks(&world).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut empty_or_all = 0;
    for (client, member, direction) in
        [(&sender, SENDER, "OUTGOING"), (&receiver, RECEIVER, "INCOMING"), (&sender, SENDER, "INCOMING")]
    {
        let data = client.data(LIST, json!({ "direction": direction })).await;
        let all = data["list"]["nodes"].as_array().expect("nodes").clone();
        let own = json!(global_id::encode(member.user("caseworker")));
        let colleague = json!(global_id::encode(member.user("second-caseworker")));
        let other = if direction == "INCOMING" { "fromOrganisation" } else { "toOrganisation" };
        let haki = json!(global_id::encode(OUTSIDER.id()));
        let (from, through) = (day(1), day(3));
        let reference =
            all.iter().map(|node| text(&node["reference"])).find(|reference| !reference.is_empty()).unwrap_or("0000".into());
        type Shows<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
        let cases: Vec<(Value, Shows<'_>)> = vec![
            (json!({ "overdue": true }), Box::new(|node| node["overdue"] == true)),
            (json!({ "overdue": false }), Box::new(|node| node["overdue"] == false)),
            (json!({ "accompanied": true }), Box::new(|node| node["accompanied"] == true)),
            (json!({ "accompanied": false }), Box::new(|node| node["accompanied"] == false)),
            (json!({ "mine": true }), Box::new(|node| node["handledBy"]["id"] == own)),
            (json!({ "mine": false }), Box::new(|node| node["handledBy"]["id"] != own)),
            (json!({ "assignedTo": [colleague] }), Box::new(|node| node["handledBy"]["id"] == colleague)),
            (json!({ "assignedTo": [colleague, own] }), Box::new(|node| [&colleague, &own].contains(&&node["handledBy"]["id"]))),
            (json!({ "assignedTo": [] }), Box::new(|_| true)),
            (json!({ "assignedTo": [haki] }), Box::new(|_| false)),
            (json!({ "assignedTo": [global_id::encode(UserId(uuid::Uuid::new_v4()))] }), Box::new(|_| false)),
            (json!({ "partnerOrganisationIds": [haki] }), Box::new(|node| node[other]["id"] == haki)),
            (json!({ "partnerOrganisationIds": [global_id::encode(OrganisationId(uuid::Uuid::new_v4()))] }), Box::new(|_| false)),
            (json!({ "scheduledFrom": from }), Box::new(|node| text(&node["scheduledOn"]) >= from)),
            (
                json!({ "scheduledThrough": through }),
                Box::new(|node| node["scheduledOn"].is_string() && text(&node["scheduledOn"]) <= through),
            ),
            (json!({ "scheduledFrom": from, "scheduledThrough": from }), Box::new(|node| node["scheduledOn"] == json!(from))),
            (
                json!({ "reference": reference.to_lowercase().replace('0', "o").replace('1', " l") }),
                Box::new(|node| node["reference"] == json!(reference)),
            ),
            (
                json!({ "overdue": true, "mine": true }),
                Box::new(|node| node["overdue"] == true && node["handledBy"]["id"] == own),
            ),
        ];
        for (filter, shows) in &cases {
            let expected: HashSet<String> = all.iter().filter(|node| shows(node)).map(|node| text(&node["id"])).collect();
            for order in [None, Some("NEWEST_FIRST"), Some("RECENTLY_UPDATED_FIRST"), Some("EXPIRING_FIRST")] {
                let (found, total) = list(client, direction, filter.clone(), order).await;
                assert_eq!((&found, total), (&expected, json!(expected.len())), "{} {direction} {order:?} {filter}", member.slug);
            }
            empty_or_all += usize::from(expected.is_empty() || expected.len() == all.len());
        }
        assert!(direction == "INCOMING" && member == SENDER || all.len() >= 8, "{}", all.len());
    }
    assert!(empty_or_all < 40, "the filters select nothing or everything: {empty_or_all} of 54");
    for (filter, code) in [
        (json!({ "reference": "K7" }), "INVALID"),
        (json!({ "reference": "K7U!" }), "INVALID"),
        (json!({ "scheduledFrom": "tomorrow" }), "INVALID"),
        (json!({ "scheduledThrough": "2026-13-01" }), "INVALID"),
    ] {
        let refused = sender.error_code(LIST, json!({ "direction": "OUTGOING", "filter": filter })).await;
        assert!([code, "BAD_REQUEST"].contains(&refused.as_str()), "{filter}: {refused}");
    }
}

#[tokio::test]
async fn a_would_be_taker_learns_nothing_of_the_sender_by_filtering() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let exposed = json!({ "serviceType": "HIV_TESTING" });
    let (one, _) = send(&sender, exposed.clone()).await;
    let (other, _) = send(&outsider, exposed).await;
    let both = HashSet::from([one, other]);
    for (filter, all) in [
        (json!({ "partnerOrganisationIds": [global_id::encode(SENDER.id())] }), false),
        (json!({ "partnerOrganisationIds": [global_id::encode(OrganisationId::WITHHELD)] }), false),
        (json!({ "assignedTo": [global_id::encode(SENDER.user("caseworker"))] }), false),
        (json!({ "assignedTo": [global_id::encode(RECEIVER.user("caseworker"))] }), false),
        (json!({ "mine": true }), false),
        (json!({ "mine": false }), true),
        (json!({ "overdue": true }), false),
        (json!({ "overdue": false }), true),
        (json!({ "accompanied": true }), false),
        (json!({ "accompanied": false }), true),
        (json!({ "scheduledFrom": "2020-01-01" }), false),
        (json!({ "scheduledThrough": "2099-01-01" }), false),
        (json!({ "reference": "K7MQ" }), false),
    ] {
        let (found, total) = list(&receiver, "OPEN", filter.clone(), None).await;
        assert_eq!((found, total), (if all { both.clone() } else { HashSet::new() }, Value::Null), "{filter}");
    }
}

#[tokio::test]
async fn a_list_is_counted_up_to_a_thousand() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    sender.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let totals = async || {
        let query = "{ sent: referrals(direction: OUTGOING, first: 1) { totalCount totalCountIsExact nodes { id } }
            received: referrals(direction: INCOMING, first: 1) { totalCountIsExact } }";
        let sent = sender.data(query, json!({})).await["sent"].take();
        let received = receiver.data(query, json!({})).await["received"]["totalCountIsExact"].take();
        (sent["totalCount"].clone(), sent["totalCountIsExact"].clone(), received)
    };
    let more = async |number: i32| {
        let insert = format!(
            "WITH made AS (
                 INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency)
                 SELECT '{0}', gen_random_uuid(), '{1}', 'HIV_TESTING', '047', 'ROUTINE' FROM generate_series(1, {number}) RETURNING *
             )
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at, answer_by)
             SELECT from_organisation_id, id, to_organisation_id, 'REQUESTED', now() + interval '30 days', now() FROM made",
            SENDER.id(),
            RECEIVER.id()
        );
        superuser.batch_execute("SET session_replication_role = replica").await.expect("no foreign keys meanwhile");
        superuser.batch_execute(&insert).await.expect("more referrals");
    };
    assert_eq!(totals().await, (json!(1), json!(true), json!(true)));
    more(999).await;
    assert_eq!(totals().await, (json!(1000), json!(true), json!(true)));
    more(1).await;
    assert_eq!(totals().await, (json!(1000), json!(false), json!(false)));
}
