//! Writing requests for trainings. The rules are the domain's; this module only records their results.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel::{AsChangeset, Insertable, QueryDsl};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::{OrganisationId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::training::{NewTrainingRequest, TrainingReason, TrainingStatus};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::TrainingRequest;
use crate::error::StoreError;
use crate::schema::{training_event, training_request};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, function, outbox};

#[derive(Insertable)]
#[diesel(table_name = training_request, treat_none_as_default_value = false)]
struct NewRequestRow<'a> {
    from_organisation_id: Uuid,
    id: Uuid,
    to_organisation_id: Option<Uuid>,
    offer_id: Option<Uuid>,
    topic: &'a str,
    audience: Vec<String>,
    expected_participants: i32,
    preferred_months: Vec<String>,
    county_code: &'a str,
    languages: Vec<String>,
    open_to_all: bool,
    status: &'a str,
}

/// Sends a request, and announces it to its receiver, or to every member that could take it.
pub async fn insert(tx: &TenantTx, id: TrainingRequestId, new: &NewTrainingRequest) -> Result<(), StoreError> {
    let receiver = new.addressee.organisation();
    let request = NewRequestRow {
        from_organisation_id: tx.organisation()?.0,
        id: id.0,
        to_organisation_id: receiver.map(|receiver| receiver.0),
        offer_id: new.addressee.offer().map(|offer| offer.0),
        topic: new.topic.code(),
        audience: codes::write_all(&new.audience),
        expected_participants: new.expected_participants,
        preferred_months: new.preferred_months.iter().map(ToString::to_string).collect(),
        county_code: new.county.as_str(),
        languages: new.languages.iter().map(|language| language.as_str().to_owned()).collect(),
        open_to_all: receiver.is_none(),
        status: TrainingStatus::Requested.code(),
    };
    tx.execute(diesel::insert_into(training_request::table).values(request)).await?;
    insert_event(tx, tx.organisation()?, id, TrainingStatus::Requested).await?;
    match receiver {
        Some(receiver) => outbox::announce(tx, ChangeKind::TrainingRequest, id.0, &[tx.organisation()?, receiver]).await,
        None => {
            let announced = Statement::new(include_str!("announce_open.sql"));
            announced.bind::<Text, _>(ChangeKind::TrainingRequest.code()).bind::<SqlUuid, _>(id.0).run(tx).await?;
            tx.note_announced();
            Ok(())
        }
    }
}

/// Lets one transaction at a time change when a trainer's trainings are held and what their results are. A session's requests are
/// several rows of several organisations, and two transactions could otherwise lock them in different orders.
pub async fn lock_trainer(tx: &TenantTx, trainer: OrganisationId) -> Result<(), StoreError> {
    tx.execute(diesel::select(function::lock_trainer(trainer.0))).await?;
    Ok(())
}

/// What a move changes in a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// The new state; none when the state stays.
    pub status: Option<TrainingStatus>,
    /// Why it is declined or called off.
    pub reason: Option<TrainingReason>,
    /// The session in which it is held. `Some(None)` removes it from its session.
    pub session: Option<Option<TrainingSessionId>>,
}

#[derive(AsChangeset)]
#[diesel(table_name = training_request, treat_none_as_null = true)]
struct ChangeRow {
    status: &'static str,
    reason: Option<&'static str>,
    session_id: Option<Uuid>,
    updated_at: DateTime<Utc>,
}

/// Records a move of a locked request, adds an event when it reaches a new state, and announces the change to both parties.
pub async fn update(tx: &TenantTx, request: &TrainingRequest, change: Change) -> Result<(), StoreError> {
    let session = change.session.unwrap_or(request.session);
    let row = ChangeRow {
        status: change.status.unwrap_or(request.status).code(),
        reason: change.reason.or(request.reason).map(Vocabulary::code),
        session_id: session.map(|session| session.0),
        updated_at: tx.at(),
    };
    let changed = diesel::update(training_request::table.find((request.sender.0, request.id.0))).set(row);
    if tx.execute(changed).await? != 1 {
        return Err(StoreError::Inconsistent("a locked request is not there".to_owned()));
    }
    if let Some(status) = change.status {
        insert_event(tx, request.sender, request.id, status).await?;
    }
    outbox::announce(tx, ChangeKind::TrainingRequest, request.id.0, &request.sides().parties()).await
}

#[derive(Insertable)]
#[diesel(table_name = training_event)]
struct NewEventRow {
    from_organisation_id: Uuid,
    request_id: Uuid,
    status: &'static str,
    by_organisation_id: Uuid,
}

async fn insert_event(
    tx: &TenantTx,
    sender: OrganisationId,
    id: TrainingRequestId,
    status: TrainingStatus,
) -> Result<(), StoreError> {
    let event = NewEventRow {
        from_organisation_id: sender.0,
        request_id: id.0,
        status: status.code(),
        by_organisation_id: tx.organisation()?.0,
    };
    tx.execute(diesel::insert_into(training_event::table).values(event)).await?;
    Ok(())
}
