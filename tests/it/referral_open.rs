//! Referrals that are open to every member that offers the service in the county: the first to take one gets it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, refusal, with};

const LIST: &str = "query ($direction: ReferralDirection!, $filter: ReferralFilter) { referrals(direction: $direction, filter: $filter) { nodes { id } } }";
const ALL: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { id fromOrganisation { slug name } toOrganisation { slug } service { id } serviceType client
    sharedWithReceiver populations ageBand under18 county { code } urgency actBefore overdue scheduledOn accompanied status declineReason nonCompletionReason
    sealedNote consent { givenBy } timeline { status byOrganisation { slug } } allowedActions } } }";

pub fn open(fields: Value) -> Value {
    with(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "toOrganisationId": null })), fields)
}

pub async fn send(sender: &Client, fields: Value) -> (String, String) {
    let payload = sender.create_referral(open(fields)).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&payload["referral"]["id"]), text(&payload["slipCode"]))
}

pub async fn list(client: &Client, direction: &str, filter: Value) -> Vec<String> {
    let data = client.data(LIST, json!({ "direction": direction, "filter": filter })).await;
    data["referrals"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| node["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn who_offers_the_service_sees_type_county_and_urgency_alone_until_one_takes_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let shared = json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "urgency": "URGENT", "under18": "NO" });
    let (id, _) = send(&sender, shared).await;
    for taker in [&receiver, &outsider] {
        assert_eq!(list(taker, "OPEN", json!({})).await, std::slice::from_ref(&id));
        assert_eq!(list(taker, "INCOMING", json!({})).await, Vec::<String>::new());
        let seen = taker.data(ALL, json!({ "id": id })).await;
        assert_eq!(
            seen["node"],
            json!({ "id": id, "fromOrganisation": { "slug": "member", "name": "A member of the coalition" }, "toOrganisation": null, "service": null, "serviceType": "HIV_TESTING",
                "client": null, "sharedWithReceiver": [], "populations": [], "ageBand": "NOT_STATED", "under18": "NOT_STATED",
                "county": { "code": "047" }, "urgency": "URGENT", "actBefore": null, "overdue": false, "scheduledOn": null, "accompanied": false,
                "status": "REQUESTED", "declineReason": null, "nonCompletionReason": null, "sealedNote": null, "consent": null,
                "timeline": [{ "status": "REQUESTED", "byOrganisation": null }], "allowedActions": ["ACCEPT", "CHECK_IN"] })
        );
    }
    let own = sender.data(ALL, json!({ "id": id })).await;
    assert_eq!((&own["node"]["toOrganisation"], &own["node"]["populations"]), (&Value::Null, &json!(["MSM"])));
    assert_eq!(own["node"]["consent"], json!({ "givenBy": "CLIENT" }));
    assert!(!own["node"]["allowedActions"].as_array().expect("actions").contains(&json!("ACCEPT")));
    assert_eq!((list(&sender, "OPEN", json!({})).await, list(&sender, "OUTGOING", json!({})).await), (vec![], vec![id.clone()]));

    let accepted = receiver.move_referral("acceptReferral", &id).await;
    assert_eq!(accepted["referral"]["status"], "ACCEPTED", "{accepted:#}");
    let seen = receiver.data(ALL, json!({ "id": id })).await;
    assert_eq!((&seen["node"]["toOrganisation"]["slug"], &seen["node"]["populations"]), (&json!("afya"), &json!(["MSM"])));
    assert_eq!((&seen["node"]["under18"], &seen["node"]["client"]), (&json!("NO"), &Value::Null));
    assert_eq!(seen["node"]["fromOrganisation"]["slug"], "jirani", "whoever takes it is told");
    assert_eq!(seen["node"]["timeline"][0], json!({ "status": "REQUESTED", "byOrganisation": { "slug": "jirani" } }));
    assert_eq!(list(&receiver, "INCOMING", json!({})).await, std::slice::from_ref(&id));
    assert_eq!(list(&receiver, "OPEN", json!({})).await, Vec::<String>::new());
    assert_eq!(list(&outsider, "OPEN", json!({})).await, Vec::<String>::new(), "it leaves the others' lists");
    assert_eq!(outsider.data(ALL, json!({ "id": id })).await["node"], Value::Null);
    assert_eq!(refusal(&outsider.move_referral("acceptReferral", &id).await), ("CONFLICT", "referralId"));
    assert_eq!(receiver.move_referral("completeReferral", &id).await["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
    assert_eq!(receiver.move_referral("checkInReferralWithoutSlip", &id).await["referral"]["status"], "ARRIVED");
}

#[tokio::test]
async fn a_would_be_taker_is_told_by_no_way_who_sends_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = send(&sender, json!({ "urgency": "URGENT" })).await;
    let who = "fromOrganisation { id slug name kind populations counties { code } status } timeline { byOrganisation { id } }";
    let withheld = json!({ "id": global_id::encode(OrganisationId::WITHHELD), "slug": "member", "name": "A member of the coalition", "kind": "OTHER",
        "populations": [], "counties": [], "status": "ACTIVE" });
    let query = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Referral {{ {who} }} }} referrals(direction: OPEN) {{ nodes {{ {who} }} }}
            viewer {{ tasks {{ nodes {{ referral {{ {who} }} }} }} }} }}"
    );
    let seen = receiver.data(&query, json!({ "id": id })).await;
    for referral in [&seen["node"], &seen["referrals"]["nodes"][0], &seen["viewer"]["tasks"]["nodes"][0]["referral"]] {
        assert_eq!(*referral, json!({ "fromOrganisation": withheld, "timeline": [{ "byOrganisation": null }] }), "{seen:#}");
    }
    let organisation = "query ($id: ID!) { node(id: $id) { id } }";
    assert_eq!(receiver.data(organisation, json!({ "id": withheld["id"] })).await["node"], Value::Null);
}

#[tokio::test]
async fn of_many_who_take_it_at_once_exactly_one_wins() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let second = world.client_of(RECEIVER, "second-caseworker").await;
    for _ in 0..12 {
        let (id, _) = send(&sender, json!({})).await;
        let answers = futures_util::future::join_all(
            [&receiver, &outsider, &second, &outsider].map(|taker| taker.move_referral("acceptReferral", &id)),
        )
        .await;
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        for answer in &answers {
            let outcome = answer["userErrors"][0]["code"].as_str().unwrap_or("won");
            *outcomes.entry(outcome.to_owned()).or_default() += 1;
        }
        assert_eq!(outcomes["won"], 1, "{answers:#?}");
        let winner = sender.data(ALL, json!({ "id": id })).await["node"]["toOrganisation"]["slug"].clone();
        // A colleague at the winning organisation gets the state instead, because the referral is theirs.
        assert!(outcomes.keys().all(|code| ["won", "CONFLICT", "ILLEGAL_TRANSITION"].contains(&code.as_str())), "{outcomes:?}");
        assert!(outcomes["CONFLICT"] >= 1 && ["afya", "haki"].contains(&winner.as_str().expect("a taker")), "{outcomes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_taker_and_the_sender_who_move_it_at_once_each_is_told_what_became_of_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for number in 0..30 {
        let (id, _) = send(&sender, json!({})).await;
        let reason = json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" });
        let called_off = async {
            match number % 2 {
                0 => sender.move_referral("withdrawReferralConsent", &id).await,
                _ => sender.referral_mutation("cancelReferral", "CancelReferralInput", reason).await,
            }
        };
        let (taken, called_off) = tokio::join!(receiver.move_referral("acceptReferral", &id), called_off);
        assert_eq!(called_off["userErrors"], json!([]), "the sender can always call it off: {called_off:#}");
        let code = taken["userErrors"][0]["code"].as_str().unwrap_or("won");
        assert!(["won", "CONFLICT", "ILLEGAL_TRANSITION"].contains(&code), "{taken:#}");
        let seen = sender.data(ALL, json!({ "id": id })).await;
        assert_eq!(seen["node"]["status"], "CANCELLED", "{taken:#}");
    }
}

#[tokio::test]
async fn to_whom_it_is_offered_is_settled_when_it_is_sent() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let admin = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let service = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
    let accepts = async |minors: bool| {
        let query = "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { userErrors { code } } }";
        let input =
            json!({ "serviceId": service, "name": "Testing", "countyCode": "047", "populations": [], "acceptsMinors": minors });
        assert_eq!(admin.data(query, json!({ "input": input })).await["updateService"]["userErrors"], json!([]));
    };
    accepts(true).await;
    let (minors, _) = send(&sender, json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" })).await;
    let (adults, _) = send(&sender, json!({ "under18": "NO" })).await;
    let before = list(&outsider, "OPEN", json!({})).await;
    assert_eq!(before, [adults.clone(), minors.clone()]);
    accepts(false).await;
    assert_eq!(list(&outsider, "OPEN", json!({})).await, before, "a client under 18 shows by what a member says of itself");
    sender.move_referral("withdrawReferralConsent", &minors).await;
    for offered in [true, false] {
        accepts(offered).await;
        assert_eq!(refusal(&outsider.move_referral("acceptReferral", &minors).await), ("CONFLICT", "referralId"));
    }
    // A member that begins to offer a service later doesn't see the referrals from before.
    let (sought, _) = send(&sender, json!({ "serviceType": "PREP" })).await;
    let create = "mutation ($input: CreateServiceInput!) { createService(input: $input) { userErrors { code } } }";
    let input = json!({ "serviceType": "PREP", "name": "Prep", "countyCode": "047", "populations": [] });
    assert_eq!(admin.data(create, json!({ "input": input })).await["createService"]["userErrors"], json!([]));
    assert!(!list(&outsider, "OPEN", json!({})).await.contains(&sought));
    assert_eq!(refusal(&outsider.move_referral("acceptReferral", &sought).await), ("NOT_FOUND", "referralId"));
}

#[tokio::test]
async fn whom_it_was_offered_to_is_no_alternative_to_it() {
    let world = World::new().await;
    let own = crate::referral_circumstance::vouched(&world, "HIV_TESTING").await;
    let (sender, _) = desks(&world).await;
    // haki works elsewhere, so the referral isn't offered to it; it remains another choice.
    let admin = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let update = "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { userErrors { code } } }";
    let elsewhere = json!({ "serviceId": global_id::encode(OUTSIDER.service(ServiceType::HivTesting)), "name": "Testing", "countyCode": "001", "populations": [] });
    assert_eq!(admin.data(update, json!({ "input": elsewhere })).await["updateService"]["userErrors"], json!([]));
    let create = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { alternatives { service { id } } userErrors { code } } }";
    let created = sender.data(create, json!({ "input": open(json!({ "urgency": "EMERGENCY" })) })).await["createReferral"].take();
    let expected = json!([{ "service": { "id": own } }, { "service": { "id": global_id::encode(OUTSIDER.service(ServiceType::HivTesting)) } }]);
    let sorted = |value: &Value| {
        let mut ids: Vec<String> = value.as_array().expect("alternatives").iter().map(ToString::to_string).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!((sorted(&created["alternatives"]), &created["userErrors"]), (sorted(&expected), &json!([])));
    world.travel(TimeDelta::hours(5)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let tasks = "{ viewer { tasks(kinds: [NO_ANSWER]) { nodes { alternatives { service { id } } } } } }";
    let found = sender.data(tasks, json!({})).await["viewer"]["tasks"]["nodes"][0]["alternatives"].take();
    assert_eq!(sorted(&found), sorted(&expected));
}

#[tokio::test]
async fn who_does_not_offer_it_there_neither_sees_nor_takes_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let peer = world.client(RECEIVER, Role::PeerEducator).await;
    let never = global_id::encode(ReferralId(uuid::Uuid::new_v4())).to_string();
    // haki doesn't offer PEP, and its testing service takes nobody under 18.
    let (id, slip) = send(&sender, json!({ "serviceType": "PEP", "under18": "YES", "ageBand": "FROM_15_TO_19" })).await;
    for (client, code) in [(&outsider, "NOT_FOUND"), (&peer, "NOT_FOUND")] {
        let (open, unknown) =
            (client.move_referral("acceptReferral", &id).await, client.move_referral("acceptReferral", &never).await);
        assert_eq!((refusal(&open), &open), ((code, "referralId"), &unknown));
        assert_eq!(client.data(ALL, json!({ "id": id })).await["node"], Value::Null);
        assert_eq!(list(client, "OPEN", json!({})).await, Vec::<String>::new());
    }
    let by_slip = json!({ "slipCode": slip });
    let refused = outsider.referral_mutation("checkInReferral", "CheckInReferralInput", by_slip.clone()).await;
    assert_eq!(refusal(&refused), ("NOT_FOUND", "slipCode"));
    for action in ["declineReferral", "cancelReferral", "waitlistReferral"] {
        let reason = json!({ "referralId": id, "reason": "OTHER" });
        let payload = match action {
            "declineReferral" => receiver.referral_mutation(action, "DeclineReferralInput", reason).await,
            "cancelReferral" => receiver.referral_mutation(action, "CancelReferralInput", reason).await,
            _ => receiver.move_referral(action, &id).await,
        };
        assert_eq!(payload["userErrors"][0]["code"], "FORBIDDEN", "{action}: {payload:#}");
        let told = payload["userErrors"][0]["message"].as_str().expect("a message");
        assert_eq!(told.contains("accept it first"), action != "cancelReferral", "{action}: {told}");
    }
    // The slip works at every member that could take the referral: no client is sent away because nobody has answered.
    let arrived = receiver.referral_mutation("checkInReferral", "CheckInReferralInput", by_slip).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "{arrived:#}");
    assert_eq!(sender.data(ALL, json!({ "id": id })).await["node"]["toOrganisation"]["slug"], "afya");
}

#[tokio::test]
async fn what_is_called_off_expired_or_withdrawn_is_no_longer_open() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (cancelled, _) = send(&sender, json!({})).await;
    let (withdrawn, _) = send(&sender, json!({})).await;
    let (expired, _) = send(&sender, json!({})).await;
    let reason = json!({ "referralId": cancelled, "reason": "NO_LONGER_NEEDED" });
    assert_eq!(sender.referral_mutation("cancelReferral", "CancelReferralInput", reason).await["userErrors"], json!([]));
    assert_eq!(sender.move_referral("withdrawReferralConsent", &withdrawn).await["userErrors"], json!([]));
    assert_eq!(list(&receiver, "OPEN", json!({})).await, std::slice::from_ref(&expired));
    world.travel(TimeDelta::days(30)).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    assert_eq!(list(&receiver, "OPEN", json!({})).await, Vec::<String>::new());
    for id in [&cancelled, &withdrawn, &expired] {
        assert_eq!(refusal(&receiver.move_referral("acceptReferral", id).await), ("CONFLICT", "referralId"));
    }
    let recorded = pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job");
    assert_eq!(recorded, 1);
    assert_eq!(refusal(&receiver.move_referral("acceptReferral", &expired).await), ("CONFLICT", "referralId"));
}

#[tokio::test]
async fn who_could_have_taken_it_is_answered_the_same_bytes_however_it_ended() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let loser = world.client(OUTSIDER, Role::Caseworker).await;
    let mut ids = BTreeMap::new();
    let erased = json!({ "client": pamoja_domain::pseudonym::Pseudonym::from_bits([7; 16]).as_str() });
    for ending in ["taken", "taken and withdrawn", "cancelled", "withdrawn", "taken and erased", "erased", "expired"] {
        // A taken referral ends with the receiver; the erased ones belong to one client.
        let fields = if ending.ends_with("erased") { erased.clone() } else { json!({}) };
        let (id, _) = send(&sender, fields).await;
        if ending.starts_with("taken") {
            assert_eq!(receiver.move_referral("acceptReferral", &id).await["userErrors"], json!([]));
        }
        if ending.ends_with("withdrawn") {
            sender.move_referral("withdrawReferralConsent", &id).await;
        }
        if ending == "cancelled" {
            let reason = json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" });
            sender.referral_mutation("cancelReferral", "CancelReferralInput", reason).await;
        }
        ids.insert(ending, id);
    }
    let erase = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals } }";
    assert_eq!(sender.data(erase, json!({ "input": erased })).await["eraseClient"]["erasedReferrals"], 2);
    let schema = crate::harness::Schema::of(&loser).await;
    let moves = schema.operations().into_iter();
    let moves: Vec<_> =
        moves.filter(|operation| operation.ids.iter().any(|(pointer, _)| pointer == "/input/referralId")).collect();
    assert!(moves.len() > 10);
    // The last one expires. A month after each was closed, nothing is left of any.
    for (days, code) in [(29, None), (30, Some("CONFLICT")), (61, Some("NOT_FOUND"))] {
        world.travel(TimeDelta::days(days) + TimeDelta::hours(1)).await;
        pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job");
        if days == 61 {
            pamoja_persistence::retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        }
        let loser = world.client(OUTSIDER, Role::Caseworker).await;
        let mut told = BTreeMap::new();
        for (ending, id) in ids.iter().filter(|(ending, _)| code.is_some() || **ending != "expired") {
            let accept = "mutation ($input: ReferralInput!) { acceptReferral(input: $input) { referral { id } userErrors { code message field } } }";
            let mut answers = vec![loser.run(accept, json!({ "input": { "referralId": id } })).await.to_string()];
            for operation in &moves {
                let mut variables = operation.variables.clone();
                crate::harness::put(&mut variables, "/input/referralId", json!(id));
                answers.push(loser.run(&operation.document, variables).await["data"].to_string().replace(id.as_str(), "the id"));
            }
            answers.push(loser.run(ALL, json!({ "id": id })).await.to_string());
            assert!(answers[0].contains(code.unwrap_or("CONFLICT")), "{ending}: {}", answers[0]);
            told.insert(*ending, answers);
        }
        for (ending, answers) in &told {
            assert_eq!(answers, &told["taken"], "one that was {ending} is told apart after {days} days");
        }
    }
}

#[tokio::test]
async fn who_is_late_is_told_so_for_a_month_and_then_nothing_is_left() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = send(&sender, json!({})).await;
    receiver.move_referral("acceptReferral", &id).await;
    let retain = async || pamoja_persistence::retention::retain(&world.worker, SENDER.id()).await.expect("the job");
    let left = async || {
        let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
        superuser.query_one("SELECT count(*) FROM open_referral", &[]).await.expect("a count").get::<_, i64>(0)
    };
    for (days, rows, code) in [(29, 1, "CONFLICT"), (31, 0, "NOT_FOUND")] {
        world.travel(TimeDelta::days(days)).await;
        retain().await;
        let outsider = world.client(OUTSIDER, Role::Caseworker).await;
        assert_eq!((left().await, refusal(&outsider.move_referral("acceptReferral", &id).await)), (rows, (code, "referralId")));
    }
}

#[tokio::test]
async fn past_the_program_a_would_be_taker_reads_nothing_more_and_addresses_nothing_to_itself() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = send(&sender, json!({ "sharedWithReceiver": ["POPULATIONS"] })).await;
    let id: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let app = world.connect(pamoja_demo::private_postgresql::DatabaseRole::App).await;
    let become_ = |member: crate::harness::Member, door: &str| format!("SELECT test_gate.enter('{}', '{door}')", member.id());
    app.batch_execute(&become_(RECEIVER, "member")).await.expect("a tenant");
    let count =
        async |table: &str| app.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get::<_, i64>(0);
    assert_eq!(count("open_referral").await, 1);
    for table in [
        "referral",
        "referral_progress",
        "referral_shared",
        "referral_slip",
        "referral_event",
        "referral_client",
        "referral_consent",
        "referral_note",
    ] {
        assert_eq!(count(table).await, 0, "{table}");
    }
    for table in ["referral", "referral_progress", "referral_shared", "referral_slip", "referral_event"] {
        let by_hand = format!("UPDATE {table} SET to_organisation_id = '{}'", RECEIVER.id());
        assert!(app.batch_execute(&by_hand).await.is_err(), "{table} can be addressed by hand");
    }
    let accepted = format!(
        "UPDATE referral_progress SET status = 'ACCEPTED', status_at = moment() WHERE referral_id = '{0}';
         INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
         VALUES ('{1}', '{0}', tenant(), 'ACCEPTED', tenant());
         INSERT INTO audit_entry (action, node_id) VALUES ('acceptReferral', '{0}')",
        id.0,
        SENDER.id()
    );
    let take = async || {
        crate::harness::answer_with_rest(&app, &format!("SELECT take_open('REFERRAL', '{}')", id.0), &accepted).await
            == Some(true)
    };
    for (member, door) in
        [(RECEIVER, "job"), (RECEIVER, "sign_in"), (SENDER, "member"), (crate::harness::member("secretariat"), "member")]
    {
        app.batch_execute(&become_(member, door)).await.expect("a tenant");
        assert!(!take().await, "{} took it by the door {door}", member.slug);
    }
    let taker = format!("SELECT test_gate.enter('{}', 'member', '{}')", OUTSIDER.id(), OUTSIDER.user("caseworker"));
    app.batch_execute(&taker).await.expect("a tenant");
    assert!(take().await && !take().await);
}
