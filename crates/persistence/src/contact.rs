//! How members reach an organisation or a service: the columns that both have, and an organisation's.

use diesel::pg::Pg;
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::contact::{Contact, ContactChange};
use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::opening_hours::OpeningHours;
use pamoja_domain::phone_line::PhoneLine;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::schema::{organisation_contact, service};
use crate::transaction::TenantTx;

/// Reads the columns. What nobody can read counts as not said: every member reads these rows, and one of them must not fail the page.
pub(crate) fn read(hours: Option<&str>, languages: &[String], line: Option<&str>) -> Contact {
    let hours = hours.and_then(OpeningHours::from_text);
    let line = line.and_then(PhoneLine::from_stored);
    Contact { hours: hours.unwrap_or_default(), languages: codes::languages(languages), line }
}

/// The columns that a change sets; the others keep what they hold.
struct Columns<'a> {
    hours: Option<Option<String>>,
    languages: Option<Vec<String>>,
    line: Option<Option<&'a str>>,
}

impl<'a> From<&'a ContactChange> for Columns<'a> {
    fn from(change: &'a ContactChange) -> Self {
        let text = |hours: &OpeningHours| (!hours.spans().is_empty()).then(|| hours.to_string());
        let codes = |language: &pamoja_domain::language::LanguageCode| language.as_str().to_owned();
        Self {
            hours: change.hours.as_ref().map(text),
            languages: change.languages.as_ref().map(|languages| languages.iter().map(codes).collect()),
            line: change.line.as_ref().map(|line| line.as_ref().map(PhoneLine::as_str)),
        }
    }
}

/// Changes how members reach a service of the tenant. The caller announces it.
pub async fn change_of_service(tx: &TenantTx, id: ServiceId, change: &ContactChange) -> Result<(), StoreError> {
    if change.is_empty() {
        return Ok(());
    }
    let Columns { hours, languages, line } = change.into();
    let changed = diesel::update(service::table.find((tx.organisation()?.0, id.0)));
    tx.execute(changed.set((
        hours.map(|hours| service::hours.eq(hours)),
        languages.map(|languages| service::languages.eq(languages)),
        line.map(|line| service::line.eq(line)),
    )))
    .await?;
    Ok(())
}

/// Changes how members reach the tenant.
pub async fn change(tx: &TenantTx, change: &ContactChange) -> Result<(), StoreError> {
    if change.is_empty() {
        return Ok(());
    }
    let own = tx.organisation()?.0;
    let row = organisation_contact::organisation_id.eq(own);
    tx.execute(diesel::insert_into(organisation_contact::table).values(row).on_conflict_do_nothing()).await?;
    let Columns { hours, languages, line } = change.into();
    let changed = diesel::update(organisation_contact::table.find(own));
    tx.execute(changed.set((
        hours.map(|hours| organisation_contact::hours.eq(hours)),
        languages.map(|languages| organisation_contact::languages.eq(languages)),
        line.map(|line| organisation_contact::line.eq(line)),
    )))
    .await?;
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
