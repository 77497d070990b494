//! How members reach an organisation and its services: hours, languages and a line.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::clock_of;
use pamoja_domain::opening_hours::Weekday;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World, write_with_entry};
use crate::referral::with;
use crate::service::offered;

const CONTACT: &str = "hours { days opens closes } openNow languages line";

async fn update(client: &Client, name: &str, input_type: &str, input: Value) -> Value {
    let node = if name.ends_with("Contact") { "organisation" } else { "service" };
    let query = format!(
        "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {node} {{ id {CONTACT} }} userErrors {{ code field message }} }} }}"
    );
    let mut payload = client.data(&query, json!({ "input": input })).await[name].take();
    if payload["userErrors"] == json!([]) {
        payload[node].as_object_mut().expect("a node").remove("id");
        return payload[node].take();
    }
    assert_eq!(payload[node], Value::Null, "{payload:#}");
    payload["userErrors"].take()
}

async fn of_organisation(client: &Client, input: Value) -> Value {
    update(client, "updateOrganisationContact", "UpdateOrganisationContactInput", input).await
}

async fn read(client: &Client, id: &str) -> Value {
    let query =
        format!("query ($id: ID!) {{ node(id: $id) {{ ... on Organisation {{ {CONTACT} }} ... on Service {{ {CONTACT} }} }} }}");
    client.data(&query, json!({ "id": id })).await["node"].take()
}

fn organisation(member: Member) -> String {
    global_id::encode(member.id()).to_string()
}

fn unsaid() -> Value {
    json!({ "hours": [], "openNow": null, "languages": [], "line": null })
}

/// The day of the week in Kenya that many days after a moment.
fn weekday(at: DateTime<Utc>, days: i64) -> &'static str {
    Weekday::ALL[clock_of(at + TimeDelta::days(days)).weekday().num_days_from_monday() as usize].code()
}

#[tokio::test]
async fn an_admin_says_how_members_reach_their_organisation_and_what_is_left_out_stays() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let stranger = world.client(OUTSIDER, Role::PeerEducator).await;
    let id = organisation(RECEIVER);
    assert_eq!(read(&stranger, &id).await, unsaid());
    let hours = json!([
        { "days": ["SATURDAY", "MONDAY", "SATURDAY"], "opens": "14:00", "closes": "18:30" },
        { "days": ["MONDAY"], "opens": "08:00", "closes": "13:00" },
    ]);
    let shown = json!([
        { "days": ["MONDAY"], "opens": "08:00", "closes": "13:00" },
        { "days": ["MONDAY", "SATURDAY"], "opens": "14:00", "closes": "18:30" },
    ]);
    let said = of_organisation(&admin, json!({ "hours": hours, "languages": ["sw", "en", "sw"] })).await;
    assert_eq!((&said["hours"], &said["languages"], &said["line"]), (&shown, &json!(["sw", "en"]), &Value::Null));
    let said = of_organisation(&admin, json!({ "line": { "number": "(020) 200 0000" } })).await;
    assert_eq!((&said["hours"], &said["languages"], &said["line"]), (&shown, &json!(["sw", "en"]), &json!("+254202000000")));
    assert_eq!(read(&stranger, &id).await, said, "every member sees it");
    assert_eq!(of_organisation(&admin, json!({})).await, said, "nothing is said anew");
    assert_eq!(of_organisation(&admin, json!({ "line": null })).await["line"], Value::Null, "there is none any more");
    of_organisation(&admin, json!({ "line": { "number": "1190" } })).await;
    let said = of_organisation(&admin, json!({ "hours": [], "line": {} })).await;
    assert_eq!(said, with(unsaid(), json!({ "languages": ["sw", "en"] })));
    assert_eq!(read(&stranger, &organisation(SENDER)).await, unsaid(), "nothing is said of another");
}

#[tokio::test]
async fn a_service_has_its_own_and_an_update_that_does_not_know_of_it_takes_nothing_away() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let night = json!([{ "days": ["SUNDAY"], "opens": "20:00", "closes": "06:00" }]);
    let contact = json!({ "hours": night, "languages": ["luo"], "line": { "number": "1190" } });
    let id = offered(&admin, contact).await;
    let said = read(&admin, &id).await;
    assert_eq!((&said["hours"], &said["languages"], &said["line"]), (&night, &json!(["luo"]), &json!("1190")));
    let input = json!({ "serviceId": id, "name": "Testing", "countyCode": "047", "populations": [] });
    let updated = update(&admin, "updateService", "UpdateServiceInput", input.clone()).await;
    assert_eq!(updated, said);
    let updated = update(
        &admin,
        "updateService",
        "UpdateServiceInput",
        with(input, json!({ "languages": [], "line": { "number": null } })),
    )
    .await;
    assert_eq!((&updated["hours"], &updated["languages"], &updated["line"]), (&night, &json!([]), &Value::Null));
    assert_eq!(read(&admin, &organisation(RECEIVER)).await, unsaid(), "a service's aren't its organisation's");
}

#[tokio::test]
async fn every_mistake_is_told_by_field_and_nothing_is_said_by_halves() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let span = |opens: &str, closes: &str| json!({ "days": ["MONDAY"], "opens": opens, "closes": closes });
    let too_many: Vec<Value> = (0..15).map(|at| span(&format!("{at:02}:00"), &format!("{at:02}:30"))).collect();
    let languages: Vec<&str> = "en sw luo kam guz mer kln mas tuv saq bxk".split(' ').collect();
    for (input, code, field) in [
        (json!({ "hours": [span("08:00", "17:00"), span("9:00", "17:00")] }), "INVALID", json!(["hours", "1", "opens"])),
        (json!({ "hours": [span("09:00", "24:01")] }), "INVALID", json!(["hours", "0", "closes"])),
        (json!({ "hours": [span("24:00", "09:00")] }), "INVALID", json!(["hours", "0", "opens"])),
        (json!({ "hours": [span("09:00", "09:00")] }), "INVALID", json!(["hours", "0", "closes"])),
        (json!({ "hours": [span("09:00", "17:00"), span("16:00", "18:00")] }), "INVALID", json!(["hours"])),
        (json!({ "hours": [span("09:00", "17:00"), span("09:00", "17:00")] }), "INVALID", json!(["hours"])),
        (json!({ "hours": [{ "days": [], "opens": "09:00", "closes": "17:00" }] }), "INVALID", json!(["hours", "0", "days"])),
        (json!({ "hours": too_many }), "INVALID", json!(["hours"])),
        (json!({ "languages": ["english"] }), "INVALID", json!(["languages"])),
        (json!({ "languages": languages }), "INVALID", json!(["languages"])),
        (json!({ "line": { "number": "+256 414 000000" } }), "INVALID", json!(["line", "number"])),
        (json!({ "line": { "number": "call us" } }), "INVALID", json!(["line", "number"])),
        (json!({ "line": { "number": "0712 345 678" } }), "IDENTIFYING_DATA", json!(["line", "number"])),
        (
            json!({ "line": { "number": "0712 345 678", "organisationOwned": false } }),
            "IDENTIFYING_DATA",
            json!(["line", "number"]),
        ),
    ] {
        let errors = of_organisation(&admin, with(json!({ "languages": ["sw"] }), input.clone())).await;
        assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!(code), &field), "{input}");
        let message = errors[0]["message"].as_str().expect("words");
        assert!(!message.contains("0712") && !message.contains("456"), "a refusal repeats no value: {message}");
        let service = json!({ "serviceType": "SHELTER", "name": "A bed", "countyCode": "047", "populations": [] });
        let errors = update(&admin, "createService", "CreateServiceInput", with(service, input.clone())).await;
        assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!(code), &field), "{input}");
    }
    assert_eq!(read(&admin, &organisation(RECEIVER)).await, unsaid());
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let shelters = superuser.query_one("SELECT count(*) FROM service WHERE service_type = 'SHELTER'", &[]).await;
    assert_eq!(shelters.expect("a count").get::<_, i64>(0), 0, "no service is left behind");

    let both = json!({ "name": "", "line": { "number": "1" }, "serviceType": "SHELTER", "countyCode": "047", "populations": [] });
    let errors = update(&admin, "createService", "CreateServiceInput", both).await;
    assert_eq!((&errors[0]["field"], &errors[1]["field"]), (&json!(["name"]), &json!(["line", "number"])), "all at once");

    let own = json!({ "line": { "number": "0712 345 678", "organisationOwned": true } });
    assert_eq!(of_organisation(&admin, own).await["line"], "+254712345678");
    for role in Role::ALL.iter().filter(|role| **role != Role::OrganisationAdmin) {
        let client = world.client(RECEIVER, *role).await;
        assert_eq!(of_organisation(&client, json!({ "languages": ["en"] })).await[0]["code"], "FORBIDDEN", "{role}");
    }
}

#[tokio::test]
async fn it_is_open_by_the_clocks_of_kenya_at_the_moment_of_the_request() {
    let world = World::new().await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let id = organisation(RECEIVER);
    // From midnight to midnight of the day after tomorrow: only the day in Kenya matters. Tomorrow may be a minute away, and this
    // clock is only ever put forward.
    let now = Utc::now();
    let hours = json!([{ "days": [weekday(now, 2)], "opens": "00:00", "closes": "24:00" }]);
    of_organisation(&admin, json!({ "hours": hours })).await;
    assert_eq!(read(&admin, &id).await["openNow"], json!(false));
    let midnight = pamoja_domain::day::start_of_day(clock_of(now).date() + chrono::Days::new(2));
    for (at, open) in [(-30, false), (30, true), (24 * 60 - 30, true), (24 * 60 + 30, false)] {
        world.travel(midnight + TimeDelta::minutes(at) - Utc::now()).await;
        let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
        assert_eq!(read(&admin, &id).await["openNow"], json!(open), "{at} minutes after midnight in Kenya");
    }
}

#[tokio::test]
async fn a_suggestion_says_whether_it_is_open_and_who_has_little_time_goes_where_it_is() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let admin = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let now = Utc::now();
    let always = json!([{ "days": Weekday::ALL, "opens": "00:00", "closes": "24:00" }]);
    let in_two_days = json!([{ "days": [weekday(now, 2)], "opens": "00:00", "closes": "24:00" }]);
    let closed = offered(&admin, json!({ "serviceType": "SHELTER", "name": "Closed", "hours": in_two_days })).await;
    let open = offered(&admin, json!({ "serviceType": "SHELTER", "name": "Open", "hours": always })).await;
    for (id, capacity) in [(&closed, "OPEN"), (&open, "LIMITED")] {
        let set = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
        admin.data(set, json!({ "input": { "serviceId": id, "capacity": capacity } })).await;
    }
    let query =
        "query ($actBefore: DateTime) { suggestedServices(serviceType: SHELTER, countyCode: \"047\", actBefore: $actBefore) {
        service { id openNow hours { opens } checkedAt } reasons { code message } } }";
    for (hours, order) in [(None, [&closed, &open]), (Some(72), [&open, &closed]), (Some(1), [&open, &closed])] {
        let act_before = hours.map(|hours| (now + TimeDelta::hours(hours)).to_rfc3339());
        let found = sender.data(query, json!({ "actBefore": act_before })).await["suggestedServices"].take();
        assert_eq!([&found[0]["service"]["id"], &found[1]["service"]["id"]], order.map(|id| json!(id)).each_ref());
        for suggestion in found.as_array().expect("suggestions") {
            let is_open = suggestion["service"]["id"] == json!(open);
            assert_eq!(suggestion["service"]["openNow"], json!(is_open));
            let (code, words) =
                if is_open { ("OPEN_NOW", "Open day and night.") } else { ("CLOSED_NOW", "Closed now; it opens on ") };
            let reasons = suggestion["reasons"].as_array().expect("reasons");
            let reason = reasons.iter().find(|reason| reason["code"] == code).unwrap_or_else(|| panic!("{reasons:#?}"));
            assert!(reason["message"].as_str().is_some_and(|message| message.starts_with(words)), "{reason}");
        }
    }
}

#[tokio::test]
async fn past_the_program_an_organisation_alone_writes_how_it_is_reached() {
    let world = World::new().await;
    let app = world.connect(DatabaseRole::App).await;
    let enter = async |member: Member, door: &str| {
        let settings = format!("SELECT test_gate.enter('{}', '{door}')", member.id());
        app.batch_execute(&settings).await.expect("a door");
    };
    let insert = format!("INSERT INTO organisation_contact (organisation_id) VALUES ('{}')", RECEIVER.id());
    let change = "UPDATE organisation_contact SET line = '1190'";
    for (member, door) in [(OUTSIDER, "member"), (RECEIVER, "operator"), (RECEIVER, "job"), (RECEIVER, "sign_in")] {
        enter(member, door).await;
        let refused = app.batch_execute(&insert).await.expect_err(door);
        let message = refused.as_db_error().expect("by PostgreSQL").message();
        assert!(message.contains("row-level security policy for table \"organisation_contact\""), "{door}: {message}");
    }
    enter(RECEIVER, "member").await;
    write_with_entry(&app, &insert, "'updateOrganisationContact', tenant()").await.expect("its own");
    write_with_entry(&app, change, "'updateOrganisationContact', tenant()").await.expect("a change");
    for (member, door) in [(OUTSIDER, "member"), (RECEIVER, "operator"), (RECEIVER, "job")] {
        enter(member, door).await;
        match app.execute(change, &[]).await {
            Ok(changed) => assert_eq!(changed, 0, "{door}"),
            Err(refused) => {
                let message = refused.as_db_error().expect("by PostgreSQL").message();
                assert!(message.contains("row-level security policy for table \"organisation_contact\""), "{door}: {message}");
            }
        }
    }
    enter(RECEIVER, "member").await;
    for wrong in
        ["line = '0712345678'", "line = '+25471234567'", "line = 'Jo'", "hours = 'whenever'", "hours = 'Mo 09:00-17:00; '"]
    {
        assert!(app.execute(&format!("UPDATE organisation_contact SET {wrong}"), &[]).await.is_err(), "{wrong}");
        let of_service = format!("UPDATE service SET {wrong} WHERE id = '{}'", RECEIVER.service(ServiceType::Pep).0);
        assert!(app.execute(&of_service, &[]).await.is_err(), "{wrong}");
    }
    let refused = app.execute("UPDATE organisation SET status = 'LEFT'", &[]).await.expect_err("it changes nothing else");
    assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}
