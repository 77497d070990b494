//! The short reference that two desks say on the phone.

use std::collections::HashSet;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::referral::Reference;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, sent};
use crate::referral_circumstance::vouched;
use crate::referral_open::send;

async fn reference(client: &Client, id: &str) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { reference } } }";
    client.data(query, json!({ "id": id })).await["node"]["reference"].take()
}

#[tokio::test]
async fn both_parties_see_the_same_and_nobody_has_one_before_somebody_takes_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let (id, _) = sent(&sender).await;
    let known = reference(&sender, &id).await;
    let text = known.as_str().expect("a reference");
    assert_eq!(Reference::parse("reference", text).map(|read| read.as_str().len()), Ok(4));
    assert_eq!((reference(&receiver, &id).await, reference(&outsider, &id).await), (known.clone(), Value::Null));
    sender.move_referral("withdrawReferralConsent", &id).await;
    assert_eq!((reference(&receiver, &id).await, reference(&sender, &id).await), (known.clone(), known), "it tells of no client");
    let (open, _) = send(&sender, json!({})).await;
    for client in [&sender, &receiver, &outsider] {
        assert_eq!(reference(client, &open).await, Value::Null);
    }
    receiver.move_referral("acceptReferral", &open).await;
    let taken = reference(&receiver, &open).await;
    assert!(taken.is_string());
    assert_eq!((reference(&sender, &open).await, reference(&outsider, &open).await), (taken, Value::Null));
    let service = vouched(&world, "PEP").await;
    let mut along = draft(SENDER, ServiceType::Pep);
    along["serviceId"] = json!(service);
    let along = sender.create_referral(along).await;
    assert!(reference(&sender, along["referral"]["id"].as_str().expect("an id")).await.is_string());
}

#[tokio::test]
async fn between_two_organisations_no_two_have_the_same_in_either_direction_and_when_all_are_taken_they_grow() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // Instead of by chance, references are drawn from two letters: as if the two organisations had very many.
    superuser
        .batch_execute(
            "CREATE OR REPLACE FUNCTION random_reference(length integer) RETURNS text LANGUAGE sql VOLATILE SET search_path = public, pg_temp
             RETURN CASE WHEN length IS NULL THEN NULL WHEN length = 4 THEN 'AAA' || (floor(random() * 2))::text ELSE repeat('B', length - 2) || lpad((floor(random() * 100))::text, 2, '0') END",
        )
        .await
        .expect("few references");
    let mut references = Vec::new();
    for _ in 0..4 {
        let (id, _) = sent(&sender).await;
        references.push(reference(&sender, &id).await);
        let (open, _) = send(&receiver, json!({})).await;
        // The other direction, by way of one that was open to all.
        let outsider = world.client(OUTSIDER, Role::Caseworker).await;
        outsider.move_referral("acceptReferral", &open).await;
        references.push(json!(format!("to others {}", reference(&outsider, &open).await)));
    }
    let distinct: HashSet<&Value> = references.iter().collect();
    assert_eq!(distinct.len(), references.len(), "{references:?}");
    let lengths: Vec<usize> = references.iter().filter_map(|reference| reference.as_str()).map(str::len).collect();
    assert!(lengths.iter().any(|length| *length > 4 && *length < 8), "some are longer: {references:?}");
    // In the other direction the same are taken.
    let taken = references[0].as_str().expect("a reference");
    let insert = |from: crate::harness::Member, to: crate::harness::Member| {
        format!(
            "INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, reference)
             VALUES ('{}', gen_random_uuid(), '{}', 'PEP', '047', 'ROUTINE', '{taken}')",
            from.id(),
            to.id()
        )
    };
    assert!(superuser.batch_execute(&insert(SENDER, RECEIVER)).await.is_err());
    assert!(superuser.batch_execute(&insert(RECEIVER, SENDER)).await.is_err());
    superuser.batch_execute(&insert(SENDER, OUTSIDER)).await.expect("with another organisation it means something else");
}

#[tokio::test]
async fn the_database_draws_references_that_the_domain_reads() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for length in pamoja_domain::referral::REFERENCE_LENGTHS {
        let drawn = superuser.query("SELECT random_reference($1) FROM generate_series(1, 300)", &[&length]).await.expect("drawn");
        let drawn: Vec<String> = drawn.iter().map(|row| row.get(0)).collect();
        for text in &drawn {
            let read = Reference::parse("reference", text).expect("a reference");
            assert_eq!((read.as_str(), text.len()), (text.as_str(), length as usize));
        }
        let letters: HashSet<char> = drawn.iter().flat_map(|text| text.chars()).collect();
        assert_eq!(letters.len(), 32, "each letter and digit is drawn");
        for place in 0..length as usize {
            let there: HashSet<u8> = drawn.iter().map(|text| text.as_bytes()[place]).collect();
            assert!(there.len() >= 28, "place {place} of {length} has only {}", there.len());
        }
    }
}
