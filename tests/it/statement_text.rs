//! Our own SQL text: each one is a file, or is built in a file that is listed as a builder. PostgreSQL accepts all of them as
//! they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_persistence::builders;
use tokio_postgres::Client;

use crate::harness::World;

/// These files begin and end transactions, which is no statement on tables.
const PLUMBING: [&str; 2] = ["database.rs", "transaction.rs"];
/// These files add to the statements of the builders.
const ADDING: [&str; 2] = ["paging.rs", "statement.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../persistence/src")
}

/// The persistence crate's files with that extension, by their paths from its root.
fn files(ending: &str) -> BTreeMap<String, String> {
    let (mut folders, mut files) = (vec![root()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let name = path.strip_prefix(root()).expect("below the root").to_str().expect("its name").to_owned();
                files.insert(name, std::fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    files
}

/// The roles whose transactions run that file's texts: one of them must be able to.
fn roles_of(file: &str) -> &'static [DatabaseRole] {
    match file {
        _ if file.starts_with("publication") => &[DatabaseRole::Publisher],
        _ if file.starts_with("rewrite") || file.starts_with("clock") => &[DatabaseRole::Owner],
        _ if file.starts_with("gate") => &[DatabaseRole::SignIn],
        _ if file.starts_with("inspection") => &[DatabaseRole::Operator],
        // Members' requests, and what jobs and the operator's commands do in the same modules.
        _ => &[DatabaseRole::App, DatabaseRole::Worker, DatabaseRole::Operator],
    }
}

/// Has PostgreSQL prepare a text and plan it for any parameters, which also checks the role's rights. Returns the error if it
/// refuses.
async fn prepare(client: &Client, text: &str) -> Result<(), String> {
    let prepared = async {
        client.batch_execute(&format!("BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE tried AS {text}")).await?;
        let counted = "SELECT coalesce(cardinality(parameter_types), 0)::int8 FROM pg_prepared_statements WHERE name = 'tried'";
        let parameters: i64 = client.query_one(counted, &[]).await?.get(0);
        let nothing = vec!["NULL"; parameters as usize].join(", ");
        let nothing = if parameters == 0 { nothing } else { format!("({nothing})") };
        client.batch_execute(&format!("EXPLAIN EXECUTE tried{nothing}")).await
    }
    .await;
    client.batch_execute("ROLLBACK; DEALLOCATE ALL").await.expect("it is undone");
    prepared.map_err(|error: tokio_postgres::Error| {
        error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
    })
}

#[tokio::test]
async fn postgresql_prepares_and_plans_every_text() {
    let world = World::new().await;
    let mut clients = HashMap::new();
    for role in DatabaseRole::CONNECTING {
        clients.insert(role, world.connect(role).await);
    }
    let app = &clients[&DatabaseRole::App];
    let mut texts: Vec<(String, String)> = files("sql").into_iter().collect();
    assert!(texts.len() > 10, "only {} files were found", texts.len());
    for (file, variants) in builders::statements() {
        assert!(!variants.is_empty(), "{file} tells no variant");
        texts.extend(variants.into_iter().map(|variant| (file.to_owned(), variant)));
    }
    let mut refused = Vec::new();
    for (file, text) in &texts {
        let mut errors = Vec::new();
        for role in roles_of(file) {
            match prepare(&clients[role], text).await {
                Ok(()) => {
                    errors.clear();
                    break;
                }
                Err(error) => errors.push(format!("{}: {error}", role.name())),
            }
        }
        if !errors.is_empty() {
            refused.push(format!("{file}: {}\n{text}", errors.join("; ")));
        }
    }
    assert!(refused.is_empty(), "{} of {} texts:\n\n{}", refused.len(), texts.len(), refused.join("\n\n"));
    let wrong = prepare(app, "SELECT nothing FROM referral").await;
    assert_eq!(wrong, Err("column \"nothing\" does not exist".to_owned()));
    let forbidden = prepare(app, "SELECT value FROM statistic_rollup").await;
    assert!(forbidden.is_err(), "a text that needs rights which the role doesn't have is taken");
}

/// Where a Rust file contains text that is neither a file's nor a builder's.
fn breaches(file: &str, source: &str, builders: &BTreeSet<&str>) -> Vec<String> {
    // The parts of a builder may be in its folder.
    let is_builder = builders.iter().any(|builder| file == *builder || file.starts_with(&builder.replace(".rs", "/")));
    let mut breaches = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let at = format!("{file}:{}", number + 1);
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if let Some((_, argument)) = code.split_once("Statement::new(") {
            let following = source.lines().nth(number + 1).unwrap_or_default().trim_start();
            let argument = if argument.is_empty() { following } else { argument };
            if !argument.starts_with("include_str!(") {
                breaches.push(format!(
                    "{at}: a statement that is no file: put the text into a .sql file and take it in by include_str!"
                ));
            }
        }
        let builds = code.contains("Statement::built(") || code.contains(".push_sql(");
        if builds && !is_builder && !ADDING.contains(&file) {
            breaches.push(format!("{at}: a statement is put together in a file that builders::statements() doesn't name"));
        }
        if code.contains("sql_query(") || code.contains("sql::<") {
            breaches.push(format!("{at}: text past `Statement`, which is prepared anew each time or is not checked"));
        }
        let words = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];
        let is_text = words.iter().any(|word| code.contains(&format!("\"{word}")));
        if is_text && !is_builder && !PLUMBING.contains(&file) {
            breaches.push(format!("{at}: SQL text in Rust: say it by diesel's builder, or put it into a .sql file"));
        }
    }
    breaches
}

#[test]
fn text_stands_in_files_of_its_own_or_is_built_where_it_is_said() {
    let sources = files("rs");
    let listed = builders::statements();
    let builders: BTreeSet<&str> = listed.iter().map(|(file, _)| *file).collect();
    assert_eq!(builders.len(), listed.len(), "a builder is named twice");
    let mut found = Vec::new();
    for (file, source) in &sources {
        found.extend(breaches(file, source, &builders));
    }
    for builder in &builders {
        let builds = |source: &String| {
            source.contains("Statement::built(") || source.contains(".push_sql(") || source.contains("push_page(")
        };
        if !sources.get(*builder).is_some_and(builds) {
            found.push(format!("{builder}: builders::statements() names it, and it builds nothing"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let wrong = "x\n Statement::new(format!(\"a\"))\n statement.push_sql(\"b\")\n let text = \"SELECT 1\";\n sql_query(\"c\")";
    assert_eq!(breaches("other.rs", wrong, &builders).len(), 4);
}

#[test]
fn every_file_of_text_is_taken_in_somewhere() {
    let mut taken = BTreeSet::new();
    for (file, source) in &files("rs") {
        let folder = Path::new(file).parent().expect("a folder");
        for (_, rest) in source.match_indices("include_str!(\"").map(|(at, found)| source.split_at(at + found.len())) {
            let name = rest.split('"').next().unwrap_or_default();
            taken.insert(folder.join(name).to_str().expect("a name").to_owned());
        }
    }
    let there: BTreeSet<String> = files("sql").into_keys().collect();
    let unused: Vec<&String> = there.difference(&taken).collect();
    assert!(unused.is_empty(), "nothing takes these in: {unused:?}");
}
