//! The tenant's own figures on trainings: exact and up to date. Only trainings that were held count.

use chrono::DateTime;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use pamoja_domain::month::Month;
use pamoja_domain::training::{TrainingFigureGrouping, TrainingSide};
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The figures of one group of trainings, or of all together.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct Figure {
    /// The topic, the month or the cadre. Empty for all together.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// How many trainings were held.
    #[diesel(sql_type = BigInt)]
    pub trainings: i64,
    /// How many people came.
    #[diesel(sql_type = BigInt)]
    pub participants: i64,
    /// How many hours the trainings lasted in total.
    #[diesel(sql_type = Double)]
    pub hours: f64,
    /// For how many people both scores, before and after, are known. Of received trainings 0: only the trainer knows.
    #[diesel(sql_type = BigInt)]
    pub pairs: i64,
    /// How much scores rose on average: over these people; of received trainings, over those whose evaluation the tenant may read.
    #[diesel(sql_type = Nullable<Double>)]
    pub score_gain: Option<f64>,
    /// How many people were asked after three months.
    #[diesel(sql_type = BigInt)]
    pub asked_after_3: i64,
    /// How many of them still used what they learned.
    #[diesel(sql_type = BigInt)]
    pub still_using_after_3: i64,
    /// How many people were asked after six months.
    #[diesel(sql_type = BigInt)]
    pub asked_after_6: i64,
    /// How many of them still used what they learned.
    #[diesel(sql_type = BigInt)]
    pub still_using_after_6: i64,
}

/// The SQL columns of the figures, over the trainings of a group.
const MEASURES: &str =
    "count(*) AS trainings, coalesce(sum(people), 0)::bigint AS participants, coalesce(sum(hours), 0) AS hours,
    coalesce(sum(pairs), 0)::bigint AS pairs, sum(gain * weight) / nullif(sum(weight), 0) AS score_gain,
    coalesce(sum(asked_3), 0)::bigint AS asked_after_3, coalesce(sum(using_3), 0)::bigint AS still_using_after_3,
    coalesce(sum(asked_6), 0)::bigint AS asked_after_6, coalesce(sum(using_6), 0)::bigint AS still_using_after_6";

/// The figures by cadre, beside those of all together. Scores and follow-ups are recorded without a cadre, so they are left out.
const BY_CADRE: &str = "UNION ALL SELECT cadre, count(*), sum(people)::bigint, sum(hours), 0, NULL, 0, 0, 0, 0
    FROM (SELECT id, cadre, sum(count) AS people FROM came GROUP BY id, cadre) AS came JOIN (SELECT id, hours FROM held) AS held USING (id)
    GROUP BY cadre";

/// The figures of what was held in these months: first all together, under the empty key, then each group in the order of the
/// keys.
pub async fn figures(
    tx: &TenantTx,
    side: TrainingSide,
    grouping: TrainingFigureGrouping,
    from: Month,
    through: Month,
) -> Result<Vec<Figure>, StoreError> {
    statement(side, grouping, from, through).rows(tx).await
}

fn statement(side: TrainingSide, grouping: TrainingFigureGrouping, from: Month, through: Month) -> Statement {
    // Given trainings count with the people of all hosts, received ones with the tenant's own people. What was learned at them
    // counts as the tenant reads it, session by session, so that no sum tells more than its parts.
    let (sessions, people, requests, evaluations, pairs, weight) = match side {
        TrainingSide::Given => (
            "trainer_organisation_id = (SELECT tenant())",
            "trainer_organisation_id",
            "to_organisation_id",
            "training_evaluation AS learned ON learned.organisation_id = (SELECT tenant())",
            "learned.pairs",
            "learned.pairs",
        ),
        TrainingSide::Received => (
            "(SELECT tenant()) = ANY (hosts)",
            "host_organisation_id",
            "from_organisation_id",
            "training_evaluation_for_host AS learned ON learned.host_organisation_id = (SELECT tenant())",
            "0",
            "CASE WHEN learned.pre_score_mean IS NOT NULL THEN 1 END",
        ),
    };
    let counted = match grouping {
        TrainingFigureGrouping::Topic => {
            format!("SELECT coalesce(topic, '') AS key, {MEASURES} FROM held GROUP BY GROUPING SETS ((topic), ())")
        }
        TrainingFigureGrouping::Month => {
            format!("SELECT coalesce(month, '') AS key, {MEASURES} FROM held GROUP BY GROUPING SETS ((month), ())")
        }
        TrainingFigureGrouping::Cadre => format!("SELECT '' AS key, {MEASURES} FROM held {BY_CADRE}"),
    };
    Statement::built(format!(
        "WITH session AS (
             SELECT id, topic, to_char(held_on, 'YYYY-MM') AS month, hours,
                 learned.post_score_mean - learned.pre_score_mean AS gain, {pairs} AS pairs, {weight} AS weight
             FROM training_session
             LEFT JOIN {evaluations} AND learned.session_id = training_session.id
             WHERE {sessions} AND delivered_at IS NOT NULL AND held_on >= $1 AND held_on < $2
         ), came AS (
             SELECT came.session_id AS id, came.cadre, came.count FROM training_participants AS came JOIN session ON session.id = came.session_id
             WHERE came.{people} = (SELECT tenant())
         ), asked AS (
             SELECT request.session_id AS id, follow_up.months_after, sum(follow_up.asked) AS asked, sum(follow_up.still_using) AS still_using
             FROM training_request AS request JOIN session ON session.id = request.session_id
             JOIN training_follow_up AS follow_up ON follow_up.from_organisation_id = request.from_organisation_id AND follow_up.request_id = request.id
             WHERE request.{requests} = (SELECT tenant()) GROUP BY request.session_id, follow_up.months_after
         ), held AS (
             SELECT session.*, (SELECT sum(came.count) FROM came WHERE came.id = session.id) AS people,
                 three.asked AS asked_3, three.still_using AS using_3, six.asked AS asked_6, six.still_using AS using_6
             FROM session
             LEFT JOIN asked AS three ON three.id = session.id AND three.months_after = 3
             LEFT JOIN asked AS six ON six.id = session.id AND six.months_after = 6
         )
         {counted} ORDER BY key"
    ))
    .bind::<Date, _>(from.first_day())
    .bind::<Date, _>(through.plus(1).first_day())
}

/// All variants of the statement. A test has PostgreSQL prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let month = Month::at(DateTime::UNIX_EPOCH);
    let of_side = |side: &TrainingSide| {
        let side = *side;
        TrainingFigureGrouping::ALL.iter().map(move |grouping| statement(side, *grouping, month, month))
    };
    TrainingSide::ALL.iter().flat_map(of_side).collect()
}
