//! Replacing the pseudonyms of many clients at once.

use super::*;

const ROTATE: &str = "mutation ($input: RotateClientPseudonymsInput!) { rotateClientPseudonyms(input: $input) { rotated userErrors { code message field } } }";

async fn rotate(client: &Client, rotations: &[(String, String)]) -> Value {
    let rotations: Vec<_> = rotations.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    client.data(ROTATE, json!({ "input": { "rotations": rotations } })).await["rotateClientPseudonyms"].take()
}

#[tokio::test]
async fn five_hundred_clients_get_other_pseudonyms_in_one_request_and_nobody_else_notices() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let pairs: Vec<(String, String)> = (0..501).map(|_| (somebody(), somebody())).collect();
    let other = somebody();
    let (id, kept) = (refer(&sender, &pairs[0].0).await, refer(&sender, &other).await);
    refer(&sender, &pairs[0].0).await;
    let clients: Vec<String> = pairs[1..].iter().map(|(from, _)| from.clone()).collect();
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE copy AS SELECT gen_random_uuid() AS id, client FROM unnest('{{{}}}'::text[]) AS client;
             INSERT INTO referral SELECT from_organisation_id, copy.id, to_organisation_id, service_type, county_code, urgency, created_at
                 FROM copy, LATERAL (SELECT * FROM referral LIMIT 1) AS referral;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, status, expires_at FROM copy, LATERAL (SELECT * FROM referral_progress LIMIT 1) AS progress;
             INSERT INTO referral_client SELECT from_organisation_id, copy.id, copy.client, populations, age_band FROM copy, LATERAL (SELECT * FROM referral_client LIMIT 1) AS client",
            clients.join(",")
        ))
        .await
        .expect("many clients");
    let too_many = rotate(&sender, &pairs).await;
    assert_eq!((told(&too_many), &too_many["rotated"]), (vec!["LIMIT_REACHED rotations".to_owned()], &json!(0)));
    let (before, outbox) = (visible_to(&world, RECEIVER).await, Ways::of(&world).await);
    let told_to = async |to: &str| {
        let announced = format!("SELECT count(*) FROM outbox WHERE organisation_id {to} '{}'", SENDER.id());
        superuser.query_one(&announced, &[]).await.expect("a count").get::<_, i64>(0)
    };
    let (to_own, to_others) = (told_to("=").await, told_to("<>").await);
    assert_eq!(rotate(&sender, &pairs[..500]).await, json!({ "rotated": 500, "userErrors": [] }));
    assert_eq!(visible_to(&world, RECEIVER).await, before, "a row that the receiver can read has changed");
    assert_eq!(told_to("<>").await, to_others);
    assert_eq!(told_to("=").await, to_own + 501, "the own people hear of each referral that shows another pseudonym");
    assert_eq!(outbox.newest_entry().await, ("rotateClientPseudonyms".to_owned(), None));
    for (from, to) in &pairs[..500] {
        let query = "SELECT (SELECT count(*) FROM referral_client WHERE client = $1), (SELECT count(*) FROM referral_client WHERE client = $2)";
        let row = superuser.query_one(query, &[from, to]).await.expect("counts");
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (0, if *from == pairs[0].0 { 2 } else { 1 }));
    }
    assert_eq!(everything(&sender, &id).await["client"], json!(pairs[0].1));
    assert_eq!(everything(&sender, &kept).await["client"], json!(other));
    assert_eq!(everything(&receiver, &id).await["client"], Value::Null);
}

#[tokio::test]
async fn a_rotation_is_all_or_nothing_and_each_item_is_told_by_its_place() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let [one, two, free, foreign] = [somebody(), somebody(), somebody(), somebody()];
    let (of_one, of_two) = (refer(&sender, &one).await, refer(&sender, &two).await);
    let back = with(draft(SENDER, ServiceType::PeerEducation), json!({ "client": foreign }));
    assert_eq!(receiver.create_referral(back).await["userErrors"], json!([]));
    let pair = |from: &String, to: &String| (from.clone(), to.clone());
    for (rotations, expected) in [
        (vec![pair(&one, &free), pair(&somebody(), &somebody())], vec!["NOT_FOUND rotations.1.from"]),
        // Another organisation's pseudonym counts as unknown, like one that never existed, and as free.
        (vec![pair(&one, &free), pair(&foreign, &somebody())], vec!["NOT_FOUND rotations.1.from"]),
        (vec![pair(&one, &two)], vec!["CONFLICT rotations.0.to"]),
        (vec![pair(&one, &two), pair(&two, &one)], vec!["CONFLICT rotations.0.to", "CONFLICT rotations.1.to"]),
        (vec![pair(&one, &free), pair(&two, &free)], vec!["INVALID rotations.1.to"]),
        (vec![pair(&one, &free), pair(&one, &somebody())], vec!["INVALID rotations.1.from"]),
        (vec![pair(&one, &one)], vec!["INVALID rotations.0.to"]),
        (vec![pair(&one, &free), pair(&two, &"0712345678".to_owned())], vec!["IDENTIFYING_DATA rotations.1.to"]),
        (vec![], vec!["INVALID rotations"]),
    ] {
        let refused = rotate(&sender, &rotations).await;
        assert_eq!((told(&refused), &refused["rotated"]), (expected.into_iter().map(str::to_owned).collect(), &json!(0)));
        assert_eq!(everything(&sender, &of_one).await["client"], json!(one), "half done");
    }
    let peer = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(told(&rotate(&peer, &[pair(&one, &free)]).await), ["FORBIDDEN "]);
    assert_eq!(rotate(&sender, &[pair(&one, &foreign)]).await, json!({ "rotated": 1, "userErrors": [] }));
    assert_eq!(everything(&sender, &of_one).await["client"], json!(foreign));
    assert_eq!(everything(&sender, &of_two).await["client"], json!(two));
    // When two requests replace the same pseudonym at once, the second finds it gone.
    let (a, b) = (somebody(), somebody());
    let (to_a, to_b) = ([pair(&two, &a)], [pair(&two, &b)]);
    let answers = tokio::join!(rotate(&sender, &to_a), rotate(&sender, &to_b));
    let mut rotated = [answers.0, answers.1].map(|answer| answer["rotated"].as_i64().expect("a number"));
    rotated.sort_unstable();
    assert_eq!(rotated, [0, 1]);
}

#[tokio::test]
async fn a_random_pseudonym_is_new_each_time_and_stored_nowhere() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    refer(&sender, &somebody()).await;
    let before = visible_to(&world, SENDER).await;
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let query: String = (0..20).map(|number| format!("p{number}: randomPseudonym ")).collect();
        let data = sender.data(&format!("{{ {query} }}"), json!({})).await;
        seen.extend(data.as_object().expect("fields").values().map(|value| value.as_str().expect("a text").to_owned()));
    }
    assert_eq!(seen.len(), 100);
    assert_eq!(visible_to(&world, SENDER).await, before);
    for pseudonym in &seen {
        assert!(Pseudonym::parse("client", pseudonym).is_ok(), "{pseudonym}");
        // 26 characters of 5 bits hold two bits more than the 128: the last two bits are zero.
        assert!(pseudonym.ends_with(['a', 'e', 'i', 'm', 'q', 'u', 'y', '4']), "{pseudonym}");
    }
    let first = seen.iter().next().expect("one");
    assert!(!refer(&sender, first).await.is_empty());
}
