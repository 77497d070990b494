//! Whether an answer tells that a row of others exists: the same is asked with an id of others and with one that was never issued.

use pamoja_demo::private_postgresql::DatabaseRole;
use uuid::Uuid;

use super::attempt::{Attacker, Outcome, send};
use super::belonging::Table;
use super::scene::Scene;

/// Functions that say whether a slip exists, to whoever has its code: nobody knows whose it is before it is found.
pub const RECOGNISE_SLIPS: [&str; 2] = ["is_blank_slip", "hold_blank_slip"];

/// The functions of the program that a role may call; the role is `$1`.
const FUNCTIONS: &str = "
    SELECT proname::text, ARRAY(SELECT format_type(type, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS given (type, place) ORDER BY place)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
        AND has_function_privilege($1, oid, 'EXECUTE')
    ORDER BY oid::regprocedure::text";

/// How many lists of arguments a function is called with.
const MOST_CALLS: usize = 60;

/// Words that the program's functions know.
const WORDS: [&str; 6] = ["REFERRAL", "TRAINING_REQUEST", "pseudonym", "audit_seal", "SAFER_USE", "member"];

/// Writes ids of others, and ids that were never issued, into each of the attacker's own rows; both must be answered alike.
async fn rows(scene: &Scene, attacker: &Attacker, table: &Table, found: &mut Vec<String>) {
    let own = format!("NOT ({})", scene.foreign(table, true));
    let (hidden, name) = (scene.hidden(table, true), &table.name);
    let named: Vec<String> = table
        .readable
        .iter()
        .filter(|column| table.identifies(column))
        .map(|column| format!("'{column} = ' || quote_literal(whole.{column})"))
        .collect();
    let conditions = match named.as_slice() {
        [] => Vec::new(),
        named => scene.told(&format!("SELECT concat_ws(' AND ', {}) FROM {name} AS whole WHERE {own}", named.join(", "))).await,
    };
    for column in table.updatable.iter().filter(|column| table.identifies(column)) {
        for (issued, never) in ids(scene, table, column, &hidden).await {
            for condition in conditions.iter().flatten() {
                let outcome = async |id: &str| {
                    attacker.try_out(&format!("UPDATE {name} SET {column} = '{id}' WHERE {condition}")).await.without(id)
                };
                compare(&format!("{name}.{column} updated"), outcome(&issued).await, outcome(&never).await, found);
            }
        }
    }
    for column in table.insertable.iter().filter(|column| table.identifies(column)) {
        let value = |other: &String| match other == column {
            true => "%ID%".to_owned(),
            false => format!("' || quote_nullable(whole.{other}::text) || '"),
        };
        let values: Vec<String> = table.insertable.iter().map(value).collect();
        let (columns, values) = (table.insertable.join(", "), values.join(", "));
        let written = scene
            .told(&format!("SELECT 'INSERT INTO {name} ({columns}) VALUES ({values})' FROM {name} AS whole WHERE {own}"))
            .await;
        for (issued, never) in ids(scene, table, column, &hidden).await {
            for row in written.iter().flatten() {
                let outcome = async |id: &str| attacker.try_out(&row.replace("%ID%", &format!("'{id}'"))).await.without(id);
                compare(&format!("{name}.{column} inserted"), outcome(&issued).await, outcome(&never).await, found);
            }
        }
    }
}

/// Ids that an attacker could have heard of: of records that the organisation is no party of, and of a user of others.
fn others(organisation: &str) -> String {
    format!(
        "SELECT id::text FROM referral WHERE '{organisation}' NOT IN (from_organisation_id, to_organisation_id)
         UNION ALL SELECT id::text FROM training_request WHERE '{organisation}' NOT IN (from_organisation_id, to_organisation_id)
         UNION ALL SELECT id::text FROM training_session WHERE trainer_organisation_id <> '{organisation}' AND '{organisation}' <> ALL (hosts)
         UNION ALL SELECT id::text FROM pending_check_in WHERE organisation_id <> '{organisation}'
         UNION ALL SELECT max(id::text) FROM user_account WHERE organisation_id <> '{organisation}'"
    )
}

/// Some ids of others that could stand in a column, each with one that was never issued. Left out are ids that everybody may read, and
/// ids of records that the attacker's organisation is a party of.
async fn ids(scene: &Scene, table: &Table, column: &str, hidden: &str) -> Vec<(String, String)> {
    let organisation = scene.session.organisation;
    let query = format!(
        "SELECT DISTINCT id FROM (
             (SELECT whole.{column}::text FROM {} AS whole WHERE {hidden} AND whole.{column} IS NOT NULL LIMIT 3) UNION ALL {}
         ) AS one (id)
         WHERE id::uuid NOT IN (
             SELECT id FROM organisation UNION SELECT id FROM service UNION SELECT id FROM training_offer
             UNION SELECT id FROM referral WHERE '{organisation}' IN (from_organisation_id, to_organisation_id)
             UNION SELECT id FROM training_request WHERE '{organisation}' IN (from_organisation_id, to_organisation_id)
             UNION SELECT id FROM training_session WHERE '{organisation}' = ANY (hosts || trainer_organisation_id)
         )",
        table.name,
        others(&organisation.to_string())
    );
    scene.told(&query).await.into_iter().flatten().map(|id| (id, Uuid::new_v4().to_string())).collect()
}

fn compare(what: &str, of_others: Outcome, of_nobody: Outcome, found: &mut Vec<String>) {
    if of_others != of_nobody {
        found.push(format!("{what} with an id of others is answered with {of_others:?}, and else with {of_nobody:?}"));
    }
}

/// Calls every function that the role may call, with ids of others and with ids that were never issued.
pub async fn functions(scene: &Scene, role: DatabaseRole, attacker: &Attacker, found: &mut Vec<String>) {
    let rows = scene.superuser.query(FUNCTIONS, &[&role.name()]).await.expect("the functions");
    for row in rows {
        let (name, types): (String, Vec<String>) = (row.get(0), row.get(1));
        // Who opens a transaction is tried by itself.
        if name.starts_with("open_") && types.first().is_some_and(|first| first == "uuid") {
            continue;
        }
        for (issued, never) in arguments(scene, &types, MOST_CALLS).await {
            if RECOGNISE_SLIPS.contains(&name.as_str()) {
                attacker.keep(&format!("SELECT * FROM {name}({})", issued.join(", "))).await;
                continue;
            }
            let mut outcomes = Vec::new();
            for given in [&issued, &never] {
                let mut outcome = attacker.keep(&format!("SELECT * FROM {name}({})", given.join(", "))).await;
                for argument in given {
                    for id in argument.split('\'').filter(|part| part.len() >= 32) {
                        outcome = outcome.without(id);
                    }
                }
                outcomes.push(outcome.without_times());
            }
            if !types.is_empty() && types.iter().any(|of| ["uuid", "uuid[]", "bytea"].contains(&of.as_str())) {
                compare(&format!("{name}({})", issued.join(", ")), outcomes.remove(0), outcomes.remove(0), found);
            }
        }
    }
}

/// Lists of arguments of these types: with ids of others, and the same with ids that were never issued.
pub async fn arguments(scene: &Scene, types: &[String], most: usize) -> Vec<(Vec<String>, Vec<String>)> {
    let mut lists: Vec<(Vec<String>, Vec<String>)> = vec![(Vec::new(), Vec::new())];
    for of in types {
        let candidates = candidates(scene, of).await;
        lists = lists
            .iter()
            .flat_map(|(issued, never)| {
                candidates.iter().map(|(one, other)| {
                    let (mut issued, mut never) = (issued.clone(), never.clone());
                    issued.push(one.clone());
                    never.push(other.clone());
                    (issued, never)
                })
            })
            .collect();
        // Of very many, some of each kind.
        let every = lists.len() / most + 1;
        lists = lists.into_iter().step_by(every).collect();
    }
    lists
}

/// Values of a type: of others, and never issued.
async fn candidates(scene: &Scene, of: &str) -> Vec<(String, String)> {
    let same = |values: &[&str]| values.iter().map(|value| ((*value).to_owned(), (*value).to_owned())).collect();
    let organisation = scene.session.organisation;
    match of {
        "uuid" | "uuid[]" => {
            let query = others(&organisation.to_string());
            let ids: Vec<String> = scene.told(&query).await.into_iter().flatten().collect();
            assert!(ids.len() >= 5, "too few ids of others: {ids:?}");
            let literal = |id: &str| if of == "uuid" { format!("'{id}'::uuid") } else { format!("ARRAY['{id}'::uuid]") };
            ids.iter().map(|id| (literal(id), literal(&Uuid::new_v4().to_string()))).collect()
        }
        "bytea" | "bytea[]" => {
            let query = format!(
                "SELECT encode(look_up_hash, 'hex') FROM referral_slip WHERE '{organisation}' NOT IN (from_organisation_id, to_organisation_id)
                 UNION SELECT encode(look_up_hash, 'hex') FROM blank_slip WHERE organisation_id <> '{organisation}'
                 UNION SELECT encode(look_up_hash, 'hex') FROM pending_check_in WHERE organisation_id <> '{organisation}'"
            );
            let hashes: Vec<String> = scene.told(&query).await.into_iter().flatten().collect();
            let literal = |hash: &str| {
                let hash = format!("'\\x{hash}'::bytea");
                if of == "bytea" { hash } else { format!("ARRAY[{hash}]") }
            };
            let never = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            hashes.iter().map(|hash| (literal(hash), literal(&never))).collect()
        }
        "text" | "text[]" => {
            let literal = |text: &str| if of == "text" { format!("'{text}'") } else { format!("ARRAY['{text}']") };
            let query = format!(
                "SELECT DISTINCT client::text FROM referral_client WHERE from_organisation_id <> '{organisation}' LIMIT 2"
            );
            let clients = scene.told(&query).await.into_iter().flatten();
            let never = |client: &String| client.chars().rev().collect::<String>();
            let clients: Vec<(String, String)> = clients.map(|client| (literal(&client), literal(&never(&client)))).collect();
            let known = WORDS.map(|word| (literal(word), literal(word)));
            [(format!("NULL::{of}"), format!("NULL::{of}"))].into_iter().chain(clients).chain(known).collect()
        }
        // As text, which is read as the type: a role that runs no function casts nothing.
        "smallint" | "integer" | "bigint" => vec![(format!("'3'::{of}"), format!("'3'::{of}"))],
        "bigint[]" => {
            let query = format!(
                "SELECT position::text FROM referral_event
                 WHERE from_organisation_id <> '{organisation}' AND to_organisation_id IS DISTINCT FROM '{organisation}' LIMIT 2"
            );
            let positions = scene.told(&query).await.into_iter().flatten();
            positions.map(|position| (format!("'{{{position}}}'::bigint[]"), format!("'{{-{position}}}'::bigint[]"))).collect()
        }
        "boolean" => same(&["true", "NULL::boolean"]),
        "double precision" => same(&["'1.5'::double precision"]),
        "double precision[]" => same(&["ARRAY['1.5'::double precision]"]),
        "integer[]" => same(&["ARRAY[3]"]),
        "date" => same(&["current_date"]),
        "date[]" => same(&["ARRAY[current_date]"]),
        "jsonb" => same(&["'[]'::jsonb"]),
        "timestamp with time zone" => same(&["'2026-11-01T12:00:00Z'::timestamptz"]),
        "interval" => same(&["interval '1 hour'"]),
        other => panic!("say here which values of {other} an attacker tries"),
    }
}

/// Where an answer tells the session of an id of others, in writing its own rows. With a table's name, only there.
async fn differences(scene: &Scene, only: Option<&str>) -> Vec<String> {
    let client = scene.world.connect(DatabaseRole::App).await;
    send(&client, "BEGIN").await;
    send(&client, &scene.proof()).await;
    let attacker = Attacker::go_on(client).await;
    let mut found = Vec::new();
    for table in scene.tables.iter().filter(|table| only.is_none_or(|only| only == table.name)) {
        rows(scene, &attacker, table, &mut found).await;
    }
    found
}

#[tokio::test]
async fn no_id_of_others_that_is_written_into_its_own_rows_is_told_from_one_that_was_never_issued() {
    let scene = Scene::new().await;
    assert_eq!(differences(&scene, None).await, Vec::<String>::new());
    // With the conditions that were too weak, it is told.
    let parties = "coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false)";
    for (policy, table) in [("training_follow_up_add", "training_follow_up"), ("training_request_change", "training_request")] {
        scene
            .superuser
            .batch_execute(&format!("ALTER POLICY {policy} ON {table} WITH CHECK ({parties})"))
            .await
            .expect("altered");
        assert!(!differences(&scene, Some(table)).await.is_empty(), "{policy} isn't missed");
    }
}
