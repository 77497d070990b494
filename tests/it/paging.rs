//! Pages neither skip nor repeat items, even if others arrive between them.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::referral::{ReferralOrder, ReferralState, ReferralStatus};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, World};
use crate::referral::{desks, draft, sent, with};

const REFERRALS: &str = "query ($order: ReferralOrder, $filter: ReferralFilter, $first: Int, $after: String, $last: Int, $before: String) {
    list: referrals(direction: OUTGOING, orderBy: $order, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

fn ids(list: &Value) -> Vec<String> {
    let id = |node: &Value| node["id"].as_str().expect("an id").to_owned();
    list["nodes"].as_array().expect("nodes").iter().map(id).collect()
}

/// Reads a list to its end, and does something between the pages; returns the ids in the list's order.
async fn walk(
    client: &Client,
    query: &str,
    rest: &Value,
    backwards: bool,
    size: usize,
    mut between: impl AsyncFnMut(),
) -> Vec<String> {
    let [size_name, cursor_name, end, more] = if backwards {
        ["last", "before", "startCursor", "hasPreviousPage"]
    } else {
        ["first", "after", "endCursor", "hasNextPage"]
    };
    let (mut read, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let data = client.data(query, with(rest.clone(), json!({ size_name: size, cursor_name: cursor }))).await;
        let page = ids(&data["list"]);
        assert!(page.len() <= size);
        read = if backwards { [page, read].concat() } else { [read, page].concat() };
        if data["list"]["pageInfo"][more] == json!(false) {
            return read;
        }
        cursor = data["list"]["pageInfo"][end].clone();
        between().await;
    }
}

#[tokio::test]
async fn no_referral_is_skipped_or_repeated_while_others_arrive() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    for _ in 0..14 {
        sent(&sender).await;
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // All of them share three timestamps, so the cursor must hold what decides between equals.
    superuser
        .batch_execute(
            "UPDATE referral SET created_at = now() - (abs(hashtext(id::text)) % 3) * interval '1 hour';
             UPDATE referral_progress SET updated_at = now() - (abs(hashtext(referral_id::text || 'u')) % 3) * interval '1 hour',
                 expires_at = now() + (abs(hashtext(referral_id::text || 'e')) % 3) * interval '1 day'",
        )
        .await
        .expect("equal times");
    for order in ReferralOrder::ALL {
        for (backwards, size) in [(false, 1), (false, 4), (true, 1), (true, 4)] {
            let rest = json!({ "order": order });
            let there = ids(&sender.data(REFERRALS, with(rest.clone(), json!({ "first": 100 }))).await["list"]);
            let mut arrivals = 0;
            let read = walk(&sender, REFERRALS, &rest, backwards, size, async || {
                // Only a few arrive, or reading would never end.
                arrivals += 1;
                if arrivals <= 3 {
                    sent(&sender).await;
                }
            })
            .await;
            let distinct: HashSet<&String> = read.iter().collect();
            assert_eq!(distinct.len(), read.len(), "{order} {backwards} {size}: repeated");
            let of_before: Vec<&String> = read.iter().filter(|id| there.contains(id)).collect();
            assert_eq!(of_before, there.iter().collect::<Vec<_>>(), "{order} {backwards} {size}: skipped or moved");
            superuser
                .batch_execute(
                    "DELETE FROM referral WHERE created_at > now() - interval '30 minutes' AND id NOT IN (SELECT id FROM referral ORDER BY created_at LIMIT 14)",
                )
                .await
                .expect("the arrivals go again");
        }
    }
}

#[tokio::test]
async fn a_list_is_in_the_order_that_was_asked_for() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    for _ in 0..6 {
        sent(&sender).await;
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "UPDATE referral_progress SET updated_at = now() - (abs(hashtext(referral_id::text)) % 1000) * interval '1 minute',
                 expires_at = now() + (1 + abs(hashtext(referral_id::text)) % 1000) * interval '1 minute'",
        )
        .await
        .expect("times");
    for (order, field, descending) in [
        ("NEWEST_FIRST", "createdAt", true),
        ("OLDEST_FIRST", "createdAt", false),
        ("RECENTLY_UPDATED_FIRST", "updatedAt", true),
        ("EXPIRING_FIRST", "expiresAt", false),
    ] {
        let query = format!("{{ referrals(direction: OUTGOING, orderBy: {order}) {{ nodes {{ at: {field} }} }} }}");
        let data = sender.data(&query, json!({})).await;
        let times: Vec<DateTime<Utc>> = data["referrals"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|node| node["at"].as_str().expect("a time").parse().expect("a time"))
            .collect();
        assert!(times.is_sorted_by(|one, next| if descending { one >= next } else { one <= next }), "{order}: {times:?}");
    }
}

#[tokio::test]
async fn pages_of_a_filtered_list_hold_only_what_matches() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let mut urgent = Vec::new();
    for number in 0..9 {
        let urgency = if number % 2 == 0 { "URGENT" } else { "ROUTINE" };
        let created = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "urgency": urgency }))).await;
        if number % 2 == 0 {
            urgent.push(created["referral"]["id"].as_str().expect("an id").to_owned());
        }
    }
    let rest = json!({ "order": "OLDEST_FIRST", "filter": { "urgencies": ["URGENT"] } });
    for backwards in [false, true] {
        assert_eq!(walk(&sender, REFERRALS, &rest, backwards, 2, async || drop(sent(&sender).await)).await, urgent);
    }
}

#[tokio::test]
async fn a_page_says_whether_there_are_more_on_either_side() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    for _ in 0..5 {
        sent(&sender).await;
    }
    let all = sender.data("{ referrals(direction: OUTGOING, orderBy: OLDEST_FIRST) { edges { cursor } } }", json!({})).await;
    let cursor = |number: usize| all["referrals"]["edges"][number]["cursor"].clone();
    for (arguments, items, previous, next) in [
        (json!({}), 5, false, false),
        (json!({ "first": 5 }), 5, false, false),
        (json!({ "first": 4 }), 4, false, true),
        (json!({ "first": 4, "after": cursor(0) }), 4, true, false),
        (json!({ "first": 2, "after": cursor(0) }), 2, true, true),
        (json!({ "first": 2, "after": cursor(4) }), 0, true, false),
        (json!({ "last": 5 }), 5, false, false),
        (json!({ "last": 4 }), 4, true, false),
        (json!({ "last": 4, "before": cursor(4) }), 4, false, true),
        (json!({ "last": 2, "before": cursor(4) }), 2, true, true),
        (json!({ "first": 9, "after": cursor(0), "before": cursor(4) }), 3, true, false),
    ] {
        let data = sender.data(REFERRALS, with(json!({ "order": "OLDEST_FIRST" }), arguments.clone())).await;
        let info = &data["list"]["pageInfo"];
        assert_eq!(
            (ids(&data["list"]).len(), &info["hasPreviousPage"], &info["hasNextPage"]),
            (items, &json!(previous), &json!(next)),
            "{arguments}"
        );
    }
}

async fn insert_facilities(world: &World) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "INSERT INTO facility (id, code, name, county_code, operational, key_population_friendly, service_types)
             SELECT gen_random_uuid(), n::text, 'Facility ' || n % 4, '047', true, n % 3 = 0, '{}' FROM generate_series(1, 25) AS n",
        )
        .await
        .expect("facilities");
}

#[tokio::test]
async fn every_list_is_the_same_in_pages_of_any_size_from_either_end() {
    let world = World::new().await;
    insert_facilities(&world).await;
    let (sender, _) = desks(&world).await;
    for (list, fewest) in [("organisations", 4), ("services", 5), ("facilities", 25)] {
        let query = format!(
            "query ($first: Int, $after: String, $last: Int, $before: String) {{
                list: {list}(first: $first, after: $after, last: $last, before: $before) {{
                    nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let whole = ids(&sender.data(&query, json!({ "first": 100 })).await["list"]);
        assert!(whole.len() >= fewest, "{list}: {whole:?}");
        for (backwards, size) in [(false, 1), (false, 4), (true, 1), (true, 4)] {
            assert_eq!(walk(&sender, &query, &json!({}), backwards, size, async || {}).await, whole, "{list} {backwards} {size}");
        }
    }
}

#[tokio::test]
async fn nonsense_is_refused_by_every_list() {
    let world = World::new().await;
    insert_facilities(&world).await;
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    let lists = ["organisations", "services", "facilities", "referrals"];
    let arguments = |list: &str| if list == "referrals" { "direction: OUTGOING, " } else { "" };
    let mut cursors = vec![("nothing", "bm90aGluZw".to_owned()), ("nothing", String::new()), ("nothing", "%".to_owned())];
    for list in lists {
        let data =
            sender.data(&format!("{{ list: {list}({}first: 1) {{ edges {{ cursor }} }} }}", arguments(list)), json!({})).await;
        cursors.push((list, data["list"]["edges"][0]["cursor"].as_str().expect("a cursor").to_owned()));
    }
    for list in lists {
        let mut wrong: Vec<String> =
            ["first: 101", "first: 0", "first: -1", "last: 101", "last: 0", "last: -1", "first: 1, last: 1"]
                .map(str::to_owned)
                .into();
        for (of, cursor) in &cursors {
            if *of != list {
                wrong.push(format!("first: 1, after: \"{cursor}\""));
                wrong.push(format!("last: 1, before: \"{cursor}\""));
            } else if list == "referrals" {
                wrong.push(format!("orderBy: OLDEST_FIRST, after: \"{cursor}\""));
                wrong.push(format!("orderBy: EXPIRING_FIRST, before: \"{cursor}\""));
            }
        }
        for wrong in wrong {
            let query = format!("{{ {list}({}{wrong}) {{ nodes {{ id }} }} }}", arguments(list));
            assert_eq!(sender.error_code(&query, json!({})).await, "BAD_REQUEST", "{query}");
        }
    }
}

#[tokio::test]
async fn catching_up_finds_what_began_before_and_was_committed_after() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (slow, _) = sent(&sender).await;
    let (quick, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let row = "(SELECT referral_id FROM referral_progress ORDER BY updated_at LIMIT 1)";
    superuser
        .batch_execute(&format!("BEGIN; UPDATE referral_progress SET status = 'ACCEPTED', status_at = now(), updated_at = now() WHERE referral_id = {row}"))
        .await
        .expect("a change is under way");
    let known = receiver.move_referral("acceptReferral", &quick).await["referral"]["updatedAt"].take();
    superuser.batch_execute("COMMIT").await.expect("it is committed");
    let data = sender.data(REFERRALS, json!({ "filter": { "updatedSince": known } })).await;
    let found = ids(&data["list"]);
    assert!(found.contains(&slow) && found.contains(&quick), "{found:?}");
}

#[tokio::test]
async fn catching_up_finds_what_the_clock_did() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    world.travel(TimeDelta::days(31)).await;
    let (sender, _) = desks(&world).await;
    let since = |days: i64| json!({ "filter": { "updatedSince": (Utc::now() + TimeDelta::days(days)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true) } });
    assert_eq!(ids(&sender.data(REFERRALS, since(29)).await["list"]), [id]);
    assert_eq!(ids(&sender.data(REFERRALS, since(31)).await["list"]), [""; 0], "it expired before");
}

#[tokio::test]
async fn a_filter_by_status_finds_what_shows_that_status() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut cases = Vec::new();
    for status in ReferralStatus::ALL {
        for (expires, hours) in [("before", -1), ("after", 1)] {
            let (id, _) = sent(&sender).await;
            // The newest referral is the one that was just sent.
            superuser
                .batch_execute(&format!(
                    "UPDATE referral_progress SET status = '{status}', expires_at = now() + interval '{hours} hours'
                     WHERE referral_id = (SELECT id FROM referral ORDER BY created_at DESC LIMIT 1)"
                ))
                .await
                .expect("a status");
            let now = Utc::now();
            let state = ReferralState {
                status: *status,
                created_at: now,
                status_at: now,
                expires_at: now + TimeDelta::hours(hours),
                consent_withdrawn: false,
                decline: None,
                last_move: None,
                check_in_asked: false,
            };
            cases.push((id, format!("{status} {expires}"), state.at(now).status));
        }
    }
    for status in ReferralStatus::ALL {
        let query = "query ($filter: ReferralFilter) { referrals(direction: OUTGOING, filter: $filter, first: 100) { nodes { id status } } }";
        let data = sender.data(query, json!({ "filter": { "statuses": [status] } })).await;
        let nodes = data["referrals"]["nodes"].as_array().expect("nodes");
        for node in nodes {
            assert_eq!(node["status"], json!(status));
        }
        let found: HashSet<&str> = nodes.iter().filter_map(|node| node["id"].as_str()).collect();
        for (id, case, expected) in &cases {
            assert_eq!(found.contains(id.as_str()), expected == status, "{case} filtered by {status}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_was_never_given_out_is_refused_and_never_a_fault() {
    use data_encoding::BASE64URL_NOPAD;
    let world = World::new().await;
    let client = world.client(crate::harness::SENDER, pamoja_domain::user::Role::Caseworker).await;
    let id = uuid::Uuid::new_v4();
    let moments = [
        "0001-01-01T00:00:00Z",
        "-262143-01-01T00:00:00Z",
        "+262142-12-31T23:59:59Z",
        "1999-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
    ];
    let mut made_up: Vec<(&str, String)> =
        moments.iter().map(|at| ("referrals", format!(r#"["referrals OUTGOING NEWEST_FIRST",["{at}","{id}"]]"#))).collect();
    made_up.push(("services", format!(r#"["services",[false,"a\u0000b","{id}"]]"#)));
    made_up.push(("organisations", format!(r#"["organisations",["\u0000","{id}"]]"#)));
    for (list, cursor) in made_up {
        let argument = if list == "referrals" { "direction: OUTGOING, orderBy: NEWEST_FIRST, " } else { "" };
        let query = format!("query ($after: String) {{ {list}({argument}after: $after) {{ nodes {{ id }} }} }}");
        let code = client.error_code(&query, json!({ "after": BASE64URL_NOPAD.encode(cursor.as_bytes()) })).await;
        assert_eq!(code, "BAD_REQUEST", "{cursor}");
    }
    // A cursor of the same form that the API could have issued is accepted.
    let cursor = format!(r#"["referrals OUTGOING NEWEST_FIRST",["2026-01-01T00:00:00Z","{id}"]]"#);
    let query =
        "query ($after: String) { referrals(direction: OUTGOING, orderBy: NEWEST_FIRST, after: $after) { nodes { id } } }";
    client.data(query, json!({ "after": BASE64URL_NOPAD.encode(cursor.as_bytes()) })).await;
}
