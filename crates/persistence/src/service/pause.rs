//! Pausing the tenant's services.

use diesel::sql_types::Bool;
use diesel::{BoolExpressionMethods, ExpressionMethods, IntoSql};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ServiceId;
use pamoja_domain::page::{MAXIMUM_PAGE, Page, PageEnd};
use uuid::Uuid;

use super::{Service, ServiceFilter};
use crate::error::StoreError;
use crate::outbox;
use crate::schema::service;
use crate::transaction::TenantTx;

/// Pauses the services of the tenant with these ids that aren't closed, or takes the pause back; without ids, all of them. Those
/// that it changes are announced to every member.
pub async fn set_paused(tx: &TenantTx, ids: Option<&[ServiceId]>, paused: bool) -> Result<(), StoreError> {
    let (all, ids) = (ids.is_none(), ids.unwrap_or_default().iter().map(|id| id.0));
    let changed: Vec<Uuid> = diesel::update(service::table)
        .filter(service::organisation_id.eq(tx.organisation()?.0))
        .filter(service::closed_at.is_null())
        .filter(service::paused.ne(paused))
        .filter(all.into_sql::<Bool>().or(service::id.eq_any(ids)))
        .set(service::paused.eq(paused))
        .returning(service::id)
        .get_results(&mut tx.connection()?)
        .await?;
    outbox::announce_each_to_all(tx, ChangeKind::Service, &changed).await
}

/// The first services of the tenant, as the directory lists them: as many as a page can have.
pub async fn shown_as_own(tx: &TenantTx) -> Result<Vec<Service>, StoreError> {
    let own = ServiceFilter { organisations: Some(vec![tx.organisation()?]), ..ServiceFilter::default() };
    let first = Page { size: MAXIMUM_PAGE, end: PageEnd::First, after: None, before: None };
    Ok(super::page(tx, &own, &first).await?.items)
}
