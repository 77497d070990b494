//! Sessions: trainings that are to be held or were held, and their results, in numbers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{array_append, array_remove, not};
use diesel::pg::Pg;
use diesel::sql_types::{Array, Integer, Text, Uuid as SqlUuid};
use diesel::upsert::excluded;
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, PgArrayExpressionMethods, QueryDsl, Queryable, QueryableByName, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::{OrganisationId, TrainingSessionId};
use pamoja_domain::training::{CadreCount, Delivery, FollowUp, MonthsAfter, SessionPlan, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::{FollowedUp, Participants, TrainingRequest, TrainingSession};
use crate::error::StoreError;
use crate::function::coalesce;
use crate::schema::{training_follow_up, training_participants, training_session};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, function};

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_session, check_for_backend(Pg))]
struct SessionRow {
    id: Uuid,
    trainer_organisation_id: Uuid,
    topic: String,
    held_on: NaiveDate,
    mode: String,
    county_code: String,
    hosts: Vec<Uuid>,
    hours: Option<f64>,
    delivered_at: Option<DateTime<Utc>>,
}

impl TryFrom<SessionRow> for TrainingSession {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: TrainingSessionId(row.id),
            trainer: OrganisationId(row.trainer_organisation_id),
            topic: codes::read(&row.topic)?,
            plan: SessionPlan { on: row.held_on, mode: codes::read(&row.mode)?, county: codes::county(&row.county_code)? },
            hosts: row.hosts.into_iter().map(OrganisationId).collect(),
            hours: row.hours,
            delivered_at: row.delivered_at,
        })
    }
}

/// The sessions with these ids that the tenant holds or hosts, in no particular order.
pub async fn by_ids(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<TrainingSession>, StoreError> {
    let rows: Vec<SessionRow> = training_session::table
        .filter(training_session::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(SessionRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(TrainingSession::try_from).collect()
}

/// The session with this id, if the tenant holds or hosts it.
pub async fn find(tx: &TenantTx, id: TrainingSessionId) -> Result<Option<TrainingSession>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.into_iter().next())
}

/// On which day, in which mode and in which county a session is held.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = training_session)]
struct PlanRow {
    held_on: NaiveDate,
    mode: &'static str,
    county_code: &'static str,
}

impl From<SessionPlan> for PlanRow {
    fn from(plan: SessionPlan) -> Self {
        Self { held_on: plan.on, mode: plan.mode.code(), county_code: plan.county.as_str() }
    }
}

#[derive(Insertable)]
#[diesel(table_name = training_session)]
struct NewSessionRow {
    trainer_organisation_id: Uuid,
    id: Uuid,
    topic: &'static str,
    hosts: Vec<Uuid>,
    #[diesel(embed)]
    plan: PlanRow,
}

/// Adds a session that the tenant holds for a host.
pub async fn insert(
    tx: &TenantTx,
    id: TrainingSessionId,
    topic: TrainingTopic,
    plan: SessionPlan,
    host: OrganisationId,
) -> Result<(), StoreError> {
    let session = NewSessionRow {
        trainer_organisation_id: tx.organisation()?.0,
        id: id.0,
        topic: topic.code(),
        hosts: vec![host.0],
        plan: plan.into(),
    };
    tx.execute(diesel::insert_into(training_session::table).values(session)).await?;
    Ok(())
}

/// Changes on which day, in which mode and in which county one of the tenant's sessions is to be held. It leaves a session that
/// was held as it is.
pub async fn replan(tx: &TenantTx, id: TrainingSessionId, plan: SessionPlan) -> Result<(), StoreError> {
    let to_hold = training_session::table.find((tx.organisation()?.0, id.0)).filter(training_session::delivered_at.is_null());
    tx.execute(diesel::update(to_hold).set(PlanRow::from(plan))).await?;
    Ok(())
}

/// Adds a host to one of the tenant's sessions that is to be held. It does nothing for a host that the session already has.
pub async fn join(tx: &TenantTx, id: TrainingSessionId, host: OrganisationId) -> Result<(), StoreError> {
    let without = training_session::table
        .find((tx.organisation()?.0, id.0))
        .filter(training_session::delivered_at.is_null())
        .filter(not(training_session::hosts.contains(vec![host.0])));
    let hosts = array_append(training_session::hosts, host.0);
    tx.execute(diesel::update(without).set(training_session::hosts.eq(hosts))).await?;
    Ok(())
}

/// Removes the host of a request from its session, when the request is called off or moved. When the last host leaves, the
/// session is deleted. Call it after the request no longer refers to the session.
pub async fn leave(tx: &TenantTx, request: &TrainingRequest, id: TrainingSessionId) -> Result<(), StoreError> {
    let organisation = tx.organisation()?;
    if request.sender == organisation {
        tx.execute(diesel::select(function::leave_training_session(id.0))).await?;
        return Ok(());
    }
    let host = request.sender.0;
    let to_hold = || training_session::table.find((organisation.0, id.0)).filter(training_session::delivered_at.is_null());
    tx.execute(diesel::delete(to_hold().filter(training_session::hosts.eq(vec![host])))).await?;
    let with_host = to_hold().filter(training_session::hosts.contains(vec![host]));
    let hosts = array_remove(training_session::hosts, host);
    tx.execute(diesel::update(with_host).set(training_session::hosts.eq(hosts))).await?;
    Ok(())
}

/// Records, in numbers, who came to one of the tenant's sessions. It replaces what was recorded before, but keeps the moment of
/// the first record. `requests` must be all requests of the session.
pub async fn record_delivery(
    tx: &TenantTx,
    id: TrainingSessionId,
    delivery: &Delivery,
    requests: &[TrainingRequest],
) -> Result<(), StoreError> {
    let trainer = tx.organisation()?.0;
    let delivered = diesel::update(training_session::table.find((trainer, id.0))).set((
        training_session::hours.eq(delivery.hours),
        training_session::delivered_at.eq(coalesce(training_session::delivered_at, tx.at())),
    ));
    tx.execute(delivered).await?;
    let recorded = training_participants::table
        .filter(training_participants::trainer_organisation_id.eq(trainer))
        .filter(training_participants::session_id.eq(id.0));
    tx.execute(diesel::delete(recorded)).await?;
    let request_of = |host: OrganisationId| requests.iter().find(|request| request.sender == host).map(|request| request.id.0);
    let came: Vec<(Uuid, &CadreCount)> =
        delivery.participants.iter().filter_map(|count| Some((request_of(count.host)?, count))).collect();
    Statement::new(include_str!("insert_participants.sql"))
        .bind::<SqlUuid, _>(id.0)
        .bind::<Array<SqlUuid>, _>(came.iter().map(|(_, count)| count.host.0).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(came.iter().map(|(request, _)| *request).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(came.iter().map(|(_, count)| count.cadre.code()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(came.iter().map(|(_, count)| count.count).collect::<Vec<_>>())
        .run(tx)
        .await?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = training_follow_up)]
struct NewFollowUpRow {
    from_organisation_id: Uuid,
    request_id: Uuid,
    to_organisation_id: Uuid,
    months_after: i32,
    asked: i32,
    still_using: i32,
}

/// Records how many of a host's people still use what they learned. It replaces what was recorded before.
///
/// # Errors
/// [`StoreError::Inconsistent`] when no organisation took the request.
pub async fn record_follow_up(tx: &TenantTx, request: &TrainingRequest, follow_up: FollowUp) -> Result<(), StoreError> {
    let receiver = request.receiver.ok_or_else(|| StoreError::Inconsistent("nobody took the request".to_owned()))?;
    let row = NewFollowUpRow {
        from_organisation_id: request.sender.0,
        request_id: request.id.0,
        to_organisation_id: receiver.0,
        months_after: follow_up.after.months(),
        asked: follow_up.asked,
        still_using: follow_up.still_using,
    };
    let recorded = diesel::insert_into(training_follow_up::table)
        .values(row)
        .on_conflict((training_follow_up::from_organisation_id, training_follow_up::request_id, training_follow_up::months_after))
        .do_update()
        .set((
            training_follow_up::asked.eq(excluded(training_follow_up::asked)),
            training_follow_up::still_using.eq(excluded(training_follow_up::still_using)),
        ));
    tx.execute(recorded).await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_participants, check_for_backend(Pg))]
struct ParticipantsRow {
    session_id: Uuid,
    host_organisation_id: Uuid,
    cadre: String,
    count: i32,
}

/// How many people came to these sessions, by host and cadre. The trainer sees the numbers of all hosts, a host only its own.
pub async fn participants(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<Participants>, StoreError> {
    let rows: Vec<ParticipantsRow> = training_participants::table
        .filter(training_participants::session_id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(ParticipantsRow::as_select())
        .order((training_participants::session_id, training_participants::host_organisation_id, training_participants::cadre))
        .load(&mut tx.connection()?)
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

/// How many people still use what they learned at these sessions. The trainer sees the sum over all hosts, a host only its own
/// number.
pub async fn follow_ups(tx: &TenantTx, ids: &[TrainingSessionId]) -> Result<Vec<FollowedUp>, StoreError> {
    let rows: Vec<FollowUpRow> = Statement::new(include_str!("follow_ups.sql"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    let read = |row: FollowUpRow| {
        let after = MonthsAfter::of(row.months_after).ok_or_else(|| StoreError::unknown_code("MonthsAfter"))?;
        Ok((TrainingSessionId(row.session_id), FollowUp { after, asked: row.asked, still_using: row.still_using }))
    };
    rows.into_iter().map(read).collect()
}
