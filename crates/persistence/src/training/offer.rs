//! What trainings the members offer.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Date, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, TrainingOfferId};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::training::{NewTrainingOffer, TrainingMode, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::TrainingOffer;
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::service::push_words;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What an [`OfferRow`] is read from.
pub(super) const COLUMNS: &str =
    "offer.id, offer.organisation_id, offer.topic, offer.title, offer.description, offer.modes, offer.county_codes,
    offer.languages, offer.duration_hours, offer.maximum_participants, offer.open_until, offer.closed_at";

/// Which offers can be asked for now.
pub(super) const OPEN: &str =
    "offer.closed_at IS NULL AND (offer.open_until IS NULL OR offer.open_until >= (SELECT present_day()))
    AND offer.organisation_id IN (SELECT id FROM organisation WHERE status = 'ACTIVE')";

#[derive(QueryableByName)]
pub(super) struct OfferRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Array<Text>)]
    modes: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    county_codes: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    languages: Vec<String>,
    #[diesel(sql_type = Double)]
    duration_hours: f64,
    #[diesel(sql_type = Integer)]
    maximum_participants: i32,
    #[diesel(sql_type = Nullable<Date>)]
    open_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
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
            languages: codes::languages(&row.languages)?,
            duration_hours: row.duration_hours,
            maximum_participants: row.maximum_participants,
            open_until: row.open_until,
            closed_at: row.closed_at,
        })
    }
}

/// Which offers; an empty list means all.
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
    /// Of one of these organisations; `Some` of nothing finds nothing.
    pub organisations: Option<Vec<OrganisationId>>,
    /// Words of title and description, each of which must be found, typing errors forgiven.
    pub words: Vec<String>,
}

/// Where a page of offers ends: title and id.
pub type OfferCursor = (String, Uuid);

/// Adds an offer of the own organisation.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &TenantTx, id: TrainingOfferId, new: &NewTrainingOffer) -> Result<(), StoreError> {
    let statement = Statement::new(
        "INSERT INTO training_offer (organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours,
             maximum_participants, open_until)
         VALUES (tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    );
    let statement = statement.bind::<SqlUuid, _>(id.0).bind::<Text, _>(new.topic.code());
    described(statement, new).run(tx).await?;
    Ok(())
}

/// Changes an offer of the own organisation that isn't closed; its topic stays. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn update(tx: &TenantTx, id: TrainingOfferId, new: &NewTrainingOffer) -> Result<bool, StoreError> {
    let statement = Statement::new(
        "UPDATE training_offer SET title = $2, description = $3, modes = $4, county_codes = $5, languages = $6, duration_hours = $7,
             maximum_participants = $8, open_until = $9
         WHERE organisation_id = tenant() AND id = $1 AND closed_at IS NULL",
    );
    Ok(described(statement.bind::<SqlUuid, _>(id.0), new).run(tx).await? == 1)
}

fn described(statement: Statement, new: &NewTrainingOffer) -> Statement {
    statement
        .bind::<Text, _>(new.title.as_str().to_owned())
        .bind::<Text, _>(new.description.as_str().to_owned())
        .bind::<Array<Text>, _>(codes::write_all(&new.modes))
        .bind::<Array<Text>, _>(new.counties.iter().map(ToString::to_string).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(new.languages.iter().map(|language| language.as_str().to_owned()).collect::<Vec<_>>())
        .bind::<Double, _>(new.duration_hours)
        .bind::<Integer, _>(new.maximum_participants)
        .bind::<Nullable<Date>, _>(new.open_until)
}

/// Closes an offer of the own organisation; one that is closed stays so. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &TenantTx, id: TrainingOfferId) -> Result<bool, StoreError> {
    let closed = Statement::new(
        "UPDATE training_offer SET closed_at = coalesce(closed_at, moment()) WHERE organisation_id = tenant() AND id = $1",
    );
    Ok(closed.bind::<SqlUuid, _>(id.0).run(tx).await? == 1)
}

/// Those of the offers that exist, closed ones too.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingOfferId]) -> Result<Vec<TrainingOffer>, StoreError> {
    let query = Statement::new(format!("SELECT {COLUMNS} FROM training_offer AS offer WHERE offer.id = ANY ($1)"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let rows: Vec<OfferRow> = query.rows(tx).await?;
    rows.into_iter().map(TrainingOffer::try_from).collect()
}

/// A page of what can be asked for, by title.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &TenantTx, filter: &OfferFilter, page: &Page<OfferCursor>) -> Result<PageOf<TrainingOffer>, StoreError> {
    let mut query = Statement::new(format!("SELECT {COLUMNS} FROM training_offer AS offer WHERE {OPEN}"));
    if !filter.topics.is_empty() {
        let topics = query.add::<Array<Text>, _>(codes::write_all(&filter.topics));
        query.push(&format!(" AND offer.topic = ANY ({topics})"));
    }
    if !filter.counties.is_empty() {
        let counties = query.add::<Array<Text>, _>(filter.counties.iter().map(ToString::to_string).collect::<Vec<_>>());
        query.push(&format!(" AND (offer.county_codes = '{{}}' OR offer.county_codes && {counties})"));
    }
    if !filter.modes.is_empty() {
        let modes = query.add::<Array<Text>, _>(codes::write_all(&filter.modes));
        query.push(&format!(" AND offer.modes && {modes}"));
    }
    if !filter.languages.is_empty() {
        let languages = query.add::<Array<Text>, _>(filter.languages.clone());
        query.push(&format!(" AND offer.languages && {languages}"));
    }
    if let Some(organisations) = &filter.organisations {
        let ids = query.add::<Array<SqlUuid>, _>(organisations.iter().map(|id| id.0).collect::<Vec<_>>());
        query.push(&format!(" AND offer.organisation_id = ANY ({ids})"));
    }
    push_words(&mut query, "offer.title || ' ' || offer.description", &filter.words);
    let key = ["offer.title", "offer.id"].map(|expression| SortColumn { expression, descending: false });
    push_page(&mut query, &key, page, |query, (title, id)| {
        vec![query.add::<Text, _>(title.clone()), query.add::<SqlUuid, _>(*id)]
    });
    let rows: Vec<OfferRow> = query.rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(TrainingOffer::try_from).collect::<Result<Vec<_>, _>>()?))
}
