//! What a search in the register looks at.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::facility::MAX_ROWS;
use pamoja_domain::id::FacilityId;
use pamoja_domain::service::ServiceType;
use uuid::Uuid;

use super::{FacilityFilter, filtered};
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What a search looks at in a facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchedFacility {
    /// The facility's id.
    pub id: FacilityId,
    /// The register's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its level of care.
    pub level: Option<String>,
    /// Its county.
    pub county: CountyCode,
    /// Its sub-county.
    pub sub_county: Option<String>,
    /// Whether the register lists HIV risk reduction for key populations there.
    pub key_population_friendly: bool,
    /// The service types that the register lists there.
    pub service_types: Vec<ServiceType>,
}

#[derive(QueryableByName)]
struct SearchedRow {
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
    key_population_friendly: bool,
    #[diesel(sql_type = Array<Text>)]
    service_types: Vec<String>,
}

impl TryFrom<SearchedRow> for SearchedFacility {
    type Error = StoreError;

    fn try_from(row: SearchedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: FacilityId(row.id),
            code: row.code,
            name: row.name,
            level: row.level,
            county: codes::county(&row.county_code)?,
            sub_county: row.sub_county,
            key_population_friendly: row.key_population_friendly,
            service_types: codes::read_all(&row.service_types)?,
        })
    }
}

/// The facilities among which a search looks: those in operation that the filter selects.
pub async fn searched(tx: &TenantTx, filter: &FacilityFilter) -> Result<Vec<SearchedFacility>, StoreError> {
    let rows: Vec<SearchedRow> = searched_statement(filter).rows(tx).await?;
    rows.into_iter().map(SearchedFacility::try_from).collect()
}

fn searched_statement(filter: &FacilityFilter) -> Statement {
    let mut query = filtered(Statement::new(include_str!("searched.sql")), filter);
    query.push_sql(&format!(" LIMIT {MAX_ROWS}"));
    query
}

/// What is searched. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    vec![searched_statement(&FacilityFilter::default())]
}
