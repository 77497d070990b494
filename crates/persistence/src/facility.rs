//! The national facility register.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::facility::RegisterFacility;
use pamoja_domain::id::FacilityId;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::service::ServiceType;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::service::push_words;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A facility of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Our id.
    pub id: FacilityId,
    /// What the register knows of it.
    pub register: RegisterFacility,
}

#[derive(QueryableByName)]
struct FacilityRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    level: Option<String>,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    sub_county: Option<String>,
    #[diesel(sql_type = Bool)]
    operational: bool,
    #[diesel(sql_type = Bool)]
    key_population_friendly: bool,
    #[diesel(sql_type = Array<Text>)]
    service_types: Vec<String>,
}

const COLUMNS: &str = "id, code, name, level, county_code, sub_county, operational, key_population_friendly, service_types";

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

/// Which facilities; an empty list means all.
#[derive(Clone, Debug, Default)]
pub struct FacilityFilter {
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// Offering one of these.
    pub service_types: Vec<ServiceType>,
    /// Whether the register lists HIV risk reduction for key populations there.
    pub key_population_friendly: Option<bool>,
    /// Words of the name, each of which must be found, typing errors forgiven.
    pub words: Vec<String>,
}

/// Where a page of facilities ends: whether it isn't friendly, name, id.
pub type FacilityCursor = (bool, String, Uuid);

/// A page of the facilities that are in operation, key-population-friendly ones first, then by name.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &TenantTx, filter: &FacilityFilter, page: &Page<FacilityCursor>) -> Result<PageOf<Facility>, StoreError> {
    let mut query = Statement::new(format!("SELECT {COLUMNS} FROM facility WHERE operational"));
    if !filter.counties.is_empty() {
        let counties = query.add::<Array<Text>, _>(filter.counties.iter().map(ToString::to_string).collect::<Vec<_>>());
        query.push(&format!(" AND county_code = ANY ({counties})"));
    }
    if !filter.service_types.is_empty() {
        let types = query.add::<Array<Text>, _>(codes::write_all(&filter.service_types));
        query.push(&format!(" AND service_types && {types}"));
    }
    if let Some(friendly) = filter.key_population_friendly {
        query.push(if friendly { " AND key_population_friendly" } else { " AND NOT key_population_friendly" });
    }
    push_words(&mut query, "name", &filter.words);
    let key = ["(NOT key_population_friendly)", "name", "id"].map(|expression| SortColumn { expression, descending: false });
    push_page(&mut query, &key, page, |query, (unfriendly, name, id)| {
        vec![query.add::<Bool, _>(*unfriendly), query.add::<Text, _>(name.clone()), query.add::<SqlUuid, _>(*id)]
    });
    let rows: Vec<FacilityRow> = query.rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Facility::try_from).collect::<Result<Vec<_>, _>>()?))
}

/// Those of the facilities that exist.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[FacilityId]) -> Result<Vec<Facility>, StoreError> {
    let query = Statement::new(format!("SELECT {COLUMNS} FROM facility WHERE id = ANY ($1)"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let rows: Vec<FacilityRow> = query.rows(tx).await?;
    rows.into_iter().map(Facility::try_from).collect()
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Not known before.
    pub added: usize,
    /// Known, and something about them is different now.
    pub changed: usize,
    /// Known, and closed according to the register now.
    pub closed: usize,
}

#[derive(QueryableByName)]
struct ImportedRow {
    #[diesel(sql_type = Integer)]
    added: i32,
    #[diesel(sql_type = Integer)]
    changed: i32,
}

/// Takes facilities of the register in; one that is as it was stays untouched. For operators.
///
/// # Errors
/// When the database fails.
pub async fn import(tx: &TenantTx, facilities: &[RegisterFacility]) -> Result<Imported, StoreError> {
    let text = |of: fn(&RegisterFacility) -> Option<String>| facilities.iter().map(of).collect::<Vec<_>>();
    let flag = |of: fn(&RegisterFacility) -> bool| facilities.iter().map(of).collect::<Vec<_>>();
    // One that was there before keeps the id that it had. Service types travel as one text a facility: PostgreSQL has no arrays of arrays of unequal length.
    let rows: Vec<ImportedRow> = Statement::new(
        "WITH incoming AS (
             SELECT gen_random_uuid() AS id, code, name, level, county_code, sub_county, operational, friendly, string_to_array(types, ' ') AS types
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::text[])
                 AS facility (code, name, level, county_code, sub_county, operational, friendly, types)
         ), taken_in AS (
             INSERT INTO facility AS known (id, code, name, level, county_code, sub_county, operational, key_population_friendly, service_types)
             SELECT id, code, name, level, county_code, sub_county, operational, friendly, types FROM incoming
             ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, county_code = excluded.county_code,
                 sub_county = excluded.sub_county, operational = excluded.operational,
                 key_population_friendly = excluded.key_population_friendly, service_types = excluded.service_types, imported_at = moment()
             WHERE (known.name, known.level, known.county_code, known.sub_county, known.operational, known.key_population_friendly, known.service_types)
                 IS DISTINCT FROM (excluded.name, excluded.level, excluded.county_code, excluded.sub_county, excluded.operational,
                 excluded.key_population_friendly, excluded.service_types)
             RETURNING id IN (SELECT id FROM incoming) AS added
         )
         SELECT count(*) FILTER (WHERE added)::integer AS added, count(*) FILTER (WHERE NOT added)::integer AS changed FROM taken_in",
    )
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
    let row = rows.first().ok_or_else(|| StoreError::Inconsistent("an import answered nothing".to_owned()))?;
    Ok(Imported { added: row.added as usize, changed: row.changed as usize, closed: 0 })
}

/// Marks facilities as no longer in operation, by their codes; those unknown or closed already stay as they are. For operators.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &TenantTx, codes: &[String]) -> Result<usize, StoreError> {
    Statement::new("UPDATE facility SET operational = false, imported_at = moment() WHERE code = ANY ($1) AND operational")
        .bind::<Array<Text>, _>(codes.to_vec())
        .run(tx)
        .await
}
