//! Answers whether a client is where somebody checked them in before their referral was sent.

use async_graphql::{ID, InputObject};
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::referral::{CancelReason, NewReferral, ReferralAction, ReferralDraft, check_in_not_asked, decide};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::{self, arrival, check_in, slip, undo};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::agreeing::{agreed, counted_before};
use super::creating::check_directory;
use super::moving::{Request, apply, locked};
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::open_to_all;
use crate::keys::Keys;

/// Names a check-in, and says whether it is the client's.
#[derive(InputObject)]
pub(super) struct AnswerCheckInInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// The global id of the organisation where somebody was checked in: one of checkInsElsewhere.
    pub checked_in_by_id: ID,
    /// Whether that is the client, and they agree that this organisation becomes the receiver.
    pub client_is_there: bool,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Answers. Returns the referral: for a client who is elsewhere than at the receiver whom the sender named, the new one.
///
/// # Errors
/// NOT_FOUND when the viewer can't see the referral or nobody asks about that organisation, and the refusals of the rules.
pub(super) async fn answer(tx: &TenantTx, keys: &Keys, input: &AnswerCheckInInput) -> Result<ReferralId, Failure> {
    let id: ReferralId = global_id::decode(&input.referral_id).ok_or_else(|| Refusal::not_found("referralId"))?;
    let not_found = || Refusal::not_found("checkedInById");
    let place: OrganisationId = global_id::decode(&input.checked_in_by_id).ok_or_else(not_found)?;
    if !input.client_is_there {
        // Nobody but the sender learns of a no, not even by having to wait.
        let Some(found) = referral::find_for_update_unnoticed(tx, id).await? else {
            return Err(open_to_all::not_there(tx, id).await);
        };
        decide(found.state, ReferralAction::AnswerCheckIn, found.allowed(tx.actor()?), tx.at())?;
        return if check_in::deny(tx, id, place).await? { Ok(id) } else { Err(not_found().into()) };
    }
    let found = locked(tx, id).await?;
    decide(found.state, ReferralAction::AnswerCheckIn, found.allowed(tx.actor()?), tx.at())?;
    if !check_in::asked(tx, &[id]).await?.iter().any(|asked| asked.organisation == place) {
        return Err(not_found().into());
    }
    // Whoever has the client may have taken the open referral meanwhile.
    if found.receiver == Some(place) {
        return confirmed(tx, &found, place).await;
    }
    let new = for_place(tx, &found, place).await?;
    if found.receiver.is_none() {
        check_directory(tx, &new).await.map_err(of_the_place)?;
        return confirmed(tx, &found, place).await;
    }
    send_on(tx, keys, &found, new).await
}

async fn confirmed(tx: &TenantTx, found: &referral::Referral, place: OrganisationId) -> Result<ReferralId, Failure> {
    if arrival::confirm(tx, found, place).await? { Ok(found.id) } else { Err(check_in_not_asked(found.state.status).into()) }
}

/// The same referral, to the place where the client is. What the client agreed to show another receiver isn't shown there.
async fn for_place(tx: &TenantTx, found: &referral::Referral, place: OrganisationId) -> Result<NewReferral, Failure> {
    let Some(client) = found.client.as_deref() else {
        return Err(StoreError::Inconsistent("an open referral has no client".to_owned()).into());
    };
    let draft = ReferralDraft {
        sender: found.sender,
        receiver: Some(place),
        service_type: found.service_type,
        service: None,
        client,
        populations: &found.populations,
        age_band: found.age_band,
        under_18: found.under_18,
        county_code: found.county.as_str(),
        shared: &[],
        urgency: found.urgency,
        hours_since_exposure: None,
        written_at: None,
        consent_given: true,
        consent: agreed(None, counted_before(tx, found.id).await?),
        sealed_note: None,
    };
    Ok(NewReferral::parse(draft)?.instead_of(found.id, found.act_before))
}

/// Calls off the referral to the receiver whom the sender named, and sends the client's slip on to the place where they are.
async fn send_on(tx: &TenantTx, keys: &Keys, found: &referral::Referral, new: NewReferral) -> Result<ReferralId, Failure> {
    let nonce: Option<[u8; 16]> = slip::nonce(tx, found.id).await?.and_then(|nonce| nonce.try_into().ok());
    let nonce = nonce.ok_or_else(|| check_in_not_asked(found.state.status))?;
    apply(tx, found, &Request::Cancel(CancelReason::WrongOrganisation), false).await?;
    slip::remove(tx, found.id).await?;
    // The slip is somebody else's now, so this can't be taken back.
    undo::forget(tx, &[found.id]).await?;
    check_in::forget_of(tx, found.id).await?;
    check_directory(tx, &new).await.map_err(of_the_place)?;
    let id = ReferralId(Uuid::new_v4());
    let slip = slip::Slip { nonce, look_up_hash: keys.slip_look_up_hash(keys.slip_code(&nonce)) };
    referral::insert(tx, id, &new, &slip).await?;
    if referral::arrive_if_awaited(tx, id, tx.at()).await? { Ok(id) } else { Err(check_in_not_asked(found.state.status).into()) }
}

/// What is wrong with the place is said of the place: the input has no other field for it.
fn of_the_place(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusals) => {
            let named = |refusal: Refusal| Refusal { field: refusal.field.map(|_| vec!["checkedInById".to_owned()]), ..refusal };
            Failure::Refused(refusals.into_iter().map(named).collect())
        }
        failure => failure,
    }
}
