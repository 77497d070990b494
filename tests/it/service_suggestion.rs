//! Suggestions: services for a client, the best first, with the reasons.

use chrono::{TimeDelta, Utc};
use pamoja_api::auth::LIFETIME;
use pamoja_api::service::suggestion::{self, Request};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::audit;
use pamoja_persistence::error::StoreError;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{sent, with};
use crate::service::{change, facilities, offered};

const QUERY: &str = "query ($serviceType: ServiceType!, $countyCode: String!, $populations: [Population!], $under18: MinorStatus, $actBefore: DateTime, $first: Int) {
    suggestedServices(serviceType: $serviceType, countyCode: $countyCode, populations: $populations, under18: $under18, actBefore: $actBefore, first: $first) {
        service { id name capacity checkedAt organisation { name } } reasons { code message } } }";

fn shelter(fields: Value) -> Value {
    with(json!({ "serviceType": "SHELTER", "countyCode": "047", "first": 20 }), fields)
}

async fn ask(client: &Client, fields: Value) -> Vec<Value> {
    let mut data = client.data(QUERY, shelter(fields)).await;
    data["suggestedServices"].as_array_mut().expect("a list").drain(..).collect()
}

/// The names of the suggested services, in their order.
async fn names(client: &Client, fields: Value) -> Vec<String> {
    ask(client, fields).await.iter().map(|found| found["service"]["name"].as_str().expect("a name").to_owned()).collect()
}

fn codes(suggestion: &Value) -> Vec<&str> {
    let reasons = suggestion["reasons"].as_array().expect("reasons");
    reasons.iter().map(|reason| reason["code"].as_str().expect("a code")).collect()
}

fn message<'s>(suggestion: &'s Value, code: &str) -> Option<&'s str> {
    let reasons = suggestion["reasons"].as_array().expect("reasons");
    reasons.iter().find(|reason| reason["code"] == code).and_then(|reason| reason["message"].as_str())
}

/// Creates a shelter with that capacity; returns its id.
async fn shelter_of(admin: &Client, name: &str, capacity: &str, fields: Value) -> String {
    let id = offered(admin, with(json!({ "name": name, "serviceType": "SHELTER" }), fields)).await;
    if capacity != "UNKNOWN" {
        set_capacity(admin, &id, capacity).await;
    }
    id
}

async fn set_capacity(client: &Client, id: &str, capacity: &str) -> Value {
    let input = json!({ "serviceId": id, "capacity": capacity });
    change(client, "setServiceCapacity", "SetServiceCapacityInput", input).await
}

#[tokio::test]
async fn only_those_are_suggested_who_can_take_the_client() {
    let world = World::new().await;
    let viewer = world.client(SENDER, Role::PeerEducator).await;
    let (own, admin, other) = (
        world.client(SENDER, Role::OrganisationAdmin).await,
        world.client(RECEIVER, Role::OrganisationAdmin).await,
        world.client(OUTSIDER, Role::OrganisationAdmin).await,
    );
    let [friendly, _, _] = facilities(&world).await;
    shelter_of(&admin, "For everyone", "OPEN", json!({})).await;
    shelter_of(&admin, "For trans women", "OPEN", json!({ "populations": ["TRANS_WOMAN"] })).await;
    shelter_of(&admin, "For minors too", "LIMITED", json!({ "acceptsMinors": true })).await;
    shelter_of(&admin, "Full", "FULL", json!({})).await;
    let closed = shelter_of(&admin, "Closed", "OPEN", json!({})).await;
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": closed })).await;
    shelter_of(&own, "Own at a facility", "WAITLIST", json!({ "facilityId": friendly })).await;
    shelter_of(&own, "Own place", "OPEN", json!({})).await;
    offered(&admin, json!({ "name": "Another type", "serviceType": "RELOCATION" })).await;
    shelter_of(&other, "Of another", "UNKNOWN", json!({})).await;

    let sorted = async |fields: Value| {
        let mut names = names(&viewer, fields).await;
        names.sort_unstable();
        names
    };
    let all = ["For everyone", "For minors too", "For trans women", "Of another", "Own at a facility"];
    assert_eq!(sorted(json!({})).await, all);
    assert_eq!(sorted(json!({ "populations": [], "under18": "NO" })).await, all);
    assert_eq!(sorted(json!({ "populations": ["TRANS_WOMAN", "MSM"] })).await, all);
    let for_everyone = ["For everyone", "For minors too", "Of another", "Own at a facility"];
    assert_eq!(sorted(json!({ "populations": ["MSM"] })).await, for_everyone);
    assert_eq!(sorted(json!({ "populations": ["NOT_STATED"] })).await, all, "it is always a good answer");
    assert_eq!(sorted(json!({ "under18": "YES" })).await, ["For minors too"]);

    for status in [MembershipStatus::Frozen, MembershipStatus::Left, MembershipStatus::Invited] {
        world.set_status(OUTSIDER, status).await;
        assert!(!names(&viewer, json!({})).await.contains(&"Of another".to_owned()), "{status:?}");
    }
    // An organisation isn't suggested the services at its own places.
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    assert_eq!(names(&desk, json!({})).await, ["Own place", "Own at a facility"]);
}

#[tokio::test]
async fn the_order_is_told_in_words_and_a_waitlist_comes_last() {
    let world = World::new().await;
    let viewer = world.client(SENDER, Role::Caseworker).await;
    let (own, admin) =
        (world.client(SENDER, Role::OrganisationAdmin).await, world.client(RECEIVER, Role::OrganisationAdmin).await);
    let [friendly, plain, _] = facilities(&world).await;
    shelter_of(&admin, "Waitlist", "WAITLIST", json!({})).await;
    shelter_of(&admin, "Never said", "UNKNOWN", json!({})).await;
    shelter_of(&admin, "Limited", "LIMITED", json!({})).await;
    shelter_of(&admin, "Coast", "OPEN", json!({ "countyCode": "001" })).await;
    shelter_of(&admin, "Next door", "OPEN", json!({ "countyCode": "022" })).await;
    shelter_of(&admin, "Plain facility", "OPEN", json!({ "facilityId": plain })).await;
    shelter_of(&own, "Ours", "OPEN", json!({ "facilityId": friendly, "countyCode": "047" })).await;

    let suggestions = ask(&viewer, json!({})).await;
    let order: Vec<&str> = suggestions.iter().map(|found| found["service"]["name"].as_str().expect("a name")).collect();
    assert_eq!(order, ["Ours", "Plain facility", "Next door", "Coast", "Limited", "Never said", "Waitlist"]);
    let told: Vec<Vec<&str>> = suggestions.iter().map(codes).collect();
    assert_eq!(
        told,
        [
            vec!["OPEN", "SAME_COUNTY", "FRIENDLY", "CHECKED", "ACCOMPANIED"],
            vec!["OPEN", "SAME_COUNTY", "FRIENDLINESS_UNKNOWN", "CHECKED"],
            vec!["OPEN", "NEIGHBOURING_COUNTY", "FRIENDLY", "CHECKED"],
            vec!["OPEN", "OTHER_COUNTY", "FRIENDLY", "CHECKED"],
            vec!["LIMITED", "SAME_COUNTY", "FRIENDLY", "CHECKED"],
            vec!["CAPACITY_UNKNOWN", "SAME_COUNTY", "FRIENDLY", "CHECKED"],
            vec!["WAITLIST", "SAME_COUNTY", "FRIENDLY", "CHECKED"],
        ]
    );
    let checked = message(&suggestions[1], "CHECKED").expect("who vouches for it");
    assert!(checked.contains("The afya of the tests"), "{checked}");
    assert!(message(&suggestions[2], "NEIGHBOURING_COUNTY").expect("where").contains("Kiambu"));
    assert!(message(&suggestions[3], "OTHER_COUNTY").expect("where").contains("Mombasa"));

    // When time is short, a near service goes before one with room, and a waitlist goes last. The coast is too far.
    let soon = (Utc::now() + TimeDelta::hours(40)).to_rfc3339();
    let hurried = names(&viewer, json!({ "actBefore": soon })).await;
    assert_eq!(hurried, ["Ours", "Plain facility", "Limited", "Never said", "Next door", "Waitlist"]);
    let on_the_coast = names(&viewer, json!({ "actBefore": soon, "countyCode": "001" })).await;
    assert_eq!(on_the_coast, ["Coast"]);
    let far_away = names(&viewer, json!({ "actBefore": soon, "countyCode": "009", "first": 2 })).await;
    assert_eq!(far_away.len(), 2, "where nothing is near, far is better than nowhere");
}

#[tokio::test]
async fn one_facility_is_suggested_once_however_many_members_vouch_for_it() {
    let world = World::new().await;
    let viewer = world.client(SENDER, Role::Caseworker).await;
    let [friendly, plain, _] = facilities(&world).await;
    for (member, capacity) in [(SENDER, "LIMITED"), (RECEIVER, "OPEN"), (OUTSIDER, "OPEN")] {
        let admin = world.client(member, Role::OrganisationAdmin).await;
        shelter_of(&admin, &format!("{} at one", member.slug), capacity, json!({ "facilityId": friendly })).await;
        if member.slug != SENDER.slug {
            shelter_of(&admin, &format!("{} at another", member.slug), capacity, json!({ "facilityId": plain })).await;
        }
    }
    let suggested = names(&viewer, json!({})).await;
    assert_eq!((suggested.len(), suggested[1].as_str()), (2, "jirani at one"), "{suggested:?}");
    assert!(suggested[0].ends_with("at another"), "{suggested:?}");
}

#[tokio::test]
async fn what_was_full_long_ago_is_suggested_as_unknown() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    shelter_of(&admin, "Once full", "FULL", json!({})).await;
    for (days, expected) in [(29, None), (31, Some("CAPACITY_UNKNOWN"))] {
        world.travel(TimeDelta::days(days)).await;
        let viewer = world.client(SENDER, Role::Caseworker).await;
        let suggestions = ask(&viewer, json!({})).await;
        assert_eq!(suggestions.first().map(|found| codes(found)[0]), expected, "after {days} days");
    }
}

#[tokio::test]
async fn a_place_that_was_checked_lately_goes_before_one_that_was_not() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(shelter_of(&admin, name, "UNKNOWN", json!({})).await);
    }
    world.travel(TimeDelta::days(40)).await;
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let viewer = world.client(SENDER, Role::Caseworker).await;
    for (id, name) in ids.iter().zip(["A", "B", "C"]) {
        let before = ask(&viewer, json!({})).await;
        let known = before.iter().find(|found| found["service"]["id"] == json!(id)).expect("it is suggested");
        let confirmed = change(&desk, "confirmService", "ServiceInput", json!({ "serviceId": id })).await;
        assert_eq!(confirmed["userErrors"], json!([]));
        assert_eq!(confirmed["service"]["capacityUpdatedAt"], Value::Null, "of the room nothing was said");
        assert!(confirmed["service"]["checkedAt"].as_str() > known["service"]["checkedAt"].as_str(), "{confirmed:#}");
        if name != "C" {
            let after = ask(&viewer, json!({})).await;
            assert!(
                after.iter().position(|found| found["service"]["id"] == json!(id)) < Some(ids.len() - 1),
                "those that were checked are before the others"
            );
            assert!(
                after
                    .last()
                    .is_some_and(|last| last["service"]["checkedAt"].as_str() < confirmed["service"]["checkedAt"].as_str())
            );
        }
    }
}

#[tokio::test]
async fn describing_stating_room_and_confirming_check_a_service_and_closing_ends_it() {
    let world = World::new().await;
    let id = offered(&world.client(RECEIVER, Role::OrganisationAdmin).await, json!({})).await;
    let update = json!({ "serviceId": id, "name": "Testing", "countyCode": "047", "populations": [] });
    let mut last = String::new();
    for (day, name, input_type, input) in [
        (1, "confirmService", "ServiceInput", json!({ "serviceId": id })),
        (2, "setServiceCapacity", "SetServiceCapacityInput", json!({ "serviceId": id, "capacity": "OPEN" })),
        (3, "updateService", "UpdateServiceInput", update),
    ] {
        world.travel(TimeDelta::days(day)).await;
        let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
        let payload = change(&admin, name, input_type, input).await;
        let checked_at = payload["service"]["checkedAt"].as_str().expect("a moment").to_owned();
        assert!(checked_at > last, "{name}: {payload:#}");
        let today = (Utc::now() + TimeDelta::days(day)).format("%Y-%m-%d").to_string();
        assert!(checked_at >= today, "{name}: {checked_at}");
        last = checked_at;
    }
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let closed = change(&admin, "closeService", "ServiceInput", json!({ "serviceId": id })).await;
    assert_eq!(closed["service"]["checkedAt"], json!(last), "who closes vouches for nothing");
    let late = change(&admin, "confirmService", "ServiceInput", json!({ "serviceId": id })).await;
    assert_eq!((&late["service"], &late["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID")));
}

/// What the first suggestion for HIV testing says about how soon the organisation answers.
async fn answer_time(client: &Client, of: &str) -> Option<String> {
    let suggestions = ask(client, json!({ "serviceType": "HIV_TESTING" })).await;
    let found = suggestions.iter().find(|found| found["service"]["organisation"]["name"] == json!(of)).expect("it is suggested");
    message(found, "ANSWER_TIME").map(str::to_owned)
}

#[tokio::test]
async fn how_soon_they_answered_is_said_from_three_answers_on_to_those_who_were_answered() {
    let world = World::new().await;
    const AFYA: &str = "The afya of the tests";
    let desk = async |member| world.client(member, Role::Caseworker).await;
    // One referral without an answer, and answers after 2, 50 and 5 hours: the median is 5.
    let (sender, mut referrals) = (desk(SENDER).await, Vec::new());
    for _ in 0..4 {
        referrals.push(sent(&sender).await.0);
    }
    for (hours, number) in [(2, 0), (5, 1), (50, 2)] {
        assert_eq!(answer_time(&desk(SENDER).await, AFYA).await, None, "there are only {number} answers");
        // A little less, because the requests took a moment too.
        world.travel(TimeDelta::hours(hours) - TimeDelta::minutes(5)).await;
        let receiver = desk(RECEIVER).await;
        let moved = match number {
            0 => receiver.move_referral("waitlistReferral", &referrals[number]).await,
            1 => {
                let input = json!({ "referralId": referrals[number], "reason": "NO_CAPACITY" });
                receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await
            }
            _ => receiver.move_referral("acceptReferral", &referrals[number]).await,
        };
        assert_eq!(moved["userErrors"], json!([]));
    }
    // What follows the first answer changes nothing, and neither does what the sender does.
    let accepted = desk(RECEIVER).await.move_referral("acceptReferral", &referrals[0]).await;
    assert_eq!(accepted["userErrors"], json!([]));
    let sender = desk(SENDER).await;
    sender
        .referral_mutation("cancelReferral", "CancelReferralInput", json!({ "referralId": referrals[3], "reason": "OTHER" }))
        .await;
    let told = answer_time(&sender, AFYA).await.expect("three answers");
    assert!(told.contains('5') && !told.contains("50"), "{told}");
    assert_eq!(answer_time(&desk(OUTSIDER).await, AFYA).await, None, "others are told nothing of it");
    assert_eq!(answer_time(&sender, "The haki of the tests").await, None, "haki answered nothing");
    // All else equal, an organisation that is known to answer goes first.
    world.travel(TimeDelta::days(89)).await;
    let sender = desk(SENDER).await;
    let order: Vec<Value> = ask(&sender, json!({ "serviceType": "HIV_TESTING" }))
        .await
        .iter()
        .map(|found| found["service"]["name"].clone())
        .collect();
    assert_eq!(order, ["hiv testing at afya", "hiv testing at haki"]);
    assert!(answer_time(&sender, AFYA).await.is_some());
    world.travel(TimeDelta::days(91)).await;
    assert_eq!(answer_time(&desk(SENDER).await, AFYA).await, None, "that was too long ago");
}

#[tokio::test]
async fn wrong_arguments_are_a_bad_request_and_five_come_where_nothing_is_said() {
    let world = World::new().await;
    let (viewer, admin) = (world.client(SENDER, Role::Analyst).await, world.client(RECEIVER, Role::OrganisationAdmin).await);
    for number in 0..22 {
        shelter_of(&admin, &format!("Place {number}"), "UNKNOWN", json!({})).await;
    }
    for fields in [
        json!({ "countyCode": "048" }),
        json!({ "countyCode": "" }),
        json!({ "countyCode": "Nairobi" }),
        json!({ "first": 0 }),
        json!({ "first": -1 }),
        json!({ "first": 21 }),
        json!({ "actBefore": "tomorrow" }),
        json!({ "actBefore": "2026-11-22" }),
        json!({ "serviceType": "NOTHING" }),
        json!({ "under18": "MAYBE" }),
        json!({ "populations": ["SOMEBODY"] }),
    ] {
        assert_eq!(viewer.error_code(QUERY, shelter(fields.clone())).await, "BAD_REQUEST", "{fields}");
    }
    assert_eq!(names(&viewer, json!({ "first": null })).await.len(), 5);
    for first in [1, 20] {
        assert_eq!(names(&viewer, json!({ "first": first })).await.len(), first);
    }
    // Its cost is the number of its possible results: beside a long page there is room for one suggestion, and not for twenty.
    let beside = |first: usize| {
        let fields = |count: usize| vec!["id"; count].join(" ");
        format!(
            "{{ services(first: 100) {{ nodes {{ {} }} }}
                suggestedServices(serviceType: SHELTER, countyCode: \"047\", first: {first}) {{ service {{ {} }} }} }}",
            fields(52),
            fields(42)
        )
    };
    viewer.data(&beside(1), json!({})).await;
    assert_eq!(viewer.error_code(&beside(20), json!({})).await, "TOO_COSTLY");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_services_cost_as_many_statements_as_one() {
    let world = World::new().await;
    // Directly in the database, with a session whose use is already recorded, so that only the query is counted.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let caller = world.caller(SENDER, "caseworker").await;
    world.app.session_activity.touch(&world.app.gate, world.app.database.now(), caller).await.expect("its use is noted");
    let viewer = Client::new(world.address, Some(world.app.authority.issue(caller, world.app.database.now(), LIFETIME)));
    let query =
        "{ suggestedServices(serviceType: SHELTER, countyCode: \"047\", first: 20) { service { name } reasons { message } } }";
    let mut costs = String::new();
    for (more, services) in [(0, 0), (1, 1), (24, 25)] {
        let insert = format!(
            "INSERT INTO service (organisation_id, id, service_type, name, county_code, populations, accepts_minors)
             SELECT '{}', gen_random_uuid(), 'SHELTER', 'A place', '047', '{{}}', true FROM generate_series(1, {more})",
            RECEIVER.id()
        );
        superuser.batch_execute(&insert).await.expect("services");
        world.app.directory.has_changed();
        let (transactions, statements) = world.app.database.counted();
        let found = viewer.data(query, json!({})).await["suggestedServices"].as_array().map_or(0, Vec::len);
        let (transactions_after, statements_after) = world.app.database.counted();
        assert_eq!(found, services.min(20));
        costs += &format!(
            "{services}: {} transactions, {} statements\n",
            transactions_after - transactions,
            statements_after - statements
        );
    }
    insta::assert_snapshot!(costs);
}

#[tokio::test]
async fn what_is_near_is_found_however_much_is_offered_elsewhere() {
    let world = World::new().await;
    let viewer = world.client(SENDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // The nearest services have the last ids of all.
    let query = format!(
        "INSERT INTO service (organisation_id, id, service_type, name, county_code, populations, accepts_minors, capacity, capacity_updated_at)
         SELECT '{0}'::uuid, gen_random_uuid(), 'SHELTER', 'Far ' || number, '001', '{{}}'::text[], true, 'UNKNOWN', NULL::timestamptz FROM generate_series(1, 1500) AS number
         UNION ALL SELECT '{0}'::uuid, 'ffffffff-ffff-4fff-bfff-fffffffffff1'::uuid, 'SHELTER', 'Next door', '022', '{{}}'::text[], true, 'OPEN', moment()
         UNION ALL SELECT '{0}'::uuid, 'ffffffff-ffff-4fff-bfff-fffffffffff2'::uuid, 'SHELTER', 'Near', '047', '{{}}'::text[], true, 'OPEN', moment()",
        RECEIVER.id()
    );
    superuser.batch_execute(&query).await.expect("services");
    let suggested = names(&viewer, json!({ "first": 3 })).await;
    assert_eq!(suggested[..2], ["Near", "Next door"]);
    assert!(suggested[2].starts_with("Far"), "{suggested:?}");
}

#[tokio::test]
async fn alternatives_leave_out_whom_they_are_to_replace_also_while_something_is_changed() {
    let world = World::new().await;
    let caller = world.caller(SENDER, "caseworker").await;
    let request = |without_organisation: Option<OrganisationId>, without_service: Option<ServiceId>| Request {
        service_type: ServiceType::HivTesting,
        county: "047".parse().expect("a county"),
        populations: Vec::new(),
        under_18: MinorStatus::NotStated,
        act_before: None,
        without_asked: false,
        without_organisation,
        without_service,
        first: 5,
    };
    let (of_receiver, of_outsider) = (RECEIVER.service(ServiceType::HivTesting), OUTSIDER.service(ServiceType::HivTesting));
    for (request, expected) in [
        (request(None, None), vec![of_receiver, of_outsider]),
        (request(Some(RECEIVER.id()), None), vec![of_outsider]),
        (request(None, Some(of_outsider)), vec![of_receiver]),
        (request(Some(RECEIVER.id()), Some(of_outsider)), vec![]),
        (Request { without_asked: true, ..request(None, None) }, vec![]),
        (Request { first: 0, ..request(None, None) }, vec![]),
    ] {
        let suggested = world
            .app
            .database
            .tenant(&Permit::member(caller, Permission::SendReferrals), async |tx| -> Result<_, StoreError> {
                audit::record(tx, "clientRecord", None).await?;
                suggestion::suggest(tx, &request).await
            })
            .await
            .expect("a transaction that writes");
        let mut ids: Vec<ServiceId> = suggested.iter().map(|found| found.service.service_id()).collect();
        let mut expected = expected;
        ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ids, expected, "{request:?}");
    }
}

#[tokio::test]
async fn services_that_were_there_before_count_as_checked_when_they_were_offered() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let owner = world.connect(DatabaseRole::Owner).await;
    let down = include_str!("../../migrations/2026-11-22-000002_service_check/down.sql");
    let up = include_str!("../../migrations/2026-11-22-000002_service_check/up.sql");
    superuser
        .batch_execute("DROP TRIGGER service_true ON service; DROP TRIGGER service_recorded_update_checked ON service")
        .await
        .expect("nothing depends on the column");
    owner.batch_execute(down).await.expect("the column goes");
    superuser.batch_execute("UPDATE service SET created_at = created_at - interval '70 days'").await.expect("they are old");
    owner.batch_execute(&format!("BEGIN; {up}; COMMIT")).await.expect("the column comes");
    let row = superuser
        .query_one("SELECT count(*) FILTER (WHERE checked_at = created_at), count(*) FROM service", &[])
        .await
        .expect("a count");
    assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1));
    let forced = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'service'::regclass";
    assert!(superuser.query_one(forced, &[]).await.expect("the table").get::<_, bool>(0));
}
