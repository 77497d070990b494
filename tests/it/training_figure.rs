//! An organisation's own figures add up to what its sessions say, however many were held, cancelled and corrected.

use std::collections::BTreeMap;

use chrono::Utc;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::day_of;
use pamoja_domain::month::Month;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::with;
use crate::training::{delivered, evaluated, followed_up, request_draft, scheduled, step, training};

const FIGURES: &str = "query ($side: TrainingSide!, $by: TrainingFigureGrouping!, $from: Month!, $through: Month!) {
    ownTrainingFigures(side: $side, by: $by, from: $from, through: $through) {
        total { ...figure } rows { ...figure } } }
    fragment figure on TrainingFigure { key trainings participants hours scoreGain scorePairs
        afterThreeMonths { asked stillUsing share } afterSixMonths { asked stillUsing share } }";

async fn figures(client: &Client, side: &str, by: &str) -> Value {
    let through = Month::at(Utc::now());
    let from = Month::of(day_of(Utc::now()) - chrono::Months::new(59));
    let variables = json!({ "side": side, "by": by, "from": from.to_string(), "through": through.to_string() });
    client.data(FIGURES, variables).await["ownTrainingFigures"].take()
}

/// Deterministic choices from a number.
struct Choice(u64);

impl Choice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<'v>(&mut self, from: &[&'v str]) -> &'v str {
        from[self.below(from.len() as u64) as usize]
    }
}

const TOPICS: [&str; 3] = ["SAFER_SEX", "DATA_PROTECTION", "COUNSELLING"];
const CADRES: [&str; 3] = ["STAFF", "PARALEGAL", "POLICE"];

/// Trainings of two hosts with one trainer: some joint, some cancelled, some evaluated, some followed up.
async fn lives(world: &World, choice: &mut Choice) {
    let (trainer, hosts) = (world.client_of(RECEIVER, "trainer").await, [SENDER, OUTSIDER]);
    for number in 0..14 {
        let topic = choice.of(&TOPICS);
        let joint = choice.below(3) == 0;
        let mut asked = Vec::new();
        for host in hosts.iter().skip(if joint { 0 } else { choice.below(2) as usize }).take(if joint { 2 } else { 1 }) {
            let client = world.client_of(*host, "trainer").await;
            let input = with(request_draft(Some(RECEIVER)), json!({ "topic": topic }));
            let payload = training(&client, "requestTraining", "RequestTrainingInput", input).await;
            asked.push((client, *host, payload["trainingRequest"]["id"].as_str().expect("an id").to_owned()));
        }
        let mut session = Value::Null;
        for (_, _, id) in &asked {
            step(&trainer, "acceptTrainingRequest", id, None).await;
            let payload = scheduled(&trainer, id, json!({ "sessionId": session })).await;
            session = payload["trainingRequest"]["session"]["id"].clone();
            assert!(session.is_string(), "{payload:#}");
        }
        if choice.below(5) == 0 {
            for (client, _, id) in &asked {
                step(client, "cancelTraining", id, Some("DATES")).await;
            }
            continue;
        }
        let mut counts = Vec::new();
        for (_, host, _) in &asked {
            for cadre in CADRES {
                let count = choice.below(9);
                counts.push(json!({ "cadre": cadre, "count": count, "organisationId": global_id::encode(host.id()) }));
            }
            counts.push(json!({ "cadre": "MEDIA", "count": 5, "organisationId": global_id::encode(host.id()) }));
        }
        for _ in 0..=choice.below(2) {
            let payload = delivered(&trainer, &asked[0].2, json!(counts)).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        // Each was held in another month, so that there is something to follow up.
        let before = format!(
            "UPDATE training_session SET held_on = held_on - {} WHERE id = (SELECT session_id FROM training_request WHERE session_id IS NOT NULL ORDER BY created_at DESC LIMIT 1)",
            number * 17
        );
        world.connect(DatabaseRole::Superuser).await.batch_execute(&before).await.expect("it was held before");
        if choice.below(3) > 0 {
            let scores = json!({ "preScoreMean": 30 + choice.below(20), "postScoreMean": 55 + choice.below(40), "pairs": 5, "satisfactionMean": 4 });
            let payload = evaluated(&trainer, &asked[0].2, scores).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        for (client, _, id) in &asked {
            for months in [3, 6] {
                // When it is too early, the API refuses it.
                followed_up(client, id, json!({ "monthsAfter": months, "asked": 5, "stillUsing": choice.below(6) })).await;
            }
        }
    }
}

/// The sums of what one organisation's sessions say, which its figures must equal.
#[derive(Default, Debug, PartialEq)]
struct Sum {
    trainings: i64,
    participants: i64,
    hours: f64,
    gained: f64,
    pairs: i64,
    /// What the gains are weighed by: the pairs, and for a host, who doesn't read them, one for each training.
    weight: f64,
    asked: [i64; 2],
    still_using: [i64; 2],
}

/// Sums over the sessions that an organisation sees, each counted once, by key.
async fn sums(client: &Client, direction: &str, keys: impl Fn(&Value) -> Vec<String>) -> BTreeMap<String, Sum> {
    let list = "query ($direction: TrainingDirection!) { trainingRequests(direction: $direction, first: 100) { nodes { status session { id on topic hours
        participants { cadre count } evaluation { preScoreMean postScoreMean pairs } followUps { monthsAfter asked stillUsing } } } } }";
    let data = client.data(list, json!({ "direction": direction })).await;
    let mut sessions: BTreeMap<String, Value> = BTreeMap::new();
    for node in data["trainingRequests"]["nodes"].as_array().expect("nodes") {
        if node["session"]["hours"].is_number() {
            sessions.insert(node["session"]["id"].to_string(), node["session"].clone());
        }
    }
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for session in sessions.values() {
        for key in keys(session) {
            let sum = sums.entry(key.clone()).or_default();
            sum.trainings += 1;
            sum.hours += session["hours"].as_f64().expect("hours");
            let counted = |count: &&Value| !CADRES.contains(&key.as_str()) && key != "MEDIA" || count["cadre"] == json!(key);
            let counts = session["participants"].as_array().expect("counts").iter().filter(counted);
            sum.participants += counts.map(|count| count["count"].as_i64().expect("a count")).sum::<i64>();
            if let Some(after) = session["evaluation"]["postScoreMean"].as_f64() {
                let pairs = session["evaluation"]["pairs"].as_i64();
                assert_eq!(pairs.is_some(), direction == "INCOMING", "only the trainer reads the pairs");
                let weight = pairs.map_or(1.0, |pairs| pairs as f64);
                sum.pairs += pairs.unwrap_or(0);
                sum.weight += weight;
                sum.gained += (after - session["evaluation"]["preScoreMean"].as_f64().expect("a score")) * weight;
            }
            for follow_up in session["followUps"].as_array().expect("follow-ups") {
                let at = usize::from(follow_up["monthsAfter"] == 6);
                sum.asked[at] += follow_up["asked"].as_i64().expect("a number");
                sum.still_using[at] += follow_up["stillUsing"].as_i64().expect("a number");
            }
        }
    }
    sums
}

fn compare(figure: &Value, sum: &Sum, by_cadre: bool, of: &str) {
    let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("{of}: {figure:#}"));
    assert_eq!((number(&figure["trainings"]), number(&figure["participants"])), (sum.trainings, sum.participants), "{of}");
    assert_eq!(figure["hours"].as_f64(), Some(sum.hours), "{of}");
    if by_cadre {
        assert_eq!((&figure["scoreGain"], number(&figure["scorePairs"])), (&Value::Null, 0), "{of}");
        return;
    }
    assert_eq!(number(&figure["scorePairs"]), sum.pairs, "{of}");
    match figure["scoreGain"].as_f64() {
        Some(gain) => assert!((gain - sum.gained / sum.weight).abs() < 1e-9, "{of}: {gain}"),
        None => assert!(sum.weight < 0.5, "{of}"),
    }
    for (at, name) in ["afterThreeMonths", "afterSixMonths"].into_iter().enumerate() {
        let (asked, still_using) = (number(&figure[name]["asked"]), number(&figure[name]["stillUsing"]));
        assert_eq!((asked, still_using), (sum.asked[at], sum.still_using[at]), "{of}: {name}");
        assert_eq!(figure[name]["share"].as_f64(), (asked > 0).then(|| still_using as f64 / asked as f64), "{of}: {name}");
    }
}

#[tokio::test]
async fn an_organisations_totals_are_the_sum_over_its_sessions() {
    let world = World::new().await;
    for seed in [3, 11] {
        lives(&world, &mut Choice(seed)).await;
        for member in [SENDER, RECEIVER, OUTSIDER] {
            let client = world.client_of(member, "trainer").await;
            for (side, direction) in [("GIVEN", "INCOMING"), ("RECEIVED", "OUTGOING")] {
                let text = |value: &Value| value.as_str().expect("a text").to_owned();
                let topic = |session: &Value| vec![text(&session["topic"])];
                let month = |session: &Value| vec![text(&session["on"])[..7].to_owned()];
                let cadre = |session: &Value| {
                    let counts = session["participants"].as_array().expect("counts");
                    let cadres: std::collections::BTreeSet<String> = counts.iter().map(|count| text(&count["cadre"])).collect();
                    cadres.into_iter().collect()
                };
                let total = sums(&client, direction, |_| vec![String::new()]).await;
                for (by, expected) in [
                    ("TOPIC", sums(&client, direction, topic).await),
                    ("MONTH", sums(&client, direction, month).await),
                    ("CADRE", sums(&client, direction, cadre).await),
                ] {
                    let of = format!("{} {side} by {by}", member.slug);
                    let found = figures(&client, side, by).await;
                    let nothing = Sum::default();
                    compare(&found["total"], total.get("").unwrap_or(&nothing), false, &of);
                    let rows = found["rows"].as_array().expect("rows");
                    let keys: Vec<&str> = rows.iter().filter_map(|row| row["key"].as_str()).collect();
                    assert_eq!(keys, expected.keys().map(String::as_str).collect::<Vec<_>>(), "{of}");
                    for row in rows {
                        compare(row, &expected[row["key"].as_str().expect("a key")], by == "CADRE", &of);
                    }
                }
            }
        }
    }
    let given = figures(&world.client_of(RECEIVER, "analyst").await, "GIVEN", "TOPIC").await;
    assert!(given["total"]["trainings"].as_i64().is_some_and(|trainings| trainings > 15), "{given:#}");
}

#[tokio::test]
async fn months_that_cannot_be_asked_for_are_refused() {
    let world = World::new().await;
    let client = world.client_of(SENDER, "analyst").await;
    for (from, through) in [("2026-02", "2026-01"), ("2020-01", "2025-01"), ("2026", "2026-01"), ("2026-01", "soon")] {
        let variables = json!({ "side": "GIVEN", "by": "TOPIC", "from": from, "through": through });
        assert_eq!(client.error_code(FIGURES, variables).await, "BAD_REQUEST", "{from} {through}");
    }
}

#[tokio::test]
async fn the_tables_of_the_catalogue_count_who_came_on_either_side() {
    let world = World::new().await;
    lives(&world, &mut Choice(3)).await;
    let month = Month::at(Utc::now()).to_string();
    let from = Month::of(day_of(Utc::now()) - chrono::Months::new(1)).to_string();
    for (member, side, direction) in [(SENDER, "SENT", "OUTGOING"), (RECEIVER, "RECEIVED", "INCOMING")] {
        let (client, analyst) = (world.client_of(member, "trainer").await, world.client_of(member, "analyst").await);
        let list = "query ($direction: TrainingDirection!) { trainingRequests(direction: $direction, first: 100) { nodes {
            session { id topic hours county { code } participants { organisation { slug } cadre count } } } } }";
        let data = client.data(list, json!({ "direction": direction })).await;
        let sessions: BTreeMap<String, Value> = data["trainingRequests"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .filter(|node| node["session"]["hours"].is_number())
            .map(|node| (node["session"]["id"].to_string(), node["session"].clone()))
            .collect();
        for (name, dimension) in [("TOPIC", "/topic"), ("CADRE", ""), ("COUNTY", "/county/code")] {
            let mut expected: BTreeMap<String, i64> = BTreeMap::new();
            for session in sessions.values() {
                for came in session["participants"].as_array().expect("who came") {
                    let key = if dimension.is_empty() { &came["cadre"] } else { session.pointer(dimension).expect("a key") };
                    *expected.entry(key.as_str().expect("a code").to_owned()).or_default() +=
                        came["count"].as_i64().expect("a count");
                }
            }
            expected.retain(|_, count| *count > 0);
            let query = format!(
                "{{ organisationTable(side: {side}, input: {{ name: TRAINING_PARTICIPANTS_BY_{name}, measure: \"PARTICIPANTS\", from: \"{from}\", through: \"{month}\" }}) {{
                    cells {{ keys value }} totals {{ value }} }} }}"
            );
            let table = analyst.data(&query, json!({})).await["organisationTable"].take();
            let mut told: BTreeMap<String, i64> = BTreeMap::new();
            for cell in table["cells"].as_array().expect("cells") {
                *told.entry(cell["keys"][0].as_str().expect("a key").to_owned()).or_default() +=
                    cell["value"].as_i64().expect("a value");
            }
            told.retain(|_, count| *count > 0);
            assert!(!told.is_empty(), "{name} {side}");
            assert_eq!(told, expected, "{name} {side}");
            let total: i64 = table["totals"].as_array().expect("totals").iter().filter_map(|total| total["value"].as_i64()).sum();
            assert_eq!(total, expected.values().sum::<i64>(), "{name} {side}");
        }
    }
}
