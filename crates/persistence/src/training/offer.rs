//! The trainings that the members offer.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, IntoSql, QueryDsl, Queryable, QueryableByName, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, TrainingOfferId};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::training::{NewTrainingOffer, TrainingMode, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::TrainingOffer;
use crate::codes;
use crate::error::StoreError;
use crate::function::coalesce;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::schema::training_offer;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = training_offer, check_for_backend(Pg))]
pub(super) struct OfferRow {
    id: Uuid,
    organisation_id: Uuid,
    topic: String,
    title: String,
    description: String,
    modes: Vec<String>,
    county_codes: Vec<String>,
    languages: Vec<String>,
    duration_hours: f64,
    maximum_participants: i32,
    open_until: Option<NaiveDate>,
    closed_at: Option<DateTime<Utc>>,
    paused: bool,
}

impl TryFrom<OfferRow> for TrainingOffer {
    type Error = StoreError;

    fn try_from(row: OfferRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: TrainingOfferId(row.id),
            organisation: OrganisationId(row.organisation_id),
            topic: codes::read(&row.topic)?,
            title: row.title,
            description: row.description,
            modes: codes::read_all(&row.modes)?,
            counties: row.county_codes.iter().map(|code| codes::county(code)).collect::<Result<_, _>>()?,
            languages: codes::languages(&row.languages),
            duration_hours: row.duration_hours,
            maximum_participants: row.maximum_participants,
            open_until: row.open_until,
            closed_at: row.closed_at,
            paused: row.paused,
        })
    }
}

/// Which offers to list. An empty list means all.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    /// On one of these topics.
    pub topics: Vec<TrainingTopic>,
    /// Held in one of these counties, or everywhere.
    pub counties: Vec<CountyCode>,
    /// Held in one of these ways.
    pub modes: Vec<TrainingMode>,
    /// Held in one of these languages.
    pub languages: Vec<String>,
    /// Of one of these organisations. `Some` of an empty list matches nothing.
    pub organisations: Option<Vec<OrganisationId>>,
}

/// The cursor of a list of offers: title and id.
pub type OfferCursor = (String, Uuid);

/// The part of an offer that its organisation describes and may change.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = training_offer, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Description<'a> {
    title: &'a str,
    description: &'a str,
    modes: Vec<String>,
    county_codes: Vec<String>,
    languages: Vec<String>,
    duration_hours: f64,
    maximum_participants: i32,
    open_until: Option<NaiveDate>,
}

impl<'a> From<&'a NewTrainingOffer> for Description<'a> {
    fn from(new: &'a NewTrainingOffer) -> Self {
        Self {
            title: new.title.as_str(),
            description: new.description.as_str(),
            modes: codes::write_all(&new.modes),
            county_codes: new.counties.iter().map(ToString::to_string).collect(),
            languages: new.languages.iter().map(|language| language.as_str().to_owned()).collect(),
            duration_hours: new.duration_hours,
            maximum_participants: new.maximum_participants,
            open_until: new.open_until,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = training_offer)]
struct NewOfferRow<'a> {
    organisation_id: Uuid,
    id: Uuid,
    topic: &'a str,
    #[diesel(embed)]
    description: Description<'a>,
}

/// Adds an offer to the tenant's.
pub async fn insert(tx: &TenantTx, id: TrainingOfferId, new: &NewTrainingOffer) -> Result<(), StoreError> {
    let offer = NewOfferRow { organisation_id: tx.organisation()?.0, id: id.0, topic: new.topic.code(), description: new.into() };
    tx.execute(diesel::insert_into(training_offer::table).values(offer)).await?;
    Ok(())
}

/// Changes an offer of the tenant that isn't closed. Its topic stays. False when no such offer exists.
pub async fn update(tx: &TenantTx, id: TrainingOfferId, new: &NewTrainingOffer) -> Result<bool, StoreError> {
    let open = training_offer::table.find((tx.organisation()?.0, id.0)).filter(training_offer::closed_at.is_null());
    Ok(tx.execute(diesel::update(open).set(Description::from(new))).await? == 1)
}

/// Closes an offer of the tenant. A closed one stays closed. False when no such offer exists.
pub async fn close(tx: &TenantTx, id: TrainingOfferId) -> Result<bool, StoreError> {
    let closed = diesel::update(training_offer::table.find((tx.organisation()?.0, id.0)))
        .set(training_offer::closed_at.eq(coalesce(training_offer::closed_at, tx.at())));
    Ok(tx.execute(closed).await? == 1)
}

/// Pauses the offers of the tenant with these ids that aren't closed, or takes the pause back; without ids, all of them.
pub async fn set_paused(tx: &TenantTx, ids: Option<&[TrainingOfferId]>, paused: bool) -> Result<(), StoreError> {
    let (all, ids) = (ids.is_none(), ids.unwrap_or_default().iter().map(|id| id.0));
    let open = diesel::update(training_offer::table)
        .filter(training_offer::organisation_id.eq(tx.organisation()?.0))
        .filter(training_offer::closed_at.is_null())
        .filter(all.into_sql::<Bool>().or(training_offer::id.eq_any(ids)));
    tx.execute(open.set(training_offer::paused.eq(paused))).await?;
    Ok(())
}

/// The offers with these ids, as far as they exist; closed ones too.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingOfferId]) -> Result<Vec<TrainingOffer>, StoreError> {
    let rows: Vec<OfferRow> = training_offer::table
        .filter(training_offer::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(OfferRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(TrainingOffer::try_from).collect()
}

/// The most offers that a search looks at. A coalition has a tenth of that.
const MOST_SEARCHED: usize = 5_000;

/// The offers among which a search looks: those that can be asked for or are paused, and that the filter selects.
pub async fn searched(tx: &TenantTx, filter: &OfferFilter) -> Result<Vec<TrainingOffer>, StoreError> {
    let rows: Vec<OfferRow> = searched_statement(filter).rows(tx).await?;
    rows.into_iter().map(TrainingOffer::try_from).collect()
}

fn searched_statement(filter: &OfferFilter) -> Statement {
    let mut query = filtered(Statement::new(include_str!("open_offers.sql")), filter);
    query.push_sql(&format!(" LIMIT {MOST_SEARCHED}"));
    query
}

/// A page of the offers that can be asked for or are paused, sorted by title.
pub async fn page(tx: &TenantTx, filter: &OfferFilter, page: &Page<OfferCursor>) -> Result<PageOf<TrainingOffer>, StoreError> {
    let rows: Vec<OfferRow> = page_statement(filter, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(TrainingOffer::try_from).collect::<Result<Vec<_>, _>>()?))
}

/// Adds the conditions of a filter to a statement that ends in its WHERE conditions.
fn filtered(mut query: Statement, filter: &OfferFilter) -> Statement {
    let topics = (!filter.topics.is_empty()).then(|| codes::write_all(&filter.topics));
    query.push_if_given::<Array<Text>, _>("text[]", topics, |topics| format!("offer.topic = ANY ({topics})"));
    let counties: Vec<_> = filter.counties.iter().map(ToString::to_string).collect();
    let counties = (!counties.is_empty()).then_some(counties);
    query.push_if_given::<Array<Text>, _>("text[]", counties, |counties| {
        format!("offer.county_codes = '{{}}' OR offer.county_codes && {counties}")
    });
    let modes = (!filter.modes.is_empty()).then(|| codes::write_all(&filter.modes));
    query.push_if_given::<Array<Text>, _>("text[]", modes, |modes| format!("offer.modes && {modes}"));
    let languages = (!filter.languages.is_empty()).then(|| filter.languages.clone());
    query.push_if_given::<Array<Text>, _>("text[]", languages, |languages| format!("offer.languages && {languages}"));
    let organisations = filter.organisations.as_ref().map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
    query.push_if_given::<Array<SqlUuid>, _>("uuid[]", organisations, |ids| format!("offer.organisation_id = ANY ({ids})"));
    query
}

fn page_statement(filter: &OfferFilter, page: &Page<OfferCursor>) -> Statement {
    let mut query = filtered(Statement::new(include_str!("open_offers.sql")), filter);
    let key = [("offer.title", SortKind::Text), ("offer.id", SortKind::Id)].map(|(expression, kind)| SortColumn {
        expression,
        descending: false,
        kind,
    });
    push_page(&mut query, &key, page, |query, cursor| {
        vec![
            query.add::<Nullable<Text>, _>(cursor.map(|(title, _)| title.clone())),
            query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, id)| *id)),
        ]
    });
    query
}

/// The most offers that are compared with requests. A coalition has far fewer on one topic.
const MOST: usize = 500;

/// Selects the offers of other organisations on these topics that can be asked for now.
pub(super) fn of_others(topics: &[TrainingTopic]) -> Statement {
    let mut query = Statement::new(include_str!("open_offers.sql"));
    let topics = query.add::<Array<Text>, _>(codes::write_all(topics));
    query.push_sql(&format!(
        " AND offer.topic = ANY ({topics}) AND offer.organisation_id <> tenant() AND NOT offer.paused
         ORDER BY offer.id LIMIT {MOST}"
    ));
    query
}

/// Selects the tenant's own offers that can be asked for now.
pub(super) fn own() -> Statement {
    let mut query = Statement::new(include_str!("open_offers.sql"));
    query.push_sql(&format!(" AND offer.organisation_id = tenant() AND NOT offer.paused ORDER BY offer.id LIMIT {MOST}"));
    query
}

/// A page from either end, what is searched, and the statements that match offers with requests. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    let all = OfferFilter::default();
    let pages = every_page().map(|page| page_statement(&all, &page));
    pages.into_iter().chain([searched_statement(&all), of_others(&[]), own()]).collect()
}
