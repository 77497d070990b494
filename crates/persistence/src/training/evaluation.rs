//! What people thought and learned at sessions: exact for the trainer, and in a row of its own for each host what that host reads.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::sql_types::{Array, Double, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::TrainingSessionId;
use pamoja_domain::training::{Attendance, Evaluation, HostEvaluation, Scores, readable_at};
use uuid::Uuid;

use super::TrainingSession;
use crate::error::StoreError;
use crate::schema::{training_evaluation, training_evaluation_for_host};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// An evaluation, as the tenant may read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SeenEvaluation {
    /// Of a session that the tenant holds: exact.
    Trainer(Evaluation),
    /// Of a session that it hosts.
    Host(HostEvaluation),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_evaluation, check_for_backend(Pg))]
struct EvaluationRow {
    session_id: Uuid,
    satisfaction_mean: Option<f64>,
    pre_score_mean: Option<f64>,
    post_score_mean: Option<f64>,
    pairs: Option<i32>,
}

impl From<EvaluationRow> for Evaluation {
    fn from(row: EvaluationRow) -> Self {
        let scores = row.pre_score_mean.zip(row.post_score_mean).zip(row.pairs);
        let scores = scores.map(|((pre_mean, post_mean), pairs)| Scores { pre_mean, post_mean, pairs });
        Self { satisfaction_mean: row.satisfaction_mean, scores }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_evaluation_for_host, check_for_backend(Pg))]
struct HostRow {
    session_id: Uuid,
    satisfaction_mean: Option<f64>,
    pre_score_mean: Option<f64>,
    post_score_mean: Option<f64>,
}

impl From<HostRow> for HostEvaluation {
    fn from(row: HostRow) -> Self {
        Self { satisfaction_mean: row.satisfaction_mean, score_means: row.pre_score_mean.zip(row.post_score_mean) }
    }
}

/// The evaluations of these sessions, as far as the tenant may read them: nothing where none was recorded, and nothing where it
/// would tell a host of others' people.
pub async fn of_sessions(
    tx: &TenantTx,
    ids: &[TrainingSessionId],
) -> Result<Vec<(TrainingSessionId, SeenEvaluation)>, StoreError> {
    let (own, ids) = (tx.organisation()?.0, ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let exact: Vec<EvaluationRow> = training_evaluation::table
        .filter(training_evaluation::organisation_id.eq(own))
        .filter(training_evaluation::session_id.eq_any(&ids))
        .select(EvaluationRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let told: Vec<HostRow> = training_evaluation_for_host::table
        .filter(training_evaluation_for_host::host_organisation_id.eq(own))
        .filter(training_evaluation_for_host::session_id.eq_any(&ids))
        .select(HostRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let exact = exact.into_iter().map(|row| (TrainingSessionId(row.session_id), SeenEvaluation::Trainer(row.into())));
    let told = told.into_iter().map(|row| (TrainingSessionId(row.session_id), SeenEvaluation::Host(row.into())));
    Ok(exact.chain(told).collect())
}

/// When the evaluation of one of the tenant's sessions was first recorded; none before that.
pub async fn recorded_at(tx: &TenantTx, id: TrainingSessionId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let moment = training_evaluation::table
        .find((tx.organisation()?.0, id.0))
        .select(training_evaluation::evaluated_at)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(moment)
}

#[derive(Insertable)]
#[diesel(table_name = training_evaluation, treat_none_as_default_value = false)]
struct MeansRow {
    satisfaction_mean: Option<f64>,
    pre_score_mean: Option<f64>,
    post_score_mean: Option<f64>,
    pairs: Option<i32>,
}

/// Records what people thought and learned at one of the tenant's sessions, and what each host reads of it. It replaces what was
/// recorded before, but keeps the moment of the first record. `attendance` says who came to the session.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the evaluation stands already: the caller has asked the domain.
pub async fn record(
    tx: &TenantTx,
    session: &TrainingSession,
    evaluation: &Evaluation,
    attendance: &Attendance,
) -> Result<(), StoreError> {
    let trainer = tx.organisation()?.0;
    let means = MeansRow {
        satisfaction_mean: evaluation.satisfaction_mean,
        pre_score_mean: evaluation.scores.map(|scores| scores.pre_mean),
        post_score_mean: evaluation.scores.map(|scores| scores.post_mean),
        pairs: evaluation.scores.map(|scores| scores.pairs),
    };
    let key = (training_evaluation::organisation_id.eq(trainer), training_evaluation::session_id.eq(session.id.0));
    let recorded = diesel::insert_into(training_evaluation::table)
        .values((key, means))
        .on_conflict((training_evaluation::organisation_id, training_evaluation::session_id))
        .do_update()
        .set((
            training_evaluation::satisfaction_mean.eq(excluded(training_evaluation::satisfaction_mean)),
            training_evaluation::pre_score_mean.eq(excluded(training_evaluation::pre_score_mean)),
            training_evaluation::post_score_mean.eq(excluded(training_evaluation::post_score_mean)),
            training_evaluation::pairs.eq(excluded(training_evaluation::pairs)),
        ));
    if tx.execute(recorded).await? != 1 {
        return Err(StoreError::Inconsistent("an evaluation that stands was recorded anew".to_owned()));
    }
    let first = recorded_at(tx, session.id).await?.unwrap_or(tx.at());
    let known = training_evaluation_for_host::table
        .filter(training_evaluation_for_host::trainer_organisation_id.eq(trainer))
        .filter(training_evaluation_for_host::session_id.eq(session.id.0));
    tx.execute(diesel::delete(known)).await?;
    let told = session.hosts.iter().filter_map(|host| Some((host.0, evaluation.for_host(*host, attendance)?)));
    let told: Vec<(Uuid, HostEvaluation)> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    let means = |of: fn(&HostEvaluation) -> Option<f64>| told.iter().map(|(_, told)| of(told)).collect::<Vec<_>>();
    Statement::new(include_str!("tell_hosts.sql"))
        .bind::<SqlUuid, _>(session.id.0)
        .bind::<Timestamptz, _>(readable_at(first, attendance))
        .bind::<Array<SqlUuid>, _>(told.iter().map(|(host, _)| *host).collect::<Vec<_>>())
        .bind::<Array<Nullable<Double>>, _>(means(|told| told.satisfaction_mean))
        .bind::<Array<Nullable<Double>>, _>(means(|told| told.score_means.map(|(before, _)| before)))
        .bind::<Array<Nullable<Double>>, _>(means(|told| told.score_means.map(|(_, after)| after)))
        .run(tx)
        .await?;
    Ok(())
}
