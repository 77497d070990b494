//! Nobody notices: not the accused with an account or with SQL, not the secretariat, and not the own administrator.

use std::collections::BTreeMap;

use pamoja_persistence::job;

use super::*;
use crate::client_report::rows_visible_to;
use crate::harness::{Member, member};

/// Everything that PostgreSQL shows these, by whom: the accused, a third member, the secretariat, and the own administrator.
async fn seen(world: &World) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut seen = BTreeMap::new();
    for other in [RECEIVER, OUTSIDER, member("secretariat")] {
        seen.insert(other.slug.to_owned(), rows_visible_to(world, other).await);
    }
    for (handle, role) in [("admin", "ORGANISATION_ADMIN"), ("trainer", "TRAINER"), ("analyst", "ANALYST")] {
        seen.insert(format!("{handle} of their own"), rows_of(world, SENDER, handle, role).await);
    }
    seen
}

/// Everything that PostgreSQL shows the app role as that user.
async fn rows_of(world: &World, of: Member, handle: &str, role: &str) -> BTreeMap<String, String> {
    let app = world.connect(DatabaseRole::App).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = "SELECT relname::text, string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege('pamoja_app', pg_class.oid, attnum, 'SELECT') GROUP BY relname";
    let tables = superuser.query(query, &[]).await.expect("the tables");
    let enter = format!("SELECT test_gate.enter('{}', 'member', '{}', '{role}')", of.id(), of.user(handle));
    app.batch_execute(&enter).await.expect("a tenant");
    let mut seen = BTreeMap::new();
    for row in tables {
        let (table, columns): (String, String) = (row.get(0), row.get(1));
        let rows = format!(
            "SELECT coalesce(string_agg(seen::text, E'\\n' ORDER BY seen::text), '') FROM (SELECT {columns} FROM {table}) AS seen"
        );
        seen.insert(table, app.query_one(&rows, &[]).await.expect("rows").get(0));
    }
    seen
}

/// What is locked of rows that others read: PostgreSQL writes that into the row.
async fn locked(world: &World) -> Vec<String> {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname !~ '^(violation|audit|outbox|client_mutation|user_session|access_token|sign_in|clock_offset)'
        -- Whatever a member does refers to its organisation, by the audit; nobody can read the lock, or waits for it.
        AND relname <> 'organisation' ORDER BY 1";
    let mut locked = Vec::new();
    for row in superuser.query(tables, &[]).await.expect("the tables") {
        let table: String = row.get(0);
        let rows = format!(
            "SELECT coalesce(string_agg(xmin::text || ' ' || xmax::text || ' ' || ctid::text, ',' ORDER BY ctid), '') FROM {table}"
        );
        let told: String = superuser.query_one(&rows, &[]).await.expect("rows").get(0);
        locked.push(format!("{table}: {told}"));
    }
    locked
}

/// All that somebody else could notice.
struct Noticeable {
    seen: BTreeMap<String, BTreeMap<String, String>>,
    locked: Vec<String>,
}

impl Noticeable {
    async fn now(world: &World) -> Self {
        Self { seen: seen(world).await, locked: locked(world).await }
    }

    /// Fails unless all is still the same after that was done.
    async fn is_still_so(&self, world: &World, done: &str) {
        self.is_still_so_but_for(world, done, "").await;
    }

    /// Fails unless all is still the same after that was done, apart from one table of the own organisation's.
    async fn is_still_so_but_for(&self, world: &World, done: &str, shown: &str) {
        let after = Self::now(world).await;
        for (whom, tables) in &self.seen {
            for (table, rows) in tables.iter().filter(|(table, _)| *table != shown || !whom.ends_with("their own")) {
                assert_eq!(&after.seen[whom][table], rows, "{done} shows in {table} to {whom}");
            }
        }
        let shown = format!("{shown}:");
        for (before, after) in self.locked.iter().zip(&after.locked).filter(|(before, _)| !before.starts_with(&shown)) {
            assert_eq!(before, after, "{done} leaves a trace in a row that others read");
        }
    }
}

#[tokio::test]
async fn no_mutation_of_violations_changes_a_byte_a_time_a_lock_or_an_event_of_anybody_else() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let referral = turned_away(&sender).await;
    let mut heard = Vec::new();
    for client in [&receiver, &world.client(SENDER, Role::OrganisationAdmin).await, &world.client(SENDER, Role::Trainer).await] {
        let mut socket = Socket::of(client).await;
        let of = if std::ptr::eq(client, &receiver) { "referralChanged { id }" } else { "trainingRequestChanged { id }" };
        socket.subscribe("1", &format!("subscription {{ {of} }}")).await;
        heard.push(socket);
    }
    let mut violation = String::new();
    let month = this_month();
    type Step<'s> = (&'s str, &'s str, Value);
    let steps: Vec<Step<'_>> = vec![
        (
            "documentViolation",
            "DocumentViolationInput",
            json!({ "referralId": referral, "consentGiven": true, "sealedNote": crate::referral_note::sealed(1) }),
        ),
        ("recordViolationStep", "RecordViolationStepInput", json!({ "kind": "REPORTED_TO_OVERSIGHT", "month": month })),
        ("correctViolation", "CorrectViolationInput", json!({ "peopleAffected": 2 })),
        ("replaceViolationNote", "ReplaceViolationNoteInput", json!({ "sealedNote": crate::referral_note::sealed(2) })),
        ("planSensitisation", "", json!({})),
        ("dropSensitisation", "", json!({})),
        ("planSensitisation", "", json!({})),
        ("endViolation", "EndViolationInput", json!({ "outcome": "RESOLVED", "month": month })),
        ("reopenViolation", "ViolationInput", json!({})),
        ("withdrawViolationConsent", "ViolationInput", json!({})),
        ("documentViolation", "DocumentViolationInput", json!({ "referralId": referral, "consentGiven": true })),
        ("markViolationEnteredInError", "ViolationInput", json!({})),
    ];
    let mut plan = String::new();
    for (name, input_type, fields) in steps {
        let before = Noticeable::now(&world).await;
        // Whoever manages the own trainings sees a plan, and nothing else of it.
        if name == "planSensitisation" {
            plan = sensitisation::planned(&sender, &violation).await;
            before.is_still_so_but_for(&world, name, "sensitisation_plan").await;
            continue;
        } else if name == "dropSensitisation" {
            let dropped = sensitisation::drop_plan(&sender, &plan).await;
            assert_eq!(dropped["userErrors"], json!([]), "{dropped:#}");
            before.is_still_so_but_for(&world, name, "sensitisation_plan").await;
            continue;
        }
        let input = if name == "documentViolation" { fields } else { with(json!({ "violationId": violation }), fields) };
        let done = change(&sender, name, input_type, input).await;
        assert_eq!(done["userErrors"], json!([]), "{name}: {done:#}");
        violation = done["violation"]["id"].as_str().expect("an id").to_owned();
        job::record_arrivals(&world.worker, SENDER.id()).await.expect("the job");
        retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        before.is_still_so(&world, name).await;
    }
    for mut socket in heard {
        let event = tokio::time::timeout(std::time::Duration::from_millis(500), socket.hear()).await;
        assert!(event.is_err(), "{event:?}");
    }
}

/// A client's rights on violations, and the job that records an arrival as a step.
#[tokio::test]
async fn no_right_and_no_job_changes_a_byte_a_time_or_a_lock_of_anybody_else() {
    let world = World::new().await;
    let (sender, receiver) = (world.client(SENDER, Role::Caseworker).await, world.client(OUTSIDER, Role::Caseworker).await);
    let (old, new) = ("o".repeat(26), "n".repeat(26));
    let violation = documented(&sender, json!({ "client": old, "sealedNote": crate::referral_note::sealed(1) })).await;
    let input = with(
        crate::referral::draft(OUTSIDER, ServiceType::LegalAid),
        json!({ "violationId": violation, "client": "r".repeat(26) }),
    );
    let referral = sender.create_referral(input).await["referral"]["id"].as_str().expect("an id").to_owned();
    receiver.move_referral("checkInReferralWithoutSlip", &referral).await;
    let before = Noticeable::now(&world).await;
    assert_eq!(job::record_arrivals(&world.worker, SENDER.id()).await.expect("the job"), 1);
    before.is_still_so(&world, "an arrival").await;
    crate::referral_undo::undo(&receiver, &referral).await;
    let before = Noticeable::now(&world).await;
    assert_eq!(job::record_arrivals(&world.worker, SENDER.id()).await.expect("the job"), 1);
    before.is_still_so(&world, "an undone arrival").await;
    for (mutation, input_type, input, told) in [
        (
            "rotateClientPseudonyms",
            "RotateClientPseudonymsInput",
            json!({ "rotations": [{ "from": old, "to": new }] }),
            "rotated",
        ),
        ("eraseClient", "EraseClientInput", json!({ "client": new }), "erasedReferrals"),
    ] {
        let before = Noticeable::now(&world).await;
        let document = format!(
            "mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{ {told} userErrors {{ code message }} }} }}"
        );
        let done = sender.data(&document, json!({ "input": input })).await;
        assert_eq!(done[mutation]["userErrors"], json!([]), "{done:#}");
        before.is_still_so(&world, mutation).await;
    }
    assert_eq!(read(&sender, &violation).await["status"], "CONSENT_WITHDRAWN");
}

#[tokio::test]
async fn the_audit_writes_before_it_answers_and_names_nothing_that_can_be_found() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let input = with(draft(), json!({ "clientMutationId": Uuid::new_v4() }));
    let again = async || change(&author, "documentViolation", "DocumentViolationInput", input.clone()).await;
    let id = again().await["violation"]["id"].as_str().expect("an id").to_owned();
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let entries = async || {
        let query = "SELECT action, node_id::text FROM audit_entry WHERE action ~* 'violation' ORDER BY position";
        let rows = superuser.query(query, &[]).await.expect("entries");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<(String, Option<String>)>>()
    };
    let first = entries().await;
    assert_eq!(first.len(), 1);
    let name = first[0].1.clone();
    assert!(name.is_some());
    let mut expected = vec![("documentViolation".to_owned(), name.clone())];
    // A repeat shows it again.
    again().await;
    expected.push(("violation".to_owned(), name.clone()));
    assert_eq!(entries().await, expected);
    read(&paralegal, &id).await;
    expected.push(("violation".to_owned(), name.clone()));
    assert_eq!(entries().await, expected);
    listed(&paralegal, "(first: 1)").await;
    expected.push(("violations".to_owned(), None));
    assert_eq!(entries().await, expected);
    // What can't be a page is no look.
    paralegal.run("{ violations(first: 101) { nodes { id } } }", json!({})).await;
    assert_eq!(entries().await, expected);
    let ids = "SELECT count(*) FROM audit_entry JOIN violation ON violation.id = audit_entry.node_id";
    let found: i64 = superuser.query_one(ids, &[]).await.expect("a count").get(0);
    assert_eq!(found, 0, "the audit says which entry is of which violation");
}

#[tokio::test]
async fn whoever_may_read_it_hears_of_changes_and_no_colleague_else() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let mut sockets = Vec::new();
    for client in [&author, &colleague, &paralegal] {
        let mut socket = Socket::of(client).await;
        socket.subscribe("1", "subscription { violationChanged { id status } }").await;
        sockets.push(socket);
    }
    let [mut of_author, mut of_colleague, mut of_paralegal]: [Socket; 3] = sockets.try_into().ok().expect("three");
    let id = documented(&author, json!({})).await;
    let change = json!({ "violationId": id, "outcome": "SETTLED", "month": this_month() });
    super::change(&paralegal, "endViolation", "EndViolationInput", change).await;
    for socket in [&mut of_author, &mut of_paralegal] {
        let mut last = socket.next_event("violationChanged").await.expect("an event");
        while last["status"] != "ENDED" {
            last = socket.next_event("violationChanged").await.expect("an event");
        }
        assert_eq!(last["id"], json!(id));
    }
    assert_eq!(of_colleague.next_event("violationChanged").await, None);
}
