//! What a search in the services looks at.

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::ServiceId;
use pamoja_domain::service::ServiceType;
use uuid::Uuid;

use super::{ServiceFilter, filtered};
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The most services that a search looks at. A coalition has a tenth of that.
const MOST: usize = 20_000;

/// What a search looks at in a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchedService {
    /// The service's id.
    pub id: ServiceId,
    /// Its type.
    pub service_type: ServiceType,
    /// Its name.
    pub name: String,
    /// The county where it is offered.
    pub county: CountyCode,
    /// The name of the organisation that offers it.
    pub organisation_name: String,
    /// The short name of that organisation.
    pub slug: String,
    /// The register's code for the facility where it is offered.
    pub facility_code: Option<String>,
    /// The name of that facility.
    pub facility_name: Option<String>,
    /// The sub-county of that facility.
    pub sub_county: Option<String>,
    /// Whether its place is not known to be friendly to key populations.
    pub unfriendly: bool,
}

#[derive(QueryableByName)]
struct SearchedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    service_type: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Text)]
    organisation_name: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Nullable<Text>)]
    facility_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    facility_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    sub_county: Option<String>,
    #[diesel(sql_type = Bool)]
    unfriendly: bool,
}

impl TryFrom<SearchedRow> for SearchedService {
    type Error = StoreError;

    fn try_from(row: SearchedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ServiceId(row.id),
            service_type: codes::read(&row.service_type)?,
            name: row.name,
            county: codes::county(&row.county_code)?,
            organisation_name: row.organisation_name,
            slug: row.slug,
            facility_code: row.facility_code,
            facility_name: row.facility_name,
            sub_county: row.sub_county,
            unfriendly: row.unfriendly,
        })
    }
}

/// The services among which a search looks: those that active members offer and that the filter selects.
pub async fn searched(tx: &TenantTx, filter: &ServiceFilter) -> Result<Vec<SearchedService>, StoreError> {
    let rows: Vec<SearchedRow> = searched_statement(filter).rows(tx).await?;
    rows.into_iter().map(SearchedService::try_from).collect()
}

fn searched_statement(filter: &ServiceFilter) -> Statement {
    let mut query = filtered(Statement::new(include_str!("searched.sql")), filter);
    query.push_sql(&format!(" LIMIT {MOST}"));
    query
}

/// What is searched. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    vec![searched_statement(&ServiceFilter::default())]
}
