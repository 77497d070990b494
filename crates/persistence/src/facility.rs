//! The national facility register.

mod register;
pub mod search;

use diesel::pg::Pg;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::facility::RegisterFacility;
use pamoja_domain::id::FacilityId;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::service::ServiceType;
use uuid::Uuid;

pub use self::register::{hold_register, in_operation, newest_entries, note_entries};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::schema::facility;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A facility of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Its id in this program.
    pub id: FacilityId,
    /// What the register says about it.
    pub register: RegisterFacility,
}

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = facility, check_for_backend(Pg))]
struct FacilityRow {
    id: Uuid,
    code: String,
    name: String,
    level: Option<String>,
    county_code: String,
    sub_county: Option<String>,
    operational: bool,
    key_population_friendly: bool,
    service_types: Vec<String>,
}

impl TryFrom<FacilityRow> for Facility {
    type Error = StoreError;

    fn try_from(row: FacilityRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: FacilityId(row.id),
            register: RegisterFacility {
                code: row.code,
                name: row.name,
                level: row.level,
                county: codes::county(&row.county_code)?,
                sub_county: row.sub_county,
                operational: row.operational,
                key_population_friendly: row.key_population_friendly,
                service_types: codes::read_all(&row.service_types)?,
            },
        })
    }
}

/// Which facilities to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct FacilityFilter {
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// Offering one of these service types.
    pub service_types: Vec<ServiceType>,
    /// Whether the register lists HIV risk reduction for key populations there.
    pub key_population_friendly: Option<bool>,
}

/// The cursor of a list of facilities: whether the facility isn't key-population-friendly, its name, its id.
pub type FacilityCursor = (bool, String, Uuid);

/// A page of the facilities in operation: key-population-friendly ones first, then by name.
pub async fn page(tx: &TenantTx, filter: &FacilityFilter, page: &Page<FacilityCursor>) -> Result<PageOf<Facility>, StoreError> {
    let rows: Vec<FacilityRow> = page_statement(filter, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Facility::try_from).collect::<Result<Vec<_>, _>>()?))
}

/// Adds the conditions of a filter to a statement that ends in its WHERE conditions.
fn filtered(mut query: Statement, filter: &FacilityFilter) -> Statement {
    let counties: Vec<_> = filter.counties.iter().map(ToString::to_string).collect();
    let counties = (!counties.is_empty()).then_some(counties);
    query.push_if_given::<Array<Text>, _>("text[]", counties, |counties| format!("county_code = ANY ({counties})"));
    let types = (!filter.service_types.is_empty()).then(|| codes::write_all(&filter.service_types));
    query.push_if_given::<Array<Text>, _>("text[]", types, |types| format!("service_types && {types}"));
    let friendly = filter.key_population_friendly;
    query.push_if_given::<Bool, _>("boolean", friendly, |friendly| format!("key_population_friendly = {friendly}"));
    query
}

fn page_statement(filter: &FacilityFilter, page: &Page<FacilityCursor>) -> Statement {
    let mut query = filtered(Statement::new(include_str!("facility/operational.sql")), filter);
    let key = [("(NOT key_population_friendly)", SortKind::Flag), ("name", SortKind::Text), ("id", SortKind::Id)]
        .map(|(expression, kind)| SortColumn { expression, descending: false, kind });
    push_page(&mut query, &key, page, |query, cursor| {
        vec![
            query.add::<Nullable<Bool>, _>(cursor.map(|(unfriendly, _, _)| *unfriendly)),
            query.add::<Nullable<Text>, _>(cursor.map(|(_, name, _)| name.clone())),
            query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, _, id)| *id)),
        ]
    });
    query
}

/// A page from either end. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    every_page().map(|page| page_statement(&FacilityFilter::default(), &page)).into()
}

/// The facilities with these ids, as far as they exist.
pub async fn by_ids(tx: &TenantTx, ids: &[FacilityId]) -> Result<Vec<Facility>, StoreError> {
    let rows: Vec<FacilityRow> = facility::table
        .filter(facility::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(FacilityRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(Facility::try_from).collect()
}

/// How many facilities an import added, changed and closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Facilities that were not known before.
    pub added: usize,
    /// Known facilities whose details have changed, also whether they are in operation.
    pub changed: usize,
    /// Known facilities that were in operation and that the register now says are closed.
    pub closed: usize,
}

#[derive(QueryableByName)]
struct ImportedRow {
    #[diesel(sql_type = Integer)]
    added: i32,
    #[diesel(sql_type = Integer)]
    changed: i32,
    #[diesel(sql_type = Integer)]
    closed: i32,
}

/// Adds the register's facilities, or updates those already known. One that hasn't changed is left untouched. Operators call it.
/// What the register leaves out because it is closed it doesn't close: see [`close`].
pub async fn import(tx: &TenantTx, facilities: &[RegisterFacility]) -> Result<Imported, StoreError> {
    let text = |of: fn(&RegisterFacility) -> Option<String>| facilities.iter().map(of).collect::<Vec<_>>();
    let flag = |of: fn(&RegisterFacility) -> bool| facilities.iter().map(of).collect::<Vec<_>>();
    let rows: Vec<ImportedRow> = Statement::new(include_str!("facility/import.sql"))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| Some(facility.code.clone())))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| Some(facility.name.clone())))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| facility.level.clone()))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| Some(facility.county.to_string())))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| facility.sub_county.clone()))
        .bind::<Array<Bool>, _>(flag(|facility| facility.operational))
        .bind::<Array<Bool>, _>(flag(|facility| facility.key_population_friendly))
        .bind::<Array<Nullable<Text>>, _>(text(|facility| Some(codes::write_all(&facility.service_types).join(" "))))
        .rows(tx)
        .await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::Inconsistent("an import answered nothing".to_owned()))?;
    Ok(Imported { added: row.added as usize, changed: row.changed as usize, closed: row.closed as usize })
}

/// Marks the facilities with these codes as no longer in operation. Unknown codes and closed facilities stay as they are.
/// Operators call it.
pub async fn close(tx: &TenantTx, codes: &[String]) -> Result<usize, StoreError> {
    let open = facility::table.filter(facility::code.eq_any(codes.to_vec())).filter(facility::operational);
    let closed = diesel::update(open).set((facility::operational.eq(false), facility::imported_at.eq(tx.at())));
    tx.execute(closed).await
}
