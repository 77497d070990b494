//! Writing requests for trainings. The rules are the domain's; here is only what they came to.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::training::{NewTrainingRequest, TrainingReason, TrainingStatus};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::TrainingRequest;
use crate::codes;
use crate::error::StoreError;
use crate::outbox;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Sends a request, and tells whoever it is addressed to, or all who could take it.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &TenantTx, id: TrainingRequestId, new: &NewTrainingRequest) -> Result<(), StoreError> {
    let receiver = new.addressee.organisation();
    Statement::new(
        "INSERT INTO training_request (from_organisation_id, id, to_organisation_id, offer_id, topic, audience, expected_participants,
             preferred_months, county_code, languages, open_to_all, status)
         VALUES (tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $2 IS NULL, 'REQUESTED')",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Nullable<SqlUuid>, _>(receiver.map(|receiver| receiver.0))
    .bind::<Nullable<SqlUuid>, _>(new.addressee.offer().map(|offer| offer.0))
    .bind::<Text, _>(new.topic.code())
    .bind::<Array<Text>, _>(codes::write_all(&new.audience))
    .bind::<Integer, _>(new.expected_participants)
    .bind::<Array<Text>, _>(new.preferred_months.iter().map(ToString::to_string).collect::<Vec<_>>())
    .bind::<Text, _>(new.county.to_string())
    .bind::<Array<Text>, _>(new.languages.iter().map(|language| language.as_str().to_owned()).collect::<Vec<_>>())
    .run(tx)
    .await?;
    insert_event(tx, tx.organisation()?, id, TrainingStatus::Requested).await?;
    let mut recipients = vec![tx.organisation()?];
    match receiver {
        Some(receiver) => recipients.push(receiver),
        None => recipients.extend(offerers(tx, id).await?),
    }
    outbox::announce_training_request(tx, id, &recipients).await
}

/// The active members that could take a request of the own organisation.
async fn offerers(tx: &TenantTx, id: TrainingRequestId) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(QueryableByName)]
    struct Offerer {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let rows: Vec<Offerer> = Statement::new(
        "SELECT organisation.id FROM organisation, training_request AS request
         WHERE organisation.status = 'ACTIVE' AND organisation.id <> tenant() AND request.from_organisation_id = tenant() AND request.id = $1
           AND offers_training(organisation.id, request.topic, request.county_code)",
    )
    .bind::<SqlUuid, _>(id.0)
    .rows(tx)
    .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.id)).collect())
}

/// Lets one transaction at a time change when a trainer's trainings are held and what came of them: a session's requests are several
/// rows of several organisations, which two could otherwise lock in two orders.
///
/// # Errors
/// When the database fails.
pub async fn lock_trainer(tx: &TenantTx, trainer: OrganisationId) -> Result<(), StoreError> {
    Statement::new("SELECT pg_advisory_xact_lock(20555, hashtext($1::text))").bind::<SqlUuid, _>(trainer.0).run(tx).await?;
    Ok(())
}

/// Addresses a locked request, which is open to it, to the own organisation.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &TenantTx, id: TrainingRequestId) -> Result<(), StoreError> {
    let taken =
        Statement::new("UPDATE training_request SET to_organisation_id = tenant() WHERE id = $1 AND to_organisation_id IS NULL");
    match taken.bind::<SqlUuid, _>(id.0).run(tx).await? {
        1 => Ok(()),
        _ => Err(StoreError::Inconsistent("a locked request could not be taken".to_owned())),
    }
}

/// What a move changes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// The state after the move, where it is reached anew.
    pub status: Option<TrainingStatus>,
    /// Why it is declined or called off.
    pub reason: Option<TrainingReason>,
    /// When it is held; `Some` of nothing takes it out of its session.
    pub session: Option<Option<TrainingSessionId>>,
}

/// Records a move of a locked request, its event where a state is reached anew, and tells both parties.
///
/// # Errors
/// When the database fails.
pub async fn update(tx: &TenantTx, request: &TrainingRequest, change: Change) -> Result<(), StoreError> {
    let session = change.session.unwrap_or(request.session);
    let changed = Statement::new(
        "UPDATE training_request SET status = $3, reason = $4, session_id = $5, updated_at = moment()
         WHERE from_organisation_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(request.sender.0)
    .bind::<SqlUuid, _>(request.id.0)
    .bind::<Text, _>(change.status.unwrap_or(request.status).code())
    .bind::<Nullable<Text>, _>(change.reason.or(request.reason).map(Vocabulary::code))
    .bind::<Nullable<SqlUuid>, _>(session.map(|session| session.0))
    .run(tx)
    .await?;
    if changed != 1 {
        return Err(StoreError::Inconsistent("a locked request is not there".to_owned()));
    }
    if let Some(status) = change.status {
        insert_event(tx, request.sender, request.id, status).await?;
    }
    outbox::announce_training_request(tx, request.id, &request.parties()).await
}

async fn insert_event(
    tx: &TenantTx,
    sender: OrganisationId,
    id: TrainingRequestId,
    status: TrainingStatus,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO training_event (from_organisation_id, request_id, status, by_organisation_id) VALUES ($1, $2, $3, tenant())",
    )
    .bind::<SqlUuid, _>(sender.0)
    .bind::<SqlUuid, _>(id.0)
    .bind::<Text, _>(status.code())
    .run(tx)
    .await?;
    Ok(())
}
