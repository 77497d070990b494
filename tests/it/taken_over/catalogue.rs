//! What PostgreSQL itself lets everybody do, and the exposed roles may not: generated from PostgreSQL's own catalogue.

use pamoja_demo::private_postgresql::DatabaseRole;

use tokio_postgres::Client;

use super::attempt::{Outcome, send};
use crate::harness::{World, postgres};

/// The roles that serve requests from outside.
const EXPOSED: [DatabaseRole; 3] = [DatabaseRole::Server, DatabaseRole::App, DatabaseRole::SignIn];

/// A call of each function that the role `$1` may not execute. The arguments are NULLs that the planner doesn't see, so that the call
/// isn't folded away before the right is asked for.
const CALLS: &str = "
    SELECT format('SELECT pg_catalog.%I(%s) FROM (SELECT %s OFFSET 0) AS given(%s)', proname,
        coalesce(string_agg(CASE WHEN place = pronargs AND provariadic <> 0 THEN 'VARIADIC ' ELSE '' END || 'a' || place, ', ' ORDER BY place), ''),
        coalesce(string_agg('NULL::' || format_type(type, NULL), ', ' ORDER BY place), '1'),
        coalesce(string_agg('a' || place, ', ' ORDER BY place), 'a0'))
    FROM pg_proc AS function LEFT JOIN LATERAL unnest(proargtypes) WITH ORDINALITY AS argument (type, place) ON true
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT has_function_privilege($1, function.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM unnest(proargtypes) AS type WHERE type::regtype::text IN ('anyelement', 'anyarray', '\"any\"', 'internal', 'anyenum'))
        AND prorettype::regtype::text NOT IN ('internal', 'trigger', 'event_trigger', 'language_handler')
    GROUP BY function.oid, proname, pronargs, provariadic
    UNION ALL
    SELECT format('SELECT FROM pg_catalog.%I LIMIT 0', relname) FROM pg_class
    WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') AND NOT has_any_column_privilege($1, oid, 'SELECT')
    UNION ALL
    SELECT format('SELECT %I FROM pg_catalog.%I LIMIT 0', attname, relname) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relname IN ('pg_class', 'pg_database') AND relnamespace = 'pg_catalog'::regnamespace AND NOT attisdropped
        AND NOT has_column_privilege($1, attrelid, attnum, 'SELECT')
    ORDER BY 1";

/// What a line of `open.sql` is about.
fn class(line: &str) -> &str {
    line.split_once(" = ").map_or(line, |(class, _)| class)
}

/// The names in a line of `open.sql`.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split_once(" = ").map_or("", |(_, names)| names).split([' ', '\n'])
}

/// Functions that must be among them.
const CLOSED: [&str; 27] = [
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_try_advisory_lock",
    "lo_create",
    "lo_from_bytea",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_notify",
    "pg_stat_get_activity",
    "pg_lock_status",
    "pg_relation_size",
    "pg_database_size",
    "pg_current_snapshot",
    "pg_current_xact_id",
    "txid_current",
    "pg_export_snapshot",
    "pg_current_wal_lsn",
    "pg_sleep",
    "pg_logical_emit_message",
    "pg_sequence_last_value",
    "nextval",
    "query_to_xml",
    "ts_stat",
    "pg_log_backend_memory_contexts",
    "pg_read_file",
    "pg_ls_dir",
    "lo_import",
];

/// What else must be refused for want of a right.
const STATEMENTS: [&str; 24] = [
    "DO $$ BEGIN NULL; END $$",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "CREATE TEMPORARY VIEW mine AS SELECT 1",
    "CREATE TABLE mine (id integer)",
    "CREATE SCHEMA mine",
    "CREATE OPERATOR public.=== (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
    "CREATE EXTENSION postgres_fdw",
    "DROP OWNED BY pamoja_app",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "SET ROLE pamoja_owner",
    "SET ROLE pamoja_gate",
    "SET ROLE pamoja_watch",
    "SET SESSION AUTHORIZATION pamoja_owner",
    "SET backtrace_functions = 'pamoja,member'",
    "SET temp_file_limit = -1",
    "ALTER ROLE pamoja_worker PASSWORD 'mine'",
    "SET session_replication_role = replica",
    "BEGIN; LOCK TABLE public.audit_entry IN ACCESS EXCLUSIVE MODE",
    "SELECT last_value FROM public.outbox_position_seq",
    "SELECT public.end_overlong_statements()",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT FROM public.__diesel_schema_migrations",
];

#[tokio::test]
async fn what_is_closed_in_postgresqls_own_catalogue_is_refused() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for role in EXPOSED {
        // The others run none at all, as another test sees.
        let calls: Vec<String> = match role {
            DatabaseRole::App => {
                superuser.query(CALLS, &[&role.name()]).await.expect("the catalogue").iter().map(|row| row.get(0)).collect()
            }
            _ => Vec::new(),
        };
        assert!(role != DatabaseRole::App || calls.len() > 350, "only {} calls", calls.len());
        for name in CLOSED.iter().filter(|_| role == DatabaseRole::App) {
            assert!(calls.iter().any(|call| call.contains(&format!("pg_catalog.{name}("))), "{name} is open to {}", role.name());
        }
        let client = world.connect(role).await;
        for statement in calls.iter().map(String::as_str).chain(STATEMENTS) {
            let outcome = send(&client, statement).await;
            if statement.starts_with("BEGIN") {
                send(&client, "ROLLBACK").await;
            }
            assert!(outcome.lacks_a_right(), "{} sends {statement}: {outcome:?}", role.name());
        }
        for elsewhere in ["postgres", "template1"] {
            let url = postgres().url(role, elsewhere);
            assert!(
                tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_err(),
                "{} connects to {elsewhere}",
                role.name()
            );
        }
    }
}

#[tokio::test]
async fn what_is_open_to_the_exposed_roles_has_been_judged() {
    let world = World::new().await;
    world.connect(DatabaseRole::Superuser).await.batch_execute("DROP SCHEMA test_gate CASCADE").await.expect("dropped");
    let mut open = Vec::new();
    match send(&world.connect(DatabaseRole::App).await, include_str!("open.sql")).await {
        Outcome::Ran(rows, _) => open.push(rows.join("\n").replace(&world.database.name, "pamoja")),
        refused => panic!("{refused:?}"),
    }
    for line in open.iter().flat_map(|text| text.lines()) {
        let judged = include_str!("open.txt").lines().find(|judged| class(judged) == class(line)).unwrap_or_default();
        let new: Vec<&str> = names(line).filter(|name| !names(judged).any(|known| known == *name)).collect();
        assert_eq!(new, Vec::<&str>::new(), "nobody has judged this: {}", class(line));
    }
    assert!(open[0].lines().count() > 5 && names(&open[0]).count() > 250, "{open:?}");
}

/// The functions of PostgreSQL, also those behind its operators, that a role may run.
async fn functions(superuser: &Client, role: DatabaseRole) -> Vec<String> {
    let sql = "SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege($1::text::regrole, oid, 'EXECUTE') ORDER BY 1";
    superuser.query(sql, &[&role.name()]).await.expect("the functions").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn the_exposed_roles_run_no_function_of_postgresql() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let interval = "make_interval(integer,integer,integer,integer,integer,integer,double precision)";
    assert_eq!(functions(&superuser, DatabaseRole::Server).await, Vec::<String>::new());
    assert_eq!(functions(&superuser, DatabaseRole::SignIn).await, [interval]);
    assert!(functions(&superuser, DatabaseRole::App).await.len() > 2_000, "the functions of the statements need them");
    for role in [DatabaseRole::Server, DatabaseRole::SignIn] {
        let client = world.connect(role).await;
        // The first of these looks for no interruption, and nothing would end it.
        for statement in ["SELECT ltrim(repeat('a', 40000), repeat('b', 1000000))", "SELECT 1 WHERE 1 = 1", "SELECT 'a' || 'b'"] {
            let outcome = send(&client, statement).await;
            assert!(outcome.is_denied(), "{} sends {statement}: {outcome:?}", role.name());
        }
    }
    superuser.batch_execute("GRANT EXECUTE ON FUNCTION repeat(text, integer) TO PUBLIC").await.expect("granted");
    assert_eq!(functions(&superuser, DatabaseRole::Server).await, ["repeat(text,integer)"], "it is noticed");
}

#[tokio::test]
async fn a_function_that_is_opened_again_is_noticed() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let app = world.connect(DatabaseRole::App).await;
    let names = "SELECT count(*) FROM pg_proc WHERE proname = 'pg_sleep' AND has_function_privilege(oid, 'EXECUTE')";
    assert_eq!(send(&app, names).await, Outcome::Ran(vec!["0".to_owned()], 1));
    superuser.batch_execute("GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO PUBLIC").await.expect("granted");
    let Outcome::Ran(rows, _) = send(&app, include_str!("open.sql")).await else { panic!("the query runs") };
    let judged = rows.iter().find(|row| row.starts_with("function: judged")).expect("a line");
    assert!(judged.split(' ').any(|name| name == "pg_sleep"), "{judged}");
}
