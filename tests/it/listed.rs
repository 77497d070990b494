//! The list of the statements that members' requests can send: it has all that the program builds, the database has a function for each,
//! and each function returns what its statement does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::builders;
use pamoja_persistence::listed::{self, ListedStatement, TOUCHED};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use crate::harness::{World, recorded};

/// A type as PostgreSQL writes it.
async fn written(client: &Client, types: &[u32]) -> Vec<String> {
    let sql = "SELECT format_type(number, NULL) FROM unnest($1::oid[]) WITH ORDINALITY AS type (number, place) ORDER BY place";
    client.query(sql, &[&types]).await.expect("types").iter().map(|row| row.get(0)).collect()
}

/// Calls a function with nulls, and undoes it. Returns the error, if there is one.
async fn tried(client: &Client, statement: &ListedStatement) -> Option<tokio_postgres::error::DbError> {
    let nulls: Vec<String> =
        statement.parameters.split(", ").filter(|name| !name.is_empty()).map(|name| format!("NULL::{name}")).collect();
    client.batch_execute("SAVEPOINT tried").await.expect("a savepoint");
    let called = client.batch_execute(&format!("SELECT * FROM statement.{}({})", statement.name(), nulls.join(", "))).await;
    client.batch_execute("ROLLBACK TO tried").await.expect("it is undone");
    called.err().map(|error| error.as_db_error().expect("PostgreSQL's error").clone())
}

async fn make(client: &Client, statement: &ListedStatement) {
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
        [&statement.name(), &statement.parameters, &statement.returns, &statement.body()];
    let made = client.execute("SELECT public.make_statement($1, $2, $3, $4)", &parameters).await;
    made.unwrap_or_else(|error| panic!("{error:?}: {statement:?}"));
}

/// A statement with what it returns, which PostgreSQL tells.
async fn described(client: &Client, text: &str, types: &[u32]) -> ListedStatement {
    let parameters = written(client, types).await;
    let known: Vec<Type> = types.iter().map(|number| Type::from_oid(*number).expect("one of PostgreSQL's own types")).collect();
    let prepared = client.prepare_typed(text, &known).await.unwrap_or_else(|error| panic!("{error:?}: {text}"));
    assert_eq!(prepared.params().len(), types.len(), "the types of all parameters are told: {text}");
    let columns: Vec<u32> = prepared.columns().iter().map(|column| column.type_().oid()).collect();
    let mut columns = written(client, &columns).await;
    let mut names = BTreeSet::new();
    let names: Vec<String> = prepared
        .columns()
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let name = column.name().to_owned();
            if names.insert(name.clone()) { name } else { format!("{name}_{place}") }
        })
        .collect();
    loop {
        let returns = match columns.as_slice() {
            [] => TOUCHED.to_owned(),
            [only] if only == "void" => "void".to_owned(),
            columns => {
                let columns: Vec<String> =
                    names.iter().zip(columns).map(|(name, column)| format!("\"{name}\" {column}")).collect();
                format!("TABLE ({})", columns.join(", "))
            }
        };
        let statement = ListedStatement { parameters: parameters.join(", "), returns, text: text.trim_end().to_owned() };
        client.batch_execute("SAVEPOINT made").await.expect("a savepoint");
        make(client, &statement).await;
        let error = tried(client, &statement).await;
        client.batch_execute("ROLLBACK TO made").await.expect("it is undone");
        // A column of a domain is described as if it were of the type beneath.
        let detail = error.as_ref().filter(|error| *error.code() == SqlState::DATATYPE_MISMATCH).and_then(|error| error.detail());
        let Some(detail) = detail else { return statement };
        let told = detail.strip_prefix("Returned type ").and_then(|told| told.split_once(" does not match expected type "));
        let (returned, rest) = told.unwrap_or_else(|| panic!("{detail}: {text}"));
        let place = rest.split("in column ").nth(1).and_then(|place| {
            place
                .trim_end_matches(|c: char| !c.is_ascii_digit())
                .split(|c: char| !c.is_ascii_digit())
                .next()
                .and_then(|place| place.parse::<usize>().ok())
        });
        columns[place.unwrap_or_else(|| panic!("{detail}: {text}")) - 1] = returned.trim_matches('"').to_owned();
    }
}

/// The superuser, for whom the functions take somebody who has every role: to others some of them do nothing.
async fn with_every_role(world: &World) -> Client {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
    let context = format!("SET search_path = public; SET backtrace_functions = 'pamoja,member,,,,,{}'", roles.join(" "));
    superuser.batch_execute(&context).await.expect("a context");
    superuser
}

/// Prints the list anew when statements were recorded: the recorded ones, and what is built.
#[tokio::test]
async fn the_list_is_printed_when_statements_were_recorded() {
    let Some(mut texts) = recorded() else { return };
    let world = World::new().await;
    let superuser = with_every_role(&world).await;
    superuser.batch_execute("BEGIN").await.expect("a transaction");
    texts.extend(builders::listed());
    let texts: BTreeMap<String, Vec<u32>> = texts.into_iter().map(|(text, types)| (text.trim_end().to_owned(), types)).collect();
    let mut statements = listed::statements();
    if std::env::var_os("RECORD_STATEMENTS_ANEW").is_some() {
        statements.clear();
    }
    statements.retain(|known| !texts.contains_key(&known.text));
    for (text, types) in &texts {
        statements.push(described(&superuser, text, types).await);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../persistence/src/listed/statements.txt");
    std::fs::write(path, listed::print(statements)).expect("the list is printed");
}

#[tokio::test]
async fn the_list_has_every_statement_that_is_built() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let listed: BTreeMap<String, String> =
        listed::statements().into_iter().map(|statement| (statement.text, statement.parameters)).collect();
    let mut missing = Vec::new();
    for (text, types) in builders::listed() {
        let parameters = written(&superuser, &types).await.join(", ");
        if listed.get(text.trim_end()) != Some(&parameters) {
            missing.push(format!("({parameters})\n{text}"));
        }
    }
    assert!(missing.is_empty(), "print the list anew (CONTRIBUTING.md): {} are missing, such as {}", missing.len(), missing[0]);
}

#[tokio::test]
async fn each_function_is_there_and_returns_what_its_statement_does() {
    let world = World::new().await;
    let superuser = with_every_role(&world).await;
    let statements = listed::statements();
    assert!(statements.len() > 100, "only {} statements", statements.len());
    let wrong = [
        SqlState::DATATYPE_MISMATCH,
        SqlState::UNDEFINED_COLUMN,
        SqlState::UNDEFINED_TABLE,
        SqlState::UNDEFINED_FUNCTION,
        SqlState::UNDEFINED_PARAMETER,
        SqlState::AMBIGUOUS_COLUMN,
        SqlState::SYNTAX_ERROR,
    ];
    let mut faults = Vec::new();
    for statement in &statements {
        superuser.batch_execute("BEGIN").await.expect("a transaction");
        if let Some(error) = tried(&superuser, statement).await
            && (wrong.contains(error.code()) || error.message().starts_with("permission denied"))
        {
            faults.push(format!("{error:?}: {}", statement.text));
        }
        superuser.batch_execute("ROLLBACK").await.expect("it is undone");
    }
    assert!(faults.is_empty(), "{} of {}: {}", faults.len(), statements.len(), faults.join("\n"));
}
