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
    import_with(world, &[], files).await
}

async fn import_with(world: &World, options: &[&str], files: &[PathBuf]) -> Ended {
    let mut command = pamoja(&["import", "facilities"]);
    command.args(options).args(files).env("PAMOJA_OPERATOR_DATABASE_URL", world.url(DatabaseRole::Operator));
    Ended::of(command).await
}

fn written(folder: &Folder, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
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
    let first = written(&folder, "first.json", register(&[row(1, json!({})), row(2, json!({})), row(3, json!({}))]));
    import(&world, &[first]).await.assert_good();
    let ids = async || {
        let client = world.connect(DatabaseRole::Superuser).await;
        let rows = client.query("SELECT id::text FROM facility ORDER BY code", &[]).await.expect("ids");
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let known = ids().await;
    let newer =
        [row(1, json!({ "name": "Clinic One" })), row(2, json!({ "closed": true })), row(3, json!({})), row(4, json!({}))];
    let newer = written(&folder, "newer.json", register(&newer));
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

    let reopened = written(&folder, "reopened.json", register(&[row(2, json!({}))]));
    let ended = import(&world, &[reopened]).await;
    assert_eq!(ended.out, "Read 1 facilities: 0 added, 1 changed, 0 unchanged, 0 skipped; 0 that were known are closed now.\n");
    assert_eq!(found(&client, json!({})).await.len(), 4);

    let out_of_operation = json!({ "operation_status_name": "Not Operational" });
    let out_of_operation = written(&folder, "out.json", register(&[row(3, out_of_operation.clone()), row(9, out_of_operation)]));
    let ended = import(&world, &[out_of_operation]).await;
    assert_eq!(ended.out, "Read 2 facilities: 1 added, 1 changed, 0 unchanged, 0 skipped; 1 that were known are closed now.\n");
    assert_eq!(found(&client, json!({})).await.len(), 3);
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_is_told_by_its_row() {
    let world = World::new().await;
    let folder = Folder::new("register");
    import(&world, &[written(&folder, "good.json", register(&[row(1, json!({}))]))]).await.assert_good();
    let before = all(&world).await;
    let good = written(&folder, "other.json", register(&[row(1, json!({ "name": "Changed" })), row(7, json!({}))]));
    let cases = [
        ("nojson.json", "{\"results\": [".to_owned(), "not JSON from line 1"),
        ("list.json", "[]".to_owned(), "not a register"),
        ("empty.json", String::new(), "not JSON"),
        (
            "county.json",
            register(&[row(8, json!({})), row(9, json!({ "county_name": "Zanzibar" }))]),
            "row 2 (code 9): the county_name",
        ),
        (
            "twice.json",
            register(&[row(8, json!({})), row(8, json!({ "name": "Another" }))]),
            "row 2 (code 8): the same code stands already in",
        ),
        ("elsewhere.json", register(&[row(7, json!({ "name": "Another" }))]), "row 2 (code 7): the same code stands already in"),
        ("none.json", register(&[]), "no facility is in it"),
        ("field.json", register(&[row(8, json!({ "closed": 7 }))]), "row 1 (code 8): the field closed is not true or false"),
        ("code.json", register(&[row(8, json!({ "code": "A12" }))]), "row 1: the code is not"),
        ("name.json", register(&[row(8, json!({ "name": " " }))]), "row 1 (code 8): the name is empty"),
    ];
    for (name, content, expected) in cases {
        let file = written(&folder, name, content);
        let ended = import(&world, &[file, good.clone()]).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{name}");
        assert!(ended.error.contains(name) && ended.error.contains(expected), "{name}: {}", ended.error);
        assert!(!ended.error.contains("Zanzibar") && ended.error.lines().count() == 1, "{name}: {}", ended.error);
        assert_eq!(all(&world).await, before, "{name}");
    }
    let missing = import(&world, &[folder.0.join("missing.json")]).await;
    assert!(missing.code == Some(1) && missing.error.contains("missing.json"), "{}", missing.error);
}

/// The codes of the facilities that are in operation.
async fn in_operation(world: &World) -> Vec<String> {
    let client = world.connect(DatabaseRole::Superuser).await;
    let rows = client.query("SELECT code FROM facility WHERE operational ORDER BY code", &[]).await.expect("facilities");
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn what_is_missing_from_a_whole_file_is_named_and_closed_only_when_it_is_asked_for() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let elsewhere = row(9, json!({ "county_name": "Mombasa" }));
    let all = written(&folder, "all.json", register(&[row(1, json!({})), row(2, json!({})), row(3, json!({})), elsewhere]));
    import(&world, &[all]).await.assert_good();
    let fewer = written(&folder, "fewer.json", register(&[row(1, json!({})), row(3, json!({ "closed": true }))]));

    let combined = import_with(&world, &["--partial", "--close-missing"], std::slice::from_ref(&fewer)).await;
    assert!(combined.code == Some(2) && combined.error.contains("--close-missing"), "{combined:?}");
    assert_eq!(in_operation(&world).await, ["1", "2", "3", "9"]);
    let partial = import_with(&world, &["--partial"], std::slice::from_ref(&fewer)).await;
    partial.assert_good();
    assert_eq!(in_operation(&world).await, ["1", "2", "9"], "only what the file calls closed");

    let named = import(&world, std::slice::from_ref(&fewer)).await;
    assert_eq!(named.code, Some(0));
    assert_eq!(
        named.error, "Known, in operation, and missing from the files: 1; give --close-missing to close them:\n  2 Clinic 2\n",
        "neither what is closed nor what is in another county"
    );
    assert_eq!(in_operation(&world).await, ["1", "2", "9"]);
    let closed = import_with(&world, &["--close-missing"], std::slice::from_ref(&fewer)).await;
    assert!(closed.out.ends_with("1 that were missing are closed now.\n"), "{closed:?}");
    assert!(closed.error.contains("they are closed now:\n  2 Clinic 2\n"), "{closed:?}");
    assert_eq!(in_operation(&world).await, ["1", "9"]);
    let again = import_with(&world, &["--close-missing"], &[fewer]).await;
    assert!(again.out.ends_with("0 that were missing are closed now.\n") && again.error.is_empty(), "{again:?}");
}

#[tokio::test]
async fn only_the_first_thousand_that_are_missing_are_named() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let many: Vec<Value> = (1..=1_203).map(|code| row(code, json!({}))).collect();
    import(&world, &[written(&folder, "many.json", register(&many))]).await.assert_good();
    let one = import_with(&world, &["--close-missing"], &[written(&folder, "one.json", register(&many[..1]))]).await;
    assert_eq!(one.code, Some(0), "{}", one.error);
    assert_eq!(one.error.lines().count(), 1 + 1_000 + 1);
    assert!(one.error.ends_with("  and 202 more\n"));
    assert_eq!(in_operation(&world).await, ["1"]);
}

#[tokio::test]
async fn a_page_of_a_longer_list_is_refused_unless_it_is_called_a_part() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let page = json!({ "count": 289, "next": "https://example.org/?page=2", "current_page": 1, "total_pages": 289, "results": [row(1, json!({}))] });
    let page = written(&folder, "page.json", page.to_string());
    let refused = import(&world, std::slice::from_ref(&page)).await;
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(
        refused.error.contains("page.json: a page of a longer list (1 of 289 rows)") && refused.error.contains("--partial"),
        "{refused:?}"
    );
    assert_eq!(all(&world).await, Vec::<String>::new());
    import_with(&world, &["--partial"], &[page]).await.assert_good();
    assert_eq!(in_operation(&world).await, ["1"]);
}

#[tokio::test]
async fn an_older_file_says_so_and_is_taken_in_only_when_it_is_asked_for() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let file = |name: &str, clinic: &str, created: Value| {
        let fields = json!({ "name": clinic, "created": created });
        let elsewhere = json!({ "county_name": "Mombasa", "created": "2020-05-19T08:10:26.778716Z" });
        written(&folder, name, register(&[row(1, fields), row(2, elsewhere)]))
    };
    let newer = file("newer.json", "Newer", json!("2026-06-01T08:00:00Z"));
    let old = file("old.json", "Older", json!("2026-05-31T23:59:59Z"));
    import(&world, std::slice::from_ref(&newer)).await.assert_good();
    import(&world, std::slice::from_ref(&newer)).await.assert_good();
    let before = all(&world).await;

    let refused = import(&world, std::slice::from_ref(&old)).await;
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    for part in [
        "older than what was taken in before",
        "in Kisumu its newest entry is of 2026-05-31, and there was one of 2026-06-01",
        "--older",
    ] {
        assert!(refused.error.contains(part), "{}", refused.error);
    }
    assert!(!refused.error.contains("Mombasa"), "{}", refused.error);
    assert_eq!(all(&world).await, before);

    let taken = import_with(&world, &["--older"], std::slice::from_ref(&old)).await;
    assert!(
        taken.code == Some(0) && taken.out.contains("1 changed") && taken.error.contains("taken in all the same"),
        "{taken:?}"
    );
    // What is there now is as old as that file.
    import(&world, &[old]).await.assert_good();
    let undated = import(&world, &[file("undated.json", "Undated", Value::Null)]).await;
    assert!(
        undated.code == Some(0) && undated.error.contains("The rows of Kisumu don't say when they were entered"),
        "{undated:?}"
    );
    import(&world, &[newer]).await.assert_good();
}

#[tokio::test]
async fn the_real_files_are_compared_by_their_newest_entries() {
    let world = World::new().await;
    let folder = Folder::new("register");
    import(&world, &[copy()]).await.assert_good();
    let client = world.connect(DatabaseRole::Superuser).await;
    let rows =
        client.query("SELECT county_code || ' ' || newest_entry FROM facility_register ORDER BY 1", &[]).await.expect("counties");
    let newest: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(newest, ["001 2020-05-19", "042 2020-04-04", "047 2020-04-29"]);

    let mut older: Value = serde_json::from_str(&std::fs::read_to_string(copy()).expect("the register")).expect("JSON");
    let rows = older["results"].as_array_mut().expect("rows");
    rows.retain(|row| row["county_name"] != "Kisumu" || row["created"].as_str() < Some("2020-03"));
    let older = written(&folder, "older.json", older.to_string());
    let refused = import(&world, &[older]).await;
    assert!(refused.code == Some(1) && refused.error.contains("in Kisumu its newest entry is of 20"), "{refused:?}");
    assert!(!refused.error.contains("Nairobi"), "{refused:?}");
}

#[tokio::test]
async fn every_faulty_row_is_named_in_one_run() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let rows = [
        row(1, json!({})),
        row(2, json!({ "county_name": "Zanzibar", "name": " " })),
        row(3, json!({ "code": "9.1E4" })),
        row(1, json!({ "name": "Another" })),
    ];
    let first = written(&folder, "first.json", register(&rows));
    let second = written(&folder, "second.xlsx", "PK\u{3}\u{4}xl/workbook.xml");
    let ended = import(&world, &[first, second]).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let lines: Vec<&str> = ended.error.lines().collect();
    assert_eq!(lines.len(), 5, "{}", ended.error);
    for (line, part) in lines.iter().zip([
        "row 2 (code 2): the name is empty",
        "row 2 (code 2): the county_name is none of Kenya's 47 counties",
        "row 3: a spreadsheet has shortened the code",
        "row 4 (code 1): the same code stands already in",
        "second.xlsx: a spreadsheet, not JSON",
    ]) {
        assert!(line.contains(part), "{line}");
    }
    assert_eq!(all(&world).await, Vec::<String>::new());
}

#[tokio::test]
async fn lines_in_utf_16_are_taken_in_and_what_cannot_be_seen_is_taken_out() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let lines = [
        row(1, json!({ "code": "91,011", "name": "A\u{200b}\u{ad}hero\u{202e} Dispensary\u{feff}" })),
        row(2, json!({ "code": 91012.0, "name": "Family 👨‍👩‍👧‍👦 Clinic 🇰🇪" })),
        row(2, json!({ "code": "'91012", "name": "Family 👨‍👩‍👧‍👦 Clinic 🇰🇪" })),
    ];
    let text = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let ended = import(&world, &[written(&folder, "lines.json", utf_16)]).await;
    ended.assert_good();
    assert!(
        ended.out.starts_with("Read 3 facilities: 2 added, 0 changed, 0 unchanged, 0 skipped, 1 said twice;"),
        "{}",
        ended.out
    );
    let client = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(found(&client, json!({})).await, ["Ahero Dispensary", "Family 👨‍👩‍👧‍👦 Clinic 🇰🇪"]);
    assert_eq!(in_operation(&world).await, ["91011", "91012"]);
}

#[tokio::test]
async fn a_million_rows_and_two_hundred_megabytes_are_refused_soon() {
    let world = World::new().await;
    let folder = Folder::new("register");
    let short = r#"{"code":null,"closed":false},"#.repeat(999_999);
    let many = written(&folder, "many.json", format!("{{\"results\":[{short}{{\"code\":null,\"closed\":false}}]}}"));
    let refused = import(&world, &[many]).await;
    assert!(refused.code == Some(1) && refused.error.contains("more than 50000 rows"), "{refused:?}");
    let large = folder.0.join("large.json");
    std::fs::File::create(&large).expect("a file").set_len(200_000_000).expect("its length");
    let refused = import(&world, &[large]).await;
    assert!(refused.code == Some(1) && refused.error.contains("larger than 100 MB"), "{refused:?}");
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
    import(&world, &[written(&folder, "four.json", register(&rows))]).await.assert_good();
    let client = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(found(&client, json!({})).await, ["Victoria Health Centre", "Ahero Dispensary", "Coast Hospital"]);
    assert_eq!(found(&client, json!({ "countyCodes": ["042"] })).await, ["Victoria Health Centre", "Ahero Dispensary"]);
    assert_eq!(found(&client, json!({ "serviceTypes": ["ART"] })).await, ["Victoria Health Centre"]);
    assert_eq!(found(&client, json!({ "keyPopulationFriendly": false })).await, ["Ahero Dispensary", "Coast Hospital"]);
    assert_eq!(found(&client, json!({ "text": "victria centr" })).await, ["Victoria Health Centre"]);
    assert_eq!(found(&client, json!({ "text": "shut" })).await, Vec::<String>::new());
}
