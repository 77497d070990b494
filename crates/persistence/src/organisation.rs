//! The member organisations of the coalition.

use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::schema::organisation;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A member organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// The populations that it serves.
    pub populations: Vec<Population>,
    /// The counties that it works in.
    pub counties: Vec<CountyCode>,
    /// The status of its membership.
    pub status: MembershipStatus,
}

#[derive(Queryable, Selectable, Insertable, QueryableByName)]
#[diesel(table_name = organisation, check_for_backend(diesel::pg::Pg))]
struct OrganisationRow {
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    populations: Vec<String>,
    counties: Vec<String>,
    status: String,
}

impl TryFrom<OrganisationRow> for Organisation {
    type Error = StoreError;

    fn try_from(row: OrganisationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OrganisationId(row.id),
            slug: row.slug,
            name: row.name,
            kind: codes::read(&row.kind)?,
            populations: codes::read_all(&row.populations)?,
            counties: row.counties.iter().map(|code| codes::county(code)).collect::<Result<_, _>>()?,
            status: codes::read(&row.status)?,
        })
    }
}

/// Which organisations to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct OrganisationFilter {
    /// Of one of these kinds.
    pub kinds: Vec<OrganisationKind>,
    /// Working in one of these counties.
    pub counties: Vec<CountyCode>,
    /// Serving one of these populations.
    pub populations: Vec<Population>,
}

/// The cursor of a list of organisations: name and id.
pub type OrganisationCursor = (String, Uuid);

/// Adds an organisation. Operators call it.
///
/// # Errors
/// [`StoreError::Conflict`] when the short name is taken.
pub async fn insert(tx: &TenantTx, organisation: &Organisation) -> Result<(), StoreError> {
    let row = OrganisationRow {
        id: organisation.id.0,
        slug: organisation.slug.clone(),
        name: organisation.name.clone(),
        kind: organisation.kind.code().to_owned(),
        populations: codes::write_all(&organisation.populations),
        counties: organisation.counties.iter().map(ToString::to_string).collect(),
        status: organisation.status.code().to_owned(),
    };
    diesel::insert_into(organisation::table).values(row).execute(&mut tx.connection()?).await?;
    Ok(())
}

/// Changes the status of an organisation's membership. Operators call it.
///
/// # Errors
/// [`StoreError::Inconsistent`] when no organisation has this id.
pub async fn set_status(tx: &TenantTx, id: OrganisationId, status: MembershipStatus) -> Result<(), StoreError> {
    let changed = diesel::update(organisation::table.filter(organisation::id.eq(id.0)))
        .set(organisation::status.eq(status.code()))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Inconsistent("there is no such organisation".to_owned())) }
}

/// The organisation with that short name.
pub async fn find_by_slug(tx: &TenantTx, slug: &str) -> Result<Option<Organisation>, StoreError> {
    let row: Option<OrganisationRow> = organisation::table
        .filter(organisation::slug.eq(slug))
        .select(OrganisationRow::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    row.map(Organisation::try_from).transpose()
}

/// The ids of all organisations, for jobs that go from one to the next.
pub async fn ids(tx: &TenantTx) -> Result<Vec<OrganisationId>, StoreError> {
    let ids: Vec<Uuid> = organisation::table.select(organisation::id).order(organisation::id).load(&mut tx.connection()?).await?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// The organisations with these ids, as far as they exist.
pub async fn by_ids(tx: &TenantTx, ids: &[OrganisationId]) -> Result<Vec<Organisation>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<OrganisationRow> = organisation::table
        .filter(organisation::id.eq_any(ids))
        .select(OrganisationRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(Organisation::try_from).collect()
}

/// A page of the organisations, sorted by name.
pub async fn page(
    tx: &TenantTx,
    filter: &OrganisationFilter,
    page: &Page<OrganisationCursor>,
) -> Result<PageOf<Organisation>, StoreError> {
    let rows: Vec<OrganisationRow> = page_statement(filter, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Organisation::try_from).collect::<Result<Vec<_>, _>>()?))
}

fn page_statement(filter: &OrganisationFilter, page: &Page<OrganisationCursor>) -> Statement {
    let mut query = Statement::new(include_str!("organisation/all.sql"));
    let kinds = (!filter.kinds.is_empty()).then(|| codes::write_all(&filter.kinds));
    query.push_if_given::<Array<Text>, _>("text[]", kinds, |kinds| format!("kind = ANY ({kinds})"));
    let counties: Vec<_> = filter.counties.iter().map(ToString::to_string).collect();
    let counties = (!counties.is_empty()).then_some(counties);
    query.push_if_given::<Array<Text>, _>("text[]", counties, |counties| format!("counties && {counties}"));
    let populations = (!filter.populations.is_empty()).then(|| codes::write_all(&filter.populations));
    query.push_if_given::<Array<Text>, _>("text[]", populations, |populations| format!("populations && {populations}"));
    let key = [("name", SortKind::Text), ("id", SortKind::Id)].map(|(expression, kind)| SortColumn {
        expression,
        descending: false,
        kind,
    });
    push_page(&mut query, &key, page, |query, cursor| {
        vec![
            query.add::<Nullable<Text>, _>(cursor.map(|(name, _)| name.clone())),
            query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, id)| *id)),
        ]
    });
    query
}

/// A page from either end. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    every_page().map(|page| page_statement(&OrganisationFilter::default(), &page)).into()
}
