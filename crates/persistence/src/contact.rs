//! How members reach an organisation or a service: the columns that both have, and an organisation's.

use diesel::pg::Pg;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::contact::{Contact, ContactChange};
use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::language::LanguageCode;
use pamoja_domain::opening_hours::OpeningHours;
use pamoja_domain::phone_line::PhoneLine;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::schema::organisation_contact;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Reads the columns. What nobody can read counts as not said: every member reads these rows, and one of them must not fail the page.
pub(crate) fn read(hours: Option<&str>, languages: &[String], line: Option<&str>) -> Contact {
    let hours = hours.and_then(OpeningHours::from_text);
    let line = line.and_then(PhoneLine::from_stored);
    Contact { hours: hours.unwrap_or_default(), languages: codes::languages(languages), line }
}

/// Binds what a change sets. A column that it doesn't set keeps what it holds: hours and a line can be taken away too, so that it
/// is bound beside them whether they are set.
fn bound(statement: Statement, change: &ContactChange) -> Statement {
    let text = |hours: &OpeningHours| (!hours.spans().is_empty()).then(|| hours.to_string());
    let codes = |languages: &Vec<LanguageCode>| languages.iter().map(|language| language.as_str().to_owned()).collect::<Vec<_>>();
    let line = change.line.as_ref().and_then(Option::as_ref);
    statement
        .bind::<Bool, _>(change.hours.is_some())
        .bind::<Nullable<Text>, _>(change.hours.as_ref().and_then(text))
        .bind::<Nullable<Array<Text>>, _>(change.languages.as_ref().map(codes))
        .bind::<Bool, _>(change.line.is_some())
        .bind::<Nullable<Text>, _>(line.map(|line| line.as_str().to_owned()))
}

/// Changes how members reach a service of the tenant. The caller announces it.
pub async fn change_of_service(tx: &TenantTx, id: ServiceId, change: &ContactChange) -> Result<(), StoreError> {
    if change.is_empty() {
        return Ok(());
    }
    let changed = bound(Statement::new(include_str!("contact/change_of_service.sql")), change);
    changed.bind::<SqlUuid, _>(id.0).run(tx).await?;
    Ok(())
}

/// Changes how members reach the tenant.
pub async fn change(tx: &TenantTx, change: &ContactChange) -> Result<(), StoreError> {
    if change.is_empty() {
        return Ok(());
    }
    let row = organisation_contact::organisation_id.eq(tx.organisation()?.0);
    tx.execute(diesel::insert_into(organisation_contact::table).values(row).on_conflict_do_nothing()).await?;
    bound(Statement::new(include_str!("contact/change.sql")), change).run(tx).await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisation_contact, check_for_backend(Pg))]
struct ContactRow {
    organisation_id: Uuid,
    hours: Option<String>,
    languages: Vec<String>,
    line: Option<String>,
}

/// How members reach these organisations, as far as anything was said.
pub async fn by_organisations(tx: &TenantTx, ids: &[OrganisationId]) -> Result<Vec<(OrganisationId, Contact)>, StoreError> {
    let rows: Vec<ContactRow> = organisation_contact::table
        .filter(organisation_contact::organisation_id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(ContactRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let contact = |row: &ContactRow| read(row.hours.as_deref(), &row.languages, row.line.as_deref());
    Ok(rows.iter().map(|row| (OrganisationId(row.organisation_id), contact(row))).collect())
}
