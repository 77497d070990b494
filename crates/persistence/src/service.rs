//! The services that the members offer.

mod pause;
pub mod search;
pub mod suggestion;

pub use pause::{set_paused, shown_as_own};

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{AsChangeset, ExpressionMethods, Insertable, NullableExpressionMethods, QueryDsl, QueryableByName};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::contact::Contact;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{FacilityId, OrganisationId, ServiceId};
use pamoja_domain::organisation::Population;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::service::{CAPACITY_FRESH_DAYS, Capacity, NewService, ServiceType};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function::coalesce;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::schema::service;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, contact, outbox};

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// The organisation that offers it.
    pub organisation: OrganisationId,
    /// Its type.
    pub service_type: ServiceType,
    /// Its name.
    pub name: String,
    /// The county where it is offered.
    pub county: CountyCode,
    /// The populations that it is for. Empty means everyone.
    pub populations: Vec<Population>,
    /// Whether it serves people under 18.
    pub accepts_minors: bool,
    /// The facility of the national register where it is offered; none at a place of the organisation's own.
    pub facility: Option<FacilityId>,
    /// The capacity that the organisation stated.
    pub capacity: Capacity,
    /// When the organisation stated the capacity.
    pub capacity_updated_at: Option<DateTime<Utc>>,
    /// When it was closed; none while it is offered.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the organisation last confirmed that the service is offered as described and that it vouches for the place.
    pub checked_at: DateTime<Utc>,
    /// Whether it takes no new referral for now.
    pub paused: bool,
    /// How members reach it.
    pub contact: Contact,
    /// Whether the register says that its facility is closed.
    pub facility_closed: bool,
    /// Whether its place is not known to be friendly to key populations. It is part of the list's sort key.
    pub unfriendly: bool,
}

#[derive(QueryableByName)]
#[diesel(table_name = service)]
pub(crate) struct ServiceRow {
    id: Uuid,
    organisation_id: Uuid,
    service_type: String,
    name: String,
    county_code: String,
    populations: Vec<String>,
    accepts_minors: bool,
    facility_id: Option<Uuid>,
    capacity: String,
    capacity_updated_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    checked_at: DateTime<Utc>,
    paused: bool,
    hours: Option<String>,
    languages: Vec<String>,
    line: Option<String>,
    #[diesel(sql_type = Bool)]
    facility_closed: bool,
    #[diesel(sql_type = Bool)]
    unfriendly: bool,
}

/// The SQL expression of `unfriendly`, as the first part of the list's sort key.
const UNFRIENDLY: &str = "(service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE)";

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
            paused: row.paused,
            contact: contact::read(row.hours.as_deref(), &row.languages, row.line.as_deref()),
            facility_closed: row.facility_closed,
            unfriendly: row.unfriendly,
        })
    }
}

/// Which services to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct ServiceFilter {
    /// Of one of these types.
    pub service_types: Vec<ServiceType>,
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// For one of these populations, or for everyone.
    pub populations: Vec<Population>,
    /// With one of these capacities at present.
    pub capacities: Vec<Capacity>,
    /// Of one of these organisations. `Some` of an empty list matches nothing.
    pub organisations: Option<Vec<OrganisationId>>,
}

/// The cursor of a list of services: whether the place isn't friendly, name, id.
pub type ServiceCursor = (bool, String, Uuid);

/// The part of a service that its organisation describes and may change.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = service, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Description<'a> {
    name: &'a str,
    county_code: &'a str,
    populations: Vec<String>,
    accepts_minors: bool,
    facility_id: Option<Uuid>,
}

impl<'a> From<&'a NewService> for Description<'a> {
    fn from(new: &'a NewService) -> Self {
        Self {
            name: new.name.as_str(),
            county_code: new.county.as_str(),
            populations: codes::write_all(&new.populations),
            accepts_minors: new.accepts_minors,
            facility_id: new.facility.map(|facility| facility.0),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = service)]
struct NewServiceRow<'a> {
    organisation_id: Uuid,
    id: Uuid,
    service_type: &'a str,
    #[diesel(embed)]
    description: Description<'a>,
}

/// Adds a service to the tenant's, and announces it to every member.
pub async fn insert(tx: &TenantTx, id: ServiceId, new: &NewService) -> Result<(), StoreError> {
    let row = NewServiceRow {
        organisation_id: tx.organisation()?.0,
        id: id.0,
        service_type: new.service_type.code(),
        description: new.into(),
    };
    tx.execute(diesel::insert_into(service::table).values(row)).await?;
    outbox::announce_to_all(tx, ChangeKind::Service, id.0).await
}

/// Announces a changed service to every member. False when none was changed.
async fn announced(tx: &TenantTx, id: ServiceId, changed: usize) -> Result<bool, StoreError> {
    if changed == 0 {
        return Ok(false);
    }
    outbox::announce_to_all(tx, ChangeKind::Service, id.0).await?;
    Ok(true)
}

/// Changes a service of the tenant that isn't closed. Its type stays. False when no such service exists.
pub async fn update(tx: &TenantTx, id: ServiceId, new: &NewService) -> Result<bool, StoreError> {
    let open = service::table.find((tx.organisation()?.0, id.0)).filter(service::closed_at.is_null());
    let changed = diesel::update(open).set((Description::from(new), service::checked_at.eq(tx.at())));
    announced(tx, id, tx.execute(changed).await?).await
}

/// Closes a service of the tenant. A closed one stays closed. False when no such service exists.
pub async fn close(tx: &TenantTx, id: ServiceId) -> Result<bool, StoreError> {
    let closed = diesel::update(service::table.find((tx.organisation()?.0, id.0)))
        .set(service::closed_at.eq(coalesce(service::closed_at, tx.at())));
    announced(tx, id, tx.execute(closed).await?).await
}

/// States the capacity of a service of the tenant that isn't closed. False when no such service exists.
pub async fn set_capacity(tx: &TenantTx, id: ServiceId, capacity: Capacity) -> Result<bool, StoreError> {
    // UNKNOWN states no capacity and confirms nothing.
    let stated_at = (capacity != Capacity::Unknown).then(|| tx.at());
    let open = service::table.find((tx.organisation()?.0, id.0)).filter(service::closed_at.is_null());
    let changed = diesel::update(open).set((
        service::capacity.eq(capacity.code()),
        service::capacity_updated_at.eq(stated_at),
        service::checked_at.eq(coalesce(stated_at, service::checked_at).assume_not_null()),
    ));
    announced(tx, id, tx.execute(changed).await?).await
}

/// Confirms that a service of the tenant that isn't closed is offered as described. False when no such service exists.
pub async fn confirm(tx: &TenantTx, id: ServiceId) -> Result<bool, StoreError> {
    let open = service::table.find((tx.organisation()?.0, id.0)).filter(service::closed_at.is_null());
    announced(tx, id, tx.execute(diesel::update(open).set(service::checked_at.eq(tx.at()))).await?).await
}

/// Selects services with what the register says about their facility. The caller adds conditions.
fn all() -> Statement {
    Statement::new(include_str!("service/all.sql"))
}

async fn read(tx: &TenantTx, query: Statement) -> Result<Vec<Service>, StoreError> {
    let rows: Vec<ServiceRow> = query.rows(tx).await?;
    rows.into_iter().map(Service::try_from).collect()
}

/// The services with these ids, as far as they exist; closed ones too.
pub async fn by_ids(tx: &TenantTx, ids: &[ServiceId]) -> Result<Vec<Service>, StoreError> {
    read(tx, by_ids_statement(ids)).await
}

fn by_ids_statement(ids: &[ServiceId]) -> Statement {
    let mut query = all();
    let ids = query.add::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    query.push_sql(&format!(" AND service.id = ANY ({ids})"));
    query
}

/// The services of one type that an organisation offers and hasn't closed.
pub async fn offered(tx: &TenantTx, organisation: OrganisationId, service_type: ServiceType) -> Result<Vec<Service>, StoreError> {
    read(tx, offered_statement(organisation, service_type)).await
}

fn offered_statement(organisation: OrganisationId, service_type: ServiceType) -> Statement {
    let mut query = all();
    let organisation = query.add::<SqlUuid, _>(organisation.0);
    let service_type = query.add::<Text, _>(service_type.code());
    query.push_sql(&format!(
        " AND service.organisation_id = {organisation} AND service.service_type = {service_type} AND service.closed_at IS NULL"
    ));
    query
}

/// As [`offered`], for several organisations, each with a type.
pub async fn offered_by(tx: &TenantTx, sought: &[(OrganisationId, ServiceType)]) -> Result<Vec<Service>, StoreError> {
    read(tx, offered_by_statement(sought)).await
}

fn offered_by_statement(sought: &[(OrganisationId, ServiceType)]) -> Statement {
    let mut query = all();
    let organisations = query.add::<Array<SqlUuid>, _>(sought.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>());
    let types = query.add::<Array<Text>, _>(sought.iter().map(|(_, service_type)| service_type.code()).collect::<Vec<_>>());
    query.push_sql(&format!(
        " AND (service.organisation_id, service.service_type) IN (SELECT * FROM unnest({organisations}::uuid[], {types}::text[]))
         AND service.closed_at IS NULL"
    ));
    query
}

/// A page of the services that active members offer: those at friendly places first, then by name.
pub async fn page(tx: &TenantTx, filter: &ServiceFilter, page: &Page<ServiceCursor>) -> Result<PageOf<Service>, StoreError> {
    Ok(PageOf::from_read(page, read(tx, page_statement(filter, page)).await?))
}

/// Adds the conditions of a filter to a statement that ends in its WHERE conditions.
fn filtered(mut query: Statement, filter: &ServiceFilter) -> Statement {
    query.push_sql(
        " AND service.closed_at IS NULL AND service.organisation_id IN (SELECT id FROM organisation WHERE status = 'ACTIVE')",
    );
    let types = (!filter.service_types.is_empty()).then(|| codes::write_all(&filter.service_types));
    query.push_if_given::<Array<Text>, _>("text[]", types, |types| format!("service.service_type = ANY ({types})"));
    let counties: Vec<_> = filter.counties.iter().map(ToString::to_string).collect();
    let counties = (!counties.is_empty()).then_some(counties);
    query.push_if_given::<Array<Text>, _>("text[]", counties, |counties| format!("service.county_code = ANY ({counties})"));
    let populations = (!filter.populations.is_empty()).then(|| codes::write_all(&filter.populations));
    query.push_if_given::<Array<Text>, _>("text[]", populations, |populations| {
        format!("service.populations = '{{}}' OR service.populations && {populations}")
    });
    let capacities = (!filter.capacities.is_empty()).then(|| codes::write_all(&filter.capacities));
    query.push_if_given::<Array<Text>, _>("text[]", capacities, |capacities| {
        format!(
            "CASE WHEN service.capacity_updated_at >= moment() - interval '{CAPACITY_FRESH_DAYS} days'
                 THEN service.capacity ELSE 'UNKNOWN' END = ANY ({capacities})"
        )
    });
    let organisations = filter.organisations.as_ref().map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
    query.push_if_given::<Array<SqlUuid>, _>("uuid[]", organisations, |ids| format!("service.organisation_id = ANY ({ids})"));
    query
}

fn page_statement(filter: &ServiceFilter, page: &Page<ServiceCursor>) -> Statement {
    let mut query = filtered(all(), filter);
    let key = [(UNFRIENDLY, SortKind::Flag), ("service.name", SortKind::Text), ("service.id", SortKind::Id)]
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

/// A page from either end, and the other reads. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    let pages = every_page().map(|page| page_statement(&ServiceFilter::default(), &page));
    let offered = offered_statement(OrganisationId(Uuid::nil()), ServiceType::Other);
    pages.into_iter().chain([by_ids_statement(&[]), offered, offered_by_statement(&[])]).collect()
}
