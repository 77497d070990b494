//! What makes a referral usable in practice: the 72-hour clock, the public hospital, and how the client agreed.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, refusal, with};

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { slipCode advice { code message } userErrors { code message field }
    referral { id status actBefore overdue accompanied createdAt allowedActions toOrganisation { slug } consent { givenBy noticeVersion manner language counted } } } }";

/// Refers a client whom nobody has referred yet, unless the input names one, so that no other referral is advised of.
async fn create(client: &Client, mut input: Value) -> Value {
    if input["client"] == crate::referral::CLIENT {
        input["client"] = json!(pamoja_domain::pseudonym::Pseudonym::from_bits(*uuid::Uuid::new_v4().as_bytes()).as_str());
    }
    client.data(CREATE, json!({ "input": input })).await["createReferral"].take()
}

fn codes(payload: &Value) -> Vec<&str> {
    payload["advice"].as_array().expect("advice").iter().filter_map(|advice| advice["code"].as_str()).collect()
}

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().expect("a moment")
}

/// A service that the sender vouches for, at a facility of the register; returns its id.
pub async fn vouched(world: &World, service_type: &str) -> String {
    let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    let facility = uuid::Uuid::new_v4();
    superuser
        .batch_execute(&format!(
            "INSERT INTO facility (id, code, name, county_code, operational, key_population_friendly, service_types)
             VALUES ('{facility}', 'made-up-{facility}', 'A made-up public hospital', '047', true, true, ARRAY['PEP'])"
        ))
        .await
        .expect("a facility");
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let input = json!({ "serviceType": service_type, "name": "At the public hospital", "countyCode": "047", "populations": [],
        "facilityId": global_id::encode(pamoja_domain::id::FacilityId(facility)) });
    let query =
        "mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } userErrors { message } } }";
    let data = admin.data(query, json!({ "input": input })).await;
    data["createService"]["service"]["id"].as_str().unwrap_or_else(|| panic!("no service: {data}")).to_owned()
}

#[tokio::test]
async fn hours_since_the_exposure_set_the_time_until_which_the_client_must_be_seen() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    for hours in [0, 1, 20, 72] {
        let payload = create(&sender, with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": hours }))).await;
        let referral = &payload["referral"];
        assert_eq!(moment(&referral["actBefore"]) - moment(&referral["createdAt"]), TimeDelta::hours(72 - hours));
        assert_eq!(codes(&payload), ["GO_NOW"], "{payload:#}");
    }
    let plain = create(&sender, draft(RECEIVER, ServiceType::Pep)).await;
    assert_eq!((&plain["referral"]["actBefore"], codes(&plain)), (&Value::Null, vec![]));
    for (fields, field, said) in [
        (
            json!({ "hoursSinceExposure": 73 }),
            "hoursSinceExposure",
            "Hours are 0 to 72. Where more have passed, leave the hours out and call",
        ),
        (json!({ "hoursSinceExposure": -1 }), "hoursSinceExposure", "Hours since an exposure are 0 to 72"),
        (json!({ "hoursSinceExposure": 5, "serviceType": "HIV_TESTING" }), "hoursSinceExposure", "This service doesn't depend"),
    ] {
        let refused = create(&sender, with(draft(RECEIVER, ServiceType::Pep), fields)).await;
        assert_eq!(refusal(&refused), ("INVALID", field));
        let message = refused["userErrors"][0]["message"].as_str().expect("words");
        assert!(message.starts_with(said), "{message}");
    }
    // A referral that was sent in its last hour shows as overdue afterwards, and can still be used.
    let last = create(&sender, with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 71 }))).await;
    assert_eq!(last["referral"]["overdue"], false);
    world.travel(TimeDelta::hours(2)).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let id = &last["referral"]["id"];
    let seen =
        receiver.data("query ($id: ID!) { node(id: $id) { ... on Referral { overdue status } } }", json!({ "id": id })).await;
    assert_eq!(seen["node"], json!({ "overdue": true, "status": "REQUESTED" }));
    let slip = json!({ "slipCode": last["slipCode"] });
    assert_eq!(
        receiver.referral_mutation("checkInReferral", "CheckInReferralInput", slip).await["referral"]["status"],
        "ARRIVED"
    );
    let seen = receiver.data("query ($id: ID!) { node(id: $id) { ... on Referral { overdue } } }", json!({ "id": id })).await;
    assert_eq!(seen["node"]["overdue"], false);
}

#[tokio::test]
async fn who_is_under_fifteen_is_under_eighteen_and_the_secretariat_refers_nobody() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let child = json!({ "ageBand": "UNDER_15", "populations": ["FEMALE_SEX_WORKER"], "serviceType": "PEP" });
    assert_eq!(refusal(&create(&sender, with(draft(RECEIVER, ServiceType::Pep), child)).await), ("INVALID", "populations"));
    let adults_only = json!({ "ageBand": "UNDER_15", "serviceType": "HIV_TESTING" });
    assert_eq!(
        refusal(&create(&sender, with(draft(RECEIVER, ServiceType::Pep), adults_only)).await),
        ("INVALID", "toOrganisationId")
    );
    let taken = sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), json!({ "ageBand": "UNDER_15" }))).await;
    assert_eq!(taken["referral"]["under18"], "YES", "{taken:#}");
    let secretariat = world.client(crate::harness::member("secretariat"), Role::Caseworker).await;
    for to in [json!({}), json!({ "toOrganisationId": null })] {
        let refused = create(&secretariat, with(draft(RECEIVER, ServiceType::Pep), to)).await;
        assert_eq!((&refused["referral"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("FORBIDDEN")));
    }
}

#[tokio::test]
async fn when_consent_is_withdrawn_nothing_tells_of_the_exposure_any_more() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let payload = create(&sender, with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 20 }))).await;
    let id = payload["referral"]["id"].as_str().expect("an id");
    sender.move_referral("withdrawReferralConsent", id).await;
    for viewer in [&sender, &receiver] {
        let seen = viewer
            .data("query ($id: ID!) { node(id: $id) { ... on Referral { actBefore overdue } } }", json!({ "id": id }))
            .await;
        assert_eq!(seen["node"], json!({ "actBefore": null, "overdue": false }));
    }
    let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    let left = "SELECT (SELECT count(act_before) FROM referral) + (SELECT count(act_before) FROM referral_progress)";
    assert_eq!(superuser.query_one(left, &[]).await.expect("a count").get::<_, i64>(0), 0);
    // It needn't be answered sooner than any other referral of its urgency.
    let other = create(&sender, draft(RECEIVER, ServiceType::HivTesting)).await;
    assert_eq!(other["userErrors"], json!([]));
    let erased = json!({ "hoursSinceExposure": 20, "client": pamoja_domain::pseudonym::Pseudonym::from_bits([7; 16]).as_str() });
    assert_eq!(create(&sender, with(draft(RECEIVER, ServiceType::Pep), erased.clone())).await["userErrors"], json!([]));
    let erase = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals } }";
    let data = sender.data(erase, json!({ "input": { "client": erased["client"] } })).await;
    assert_eq!(data["eraseClient"]["erasedReferrals"], 1);
    let times = "SELECT count(*), count(DISTINCT answer_by - created_at), max(answer_by - created_at) = interval '72 hours'
        FROM referral_progress AS progress JOIN referral ON referral.id = progress.referral_id";
    let times = superuser.query_one(times, &[]).await.expect("the times");
    assert_eq!((times.get::<_, i64>(0), times.get::<_, i64>(1), times.get::<_, bool>(2)), (3, 1, true));
}

#[tokio::test]
async fn the_hours_count_from_when_the_referral_was_written_down() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let now = Utc::now();
    for hours_ago in [0, 5, 60, 24 * 59] {
        let written_at = now - TimeDelta::hours(hours_ago);
        let input =
            with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 2, "writtenAt": written_at.to_rfc3339() }));
        let payload = create(&sender, input).await;
        assert_eq!(payload["userErrors"], json!([]));
        let expected = written_at + TimeDelta::hours(70);
        assert!((moment(&payload["referral"]["actBefore"]) - expected).num_milliseconds().abs() < 2, "{payload:#}");
        assert_eq!(payload["referral"]["overdue"], hours_ago > 70, "{hours_ago}");
        assert_eq!(codes(&payload)[0], if hours_ago > 70 { "OVERDUE" } else { "GO_NOW" });
    }
    // A phone's clock may be a little ahead.
    let ahead = with(
        draft(RECEIVER, ServiceType::Pep),
        json!({ "hoursSinceExposure": 2, "writtenAt": (now + TimeDelta::minutes(5)).to_rfc3339() }),
    );
    let payload = create(&sender, ahead).await;
    assert_eq!(moment(&payload["referral"]["actBefore"]) - moment(&payload["referral"]["createdAt"]), TimeDelta::hours(70));
    for wrong in ["yesterday".to_owned(), (now + TimeDelta::hours(1)).to_rfc3339(), (now - TimeDelta::days(61)).to_rfc3339()] {
        let refused = create(&sender, with(draft(RECEIVER, ServiceType::Pep), json!({ "writtenAt": wrong }))).await;
        assert_eq!(refusal(&refused), ("INVALID", "writtenAt"));
    }
}

#[tokio::test]
async fn what_cannot_wait_stands_first_in_the_receivers_list_until_the_client_arrives() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut ids = Vec::new();
    for (service_type, hours) in
        [(ServiceType::Pep, Some(10)), (ServiceType::HivTesting, None), (ServiceType::Pep, Some(60)), (ServiceType::Prep, None)]
    {
        let mut input = draft(RECEIVER, service_type);
        if let Some(hours) = hours {
            input["hoursSinceExposure"] = json!(hours);
        }
        ids.push(create(&sender, input).await["referral"]["id"].as_str().expect("an id").to_owned());
    }
    let listed = async |first: i64| {
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let query = "query ($first: Int, $after: String) { referrals(direction: INCOMING, first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
            let page = receiver.data(query, json!({ "first": first, "after": after })).await["referrals"].take();
            all.extend(
                page["nodes"]
                    .as_array()
                    .expect("nodes")
                    .iter()
                    .map(|node| ids.iter().position(|id| node["id"] == id.as_str()).expect("one of ours")),
            );
            if page["pageInfo"]["hasNextPage"] == false {
                return all;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    for first in [1, 3, 20] {
        assert_eq!(listed(first).await, [2, 0, 3, 1], "the most pressing first, then the newest");
    }
    receiver.move_referral("acceptReferral", &ids[2]).await;
    assert_eq!(listed(1).await, [2, 0, 3, 1], "whoever has the least time left is first, answered or not");
    receiver.move_referral("checkInReferralWithoutSlip", &ids[2]).await;
    assert_eq!(listed(1).await, [0, 3, 2, 1]);
}

#[tokio::test]
async fn the_capacity_of_a_service_is_said_when_somebody_is_referred_there() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let service = global_id::encode(RECEIVER.service(ServiceType::HivTesting));
    for (capacity, advice) in [
        ("OPEN", vec![]),
        ("LIMITED", vec![]),
        ("WAITLIST", vec!["SERVICE_WAITLIST"]),
        ("FULL", vec!["SERVICE_FULL"]),
        ("UNKNOWN", vec!["ASK_FIRST"]),
    ] {
        let set = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
        let set = receiver.data(set, json!({ "input": { "serviceId": service, "capacity": capacity } })).await;
        assert_eq!(set["setServiceCapacity"]["userErrors"], json!([]));
        for named in [json!({}), json!({ "serviceId": service })] {
            let payload = create(&sender, with(draft(RECEIVER, ServiceType::HivTesting), named)).await;
            assert_eq!(payload["userErrors"], json!([]), "it is never refused for it");
            assert_eq!(codes(&payload), advice, "{capacity}");
        }
    }
}

#[tokio::test]
async fn for_a_minor_the_refusal_says_whom_to_choose_and_offers_who_takes_them() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let admin = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let service = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
    let update = "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { userErrors { code } } }";
    let takes_minors =
        json!({ "serviceId": service, "name": "Testing", "countyCode": "047", "populations": [], "acceptsMinors": true });
    assert_eq!(admin.data(update, json!({ "input": takes_minors })).await["updateService"]["userErrors"], json!([]));
    let create = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { referral { id } alternatives { service { id acceptsMinors } } userErrors { code message field } } }";
    let many = "mutation ($input: CreateReferralsInput!) { createReferrals(input: $input) { results { alternatives { service { id acceptsMinors } } userErrors { field } } } }";
    let minor = json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" });
    for (named, field, said) in [
        (json!({}), "toOrganisationId", "None of this organisation's services"),
        (
            json!({ "serviceId": global_id::encode(RECEIVER.service(ServiceType::HivTesting)) }),
            "serviceId",
            "This service takes nobody",
        ),
    ] {
        let input = with(with(draft(RECEIVER, ServiceType::HivTesting), minor.clone()), named);
        let payload = sender.data(create, json!({ "input": input })).await["createReferral"].take();
        assert_eq!(refusal(&payload), ("INVALID", field));
        let message = payload["userErrors"][0]["message"].as_str().expect("words");
        assert!(message.starts_with(said), "{message}");
        assert_eq!(payload["alternatives"], json!([{ "service": { "id": service, "acceptsMinors": true } }]));
        let item = with(input, json!({ "clientMutationId": uuid::Uuid::new_v4() }));
        let together = sender.data(many, json!({ "input": { "items": [item] } })).await["createReferrals"]["results"][0].take();
        assert_eq!((&together["alternatives"], &together["userErrors"][0]["field"]), (&payload["alternatives"], &json!([field])));
    }
}

#[tokio::test]
async fn whoever_goes_along_to_a_service_that_is_full_is_told_so() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let service = vouched(&world, "PEP").await;
    let set = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
    let along = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service });
    for (capacity, advice) in [("FULL", vec!["GO_ALONG", "SERVICE_FULL"]), ("WAITLIST", vec!["GO_ALONG"])] {
        sender.data(set, json!({ "input": { "serviceId": service, "capacity": capacity } })).await;
        let payload = create(&sender, with(draft(RECEIVER, ServiceType::Pep), along.clone())).await;
        assert_eq!((payload["userErrors"].clone(), codes(&payload)), (json!([]), advice), "{capacity}");
    }
}

#[tokio::test]
async fn who_is_referred_to_a_full_service_is_told_where_else_to_go() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let set = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
    let full = json!({ "serviceId": global_id::encode(RECEIVER.service(ServiceType::HivTesting)), "capacity": "FULL" });
    receiver.data(set, json!({ "input": full })).await;
    let create = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { advice { code } alternatives { service { name organisation { slug } } reasons { code message } } userErrors { code } } }";
    let input = draft(RECEIVER, ServiceType::HivTesting);
    let payload = sender.data(create, json!({ "input": input })).await["createReferral"].take();
    assert_eq!((codes(&payload), &payload["userErrors"]), (vec!["SERVICE_FULL"], &json!([])));
    let alternatives = payload["alternatives"].as_array().expect("alternatives");
    assert_eq!(alternatives.len(), 1, "the frozen, the left and the full are none: {alternatives:#?}");
    assert_eq!(alternatives[0]["service"]["organisation"]["slug"], "haki");
    assert_eq!(
        (&alternatives[0]["reasons"][0]["code"], &alternatives[0]["reasons"][1]["code"]),
        (&json!("OPEN"), &json!("SAME_COUNTY"))
    );
}

#[tokio::test]
async fn to_a_facility_outside_the_coalition_the_sender_goes_along_and_makes_both_parties_moves() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let service = vouched(&world, "PEP").await;
    let own = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service });
    for handle in ["caseworker", "peer"] {
        let goes_along = world.client_of(SENDER, handle).await;
        let payload = create(&goes_along, with(draft(RECEIVER, ServiceType::Pep), own.clone())).await;
        assert_eq!((payload["userErrors"].clone(), codes(&payload)), (json!([]), vec!["GO_ALONG"]));
        assert_eq!(
            (&payload["referral"]["accompanied"], &payload["referral"]["toOrganisation"]["slug"]),
            (&json!(true), &json!("jirani"))
        );
        let id = payload["referral"]["id"].as_str().expect("an id");
        for (operation, status) in
            [("acceptReferral", "ACCEPTED"), ("checkInReferralWithoutSlip", "ARRIVED"), ("completeReferral", "COMPLETED")]
        {
            let moved = goes_along.move_referral(operation, id).await;
            assert_eq!(moved["referral"]["status"], status, "{handle}: {moved:#}");
        }
    }
    let complaint = create(&sender, with(draft(RECEIVER, ServiceType::Pep), own)).await;
    let id = complaint["referral"]["id"].as_str().expect("an id");
    sender.move_referral("acceptReferral", id).await;
    let input = json!({ "referralId": id, "reason": "TURNED_AWAY_OR_MISTREATED" });
    let ended = sender.referral_mutation("markReferralNotCompleted", "NotCompletedInput", input).await;
    assert_eq!(ended["referral"]["nonCompletionReason"], "TURNED_AWAY_OR_MISTREATED");
    // A peer educator can also check in with the slip, though not at a desk. Slips of others' clients are unknown to them.
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let along = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service });
    let mine = create(&peer, with(draft(RECEIVER, ServiceType::Pep), along.clone())).await;
    let slip = json!({ "slipCode": mine["slipCode"] });
    assert_eq!(peer.referral_mutation("checkInReferral", "CheckInReferralInput", slip).await["referral"]["status"], "ARRIVED");
    let theirs = create(&sender, with(draft(RECEIVER, ServiceType::Pep), along)).await;
    let slip = json!({ "slipCode": theirs["slipCode"] });
    assert_eq!(
        refusal(&peer.referral_mutation("checkInReferral", "CheckInReferralInput", slip).await),
        ("NOT_FOUND", "slipCode")
    );
    // A colleague who sees only their own clients' referrals doesn't find it, and it is no task for anybody at the desk.
    let second = world.client_of(SENDER, "second-peer").await;
    assert_eq!(refusal(&second.move_referral("acceptReferral", id).await), ("NOT_FOUND", "referralId"));
    let incoming = sender
        .data(
            "{ referrals(direction: INCOMING) { nodes { id } } outgoing: referrals(direction: OUTGOING) { nodes { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        (incoming["referrals"]["nodes"].clone(), incoming["outgoing"]["nodes"].as_array().map(Vec::len)),
        (json!([]), Some(5))
    );
    assert_eq!(receiver.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await["node"], Value::Null);
}

#[tokio::test]
async fn to_go_along_needs_an_own_service_at_a_facility() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let service = vouched(&world, "PEP").await;
    let own = json!(global_id::encode(SENDER.id()));
    let without_facility = json!(global_id::encode(SENDER.service(ServiceType::PeerEducation)));
    for (fields, field) in [
        (json!({ "toOrganisationId": own }), "serviceId"),
        (json!({ "toOrganisationId": own, "serviceId": global_id::encode(RECEIVER.service(ServiceType::Pep)) }), "serviceId"),
        (json!({ "toOrganisationId": own, "serviceId": without_facility, "serviceType": "PEER_EDUCATION" }), "serviceId"),
        (json!({ "toOrganisationId": own, "serviceId": without_facility }), "serviceId"),
        (json!({ "toOrganisationId": null, "serviceId": service }), "serviceId"),
        (json!({ "toOrganisationId": global_id::encode(OUTSIDER.id()), "serviceId": service }), "serviceType"),
    ] {
        let payload = create(&sender, with(draft(RECEIVER, ServiceType::Pep), fields.clone())).await;
        assert_eq!(refusal(&payload), ("INVALID", field), "{fields}: {payload:#}");
    }
}

#[tokio::test]
async fn how_the_client_agreed_is_recorded_for_the_sender_alone() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let said = json!({ "givenBy": "GUARDIAN", "noticeVersion": "2026-1", "manner": "SPOKEN", "language": "luo" });
    let input = with(
        draft(RECEIVER, ServiceType::Pep),
        json!({ "consent": said, "consentToBeCounted": false, "under18": "YES", "ageBand": "FROM_15_TO_19" }),
    );
    let payload = create(&sender, input).await;
    let expected = with(said, json!({ "counted": false }));
    assert_eq!(payload["referral"]["consent"], expected, "{payload:#}");
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { consent { counted } } } }";
    assert_eq!(receiver.data(query, json!({ "id": payload["referral"]["id"] })).await["node"]["consent"], Value::Null);
    let plain = create(&sender, draft(RECEIVER, ServiceType::Pep)).await;
    let unsaid = json!({ "givenBy": "CLIENT", "noticeVersion": null, "manner": null, "language": null, "counted": true });
    assert_eq!(plain["referral"]["consent"], unsaid);
    for (consent, code, field) in [
        (json!({ "noticeVersion": "a notice" }), "INVALID", "noticeVersion"),
        (json!({ "noticeVersion": "0712345678" }), "IDENTIFYING_DATA", "noticeVersion"),
        (json!({ "noticeVersion": "x".repeat(21) }), "INVALID", "noticeVersion"),
        (json!({ "language": "Kiswahili" }), "INVALID", "language"),
        (json!({ "givenBy": "PARENT" }), "INVALID", "givenBy"),
    ] {
        let refused =
            create(&sender, with(draft(RECEIVER, ServiceType::Pep), json!({ "consent": consent, "under18": "NO" }))).await;
        let errors = refused["userErrors"].as_array().expect("refusals");
        assert_eq!((errors.len(), &errors[0]["code"], &errors[0]["field"]), (1, &json!(code), &json!(["consent", field])));
    }
}
