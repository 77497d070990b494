//! The national facility register: imported by the program itself, and searched.

use std::path::PathBuf;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::command::{Ended, pamoja};
use crate::harness::{Client, Folder, SENDER, World};

/// The project's copy of the register.
fn copy() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/kenya/facilities.json")
}

async fn import(world: &World, files: &[PathBuf]) -> Ended {
    let mut command = pamoja(&["import", "facilities"]);
    command.args(files).env("DATABASE_URL", world.url(DatabaseRole::App));
    Ended::of(command).await
}

fn written(folder: &Folder, name: &str, content: &str) -> PathBuf {
    let path = folder.0.join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

fn row(code: u32, fields: Value) -> Value {
    let row = json!({
        "code": code, "name": format!("Clinic {code}"), "keph_level_name": "Level 3", "county_name": "Kisumu", "sub_county_name": "Nyando",
        "operation_status_name": "Operational", "closed": false, "service_names": ["HIV Testing Services"],
    });
    crate::referral::with(row, fields)
}

fn register(rows: &[Value]) -> String {
    json!({ "results": rows }).to_string()
}

/// All facilities with everything that is stored about them, by code.
async fn all(world: &World) -> Vec<String> {
    let client = world.connect(DatabaseRole::Superuser).await;
    let rows = client.query("SELECT to_jsonb(facility)::text FROM facility ORDER BY code", &[]).await.expect("facilities");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The names of the facilities that a filter finds, in their order.
async fn found(client: &Client, filter: Value) -> Vec<String> {
    let query = "query ($filter: FacilityFilter) { facilities(filter: $filter, first: 100) { nodes { name } } }";
    let seen = client.data(query, json!({ "filter": filter })).await;
    let nodes = seen["facilities"]["nodes"].as_array().expect("nodes").clone();
    nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn the_register_is_taken_in_whole_and_a_second_time_changes_nothing() {
    let world = World::new().await;
    let text = std::fs::read_to_string(copy()).expect("the register");
    let rows: Value = serde_json::from_str(&text).expect("JSON");
    let rows = rows["results"].as_array().expect("rows");
    let (read, without_code) = (rows.len(), rows.iter().filter(|row| row["code"].is_null()).count());
    let kept = read - without_code;
    assert!(kept > 1_000 && rows.iter().all(|row| row["closed"] == false));

    let first = import(&world, &[copy()]).await;
    first.assert_good();
    let why = format!("{without_code} skipped ({without_code}: the register has given it no code yet)");
    assert_eq!(
        first.out,
        format!("Read {read} facilities: {kept} added, 0 changed, 0 unchanged, {why}; 0 that were known are closed now.\n")
    );
    let before = all(&world).await;
    assert_eq!(before.len(), kept);
    assert!(
        !before.iter().any(|facility| facility.contains("\"lat\"") || facility.contains("latitude")),
        "no coordinates are kept"
    );

    let second = import(&world, &[copy()]).await;
    assert_eq!(
        second.out,
        format!("Read {read} facilities: 0 added, 0 changed, {kept} unchanged, {why}; 0 that were known are closed now.\n")
    );
    assert_eq!(all(&world).await, before, "not even the time of the import");
}

#[tokio::test]
async fn a_newer_file_updates_closes_and_opens_again_under_the_same_ids() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let first = written(&folder, "first.json", &register(&[row(1, json!({})), row(2, json!({})), row(3, json!({}))]));
    import(&world, &[first]).await.assert_good();
    let ids = async || {
        let client = world.connect(DatabaseRole::Superuser).await;
        let rows = client.query("SELECT id::text FROM facility ORDER BY code", &[]).await.expect("ids");
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let known = ids().await;
    let newer =
        [row(1, json!({ "name": "Clinic One" })), row(2, json!({ "closed": true })), row(3, json!({})), row(4, json!({}))];
    let newer = written(&folder, "newer.json", &register(&newer));
    let ended = import(&world, std::slice::from_ref(&newer)).await;
    assert_eq!(
        ended.out,
        "Read 4 facilities: 1 added, 1 changed, 1 unchanged, 1 skipped (1: closed); 1 that were known are closed now.\n",
        "{}",
        ended.error
    );
    assert_eq!(ids().await[..3], known);
    let client = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(found(&client, json!({})).await, ["Clinic 3", "Clinic 4", "Clinic One"]);
    let again = import(&world, &[newer]).await;
    assert_eq!(
        again.out,
        "Read 4 facilities: 0 added, 0 changed, 3 unchanged, 1 skipped (1: closed); 0 that were known are closed now.\n"
    );

    let reopened = written(&folder, "reopened.json", &register(&[row(2, json!({}))]));
    let ended = import(&world, &[reopened]).await;
    assert_eq!(ended.out, "Read 1 facilities: 0 added, 1 changed, 0 unchanged, 0 skipped; 0 that were known are closed now.\n");
    assert_eq!(found(&client, json!({})).await.len(), 4);
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_is_told_by_its_row() {
    let world = World::new().await;
    let folder = Folder::new("register");
    import(&world, &[written(&folder, "good.json", &register(&[row(1, json!({}))]))]).await.assert_good();
    let before = all(&world).await;
    let good = written(&folder, "other.json", &register(&[row(1, json!({ "name": "Changed" })), row(7, json!({}))]));
    let cases = [
        ("nojson.json", "{\"results\": [".to_owned(), "not JSON from line 1"),
        ("list.json", "[]".to_owned(), "not a register"),
        ("empty.json", String::new(), "not JSON"),
        (
            "county.json",
            register(&[row(8, json!({})), row(9, json!({ "county_name": "Zanzibar" }))]),
            "row 2 (code 9): the county_name",
        ),
        ("twice.json", register(&[row(8, json!({})), row(8, json!({}))]), "row 2 (code 8): the same code stands already in"),
        ("elsewhere.json", register(&[row(7, json!({}))]), "row 2 (code 7): the same code stands already in"),
        ("field.json", register(&[json!({ "code": 8, "closed": false })]), "row 1 (code 8): the field name is missing"),
        ("code.json", register(&[row(8, json!({ "code": "A12" }))]), "row 1: the code is not"),
        ("name.json", register(&[row(8, json!({ "name": " " }))]), "row 1 (code 8): the name is empty"),
    ];
    for (name, content, expected) in cases {
        let file = written(&folder, name, &content);
        let ended = import(&world, &[file, good.clone()]).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{name}");
        assert!(ended.error.contains(name) && ended.error.contains(expected), "{name}: {}", ended.error);
        assert!(!ended.error.contains("Zanzibar") && ended.error.lines().count() == 1, "{name}: {}", ended.error);
        assert_eq!(all(&world).await, before, "{name}");
    }
    let missing = import(&world, &[folder.0.join("missing.json")]).await;
    assert!(missing.code == Some(1) && missing.error.contains("missing.json"), "{}", missing.error);
}

#[tokio::test]
async fn facilities_are_found_by_place_service_and_words_friendly_ones_first() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let friendly = json!({ "name": "Victoria Health Centre", "service_names": ["HIV risk reduction for Key populations", "HIV treatment and care"] });
    let rows = [
        row(1, json!({ "name": "Ahero Dispensary" })),
        row(2, friendly),
        row(3, json!({ "name": "Coast Hospital", "county_name": "Mombasa", "service_names": [] })),
        row(4, json!({ "name": "Shut Clinic", "operation_status_name": "Not operational" })),
    ];
    import(&world, &[written(&folder, "four.json", &register(&rows))]).await.assert_good();
    let client = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(found(&client, json!({})).await, ["Victoria Health Centre", "Ahero Dispensary", "Coast Hospital"]);
    assert_eq!(found(&client, json!({ "countyCodes": ["042"] })).await, ["Victoria Health Centre", "Ahero Dispensary"]);
    assert_eq!(found(&client, json!({ "serviceTypes": ["ART"] })).await, ["Victoria Health Centre"]);
    assert_eq!(found(&client, json!({ "keyPopulationFriendly": false })).await, ["Ahero Dispensary", "Coast Hospital"]);
    assert_eq!(found(&client, json!({ "text": "victria centr" })).await, ["Victoria Health Centre"]);
    assert_eq!(found(&client, json!({ "text": "shut" })).await, Vec::<String>::new());
}
