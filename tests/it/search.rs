//! Searches in the directory, in the real register and in made-up services: the best comes first, across pages, and no text makes
//! a search fail.

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::facility::parse_register;
use pamoja_domain::id::FacilityId;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, SENDER, World, member};
use crate::service::offered;

/// The lines of a file that say something, each as its cells.
fn cells(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').map(str::trim).collect())
}

/// A world with the register and with what `offers.txt` lists.
async fn directory() -> World {
    let world = World::new().await;
    let register = parse_register(include_bytes!("../../data/kenya/facilities.json")).expect("the register");
    let permit = Permit::operator(None);
    let import = async |tx: &_| pamoja_persistence::facility::import(tx, &register.facilities).await;
    world.operator.tenant(&permit, import).await.expect("an import");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for cells in cells(include_str!("search/offers.txt")) {
        let [slug, name, service_type, county, code] = cells[..] else { panic!("{cells:?}") };
        let found = superuser.query_opt("SELECT id::text FROM facility WHERE code = $1", &[&code]).await.expect("a facility");
        let facility = found.map(|row| global_id::encode(FacilityId(row.get::<_, String>(0).parse().expect("a UUID"))));
        assert_eq!(facility.is_some(), !code.is_empty(), "{name}");
        let admin = world.client(member(slug), Role::OrganisationAdmin).await;
        let service = json!({ "name": name, "serviceType": service_type, "countyCode": county, "facilityId": facility });
        offered(&admin, service).await;
    }
    world
}

/// The names that a text finds in a list, as many as fit on a page.
async fn found(client: &Client, list: &str, text: &str) -> Vec<String> {
    let query = format!("query ($text: String) {{ {list}(filter: {{ text: $text }}, first: 100) {{ nodes {{ name }} }} }}");
    names(&client.data(&query, json!({ "text": text })).await[list]["nodes"])
}

fn names(nodes: &Value) -> Vec<String> {
    let nodes = nodes.as_array().expect("nodes").iter();
    nodes.map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn the_right_answer_stands_where_it_must() {
    let world = directory().await;
    let client = world.client(SENDER, Role::PeerEducator).await;
    let mut wrong = Vec::new();
    let mut count = 0;
    for cells in cells(include_str!("search/searches.txt")) {
        let [text, list, name, place] = cells[..] else { panic!("{cells:?}") };
        let place: usize = place.parse().expect("a place");
        let found = found(&client, list, text).await;
        if found.get(place - 1).map(String::as_str) != Some(name) {
            wrong.push(format!("{text} | {list} | {name} | {place}, but: {:?}", found.iter().take(5).collect::<Vec<_>>()));
        }
        count += 1;
    }
    assert!(count > 40, "only {count} searches");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_search_finds_the_same_in_every_language_and_only_what_is_offered_now() {
    let world = directory().await;
    let client = world.client(RECEIVER, Role::Caseworker).await;
    let query = json!({ "query": "{ services(filter: { text: \"methadone\" }) { nodes { name } } }" });
    for language in ["en", "sw", "fr"] {
        let request = client.request(reqwest::Method::POST, "/graphql").header("accept-language", language).json(&query);
        let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(names(&answer["data"]["services"]["nodes"]), ["Tumaini methadone point", "Bluebell room"], "{language}");
    }
    assert_eq!(found(&client, "services", "hiv testing frozen").await, Vec::<String>::new(), "a frozen member offers nothing");
    assert_eq!(found(&client, "services", "shelter zanzibar").await, Vec::<String>::new(), "every word must be found");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.execute("UPDATE service SET closed_at = now() WHERE name = 'Bluebell room'", &[]).await.expect("closed");
    assert_eq!(found(&client, "services", "methadone").await, ["Tumaini methadone point"]);
    let filtered = "{ services(filter: { text: \"desk\", countyCodes: [\"042\"] }) { nodes { name } }
        facilities(filter: { text: \"aga khan\", countyCodes: [\"042\"] }) { nodes { name } } }";
    let seen = client.data(filtered, json!({})).await;
    assert_eq!(names(&seen["services"]["nodes"]), ["Night desk", "Desk at the court"]);
    assert_eq!(names(&seen["facilities"]["nodes"]), ["Aga Khan Hospital (Kisumu)"]);
}

const EDGES: &str = "{ edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage } }";

/// The names on all pages of that size, read from one end to the other.
async fn walked(client: &Client, list: &str, text: &str, size: usize, forwards: bool) -> Vec<String> {
    let (many, from) = if forwards { ("first", "after") } else { ("last", "before") };
    let query = format!(
        "query ($text: String, $cursor: String) {{ {list}(filter: {{ text: $text }}, {many}: {size}, {from}: $cursor) {EDGES} }}"
    );
    let (mut walked, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = client.data(&query, json!({ "text": text, "cursor": cursor })).await[list].take();
        let edges = page["edges"].as_array().expect("edges");
        assert!(!edges.is_empty() && edges.len() <= size, "{page}");
        let names = edges.iter().map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned());
        if forwards {
            walked.extend(names);
        } else {
            walked.splice(0..0, names);
        }
        let (edge, more) = if forwards { (edges.last(), "hasNextPage") } else { (edges.first(), "hasPreviousPage") };
        if page["pageInfo"][more] == false {
            return walked;
        }
        cursor = edge.expect("an edge")["cursor"].clone();
    }
}

#[tokio::test]
async fn pages_of_any_size_from_either_end_are_the_whole() {
    let world = directory().await;
    let client = world.client(SENDER, Role::PeerEducator).await;
    for (list, text) in [
        ("services", "desk"),
        ("services", "kisumu"),
        ("facilities", "dise"),
        ("facilities", "swop"),
        ("facilities", "mvita dispensary"),
    ] {
        let whole = found(&client, list, text).await;
        assert!(whole.len() > 2 && whole.len() < 60, "{list} {text}: {whole:?}");
        for size in 1..=7 {
            for forwards in [true, false] {
                assert_eq!(walked(&client, list, text, size, forwards).await, whole, "{list} {text}, {size} at a time");
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_text() {
    let world = directory().await;
    let client = world.client(SENDER, Role::PeerEducator).await;
    for list in ["services", "facilities"] {
        let query = format!(
            "query ($text: String, $cursor: String) {{ {list}(filter: {{ text: $text }}, first: 1, after: $cursor) {EDGES} }}"
        );
        let cursor = async |text: Value| -> Value {
            client.data(&query, json!({ "text": text })).await[list]["edges"][0]["cursor"].take()
        };
        let (of_text, of_none) = (cursor(json!("dise")).await, cursor(Value::Null).await);
        let another = json!({ "text": "dice", "cursor": of_text });
        assert_eq!(client.error_code(&query, another).await, "BAD_REQUEST", "{list}: of another text");
        assert_eq!(client.error_code(&query, json!({ "cursor": of_text })).await, "BAD_REQUEST", "{list}: without a text");
        assert_eq!(
            client.error_code(&query, json!({ "text": "dise", "cursor": of_none })).await,
            "BAD_REQUEST",
            "{list}: of none"
        );
        client.data(&query, json!({ "text": " DISE, ", "cursor": of_text })).await;
    }
}

#[tokio::test]
async fn whatever_somebody_types_there_is_an_answer() {
    let world = directory().await;
    let client = world.client(SENDER, Role::PeerEducator).await;
    for list in ["services", "facilities", "trainingOffers"] {
        let query = format!("query ($text: String) {{ {list}(filter: {{ text: $text }}, first: 3) {{ nodes {{ id }} }} }}");
        let count = async |text: &str| -> usize {
            client.data(&query, json!({ "text": text })).await[list]["nodes"].as_array().expect("nodes").len()
        };
        let all = client.data(&query, json!({})).await[list]["nodes"].as_array().expect("nodes").len();
        for blank in ["", " ", " \t \n ", "\u{200b}\u{feff}", "\u{1}"] {
            assert_eq!(count(blank).await, all, "{list}: a blank text is no condition");
        }
        for signs in ["%", "_", "\\", "%_\\", "?!", "' OR 1=1 --", "клиника", "医院", "🏥"] {
            assert_eq!(count(signs).await, 0, "{list}: {signs:?}");
        }
        let crowded = (0..50).map(|at| char::from(b'a' + at % 26).to_string()).collect::<Vec<_>>().join("-");
        for any in ["a", "1", "e", "co%", "cen\\tre", &crowded, &"\u{fdfa}".repeat(100), &"x".repeat(100)] {
            count(any).await;
        }
        for refused in ["x".repeat(101), "é".repeat(500), " ".repeat(101), "a b c d e f g".to_owned(), "a\u{0}b".to_owned()] {
            assert_eq!(client.error_code(&query, json!({ "text": refused })).await, "BAD_REQUEST", "{list}: {refused:?}");
        }
    }
}
