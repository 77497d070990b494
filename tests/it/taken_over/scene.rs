//! What an attacker finds: organisations with rows in every table, and the session of one member's caseworker.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use super::belonging::{TABLES, Table};
use crate::harness::{Member, OUTSIDER, RECEIVER, SENDER, World};

/// The pseudonym of the attacker's own client.
const OWN_CLIENT: &str = "k3v5q2mztaxwcnbdjr7uephgiy";
/// The pseudonym of others' clients.
const CLIENT_OF_OTHERS: &str = "y3v5q2mztaxwcnbdjr7uephgik";

/// A world in which one process was taken over.
pub struct Scene {
    /// The world.
    pub world: World,
    /// Who sees everything.
    pub superuser: Client,
    /// The session that the attacker found.
    pub session: Caller,
    /// The tables, with the rights of the role that was taken over.
    pub tables: Vec<Table>,
}

impl Scene {
    /// A world in which the process that serves members was taken over.
    pub async fn new() -> Self {
        Self::of(DatabaseRole::App).await
    }

    /// A world in which a process with that role was taken over.
    pub async fn of(role: DatabaseRole) -> Self {
        let world = World::new().await;
        let superuser = world.connect(DatabaseRole::Superuser).await;
        superuser.batch_execute("DROP SCHEMA test_gate CASCADE").await.expect("no way past the gate is left");
        for (from, to) in [(SENDER, RECEIVER), (OUTSIDER, RECEIVER), (SENDER, OUTSIDER)] {
            let mut rows = rows(from, to);
            if from != OUTSIDER {
                rows = rows.replace(OWN_CLIENT, CLIENT_OF_OTHERS);
            }
            superuser.batch_execute(&rows).await.expect("rows");
        }
        let session = world.caller(OUTSIDER, "caseworker").await;
        let tables = superuser.query(TABLES, &[&role.name()]).await.expect("the tables");
        let tables: Vec<Table> = tables.iter().map(Table::from_row).collect();
        assert!(tables.len() > 40, "only {} tables", tables.len());
        Self { world, superuser, session, tables }
    }

    /// The condition that a row of the table is hidden, from the session or from somebody without one.
    pub fn hidden(&self, table: &Table, has_session: bool) -> String {
        let Caller { organisation, user, .. } = self.session;
        if has_session { table.hidden_from(&organisation.to_string(), &user.to_string()) } else { "true".to_owned() }
    }

    /// The condition that a row of the table may not be changed, by the session or by somebody without one.
    pub fn foreign(&self, table: &Table, has_session: bool) -> String {
        let Caller { organisation, user, .. } = self.session;
        if has_session { table.not_to_be_changed_by(&organisation.to_string(), &user.to_string()) } else { "true".to_owned() }
    }

    /// What a query of the superuser's returns, its first column.
    pub async fn told(&self, query: &str) -> Vec<Option<String>> {
        let messages = self.superuser.simple_query(query).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
        messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0).map(str::to_owned)),
                _ => None,
            })
            .collect()
    }

    /// The statement that proves the session.
    pub fn proof(&self) -> String {
        proof(self.session)
    }
}

/// The statement that proves a session.
pub fn proof(Caller { organisation, user, session, secret }: Caller) -> String {
    format!("SELECT FROM open_member('{organisation}', '{user}', '{}', '{}')", session.0, secret.0)
}

/// One row in each table from one organisation to another.
pub fn rows(from: Member, to: Member) -> String {
    let mut sql = format!("BEGIN;\n{}\nCOMMIT", include_str!("rows.sql"));
    let user = from.user("caseworker");
    for (name, id) in [("from", from.id().to_string()), ("to", to.id().to_string()), ("user", user.to_string())] {
        sql = sql.replace(&format!("{{{name}}}"), &id);
    }
    for name in ["referral", "batch", "check_in", "key", "session", "training", "offer", "sign_in", "violation"] {
        sql = sql.replace(&format!("{{{name}}}"), &Uuid::new_v4().to_string());
    }
    sql
}

#[tokio::test]
async fn there_is_something_of_others_and_something_of_its_own_in_every_table() {
    let scene = Scene::new().await;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart()) {
        let name = &table.name;
        let hidden = scene.hidden(table, true);
        for (what, condition) in [("others", hidden.clone()), ("its own", format!("NOT ({hidden})"))] {
            let count = scene.told(&format!("SELECT count(*) FROM {name} AS whole WHERE {condition}")).await;
            assert_ne!(count, [Some("0".to_owned())], "{name} has no row of {what}: add one to rows.sql");
        }
    }
}
