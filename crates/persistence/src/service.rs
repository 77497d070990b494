//! What the members offer.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{FacilityId, OrganisationId, ServiceId};
use pamoja_domain::organisation::Population;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::service::{CAPACITY_FRESH_DAYS, Capacity, NewService, ServiceType};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::schema::service;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// How alike a whole word of the name and a word that was typed must be, from 0 to 1: a letter that is missing from a word of four and two
/// letters in the wrong order in a word of six are forgiven; two first letters in common are not enough.
const WORD_SIMILARITY: f32 = 0.27;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Who offers it.
    pub organisation: OrganisationId,
    /// What is offered.
    pub service_type: ServiceType,
    /// How it is called.
    pub name: String,
    /// Where.
    pub county: CountyCode,
    /// For whom; empty means for everyone.
    pub populations: Vec<Population>,
    /// Whether people under 18 are served.
    pub accepts_minors: bool,
    /// The facility of the national register where it is offered.
    pub facility: Option<FacilityId>,
    /// The capacity as it was stated.
    pub capacity: Capacity,
    /// When it was stated.
    pub capacity_updated_at: Option<DateTime<Utc>>,
    /// Since when it is no longer offered.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the organisation last said that it is offered as described and that it vouches for the place.
    pub checked_at: DateTime<Utc>,
    /// Whether its place is not known to be friendly to key populations; the second half of its place in the list.
    pub unfriendly: bool,
}

#[derive(QueryableByName)]
pub(crate) struct ServiceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    service_type: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Array<Text>)]
    populations: Vec<String>,
    #[diesel(sql_type = Bool)]
    accepts_minors: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    facility_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    capacity: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    capacity_updated_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    checked_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    unfriendly: bool,
}

/// A member's own place counts as friendly; a facility counts when the register says so.
const UNFRIENDLY: &str = "(service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE)";

/// What a [`ServiceRow`] is read from, of a service and its facility.
pub(crate) fn columns() -> String {
    format!(
        "service.id, service.organisation_id, service.service_type, service.name, service.county_code, service.populations,
             service.accepts_minors, service.facility_id, service.capacity, service.capacity_updated_at, service.closed_at, service.checked_at,
             {UNFRIENDLY} AS unfriendly"
    )
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM service LEFT JOIN facility ON facility.id = service.facility_id WHERE {condition}", columns())
}

impl TryFrom<ServiceRow> for Service {
    type Error = StoreError;

    fn try_from(row: ServiceRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ServiceId(row.id),
            organisation: OrganisationId(row.organisation_id),
            service_type: codes::read(&row.service_type)?,
            name: row.name,
            county: codes::county(&row.county_code)?,
            populations: codes::read_all(&row.populations)?,
            accepts_minors: row.accepts_minors,
            facility: row.facility_id.map(FacilityId),
            capacity: codes::read(&row.capacity)?,
            capacity_updated_at: row.capacity_updated_at,
            closed_at: row.closed_at,
            checked_at: row.checked_at,
            unfriendly: row.unfriendly,
        })
    }
}

/// Which services; an empty list means all.
#[derive(Clone, Debug, Default)]
pub struct ServiceFilter {
    /// Of one of these types.
    pub service_types: Vec<ServiceType>,
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// For one of these populations, or for everyone.
    pub populations: Vec<Population>,
    /// With one of these capacities as they read now.
    pub capacities: Vec<Capacity>,
    /// Of one of these organisations; `Some` of nothing finds nothing.
    pub organisations: Option<Vec<OrganisationId>>,
    /// Words of the name, each of which must be found, typing errors forgiven.
    pub words: Vec<String>,
}

/// Where a page of services ends: whether its place isn't friendly, name, id.
pub type ServiceCursor = (bool, String, Uuid);

/// Adds a service of the own organisation.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &TenantTx, id: ServiceId, new: &NewService) -> Result<(), StoreError> {
    diesel::insert_into(service::table)
        .values((
            service::organisation_id.eq(tx.organisation()?.0),
            service::id.eq(id.0),
            service::service_type.eq(new.service_type.code()),
            service::name.eq(new.name.as_str()),
            service::county_code.eq(new.county.as_str()),
            service::populations.eq(codes::write_all(&new.populations)),
            service::accepts_minors.eq(new.accepts_minors),
            service::facility_id.eq(new.facility.map(|facility| facility.0)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Changes a service of the own organisation that isn't closed; its type stays. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn update(tx: &TenantTx, id: ServiceId, new: &NewService) -> Result<bool, StoreError> {
    let changed = diesel::update(service::table.find((tx.organisation()?.0, id.0)).filter(service::closed_at.is_null()))
        .set((
            service::name.eq(new.name.as_str()),
            service::county_code.eq(new.county.as_str()),
            service::populations.eq(codes::write_all(&new.populations)),
            service::accepts_minors.eq(new.accepts_minors),
            service::facility_id.eq(new.facility.map(|facility| facility.0)),
            service::checked_at.eq(tx.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(changed == 1)
}

/// Closes a service of the own organisation; one that is closed stays so. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &TenantTx, id: ServiceId) -> Result<bool, StoreError> {
    let changed = Statement::new(
        "UPDATE service SET closed_at = coalesce(closed_at, moment()) WHERE organisation_id = tenant() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.0)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// States the capacity of a service of the own organisation that isn't closed. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn set_capacity(tx: &TenantTx, id: ServiceId, capacity: Capacity) -> Result<bool, StoreError> {
    // Who says that nobody knows has neither stated nor checked anything.
    let stated = capacity != Capacity::Unknown;
    let changed = Statement::new(
        "UPDATE service SET capacity = $2, capacity_updated_at = CASE WHEN $3 THEN moment() END,
             checked_at = CASE WHEN $3 THEN moment() ELSE checked_at END
         WHERE organisation_id = tenant() AND id = $1 AND closed_at IS NULL",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Text, _>(capacity.code())
    .bind::<Bool, _>(stated)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Notes that a service of the own organisation that isn't closed is offered as described. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tx: &TenantTx, id: ServiceId) -> Result<bool, StoreError> {
    let changed = diesel::update(service::table.find((tx.organisation()?.0, id.0)).filter(service::closed_at.is_null()))
        .set(service::checked_at.eq(tx.at()))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(changed == 1)
}

/// Those of the services that exist, closed ones too.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[ServiceId]) -> Result<Vec<Service>, StoreError> {
    let query =
        Statement::new(select("service.id = ANY ($1)")).bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let rows: Vec<ServiceRow> = query.rows(tx).await?;
    rows.into_iter().map(Service::try_from).collect()
}

/// What an organisation offers of one type and hasn't closed.
///
/// # Errors
/// When the database fails.
pub async fn offered(tx: &TenantTx, organisation: OrganisationId, service_type: ServiceType) -> Result<Vec<Service>, StoreError> {
    let condition = "service.organisation_id = $1 AND service.service_type = $2 AND service.closed_at IS NULL";
    let query = Statement::new(select(condition)).bind::<SqlUuid, _>(organisation.0).bind::<Text, _>(service_type.code());
    let rows: Vec<ServiceRow> = query.rows(tx).await?;
    rows.into_iter().map(Service::try_from).collect()
}

/// The same of several organisations, each with a type.
///
/// # Errors
/// When the database fails.
pub async fn offered_by(tx: &TenantTx, sought: &[(OrganisationId, ServiceType)]) -> Result<Vec<Service>, StoreError> {
    let condition = "(service.organisation_id, service.service_type) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
         AND service.closed_at IS NULL";
    let query = Statement::new(select(condition))
        .bind::<Array<SqlUuid>, _>(sought.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(sought.iter().map(|(_, service_type)| service_type.code()).collect::<Vec<_>>());
    let rows: Vec<ServiceRow> = query.rows(tx).await?;
    rows.into_iter().map(Service::try_from).collect()
}

/// A page of what active members offer, friendly places first, then by name.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &TenantTx, filter: &ServiceFilter, page: &Page<ServiceCursor>) -> Result<PageOf<Service>, StoreError> {
    let mut query = Statement::new(select(
        "service.closed_at IS NULL AND service.organisation_id IN (SELECT id FROM organisation WHERE status = 'ACTIVE')",
    ));
    if !filter.service_types.is_empty() {
        let types = query.add::<Array<Text>, _>(codes::write_all(&filter.service_types));
        query.push(&format!(" AND service.service_type = ANY ({types})"));
    }
    if !filter.counties.is_empty() {
        let counties = query.add::<Array<Text>, _>(filter.counties.iter().map(ToString::to_string).collect::<Vec<_>>());
        query.push(&format!(" AND service.county_code = ANY ({counties})"));
    }
    if !filter.populations.is_empty() {
        let populations = query.add::<Array<Text>, _>(codes::write_all(&filter.populations));
        query.push(&format!(" AND (service.populations = '{{}}' OR service.populations && {populations})"));
    }
    if !filter.capacities.is_empty() {
        let capacities = query.add::<Array<Text>, _>(codes::write_all(&filter.capacities));
        query.push(&format!(
            " AND CASE WHEN service.capacity_updated_at >= moment() - interval '{CAPACITY_FRESH_DAYS} days'
                 THEN service.capacity ELSE 'UNKNOWN' END = ANY ({capacities})"
        ));
    }
    if let Some(organisations) = &filter.organisations {
        let ids = query.add::<Array<SqlUuid>, _>(organisations.iter().map(|id| id.0).collect::<Vec<_>>());
        query.push(&format!(" AND service.organisation_id = ANY ({ids})"));
    }
    push_words(&mut query, "service.name", &filter.words);
    let key = [UNFRIENDLY, "service.name", "service.id"].map(|expression| SortColumn { expression, descending: false });
    push_page(&mut query, &key, page, |query, (unfriendly, name, id)| {
        vec![query.add::<Bool, _>(*unfriendly), query.add::<Text, _>(name.clone()), query.add::<SqlUuid, _>(*id)]
    });
    let rows: Vec<ServiceRow> = query.rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Service::try_from).collect::<Result<Vec<_>, _>>()?))
}

/// Adds a condition for each word: it must be like some word of that column.
pub(crate) fn push_words(query: &mut Statement, column: &str, words: &[String]) {
    for word in words {
        let bound = query.add::<Text, _>(word.clone());
        query.push(&format!(" AND strict_word_similarity({bound}, {column}) >= {WORD_SIMILARITY}"));
    }
}
