//! What belongs to another organisation doesn't exist for the viewer: in every operation of the schema, and in every table.

use pamoja_api::graphql::global_id;
use pamoja_domain::access::Permit;
use pamoja_domain::id::ReferralId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::inspection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{FEATURES, Foreign, OUTSIDER, RECEIVER, SENDER, Schema, World, put};
use crate::referral::{draft, sent, with};

/// The answer as text, with the id replaced: all that a stranger can see.
fn seen(answer: &Value, id: &str) -> String {
    let mut answer = answer.clone();
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = json!("…");
    }
    answer.to_string().replace(id, "the id")
}

#[tokio::test]
async fn an_id_of_another_organisation_is_answered_like_one_that_was_never_issued() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let mut foreign = Vec::new();
    for feature in FEATURES {
        foreign.extend(feature.foreign(&world).await);
    }
    assert!(foreign.len() >= 4, "a referral, a training, its session and a user at least");
    let schema = Schema::of(&sender).await;
    let mut compared = 0;
    for role in Role::ALL {
        let stranger = world.client(OUTSIDER, *role).await;
        for operation in schema.operations() {
            for (pointer, is_list) in &operation.ids {
                for Foreign { kind, issued, never_issued } in &foreign {
                    let mut answers = Vec::new();
                    for id in [issued, never_issued] {
                        let mut variables = operation.variables.clone();
                        put(&mut variables, pointer, if *is_list { json!([id]) } else { json!(id) });
                        answers.push(seen(&stranger.run(&operation.document, variables).await, id));
                    }
                    assert_eq!(answers[0], answers[1], "{role} can tell a {kind} of others in {} {pointer}", operation.name);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 200, "only {compared} comparisons");
    let referral = &foreign.iter().find(|foreign| foreign.kind == "referral").expect("a referral").issued;
    let untouched =
        sender.data("query ($id: ID!) { node(id: $id) { ... on Referral { status } } }", json!({ "id": referral })).await;
    assert_eq!(untouched["node"]["status"], "REQUESTED");
}

#[tokio::test]
async fn the_same_operations_do_find_what_is_their_own() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let schema = Schema::of(&sender).await;
    for operation in schema
        .operations()
        .into_iter()
        .filter(|operation| operation.ids.iter().any(|(pointer, _)| pointer.ends_with("/referralId")))
    {
        let (referral, _) = sent(&sender).await;
        let mut found = false;
        for party in [&sender, &receiver] {
            let mut variables = operation.variables.clone();
            put(&mut variables, "/input/referralId", json!(referral));
            let answer = party.run(&operation.document, variables).await;
            let code = &answer["data"][&operation.name]["userErrors"][0];
            found |= code["code"] != "NOT_FOUND" || code["field"][0] != "referralId";
        }
        assert!(found, "{} finds no referral of its own, so it proves nothing", operation.name);
    }
}

#[tokio::test]
async fn a_service_of_another_organisation_can_be_read_and_not_changed() {
    let world = World::new().await;
    let admin = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let foreign = global_id::encode(RECEIVER.service(ServiceType::Pep)).to_string();
    let never_issued = global_id::encode(pamoja_domain::id::ServiceId(Uuid::new_v4())).to_string();
    let schema = Schema::of(&admin).await;
    for operation in schema
        .operations()
        .into_iter()
        .filter(|operation| operation.name.ends_with("Service") || operation.name.contains("Capacity"))
    {
        if !operation.ids.iter().any(|(pointer, _)| pointer == "/input/serviceId") {
            continue;
        }
        let mut answers = Vec::new();
        for id in [&foreign, &never_issued] {
            let mut variables = operation.variables.clone();
            put(&mut variables, "/input/serviceId", json!(id));
            let answer = admin.run(&operation.document, variables).await;
            assert_eq!(answer["data"][&operation.name]["userErrors"][0]["code"], "NOT_FOUND", "{answer:#}");
            answers.push(seen(&answer, id));
        }
        assert_eq!(answers[0], answers[1], "{}", operation.name);
    }
}

#[tokio::test]
async fn lists_counts_and_filters_show_nothing_of_others() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let stranger = world.client(OUTSIDER, Role::Caseworker).await;
    let payload = sender
        .create_referral(with(draft(RECEIVER, ServiceType::Pep), json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" })))
        .await;
    assert_eq!(payload["userErrors"], json!([]));
    for direction in ["INCOMING", "OUTGOING"] {
        for filter in [json!({}), json!({ "client": crate::referral::CLIENT }), json!({ "statuses": ["REQUESTED"] })] {
            let list = "query ($direction: ReferralDirection!, $filter: ReferralFilter) { referrals(direction: $direction, filter: $filter) { nodes { id } pageInfo { hasNextPage } } }";
            let answer = stranger.data(list, json!({ "direction": direction, "filter": filter })).await;
            assert_eq!(answer["referrals"], json!({ "nodes": [], "pageInfo": { "hasNextPage": false } }));
        }
    }
    // The receiver can't search by the sender's pseudonym either.
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let by_client =
        "query ($client: Pseudonym!) { referrals(direction: INCOMING, filter: { client: $client }) { nodes { id } } }";
    assert_eq!(receiver.data(by_client, json!({ "client": crate::referral::CLIENT })).await["referrals"]["nodes"], json!([]));
}

/// The policies for functions that act as their owner. Each works only in a job, and only on rows that concern the tenant.
const OF_THE_OWNER: [&str; 2] = ["client_report_publish", "service_friendliness_publish"];

/// The policies for finding a slip among those of all organisations: nobody knows whose it is before it is found. They reveal only
/// that it exists.
const SLIPS_OF_ALL: [&str; 3] = ["blank_slip_recognise", "blank_slip_hold", "pending_check_in_find"];

/// What the gate reads before there is a tenant.
const OF_THE_GATE: [&str; 12] = [
    "access_token",
    "audit_entry",
    "clock_offset",
    "organisation",
    "outbox",
    "refresh_token",
    "sign_in_attempt",
    "sign_in_key",
    "user_account",
    "user_credential",
    "user_session",
    "violation_author",
];

/// A policy's condition, read alike whether a function is called once a statement or once a row.
fn once(condition: Option<&str>) -> String {
    let mut condition = condition.unwrap_or_default().to_owned();
    for function in ["tenant", "acting_user", "door"] {
        condition = condition.replace(&format!("( SELECT {function}() AS {function})"), &format!("{function}()"));
    }
    condition
}

#[tokio::test]
async fn every_table_says_what_it_is_and_its_walls_are_forced() {
    let world = World::new().await;
    world.keep_app_out(&world.database.name).await;
    let (roles, tables, policies, findings) = world
        .operator
        .tenant(&Permit::operator(None), async |tx| -> Result<_, StoreError> {
            Ok((
                inspection::roles(tx).await?,
                inspection::tables(tx).await?,
                inspection::policies(tx).await?,
                inspection::findings(tx).await?,
            ))
        })
        .await
        .expect("the catalogue");
    assert_eq!(findings, Vec::<String>::new());
    let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, inspection::ROLES);
    for role in &roles {
        assert!(!role.superuser && !role.bypasses && !role.owns && role.belongs_to.is_empty(), "{role:?}");
    }
    let server = roles.iter().find(|role| role.name == "pamoja_server").expect("the role that serves");
    let app = &server.settings;
    for setting in ["statement_timeout=5s", "idle_in_transaction_session_timeout=10s"] {
        assert!(app.iter().any(|set| set == setting), "{app:?}");
    }
    assert!(tables.len() > 15);
    // What only narrows what another policy lets through is no way to a row.
    let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    let narrowing = "SELECT policyname::text FROM pg_policies WHERE permissive = 'RESTRICTIVE'";
    let narrowing = superuser.query(narrowing, &[]).await.expect("the policies");
    let narrowing: Vec<String> = narrowing.iter().map(|row| row.get(0)).collect();
    for table in &tables {
        assert!(table.enabled && table.forced, "{} isn't forced", table.name);
        assert_eq!(table.owner, "pamoja_owner");
        let comment = table.comment.as_deref().unwrap_or_else(|| panic!("{} has no comment", table.name));
        let class = comment.split([':', ' ']).next().unwrap_or("");
        let of_table: Vec<_> =
            policies.iter().filter(|policy| policy.table == table.name && !narrowing.contains(&policy.name)).collect();
        assert!(!of_table.is_empty(), "{} has no policy", table.name);
        for policy in &of_table {
            // The policies restrict the owner like every other role. The list above names what its functions read and write of
            // all organisations.
            if OF_THE_OWNER.contains(&policy.name.as_str()) {
                assert_eq!(policy.roles, ["pamoja_owner"], "{}", policy.name);
                let condition = policy.using.as_deref().unwrap_or_default();
                assert!(condition.contains("tenant()") && condition.contains("door() = 'job'"), "{}: {condition}", policy.name);
                continue;
            }
            // The publisher counts every organisation's rows. It is granted single columns, which another test lists.
            if policy.roles == ["pamoja_publisher"] {
                assert!(policy.name.contains("_publish"), "{}", policy.name);
                let is_its_own = ["PUBLISHED", "UNPUBLISHED"].contains(&class);
                let may = match policy.command.as_str() {
                    "SELECT" => true,
                    "INSERT" => is_its_own || table.name == "audit_entry",
                    "DELETE" => class == "UNPUBLISHED",
                    _ => false,
                };
                assert!(may, "{} of class {class} for {}", policy.name, policy.command);
                continue;
            }
            let reads = once(policy.using.as_deref());
            let writes = once(policy.check.as_deref());
            let of_one = |condition: &str| {
                let owners = [
                    "organisation_id",
                    "from_organisation_id",
                    "to_organisation_id",
                    "trainer_organisation_id",
                    "host_organisation_id",
                ];
                owners.iter().any(|column| condition.contains(&format!("({column} = tenant())")))
                    || condition == "(tenant() = ANY (hosts))"
            };
            // The gate finds out who somebody is, before there is a tenant.
            if policy.roles == ["pamoja_gate"] {
                assert!(OF_THE_GATE.contains(&table.name.as_str()) && policy.name.ends_with("_gate"), "{}", policy.name);
                continue;
            }
            // A job works for one organisation at a time, and the one that is for none reads which there are, and clears attempts.
            if policy.roles == ["pamoja_worker"] {
                let of_none = policy.name == "organisation_job" || reads == "(door() = 'housekeeping'::text)";
                let announces = policy.name == "outbox_job_add" && writes.contains("referral.id = outbox.node_id");
                let condition = if policy.command == "INSERT" { &writes } else { &reads };
                assert!(of_none || announces || of_one(condition) && !condition.contains(" OR "), "{}: {condition}", policy.name);
                continue;
            }
            // A command works for one organisation, or on what all share.
            if policy.roles == ["pamoja_operator"] {
                let of_all = ["organisation", "facility", "facility_register"].contains(&table.name.as_str());
                let looks = class == "SYSTEM" && policy.command == "SELECT";
                let condition = if policy.command == "INSERT" { &writes } else { &reads };
                assert!(of_all || looks || of_one(condition) && !condition.contains(" OR "), "{}: {condition}", policy.name);
                continue;
            }
            // What only an operator's command reads and writes, which comes through none of the program's doors, and the clock of tests.
            if policy.roles == ["pamoja_owner"] && class == "SYSTEM" {
                let of_owner = reads == "(door() IS NULL)" || table.name == "clock_offset";
                assert!(of_owner && writes == reads, "{}: {reads}", policy.name);
                continue;
            }
            if policy.roles == ["pamoja_owner"] {
                // For functions that act as the owner: only rows that are open to all, and rows of the acting organisation.
                let narrow = [
                    "to_organisation_id IS NULL",
                    "closed_at IS NULL",
                    "(organisation_id = tenant())",
                    "offer.organisation_id = tenant()",
                    "from_organisation_id = tenant()",
                    "to_organisation_id = tenant()",
                    "tenant() = ANY (hosts)",
                    "(trainer_organisation_id = tenant())",
                    "(report.service_organisation_id = tenant())",
                    "offers_training(tenant(), (topic)::text, (county_code)::text)",
                ];
                let condition = if policy.command == "INSERT" { &writes } else { &reads };
                // Whoever follows what concerns all.
                let follows =
                    table.name == "outbox_for_all" && policy.command == "SELECT" && condition == "(door() = 'member'::text)";
                let of_all = follows || SLIPS_OF_ALL.contains(&policy.name.as_str()) && condition == "(expires_at > moment())";
                assert!(of_all || narrow.iter().any(|part| condition.contains(part)), "{}: {condition}", policy.name);
                assert!(!condition.contains("true") && policy.command != "ALL", "{}", policy.name);
                continue;
            }
            assert!(policy.roles.contains(&"pamoja_app".to_owned()), "{}", policy.name);
            let private = ["organisation_id", "from_organisation_id"]
                .iter()
                .any(|column| reads.contains(&format!("({column} = tenant())")));
            let parties = reads.contains("from_organisation_id = tenant()") && reads.contains("to_organisation_id = tenant()");
            match (class, policy.command.as_str()) {
                ("PRIVATE", "SELECT" | "UPDATE" | "DELETE") => {
                    assert!(private && !reads.contains(" OR (to_"), "{}: {reads}", policy.name)
                }
                ("PARTIES", "SELECT") => assert!(parties, "{}: {reads}", policy.name),
                ("PARTIES", "UPDATE") => assert!(parties || private, "{}: {reads}", policy.name),
                // The sender writes these, and the organisations that could take the referral read them.
                ("OFFERED", "SELECT") => {
                    assert!(reads.contains("from_organisation_id = tenant()"), "{}: {reads}", policy.name);
                    assert!(
                        reads.replace("from_organisation_id", "").contains("organisation_id = tenant()"),
                        "{}: {reads}",
                        policy.name
                    );
                }
                ("OFFERED", "UPDATE" | "DELETE") => assert!(private, "{}: {reads}", policy.name),
                // The trainer writes these, and the hosts read them.
                ("HOSTED", "SELECT") => {
                    assert!(reads.contains("(trainer_organisation_id = tenant())"), "{}: {reads}", policy.name);
                    let hosts = ["(tenant() = ANY (hosts))", "(host_organisation_id = tenant())"];
                    assert!(hosts.iter().any(|host| reads.contains(host)), "{}: {reads}", policy.name);
                }
                ("HOSTED", "UPDATE" | "DELETE") => {
                    assert_eq!(reads, "(trainer_organisation_id = tenant())", "{}", policy.name)
                }
                ("HOSTED", "INSERT") => {
                    let all = writes.trim_start_matches('(');
                    let whole = all == "trainer_organisation_id = tenant())";
                    assert!(whole || all.starts_with("trainer_organisation_id = tenant()) AND "), "{}: {writes}", policy.name);
                }
                // An organisation that sees the named table's row sees this one too: that table's policies apply.
                ("ALONGSIDE", "SELECT") => {
                    let beside = comment.split([':', ' ']).nth(1).unwrap_or("");
                    assert!(beside.len() > 3 && reads.contains(&format!("FROM {beside}")), "{}: {reads}", policy.name);
                }
                ("ALONGSIDE", "INSERT") => assert!(writes.contains("tenant()"), "{}: {writes}", policy.name),
                // Whoever recorded it takes it back.
                ("PARTIES", "DELETE") => {
                    assert!(private || reads == "(by_organisation_id = tenant())", "{}: {reads}", policy.name)
                }
                ("PUBLISHED", "SELECT") => assert_eq!(reads, "(door() IS NOT NULL)", "{}", policy.name),
                ("DIRECTORY", "SELECT") => assert!(reads.contains("door() IS NOT NULL"), "{}: {reads}", policy.name),
                ("DIRECTORY", "INSERT") => assert!(writes.contains("tenant()"), "{}: {writes}", policy.name),
                ("DIRECTORY", "UPDATE") => assert!(private, "{}: {reads}", policy.name),
                ("PUBLIC", "SELECT") => assert_eq!(reads, "(door() IS NOT NULL)", "{}", policy.name),
                ("PRIVATE" | "PARTIES" | "OFFERED", "INSERT") => {
                    let announces = table.name == "outbox"
                        && ["referral.id = outbox.node_id", "training_request.id = outbox.node_id"]
                            .iter()
                            .any(|part| writes.contains(part));
                    assert!(writes.contains("tenant()") || announces, "{}: {writes}", policy.name);
                }
                other => panic!("{} of class {other:?}: say in this test what that means", policy.name),
            }
        }
        let identifying = ["name", "phone", "email", "birth", "address", "latitude", "longitude", "ward", "photo"];
        if ["referral", "client_report", "training_re", "training_session", "training_part"]
            .iter()
            .any(|begin| table.name.starts_with(begin))
        {
            for column in &table.columns {
                assert!(
                    !identifying.iter().any(|word| column.contains(word)),
                    "{}.{column} could hold what must never be held",
                    table.name
                );
            }
        }
    }
}

#[tokio::test]
async fn unique_and_foreign_keys_of_tenants_tables_begin_with_the_tenant() {
    let world = World::new().await;
    let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    let rows = superuser
        .query(
            "SELECT conrelid::regclass::text, conname::text, (SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]), contype::text, confrelid::regclass::text
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
               AND split_part(obj_description(conrelid, 'pg_class'), ':', 1) ~ '^(PRIVATE|PARTIES|OFFERED|HOSTED|ALONGSIDE)'",
            &[],
        )
        .await
        .expect("the catalogue");
    assert!(rows.len() > 20);
    for row in rows {
        let (table, name, first): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        assert!(first.ends_with("organisation_id"), "{name} on {table} begins with {first}: it tells a stranger what exists");
    }
}

#[tokio::test]
async fn without_a_tenant_and_in_anothers_the_app_role_sees_and_writes_nothing() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let (declined, _) = sent(&sender).await;
    let input = json!({ "referralId": declined, "reason": "NO_CAPACITY" });
    world.client(RECEIVER, Role::Caseworker).await.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    let (host, trainer) = crate::training::trainers(&world).await;
    let training = crate::training::held(&host, &trainer, RECEIVER).await;
    crate::training::evaluated(&trainer, &training, json!({ "satisfactionMean": 4.5 })).await;
    crate::training::long_ago(&world, 100).await;
    crate::training::followed_up(&host, &training, json!({})).await;
    let app = world.connect(pamoja_demo::private_postgresql::DatabaseRole::App).await;
    let superuser = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    let tables = superuser
        .query("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND split_part(obj_description(oid, 'pg_class'), ':', 1) ~ '^(PRIVATE|PARTIES|OFFERED|HOSTED|ALONGSIDE)' AND has_any_column_privilege('pamoja_app', oid, 'SELECT')", &[])
        .await
        .expect("the tables");
    assert!(tables.len() > 25, "only {} tables", tables.len());
    for row in tables {
        let table: String = row.get(0);
        let count = async |client: &tokio_postgres::Client| {
            client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get::<_, i64>(0)
        };
        assert_eq!(count(&app).await, 0, "{table} without a tenant");
        app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", OUTSIDER.id())).await.expect("a tenant");
        if table.starts_with("referral") || table.starts_with("training") {
            assert_eq!(count(&app).await, 0, "{table} in a stranger's tenant");
            assert!(
                count(&superuser).await > 0 || table == "referral_note" || table == "referral_non_completion",
                "{table} is empty: this proves nothing"
            );
        }
        app.batch_execute("RESET ALL").await.expect("a reset");
    }
    let forged = format!(
        "BEGIN; SELECT test_gate.enter('{}', 'member');
         INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency) VALUES ('{}', gen_random_uuid(), '{}', 'PEP', '047', 'ROUTINE')",
        OUTSIDER.id(),
        SENDER.id(),
        RECEIVER.id()
    );
    let refused = app.batch_execute(&forged).await.expect_err("refused");
    assert!(
        refused.to_string().contains("db error")
            && refused.as_db_error().is_some_and(|error| error.message().contains("row-level security"))
    );
    for role in ["pamoja_publisher", "pamoja_owner", "pamoja_worker", "pamoja_operator", "pamoja_gate", "pamoja_superuser"] {
        assert!(app.batch_execute(&format!("ROLLBACK; SET ROLE {role}")).await.is_err(), "the app role can become {role}");
    }
    assert!(Role::ALL.len() == 7);
}

#[tokio::test]
async fn nobody_writes_beside_a_referral_of_others_not_even_past_the_program() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let (referral, _) = sent(&sender).await;
    let id: ReferralId = global_id::decode(&referral.as_str().into()).expect("an id");
    let app = world.connect(pamoja_demo::private_postgresql::DatabaseRole::App).await;
    let (stranger, from) = (OUTSIDER.id(), SENDER.id());
    app.batch_execute(&format!("SELECT test_gate.enter('{stranger}', 'member')")).await.expect("a tenant");
    let mut answers = Vec::new();
    for id in [id.0, Uuid::new_v4()] {
        let event = format!(
            "INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
             VALUES ('{from}', '{id}', '{stranger}', 'COMPLETED', '{stranger}')"
        );
        let refused = app.batch_execute(&event).await.expect_err("refused");
        answers.push(refused.as_db_error().map(|error| (error.code().clone(), error.message().to_owned())));
        let reason = format!(
            "INSERT INTO referral_non_completion (from_organisation_id, referral_id, to_organisation_id, by_organisation_id, reason)
             VALUES ('{from}', '{id}', '{stranger}', '{stranger}', 'DIED')"
        );
        assert!(app.batch_execute(&reason).await.is_err());
        let ending = format!("INSERT INTO referral_follow_up (from_organisation_id, referral_id) VALUES ('{from}', '{id}')");
        assert!(app.batch_execute(&ending).await.is_err());
    }
    assert_eq!(answers[0], answers[1], "the refusal tells whether the referral exists");
    assert!(
        app.batch_execute("CREATE TEMPORARY TABLE user_session (id uuid)").await.is_err(),
        "a table can stand in for one of ours"
    );
}
