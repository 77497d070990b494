//! What the database's own catalogue says of the walls between tenants: for `pamoja doctor` and for the tests.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text};

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A table as the catalogue has it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Table {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its comment, which begins with its class.
    #[diesel(sql_type = Nullable<Text>)]
    pub comment: Option<String>,
    /// Whether row-level security is on.
    #[diesel(sql_type = Bool)]
    pub enabled: bool,
    /// Whether it holds for the owner too.
    #[diesel(sql_type = Bool)]
    pub forced: bool,
    /// Who owns it.
    #[diesel(sql_type = Text)]
    pub owner: String,
    /// Its columns.
    #[diesel(sql_type = Array<Text>)]
    pub columns: Vec<String>,
}

/// A policy as the catalogue has it.
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
    /// For which roles.
    #[diesel(sql_type = Array<Text>)]
    pub roles: Vec<String>,
    /// Which rows can be seen.
    #[diesel(sql_type = Nullable<Text>)]
    pub using: Option<String>,
    /// Which rows can be written.
    #[diesel(sql_type = Nullable<Text>)]
    pub check: Option<String>,
}

/// The role that the program is connected as.
#[derive(Clone, Debug, QueryableByName)]
pub struct Role {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether nothing is refused to it.
    #[diesel(sql_type = Bool)]
    pub superuser: bool,
    /// Whether row-level security doesn't hold for it.
    #[diesel(sql_type = Bool)]
    pub bypasses: bool,
    /// Whether it owns anything in this database, or belongs to a role that does.
    #[diesel(sql_type = Bool)]
    pub owns: bool,
    /// Its statement_timeout.
    #[diesel(sql_type = Text)]
    pub statement_timeout: String,
    /// Its idle_in_transaction_session_timeout.
    #[diesel(sql_type = Text)]
    pub idle_timeout: String,
    /// The version of the server.
    #[diesel(sql_type = Text)]
    pub server_version: String,
}

/// The tables of the program.
///
/// # Errors
/// When the database fails.
pub async fn tables(tx: &TenantTx) -> Result<Vec<Table>, StoreError> {
    Statement::new(
        "SELECT class.relname::text AS name, obj_description(class.oid, 'pg_class') AS comment, class.relrowsecurity AS enabled,
             class.relforcerowsecurity AS forced, pg_get_userbyid(class.relowner)::text AS owner,
             (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped) AS columns
         FROM pg_class AS class
         WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
           AND class.relname <> '__diesel_schema_migrations'
         ORDER BY class.relname",
    )
    .rows(tx)
    .await
}

/// The policies of the program's tables.
///
/// # Errors
/// When the database fails.
pub async fn policies(tx: &TenantTx) -> Result<Vec<Policy>, StoreError> {
    Statement::new(
        "SELECT tablename::text AS \"table\", policyname::text AS name, cmd AS command, roles::text[] AS roles, qual AS \"using\", with_check AS \"check\"
         FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname",
    )
    .rows(tx)
    .await
}

/// The role that the program is connected as.
///
/// # Errors
/// When the database fails.
pub async fn role(tx: &TenantTx) -> Result<Role, StoreError> {
    let rows: Vec<Role> = Statement::new(
        "SELECT rolname::text AS name, rolsuper AS superuser, rolbypassrls AS bypasses,
             EXISTS (SELECT FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER') AND relnamespace = 'public'::regnamespace)
                 OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')) AS owns,
             current_setting('statement_timeout') AS statement_timeout,
             current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
             current_setting('server_version') AS server_version
         FROM pg_roles WHERE rolname = current_user",
    )
    .rows(tx)
    .await?;
    rows.into_iter().next().ok_or_else(|| StoreError::Inconsistent("the role isn't in the catalogue".to_owned()))
}

/// What is unsafe about the walls, a sentence each; nothing when all is well.
///
/// # Errors
/// When the database fails.
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

/// What is unsafe about the walls between this role and the publication of figures.
async fn publication(tx: &TenantTx) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Sentence> = Statement::new(
        "WITH classed AS (
             SELECT oid, relname, split_part(obj_description(oid, 'pg_class'), ':', 1) AS class
             FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
         )
         SELECT format('The role %s can read %s, which holds true figures over all members: REVOKE it, or undo what was changed by hand.', current_user, relname) AS sentence
         FROM classed WHERE class = 'UNPUBLISHED' AND has_any_column_privilege(oid, 'SELECT')
         UNION ALL
         SELECT format('The role %s can write %s, which holds what is published: REVOKE it, or undo what was changed by hand.', current_user, relname)
         FROM classed WHERE class = 'PUBLISHED'
             AND (has_any_column_privilege(oid, 'INSERT') OR has_any_column_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE, TRUNCATE'))
         UNION ALL
         SELECT format('The role %s belongs to pamoja_publisher, which reads over all members: REVOKE it.', current_user)
         FROM pg_roles WHERE rolname = 'pamoja_publisher' AND pg_has_role(oid, 'MEMBER')
         UNION ALL
         SELECT 'The role pamoja_publisher is not bound by row-level security: take SUPERUSER and BYPASSRLS from it.'
         FROM pg_roles WHERE rolname = 'pamoja_publisher' AND (rolsuper OR rolbypassrls)",
    )
    .rows(tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.sentence).collect())
}
