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

/// The role that the program is connected as.
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
    /// Its `statement_timeout`.
    #[diesel(sql_type = Text)]
    pub statement_timeout: String,
    /// Its `idle_in_transaction_session_timeout`.
    #[diesel(sql_type = Text)]
    pub idle_timeout: String,
    /// The version of the PostgreSQL server.
    #[diesel(sql_type = Text)]
    pub server_version: String,
}

/// The tables of the program.
pub async fn tables(tx: &TenantTx) -> Result<Vec<Table>, StoreError> {
    Statement::new(include_str!("inspection/tables.sql")).rows(tx).await
}

/// The policies of the program's tables.
pub async fn policies(tx: &TenantTx) -> Result<Vec<Policy>, StoreError> {
    Statement::new(include_str!("inspection/policies.sql")).rows(tx).await
}

/// The role that the program is connected as.
pub async fn role(tx: &TenantTx) -> Result<Role, StoreError> {
    let rows: Vec<Role> = Statement::new(include_str!("inspection/role.sql")).rows(tx).await?;
    rows.into_iter().next().ok_or_else(|| StoreError::Inconsistent("the role isn't in the catalogue".to_owned()))
}

/// What is unsafe about the separation of tenants, one sentence for each finding. Empty when all is well.
pub async fn findings(tx: &TenantTx) -> Result<Vec<String>, StoreError> {
    let mut findings = Vec::new();
    let role = role(tx).await?;
    if role.superuser || role.bypasses {
        findings.push(format!("The role {} is not bound by row-level security: connect as pamoja_app.", role.name));
    }
    if role.owns {
        findings.push(format!("The role {} owns tables, or belongs to a role that does: connect as pamoja_app.", role.name));
    }
    if role.statement_timeout == "0" || role.idle_timeout == "0" {
        findings.push(format!("The role {} has no statement_timeout or no idle_in_transaction_session_timeout: run docker/roles.sql's ALTER ROLE lines.", role.name));
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
    findings.extend(publication(tx).await?);
    Ok(findings)
}

#[derive(QueryableByName)]
struct Sentence {
    #[diesel(sql_type = Text)]
    sentence: String,
}

/// What is unsafe about the separation of this role from the publication of figures.
async fn publication(tx: &TenantTx) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Sentence> = Statement::new(include_str!("inspection/publication.sql")).rows(tx).await?;
    Ok(rows.into_iter().map(|row| row.sentence).collect())
}
