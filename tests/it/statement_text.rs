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
/// These files send a text as a call of its function, and so begin texts of their own.
const LISTED: [&str; 4] = ["listed.rs", "listed/doers.rs", "listed/sent.rs", "paging.rs"];
/// These files add to the statements of the builders.
const ADDING: [&str; 3] = ["listed/sent.rs", "paging.rs", "statement.rs"];
/// These files have a statement of diesel's builder whose text varies, and why they may: no member's request comes to it.
const VARYING: [(&str, &str); 1] =
    [("facility/register.rs", "the operator notes the newest entry of each county that was taken in")];

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
        _ if file.starts_with("listed") => &[DatabaseRole::Owner],
        // Members' requests, and what jobs and the operator's commands do in the same modules.
        _ => &[DatabaseRole::App, DatabaseRole::Worker, DatabaseRole::Operator],
    }
}

/// Has PostgreSQL prepare a text and plan it for any parameters, which also checks the role's rights. Returns the error if it
/// refuses.
async fn prepare(client: &Client, text: &str) -> Result<(), String> {
    let prepared = async {
        client.batch_execute(&format!("BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE tried AS {text}")).await?;
        // Not asked of PostgreSQL: a role may run no function.
        let numbers = text.split('$').skip(1).filter_map(|rest| {
            rest.split(|character: char| !character.is_ascii_digit()).next().and_then(|number| number.parse::<usize>().ok())
        });
        let parameters = numbers.max().unwrap_or(0);
        let nothing = vec!["NULL"; parameters].join(", ");
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
    for role in DatabaseRole::CONNECTING.into_iter().chain([DatabaseRole::App]) {
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

/// Whether the argument of `values` is a list, as far as the file shows: the number of its rows would be in the text.
fn is_list(argument: &str, source: &str) -> bool {
    let argument = argument.trim_start_matches('&');
    let name: String = argument.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let alone = !name.is_empty() && argument[name.len()..].starts_with(')');
    let declared = [": Vec<", ": [", ": &[", " = vec!", " = ["].map(|form| format!("{name}{form}"));
    let collected = argument.contains(".collect") && !argument.starts_with(['(', ')']);
    let listed = argument.starts_with('[') || argument.starts_with("vec!");
    listed || collected || (alone && declared.iter().any(|form| source.contains(form)))
}

/// Whether a column is set only where a value is given.
fn sets_if_given(code: &str) -> bool {
    let column = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_' || letter == ':';
    let given = [".map(|", ".then(|", ".then_some("].iter().filter_map(|opening| code.split_once(opening));
    given.map(|(_, rest)| rest.split_once("| ").map_or(rest, |(_, body)| body)).any(|body| {
        let (name, rest) = body.split_at(body.find(|letter: char| !column(letter)).unwrap_or(body.len()));
        name.contains("::") && rest.starts_with(".eq(")
    })
}

/// What a struct that begins with this `derive` would leave out of a statement where a field is none. Its lines are given.
fn leaves_out(lines: &[&str]) -> Option<&'static str> {
    let derives = lines.first().filter(|line| line.contains("derive("))?;
    let end = lines.iter().position(|line| line.trim() == "}").unwrap_or(lines.len());
    let whole = lines[..end].join(" ");
    let lacks = |derived: &str, attribute: &str| derives.contains(derived) && !whole.contains(attribute);
    if !whole.contains(": Option<") {
        None
    } else if lacks("Insertable", "treat_none_as_default_value = false") {
        Some("None becomes DEFAULT: say treat_none_as_default_value = false")
    } else if lacks("AsChangeset", "treat_none_as_null = true") {
        Some("None leaves the column out: say treat_none_as_null = true")
    } else {
        None
    }
}

/// Why the text of a statement of diesel's builder would vary, as far as the line with that number shows.
fn variation(source: &str, lines: &[&str], number: usize) -> Option<&'static str> {
    let code = lines[number].trim_start();
    let rows = code.split_once(".values(").map(|(_, argument)| {
        if argument.is_empty() { lines.get(number + 1).map_or("", |line| line.trim_start()) } else { argument }
    });
    if code.contains("into_boxed(") || code.contains("BoxableExpression") {
        Some("a condition that isn't always there: bind whether it counts")
    } else if rows.is_some_and(|argument| is_list(argument, source)) {
        Some("a row for each value: take INSERT … SELECT unnest from a .sql file")
    } else if sets_if_given(code) {
        Some("a column that isn't always set: set it to what it holds")
    } else {
        leaves_out(&lines[number..])
    }
}

/// Where a Rust file contains text that is neither a file's nor a builder's, or a statement of diesel's that has more than one text.
fn breaches(file: &str, source: &str, builders: &BTreeSet<&str>) -> Vec<String> {
    // The parts of a builder may be in its folder.
    let is_builder = builders.iter().any(|builder| file == *builder || file.starts_with(&builder.replace(".rs", "/")));
    let may_vary = VARYING.iter().any(|(varying, _)| *varying == file);
    let lines: Vec<&str> = source.lines().collect();
    let mut breaches = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let at = format!("{file}:{}", number + 1);
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if let Some((_, argument)) = code.split_once("Statement::new(") {
            let following = lines.get(number + 1).map_or("", |line| line.trim_start());
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
        if code.contains("sql_query(") || [" sql::<", "(sql::<"].iter().any(|form| code.contains(form)) {
            breaches.push(format!("{at}: text past `Statement`, which is prepared anew each time or is not checked"));
        }
        let words = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];
        let is_text = words.iter().any(|word| code.contains(&format!("\"{word}")));
        if is_text && !is_builder && !PLUMBING.contains(&file) && !LISTED.contains(&file) {
            breaches.push(format!("{at}: SQL text in Rust: say it by diesel's builder, or put it into a .sql file"));
        }
        if let Some(why) = variation(source, &lines, number).filter(|_| !may_vary) {
            breaches.push(format!("{at}: a statement with more than one text, for {why}"));
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
fn a_statement_of_diesels_builder_has_one_text() {
    let found = |source: &str| breaches("other.rs", source, &BTreeSet::new()).len();
    for varies in [
        "changed.set(a::b.eq(c)).into_boxed();",
        "let rows: Vec<_> = all.collect();\ninsert_into(a::table).values(rows)",
        "fn add(rows: &[Row]) {\n    insert_into(a::table).values(&rows)",
        "insert_into(a::table).values(\n    vec![row]",
        "insert_into(a::table).values(rows.iter().map(row).collect::<Vec<_>>())",
        "changed.set((\n    hours.map(|hours| a::hours.eq(hours)),",
        "changed.set(closed.then(|| a::closed_at.eq(now)))",
        "changed.set(closed.then_some(a::closed_at.eq(now)))",
        "#[derive(Insertable)]\n#[diesel(table_name = a)]\nstruct Row {\n    b: Option<i32>,\n}",
        "#[derive(AsChangeset)]\n#[diesel(table_name = a)]\nstruct Row {\n    b: Option<i32>,\n}",
    ] {
        assert_eq!(found(varies), 1, "{varies}");
    }
    for stays in [
        "insert_into(a::table).values(row)",
        "insert_into(a::table).values(row(&one))",
        "insert_into(a::table).values((a::b.eq(c), a::d.eq(ids.iter().map(|id| id.0))))",
        "let counted = shares.values().collect::<Vec<_>>();",
        "#[derive(Insertable)]\nstruct Row {\n    b: i32,\n}\nstruct Other {\n    b: Option<i32>,\n}",
        "#[derive(Queryable, Selectable)]\nstruct Row {\n    b: Option<i32>,\n}",
    ] {
        assert_eq!(found(stays), 0, "{stays}");
    }
    let sources = files("rs");
    for (file, _) in VARYING {
        let lines: Vec<&str> = sources[file].lines().collect();
        let varies = (0..lines.len()).any(|number| variation(&sources[file], &lines, number).is_some());
        assert!(varies, "{file} may vary, and doesn't");
    }
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
