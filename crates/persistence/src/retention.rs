//! Deletes what `pamoja_domain::retention` says need not be kept any longer, so many rows at a time.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::Timestamptz;
use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::referral::slip::BLANK_DAYS;
use pamoja_domain::retention::{RETENTION, Retention, RetentionSubject};

use crate::batch::{Batch, DELETION_BATCH, Place};
use crate::database::Database;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{referral, violation};

/// Where something lies that is deleted by its age alone.
struct Aged {
    table: &'static str,
    /// The tenant's column; none where the rows are nobody's.
    owner: Option<&'static str>,
    /// What names a row, besides the owner: where rows have no name, the moment, so that those of one moment go together.
    key: &'static str,
    /// From when its time counts.
    since: &'static str,
}

impl Aged {
    const fn new(table: &'static str, key: &'static str, since: &'static str) -> Self {
        Self { table, owner: Some("organisation_id"), key, since }
    }

    /// Deletes the oldest rows.
    fn statement(&self) -> Statement {
        let Self { table, key, since, .. } = self;
        let whose = self.owner.map_or_else(String::new, |owner| format!("{owner} = (SELECT tenant()) AND "));
        let due = format!("SELECT {key} FROM {table} WHERE {whose}{since} <= $1 ORDER BY {since} LIMIT {DELETION_BATCH}");
        // An array is looked up by the key's index. A join might read all that is due, to find these few among it.
        let which = if key.contains(',') { format!("({key}) IN ({due})") } else { format!("{key} = ANY (ARRAY ({due}))") };
        Statement::built(format!("DELETE FROM {table} WHERE {whose}{since} <= $1::timestamptz AND {which}"))
    }
}

/// Where what is deleted by its age alone lies; empty for what depends on something else.
fn aged(subject: RetentionSubject) -> Vec<Aged> {
    match subject {
        RetentionSubject::Slip
        | RetentionSubject::SealedNote
        | RetentionSubject::FollowUp
        | RetentionSubject::ViolationClock
        | RetentionSubject::ViolationPersonal => Vec::new(),
        RetentionSubject::OpenOffer => {
            vec![Aged { owner: Some("from_organisation_id"), ..Aged::new("open_referral", "id", "closed_at") }]
        }
        RetentionSubject::BlankSlip => vec![Aged::new("blank_slip", "look_up_hash", "expires_at")],
        RetentionSubject::WaitingCheckIn => vec![Aged::new("pending_check_in", "id", "expires_at")],
        RetentionSubject::CheckInQuestion => {
            let question = Aged::new("check_in_question", "referral_id, organisation_id", "checked_in_at");
            vec![Aged { owner: Some("from_organisation_id"), ..question }]
        }
        RetentionSubject::LastMove => vec![Aged::new("referral_undo", "from_organisation_id, referral_id", "made_at")],
        RetentionSubject::IdempotencyKey => vec![Aged::new("client_mutation", "user_id, operation, key", "recorded_at")],
        RetentionSubject::Change => {
            vec![Aged::new("outbox", "position", "recorded_at"), Aged::new("outbox_for_all", "position", "recorded_at")]
        }
        RetentionSubject::Session => {
            vec![Aged::new("user_session", "id", "ends_at"), Aged::new("user_session", "id", "revoked_at")]
        }
        RetentionSubject::AccessToken => vec![Aged::new("access_token", "session_id, expires_at", "expires_at")],
        RetentionSubject::SlipAttempt => vec![Aged::new("slip_attempt", "attempted_at", "attempted_at")],
        RetentionSubject::SignInFailure => vec![Aged { owner: None, ..Aged::new("sign_in_attempt", "id", "attempted_at") }],
    }
}

pub(crate) fn statements() -> Vec<Statement> {
    RETENTION.iter().flat_map(|row| aged(row.subject)).map(|aged| aged.statement()).collect()
}

/// What is deleted of an organisation, or of nobody.
pub(crate) fn subjects(of_nobody: bool) -> impl Iterator<Item = RetentionSubject> {
    RETENTION.iter().filter(move |row| row.belongs_to_nobody() == of_nobody).map(|row| row.subject)
}

/// Deletes everything of an organisation whose time is over. Returns how many rows it deleted.
pub async fn retain(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    delete_all(database, Some(organisation)).await
}

/// The same for what belongs to no organisation.
pub async fn retain_of_nobody(database: &Database) -> Result<usize, StoreError> {
    delete_all(database, None).await
}

async fn delete_all(database: &Database, organisation: Option<OrganisationId>) -> Result<usize, StoreError> {
    let permit = organisation.map_or_else(Permit::housekeeping, Permit::job);
    let mut deleted = 0;
    for row in RETENTION.iter().filter(|row| row.belongs_to_nobody() == organisation.is_none()) {
        let mut place = Place::BEFORE_ALL;
        loop {
            let batch = delete(database, &permit, row.subject, &mut place).await?;
            deleted += batch.rows;
            if !batch.more {
                break;
            }
        }
    }
    Ok(deleted)
}

/// Deletes, in one transaction, some of what is of this kind and whose time is over.
pub(crate) async fn delete(
    database: &Database,
    permit: &Permit,
    subject: RetentionSubject,
    place: &mut Place,
) -> Result<Batch, StoreError> {
    let Some(row) = RETENTION.iter().find(|row| row.subject == subject) else { return Ok(Batch::NOTHING) };
    let begins = *place;
    let (batch, reached) = database.tenant(permit, async |tx| delete_some(tx, row, begins).await).await?;
    *place = reached;
    Ok(batch)
}

async fn delete_some(tx: &TenantTx, row: &Retention, place: Place) -> Result<(Batch, Place), StoreError> {
    let before = tx.at() - row.keep;
    match row.subject {
        RetentionSubject::Slip => referral::delete_ended_slips(tx, before, place).await,
        RetentionSubject::SealedNote => referral::delete_ended_notes(tx, before, place).await,
        RetentionSubject::FollowUp => referral::follow_up::delete_settled(tx, before, place).await,
        RetentionSubject::ViolationClock => Ok((violation::forget_act_before(tx, before).await?, place)),
        RetentionSubject::ViolationPersonal => Ok((violation::forget_personal(tx).await?, place)),
        subject => {
            let mut batch = Batch::NOTHING;
            for aged in aged(subject) {
                let deleted = aged.statement().bind::<Timestamptz, _>(counted_from(subject, before)).run(tx).await?;
                batch.rows += deleted;
                batch.more |= deleted >= DELETION_BATCH;
            }
            Ok((batch, place))
        }
    }
}

/// The latest moment that is over, as the rows tell it: slips tell when they expire instead of when they were made.
fn counted_from(subject: RetentionSubject, before: DateTime<Utc>) -> DateTime<Utc> {
    match subject {
        RetentionSubject::BlankSlip | RetentionSubject::WaitingCheckIn => before + TimeDelta::days(BLANK_DAYS),
        _ => before,
    }
}
