//! Trainings that are held, or were, and what came of them, in numbers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Date, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, TrainingSessionId};
use pamoja_domain::training::{CadreCount, Delivery, Evaluation, FollowUp, MonthsAfter, Scores, SessionPlan, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::{FollowedUp, Participants, TrainingRequest, TrainingSession};
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct SessionRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    trainer_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Date)]
    held_on: NaiveDate,
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Array<SqlUuid>)]
    hosts: Vec<Uuid>,
    #[diesel(sql_type = Nullable<Double>)]
    hours: Option<f64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    delivered_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Double>)]
    satisfaction_mean: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    pre_score_mean: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    post_score_mean: Option<f64>,
    #[diesel(sql_type = Nullable<Integer>)]
    pairs: Option<i32>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    evaluated_at: Option<DateTime<Utc>>,
}

impl TryFrom<SessionRow> for TrainingSession {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let scores = row.pre_score_mean.zip(row.post_score_mean).zip(row.pairs);
        let scores = scores.map(|((pre_mean, post_mean), pairs)| Scores { pre_mean, post_mean, pairs });
        Ok(Self {
            id: TrainingSessionId(row.id),
            trainer: OrganisationId(row.trainer_organisation_id),
            topic: codes::read(&row.topic)?,
            plan: SessionPlan { on: row.held_on, mode: codes::read(&row.mode)?, county: codes::county(&row.county_code)? },
            hosts: row.hosts.into_iter().map(OrganisationId).collect(),
            hours: row.hours,
            delivered_at: row.delivered_at,
            evaluation: row.evaluated_at.map(|_| Evaluation { satisfaction_mean: row.satisfaction_mean, scores }),
        })
    }
}

/// Those of the sessions that the tenant holds or hosts, in no order.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<TrainingSession>, StoreError> {
    let rows: Vec<SessionRow> = Statement::new(
        "SELECT id, trainer_organisation_id, topic, held_on, mode, county_code, hosts, hours, delivered_at, satisfaction_mean,
             pre_score_mean, post_score_mean, pairs, evaluated_at
         FROM training_session WHERE id = ANY ($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    rows.into_iter().map(TrainingSession::try_from).collect()
}

/// One session that the tenant holds or hosts.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, id: TrainingSessionId) -> Result<Option<TrainingSession>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.into_iter().next())
}

/// Adds a session that the own organisation holds for a host.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &TenantTx,
    id: TrainingSessionId,
    topic: TrainingTopic,
    plan: SessionPlan,
    host: OrganisationId,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO training_session (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts)
         VALUES (tenant(), $1, $2, $3, $4, $5, ARRAY[$6])",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Text, _>(topic.code())
    .bind::<Date, _>(plan.on)
    .bind::<Text, _>(plan.mode.code())
    .bind::<Text, _>(plan.county.to_string())
    .bind::<SqlUuid, _>(host.0)
    .run(tx)
    .await?;
    Ok(())
}

/// Changes when, how and where a session of the own organisation's is held.
///
/// # Errors
/// When the database fails.
pub async fn replan(tx: &TenantTx, id: TrainingSessionId, plan: SessionPlan) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE training_session SET held_on = $2, mode = $3, county_code = $4
         WHERE trainer_organisation_id = tenant() AND id = $1 AND delivered_at IS NULL",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Date, _>(plan.on)
    .bind::<Text, _>(plan.mode.code())
    .bind::<Text, _>(plan.county.to_string())
    .run(tx)
    .await?;
    Ok(())
}

/// Adds a host to a session of the own organisation's.
///
/// # Errors
/// When the database fails.
pub async fn join(tx: &TenantTx, id: TrainingSessionId, host: OrganisationId) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE training_session SET hosts = array_append(hosts, $2)
         WHERE trainer_organisation_id = tenant() AND id = $1 AND delivered_at IS NULL AND NOT $2 = ANY (hosts)",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<SqlUuid, _>(host.0)
    .run(tx)
    .await?;
    Ok(())
}

/// Takes the host of a request that is called off, or moved, out of its session; with the last host a session goes. After the request has let go
/// of it.
///
/// # Errors
/// When the database fails.
pub async fn leave(tx: &TenantTx, request: &TrainingRequest, id: TrainingSessionId) -> Result<(), StoreError> {
    if request.sender == tx.organisation()? {
        Statement::new("SELECT leave_training_session($1)").bind::<SqlUuid, _>(id.0).run(tx).await?;
        return Ok(());
    }
    for statement in [
        "DELETE FROM training_session WHERE trainer_organisation_id = tenant() AND id = $1 AND hosts = ARRAY[$2] AND delivered_at IS NULL",
        "UPDATE training_session SET hosts = array_remove(hosts, $2)
         WHERE trainer_organisation_id = tenant() AND id = $1 AND $2 = ANY (hosts) AND delivered_at IS NULL",
    ] {
        Statement::new(statement).bind::<SqlUuid, _>(id.0).bind::<SqlUuid, _>(request.sender.0).run(tx).await?;
    }
    Ok(())
}

/// Records who came to a session of the own organisation's, in numbers; what was recorded before is replaced, and the moment of the first
/// time stays. `requests` are all of the session's.
///
/// # Errors
/// When the database fails.
pub async fn record_delivery(
    tx: &TenantTx,
    id: TrainingSessionId,
    delivery: &Delivery,
    requests: &[TrainingRequest],
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE training_session SET hours = $2, delivered_at = coalesce(delivered_at, moment())
         WHERE trainer_organisation_id = tenant() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Double, _>(delivery.hours)
    .run(tx)
    .await?;
    Statement::new("DELETE FROM training_participants WHERE trainer_organisation_id = tenant() AND session_id = $1")
        .bind::<SqlUuid, _>(id.0)
        .run(tx)
        .await?;
    let request_of = |host: OrganisationId| requests.iter().find(|request| request.sender == host).map(|request| request.id.0);
    let rows: Vec<(&CadreCount, Uuid)> =
        delivery.participants.iter().filter_map(|count| Some((count, request_of(count.host)?))).collect();
    Statement::new(
        "INSERT INTO training_participants (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count)
         SELECT tenant(), $1, host, request, cadre, count
         FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[]) AS came (host, request, cadre, count)",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(count, _)| count.host.0).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, request)| *request).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(count, _)| count.cadre.code().to_owned()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(rows.iter().map(|(count, _)| count.count).collect::<Vec<_>>())
    .run(tx)
    .await?;
    Ok(())
}

/// Records what people thought and learned at a session of the own organisation's; what was recorded before is replaced.
///
/// # Errors
/// When the database fails.
pub async fn record_evaluation(tx: &TenantTx, id: TrainingSessionId, evaluation: &Evaluation) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE training_session SET satisfaction_mean = $2, pre_score_mean = $3, post_score_mean = $4, pairs = $5,
             evaluated_at = coalesce(evaluated_at, moment())
         WHERE trainer_organisation_id = tenant() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Nullable<Double>, _>(evaluation.satisfaction_mean)
    .bind::<Nullable<Double>, _>(evaluation.scores.map(|scores| scores.pre_mean))
    .bind::<Nullable<Double>, _>(evaluation.scores.map(|scores| scores.post_mean))
    .bind::<Nullable<Integer>, _>(evaluation.scores.map(|scores| scores.pairs))
    .run(tx)
    .await?;
    Ok(())
}

/// Records how many of a host's people still use what they learned; what was recorded before is replaced.
///
/// # Errors
/// When the database fails.
pub async fn record_follow_up(tx: &TenantTx, request: &TrainingRequest, follow_up: FollowUp) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO training_follow_up (from_organisation_id, request_id, to_organisation_id, months_after, asked, still_using)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (from_organisation_id, request_id, months_after) DO UPDATE SET asked = excluded.asked, still_using = excluded.still_using",
    )
    .bind::<SqlUuid, _>(request.sender.0)
    .bind::<SqlUuid, _>(request.id.0)
    .bind::<Nullable<SqlUuid>, _>(request.receiver.map(|receiver| receiver.0))
    .bind::<Integer, _>(follow_up.after.months())
    .bind::<Integer, _>(follow_up.asked)
    .bind::<Integer, _>(follow_up.still_using)
    .run(tx)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct ParticipantsRow {
    #[diesel(sql_type = SqlUuid)]
    session_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    host_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    cadre: String,
    #[diesel(sql_type = Integer)]
    count: i32,
}

/// Who came to those sessions, by host and cadre: the trainer is told of all hosts, a host of its own people.
///
/// # Errors
/// When the database fails.
pub async fn participants(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<Participants>, StoreError> {
    let rows: Vec<ParticipantsRow> = Statement::new(
        "SELECT session_id, host_organisation_id, cadre, count FROM training_participants
         WHERE session_id = ANY ($1) ORDER BY session_id, host_organisation_id, cadre",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    let read = |row: ParticipantsRow| {
        let count =
            CadreCount { host: OrganisationId(row.host_organisation_id), cadre: codes::read(&row.cadre)?, count: row.count };
        Ok((TrainingSessionId(row.session_id), count))
    };
    rows.into_iter().map(read).collect()
}

#[derive(QueryableByName)]
struct FollowUpRow {
    #[diesel(sql_type = SqlUuid)]
    session_id: Uuid,
    #[diesel(sql_type = Integer)]
    months_after: i32,
    #[diesel(sql_type = Integer)]
    asked: i32,
    #[diesel(sql_type = Integer)]
    still_using: i32,
}

/// How many people still use what they learned at those sessions: for the trainer of all hosts together, for a host of its own.
///
/// # Errors
/// When the database fails.
pub async fn follow_ups(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<FollowedUp>, StoreError> {
    let rows: Vec<FollowUpRow> = Statement::new(
        "SELECT request.session_id, follow_up.months_after, sum(follow_up.asked)::integer AS asked, sum(follow_up.still_using)::integer AS still_using
         FROM training_request AS request
         JOIN training_follow_up AS follow_up ON follow_up.from_organisation_id = request.from_organisation_id AND follow_up.request_id = request.id
         WHERE request.session_id = ANY ($1)
         GROUP BY request.session_id, follow_up.months_after ORDER BY follow_up.months_after",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    let read = |row: FollowUpRow| {
        let after = MonthsAfter::of(row.months_after).ok_or_else(|| StoreError::unknown_code("MonthsAfter"))?;
        Ok((TrainingSessionId(row.session_id), FollowUp { after, asked: row.asked, still_using: row.still_using }))
    };
    rows.into_iter().map(read).collect()
}
