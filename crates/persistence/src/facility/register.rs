//! What an import has to know of the register that was taken in before.

use chrono::NaiveDate;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::facility::{KnownFacility, NewestEntries};

use crate::codes;
use crate::error::StoreError;
use crate::lock::lock;
use crate::schema::{facility, facility_register};
use crate::transaction::TenantTx;

/// Waits until no other import is under way, and keeps others waiting until the transaction ends. Operators call it.
pub async fn hold_register(tx: &TenantTx) -> Result<(), StoreError> {
    lock(tx, "facility register").await
}

/// The day of the newest entry of each county in what was taken in before.
pub async fn newest_entries(tx: &TenantTx) -> Result<NewestEntries, StoreError> {
    let rows: Vec<(String, NaiveDate)> = facility_register::table
        .select((facility_register::county_code, facility_register::newest_entry))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(|(county, newest)| Ok((codes::county(&county)?, newest))).collect()
}

/// Notes the day of the newest entry of each county that was taken in. Operators call it.
pub async fn note_entries(tx: &TenantTx, entries: &NewestEntries) -> Result<(), StoreError> {
    let rows: Vec<_> = entries
        .iter()
        .map(|(county, newest)| (facility_register::county_code.eq(county.as_str()), facility_register::newest_entry.eq(*newest)))
        .collect();
    let noted =
        diesel::insert_into(facility_register::table).values(rows).on_conflict(facility_register::county_code).do_update().set((
            facility_register::newest_entry.eq(excluded(facility_register::newest_entry)),
            facility_register::taken_in_at.eq(tx.at()),
        ));
    tx.execute(noted).await?;
    Ok(())
}

/// The facilities of these counties that are in operation, by code.
pub async fn in_operation(tx: &TenantTx, counties: &[CountyCode]) -> Result<Vec<KnownFacility>, StoreError> {
    let counties: Vec<&str> = counties.iter().map(|county| county.as_str()).collect();
    let rows: Vec<(String, String)> = facility::table
        .filter(facility::county_code.eq_any(counties))
        .filter(facility::operational)
        .order(facility::code)
        .select((facility::code, facility::name))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows.into_iter().map(|(code, name)| KnownFacility { code, name }).collect())
}
