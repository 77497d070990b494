//! What PostgreSQL's catalogue says about the separation of tenants: for `pamoja doctor` and the tests.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text};

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A table, as the catalogue describes it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Table {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its comment, which begins with the table's class.
    #[diesel(sql_type = Nullable<Text>)]
    pub comment: Option<String>,
    /// Whether row-level security is enabled.
    #[diesel(sql_type = Bool)]
    pub enabled: bool,
    /// Whether row-level security binds the table's owner too.
    #[diesel(sql_type = Bool)]
    pub forced: bool,
    /// The role that owns it.
    #[diesel(sql_type = Text)]
    pub owner: String,
    /// The names of its columns.
    #[diesel(sql_type = Array<Text>)]
    pub columns: Vec<String>,
}

/// A policy, as the catalogue describes it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Policy {
    /// Its table.
    #[diesel(sql_type = Text)]
    pub table: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// SELECT, INSERT, UPDATE, DELETE or ALL.
    #[diesel(sql_type = Text)]
    pub command: String,
    /// The roles that it applies to.
    #[diesel(sql_type = Array<Text>)]
    pub roles: Vec<String>,
    /// The condition on rows that can be seen.
    #[diesel(sql_type = Nullable<Text>)]
    pub using: Option<String>,
    /// The condition on rows that can be written.
    #[diesel(sql_type = Nullable<Text>)]
    pub check: Option<String>,
}

/// The role of a door.
#[derive(Clone, Debug, QueryableByName)]
pub struct Role {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether it is a superuser, to whom PostgreSQL refuses nothing.
    #[diesel(sql_type = Bool)]
    pub superuser: bool,
    /// Whether it bypasses row-level security.
    #[diesel(sql_type = Bool)]
    pub bypasses: bool,
    /// Whether it owns anything in this database, or belongs to a role that does.
    #[diesel(sql_type = Bool)]
    pub owns: bool,
    /// The roles that it belongs to.
    #[diesel(sql_type = Array<Text>)]
    pub belongs_to: Vec<String>,
    /// Its own settings, as `name=value`.
    #[diesel(sql_type = Array<Text>)]
    pub settings: Vec<String>,
}

/// The names of the roles of the doors.
pub const ROLES: [&str; 5] = ["pamoja_operator", "pamoja_publisher", "pamoja_server", "pamoja_sign_in", "pamoja_worker"];
/// What each of them, but the publisher, must be set to: a limit on every wait.
const LIMITS: [&str; 3] = ["statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"];

/// The tables of the program.
pub async fn tables(tx: &TenantTx) -> Result<Vec<Table>, StoreError> {
    Statement::new(include_str!("inspection/tables.sql")).rows(tx).await
}

/// The policies of the program's tables.
pub async fn policies(tx: &TenantTx) -> Result<Vec<Policy>, StoreError> {
    Statement::new(include_str!("inspection/policies.sql")).rows(tx).await
}

/// The roles of the doors, as far as they exist, by name.
pub async fn roles(tx: &TenantTx) -> Result<Vec<Role>, StoreError> {
    of_roles(Statement::new(include_str!("inspection/roles.sql"))).rows(tx).await
}

/// The version of the PostgreSQL server.
pub async fn server_version(tx: &TenantTx) -> Result<String, StoreError> {
    let rows: Vec<Sentence> = Statement::new(include_str!("inspection/server_version.sql")).rows(tx).await?;
    rows.into_iter()
        .next()
        .map(|row| row.sentence)
        .ok_or_else(|| StoreError::Inconsistent("the server has no version".to_owned()))
}

/// What is unsafe about the separation of tenants, one sentence for each finding. Empty when all is well.
pub async fn findings(tx: &TenantTx) -> Result<Vec<String>, StoreError> {
    let mut findings = Vec::new();
    let roles = roles(tx).await?;
    for missing in ROLES.iter().filter(|name| !roles.iter().any(|role| role.name == **name)) {
        findings.push(format!("There is no role {missing}: run docker/roles.sql."));
    }
    for role in roles {
        findings.extend(of_role(&role));
    }
    let tables = tables(tx).await?;
    if tables.is_empty() {
        findings.push("There are no tables: run `pamoja migrate`.".to_owned());
    }
    for table in tables {
        if !table.enabled || !table.forced {
            findings.push(format!(
                "Row-level security isn't forced on {}: run `pamoja migrate`, or undo what was changed by hand.",
                table.name
            ));
        }
    }
    findings.extend(sentences(tx, Statement::new(include_str!("inspection/publication.sql"))).await?);
    findings.extend(sentences(tx, of_roles(Statement::new(include_str!("inspection/gate.sql")))).await?);
    Ok(findings)
}

/// A statement about the roles of the doors.
fn of_roles(statement: Statement) -> Statement {
    statement.bind::<Array<Text>, _>(ROLES.map(str::to_owned).to_vec())
}

/// What is unsafe about a role.
fn of_role(role: &Role) -> Vec<String> {
    let Role { name, superuser, bypasses, owns, belongs_to, settings } = role;
    let mut findings = Vec::new();
    if *superuser || *bypasses {
        findings.push(format!("The role {name} is not bound by row-level security: take SUPERUSER and BYPASSRLS from it."));
    }
    if *owns {
        findings.push(format!("The role {name} owns tables, or belongs to a role that does: give them back to pamoja_owner."));
    }
    for other in belongs_to {
        findings.push(format!("The role {name} belongs to {other}, and so can do what that one can: REVOKE it."));
    }
    let set = |limit: &str| {
        settings.iter().any(|setting| setting.strip_prefix(limit).is_some_and(|rest| rest.starts_with('=') && rest != "=0"))
    };
    if name != "pamoja_publisher" {
        for limit in LIMITS.iter().filter(|limit| !set(limit)) {
            findings.push(format!("The role {name} has no {limit}: run docker/roles.sql."));
        }
    }
    findings
}

#[derive(QueryableByName)]
struct Sentence {
    #[diesel(sql_type = Text)]
    sentence: String,
}

async fn sentences(tx: &TenantTx, statement: Statement) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Sentence> = statement.rows(tx).await?;
    Ok(rows.into_iter().map(|row| row.sentence).collect())
}
