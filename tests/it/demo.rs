//! What a person who tries out the demo finds in it.

use std::collections::HashSet;

use chrono::Utc;
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::month::Month;
use serde_json::json;

use crate::harness::{Folder, Program, demo_at};

const TRAININGS: &str = "query ($from: Month!, $through: Month!) {
    incoming: trainingRequests(direction: INCOMING, first: 100) { nodes { ...request } }
    outgoing: trainingRequests(direction: OUTGOING, first: 100) { nodes { ...request } }
    trainingOffers(first: 100) { nodes { organisation { slug } title topic openUntil } }
    given: ownTrainingFigures(side: GIVEN, by: TOPIC, from: $from, through: $through) { ...figures }
    received: ownTrainingFigures(side: RECEIVED, by: CADRE, from: $from, through: $through) { ...figures }
}
fragment request on TrainingRequest { status topic allowedActions timeline { status } session { on hosts { slug } participants { count } } }
fragment figures on TrainingFigures { rows { key } total { trainings participants scoreGain } }";

/// Counts rows that contradict each other.
const CONTRADICTIONS: &str = "SELECT
    (SELECT count(*) FROM training_session AS session WHERE (SELECT array_agg(from_organisation_id ORDER BY from_organisation_id)
        FROM training_request AS request WHERE request.to_organisation_id = session.trainer_organisation_id AND request.session_id = session.id)
        IS DISTINCT FROM (SELECT array_agg(host ORDER BY host) FROM unnest(hosts) AS host))
    + (SELECT count(*) FROM training_participants AS came JOIN training_request AS request ON request.id = came.request_id
        WHERE request.session_id IS DISTINCT FROM came.session_id)
    + (SELECT count(*) FROM training_request AS request WHERE updated_at < (SELECT max(at) FROM training_event WHERE request_id = request.id)
        OR status <> (SELECT status FROM training_event WHERE request_id = request.id ORDER BY position DESC LIMIT 1))";

#[tokio::test]
async fn the_demo_has_trainings_for_whoever_looks_for_them() {
    let folder = Folder::new("trainings");
    let data = folder.0.join("data");
    let program = Program::run(demo_at("0.4", &data)).await;
    let made_up = program.said.iter().find(|line| line.starts_with("Made up")).expect("what is made up");
    assert!(made_up.ends_with(" services, 8000 referrals and 120 trainings."), "{made_up}");

    let months = json!({ "from": Month::at(Utc::now() - chrono::TimeDelta::days(760)).to_string(), "through": Month::at(Utc::now()).to_string() });
    let seen = program.client("trainer@jirani").await.data(TRAININGS, months).await;
    for direction in ["incoming", "outgoing"] {
        let nodes = seen[direction]["nodes"].as_array().expect("requests");
        let standing: HashSet<_> = nodes.iter().filter_map(|node| node["status"].as_str()).collect();
        assert!(nodes.len() > 5 && standing.len() > 2 && standing.contains("EVALUATED"), "{direction}: {standing:?}");
        assert!(nodes.iter().all(|node| node["timeline"][0]["status"] == "REQUESTED"));
    }
    let offers = seen["trainingOffers"]["nodes"].as_array().expect("offers");
    assert!(offers.len() > 30 && offers.iter().any(|offer| offer["organisation"]["slug"] == "jirani"));
    assert!(offers.iter().any(|offer| offer["openUntil"].is_string()));
    for side in ["given", "received"] {
        let total = &seen[side]["total"];
        assert!(total["trainings"].as_i64() > Some(3) && total["participants"].as_i64() > Some(20), "{side}: {total}");
        assert!(seen[side]["rows"].as_array().is_some_and(|rows| rows.len() > 2) && total["scoreGain"].as_f64() > Some(5.0));
    }

    let joined = PrivatePostgresql::open(&data, ServerOptions::default()).await.expect("it is joined");
    let url = joined.connection_url(DatabaseRole::Superuser);
    let (superuser, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let count = async |query: &str| -> i64 { superuser.query_one(query, &[]).await.expect("a count").get(0) };
    assert_eq!(count(CONTRADICTIONS).await, 0);
    assert!(
        count("SELECT count(*) FROM training_satisfaction WHERE month = present_month()").await > 0,
        "it is published from the start"
    );
    drop(superuser);
    joined.stop().await.expect("it is let go of");
}
