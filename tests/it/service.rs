//! What members offer: their administrators edit it, everybody finds it.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::facility::parse_register;
use pamoja_domain::id::{FacilityId, ServiceId};
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{draft, with};

/// A service that is valid without changes.
fn offer(fields: Value) -> Value {
    with(
        json!({ "serviceType": "HIV_TESTING", "name": "Testing at the drop-in centre", "countyCode": "047", "populations": [] }),
        fields,
    )
}

pub async fn change(client: &Client, name: &str, input_type: &str, input: Value) -> Value {
    let query = format!(
        "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ service {{ id serviceType name county {{ code }} populations acceptsMinors
            capacity capacityUpdatedAt checkedAt closed facility {{ code }} organisation {{ slug }} }} userErrors {{ code message field }} }} }}"
    );
    client.data(&query, json!({ "input": input })).await[name].take()
}

async fn create(client: &Client, fields: Value) -> Value {
    change(client, "createService", "CreateServiceInput", offer(fields)).await
}

/// Creates a service; returns its id.
pub async fn offered(client: &Client, fields: Value) -> String {
    let payload = create(client, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["service"]["id"].as_str().expect("an id").to_owned()
}

fn refusal(payload: &Value) -> (&str, &str) {
    assert_eq!(payload["service"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    (error["code"].as_str().unwrap_or("nothing refused"), error["field"][0].as_str().unwrap_or(""))
}

/// The names of the services that a filter finds, in their order.
async fn found(client: &Client, filter: Value) -> Vec<String> {
    let query = "query ($filter: ServiceFilter) { services(filter: $filter, first: 100) { nodes { name } } }";
    let seen = client.data(query, json!({ "filter": filter })).await;
    let nodes = seen["services"]["nodes"].as_array().expect("nodes").clone();
    nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

/// Imports three facilities: one that is friendly to key populations, one that isn't, one that is closed.
pub async fn facilities(world: &World) -> [String; 3] {
    let row = |code: u32, name: &str, status: &str, services: Value| json!({ "code": code, "name": name, "county_name": "Nairobi", "operation_status_name": status, "closed": false, "service_names": services });
    let register = json!({ "results": [
        row(1, "A friendly clinic", "Operational", json!(["HIV risk reduction for Key populations"])),
        row(2, "A plain clinic", "Operational", json!(["HIV Testing Services"])),
        row(3, "A shut clinic", "Closed for repair", json!([])),
    ] });
    let register = parse_register(register.to_string().as_bytes()).expect("a register");
    take_in(world, &register).await;
    let client = world.connect(DatabaseRole::Superuser).await;
    let rows = client.query("SELECT id::text FROM facility ORDER BY code", &[]).await.expect("facilities");
    [0, 1, 2].map(|at| global_id::encode(FacilityId(rows[at].get::<_, String>(0).parse().expect("a UUID"))).to_string())
}

async fn take_in(world: &World, register: &pamoja_domain::facility::Register) {
    world
        .operator
        .tenant(&Permit::operator(None), async |tx| pamoja_persistence::facility::import(tx, &register.facilities).await)
        .await
        .expect("an import");
}

#[tokio::test]
async fn a_service_is_offered_changed_and_closed() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let [friendly, plain, _] = facilities(&world).await;
    let payload =
        create(&admin, json!({ "name": "  Testing,   every day ", "populations": ["TRANS_WOMAN", "MSM", "MSM"], "acceptsMinors": true, "facilityId": friendly })).await;
    let id = payload["service"]["id"].as_str().expect("an id").to_owned();
    let checked_at = payload["service"]["checkedAt"].clone();
    assert_eq!(
        payload,
        json!({ "userErrors": [], "service": {
            "id": id, "serviceType": "HIV_TESTING", "name": "Testing, every day", "county": { "code": "047" }, "populations": ["MSM", "TRANS_WOMAN"],
            "acceptsMinors": true, "capacity": "UNKNOWN", "capacityUpdatedAt": null, "checkedAt": checked_at, "closed": false, "facility": { "code": "1" },
            "organisation": { "slug": "jirani" } } })
    );
    let update =
        |fields: Value| with(json!({ "serviceId": id, "name": "Testing", "countyCode": "001", "populations": [] }), fields);
    let changed = change(&admin, "updateService", "UpdateServiceInput", update(json!({ "facilityId": plain }))).await;
    assert_eq!(refusal(&changed), ("INVALID", "countyCode"), "a facility of Nairobi isn't in Mombasa");
    let changed =
        change(&admin, "updateService", "UpdateServiceInput", update(json!({ "facilityId": plain, "countyCode": "047" }))).await;
    assert_eq!((&changed["service"]["county"]["code"], &changed["service"]["facility"]["code"]), (&json!("047"), &json!("2")));
    let changed = change(&admin, "updateService", "UpdateServiceInput", update(json!({}))).await;
    assert_eq!(
        (&changed["service"]["facility"], &changed["service"]["acceptsMinors"]),
        (&Value::Null, &json!(false)),
        "what is left out is taken away"
    );
    assert_eq!(changed["service"]["serviceType"], "HIV_TESTING");

    let closed = change(&admin, "closeService", "ServiceInput", json!({ "serviceId": id })).await;
    assert_eq!(closed["service"]["closed"], true);
    let again = change(&admin, "closeService", "ServiceInput", json!({ "serviceId": id })).await;
    assert_eq!((&again["service"]["closed"], &again["userErrors"]), (&json!(true), &json!([])));
    assert_eq!(found(&admin, json!({ "text": "Testing, every" })).await, Vec::<String>::new());
    let late = change(&admin, "updateService", "UpdateServiceInput", update(json!({}))).await;
    assert_eq!(refusal(&late), ("INVALID", "serviceId"));
    let late =
        change(&admin, "setServiceCapacity", "SetServiceCapacityInput", json!({ "serviceId": id, "capacity": "OPEN" })).await;
    assert_eq!(refusal(&late), ("INVALID", "serviceId"));
}

#[tokio::test]
async fn names_say_hours_and_years_and_are_stored_as_a_person_sees_them() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let families = "👨‍👩‍👧‍👦".repeat(120);
    for (name, stored) in [
        ("Testing, 08:00-17:00", "Testing, 08:00-17:00"),
        ("Open 0800-1700, 2019-2024, KES 12,000", "Open 0800-1700, 2019-2024, KES 12,000"),
        ("MOH731 on 12/03/2026", "MOH731 on 12/03/2026"),
        ("A\u{200b} bed\u{0}\u{202e}\n for\u{ad}ever 🇰🇪", "A bed forever 🇰🇪"),
        (families.as_str(), families.as_str()),
    ] {
        let id = offered(&admin, json!({ "name": name })).await;
        let query = "query ($id: ID!) { node(id: $id) { ... on Service { name } } }";
        assert_eq!(admin.data(query, json!({ "id": id })).await["node"]["name"], stored);
    }
    for (name, said) in [
        ("Call 0712-345-678", "This looks like a phone number."),
        ("Ask jo@example.org", "This looks like an e-mail address."),
        ("Room 123456", "This looks like the number of an ID."),
        ("Ask for KAMJO0390", "This looks like a person's code"),
    ] {
        let payload = create(&admin, json!({ "name": name })).await;
        assert_eq!(refusal(&payload), ("IDENTIFYING_DATA", "name"));
        let message = payload["userErrors"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(said) && (message.contains(" as ") || message.contains(" like peer100")), "{message}");
    }
}

#[tokio::test]
async fn every_wrong_field_of_a_service_is_refused_by_name_without_its_content() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let [_, _, shut] = facilities(&world).await;
    let id = offered(&admin, json!({})).await;
    let before = found(&admin, json!({ "organisationIds": [global_id::encode(SENDER.id())] })).await;
    let never_issued = global_id::encode(FacilityId(Uuid::new_v4())).to_string();
    let cases = [
        (json!({ "name": "Call 0712 345 678" }), "IDENTIFYING_DATA", "name"),
        (json!({ "name": "Ask jo@example.org" }), "IDENTIFYING_DATA", "name"),
        (json!({ "name": "Room 123456" }), "IDENTIFYING_DATA", "name"),
        (json!({ "name": "Ask for KAMJO0390" }), "IDENTIFYING_DATA", "name"),
        (json!({ "name": " \n " }), "INVALID", "name"),
        (json!({ "name": "é".repeat(121) }), "INVALID", "name"),
        (json!({ "name": "\u{0}\u{200b}\u{ad}" }), "INVALID", "name"),
        (json!({ "name": "👨‍👩‍👧‍👦".repeat(121) }), "INVALID", "name"),
        (json!({ "name": format!("e{}", "\u{301}".repeat(50)) }), "INVALID", "name"),
        (json!({ "countyCode": "048" }), "INVALID", "countyCode"),
        (json!({ "countyCode": "47" }), "INVALID", "countyCode"),
        (json!({ "countyCode": "" }), "INVALID", "countyCode"),
        (json!({ "populations": ["MSM", "NOT_STATED"] }), "INVALID", "populations"),
        (json!({ "facilityId": shut }), "INVALID", "facilityId"),
        (json!({ "facilityId": never_issued }), "NOT_FOUND", "facilityId"),
        (json!({ "facilityId": global_id::encode(SENDER.id()) }), "NOT_FOUND", "facilityId"),
        (json!({ "facilityId": "nonsense" }), "NOT_FOUND", "facilityId"),
        (json!({ "clientMutationId": "once" }), "INVALID", "clientMutationId"),
    ];
    for (fields, code, field) in cases {
        let update = with(json!({ "serviceId": id, "name": "Testing", "countyCode": "047", "populations": [] }), fields.clone());
        for payload in [create(&admin, fields.clone()).await, change(&admin, "updateService", "UpdateServiceInput", update).await]
        {
            assert_eq!(refusal(&payload), (code, field), "{fields}: {payload:#}");
            let said = payload.to_string();
            for word in ["0712", "jo@", "123456", "KAMJO"] {
                assert!(!said.contains(word), "{said}");
            }
        }
    }
    // All errors are returned at once.
    let payload = create(&admin, json!({ "name": "", "countyCode": "048", "populations": ["NOT_STATED"] })).await;
    let fields: Vec<&Value> = payload["userErrors"].as_array().expect("errors").iter().map(|error| &error["field"][0]).collect();
    assert_eq!(fields, ["name", "countyCode", "populations"]);
    assert_eq!(
        found(&admin, json!({ "organisationIds": [global_id::encode(SENDER.id())] })).await,
        before,
        "nothing was changed"
    );
    assert_eq!(create(&admin, json!({ "name": "é".repeat(120) })).await["userErrors"], json!([]));
}

#[tokio::test]
async fn the_same_key_offers_a_service_once_and_another_input_under_it_is_a_conflict() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let key = Uuid::new_v4().to_string();
    let first = create(&admin, json!({ "clientMutationId": key })).await;
    let repeat = create(&admin, json!({ "clientMutationId": key })).await;
    assert_eq!(first, repeat);
    assert_eq!(found(&admin, json!({ "text": "drop-in" })).await.len(), 1);
    let other = create(&admin, json!({ "clientMutationId": key, "name": "Another" })).await;
    assert_eq!(refusal(&other), ("CONFLICT", "clientMutationId"));
}

#[tokio::test]
async fn capacity_reads_as_unknown_and_is_found_as_unknown_after_thirty_days() {
    let world = World::new().await;
    let (admin, caseworker) = (world.client(SENDER, Role::OrganisationAdmin).await, world.client(SENDER, Role::Caseworker).await);
    let id = offered(&admin, json!({ "name": "The one with room" })).await;
    let of = |capacity: &str| json!({ "text": "one with room", "capacities": [capacity] });
    assert_eq!(found(&admin, of("UNKNOWN")).await.len(), 1);
    let stated =
        change(&caseworker, "setServiceCapacity", "SetServiceCapacityInput", json!({ "serviceId": id, "capacity": "LIMITED" }))
            .await;
    assert_eq!(stated["service"]["capacity"], "LIMITED");
    assert!(stated["service"]["capacityUpdatedAt"].is_string());
    let read = "query ($id: ID!) { node(id: $id) { ... on Service { capacity } } }";
    // Sessions end after seven days, so the user signs in anew each time.
    for (days, capacity, other) in [(29, "LIMITED", "UNKNOWN"), (31, "UNKNOWN", "LIMITED")] {
        world.travel(TimeDelta::days(days)).await;
        let viewer = world.client(RECEIVER, Role::Caseworker).await;
        assert_eq!(viewer.data(read, json!({ "id": id })).await["node"]["capacity"], capacity, "after {days} days");
        assert_eq!(
            (found(&viewer, of(capacity)).await.len(), found(&viewer, of(other)).await.len()),
            (1, 0),
            "after {days} days"
        );
    }
}

#[tokio::test]
async fn services_are_found_by_what_somebody_needs() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    offered(&admin, json!({ "name": "Night shelter Mombasa", "serviceType": "SHELTER", "countyCode": "001", "populations": ["FEMALE_SEX_WORKER"] })).await;
    offered(&admin, json!({ "name": "Shelter for everyone", "serviceType": "SHELTER", "countyCode": "001" })).await;
    offered(
        &admin,
        json!({ "name": "Hepatitis clinic", "serviceType": "HEPATITIS_C", "populations": ["PERSON_WHO_INJECTS_DRUGS"] }),
    )
    .await;
    let viewer = world.client(RECEIVER, Role::PeerEducator).await;
    let both = ["Night shelter Mombasa", "Shelter for everyone"];
    assert_eq!(found(&viewer, json!({ "countyCodes": ["001"] })).await, both);
    assert_eq!(found(&viewer, json!({ "serviceTypes": ["SHELTER", "RELOCATION"] })).await, both);
    assert_eq!(found(&viewer, json!({ "serviceTypes": ["SHELTER"], "populations": ["FEMALE_SEX_WORKER"] })).await, both);
    assert_eq!(
        found(&viewer, json!({ "serviceTypes": ["SHELTER"], "populations": ["MSM"] })).await,
        both[1..],
        "those for everyone are for them too"
    );
    assert_eq!(found(&viewer, json!({ "serviceTypes": ["SHELTER"], "countyCodes": ["047"] })).await, Vec::<String>::new());
    let of_outsider = found(&viewer, json!({ "organisationIds": [global_id::encode(OUTSIDER.id())] })).await;
    assert_eq!(of_outsider, ["hiv testing at haki", "legal aid at haki"]);
    assert_eq!(
        found(&viewer, json!({ "organisationIds": ["nonsense"] })).await,
        Vec::<String>::new(),
        "ids of nobody match nothing"
    );
    assert_eq!(
        found(&viewer, json!({ "organisationIds": [global_id::encode(ServiceId(SENDER.id().0))] })).await,
        Vec::<String>::new()
    );
    assert_eq!(
        found(&viewer, json!({ "capacities": ["OPEN"], "organisationIds": [global_id::encode(OUTSIDER.id())] })).await,
        of_outsider
    );
    for (text, expected) in [
        ("hiv testing", vec!["hiv testing at afya", "hiv testing at haki"]),
        ("hiv testng", vec!["hiv testing at afya", "hiv testing at haki"]),
        ("HIV tsting afya", vec!["hiv testing at afya"]),
        ("sheltr mombasa", both.to_vec()),
        ("mombasa shelter night", vec!["Night shelter Mombasa"]),
        ("hepatitus", vec!["Hepatitis clinic"]),
        ("shelter zanzibar", vec![]),
        ("%", vec![]),
        ("' OR 1=1 --", vec![]),
    ] {
        assert_eq!(found(&viewer, json!({ "text": text })).await, expected, "{text}");
    }
    let query = "query ($filter: ServiceFilter) { services(filter: $filter) { nodes { id } } }";
    for filter in [
        json!({ "text": "a b c d e f g" }),
        json!({ "text": "x".repeat(101) }),
        json!({ "text": "a\u{0}b" }),
        json!({ "countyCodes": ["048"] }),
    ] {
        assert_eq!(viewer.error_code(query, json!({ "filter": filter })).await, "BAD_REQUEST", "{filter}");
    }
}

#[tokio::test]
async fn friendly_places_come_first_and_pages_of_them_fit_together() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let [friendly, plain, _] = facilities(&world).await;
    for (name, facility) in [
        ("A plain place", json!(plain)),
        ("B own place", Value::Null),
        ("C friendly place", json!(friendly)),
        ("D plain place", json!(plain)),
    ] {
        offered(&admin, json!({ "name": name, "serviceType": "TB_SCREENING_PREVENTION", "facilityId": facility })).await;
    }
    let filter = json!({ "serviceTypes": ["TB_SCREENING_PREVENTION"] });
    let expected = ["B own place", "C friendly place", "A plain place", "D plain place"];
    assert_eq!(found(&admin, filter.clone()).await, expected);
    for (forward, backward) in [("first", "after"), ("last", "before")] {
        let query = format!(
            "query ($filter: ServiceFilter, $cursor: String) {{ services(filter: $filter, {forward}: 1, {backward}: $cursor) {{ edges {{ cursor node {{ name }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let (mut names, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let page = client_page(&admin, &query, &filter, &cursor).await;
            let edge = &page["edges"][0];
            names.push(edge["node"]["name"].as_str().expect("a name").to_owned());
            cursor = edge["cursor"].clone();
            assert_eq!((&page["pageInfo"]["startCursor"], &page["pageInfo"]["endCursor"]), (&cursor, &cursor));
            let more = if forward == "first" { "hasNextPage" } else { "hasPreviousPage" };
            if page["pageInfo"][more] != true {
                break;
            }
            assert!(names.len() < 10, "{names:?}");
        }
        if forward == "last" {
            names.reverse();
        }
        assert_eq!(names, expected, "{forward}");
    }
}

async fn client_page(client: &Client, query: &str, filter: &Value, cursor: &Value) -> Value {
    client.data(query, json!({ "filter": filter, "cursor": cursor })).await["services"].take()
}

#[tokio::test]
async fn what_a_frozen_or_left_member_offers_is_not_listed_and_nothing_is_sent_to_it() {
    let world = World::new().await;
    let viewer = world.client(SENDER, Role::Caseworker).await;
    let filter = json!({ "serviceTypes": ["HIV_TESTING"] });
    assert_eq!(found(&viewer, filter.clone()).await, ["hiv testing at afya", "hiv testing at haki"]);
    world.set_status(RECEIVER, MembershipStatus::Frozen).await;
    assert_eq!(found(&viewer, filter.clone()).await, ["hiv testing at haki"]);
    let refused = viewer.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
    assert_eq!(refused["userErrors"][0]["code"], "INVALID");
    world.set_status(RECEIVER, MembershipStatus::Active).await;
    assert_eq!(found(&viewer, filter).await.len(), 2);
}

#[tokio::test]
async fn a_closed_service_takes_no_referral_and_is_still_named_by_those_it_has() {
    let world = World::new().await;
    let (sender, admin) = (world.client(SENDER, Role::Caseworker).await, world.client(RECEIVER, Role::OrganisationAdmin).await);
    let service = global_id::encode(RECEIVER.service(ServiceType::Pep)).to_string();
    let meant = with(draft(RECEIVER, ServiceType::Pep), json!({ "serviceId": service }));
    let sent = sender.create_referral(meant.clone()).await;
    assert_eq!(sent["userErrors"], json!([]));
    change(&admin, "closeService", "ServiceInput", json!({ "serviceId": service })).await;
    let refused = sender.create_referral(meant).await;
    assert_eq!((&refused["referral"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID")), "{refused:#}");
    let read = "query ($id: ID!) { node(id: $id) { ... on Referral { service { id closed } } } }";
    let seen = sender.data(read, json!({ "id": sent["referral"]["id"] })).await;
    assert_eq!(seen["node"]["service"], json!({ "id": service, "closed": true }));
}
