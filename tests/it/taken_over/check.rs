//! The check: every table and every function, tried by an attacker who has got some context, and what was found of others.

use std::collections::HashSet;

use pamoja_demo::private_postgresql::DatabaseRole;

use super::attempt::{Attacker, Outcome, send};
use super::belonging::Table;
use super::oracle;
use super::scene::Scene;

/// A way to come by a context.
#[derive(Clone, Debug)]
pub struct Way {
    /// What it is called.
    pub name: String,
    /// The role that was taken over.
    pub role: DatabaseRole,
    /// What is asked for when connecting.
    pub options: String,
    /// The statements, some of which are refused.
    pub steps: Vec<String>,
    /// Whether it proves the session that the attacker found; otherwise there is no context at all.
    pub proves: bool,
}

/// Tries every table and function; returns what was read, changed or told of others, one sentence each. With a table's name, only that
/// table.
pub async fn findings(scene: &Scene, way: &Way, only: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let tables: Vec<&Table> = scene.tables.iter().filter(|table| only.is_none_or(|only| only == table.name)).collect();
    let before = checksums(scene, &tables, way).await;
    let Some(client) = connect(scene, way).await else {
        return found;
    };
    for step in &way.steps {
        send(&client, step).await;
    }
    let attacker = Attacker::go_on(client).await;
    for table in &tables {
        read(scene, way, &attacker, table, &mut found).await;
        write(scene, way, &attacker, table, &mut found).await;
    }
    if only.is_none() {
        oracle::functions(scene, way.role, &attacker, &mut found).await;
    }
    attacker.end().await;
    for (table, (was, is)) in tables.iter().zip(before.iter().zip(checksums(scene, &tables, way).await)) {
        if *was != is {
            found.push(format!("{} was changed", table.name));
        }
    }
    found.iter().map(|finding| format!("{}: {finding}", way.name)).collect()
}

/// Connects; none if that is refused.
async fn connect(scene: &Scene, way: &Way) -> Option<tokio_postgres::Client> {
    let mut settings: tokio_postgres::Config = scene.world.url(way.role).parse().expect("settings");
    if !way.options.is_empty() {
        settings.options(&way.options);
    }
    let (client, connection) = settings.connect(tokio_postgres::NoTls).await.ok()?;
    tokio::spawn(connection);
    Some(client)
}

/// The checksum of the rows of each table that the attacker may not change, with the version of each row.
async fn checksums(scene: &Scene, tables: &[&Table], way: &Way) -> Vec<Option<String>> {
    let sums: Vec<String> = tables
        .iter()
        .map(|table| {
            let (name, foreign) = (&table.name, scene.foreign(table, way.proves));
            format!(
                "(SELECT md5(string_agg(whole.xmin::text || whole.ctid::text || whole::text, ' ' ORDER BY whole.ctid))
                 FROM {name} AS whole WHERE {foreign})"
            )
        })
        .collect();
    scene.told(&format!("SELECT unnest(ARRAY[{}])", sums.join(",\n"))).await
}

async fn count(scene: &Scene, table: &Table, condition: &str) -> u64 {
    let counted = scene.told(&format!("SELECT count(*) FROM {} AS whole WHERE {condition}", table.name)).await;
    counted[0].as_deref().and_then(|count| count.parse().ok()).expect("a count")
}

async fn read(scene: &Scene, way: &Way, attacker: &Attacker, table: &Table, found: &mut Vec<String>) {
    let name = &table.name;
    if table.readable.is_empty() {
        for query in
            [format!("SELECT FROM {name}"), format!("SELECT * FROM {name}"), format!("SELECT whole FROM {name} AS whole")]
        {
            if !attacker.keep(&query).await.lacks_a_right() {
                found.push(format!("{name} can be read"));
            }
        }
        return;
    }
    let columns: Vec<String> = table.readable.iter().map(|column| format!("whole.{column}")).collect();
    let query = format!("SELECT ROW({})::text FROM {name} AS whole", columns.join(", "));
    let hidden = scene.told(&format!("{query} WHERE {}", scene.hidden(table, way.proves))).await;
    let hidden: HashSet<String> = hidden.into_iter().flatten().collect();
    match attacker.keep(&query).await {
        Outcome::Ran(rows, _) => {
            let seen = rows.iter().filter(|row| hidden.contains(*row)).count();
            if seen > 0 {
                found.push(format!("{seen} rows of {name} were read"));
            }
            let own = count(scene, table, &format!("NOT ({})", scene.hidden(table, way.proves))).await;
            if table.is_kept_apart() && rows.len() as u64 > own {
                found.push(format!("{} rows of {name} were counted, and {own} are its own", rows.len()));
            }
        }
        refused => assert!(refused.lacks_a_right() || !way.proves, "{query}: {refused:?}"),
    }
}

async fn write(scene: &Scene, way: &Way, attacker: &Attacker, table: &Table, found: &mut Vec<String>) {
    let name = &table.name;
    let foreign = scene.foreign(table, way.proves);
    let own = count(scene, table, &format!("NOT ({foreign})")).await;
    // Taken back each time: what belongs to a change is missing, and the end of the transaction would refuse it with all that came before.
    // No condition and no column read: PostgreSQL asks the policies of the command alone.
    let sample = if own > 0 { format!("NOT ({foreign})") } else { "true".to_owned() };
    for column in &table.updatable {
        let value = literal(scene, table, column, &sample).await;
        let mut outcome = attacker.try_out(&format!("UPDATE {name} SET {column} = {value}")).await;
        // An id that is right in one of its own rows can be wrong in the next.
        if outcome.reached_others() && table.identifies(column) {
            outcome = attacker.try_out(&format!("UPDATE {name} SET {column} = NULL")).await;
        }
        judge(outcome, own, &format!("{name}.{column} updated"), found);
    }
    if table.updatable.is_empty()
        && !attacker.keep(&format!("UPDATE {name} SET {0} = {0}", table.first_column())).await.lacks_a_right()
    {
        found.push(format!("{name} can be updated"));
    }
    // A row that a statement was about to delete keeps its mark, also when something that refers to the row forbade it.
    let marks = format!("SELECT string_agg(whole.xmax::text, ' ' ORDER BY whole.ctid) FROM {name} AS whole WHERE {foreign}");
    let before = scene.told(&marks).await;
    judge(attacker.try_out(&format!("DELETE FROM {name}")).await, own, &format!("{name} deleted"), found);
    if scene.told(&marks).await != before {
        found.push(format!("rows of others in {name} were about to be deleted"));
    }
    if !attacker.try_out(&format!("TRUNCATE {name}")).await.lacks_a_right() {
        found.push(format!("{name} can be emptied"));
    }
    if table.insertable.is_empty() {
        if !attacker.try_out(&format!("INSERT INTO {name} DEFAULT VALUES")).await.lacks_a_right() {
            found.push(format!("{name} can be inserted into"));
        }
        return;
    }
    if table.is_kept_apart() && !table.is_told_whose() {
        return;
    }
    // A row as another organisation would write it.
    let mut values = Vec::new();
    for column in &table.insertable {
        values.push(literal(scene, table, column, &foreign).await);
    }
    let insert =
        |values: &[String]| format!("INSERT INTO {name} ({}) VALUES ({})", table.insertable.join(", "), values.join(", "));
    let outcome = attacker.try_out(&insert(&values)).await;
    if !outcome.lacks_a_right() {
        found.push(format!("a row of others in {name} is answered with {outcome:?}"));
    }
    // The same, with a part in it for the attacker's organisation.
    let own = format!("'{}'", scene.session.organisation);
    for part in ["to_organisation_id", "by_organisation_id", "host_organisation_id"] {
        let Some(place) = table.insertable.iter().position(|column| column == part) else {
            continue;
        };
        let mut values = values.clone();
        values[place] = own.clone();
        if matches!(attacker.try_out(&insert(&values)).await, Outcome::Ran(..)) {
            found.push(format!("a row of others in {name} is written with the attacker as {part}"));
        }
    }
}

/// The value of a column in the first row that fulfils the condition.
async fn literal(scene: &Scene, table: &Table, column: &str, condition: &str) -> String {
    let query = format!(
        "SELECT quote_nullable(whole.{column}::text) FROM {} AS whole WHERE {condition} ORDER BY whole.ctid LIMIT 1",
        table.name
    );
    scene.told(&query).await.into_iter().next().flatten().unwrap_or_else(|| "NULL".to_owned())
}

fn judge(outcome: Outcome, own: u64, what: &str, found: &mut Vec<String>) {
    match outcome {
        Outcome::Ran(_, affected) if affected > own => found.push(format!("{what}: {affected} rows, and {own} are its own")),
        refused if refused.reached_others() => found.push(format!("{what}: it reached rows of others: {refused:?}")),
        _ => {}
    }
}
