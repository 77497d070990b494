//! What somebody can send who has the connection of the process that serves members: the statements of the list, and nothing else. What
//! these answer tells nothing of others, neither by rows nor by errors nor by plans.

use std::collections::BTreeSet;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::listed::{self, ListedStatement};
use tokio_postgres::Client;

use super::attempt::{Attacker, Outcome, send};
use super::oracle::{RECOGNISE_SLIPS, arguments};
use super::scene::Scene;
use crate::harness::OUTSIDER;

/// How many lists of arguments a statement is called with.
const MOST_CALLS: usize = 12;

/// The tables, views and sequences of the program, each with one of its columns.
const RELATIONS: &str = "
    SELECT relname::text, relkind::text, (SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum = 1)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY 1";

/// The functions of the program, and a call of each with nulls.
const FUNCTIONS: &str = "
    SELECT format('public.%I(%s)', proname, (SELECT string_agg('NULL::' || format_type(type, NULL), ', ') FROM unnest(proargtypes) AS type))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1";

/// The call by which the process proves a session.
pub fn proof(scene: &Scene) -> String {
    let opening = listed::statements().into_iter().find(|statement| statement.text.contains("open_member(")).expect("a proof");
    let session = scene.session;
    format!(
        "SELECT * FROM statement.{}('{}', '{}', '{}', '{}')",
        opening.name(),
        session.organisation,
        session.user,
        session.session.0,
        session.secret.0
    )
}

/// A connection of the process, without a session or within a transaction in which one is proved.
async fn connected(scene: &Scene, proves: bool) -> Client {
    let client = scene.world.connect(DatabaseRole::Server).await;
    if proves {
        for sql in ["BEGIN", &proof(scene)] {
            assert!(matches!(send(&client, sql).await, Outcome::Ran(..)), "{sql}");
        }
    }
    client
}

/// What the role reaches past the list.
async fn reached(scene: &Scene, proves: bool) -> Vec<String> {
    let attacker = Attacker::go_on(connected(scene, proves).await).await;
    let mut attempts = Vec::new();
    for row in scene.superuser.query(RELATIONS, &[]).await.expect("the tables") {
        let (name, kind, column): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let forms: &[&str] = match kind.as_str() {
            "S" => &[
                "SELECT nextval('public.{}')",
                "SELECT currval('public.{}')",
                "SELECT setval('public.{}', 1)",
                "TABLE public.{}",
            ],
            _ => &[
                "SELECT FROM {}",
                "TABLE public.{}",
                "SELECT count(*) FROM public.{} WHERE false",
                "SELECT {column} FROM public.{} LIMIT 0",
                "INSERT INTO public.{} DEFAULT VALUES",
                "UPDATE public.{} SET {column} = DEFAULT WHERE false",
                "DELETE FROM public.{} WHERE false",
                "MERGE INTO public.{} USING (SELECT 1) AS one ON false WHEN MATCHED THEN DELETE",
                "TRUNCATE public.{}",
                "LOCK TABLE public.{} IN ACCESS SHARE MODE",
                "COPY public.{} TO STDOUT",
                "EXPLAIN SELECT FROM public.{}",
                "EXPLAIN (ANALYZE) SELECT FROM public.{}",
                "PREPARE one AS SELECT FROM public.{}",
                "DECLARE one CURSOR FOR SELECT FROM public.{}",
                "ANALYZE public.{}",
                "SELECT NULL::public.{}",
            ],
        };
        attempts.extend(forms.iter().map(|form| form.replace("{column}", &column).replace("{}", &name)));
    }
    for row in scene.superuser.query(FUNCTIONS, &[]).await.expect("the functions") {
        let call: String = row.get(0);
        attempts.push(format!("SELECT {call}"));
        attempts.push(format!("EXPLAIN SELECT {call}"));
    }
    assert!(attempts.len() > 1000, "only {} attempts", attempts.len());
    let mut reached = Vec::new();
    for attempt in attempts {
        let outcome = attacker.try_out(&attempt).await;
        // Without a right on the schema, an unqualified name names nothing.
        let names_nothing = matches!(&outcome, Outcome::Refused(code, _) if code == "42P01");
        if !outcome.lacks_a_right() && !names_nothing {
            reached.push(format!("{attempt}: {outcome:?}"));
        }
    }
    reached
}

#[tokio::test]
async fn whoever_serves_reaches_nothing_but_the_listed_statements() {
    let scene = Scene::new().await;
    for proves in [false, true] {
        assert_eq!(reached(&scene, proves).await, Vec::<String>::new());
    }
    // With a right on the schema and one on a table, it is noticed.
    let right = "GRANT USAGE ON SCHEMA public TO pamoja_server; GRANT SELECT ON facility TO pamoja_server";
    scene.superuser.batch_execute(right).await.expect("granted");
    assert!(reached(&scene, true).await.iter().any(|found| found.contains("TABLE public.facility")), "a right isn't missed");
}

/// Gives the account whose session it is those roles, and no others.
async fn acting_as(scene: &Scene, roles: &[Role]) {
    let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let set = format!("UPDATE user_account SET roles = '{{{}}}' WHERE id = '{}'", codes.join(", "), scene.session.user);
    scene.superuser.batch_execute(&set).await.expect("the roles are set");
}

/// Values that stand in hidden rows alone, and that nobody guesses.
async fn secrets(scene: &Scene) -> BTreeSet<String> {
    let (mut hidden, mut shown) = (BTreeSet::new(), BTreeSet::new());
    for table in &scene.tables {
        let (name, condition) = (&table.name, scene.hidden(table, true));
        let values = async |column: &str, condition: &str| {
            let sql = format!("SELECT DISTINCT whole.{column}::text FROM {name} AS whole WHERE {condition}");
            scene.told(&sql).await.into_iter().flatten().collect::<Vec<_>>()
        };
        for column in &table.readable {
            if table.is_kept_apart() {
                hidden.extend(values(column, &condition).await);
                shown.extend(values(column, &format!("NOT ({condition})")).await);
            } else {
                shown.extend(values(column, "true").await);
            }
        }
    }
    hidden.difference(&shown).filter(|value| value.len() >= 16 && !value.contains(':')).cloned().collect()
}

/// What a statement answers, the same for any id.
fn without_ids(mut outcome: Outcome, given: &[String]) -> Outcome {
    for argument in given {
        for id in argument.split('\'').filter(|part| part.len() >= 16) {
            outcome = outcome.without(id);
        }
    }
    outcome.without_times()
}

/// Calls the statements with ids of others, and with ids that were never issued. Returns what is told of others.
async fn told(scene: &Scene, statements: &[ListedStatement]) -> Vec<String> {
    acting_as(scene, &Role::ALL.iter().filter(|role| **role != Role::CoalitionAdmin).copied().collect::<Vec<_>>()).await;
    let client = connected(scene, true).await;
    let secrets = secrets(scene).await;
    assert!(secrets.len() > 50, "only {secrets:?}");
    let mut told = Vec::new();
    let recognises = |statement: &&ListedStatement| RECOGNISE_SLIPS.iter().any(|name| statement.text.contains(name));
    let opens = |statement: &&ListedStatement| statement.text.contains("open_member(");
    for statement in statements.iter().filter(|statement| !opens(statement) && !recognises(statement)) {
        let types: Vec<String> = statement.parameters.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let name = statement.name();
        // What was tried and taken back keeps its locks until the transaction ends.
        for sql in ["ROLLBACK", "BEGIN", &proof(scene)] {
            assert!(matches!(send(&client, sql).await, Outcome::Ran(..)), "{sql}");
        }
        for (issued, never) in arguments(scene, &types, MOST_CALLS).await {
            for explained in ["", "EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) "] {
                let mut outcomes = Vec::new();
                for given in [&issued, &never] {
                    send(&client, "SAVEPOINT each").await;
                    let outcome =
                        send(&client, &format!("{explained}SELECT * FROM statement.{name}({})", given.join(", "))).await;
                    send(&client, "ROLLBACK TO each; RELEASE each").await;
                    // Otherwise the statement was never reached.
                    assert!(!outcome.is_denied(), "{}: {outcome:?}", statement.text);
                    if let Outcome::Ran(rows, _) = &outcome
                        && let Some(secret) = secrets.iter().find(|secret| {
                            rows.iter().any(|row| row.contains(*secret))
                                && !given.iter().any(|argument| argument.contains(*secret))
                        })
                    {
                        told.push(format!("{}: {secret} is shown", statement.text));
                    }
                    outcomes.push(without_ids(outcome, given));
                }
                if outcomes[0] != outcomes[1] {
                    told.push(format!(
                        "{explained}{}\n{issued:?}: {:?}\n{never:?}: {:?}",
                        statement.text, outcomes[0], outcomes[1]
                    ));
                }
            }
        }
    }
    told
}

#[tokio::test]
async fn no_listed_statement_tells_anything_of_others() {
    let scene = Scene::new().await;
    let statements = listed::statements();
    let told_of_others = told(&scene, &statements).await;
    assert!(told_of_others.is_empty(), "{}: {}", told_of_others.len(), told_of_others.join("\n\n"));
    // With a policy that lets everything through, it is told.
    let open = "ALTER POLICY referral_note_read ON referral_note USING (true)";
    scene.superuser.batch_execute(open).await.expect("altered");
    let of_notes: Vec<ListedStatement> =
        statements.into_iter().filter(|statement| statement.text.contains("referral_note")).collect();
    assert!(!told(&scene, &of_notes).await.is_empty(), "a policy isn't missed");
}

/// What the account gets out of each statement of the list with nulls, with ids of its own organisation's, and with all sources of tasks.
async fn got(scene: &Scene, roles: &[Role]) -> Vec<(ListedStatement, Outcome)> {
    acting_as(scene, roles).await;
    let client = connected(scene, true).await;
    let organisation = scene.session.organisation;
    let own = format!("SELECT id::text FROM referral WHERE '{organisation}' IN (from_organisation_id, to_organisation_id)");
    let own: Vec<String> = scene.told(&own).await.into_iter().flatten().collect();
    let mut got = Vec::new();
    for statement in listed::statements().into_iter().filter(|statement| !statement.text.contains("open_member(")) {
        for id in own.iter().map(Some).chain([None]) {
            let given = |of: &str| match (of, id) {
                ("uuid", Some(id)) => format!("'{id}'::uuid"),
                ("uuid[]", Some(id)) => format!("ARRAY['{id}'::uuid]"),
                ("bigint", _) => "'101'::bigint".to_owned(),
                ("text[]", _) if statement.text.contains(" = ANY ($1) AND acts_as(") => sources(&statement.text),
                (other, _) => format!("NULL::{other}"),
            };
            let types = statement.parameters.split(", ").filter(|name| !name.is_empty());
            let call =
                format!("SELECT * FROM statement.{}({})", statement.name(), types.map(given).collect::<Vec<_>>().join(", "));
            for sql in ["ROLLBACK", "BEGIN", &proof(scene)] {
                assert!(matches!(send(&client, sql).await, Outcome::Ran(..)), "{sql}");
            }
            let outcome = send(&client, &call).await;
            assert!(!outcome.is_denied(), "{}: {outcome:?}", statement.text);
            got.push((statement.clone(), outcome));
        }
    }
    got
}

/// All sources of tasks that a statement knows.
fn sources(text: &str) -> String {
    let names = text.split("' = ANY ($1)").filter_map(|before| before.rsplit('\'').next()).filter(|name| name.contains('.'));
    format!("ARRAY[{}]", names.map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "))
}

/// Whether it did nothing: no row, or the one row of a function that returns nothing.
fn is_nothing(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Ran(rows, _) if rows.iter().all(String::is_empty))
}

#[tokio::test]
async fn a_statement_does_nothing_for_an_account_whose_roles_it_is_not_for() {
    let scene = Scene::new().await;
    let every = [Role::PeerEducator, Role::Caseworker, Role::Paralegal, Role::Trainer, Role::Analyst, Role::OrganisationAdmin];
    for role in every {
        let (mut refused, mut wrong) = (0, Vec::new());
        for (statement, outcome) in got(&scene, &[role]).await {
            let doers = statement.doers();
            if !doers.is_empty() && !doers.split(' ').any(|doer| doer == role.code()) {
                refused += 1;
                if !is_nothing(&outcome) {
                    wrong.push(format!("{}: {outcome:?}", statement.text));
                }
            }
        }
        assert!(wrong.is_empty(), "{role}: {}", wrong.join("\n"));
        assert!(refused > 10, "{role} may send nearly all: {refused}");
    }
    // With the roles they do something: rows come, or what is written with nulls is refused.
    let of_referrals = |(statement, outcome): &(ListedStatement, Outcome)| {
        statement.doers() == "PEER_EDUCATOR CASEWORKER" && !is_nothing(outcome)
    };
    let found = got(&scene, &[Role::Caseworker]).await.iter().filter(|got| of_referrals(got)).count();
    assert!(found > 60, "only {found} did something");
}

#[tokio::test]
async fn a_list_shows_a_peer_educator_their_own_and_tasks_are_those_of_the_role_whatever_is_asked() {
    let mut scene = Scene::new().await;
    // Somebody who has sent nothing and to whom nothing was assigned.
    scene.session = scene.world.caller(OUTSIDER, "second-peer").await;
    let rows = async |roles: &[Role], of: &str| {
        let got = got(&scene, roles).await;
        let rows = got.iter().filter(|(statement, _)| statement.text.contains(of)).map(|(_, outcome)| match outcome {
            Outcome::Ran(rows, _) => rows.len(),
            Outcome::Refused(..) => 0,
        });
        rows.sum::<usize>()
    };
    let (lists, by_id, counts) = ("AS page LIMIT", "referral.id = $1", "sum(found)");
    for (of, role) in [(lists, Role::PeerEducator), (by_id, Role::PeerEducator), (counts, Role::Analyst)] {
        let of_referrals = if of == lists { "SELECT * FROM (-- Referrals as their parties see them" } else { of };
        assert_eq!(rows(&[role], of_referrals).await, 0, "{role}: {of}");
        assert!(rows(&[Role::Caseworker], of_referrals).await > 0, "a caseworker: {of}");
    }
}
