//! The tables: made, reverted and made again, with the same result.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_persistence::migrate;
use tokio_postgres::Client;

use crate::harness::{World, postgres};

/// What a schema consists of, one thing a line. Columns are named, not numbered, so that a table made in another way can still be
/// equal.
const DUMP: &str = "
    SELECT 'table ' || relname || ' ' || relkind::text || ' of ' || pg_get_userbyid(relowner) || ' rls ' || relrowsecurity || relforcerowsecurity
        || ' grants ' || coalesce(relacl::text, '-') || ' is ' || coalesce(obj_description(oid, 'pg_class'), '-') AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'I')
    UNION ALL
    SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' required ' || attnotnull || ' '
        || attidentity::text || ' default ' || coalesce(pg_get_expr(adbin, adrelid), '-') || ' grants ' || coalesce(attacl::text, '-')
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'policy ' || tablename || '.' || policyname || ' ' || permissive || ' ' || cmd || ' ' || roles::text || ' using ' || coalesce(qual, '-')
        || ' check ' || coalesce(with_check, '-')
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL
    SELECT 'function ' || pg_get_functiondef(oid) || ' of ' || pg_get_userbyid(proowner) || ' grants ' || coalesce(proacl::text, '-')
        || ' is ' || coalesce(obj_description(oid, 'pg_proc'), '-')
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'domain ' || typname || ' ' || format_type(typbasetype, typtypmod) || ' of ' || pg_get_userbyid(typowner)
        || ' grants ' || coalesce(typacl::text, '-') || ' is ' || coalesce(obj_description(oid, 'pg_type'), '-')
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT 'schema ' || nspname || ' of ' || pg_get_userbyid(nspowner) || ' grants ' || coalesce(nspacl::text, '-') FROM pg_namespace WHERE nspname = 'public'
    ORDER BY line";

async fn lines(client: &Client, query: &str) -> Vec<String> {
    client.query(query, &[]).await.expect("the catalogue").iter().map(|row| row.get(0)).collect()
}

async fn connect(role: DatabaseRole, database: &str) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&postgres().url(role, database), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn migrations_go_up_down_and_up_to_the_same_tables() {
    let database = postgres().create_empty_database().await;
    let owner = database.url(DatabaseRole::Owner);
    let client = connect(DatabaseRole::Superuser, &database.name).await;
    let before = lines(&client, DUMP).await;
    let pending = migrate::pending(&owner).await.expect("pending");
    let ran = migrate::up(&owner).await.expect("up");
    assert!(ran.len() >= 8 && pending.len() == ran.len(), "{ran:?} {pending:?}");
    assert_eq!(migrate::pending(&owner).await.expect("pending"), Vec::<String>::new());
    assert_eq!(migrate::up(&owner).await.expect("up again"), Vec::<String>::new());
    let first = lines(&client, DUMP).await;
    assert!(first.len() > 200, "only {} lines", first.len());

    let mut taken_back = migrate::down(&owner).await.expect("down");
    taken_back.reverse();
    assert_eq!(taken_back, ran);
    let bookkeeping = |line: &&String| !line.contains("__diesel_schema_migrations");
    let left: Vec<String> = lines(&client, DUMP).await.iter().filter(bookkeeping).cloned().collect();
    assert_eq!(left, before, "something is left behind");

    migrate::up(&owner).await.expect("up after down");
    assert_eq!(lines(&client, DUMP).await, first);
}

async fn first_column(superuser: &Client, table: &str) -> String {
    let column = format!("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 1");
    lines(superuser, &column).await.remove(0)
}

#[tokio::test]
async fn the_roles_can_do_no_more_than_they_need() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let leaking = "SELECT proname::text FROM pg_proc WHERE proleakproof AND pronamespace = 'public'::regnamespace";
    assert_eq!(lines(&superuser, leaking).await, Vec::<String>::new());
    let definers = "SELECT proname || ' of ' || pg_get_userbyid(proowner) || ' for ' || array_to_string(proacl, ' ') || ' in ' || array_to_string(proconfig, ' ')
        FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname";
    insta::assert_snapshot!("what_acts_as_another_role", lines(&superuser, definers).await.join("\n"));
    let views = "SELECT relname::text FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace";
    assert_eq!(lines(&superuser, views).await, Vec::<String>::new(), "a view reads as its owner");
    let roles = "SELECT rolname || ' ' || rolsuper || rolcreatedb || rolcreaterole || rolreplication || rolbypassrls || ' ' || rolcanlogin
        || ' belongs to ' || (SELECT count(*) FROM pg_auth_members WHERE member = pg_roles.oid)
        FROM pg_roles WHERE rolname LIKE 'pamoja%' AND rolname <> 'pamoja_superuser' ORDER BY rolname";
    // The owner belongs to the gate, whose functions it makes, the watcher to what PostgreSQL has for it, and the functions of the
    // statements have the rights of pamoja_app, as which only tests log in.
    let expected = [
        ("app", true, 0),
        ("gate", false, 0),
        ("operator", true, 0),
        ("owner", true, 1),
        ("publisher", true, 0),
        ("server", true, 0),
        ("sign_in", true, 0),
        ("statement", false, 1),
        ("watch", false, 2),
        ("worker", true, 0),
    ]
    .map(|(name, connects, roles)| format!("pamoja_{name} falsefalsefalsefalsefalse {connects} belongs to {roles}"));
    assert_eq!(lines(&superuser, roles).await, expected);

    let tables =
        lines(&superuser, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
            .await;
    let publisher = world.connect(DatabaseRole::Publisher).await;
    let app = world.connect(DatabaseRole::App).await;
    let denied = async |client: &Client, statement: String| {
        let error = client.batch_execute(&statement).await.err().and_then(|error| error.code().cloned());
        assert_eq!(error.map(|code| code.code().to_owned()).as_deref(), Some("42501"), "{statement}");
    };
    for table in &tables {
        denied(&publisher, format!("SELECT ctid FROM {table}")).await;
        denied(&publisher, format!("UPDATE {table} SET {0} = {0}", first_column(&superuser, table).await)).await;
        if table != "statistic_rollup" {
            denied(&publisher, format!("DELETE FROM {table}")).await;
        }
        denied(&app, format!("TRUNCATE {table}")).await;
        denied(&app, format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await;
        denied(&app, format!("CREATE INDEX ON {table} ((1))")).await;
    }
    let granted = "SELECT privilege_type || ' ' || table_name || ': ' || string_agg(column_name, ' ' ORDER BY ordinal_position)
        FROM information_schema.role_column_grants JOIN information_schema.columns USING (table_schema, table_name, column_name)
        WHERE table_schema = 'public' AND grantee = 'pamoja_publisher' GROUP BY table_name, privilege_type ORDER BY 1";
    insta::assert_snapshot!("what_the_publisher_is_granted", lines(&superuser, granted).await.join("\n"));
    for action in ["publishFigures 2026-09; DROP", "createReferral", "publishFigures 2026-09"] {
        for organisation in [crate::harness::SENDER, crate::harness::member("secretariat")] {
            let allowed = action == "publishFigures 2026-09" && organisation.slug == "secretariat";
            let line = format!("INSERT INTO audit_entry (organisation_id, action) VALUES ('{}', '{action}')", organisation.id());
            assert_eq!(publisher.batch_execute(&line).await.is_ok(), allowed, "{action} of {}", organisation.slug);
        }
    }
    let of_app = ["pamoja_owner", "pamoja_publisher", "pamoja_gate", "pamoja_worker"];
    for (client, others) in [(&app, of_app), (&publisher, ["pamoja_owner", "pamoja_app", "pamoja_gate", "pamoja_worker"])] {
        for other in others {
            denied(client, format!("SET ROLE {other}")).await;
        }
        denied(client, "CREATE TABLE mine (id integer)".to_owned()).await;
        denied(client, "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql RETURN 1".to_owned()).await;
        denied(client, "CREATE SCHEMA mine".to_owned()).await;
        denied(client, "SET session_replication_role = replica".to_owned()).await;
        let tables = "SELECT count(*)::text FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')";
        assert_eq!(lines(client, tables).await, ["0"]);
    }
    denied(&app, "SELECT FROM __diesel_schema_migrations".to_owned()).await;
}

#[tokio::test]
async fn nobody_else_may_connect_and_public_may_do_nothing() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = "SELECT has_database_privilege('public', current_database(), 'CONNECT')::text
        UNION ALL SELECT has_schema_privilege('public', 'public', 'USAGE')::text
        UNION ALL SELECT has_schema_privilege('public', 'public', 'CREATE')::text";
    assert_eq!(lines(&superuser, query).await, ["false"; 3]);
    let granted = "SELECT DISTINCT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
        WHERE table_schema = 'public' AND grantee NOT LIKE 'pamoja\\_%'";
    // What the program's own roles may do is in docs/roles.md.
    assert_eq!(lines(&superuser, granted).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_owner_alone_can_set_the_clock_off_and_no_setting_does() {
    let world = World::new().await;
    let told = "SELECT (moment() - now())::text";
    let app = world.connect(DatabaseRole::App).await;
    let caller = world.caller(crate::harness::SENDER, "caseworker").await;
    let open = format!(
        "BEGIN; SELECT FROM open_member('{}', '{}', '{}', '{}')",
        caller.organisation, caller.user, caller.session.0, caller.secret.0
    );
    for setting in ["pamoja.clock_offset", "pamoja.now", "pamoja.ahead"] {
        app.batch_execute(&format!("SELECT set_config('{setting}', '40 days', false)")).await.expect("a setting");
    }
    app.batch_execute(&open).await.expect("opened");
    assert_eq!(lines(&app, told).await, ["00:00:00"]);
    app.batch_execute("ROLLBACK").await.expect("closed");
    for role in [DatabaseRole::App, DatabaseRole::SignIn, DatabaseRole::Worker, DatabaseRole::Operator, DatabaseRole::Publisher] {
        let client = world.connect(role).await;
        for statement in [
            "INSERT INTO clock_offset (seconds) VALUES (3600)",
            "UPDATE clock_offset SET seconds = 3600",
            "DELETE FROM clock_offset",
        ] {
            let refused = client.batch_execute(statement).await.expect_err("refused");
            assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{} sends {statement}", role.name());
        }
    }
    let owner = world.connect(DatabaseRole::Owner).await;
    owner.batch_execute("INSERT INTO clock_offset (seconds) VALUES (3600)").await.expect("the owner may");
    app.batch_execute(&open).await.expect("opened");
    assert_eq!(lines(&app, told).await, ["01:00:00"]);
}

#[tokio::test]
async fn the_app_role_reads_named_columns_alone_and_none_of_the_systems() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let whole = "SELECT relname::text FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND grantee = 'pamoja_app'::regrole AND privilege_type = 'SELECT' ORDER BY 1";
    assert_eq!(
        lines(&superuser, whole).await,
        Vec::<String>::new(),
        "with SELECT on a table come xmin, xmax and ctid, which tell of writes that row-level security hides: write GRANT SELECT (column, …) ON … instead"
    );
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND has_any_column_privilege('pamoja_app', oid, 'SELECT') ORDER BY 1";
    let tables = lines(&superuser, tables).await;
    assert!(tables.len() > 20, "only {tables:?}");
    let app = world.connect(DatabaseRole::App).await;
    for table in &tables {
        for column in ["xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"] {
            for statement in [format!("SELECT {column} FROM {table}"), format!("SELECT FROM {table} WHERE {column} IS NOT NULL")]
            {
                let error = app.batch_execute(&statement).await.err().and_then(|error| error.code().cloned());
                assert_eq!(error.map(|code| code.code().to_owned()).as_deref(), Some("42501"), "{statement}");
            }
        }
        let whole = if table == "audit_entry" { "position::text" } else { "whole::text" };
        // The number of a transaction counts those of all organisations.
        app.batch_execute(&format!("SELECT count(*) FROM {table}; SELECT {whole} FROM {table} AS whole"))
            .await
            .unwrap_or_else(|error| panic!("a column of {table} isn't granted: {error}"));
    }
}

#[tokio::test]
async fn positions_and_the_times_of_what_is_written_down_are_the_databases_alone() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let identities = "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attidentity <> '' ORDER BY 1";
    assert_eq!(
        lines(&superuser, identities).await,
        ["audit_entry", "outbox", "referral_event", "training_event"],
        "test those here too"
    );
    let writable = "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND has_column_privilege('pamoja_app', attrelid, attnum, 'INSERT')
          AND (attidentity <> '' OR attname = 'transaction_id' OR attrelid::regclass::text || '.' || attname IN ('audit_entry.at', 'outbox.recorded_at', 'outbox_for_all.position', 'outbox_for_all.recorded_at'))";
    assert_eq!(lines(&superuser, writable).await, Vec::<String>::new());
    let app = world.connect(DatabaseRole::App).await;
    let organisation = crate::harness::SENDER.id();
    app.batch_execute(&format!("SELECT test_gate.enter('{organisation}', 'member')")).await.expect("a tenant");
    for (table, columns, values) in [
        ("audit_entry", "organisation_id, action", format!("'{organisation}', 'createReferral'")),
        ("outbox", "organisation_id, kind, node_id", format!("'{organisation}', 'REFERRAL', gen_random_uuid()")),
        (
            "referral_event",
            "from_organisation_id, referral_id, status, by_organisation_id",
            format!("'{organisation}', gen_random_uuid(), 'REQUESTED', '{organisation}'"),
        ),
        (
            "training_event",
            "from_organisation_id, request_id, status, by_organisation_id",
            format!("'{organisation}', gen_random_uuid(), 'REQUESTED', '{organisation}'"),
        ),
    ] {
        let occupied = format!("INSERT INTO {table} (position, {columns}) OVERRIDING SYSTEM VALUE VALUES (9000000, {values})");
        let refused = app.batch_execute(&occupied).await.expect_err("refused");
        let message = refused.as_db_error().map(|error| error.message().to_owned()).unwrap_or_default();
        assert_eq!(
            (refused.code().map(|code| code.code()), message.contains("permission denied")),
            (Some("42501"), true),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_statement_that_no_program_sends_any_more_goes_a_day_later() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let make = "SELECT make_statement('s_before', '', 'void', 'BEGIN PERFORM 1; END')";
    superuser.batch_execute(make).await.expect("one of a program of before");
    let known = "SELECT coalesce(left(obj_description(oid, 'pg_proc'), 2), 'none') FROM pg_proc
        WHERE pronamespace = 'statement'::regnamespace AND proname = 's_before'";
    for (comment, expected) in
        [(None, vec!["20"]), (Some("now() - interval '23 hours'"), vec!["20"]), (Some("now() - interval '25 hours'"), vec![])]
    {
        if let Some(since) = comment {
            let comment =
                format!("DO $$ BEGIN EXECUTE format('COMMENT ON FUNCTION statement.s_before() IS %L', {since}); END $$");
            superuser.batch_execute(&comment).await.expect("it was last sent then");
        }
        migrate::up(&world.url(DatabaseRole::Owner)).await.expect("up");
        assert_eq!(lines(&superuser, known).await, expected, "{comment:?}");
    }
    // One that is sent again is as if it had always been.
    let listed = pamoja_persistence::listed::statements().remove(0);
    let comment = format!("COMMENT ON FUNCTION statement.{} IS '2026-01-01'", listed.name());
    superuser.batch_execute(&comment).await.expect("as if it had not been sent");
    migrate::up(&world.url(DatabaseRole::Owner)).await.expect("up");
    let back =
        format!("SELECT coalesce(obj_description(oid, 'pg_proc'), 'none') FROM pg_proc WHERE proname = '{}'", listed.name());
    assert_eq!(lines(&superuser, &back).await, ["none"]);
}
